"""Requests and versions of a declaration, as its page shows them: what was asked and why, what differs, what counts."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from declarations import selectors
from declarations.filer.checking import place_words
from declarations.models import Declaration, DeclarationVersion, Request
from declarations.services.settling import changes_asked

SHOWN = 50  # differences of one amendment on the page; the trail has more


class Change(NamedTuple):
    """One difference: what people call the field, what it was, what it is to be."""

    place: str
    was: str
    now: str


class Asked(NamedTuple):
    """A request to customs; `left_out` is how many differences are not shown, `errors` are why it was refused."""

    state: str
    is_amendment: bool
    title: str
    reason: str
    created_at: datetime
    number: int | None
    changes: list[Change]
    left_out: int
    errors: list[tuple[str, str]]


class Shown(NamedTuple):
    """A version that was sent, and what became of it."""

    number: int
    kind: str
    state: str
    tone: str
    submitted_at: datetime | None
    total: Decimal | None


def asked_of(requests: Iterable[Request]) -> list[Asked]:
    """Requests as rows, the latest first; few statements, whatever their number."""
    rows = list(requests)
    changes = changes_asked(requests=rows)
    return [_asked(one, changes.get(one.pk, [])) for one in rows]


def _asked(one: Request, changes: list[dict[str, Any]]) -> Asked:
    titles = {"COR": _("Amend this declaration"), "INV": _("Cancel this declaration")}
    shown = changes_shown(changes)
    errors = [(str(error.get("code") or ""), str(error.get("description") or "")) for error in selectors.errors_of(one)]
    return Asked(
        one.state, one.kind == "COR", titles.get(one.kind, one.kind), one.reason or one.reason_code, one.created_at,
        one.proposal.number if one.proposal else None, shown, max(0, len(changes) - SHOWN), errors,
    )  # fmt: skip


def changes_shown(changes: list[dict[str, Any]]) -> list[Change]:
    """Differences in words, as many as a page shows."""
    return [Change(_place(change), _said(change["from"]), _said(change["to"])) for change in changes[:SHOWN]]


def _place(change: dict[str, Any]) -> str:
    """The words for a field, or for a line that came or went as a whole."""
    root, _sep, line = change["pointer"].rpartition("/")
    if root == "/items":
        return _("Line %(n)d") % {"n": int(line) + 1}
    return place_words(change["pointer"])


def _said(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, dict):
        return str(value.get("description") or _("with its details"))
    if isinstance(value, list):
        return ", ".join(_said(one) for one in value)
    return {True: _("Yes"), False: _("No")}[value] if isinstance(value, bool) else str(value)


def versions_shown(declaration: Declaration) -> list[Shown]:
    """Versions that were sent, the latest first, where there is more than one."""
    rows = [one for one in selectors.versions_of(declaration) if one.submitted_at is not None]
    return [_version(one, declaration) for one in rows] if len(rows) > 1 else []


def _version(one: DeclarationVersion, declaration: Declaration) -> Shown:
    kinds = {"amendment": _("Amendment"), "customs": _("By customs"), "original": _("As filed")}
    total = next((row.amount for row in one.totals.all() if row.kind == "total"), None)
    state, tone = _became(one, declaration)
    return Shown(one.number, kinds[selectors.kind_of(one)], state, tone, one.submitted_at, total)


def _became(one: DeclarationVersion, declaration: Declaration) -> tuple[str, str]:
    """What became of a version, in a word."""
    asked = selectors.asked_by(one)
    if one.state == DeclarationVersion.State.RETURNED:
        return _("Rejected"), "bad"
    if asked is not None and asked.state == "REFUSED":
        return _("Refused"), "bad"
    if asked is not None and asked.state == "OPEN":
        return _("Asked for"), "wait"
    if one.state == DeclarationVersion.State.WITHDRAWN:
        return _("Cancelled"), "idle"
    return (_("In force"), "good") if one.pk == declaration.live_version_id else (_("Replaced"), "idle")
