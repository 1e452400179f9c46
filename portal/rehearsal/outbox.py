"""The answers: planned in the transaction that accepts a message, given out when they are due.

An answer is a row from the moment it is decided, so a kill loses none. Its body is written when it
becomes due, from the declaration as it stands then, and never changes afterwards.
"""

import json
import threading
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from portal.rehearsal.answers import Issued, build, respaced
from portal.rehearsal.checks import Finding
from portal.rehearsal.clock import DAY, VirtualClock, day_of, real_now
from portal.rehearsal.duty import Statement, assess
from portal.rehearsal.faults import Faults
from portal.rehearsal.reading import parse, read
from portal.rehearsal.scripts import ACC, CLE, CTL, FINAL, REVOKED, ROG, TAX, Note, Part, Step
from portal.rehearsal.store import Row, Store

KEPT = 14 * DAY
REPEATED = 300
LATE = 1000
UNLISTED = "77"


@dataclass(frozen=True)
class Address:
    """Whom an answer goes to and what it is about."""

    client: str
    lrn: str
    number: str
    conversation_id: str
    declaration: int | None = None
    request: int | None = None


@dataclass(frozen=True)
class Planned:
    """One row to be written."""

    id: str
    due_at: int
    parts: str
    layout: str
    repeat_of: str = ""


