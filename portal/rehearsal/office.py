"""The office: what becomes of a message that arrives.

The body is stored first, before anything in it is believed. Then, in one transaction: is it the
same message again, does the script turn it away, what does it do, what will be answered. Only then
does the door speak.
"""

import hashlib
import uuid
from dataclasses import dataclass, replace

from portal.rehearsal.checks import Finding, check
from portal.rehearsal.clock import HOUR, VirtualClock
from portal.rehearsal.faults import Faults
from portal.rehearsal.outbox import Address, Outbox
from portal.rehearsal.reading import Message, UnreadableError, parse, read
from portal.rehearsal.scripts import (
    FINAL,
    GRANTED,
    INV,
    PROVISIONAL,
    REFUSED,
    REJ,
    REQ,
    REUSED,
    Note,
    Part,
    Step,
    Turn,
    at,
    script_for,
    tax,
)
from portal.rehearsal.store import Row, Store
from portal.rehearsal.structure import Structure

REUSE = 48 * HOUR
SOON, NEXT = 50, 100
PLAIN = Turn()
TOO_LATE = Note("", "The goods are released; the declaration can no longer be cancelled.", "AES")
UNKNOWN_ENTRY = Finding("US12015", "No live declaration with this entry number was filed by you.", "42A/D014")
NUMBER_TAKEN = Finding("US12015", "A declaration with this entry number is already filed.", "42A/D014")
STILL_OPEN = Finding("US12036", "A request for this declaration is still open.", "42A/D013")
NOT_NOW = Finding("US12015", "The declaration cannot be changed in its present state.", "42A/D013")


