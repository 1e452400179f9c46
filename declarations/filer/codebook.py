"""Code lists for one page: all codes by list, found by code or by name."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property, lru_cache

from portal.codes.selectors import CodeRow, all_codes, codes_mark

# What most people choose, shown before anything is typed; the rest is found by typing.
USUAL = {
    "countries": ("CN", "MX", "CA", "VN", "DE", "JP", "KR", "IN", "TW", "IT", "GB", "US"),
    "currencies": ("USD", "EUR", "CNY", "MXN", "CAD", "JPY", "GBP", "INR", "KRW"),
}
MANY = 80


class CodeBook:
    """Lists in force on a day, kept in memory until they change; nothing is read until something is asked for."""

    def __init__(self, on: date) -> None:
        self.on = on

    @cached_property
    def _lists(self) -> Mapping[str, Mapping[str, CodeRow]]:
        return _lists_on(self.on, codes_mark())

    def rows(self, list_name: str) -> Mapping[str, CodeRow]:
        """All codes of a list, by code."""
        return self._lists.get(list_name, {})

    def name(self, list_name: str, code: str) -> str:
        """The name of a code, with the state for a port; empty where we do not know it."""
        row = self.rows(list_name).get(code)
        return "" if row is None else row.full_name

    def find(self, list_name: str, text: str) -> str | None:
        """The code that a person means by a code, `code name`, or a name that only one code has."""
        rows = self.rows(list_name)
        words = text.strip()
        if not words:
            return None
        for candidate in (words.upper(), words.split()[0].upper().rstrip(",;:")):
            if candidate in rows:
                return candidate
        folded = words.casefold()
        exact = [row.code for row in rows.values() if folded in (row.name.casefold(), row.full_name.casefold())]
        begins = [row.code for row in rows.values() if row.name.casefold().startswith(folded)]
        found = exact or begins
        return found[0] if len(found) == 1 else None

    def matches(self, list_name: str, text: str) -> list[tuple[str, str]]:
        """Codes that begin with what was typed, or whose name holds it."""
        folded = text.casefold()
        named = [(row.code, row.full_name) for row in self.rows(list_name).values()]
        return [one for one in named if one[0].casefold().startswith(folded) or folded in one[1].casefold()]

    def choices(self, list_name: str) -> list[tuple[str, str]]:
        """For a list to choose from: every code with its name."""
        return [(row.code, f"{row.code} {row.full_name}") for row in self.rows(list_name).values()]

    def suggestions(self, list_name: str) -> list[tuple[str, str]]:
        """For a field with look-up: all of a short list, the usual ones of a long one."""
        rows = self.rows(list_name)
        if len(rows) <= MANY:
            return [(row.code, row.full_name) for row in rows.values()]
        return [(code, rows[code].full_name) for code in USUAL.get(list_name, ()) if code in rows]


@lru_cache(maxsize=4)
def _lists_on(on: date, _mark: tuple[int, int]) -> Mapping[str, Mapping[str, CodeRow]]:
    return {name: {row.code: row for row in rows} for name, rows in all_codes(on).items()}
