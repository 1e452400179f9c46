"""Why a measure in force is not counted on a line, and what would lift one that is."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from declarations.tariff.view import Measure
from portal.money import plain
from portal.shown import day, hts

DUTIES = ("add", "floor", "floor_met", "replace")
INSTEAD = ("floor", "replace")
FEW = 8  # origins that are named one by one


def why_not(one: Measure, counted: Collection[Measure], program: str) -> str:
    """Why a measure that names the number, the origin and the day is not on the line."""
    if one.program and one.program != program:
        return _("It needs a claim under %(program)s.") % {"program": one.program}
    if one.claimed_only:
        return _("Its condition is yours to state: it counts only where you declare it.")
    if one.effect in ("floor", "floor_met") and one.rate is not None:
        rate = {"rate": plain(one.rate * 100)}
        if one.effect == "floor":
            return _("The ordinary rate is not below its mark of %(rate)s %%, or cannot be told.") % rate
        return _("The ordinary rate is below its mark of %(rate)s %%.") % rate
    if one.effect == "exempt":
        return _nothing_to_lift(one, counted)
    return _lifted(one, counted)


def _nothing_to_lift(one: Measure, counted: Collection[Measure]) -> str:
    if one.requires and not any(duty.authority in one.requires for duty in counted):
        return _("It frees only goods that owe a duty which is not on this line.")
    return _("There is no duty on the line that it would lift.")


def _lifted(one: Measure, counted: Iterable[Measure]) -> str:
    lifting = next((free for free in counted if free.effect == "exempt" and one.authority in free.exempts), None)
    if lifting is not None:
        return _("%(number)s lifts it.") % {"number": hts(lifting.heading)}
    instead = next((duty for duty in counted if duty.effect in INSTEAD), None)
    chosen = next((duty for duty in counted if duty.claimed_only and duty.authority == one.authority), None)
    standing = chosen or instead
    if standing is not None:
        return _("%(number)s stands in its place.") % {"number": hts(standing.heading)}
    return _("It does not fall on this line.")


def what_changes(one: Measure, in_force: Iterable[Measure], claimable: Collection[str]) -> list[str]:
    """What would take a counted duty off the line: its end, its origins, a claim, a condition of the filer."""
    found = []
    if one.effective_to:
        found.append(_("It ends on %(day)s.") % {"day": day(one.effective_to)})
    if one.origins and len(one.origins) == 1:
        found.append(_("It falls on goods of this origin only."))
    elif one.origins:
        found.append(_("It falls on goods of %(n)d origins.") % {"n": len(one.origins)})
    if 0 < len(one.excluded_origins) <= FEW:
        found.append(_("Goods of %(origins)s are left out.") % {"origins": ", ".join(sorted(one.excluded_origins))})
    elif one.excluded_origins:
        found.append(_("Goods of %(n)d origins are left out.") % {"n": len(one.excluded_origins)})
    if one.effect not in DUTIES:
        return found
    lifting = [free for free in in_force if free.effect == "exempt" and one.authority in free.exempts]
    claims = sorted({one.program or "" for one in lifting if one.program in claimable and not one.claimed_only})
    if claims:
        found.append(_("A claim under %(programs)s lifts it.") % {"programs": _either(claims)})
    stated = sorted({hts(free.heading) for free in lifting if free.claimed_only})
    if stated:
        found.append(_("You may state %(numbers)s where its condition is true of your goods.") % {
            "numbers": _either(stated)
        })  # fmt: skip
    return [*found, *_in_its_place(one, in_force, claimable)]


def _in_its_place(one: Measure, in_force: Iterable[Measure], claimable: Collection[str]) -> Iterator[str]:
    """Other duties of the same authority that the filer may state instead, each with its condition."""
    others = {
        other.heading: other
        for other in in_force
        if other.claimed_only
        and other.effect in DUTIES
        and other.scope
        and other.authority == one.authority
        and other.heading != one.heading
        and (not other.program or other.program in claimable)
    }
    for other in others.values():
        yield _("You may state %(number)s in its place, %(rate)s %%, where this is true of your goods: %(note)s.") % {
            "number": hts(other.heading),
            "rate": plain((other.rate or Decimal(0)) * 100),
            "note": other.note.rstrip("."),
        }


def _either(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(several)s or %(last)s") % {"several": ", ".join(words[:-1]), "last": words[-1]}


def known_end(one: Measure, on: date) -> str:
    """For a measure that is not in force on a day: that it ended, or when it begins."""
    if one.effective_from > on:
        return _("It begins on %(day)s.") % {"day": day(one.effective_from)}
    return _("It ended on %(day)s.") % {"day": day(one.effective_to)}