@dataclass(frozen=True)
class Arrival:
    """A body at the door."""

    client: str
    message_id: str
    correlation_id: str
    content_type: str
    body: bytes

    @property
    def sha256(self) -> str:
        """The digest of the bytes as they came."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class Receipt:
    """What the door says: its turn, the conversation, or why the structure was refused."""

    turn: Turn = PLAIN
    conversation_id: str = ""
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filed:
    """A message that was read, with the row its body was stored in."""

    arrival: Arrival
    row: int
    message: Message
    conversation_id: str = ""

    def address(self, declaration: int | None = None, request: int | None = None) -> Address:
        """Where answers to this message go."""
        sent = self.message
        return Address(self.arrival.client, sent.lrn, sent.number, self.conversation_id, declaration, request)


class Office:
    """Takes messages, decides, and answers questions about them."""

    def __init__(self, store: Store, clock: VirtualClock, outbox: Outbox, faults: Faults, structure: Structure) -> None:
        self._store, self._clock, self._outbox = store, clock, outbox
        self._faults, self._structure = faults, structure

    def take(self, arrival: Arrival) -> Receipt:
        """The body is stored and decided on; the receipt may be given because all of it is on the disk."""
        row = self._store.write(
            "INSERT INTO received (at, client, message_id, correlation_id, sha256, body, outcome)"
            " VALUES (?, ?, ?, ?, ?, ?, 'arrived')",
            *(self._clock.now(), arrival.client, arrival.message_id, arrival.correlation_id),
            *(arrival.sha256, arrival.body),
        )
        if self._faults.strikes("refuse"):
            self._outcome(row, "dropped")
            return Receipt(Turn(dropped=True, processed=False))
        try:
            root = parse(arrival.body, arrival.content_type)
            findings = self._structure.findings(root)
        except UnreadableError as error:
            findings = [str(error)]
        if findings:
            self._outcome(row, "structure refused")
            return Receipt(findings=tuple(findings))
        with self._store.transaction():
            self._outbox.give_due()
            return self._decide(Filed(arrival, row, read(root)))

    def ask(self, client: str, lrn: str) -> Row | None:
        """The message that this client filed under this local reference, if it was processed."""
        return self._store.row("SELECT * FROM messages WHERE client = ? AND lrn = ? ORDER BY id DESC", client, lrn)

    def _decide(self, filed: Filed) -> Receipt:
        lrn, client = filed.message.lrn, filed.arrival.client
        tries = self._store.rows("SELECT id FROM received WHERE client = ? AND lrn = ?", client, lrn)
        self._store.write("UPDATE received SET lrn = ? WHERE id = ?", lrn, filed.row)
        earlier = self.ask(client, lrn)
        script, turn = script_for(lrn), self._faults.turn()
        if earlier is None and len(tries) < len(script.turns):
            turn = script.turns[len(tries)]
        if not turn.processed:
            self._outcome(filed.row, "dropped" if turn.dropped else f"turned away with {turn.status}")
            return Receipt(turn)
        if earlier is not None and self._is_repeat(filed, earlier):
            return Receipt(turn, self._repeat(filed, earlier))
        filed = replace(filed, conversation_id=str(uuid.uuid4()))
        self._process(filed)
        self._outcome(filed.row, "accepted")
        return Receipt(turn, filed.conversation_id)

    def _is_repeat(self, filed: Filed, earlier: Row) -> bool:
        recent = self._clock.now() - int(earlier["received_at"]) < REUSE
        return recent or bool(earlier["sha256"] == filed.arrival.sha256)

    def _repeat(self, filed: Filed, earlier: Row) -> str:
        """A local reference that is held already has no second effect; the answer says so with its own code."""
        same = earlier["sha256"] == filed.arrival.sha256
        conversation = str(earlier["conversation_id"]) if same else str(uuid.uuid4())
        self._outcome(filed.row, "duplicate" if same else "reference reused")
        address = replace(filed, conversation_id=conversation).address()
        self._outbox.plan(address, (at(SOON, Part(REJ, errors=(REUSED,))),))
        return conversation

    def _process(self, filed: Filed) -> None:
        sent, arrival, now = filed.message, filed.arrival, self._clock.now()
        row = self._store.write(
            "INSERT INTO messages (client, lrn, number, function, type, sha256, message_id, conversation_id,"
            " received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(arrival.client, sent.lrn, sent.number, sent.function, sent.kind, arrival.sha256),
            *(arrival.message_id, filed.conversation_id, now),
        )
        self._store.write("INSERT INTO effects (message, at) VALUES (?, ?)", row, now)
        if sent.function == "13":
            declaration = self._request(filed, row)
        else:
            declaration = self._file(filed)
        self._store.write("UPDATE messages SET declaration = ? WHERE id = ?", declaration, row)

    def _file(self, filed: Filed) -> int:
        """The declaration is on file, live or rejected, and its answers are planned."""
        sent = filed.message
        script, errors = script_for(sent.lrn, sent.acts), list[Finding]()
        live = self._store.rows("SELECT acts FROM declarations WHERE number = ? AND state = 'live'", sent.number)
        if any(sent.acts & set(row["acts"].split(",")) for row in live):
            errors = [NUMBER_TAKEN]
        elif script.checks:
            errors = check(sent)
        declaration = self._store.write(
            "INSERT INTO declarations (client, number, lrn, conversation_id, acts, state, content)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(filed.arrival.client, sent.number, sent.lrn, filed.conversation_id, ",".join(sorted(sent.acts))),
            *("rejected" if errors or script.rejects else "live", filed.row),
        )
        steps = (at(SOON, Part(REJ, errors=tuple(errors))),) if errors else script.steps
        self._outbox.plan(filed.address(declaration), [_pointed(step, sent) for step in steps])
        return declaration

    def _request(self, filed: Filed, row: int) -> int | None:
        """The request is granted, refused, or has nothing to do with any live declaration of this client."""
        declaration = self._meant(filed)
        if declaration is None:
            self._outbox.plan(filed.address(request=row), (at(SOON, Part(REJ, errors=(UNKNOWN_ENTRY,))),))
            return None
        number = int(declaration["id"])
        answer = self._answer_to(filed, declaration)
        self._outbox.plan(filed.address(number, row), (at(SOON, answer),))
        return number

    def _meant(self, filed: Filed) -> Row | None:
        """The live filing a request is about; of two under one number the later one that shares an act with it."""
        rows = self._store.rows(
            "SELECT * FROM declarations WHERE number = ? AND client = ? AND state = 'live' ORDER BY id DESC",
            *(filed.message.number, filed.arrival.client),
        )
        return next((row for row in rows if filed.message.acts & set(row["acts"].split(","))), None)

    def _answer_to(self, filed: Filed, declaration: Row) -> Part:
        open_requests = self._store.row(
            "SELECT id FROM answers WHERE declaration = ? AND request IS NOT NULL AND state = 'planned'",
            declaration["id"],
        )
        if open_requests:
            return Part(REJ, errors=(STILL_OPEN,))
        refusal = script_for(filed.message.lrn).refuses_requests or script_for(declaration["lrn"]).refuses_requests
        if refusal == REJ:
            return Part(REJ, errors=(NOT_NOW,))
        if refusal:
            return Part(REQ, REFUSED)
        act = {"INV": self._cancel, "GPR": self._present}.get(filed.message.kind, self._amend)
        return act(filed, declaration)

    def _cancel(self, filed: Filed, declaration: Row) -> Part:
        if declaration["stage"] in ("released", "cleared"):
            return Part(REQ, REFUSED, notes=(TOO_LATE,))
        self._outbox.drop(declaration["id"])
        self._store.write("UPDATE declarations SET state = 'cancelled' WHERE id = ?", declaration["id"])
        self._outbox.plan(_address_of(declaration), (at(SOON, Part(INV)),))
        return Part(REQ, GRANTED)

    def _present(self, filed: Filed, declaration: Row) -> Part:
        script = script_for(declaration["lrn"])
        if script.on_arrival and declaration["stage"] == "filed":
            self._store.write("UPDATE declarations SET stage = 'presented' WHERE id = ?", declaration["id"])
            self._outbox.plan(_address_of(declaration), script.on_arrival)
        return Part(REQ, GRANTED)

    def _amend(self, filed: Filed, declaration: Row) -> Part:
        """With a whole new set of lines the amendment replaces the content, and the statement of duty is renewed."""
        sent = filed.message
        if not sent.items or sent.items_said != len(sent.items):
            return Part(REQ, GRANTED)
        errors = check(sent) if script_for(declaration["lrn"]).checks else []
        if errors:
            return Part(REJ, errors=tuple(errors))
        self._store.write(
            "UPDATE declarations SET content = ?, version = version + 1 WHERE id = ?", filed.row, declaration["id"]
        )
        if declaration["final"] or self._outbox.has_stated_duty(declaration["id"]):
            status = FINAL if declaration["final"] else PROVISIONAL
            self._outbox.plan(_address_of(declaration), (at(NEXT, tax(status)),))
        return Part(REQ, GRANTED)

    def _outcome(self, row: int, outcome: str) -> None:
        self._store.write("UPDATE received SET outcome = ? WHERE id = ?", outcome, row)


def _address_of(declaration: Row) -> Address:
    known = {name: declaration[name] for name in ("client", "lrn", "number", "conversation_id")}
    return Address(**known, declaration=declaration["id"])


def _pointed(step: Step, sent: Message) -> Step:
    """The step with the places of its errors filled in for this declaration."""
    item = min(2, len(sent.items))
    numbers = len(sent.items[item - 1].classifications or sent.items[item - 1].tariffs)
    places = {"item": item, "number": max(1, min(3, numbers))}
    parts = []
    for part in step.parts:
        errors = tuple(replace(error, pointer=error.pointer.format(**places)) for error in part.errors)
        parts.append(replace(part, errors=errors))
    return replace(step, parts=tuple(parts))
