"""Changes of a declaration with their differences, in words, from its trail."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from declarations.filer.checking import place_words
from declarations.models import Declaration
from declarations.services.rewriting import differences
from declarations.words import ACT_WORDS
from portal.accounts.models import Organization
from portal.trail.models import TrailEntry

PAGE = 25
MOST = 40  # differences of one change; a line that was replaced can have many
LONGEST = 200


class Difference(NamedTuple):
    """One answer that changed."""

    label: str
    was: str
    now: str


class Change(NamedTuple):
    """One step of the history: who did what, and what it changed."""

    at: datetime
    what: str
    who: str
    differences: list[Difference]
    more: int


def changes_of(declaration: Declaration, *, before: str = "") -> tuple[list[Change], str]:
    """A page of changes, newest first, and the cursor of the next one ("" at the end)."""
    rows = TrailEntry.objects.filter(subject=declaration.reference, kind__in=list(ACT_WORDS))
    if before.isascii() and before.isdigit() and len(before) <= 18:
        rows = rows.filter(seq__lt=int(before))
    found = list(rows.order_by("-seq")[: PAGE + 1])
    bodies = [json.loads(one.body) for one in found[:PAGE]]
    references = {body.get("organization") for body in bodies} - {None, ""}
    names = dict(Organization.objects.filter(reference__in=references).values_list("reference", "name"))
    shown = [_change(one, body, names) for one, body in zip(found, bodies, strict=False)]
    return shown, str(found[PAGE - 1].seq) if len(found) > PAGE else ""


def _change(entry: TrailEntry, body: dict[str, Any], names: dict[str, str]) -> Change:
    data = body.get("data", {})
    told = [one for change in data.get("changes") or () for one in _told(change)]
    who = [str(body.get("actor_label", "")), names.get(str(body.get("organization", "")), "")]
    what = str(ACT_WORDS[entry.kind])
    if "removed_line" in data:
        what = _("Line %(n)d taken out") % {"n": data["removed_line"]}
    elif "moved_line" in data:
        what = _("Line %(n)d moved to %(to)d") % {"n": data["moved_line"], "to": data["to"]}
    elif "lines" in data or "added_lines" in data:
        what = _("%(n)d lines put in") % {"n": data.get("lines") or data.get("added_lines") or 0}
    more = max(0, len(told) - MOST) + int(data.get("left_out") or 0)
    return Change(entry.at, what, ", ".join(one for one in who if one), told[:MOST], more)


def _told(change: dict[str, Any]) -> Iterator[Difference]:
    """The leaves that differ; what is said of a whole line is said answer by answer."""
    was, now = (
        value if value is not None else {} if isinstance(other, dict) else value
        for value, other in ((change.get("from"), change.get("to")), (change.get("to"), change.get("from")))
    )
    for one in differences(was, now, str(change.get("pointer", ""))):
        yield from _leaves(one["pointer"], one["from"], one["to"])


def _leaves(pointer: str, was: Any, now: Any) -> Iterator[Difference]:
    """What came or went as a whole, leaf by leaf."""
    held = was if isinstance(was, dict | list) else now
    if not isinstance(held, dict | list):
        yield Difference(place_words(pointer), _said(was), _said(now))
        return
    names = held.keys() if isinstance(held, dict) else range(len(held))
    for name in names:
        parts = (one[name] if one is held else None for one in (was, now))
        yield from _leaves(f"{pointer}/{name}", *parts)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return "" if value is None else str(value)[:LONGEST]