class Outbox:
    """Plans answers, gives them out in the order they fall due, and remembers which were fetched."""

    def __init__(self, store: Store, clock: VirtualClock, faults: Faults, unit: int) -> None:
        self._store, self._clock, self._faults = store, clock, faults
        self.unit = unit
        self.changed = threading.Event()

    def plan(self, to: Address, steps: Iterable[Step], response_id: str = "") -> str:
        """The answers of these steps will be given when they fall due; the id of the first one."""
        now = self._clock.now()
        rows: list[Planned] = []
        for step in steps:
            parts = json.dumps([self._part(part, step, now, to, response_id) for part in step.parts])
            row = Planned(uuid.uuid4().hex, self._due(now, step.after, step.days), parts, step.layout)
            rows.append(row)
            if step.repeat:
                rows.append(self._repeat(row, step.repeat, REPEATED))
        with self._store.transaction():
            for row in self._spoilt(rows, to, now):
                self._insert(row, to)
        self.changed.set()
        return rows[0].id

    def drop(self, declaration: int) -> None:
        """What was planned for the declaration will not be given any more."""
        self._store.write(
            "UPDATE answers SET state = 'dropped' WHERE declaration = ? AND state = 'planned'", declaration
        )

    def has_stated_duty(self, declaration: int) -> bool:
        """True once a statement of duty was given; one that is planned will say what stands by then."""
        given = self._store.rows("SELECT parts FROM answers WHERE declaration = ? AND state = 'given'", declaration)
        return any(one["part"]["function"] == TAX for row in given for one in json.loads(row["parts"]))

    def give_due(self) -> int:
        """Every answer that is due can be fetched; how many became so."""
        with self._store.transaction():
            now = self._clock.now()
            due = self._store.rows(
                "SELECT * FROM answers WHERE state = 'planned' AND due_at <= ? ORDER BY due_at, seq", now
            )
            for row in due:
                body = self._body(row)
                self._store.write(
                    "UPDATE answers SET state = 'given', body = ?, given_at = ?, push_at = ? WHERE seq = ?",
                    *(body, now, real_now(), row["seq"]),
                )
                self._note_progress(row)
        return len(due)

    def next_due(self) -> int | None:
        """Milliseconds until the next answer falls due; None where none is planned."""
        row = self._store.row("SELECT min(due_at) AS due_at FROM answers WHERE state = 'planned'")
        if row is None or row["due_at"] is None:
            return None
        return max(0, int(row["due_at"]) - self._clock.now())

    def unpulled(self, client: str, limit: int) -> list[Row]:
        """The answers that wait for this client, oldest first."""
        self.give_due()
        return self._store.rows(
            "SELECT id, conversation_id FROM answers WHERE client = ? AND state = 'given' AND pulled_at IS NULL"
            " AND given_at > ? ORDER BY due_at, seq LIMIT ?",
            *(client, self._clock.now() - KEPT, limit),
        )

    def given(self, client: str, notification: str) -> Row | None:
        """The answer with this id, for fourteen days after it was given."""
        return self._store.row(
            "SELECT * FROM answers WHERE id = ? AND client = ? AND state = 'given' AND given_at > ?",
            *(notification, client, self._clock.now() - KEPT),
        )

    def pulled(self, client: str, notification: str) -> bool:
        """The answer waits no longer; False where there is none with this id."""
        with self._store.transaction():
            row = self.given(client, notification)
            if row is not None and row["pulled_at"] is None:
                self._store.write("UPDATE answers SET pulled_at = ? WHERE seq = ?", self._clock.now(), row["seq"])
        return row is not None

    def _due(self, now: int, after: int, days: int = 0) -> int:
        return now + after * self.unit // 100 + days * DAY

    def _part(self, part: Part, step: Step, now: int, to: Address, response_id: str) -> dict[str, object]:
        issued = self._due(now, step.after if part.issued is None else part.issued, step.days)
        extra = {"response_id": response_id or uuid.uuid4().hex, "at": issued, "lrn": to.lrn, "number": to.number}
        return {"part": asdict(part), **extra}

    def _repeat(self, row: Planned, layout: str, after: int) -> Planned:
        return replace(row, id=uuid.uuid4().hex, due_at=self._due(row.due_at, after), layout=layout, repeat_of=row.id)

    def _spoilt(self, rows: list[Planned], to: Address, now: int) -> list[Planned]:
        """The rows after chance had its way: later, in another order, twice, or with rubbish beside them."""
        more: list[Planned] = []
        for index, row in enumerate(rows):
            if self._faults.strikes("late"):
                rows[index] = row = replace(row, due_at=self._due(row.due_at, LATE))
            if self._faults.strikes("duplicate"):
                more.append(self._repeat(row, "spaced", REPEATED))
            if self._faults.strikes("unknown"):
                odd = self._part(Part(UNLISTED), Step(0, ()), now, to, "")
                more.append(Planned(uuid.uuid4().hex, row.due_at, json.dumps([odd]), "plain"))
            if self._faults.strikes("garbage"):
                more.append(Planned(uuid.uuid4().hex, row.due_at, "[]", "garbage"))
            if len(rows) > 1 and self._faults.strikes("reorder"):
                other = self._faults.place(len(rows))
                mine, theirs = rows[index].due_at, rows[other].due_at
                rows[index] = replace(rows[index], due_at=theirs)
                rows[other] = replace(rows[other], due_at=mine)
        return rows + more

    def _insert(self, row: Planned, to: Address) -> None:
        self._store.write(
            "INSERT INTO answers (id, client, lrn, declaration, request, conversation_id, due_at, parts, layout,"
            " repeat_of) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(row.id, to.client, to.lrn, to.declaration, to.request, to.conversation_id),
            *(row.due_at, row.parts, row.layout, row.repeat_of),
        )

    def _body(self, row: Row) -> bytes:
        first = self._store.row("SELECT body FROM answers WHERE id = ? AND body IS NOT NULL", row["repeat_of"])
        if first is not None:
            body: bytes = first["body"]
            return respaced(body) if row["layout"] == "spaced" else body
        declaration = self._store.row("SELECT * FROM declarations WHERE id = ?", row["declaration"])
        version = int(declaration["version"]) if declaration else 1
        responses = []
        for saved in json.loads(row["parts"]):
            part = _restored(saved["part"])
            statement = self._statement(declaration, saved["at"]) if part.function == TAX else None
            responses.append(
                Issued(part, saved["response_id"], saved["at"], saved["lrn"], saved["number"], version, statement)
            )
        return build(responses, row["layout"])

    def _statement(self, declaration: Row | None, at: int) -> Statement | None:
        if declaration is None:
            return None
        content = self._store.row("SELECT body FROM received WHERE id = ?", declaration["content"])
        return assess(read(parse(content["body"])), day_of(at)) if content else None

    def _note_progress(self, row: Row) -> None:
        """How far the declaration is follows from the answers that were given."""
        if row["declaration"] is None or row["request"] is not None:
            return
        for saved in json.loads(row["parts"]):
            function, status = saved["part"]["function"], saved["part"]["status"]
            stage = {ROG: "released", CLE: "cleared"}.get(function, "")
            if function == CTL and status == REVOKED:
                stage = "accepted"
            if stage:
                self._store.write("UPDATE declarations SET stage = ? WHERE id = ?", stage, row["declaration"])
            elif function == ACC:
                self._store.write(
                    "UPDATE declarations SET stage = 'accepted' WHERE id = ? AND stage IN ('filed', 'presented')",
                    row["declaration"],
                )
            elif (function, status) == (TAX, FINAL):
                self._store.write("UPDATE declarations SET final = 1 WHERE id = ?", row["declaration"])


def _restored(saved: dict[str, Any]) -> Part:
    notes, errors = saved.pop("notes"), saved.pop("errors")
    return Part(**saved, notes=tuple(Note(**one) for one in notes), errors=tuple(Finding(**one) for one in errors))
