"""What two loads may not do: speak for the same day differently."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from portal.errors import DomainError


class LoadOverlap(DomainError):
    """Two rows, or two files of one family, claim the same days."""

    code = "TARIFF_LOAD_OVERLAP"


class Span(NamedTuple):
    """A key and the days it is claimed for."""

    key: tuple[object, ...]
    first: date
    last: date | None


def refuse_overlaps(spans: Iterable[Span], what: str) -> None:
    """Raises LoadOverlap where two spans of one key share a day."""
    by_key: dict[tuple[object, ...], list[Span]] = {}
    for one in spans:
        if one.last is not None and one.last < one.first:
            raise LoadOverlap(f"{what} {_shown(one.key)} ends before it begins: {one.first}.")
        by_key.setdefault(one.key, []).append(one)
    for key, rows in by_key.items():
        rows.sort(key=lambda one: one.first)
        for earlier, later in pairwise(rows):
            if earlier.last is None or later.first <= earlier.last:
                raise LoadOverlap(
                    f"{what} {_shown(key)} is given twice for {later.first}.", day=later.first.isoformat()
                )


def _shown(key: tuple[object, ...]) -> str:
    return " ".join(str(one) for one in key if one)
