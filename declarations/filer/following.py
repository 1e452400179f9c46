"""Where a filed declaration stands, as its page shows it: time line, money, holds, errors of customs, requests."""

import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from declarations import selectors
from declarations.document import Document
from declarations.filer.amendments import asked_of, versions_shown
from declarations.filer.checking import place_words
from declarations.filer.route import link_for
from declarations.flow import Filing
from declarations.models import Declaration, DeclarationVersion, Request
from declarations.pointers import from_wco
from declarations.printing.words import CHARGES
from declarations.services import filing, requests
from declarations.words import CUSTOMS, FACT_WORDS, STATUS_WORDS, State
from portal.clocks.models import Deadline
from portal.gateway.models import OutboundMessage
from portal.money import decimal, is_decimal
from portal.shown import money

TONES = {"neutral": "idle", "info": "wait", "success": "good", "warning": "warn", "error": "bad"}
SOON, LATER = 3, 15  # seconds between two looks
CLOCK_WORDS = {
    "entry": gettext_lazy("Make entry"),
    "summary": gettext_lazy("File the summary and pay the deposit"),
}
SENT_WORDS = {
    "entry": gettext_lazy("Entry has to be made. You have sent it: it counts once customs accepts it."),
}
DUTY_WORDS = {
    "DTY": gettext_lazy("Duty"), "AD": gettext_lazy("Antidumping duty"), "CVD": gettext_lazy("Countervailing duty"),
    "TOT": gettext_lazy("Total"),
}  # fmt: skip
SENT = ("NONE", "RECEIVED")
QUICK = (*SENT, "ACCEPTED")


class CustomsError(NamedTuple):
    """One error of customs: its code, words, and the field it means, where it can be told."""

    code: str
    words: str
    places: list[tuple[str, str]]
    raw: str


class StatementRow(NamedTuple):
    """One row of the statement of customs, in words."""

    line: str
    kind: str
    basis: str
    rate: str
    owed: str


class Money(NamedTuple):
    """The duty statement of customs beside our own computation; `difference` is None where one of them is missing."""

    status: str
    amount: str
    currency: str
    issued_at: str
    own: Decimal | None
    difference: Decimal | None
    rows: list[StatementRow]


def tone_of(state: State) -> str:
    """The tone of a state as tags show it; what waits for the filer is not shown as waiting for customs."""
    if state.tone == "info" and state.turn != CUSTOMS:
        return "doing"
    return TONES.get(state.tone, "idle")


def now_of(declaration: Declaration, messages: list[OutboundMessage]) -> dict[str, Any]:
    """What the changing part of the status page shows."""
    state = selectors.state_of(declaration, messages)
    standing: Mapping[str, Any] = declaration.standing or {}
    version = selectors.latest_version(declaration)
    asked = selectors.requests_of(declaration)
    return {
        "declaration": declaration, "state": state, "tone": tone_of(state), "version": version,
        "mark": mark_of(declaration, messages, asked), "again_in": again_in(declaration, state),
        "deadlines": deadlines_of(declaration),
        "holds": [{**one, "words": FACT_WORDS.get(one["kind"], one["kind"])} for one in standing.get("holds", [])],
        "errors": customs_errors(declaration) if declaration.legal == "REJECTED" else [],
        "money": money_of(declaration, standing, version), "time_line": time_line(declaration),
        "requests": asked_of(asked), "versions": versions_shown(declaration),
        "may_cancel": requests.may_cancel(declaration) and not any(one.state == "OPEN" for one in asked),
        "is_rejected": declaration.filing == Filing.SUBMITTED and declaration.legal == "REJECTED",
        "stuck": [one for one in messages if one.state in ("REFUSED", "DEAD") and one.outcome_text],
    }  # fmt: skip


def deadlines_of(declaration: Declaration) -> list[dict[str, Any]]:
    """Its days, in words that fit a page about this declaration alone."""
    rows = Deadline.objects.filter(subject=declaration.reference).order_by("due_on")
    words = CLOCK_WORDS | (SENT_WORDS if declaration.filing == Filing.SUBMITTED and declaration.legal in SENT else {})
    return [
        {"state": one.state, "due_on": one.due_on, "law": one.law, "words": words.get(one.kind, one.words)}
        for one in rows
    ]


