"""Lists of goods without a rate of their own: vehicle parts, wood and chips, and goods left out of a duty.

Rates, days and origins are those of the starter's rows of the heading (`judged`). Where a list does not tell which
of its goods are free without condition, the notes of chapter 99 beside the file tell; without them the filer
states the condition.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from msgspec.structs import replace

from declarations.tariff.load.files import Source, csv_rows, read_source
from declarations.tariff.load.judged import Listed, beyond, digits, judged_under, rows_of, widened
from declarations.tariff.view import GAP, Measure

Rows = Iterator[tuple[Measure, str]]

NOTES = "chapter99_notes_2026_rev_6.txt.gz"
NUMBER = re.compile(r"(?<![\d.])\d{4}\.\d{2}(?:\.\d{2,4}(?:\.\d{2})?)?(?![\d.])")
FREE_IN_NOTES = {  # heading -> where its list of goods that are free without condition stands
    "99030303": ("(ii) As provided in heading 9903.03.03", "(iii) As provided in heading 9903.03.04"),
    "99030132": ("(a) As provided for in heading 9903.01.32", "(b) "),
    "99030181": ("(a) As provided in heading 9903.01.81", "(b) As provided in heading 9903.01.90"),
}
PARTS = "99039405"
PARTS_BY_ORIGIN = (
    "99039432", "99039442", "99039443", "99039452", "99039453", "99039462", "99039463", "99039466", "99039467",
)  # fmt: skip
VEHICLE_CHAPTERS = ("40", "87")  # of these the lines are of vehicles; others are parts of vehicles or of other things
BORDER_LAST = date(2026, 2, 23)
METALS = frozenset({"s232_metals"})  # what owed on its metal owed no border duty on it (EO 14289)
POTASH_FIRST = date(2025, 3, 7)


def vehicle_parts(source: Source) -> Rows:
    """Parts of passenger vehicles and light trucks (US note 33(g)), one number a line.

    Goods of tyres and vehicles are proposed. Of all others only those that are parts of vehicles owe the duty: the
    filer states it, and a row says so until then.
    """
    goods = _lines(source)
    proposed = [one for one in goods if one.number.startswith(VEHICLE_CHAPTERS)]
    stated = [one for one in goods if not one.number.startswith(VEHICLE_CHAPTERS)]
    yield from _named(widened(PARTS, proposed))
    own = next(one for one in rows_of(PARTS) if one.claimed_only)
    apart = [one for one in stated if one.number not in own.scope]
    yield from _named(beyond(own, apart))
    for heading in PARTS_BY_ORIGIN:
        yield from _named(widened(heading, proposed))
        for row in rows_of(heading):
            yield from _named(beyond(replace(row, claimed_only=True), stated))
    yield from _named(widened("99039406", goods, claimed=None))
    text = (
        "Parts of passenger vehicles and light trucks of this number owe a duty under section 232: declare its heading."
    )
    gap = replace(
        own, heading="", effect=GAP, rate=None, excluded_origins=frozenset(), order=0, note=text, claimed_only=False
    )
    yield from _named(beyond(gap, apart))


def truck_parts(source: Source) -> Rows:
    """Parts of medium- and heavy-duty vehicles (US note 38(i)): the filer states that they are."""
    for heading in ("99037408", "99037410", "99037411"):
        yield from _named(widened(heading, _lines(source), claimed=True))


def semiconductors(source: Source) -> Rows:
    """Goods among which are advanced chips (US note 39(a)): the filer states the parameters."""
    goods = [Listed(digits(row["hts10"])) for row in csv_rows(source)]
    yield from _named(widened("99037901", goods, claimed=True))


def left_out_of_the_surcharge(source: Source) -> Rows:
    """Goods left out of the surcharge of 2026 (section 122)."""
    goods = [Listed(digits(row["hts8"])) for row in csv_rows(source)]
    yield from _by_condition("99030303", goods, free_in_notes(source, "99030303"))


def left_out_of_the_reciprocal_duties(source: Source) -> Rows:
    """Goods left out of the reciprocal duties, with their days; a row that ended was without condition."""
    goods = [_dated(row, "hts10") for row in csv_rows(source)]
    free = free_in_notes(source, "99030132")
    for heading in ("99030132", "99030186"):
        yield from _by_condition(heading, goods, free)


def left_out_of_the_duties_on_brazil(source: Source) -> Rows:
    """Goods of Brazil left out of its duty of 2025."""
    goods = [_dated(row, "hts10") for row in csv_rows(source) if digits(row["ch99_code"]) == "99030177"]
    yield from _by_condition("99030181", goods, free_in_notes(source, "99030181"))


def _by_condition(heading: str, goods: Iterable[Listed], free: tuple[str, ...]) -> Rows:
    """The heading's rows, and one row for each span of days beyond the starter: proposed as far as it is certain."""
    rows = rows_of(heading)
    plain = replace(
        min(rows, key=lambda one: one.effective_from),
        effective_to=max(one.effective_to or date.max for one in rows),
        scope=(),
        excluded_scope=(),
        note=f"Goods listed for {heading[:4]}.{heading[4:6]}.{heading[6:]}",
    )
    certain = [one for one in goods if one.last < date.max or one.number.startswith(free)]
    others = [one for one in goods if one.last == date.max and not one.number.startswith(free)]
    yield from _named(rows)
    yield from _named(beyond(plain, certain), "list, without condition by the note")
    asked = replace(plain, claimed_only=True, note=f"{plain.note}: the filer states the condition")
    yield from _named(beyond(asked, others), "list, with a condition")


