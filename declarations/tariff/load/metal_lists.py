"""Lists of goods of aluminum, steel and copper under section 232, before and since 2026-04-06.

Since then the duty is on the full value of goods on the lists of US note 16(c): annex 1a is (i) to (v), 1b is (vi) to
(viii), 3 is (ix) and (x), 1c is (xi), 2 is not covered. Goods that Proclamation 11032 put on annex 3 owe under
9903.82.25: the headings 9903.82.20 to .26 stand instead of 9903.82.09. Before, the goods of chapters 73 and 76
owed on their full value and other derivative goods on the value of the metal in them.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from declarations.tariff.load.files import Source, csv_rows
from declarations.tariff.load.judged import Listed, beyond, digits, rows_of, widened
from declarations.tariff.load.measure_rows import origins_of
from declarations.tariff.view import Measure

Rows = Iterator[tuple[Measure, str]]

AUTHORITY = "s232_metals"
LAW = "19 USC 1862; HTS ch. 99 US note 16"
ORDER = 55
ANNEXES_FROM = date(2026, 4, 6)
EXTENDED = date(2026, 6, 8)  # Proclamation 11032
CONTENT_TO = date(2026, 4, 5)
METAL_CHAPTERS = ("72", "73", "74", "76")
STEEL_MILL = (
    *(str(one) for one in range(7206, 7230)),
    "7301100000",
    "730110",
    "730210",
    "730240",
    "730290",
    "7304",
    "7305",
    "7306",
)
ALUMINUM_MILL = ("7601", "7604", "7605", "7606", "7607", "7608", "7609", "7616995160", "7616995170")
NO_STEEL_MILL = ("7216910010",)
VEHICLES_FIRST = frozenset({"s232_autos"})  # goods under the duties on vehicle parts owe none on their metal
AGREED = "AR EC SV GT JP KR LI CH TW GB EU"  # heading 9903.82.22
COLUMN_2 = frozenset({"CU", "KP", "RU", "BY"})


class Entry(NamedTuple):
    """Goods of an annex with their metal, and the days they are on it."""

    goods: Listed
    annex: str
    metal: str

    @property
    def mill(self) -> bool:
        """Goods of the lists (i) and (iii), as against derivative ones."""
        number = self.goods.number
        if self.metal == "aluminum":
            return number.startswith(ALUMINUM_MILL)
        return number.startswith(STEEL_MILL) and number not in NO_STEEL_MILL


def annex_measures(source: Source) -> Rows:
    """The duties on metal goods since 2026-04-06."""
    entries = _entries(source)

    def goods(*annexes: str, metals: str = "aluminum steel copper", mill: bool | None = None) -> list[Listed]:
        return [
            one.goods for one in entries if one.annex in annexes and one.metal in metals and mill in (None, one.mill)
        ]

    first, second, third, extended = ("1a",), ("1b",), ("3",), ("1c",)
    for heading, listed in (
        ("99038202", goods(*first)),
        ("99038214", goods(*first, metals="steel copper")),
        ("99038567", goods(*first, metals="aluminum", mill=True)),
        ("99038568", goods(*first, metals="aluminum", mill=False)),
        ("99038210", goods(*third)),
        ("99038211", goods(*third)),
        ("99038212", goods(*third)),
    ):
        yield from _named(_giving_way(widened(heading, listed)), "list of the annexes")
    for heading, listed in (
        ("99038204", goods(*first, metals="aluminum steel")),
        ("99038205", goods(*second, metals="aluminum steel")),
        ("99038206", [*goods(*first, mill=False), *goods(*second, *extended)]),
        ("99038207", goods(*third)),
        ("99038208", goods(*third)),
        ("99038218", goods(*first, metals="steel", mill=True)),
        ("99038219", goods(*first, metals="aluminum", mill=True)),
    ):
        yield from _named(widened(heading, listed, claimed=True), "list of the annexes")
    yield from _named(_giving_way(widened("99038209", goods(*second))), "list of the annexes")
    yield from _named(
        _giving_way(widened("99038216", goods(*second, *extended, metals="steel copper"))), "list of the annexes"
    )
    yield from _named(_giving_way(_extended(goods(*extended), goods("3-2026"))), "lists of Proclamation 11032")


def _entries(source: Source) -> list[Entry]:
    """Rows of the file. A later row of the same number ends the earlier one; a heading of a group is no listing."""
    rows = [(digits(one["hts_prefix"]), one) for one in csv_rows(source)]
    numbers = sorted({number for number, _ in rows})
    starts: dict[str, list[date]] = {}
    for number, row in rows:
        starts.setdefault(number, []).append(date.fromisoformat(row["effective_date"]))
    found: list[Entry] = []
    for number, row in rows:
        if len(number) < 8 and (number[:2] not in METAL_CHAPTERS or _divided(number, numbers)):
            continue
        first = date.fromisoformat(row["effective_date"])
        later = [one for key, days in starts.items() if number.startswith(key) for one in days if one > first]
        last = min(later) - timedelta(days=1) if later else date.max
        annex = "3-2026" if row["annex"] == "3" and first >= EXTENDED else row["annex"]
        found.append(Entry(Listed(number, first, last), annex, row["metal_type"]))
    return found


def _divided(number: str, numbers: Iterable[str]) -> bool:
    return any(one != number and one.startswith(number) for one in numbers)


def _extended(mobile: list[Listed], further: list[Listed]) -> Iterator[Measure]:
    """Annex 1c at 25 %, at a total of 15 % where it was agreed; further goods at a total of 15 %."""
    plain = next(one for one in rows_of("99038209") if not one.claimed_only)
    agreed = origins_of(AGREED)
    note = "Machinery and equipment of the list of 2026-06-08"
    yield from beyond(replace(plain, excluded_origins=plain.excluded_origins | agreed, note=note), mobile)
    floor = next(iter(rows_of("99038210")))
    law = {"legal_basis": f"{LAW}(c)(xi)", "note": f"{note}: total of 15 % in lieu of column 1"}
    yield from beyond(replace(floor, heading="99038222", origins=agreed, excluded_origins=frozenset(), **law), mobile)
    law = {"legal_basis": f"{LAW}(f), (k)", "note": "Derivative goods of the list of 2026-06-08"}
    yield from beyond(replace(floor, heading="99038225", **law), further)
    met = next(iter(rows_of("99038211")))
    yield from beyond(replace(met, heading="99038226", **law), further)


def chapter_measures(source: Source) -> Rows:
    """The duties on goods of chapters 72, 73 and 76 on their full value, from 2025-03-12 to 2026-04-05."""
    goods: dict[tuple[str, str], list[Listed]] = {}
    for row in csv_rows(source):
        first = date.fromisoformat(row["effective_date"]) if row["effective_date"] else date.min
        goods.setdefault((row["metal_type"], row["kind"]), []).append(Listed(digits(row["hts_prefix"]), first))
    for metal, kind, headings in (
        ("steel", "mill", ("99038187", "99038194")),
        ("steel", "derivative", ("99038190", "99038197")),
        ("aluminum", "mill", ("99038502", "99038512")),
        ("aluminum", "derivative", ("99038507", "99038514")),
    ):
        for heading in headings:
            yield from _named(widened(heading, goods.get((metal, kind), ())), "list of notes 16 and 19")


class Content(NamedTuple):
    """A duty on the value of a metal in the goods: its headings, the metal, and its rates by day."""

    heading: str
    british: str
    metal: str
    excluded: str
    rates: tuple[tuple[str, date, date], ...]


RAISED = date(2025, 6, 4)
OF_STEEL = Content(
    "99038191", "99038198", "steel", "GB",
    (("25", date(2025, 3, 12), RAISED - timedelta(days=1)), ("50", RAISED, CONTENT_TO)),
)  # fmt: skip
OF_ALUMINUM = OF_STEEL._replace(heading="99038508", british="99038515", metal="aluminum", excluded="GB RU")
OF_COPPER = Content("99037801", "", "copper", "", (("50", date(2025, 8, 1), CONTENT_TO),))
BY_CONTENT = {"99038191": OF_STEEL, "99038508": OF_ALUMINUM, "99037801": OF_COPPER}


def content_measures(source: Source) -> Rows:
    """The duties on the metal in derivative goods, until 2026-04-05; goods that owe on their full value are left."""
    goods: dict[str, list[Listed]] = {}
    for row in csv_rows(source):
        day = row.get("effective_date", "")
        listed = Listed(digits(row.get("hts_prefix") or row["hts10"]), date.fromisoformat(day) if day else date.min)
        goods.setdefault(digits(row["ch99_code"]), []).append(listed)
    for heading, one in BY_CONTENT.items():
        for percent, first, last in one.rates:
            yield from _named(
                _on_content(one, goods.get(heading, []), percent, first, last), "list of derivative goods"
            )


def _on_content(one: Content, goods: list[Listed], percent: str, first: date, last: date) -> Iterator[Measure]:
    starts = sorted({max(first, listed.first) for listed in goods if listed.first <= last})
    for day in starts:
        scope = tuple(sorted({listed.number for listed in goods if max(first, listed.first) == day}))
        row = Measure(
            heading=one.heading, authority=AUTHORITY, effect="add", rate=Decimal(percent) / 100, scope=scope,
            excluded_origins=origins_of(one.excluded), content=f"{one.metal} content value", gives_way=VEHICLES_FIRST,
            effective_from=day, effective_to=last, order=ORDER, legal_basis="19 USC 1862; HTS ch. 99 notes 16, 19, 36",
            note=f"Derivative goods: on the value of the {one.metal} in them",
        )  # fmt: skip
        yield row
        if one.british and first >= RAISED:
            british = {"heading": one.british, "origins": frozenset({"GB"}), "excluded_origins": frozenset()}
            yield replace(row, rate=Decimal(25) / 100, note=f"{row.note}, United Kingdom", **british)


def _giving_way(rows: Iterable[Measure]) -> Iterator[Measure]:
    """Rows beyond the starter's numbers fall away beside a duty on vehicle parts; the starter's own say so by goods."""
    kept = list(rows)
    held = {id(row) for heading in {one.heading for one in kept} for row in rows_of(heading)}
    for one in kept:
        yield one if id(one) in held or one.claimed_only else replace(one, gives_way=VEHICLES_FIRST)


def _named(rows: Iterable[Measure], certainty: str) -> Rows:
    return ((one, certainty) for one in rows)
