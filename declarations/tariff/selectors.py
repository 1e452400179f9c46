"""What is read of the tariff: the view of a day, numbers for words, the lines below a number."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import NamedTuple

from django.db.models import Q

from declarations.tariff.lookup import Filed, Index, Why, answer, few_understood, index_of, printed_digits
from declarations.tariff.memory import (
    InForce,
    NoEdition,
    current_view,
    editions_among,
    editions_on,
    forget_views,
    view_for,
)
from declarations.tariff.models import HtsLine, MeasureSet, TariffEdition
from declarations.tariff.view import TariffLine, TariffView, normal_number

__all__ = [
    "Filed", "Found", "Hit", "InForce", "NoEdition", "Why", "children_of", "current_view", "editions_among",
    "editions_on", "forget_views", "is_number", "look_up", "make_ready", "measure_sets", "search",
    "view_for", "words_not_understood",
]  # fmt: skip

MAX_HITS = 100
LINES_OF_EACH = 5


class Hit(NamedTuple):
    """A line found: its number, its place in the hierarchy, what a list shows of it, and why it was found."""

    number: str
    printed_number: str
    description: str
    path: tuple[str, ...]
    units: tuple[str, ...]
    general: str
    declarable: bool
    why: tuple[Why, ...] = ()


class Found(NamedTuple):
    """A subheading that fits some words: the line that names it, its lines that fit best, how many it has, and why."""

    number: str
    top: Hit
    lines: tuple[Hit, ...]
    size: int
    why: tuple[Why, ...]


def is_number(q: str) -> bool:
    """True where a question is a number or the beginning of one, dots and blanks allowed."""
    return bool(_number_in(q))


def look_up(q: str, on: date, *, limit: int = 20, filed: Iterable[Filed] = ()) -> list[Found]:
    """Subheadings in force on a day for everyday words, best first. Raises NoEdition.

    `filed` are numbers that the importer filed before: they come first where they fit as well as others.
    """
    editions = editions_on(on)
    lines = view_for(editions, on).lines
    answers = answer(q, index_of(lines), filed=filed, limit=max(0, min(limit, MAX_HITS)), lines=LINES_OF_EACH)
    numbers = {number for one in answers for number in (one.top, *one.lines)}
    hits = {one.number: hit for one, hit in _hits([lines[number] for number in numbers], editions)}
    return [
        Found(one.number, hits[one.top], tuple(hits[number] for number in one.lines), one.size, one.why)
        for one in answers
    ]


def words_not_understood(q: str, on: date) -> list[str]:
    """Words of a question that nobody knows, where they are half of it or more. Raises NoEdition."""
    return few_understood(q, index_of(view_for(editions_on(on), on).lines))


class SetHeld(NamedTuple):
    """A set of measures: its name, the day from which it holds, its family, and the digest of its file."""

    name: str
    effective_from: date
    source: str
    sha256: str


def measure_sets(view: TariffView) -> list[SetHeld]:
    """The sets that the measures of a view are read from, the newest first."""
    rows = MeasureSet.objects.filter(pk__in=view.held.get("measures", ())).order_by("-effective_from", "name")
    return [SetHeld(*row) for row in rows.values_list(*SetHeld._fields)]


def make_ready(on: date) -> None:
    """The look-up of a day stands in the memory of this process. Raises NoEdition."""
    index_of(view_for(editions_on(on), on).lines)


def search(q: str, on: date, limit: int = 20, filed: Iterable[Filed] = ()) -> list[Hit]:
    """Lines in force on a day for a number, or its beginning, or for words; at most `limit` and never more than 100.

    Lines of one subheading stand together, the line that names it first. Raises NoEdition.
    """
    limit = max(0, min(limit, MAX_HITS))
    number = _number_in(q)
    if number:
        editions = editions_on(on)
        lines = view_for(editions, on).lines
        wanted = [lines[one] for one in islice(_beginning(index_of(lines), number), limit)]
        return [hit for _, hit in _hits(wanted, editions)]
    found = look_up(q, on, limit=limit, filed=filed)
    return [hit for one in found for hit in _hits_of(one)][:limit]


def children_of(number: str, on: date) -> list[Hit]:
    """The next numbers below a number on a day; below a chapter (two digits) its headings. Raises NoEdition."""
    editions = editions_on(on)
    lines = view_for(editions, on).lines
    digits = "".join(ch for ch in number if ch in "0123456789")
    found: list[TariffLine] = []
    for key in index_of(lines).below(digits):
        line = lines[key]
        if not _is(line, digits) and not (found and _is_below(line, found[-1])):
            found.append(line)
    return [hit for _, hit in _hits(found, editions)]


def _is(line: TariffLine, digits: str) -> bool:
    return printed_digits(line) == digits or line.number == normal_number(digits)


def _is_below(line: TariffLine, other: TariffLine) -> bool:
    own = (*other.path, other.description)
    return line.path[: len(own)] == own and line.number.startswith(printed_digits(other))


def _number_in(q: str) -> str | None:
    """The digits of a query that is a number or the beginning of one, dots and blanks allowed."""
    squeezed = re.sub(r"[\s.]", "", unicodedata.normalize("NFKC", q))  # full-width digits are digits
    return squeezed if squeezed.isascii() and squeezed.isdigit() and 2 <= len(squeezed) <= 10 else None


def _beginning(index: Index, digits: str) -> Iterable[str]:
    found = list(index.below(digits))
    return found or index.below(normal_number(digits))


def _hits_of(found: Found) -> list[Hit]:
    own = [] if found.top.declarable else [found.top]
    return [one._replace(why=found.why) for one in (*own, *found.lines)]


def _hits(lines: list[TariffLine], editions: InForce) -> list[tuple[TariffLine, Hit]]:
    """Lines as hits, each number as its edition, or the one that is based on, prints it."""
    digits = [printed_digits(one) for one in lines]
    base = TariffEdition.objects.filter(pk=editions.tariff.pk).values("base")
    rows = HtsLine.objects.filter(Q(edition=editions.tariff.pk) | Q(edition__in=base), number__in=digits)
    printed = dict(rows.values_list("number", "printed_number")) if digits else {}
    return [(line, _hit(line, number, printed.get(number, number))) for line, number in zip(lines, digits, strict=True)]


def _hit(line: TariffLine, digits: str, printed: str) -> Hit:
    return Hit(
        number=digits,
        printed_number=printed,
        description=line.description,
        path=line.path,
        units=line.units,
        general=line.general,
        declarable=line.declarable,
    )
