"""What is read of the tariff: the view of a day, hits of a search, the lines below a number."""

import re
from datetime import date
from typing import NamedTuple

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connection
from django.db.models import Q, QuerySet

from declarations.tariff.load.hierarchy import SEPARATOR
from declarations.tariff.load.search_index import TABLE, has_index
from declarations.tariff.memory import InForce, NoEdition, current_view, editions_on, forget_views, view_for
from declarations.tariff.models import HtsLine
from declarations.tariff.view import normal_number

__all__ = [
    "Hit", "InForce", "NoEdition", "children_of", "current_view", "editions_on", "forget_views", "search", "view_for",
]  # fmt: skip

MAX_HITS = 100
MAX_WORDS = 8
FIELDS = ("row", "number", "printed_number", "description", "path", "units", "general", "declarable")


class Hit(NamedTuple):
    """A line found: its number, its place in the hierarchy, and what a list shows of it."""

    number: str
    printed_number: str
    description: str
    path: tuple[str, ...]
    units: tuple[str, ...]
    general: str
    declarable: bool


def search(q: str, on: date, limit: int = 20) -> list[Hit]:
    """Lines in force on a day for a number, or its beginning, or for words; at most `limit` and never more than 100.

    Words must all be found in the line or above it; the last one may be a beginning. Raises NoEdition.
    """
    limit = max(0, min(limit, MAX_HITS))
    edition = editions_on(on).tariff.pk
    lines = HtsLine.objects.filter(edition_id=edition)
    number = _number_in(q)
    if number:
        found = lines.filter(Q(number__startswith=number) | Q(number=normal_number(number))).order_by("number", "row")
        return _hits(found, limit)
    words = re.findall(r"\w+", q.lower())[:MAX_WORDS]
    if not words:
        return []
    return _by_words(edition, words, limit)


def children_of(number: str, on: date) -> list[Hit]:
    """Lines right below a number on a day; below a chapter (two digits) its headings. Raises NoEdition."""
    digits = "".join(ch for ch in number if ch in "0123456789")
    lines = HtsLine.objects.filter(edition_id=editions_on(on).tariff.pk)
    if len(digits) < 4:
        return _hits(lines.filter(parent_row=None, number__startswith=digits).order_by("row"), None)
    parent = lines.filter(Q(number=digits) | Q(number=normal_number(digits))).order_by("row").first()
    if parent is None:
        return []
    return _hits(lines.filter(parent_row=parent.row).order_by("row"), None)


def _number_in(q: str) -> str | None:
    """The digits of a query that is a number or the beginning of one, dots and blanks allowed."""
    squeezed = re.sub(r"[\s.]", "", q)
    return squeezed if squeezed.isascii() and squeezed.isdigit() and 2 <= len(squeezed) <= 10 else None


def _by_words(edition: int, words: list[str], limit: int) -> list[Hit]:
    lines = HtsLine.objects.filter(edition_id=edition)
    if connection.vendor == "postgresql":
        text = " & ".join([*words[:-1], f"{words[-1]}:*"])
        query = SearchQuery(text, config="english", search_type="raw")
        vector = SearchVector("description", "path", config="english")
        ranked = lines.exclude(number="").annotate(words=vector, rank=SearchRank(vector, query)).filter(words=query)
        return _hits(ranked.order_by("-rank", "-declarable", "row"), limit)
    if has_index():
        return _by_index(edition, lines, words, limit)
    return _by_like(lines, words, limit)


def _by_index(edition: int, lines: QuerySet[HtsLine], words: list[str], limit: int) -> list[Hit]:
    """Whole words first; where that leaves room, the last word as a beginning."""
    whole = " ".join(f'"{word}"' for word in words)
    rows = _matching(edition, whole, limit)
    if len(rows) < limit:
        rows += [row for row in _matching(edition, f"{whole}*", limit) if row not in rows]
    rows = rows[:limit]
    found = {one[0]: one for one in lines.filter(row__in=rows).values_list(*FIELDS)}
    return [_hit(found[row]) for row in rows if row in found]


def _matching(edition: int, match: str, limit: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT line_row FROM {TABLE} WHERE {TABLE} MATCH %s AND edition_id = %s ORDER BY rank LIMIT %s",  # noqa: S608
            [f"words : ({match})", edition, limit],
        )
        return [row for (row,) in cursor.fetchall()]


def _by_like(lines: QuerySet[HtsLine], words: list[str], limit: int) -> list[Hit]:
    for word in words:
        lines = lines.filter(Q(description__icontains=word) | Q(path__icontains=word))
    return _hits(lines.exclude(number="").order_by("-declarable", "row"), limit)


def _hits(lines: QuerySet[HtsLine], limit: int | None) -> list[Hit]:
    return [_hit(one) for one in lines.values_list(*FIELDS)[:limit]]


def _hit(row: tuple[int, str, str, str, str, str, str, bool]) -> Hit:
    _, number, printed, description, path, units, general, declarable = row
    return Hit(
        number=number,
        printed_number=printed,
        description=description,
        path=tuple(path.split(SEPARATOR)) if path else (),
        units=tuple(units.split("|")) if units else (),
        general=general,
        declarable=declarable,
    )
