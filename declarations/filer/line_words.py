"""All that is declared of a line, read back in words: section by section, in one block that opens.

A page has a hundred lines of it, so it is plain text put together once for each line.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from declarations.document import Item
from declarations.filer import line_steps
from declarations.filer.checking import address_words, in_words
from declarations.filer.codebook import CodeBook
from declarations.filer.line_forms import main_place
from declarations.filer.questions import Group, Part, Question
from declarations.paths import EMPTY, at
from portal.shown import hts, number

SHOWN_ABOVE = ("tariffs/0/hts_number",)  # it stands in the row of the table itself
STREET = "/address/street"


class Asked(NamedTuple):
    """A question with the words before its answer, and the path to it."""

    question: Question
    label: str
    path: tuple[str, ...]


class LineWords:
    """Puts lines into words; what is the same for all of them is worked out once."""

    def __init__(self, book: CodeBook) -> None:
        self.book = book
        self.summary, self.in_line = escape(_("All that is declared")), escape(_("in line %(n)d"))
        self.sections = [
            (escape(one.title), one.slug == line_steps.QUANTITIES.slug, [_part(part) for part in one.parts])
            for one in line_steps.SECTIONS
        ]

    def of(self, item: Item) -> SafeString:
        """The block of a line, closed."""
        content = msgspec.json.decode(msgspec.json.encode(item))
        rows = [
            f"<dt>{title}</dt><dd>{escape('; '.join(answers))}</dd>"
            for title, has_quantities, parts in self.sections
            if (answers := list(self._answers(parts, content, has_quantities=has_quantities)))
        ]
        summary = f'{self.summary}<span class="usa-sr-only"> {self.in_line % {"n": item.sequence or 0}}</span>'
        said = f'<dl class="portal-facts portal-lines__said">{"".join(rows)}</dl>'
        return SafeString(f"<details><summary>{summary}</summary>{said}</details>")

    def _answers(
        self, parts: Iterable[Asked | tuple[Group, list[Asked]]], content: Mapping[str, Any], *, has_quantities: bool
    ) -> Iterator[str]:
        if has_quantities:
            yield from self._quantities(content)
        for part in parts:
            if isinstance(part, Asked):
                yield from self._answer(part, content)
            elif part[0].pointer == "tariffs":
                yield from _numbers(content)
            else:
                yield from self._rows(*part, content)

    def _answer(self, asked: Asked, value: Mapping[str, Any]) -> Iterator[str]:
        pointer = asked.question.pointer
        found: Any = value
        for name in asked.path:
            found = found.get(name) if isinstance(found, Mapping) else None
        if pointer.endswith(STREET):
            address = address_words(at(value, pointer.removesuffix("/street")), self.book)
            if address:
                yield address.replace("\n", ", ")
        elif found not in EMPTY and pointer not in SHOWN_ABOVE and "/address/" not in pointer:
            yield f"{asked.label} {in_words(asked.question, found, self.book)}"

    def _rows(self, group: Group, asked: Iterable[Asked], content: Mapping[str, Any]) -> Iterator[str]:
        rows = at(content, group.pointer)
        if isinstance(rows, Mapping):
            rows = [{"name": name, "value": value} for name, value in rows.items()]
        for row in rows or ():
            said = [words for one in asked for words in self._answer(one, row)]
            if said:
                yield f"{group.title} ({', '.join(said)})"

    def _quantities(self, content: Mapping[str, Any]) -> Iterator[str]:
        numbers = content.get("tariffs") or []
        main = main_place(numbers)
        for one in numbers[main].get("quantities") or () if main is not None else ():
            if one.get("value"):
                unit = str(one.get("unit") or "")
                yield f"{number(one['value'])} {self.book.name('units', unit) or unit}"


def _part(part: Part) -> Asked | tuple[Group, list[Asked]]:
    if isinstance(part, Group):
        return part, [_asked(one) for one in part.questions]
    return _asked(part)


def _asked(question: Question) -> Asked:
    label = str(question.label)
    return Asked(question, label if label.endswith("?") else f"{label}:", tuple(question.pointer.split("/")))


def _numbers(content: Mapping[str, Any]) -> Iterator[str]:
    """Numbers beside the one that classifies, in their order."""
    numbers = content.get("tariffs") or []
    main = main_place(numbers)
    found = [hts(one.get("hts_number")) for place, one in enumerate(numbers) if place != main]
    if found:
        yield _("Further tariff numbers: %(numbers)s") % {"numbers": ", ".join(found)}
