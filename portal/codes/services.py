"""Adding to the code lists: rows are dated, and a row that stands is never changed."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from portal.codes.models import Code
from portal.codes.selectors import CodeRow, list_codes

BATCH = 500


class Added(NamedTuple):
    """What became of the rows of a file: new codes, codes that now say more, codes that stay as they are."""

    new: int
    extended: int
    unchanged: int


@transaction.atomic
def add_codes(*, list_name: str, rows: Iterable[CodeRow], effective_from: date, source: str) -> Added:
    """The codes are in the list from that day on; what a code says already stands, and only what it lacks is added.

    A code that gains something has a further row from that day on; the earlier row stays for the days before it.
    The same rows once more change nothing.
    """
    held = {one.code: one for one in list_codes(list_name, effective_from)}
    begun = set(Code.objects.filter(list_name=list_name, effective_from=effective_from).values_list("code", flat=True))
    made: dict[str, Code] = {}
    new = extended = unchanged = 0
    for row in rows:
        known = held.get(row.code)
        data = row.data | known.data if known else row.data
        if row.code in begun or row.code in made or (known is not None and known.data == data):
            unchanged += 1
            continue
        new, extended = new + (known is None), extended + (known is not None)
        made[row.code] = _row(list_name, known.name if known else row.name, row.code, data, effective_from, source)
    Code.objects.bulk_create(made.values(), batch_size=BATCH)
    return Added(new, extended, unchanged)


def _row(list_name: str, name: str, code: str, data: dict[str, Any], effective_from: date, source: str) -> Code:
    return Code(
        list_name=list_name, code=code, name=name[:200], data=data, effective_from=effective_from, source=source[:200]
    )
