"""The look-up: how often everyday words find the heading and the subheading, how fast, and how much room it needs.

Two lists of descriptions with what they should find, written from general knowledge. `lookup_set.csv` was written
before the look-up and its table of synonyms, `lookup_later.csv` after them; nothing is fitted to the second.
A description may have several right headings; one among the first k subheadings shown counts.
"""

import csv
import tracemalloc
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter_ns
from typing import NamedTuple

from django.conf import settings

from declarations.tariff.load import load_tariff
from declarations.tariff.lookup import build_index
from declarations.tariff.selectors import current_view, look_up
from tests.bench.meter import MILLION, spent_on
from tests.bench.report import Row
from tests.makers import DAY, NOW

GROUP = "Look-up by everyday words (full schedule)"
FROM = DAY + timedelta(days=60)
LISTS = {"written before": "lookup_set.csv", "written after": "lookup_later.csv"}
RANKS = (1, 5, 10)
BARS = {("heading", 10): 80.0}
MOST_MEMORY, MOST_BUILDING, MOST_WAITING = 60.0, 3000.0, 20.0


class Wanted(NamedTuple):
    """A description and the headings and subheadings that are right for it."""

    description: str
    headings: frozenset[str]
    subheadings: frozenset[str]


def wanted(name: str) -> list[Wanted]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as handle:
        return [
            Wanted(one["description"], frozenset(one["headings"].split("|")), frozenset(one["subheadings"].split("|")))
            for one in csv.DictReader(handle)
        ]


def rows(*, full: bool) -> list[Row]:
    path = Path(settings.REFERENCE_DATA) / "data" / "hts.csv.gz"
    if not full or not path.exists():
        return []
    load_tariff(path=path, effective_from=FROM, now=NOW, name="full for the look-up")
    made = _cost(FROM)
    for title, name in LISTS.items():
        made += _recall(title, wanted(name), FROM)
    return made


def _cost(on: date) -> list[Row]:
    lines = current_view(on).lines
    spent, _ = spent_on(lambda: build_index(lines))
    tracemalloc.start()
    index = build_index(lines)
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    detail = f"{len(lines):,} lines, {len(index.numbers):,} subheadings, {len(index.terms):,} words"
    return [
        Row(GROUP, "build the index", spent.python, "ms CPU", f"{detail}; {spent.wall:.0f} ms wall", bar=MOST_BUILDING),
        Row(GROUP, "memory of the index", held / 1e6, "MB", f"peak {peak / 1e6:.0f} MB", bar=MOST_MEMORY),
    ]


def _recall(title: str, asked: list[Wanted], on: date) -> list[Row]:
    look_up("warm", on)
    found, times = [], []
    for one in asked:
        start = perf_counter_ns()
        answers = look_up(one.description, on, limit=max(RANKS))
        times.append((perf_counter_ns() - start) / MILLION)
        found.append([answer.number for answer in answers])
    times.sort()
    made = []
    for level, length in (("heading", 4), ("subheading", 6)):
        right = [one.headings if length == 4 else one.subheadings for one in asked]
        for rank in RANKS:
            hits = sum(
                any(number[:length] in good for number in numbers[:rank])
                for numbers, good in zip(found, right, strict=True)
            )
            made.append(Row(GROUP, f"{title}: {level} among the first {rank}", 100 * hits / len(asked), "%",
                            f"{hits} of {len(asked)}", BARS.get((level, rank)), at_least=True))  # fmt: skip
    detail = f"with two queries; 95 % within {times[int(len(times) * 0.95)]:.1f} ms"
    return [*made, Row(GROUP, f"{title}: one search, median", times[len(times) // 2], "ms", detail, bar=MOST_WAITING)]
