"""Corrections of a filed declaration while a person writes them: kept aside, the declaration stays as it was filed.

They are kept in the session, as long as the version is in force that they correct.
"""

import hashlib
from collections.abc import Mapping, MutableMapping
from typing import Any

import msgspec

from declarations.decoding import decode_value
from declarations.document import MAX_ITEMS, Document
from declarations.freeze import plain
from declarations.models import Declaration
from declarations.paths import duplicate, put, without_empty

Content = dict[str, Any]


class Corrections:
    """What is to be changed: members of the header by their path, whole lines by their number.

    Lines keep the numbers that they were filed with; those that are added have the numbers after them.
    """

    def __init__(self, session: MutableMapping[str, Any], declaration: Declaration) -> None:
        self._session, self._name = session, f"amend:{declaration.reference}"
        self._of = declaration.live_version.reference if declaration.live_version else ""
        self._filed = plain(declaration)
        found = session.get(self._name) or {}
        kept: Mapping[str, Any] = found if found.get("of") == self._of else {}
        self.header: Content = dict(kept.get("header") or {})
        self.lines: dict[str, Content] = dict(kept.get("lines") or {})
        self.gone: list[int] = list(kept.get("gone") or [])

    def __bool__(self) -> bool:
        return bool(self.header or self.lines or self.gone)

    @property
    def mark(self) -> str:
        """Changes with every correction: what is signed is what was read."""
        said = msgspec.json.encode([self._of, self.header, self.lines, self.gone], order="sorted")
        return hashlib.sha256(said).hexdigest()

    def corrected(self) -> Content:
        """The header as it is to be."""
        header = duplicate({name: one for name, one in self._filed.items() if name != "items"})
        for pointer, wanted in self.header.items():
            put(header, pointer, duplicate(wanted))
        return without_empty(header)

    def line(self, number: int) -> Content | None:
        """A line as it is to be; None where there is none of this number."""
        items = self._filed["items"]
        if number in self.gone or not 1 <= number <= len(items):
            return None if number in self.gone else self.lines.get(str(number))
        filed = {name: one for name, one in items[number - 1].items() if name != "sequence"}
        return self.lines.get(str(number), filed)

    @property
    def numbers(self) -> list[int]:
        """Numbers of the lines that there are to be, in their order."""
        filed = len(self._filed["items"])
        added = sorted(int(one) for one in self.lines if int(one) > filed)
        return [one for one in [*range(1, filed + 1), *added] if one not in self.gone]

    @property
    def next_number(self) -> int | None:
        """The number of a line that is added; None where no more fit on a declaration."""
        found = max([len(self._filed["items"]), *map(int, self.lines), *self.gone]) + 1
        return found if len(self.numbers) < MAX_ITEMS and found <= MAX_ITEMS else None

    def is_added(self, number: int) -> bool:
        """True for a line that was not filed."""
        return number > len(self._filed["items"])

    def all_lines(self) -> list[Content]:
        """Every line as it is to be, with the number that people know it by."""
        return [{**(self.line(number) or {}), "sequence": number} for number in self.numbers]

    def document(self) -> Document:
        """The declaration as it is to be, lines counted anew. Raises DocumentRefused."""
        lines = [{**one, "sequence": place} for place, one in enumerate(self.all_lines(), start=1)]
        return decode_value({**self.corrected(), "items": lines})

    def put_header(self, changes: Mapping[str, Any]) -> None:
        """Members of the header are to be so."""
        self.header |= changes
        self._keep()

    def put_line(self, number: int, content: Content) -> None:
        """A line is to be so."""
        self.lines[str(number)] = content
        self._keep()

    def take_out(self, number: int) -> None:
        """There is to be no such line. One that was added is forgotten."""
        if self.line(number) is None:
            return
        if self.is_added(number):
            del self.lines[str(number)]
        else:
            self.gone = sorted([*self.gone, number])
        self._keep()

    def put_back(self, number: int) -> None:
        """The line is to be as it was before it was taken out."""
        self.gone = [one for one in self.gone if one != number]
        self._keep()

    def forget(self) -> None:
        """Nothing is to be changed."""
        self._session.pop(self._name, None)

    def _keep(self) -> None:
        self._session[self._name] = {
            "of": self._of, "header": self.header, "lines": self.lines, "gone": self.gone
        }  # fmt: skip
