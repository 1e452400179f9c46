"""Look-ups of codes for a day."""

from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from portal.codes.models import Code


class CodeRow(NamedTuple):
    """A code as forms and rules need it."""

    code: str
    name: str
    data: dict[str, Any]


def list_codes(list_name: str, on: date) -> list[CodeRow]:
    """All codes of a list in force on a day, in the order of the codes."""
    rows = _in_force(on).filter(list_name=list_name).order_by("code")
    return [CodeRow(*row) for row in rows.values_list("code", "name", "data")]


def all_codes(on: date) -> dict[str, list[CodeRow]]:
    """All lists in force on a day, in one query."""
    found: dict[str, list[CodeRow]] = {}
    rows = _in_force(on).order_by("list_name", "code").values_list("list_name", "code", "name", "data")
    for list_name, *row in rows:
        found.setdefault(list_name, []).append(CodeRow(*row))
    return found


def codes_mark() -> tuple[int, int]:
    """Changes when rows are added or removed; whoever changes a row in place empties the memory."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id), count(*) FROM codes_code")
        found: tuple[int, int] = cursor.fetchone()
    return found


def search_codes(list_name: str, text: str, on: date, *, limit: int = 20) -> list[CodeRow]:
    """Codes whose code starts with, or whose name holds, the text."""
    rows = _in_force(on).filter(list_name=list_name)
    words = text.strip()
    if words:
        rows = rows.filter(Q(code__istartswith=words) | Q(name__icontains=words))
    return [CodeRow(*row) for row in rows.order_by("code").values_list("code", "name", "data")[:limit]]


def _in_force(on: date) -> QuerySet[Code]:
    return Code.objects.filter(Q(effective_to=None) | Q(effective_to__gte=on), effective_from__lte=on)
