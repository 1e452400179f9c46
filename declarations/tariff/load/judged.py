"""What the starter says row by row, as the model of rows that a wider list adds.

The starter's rows were judged for its numbers one by one. A list of goods stands for all other numbers: it takes
rate, dates, origins, order and exemptions from the starter's row of the heading, and leaves its numbers alone.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from declarations.tariff.load.files import read_source
from declarations.tariff.load.hierarchy import lines_of
from declarations.tariff.load.hts_rows import schedule_rows
from declarations.tariff.load.measure_rows import own_measures
from declarations.tariff.view import Measure

STARTER = Path(__file__).resolve().parent.parent / "starter"


class Listed(NamedTuple):
    """Goods of a list by the beginning of their number, and the days they are on it."""

    number: str
    first: date = date.min
    last: date = date.max


def digits(text: str) -> str:
    """The digits of a printed number."""
    return "".join(one for one in text if one in "0123456789")


@lru_cache(maxsize=1)
def _rows() -> tuple[Measure, ...]:
    return tuple(one for one, _ in own_measures(read_source(STARTER / "measures.csv")))


@lru_cache(maxsize=1)
def _numbers() -> tuple[str, ...]:
    lines = lines_of(schedule_rows(read_source(STARTER / "hts.csv")))
    return tuple(sorted({one.number for one in lines if one.declarable and one.number[:2] < "98"}))


def rows_of(heading: str) -> list[Measure]:
    """The starter's rows of a heading."""
    return [one for one in _rows() if one.heading == heading]


def judged_under(number: str) -> tuple[str, ...]:
    """The starter's numbers that begin with a number."""
    held = _numbers()
    place = bisect_left(held, number)
    found: list[str] = []
    while place < len(held) and held[place].startswith(number):
        found.append(held[place])
        place += 1
    return tuple(found)


def beyond(row: Measure, goods: Iterable[Listed]) -> Iterator[Measure]:
    """A row for the goods that the starter does not hold, one for each span of days within the row's own."""
    spans: dict[tuple[date, date], list[str]] = {}
    for one in goods:
        first, last = max(one.first, row.effective_from), min(one.last, row.effective_to or date.max)
        if first <= last and judged_under(one.number) != (one.number,):
            spans.setdefault((first, last), []).append(one.number)
    for (first, last), numbers in sorted(spans.items()):
        scope = tuple(sorted(set(numbers)))
        yield replace(
            row,
            scope=scope,
            excluded_scope=tuple(sorted({held for one in scope for held in judged_under(one)})),
            effective_from=first,
            effective_to=None if last == date.max else last,
        )


def widened(heading: str, goods: Iterable[Listed], *, claimed: bool | None = False) -> Iterator[Measure]:
    """The starter's rows of a heading, and those that are for certain goods again for the rest of a list.

    `claimed` chooses the rows that the list widens: the proposed ones, those that the filer states, or (None) all.
    """
    listed = list(goods)
    for row in rows_of(heading):
        yield row
        if row.scope and claimed in (None, row.claimed_only):
            yield from beyond(row, (one for one in listed if not one.number.startswith(row.scope)))