def mark_of(declaration: Declaration, messages: Iterable[OutboundMessage], asked: Iterable[Request]) -> str:
    """Changes whenever there is something new to see."""
    parts = [declaration.filing, declaration.legal, declaration.updated_at.isoformat()]
    parts += [f"{one.reference}:{one.state}" for one in messages] + [f"{one.reference}:{one.state}" for one in asked]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:12]


def again_in(declaration: Declaration, state: State) -> int:
    """Seconds until the page looks again by itself; 0 where nothing more comes from customs."""
    if declaration.filing != Filing.SUBMITTED or declaration.legal in ("CLEARED", "CANCELLED"):
        return 0
    return SOON if state.turn == CUSTOMS and declaration.legal in QUICK else LATER


def time_line(declaration: Declaration) -> list[dict[str, Any]]:
    """What happened, newest first; facts of customs lead to their message."""
    return [
        {
            "at": one.at, "what": one.what, "who": one.who, "source": one.source, "detail": one.detail,
            "href": reverse("declaration_message", args=[declaration.reference, one.message]) if one.message else "",
        }
        for one in selectors.timeline(declaration)
    ]  # fmt: skip


def customs_errors(declaration: Declaration) -> list[CustomsError]:
    """The errors of the last rejection, each with links to the fields it means."""
    found = []
    documents: dict[int, Document] = {}
    for one in selectors.customs_errors(declaration):
        version: DeclarationVersion | None = one.get("version")
        if version is not None and version.pk not in documents:
            documents[version.pk] = filing.contents_of(version)[0]
        document = documents.get(version.pk) if version is not None else None
        pointers = [text for text in (*one.get("pointers", ()), one.get("pointer")) if text]
        places = [] if document is None else list(_places(declaration.reference, pointers, document))
        words = str(one.get("description") or "") or _("Customs gave no words with this code.")
        found.append(CustomsError(str(one.get("code") or ""), words, places, ", ".join(pointers)))
    return found


def _places(reference: str, pointers: Iterable[str], document: Document) -> Iterable[tuple[str, str]]:
    for text in dict.fromkeys(pointers):
        pointer = from_wco(text, document)
        if pointer is not None:
            yield place_words(pointer), link_for(reference, pointer, document)


def returned_errors(declaration: Declaration) -> list[CustomsError]:
    """For a draft that was taken back: what customs found in the version before."""
    if declaration.since_version <= 1:
        return []
    last = declaration.versions.filter(number=declaration.since_version - 1, state="RETURNED").first()
    rejected = selectors.customs_errors(declaration) if last else []
    is_last = any(one.get("version") == last for one in rejected)
    return customs_errors(declaration) if is_last else []


def money_of(declaration: Declaration, standing: Mapping[str, Any], version: DeclarationVersion | None) -> Money | None:
    """The duty statement that counts, beside what was computed and signed."""
    said = standing.get("money")
    if not said:
        return None
    fact = declaration.facts.filter(kind="DUTY", code=said.get("status", "")).order_by("-issued_at", "-pk").first()
    totals = version.totals.filter(kind="total").first() if version else None
    theirs, own = decimal_of(said.get("amount")), totals.amount if totals else None
    difference = theirs - own if theirs is not None and own is not None else None
    rows = [_row(row) for row in (fact.body.get("duties", []) if fact else [])]
    return Money(
        STATUS_WORDS.get(said.get("status", ""), said.get("status", "")), str(said.get("amount", "")),
        str(said.get("currency", "")), str(said.get("issued_at", "")), own, difference, rows,
    )  # fmt: skip


def _row(row: Mapping[str, Any]) -> StatementRow:
    """A row for one line, or for all of them where it names none."""
    line, kind, rate = str(row.get("sequence") or "0"), str(row.get("type") or ""), row.get("rate")
    currency = str(row.get("currency") or "USD")
    return StatementRow(
        line=_("All lines") if line == "0" else line, kind=str(DUTY_WORDS.get(kind) or CHARGES.get(kind, kind)),
        basis=money(row.get("base"), currency), rate="" if rate is None else f"{rate}%",
        owed=money(row.get("payable"), currency),
    )  # fmt: skip


def decimal_of(text: Any) -> Decimal | None:
    """An amount of customs, where it is one."""
    return decimal(str(text)) if text is not None and is_decimal(str(text)) else None
