"""Code lists for one page: read once a list, found by code or by name."""

from datetime import date

from portal.codes.selectors import CodeRow, list_codes

# What most people choose, shown before anything is typed; the rest is found by typing.
USUAL = {
    "countries": ("CN", "MX", "CA", "VN", "DE", "JP", "KR", "IN", "TW", "IT", "GB", "US"),
    "currencies": ("USD", "EUR", "CNY", "MXN", "CAD", "JPY", "GBP", "INR", "KRW"),
}
MANY = 80


class CodeBook:
    """Lists in force on a day; each is read when it is first asked for."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._lists: dict[str, dict[str, CodeRow]] = {}

    def rows(self, list_name: str) -> dict[str, CodeRow]:
        """All codes of a list, by code."""
        if list_name not in self._lists:
            self._lists[list_name] = {row.code: row for row in list_codes(list_name, self.on)}
        return self._lists[list_name]

    def name(self, list_name: str, code: str) -> str:
        """The name of a code, with the state for a port; empty where we do not know it."""
        row = self.rows(list_name).get(code)
        return "" if row is None else _named(row)

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
        exact = [row.code for row in rows.values() if folded in (row.name.casefold(), _named(row).casefold())]
        begins = [row.code for row in rows.values() if row.name.casefold().startswith(folded)]
        found = exact or begins
        return found[0] if len(found) == 1 else None

    def matches(self, list_name: str, text: str) -> list[tuple[str, str]]:
        """Codes that begin with what was typed, or whose name holds it."""
        folded = text.casefold()
        named = [(row.code, _named(row)) for row in self.rows(list_name).values()]
        return [one for one in named if one[0].casefold().startswith(folded) or folded in one[1].casefold()]

    def choices(self, list_name: str) -> list[tuple[str, str]]:
        """For a list to choose from: every code with its name."""
        return [(row.code, f"{row.code} {_named(row)}") for row in self.rows(list_name).values()]

    def suggestions(self, list_name: str) -> list[tuple[str, str]]:
        """For a field with look-up: all of a short list, the usual ones of a long one."""
        rows = self.rows(list_name)
        if len(rows) <= MANY:
            return [(row.code, _named(row)) for row in rows.values()]
        return [(code, _named(rows[code])) for code in USUAL.get(list_name, ()) if code in rows]


def _named(row: CodeRow) -> str:
    state = row.data.get("state")
    return f"{row.name}, {state}" if state and row.data.get("kind") else row.name
