"""Chapter 99 rows by country, as read off a later revision: heading, countries, rate, effect, measure, note."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from declarations.tariff.load.files import FileNotUnderstood, Source, csv_rows
from declarations.tariff.load.measure_rows import origins_of
from declarations.tariff.view import UNLISTED, Measure

COLUMNS = ("heading", "countries_iso2", "pct", "effect", "measure")


class Action(NamedTuple):
    """What a measure's words stand for: the authority, its first day, its place, and whether we hold its goods."""

    words: str
    authority: str
    first: date
    order: int
    all_goods: bool


ACTIONS: tuple[Action, ...] = (
    Action("Section 301 forced labor", "s301_forced_labor", date(2026, 7, 24), 30, True),
    Action("Section 301 Brazil", "s301_brazil", date(2026, 7, 22), 20, True),
    Action("Section 338 Canada", "s338_canada", date(2026, 8, 22), 40, False),
    Action("Section 232 patented pharmaceuticals", "s232_pharmaceuticals", date(2026, 7, 31), 58, False),
    Action("Section 232 unmanned aircraft", "s232_drones", date(2026, 9, 3), 58, False),
    Action("Section 301 ship-to-shore cranes", "s301_china", date(2026, 11, 10), 10, False),
    Action("Section 232 metals", "s232_metals", date(2026, 6, 8), 55, False),
)
EFFECTS = {
    "add_pct": "add",
    "floor_met": "floor_met",
    "floor_total": "floor",
    "replace_pct": "floor",
    "no_additional_duty": "exempt",
    "no_change": "exempt",
}
UNKNOWN = {"99030579": ("TR", "12.5", "add_pct")}  # the print was missing; it is Türkiye at 12.5 %
SECTION_232 = frozenset(
    {
        "s232_metals",
        "s232_autos",
        "s232_wood",
        "s232_semiconductors",
        "s232_trucks",
        "s232_pharmaceuticals",
        "s232_drones",
    }
)
# Exemptions that apply by themselves: by the claim on the line, or by another duty on it.
BY_CLAIM = {"99030593": ("S", "S+"), "99030594": ("S", "S+"), "99030595": ("P", "P+")}
BY_DUTY = {"99030590": SECTION_232}
# Exemptions whose condition is on any goods: goods in transit, donations, informational materials.
ANY_GOODS = frozenset({"99030502", "99030508", "99030509", "99030591", "99030592"})
TEXTILES = tuple(str(chapter) for chapter in range(50, 64))
FLOOR_MARK = re.compile(r"[<>]=? ?([0-9.]+)%")
RANGE = re.compile(r"(99[0-9]{2}\.[0-9]{2}\.)([0-9]{2})-(?:\.)?([0-9]{2})\Z")


def supplement_measures(source: Source) -> Iterator[tuple[Measure, str]]:
    """Measures of the file; what needs goods or conditions that it does not hold counts only where it is claimed."""
    for place, row in enumerate(csv_rows(source), start=2):
        action = next((one for one in ACTIONS if row["measure"].startswith(one.words)), None)
        if action is None:
            raise FileNotUnderstood(
                f"{source.name}, row {place}: the measure {row['measure']!r} is not known here.", file=source.name
            )
        for heading in headings_of(row["heading"]):
            countries, percent, effect = row["countries_iso2"], row["pct"], row["effect"]
            if effect == "unknown":
                countries, percent, effect = UNKNOWN.get(heading, ("", "", ""))
            if effect not in EFFECTS:
                raise FileNotUnderstood(
                    f"{source.name}, row {place}: {row['effect']!r} is no effect.", file=source.name
                )
            yield from _rows(heading, countries, percent, EFFECTS[effect], row, action)


def headings_of(text: str) -> list[str]:
    """Headings of a cell: one, several with commas, or a range of the last two digits."""
    found: list[str] = []
    for part in (one.strip() for one in text.split(",")):
        if ranged := RANGE.match(part):
            stem = ranged[1].replace(".", "")
            found += [f"{stem}{last:02}" for last in range(int(ranged[2]), int(ranged[3]) + 1)]
        else:
            found.append(part.replace(".", ""))
    return found


def _rows(
    heading: str, countries: str, percent: str, effect: str, row: dict[str, str], action: Action
) -> Iterator[tuple[Measure, str]]:
    by_claim = BY_CLAIM.get(heading, ())
    requires = BY_DUTY.get(heading, frozenset())
    by_itself = bool(by_claim or requires) if effect == "exempt" else action.all_goods
    mark = FLOOR_MARK.search(row.get("note", "")) if effect == "floor_met" else None
    rate = Decimal(mark[1] if mark else percent or "0") / 100 if effect != "exempt" else None
    for program in by_claim or (None,):
        yield (
            Measure(
                heading=heading,
                authority=action.authority,
                effect=effect,
                rate=rate,
                origins=frozenset() if countries == "*" else origins_of(countries),
                scope=_scope(heading, unlisted=effect == "exempt" and not by_itself),
                program=program,
                requires=requires,
                exempts=frozenset({action.authority}) if effect == "exempt" else frozenset(),
                claimed_only=not by_itself,
                effective_from=action.first,
                order=action.order + (1 if effect == "exempt" else 0),
                legal_basis=row["measure"],
                note=f"{action.words}, {'any country' if countries == '*' else countries}",
            ),
            "transcribed",
        )


def _scope(heading: str, *, unlisted: bool) -> tuple[str, ...]:
    if heading == "99030595":
        return TEXTILES
    return (UNLISTED,) if unlisted and heading not in ANY_GOODS else ()
