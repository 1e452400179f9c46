"""Corrections of a filed declaration while a person writes them: kept aside, the declaration stays as it was filed.

They are kept in the session, as long as the version is in force that they correct.
"""

import hashlib
from collections.abc import Mapping, MutableMapping
from typing import Any

import msgspec

from declarations.decoding import decode_value
from declarations.document import Document
from declarations.freeze import plain
from declarations.models import Declaration
from declarations.paths import duplicate, put, without_empty

Content = dict[str, Any]


class Corrections:
    """What is to be changed: members of the header by their path, whole lines by their number."""

    def __init__(self, session: MutableMapping[str, Any], declaration: Declaration) -> None:
        self._session, self._name = session, f"amend:{declaration.reference}"
        self._of = declaration.live_version.reference if declaration.live_version else ""
        self._filed = plain(declaration)
        found = session.get(self._name) or {}
        kept: Mapping[str, Any] = found if found.get("of") == self._of else {}
        self.header: Content = dict(kept.get("header") or {})
        self.lines: dict[str, Content] = dict(kept.get("lines") or {})

    def __bool__(self) -> bool:
        return bool(self.header or self.lines)

    @property
    def mark(self) -> str:
        """Changes with every correction: what is signed is what was read."""
        said = msgspec.json.encode([self._of, self.header, self.lines], order="sorted")
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
        if not 1 <= number <= len(items):
            return None
        filed = {name: one for name, one in items[number - 1].items() if name != "sequence"}
        return self.lines.get(str(number), filed)

    def all_lines(self) -> list[Content]:
        """Every line as it is to be, with its number."""
        return [{**(self.line(number) or {}), "sequence": number} for number in range(1, len(self._filed["items"]) + 1)]

    def document(self) -> Document:
        """The declaration as it is to be. Raises DocumentRefused."""
        return decode_value({**self.corrected(), "items": self.all_lines()})

    def put_header(self, changes: Mapping[str, Any]) -> None:
        """Members of the header are to be so."""
        self.header |= changes
        self._keep()

    def put_line(self, number: int, content: Content) -> None:
        """A line is to be so."""
        self.lines[str(number)] = content
        self._keep()

    def forget(self) -> None:
        """Nothing is to be changed."""
        self._session.pop(self._name, None)

    def _keep(self) -> None:
        self._session[self._name] = {"of": self._of, "header": self.header, "lines": self.lines}
