"""Look-ups of codes for a day: of the rows of a code, the one that began last speaks."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from portal import prepared
from portal.codes.models import Code


class CodeRow(NamedTuple):
    """A code as forms and rules need it."""

    code: str
    name: str
    data: dict[str, Any]

    @property
    def full_name(self) -> str:
        """The name, with the state for a port."""
        state = self.data.get("state")
        return f"{self.name}, {state}" if state and self.data.get("kind") else self.name


def list_codes(list_name: str, on: date) -> list[CodeRow]:
    """All codes of a list in force on a day, in the order of the codes."""
    return all_codes(on, list_name).get(list_name, [])


def all_codes(on: date, list_name: str | None = None) -> dict[str, list[CodeRow]]:
    """All lists in force on a day, or one of them, in one query."""
    begun = Code.objects.filter(effective_from__lte=on)
    if list_name is not None:
        begun = begun.filter(list_name=list_name)
    rows = begun.order_by("list_name", "code", "effective_from")
    last = {
        (name, code): (CodeRow(code, words, data), ends)
        for name, code, words, data, ends in rows.values_list("list_name", "code", "name", "data", "effective_to")
    }
    found: dict[str, list[CodeRow]] = {}
    for (name, _code), (row, ends) in last.items():
        if ends is None or ends >= on:
            found.setdefault(name, []).append(row)
    return found


def names_of(wanted: Iterable[tuple[str, str]], on: date) -> dict[tuple[str, str], str]:
    """`(list, code)` -> name in full on a day, in one query; without those we do not know."""
    asked = set(wanted)
    lists, codes = {name for name, _ in asked}, {code for _, code in asked}
    rows = Code.objects.filter(list_name__in=lists, code__in=codes, effective_from__lte=on).order_by("effective_from")
    last = {(row.list_name, row.code): row for row in rows}
    return {
        key: CodeRow(row.code, row.name, row.data).full_name
        for key, row in last.items()
        if key in asked and (row.effective_to is None or row.effective_to >= on)
    }


def codes_mark() -> int:
    """Changes when rows are added; they are never removed, and whoever changes one in place empties the memory."""
    ((mark,),) = prepared.read("SELECT COALESCE(max(id), 0) FROM codes_code")
    return int(mark)