def free_in_notes(source: Source, heading: str) -> tuple[str, ...]:
    """Goods that the notes beside a file free without condition under a heading; none where they are not there."""
    path = source.folder / NOTES if source.folder else None
    return _free(path, heading) if path and path.exists() else ()


@lru_cache(maxsize=4)
def _free(path: Path, heading: str) -> tuple[str, ...]:
    text = read_source(path).text.replace("\u00ad", "-").replace("\x96", "-")
    begin, end = FREE_IN_NOTES[heading]
    first = text.find(begin)
    if first < 0:
        return ()
    last = text.index(end, first + len(begin))
    last = text.index("\n", last) if end == "(b) " else last
    return tuple(
        sorted({digits(one) for one in NUMBER.findall(text[first:last]) if len(digits(one)) >= 8 and one[:2] < "98"})
    )


def energy_and_potash(source: Source) -> Rows:
    """Goods of Canada and Mexico that owed 10 % in place of their border duty."""
    goods: dict[str, list[Listed]] = {}
    for row in csv_rows(source):
        goods.setdefault(row["category"], []).append(Listed(digits(row["hts8"])))
    energy = goods.get("energy_ca", [])
    yield from _named(widened("99030113", energy))
    potash = {
        "99030105": ("99030101", goods.get("potash_mx", [])),
        "99030115": ("99030110", goods.get("potash_ca", [])),
    }
    for heading, (instead_of, listed) in potash.items():
        out = [*listed, *(energy if instead_of == "99030110" else ())]
        apart = {one.number for one in out if not judged_under(one.number)}
        for held in rows_of(instead_of):
            left_out = tuple(sorted({*held.excluded_scope, *apart}))
            yield from _named([replace(held, excluded_scope=left_out, gives_way=METALS)])
        words = "Potash; held unlawful 2026-02-20, no longer collected from 2026-02-24"
        law = {"heading": heading, "rate": Decimal("0.1"), "note": words, "excluded_scope": ()}
        template = replace(rows_of(instead_of)[0], effective_from=POTASH_FIRST, effective_to=BORDER_LAST, **law)
        yield from _named(beyond(template, listed))


FLOORS: dict[str, tuple[str, str, bool, str]] = {  # category and group -> heading, the starter's row, stated?, words
    "ptaap eu": ("99030274", "99030274", False, ""),
    "ptaap swiss": ("99030284", "99030284", False, ""),
    "particular eu": ("99030275", "99030274", True, "Particular articles of the European Union"),
    "civil_aircraft eu": ("99030276", "99030274", True, "Civil aircraft and parts"),
    "civil_aircraft korea": ("99030281", "99030274", True, "Civil aircraft and parts"),
    "civil_aircraft swiss": ("99030285", "99030284", True, "Civil aircraft and parts"),
    "pharma eu": ("99030277", "99030274", True, "For pharmaceutical use"),
    "pharma swiss": ("99030286", "99030284", True, "For pharmaceutical use"),
}


def left_out_by_agreement(source: Source) -> Rows:
    """Goods left out of reciprocal duties by an agreement; by their use only where the filer states it."""
    goods: dict[str, list[Listed]] = {}
    for row in csv_rows(source):
        kind = f"{row['category']} {row['country_group']}"
        goods.setdefault(kind, []).append(_dated(row, "hts8"))
    for kind, (heading, model, stated, words) in FLOORS.items():
        if not stated:
            yield from _named(widened(heading, goods.get(kind, ())))
            continue
        asked = replace(rows_of(model)[0], heading=heading, claimed_only=True, note=f"{words}: the filer states it")
        if kind.endswith("korea"):
            asked = replace(asked, origins=frozenset({"KR"}))
        listed = goods.get(kind, [])
        if listed:
            first = max(asked.effective_from, min(one.first for one in listed))
            scope = tuple(sorted({one.number for one in listed}))
            yield from _named([replace(asked, scope=scope, excluded_scope=(), effective_from=first)])


def aircraft_of_taiwan(source: Source) -> Rows:
    """Components of civil aircraft of Taiwan, free of the duties on metal (US note 35(c)): the filer states the use."""
    model = next(one for one in rows_of("99038203"))
    goods = tuple(sorted({digits(row["hts8"]) for row in csv_rows(source)}))
    law = {
        "legal_basis": "HTS ch. 99 US note 35(c)",
        "note": "Components of civil aircraft of Taiwan: the filer states it",
    }
    days = {"effective_from": date(2026, 5, 1), "origins": frozenset({"TW"}), "excluded_scope": ()}
    yield from _named([replace(model, heading="99039603", scope=goods, **law, **days)])


def _lines(source: Source) -> list[Listed]:
    return [Listed(number) for number in dict.fromkeys(digits(one) for one in source.text.splitlines()) if number]


def _dated(row: dict[str, str], column: str) -> Listed:
    days = [row.get(name, "") for name in ("effective_date_start", "effective_date_end")]
    first, last = (date.fromisoformat(one) if one not in ("", "NA") else None for one in days)
    return Listed(digits(row[column]), first or date.min, last or date.max)


def _named(rows: Iterable[Measure], certainty: str = "list") -> Rows:
    return ((one, certainty) for one in rows)


Reader = Callable[[Source], Rows]
