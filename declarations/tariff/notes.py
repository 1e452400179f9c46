"""Rates that a note of a chapter states where the column says only `See additional U.S. note 2`, as dated rows."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

GENERAL, COLUMN_2 = "general", "column2"
COLUMNS = (GENERAL, COLUMN_2)


class NoteRate(Struct, frozen=True, kw_only=True):
    """The rate of a number in one column for a period, as its note words it."""

    number: str  # the digits that print the reference
    column: str
    text: str
    effective_from: date
    effective_to: date | None = None
    legal_basis: str = ""


class NoteRates:
    """Rates of notes by number and column. Of two that are in force, the one given first speaks."""

    def __init__(self, rows: Iterable[NoteRate] = ()) -> None:
        self._held: dict[tuple[str, str], list[NoteRate]] = {}
        for one in rows:
            self._held.setdefault((one.number, one.column), []).append(one)

    def find(self, number: str, column: str, on: date) -> NoteRate | None:
        """The rate of an eight-digit number in a column on a day, or None where no note is held."""
        for one in self._held.get((number[:8], column), ()):
            if one.effective_from <= on and (one.effective_to is None or on <= one.effective_to):
                return one
        return None


NO_NOTES = NoteRates()
