"""A form of ours: questions, what was typed or stored, what could be read, and how the page shows it.

Nothing typed is lost: a field that cannot be read shows what was typed, and the rest is read all the same.
No formset of lines is ever posted; repeated parts of the header are a handful of fields.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from declarations.filer import kinds
from declarations.filer.codebook import CodeBook
from declarations.filer.parties import shown_choice
from declarations.filer.questions import Group, Part, Question
from declarations.paths import EMPTY, at, duplicate, put, without_empty
from portal.forms import FieldError, FieldView, Words

SHORT = ("2xs", "small", "medium", "md")
TYPED_MOST = 10_000  # characters of one field that are looked at


@dataclass
class Block:
    """Fields that stand together: a repeated row with its title, or fields on their own."""

    fields: list[FieldView]
    title: Words = ""
    group: str = ""
    row: int = 0
    is_stored: bool = False
    more: Words = ""  # the words of the button that adds a row, on the last block of a group
    opens_on: str = ""

    @property
    def lines(self) -> list[list[FieldView]]:
        """Fields in lines: short ones stand beside one another."""
        found: list[list[FieldView]] = []
        for view in self.fields:
            beside = _is_short(view)
            if beside and found and _is_short(found[-1][-1]):
                found[-1].append(view)
            else:
                found.append([view])
        return found


class Form:
    """The fields of one page over a header, or over a line."""

    def __init__(
        self,
        parts: Iterable[Part],
        *,
        value: Mapping[str, Any],
        book: CodeBook,
        data: QueryDict | None = None,
        spare: Collection[str] = (),
        context: Mapping[str, Any] | None = None,
        choices: Mapping[str, list[Any]] | None = None,
    ) -> None:
        """`spare` names groups that show one more empty row; `context` is what predicates look at."""
        self.parts = tuple(parts)
        self.value = value
        self.book = book
        self.data = data
        self.context = value if context is None else context
        self.choices = dict(choices or {})
        self.spare = spare
        self.typed: dict[str, str] = {}
        self.errors: dict[str, str] = {}
        self.cleaned: dict[str, Any] = {}
        self.notes: dict[str, str] = {}
        self.rows: list[tuple[Part, int, tuple[Question, ...]]] = list(self._expand())
        if data is not None:
            self._read(data)

    @property
    def is_valid(self) -> bool:
        """Every field could be read."""
        return not self.errors

    def questions(self) -> Iterator[Question]:
        """All questions of the page, those of repeated rows once for each."""
        for _part, _row, questions in self.rows:
            yield from questions

    def applied(self) -> dict[str, Any]:
        """The value with all that could be read; a field that could not keeps what was stored."""
        found = duplicate(dict(self.value))
        for pointer, wanted in self.cleaned.items():
            put(found, pointer, wanted)
        for part, row, questions in self.rows:
            if isinstance(part, Group) and all(self._is_cleared(one) for one in questions):
                put(found, f"{part.pointer}/{row}", None)
        return self._without_idle(without_empty(found))

    def changes(self, pointers: Iterable[str]) -> dict[str, Any]:
        """What `write_step` is given: each stored path with what it is to be."""
        found = self.applied()
        return {pointer: at(found, pointer) for pointer in pointers}

    def take_back(self, name: str) -> None:
        """What is stored stands for a field, instead of what was typed."""
        for question in self.questions():
            if question.name == name:
                self.cleaned[question.pointer] = at(self.value, question.pointer)
                self.errors.pop(name, None)
                self.typed[name] = self.stored_text(question)

    def clear_row(self, group: str, row: int) -> None:
        """A repeated row is taken out, whatever was typed in it."""
        for part, place, questions in self.rows:
            if isinstance(part, Group) and part.pointer == group and place == row:
                for question in questions:
                    self.cleaned[question.pointer] = None
                    self.typed[question.name] = ""
                    self.errors.pop(question.name, None)

    def blocks(self, parts: Iterable[Part] | None = None) -> list[Block]:
        """What the page, or these parts of it, show, in order."""
        found: list[Block] = []
        wanted = None if parts is None else {id(part) for part in parts}
        for number, (part, row, questions) in enumerate(self.rows):
            if wanted is not None and id(part) not in wanted:
                continue
            views = [self.view(one) for one in questions if self._is_shown(one)]
            if not isinstance(part, Group):
                if not found or found[-1].group or found[-1].opens_on != part.opens_on:
                    found.append(Block([], opens_on=part.opens_on))
                found[-1].fields += views
                continue
            following = self.rows[number + 1][0] if number + 1 < len(self.rows) else None
            is_last = following is not part and row + 1 < part.most
            title = part.title if part.most == 1 else f"{part.title} {row + 1 - part.first}"
            stored = row < len(at(self.value, part.pointer) or ())
            found.append(Block(views, title, part.pointer, row, stored, part.more if is_last and stored else ""))
        return [one for one in found if one.fields]

    def idle_groups(self, parts: Iterable[Part] | None = None) -> list[Group]:
        """Groups of which no row is shown: the page offers to add one."""
        shown = {id(part) for part, _row, _questions in self.rows}
        return [
            one for one in (self.parts if parts is None else parts) if isinstance(one, Group) and id(one) not in shown
        ]

    def views(self) -> list[FieldView]:
        """All fields as shown, for the summary of errors."""
        return [field for block in self.blocks() for field in block.fields]

    def view(self, question: Question) -> FieldView:
        """One field as shown."""
        kind = kinds.KINDS[question.kind]
        text = self.typed.get(question.name)
        shown = self.stored_text(question) if text is None else text
        view = FieldView(
            question.name, question.label, self._hint(question, shown), kind.view, shown,
            self.errors.get(question.name) or self.notes.get(question.name, ""), self._choices(question),
            width=_width(question), prefix=question.prefix, suffix=question.suffix, term=question.term,
        )  # fmt: skip
        if kind.view == "combo":
            view.list_options = self.book.suggestions(question.codes)
            view.lookup_url = reverse("declaration_codes", args=[question.codes])
        if question.suggest:
            view.kind, view.list_options = "combo", self.choices.get(question.suggest, [])
        if question.kind in ("whole",):
            view.inputmode = "numeric"
        return view

    def _expand(self) -> Iterator[tuple[Part, int, tuple[Question, ...]]]:
        for part in self.parts:
            if not isinstance(part, Group):
                yield part, 0, (part,)
                continue
            stored = len(at(self.value, part.pointer) or ())
            posted = 0 if self.data is None else _rows_in(self.data, part)
            more = stored + 1 if part.pointer in self.spare else 0
            wanted = max(stored, posted, part.first + part.least, max(more, part.first + 1) if more else 0)
            for row in range(part.first, min(wanted, part.first + part.most)):
                yield part, row, part.row(row)

    def _read(self, data: QueryDict) -> None:
        for question in self.questions():
            if question.name not in data:
                continue
            text = data.get(question.name, "")[:TYPED_MOST]
            self.typed[question.name] = text
            try:
                self.cleaned[question.pointer] = kinds.read(question, text, self.book)
            except FieldError as error:
                if text and text in (self.stored_text(question), str(at(self.value, question.pointer))):
                    self.cleaned[question.pointer] = at(self.value, question.pointer)  # stored so, by whatever door
                else:
                    self.errors[question.name] = str(error)

    def stored_text(self, question: Question) -> str:
        """What the field shows for what is stored."""
        if question.kind == "same":
            return shown_choice(at(self.value, question.pointer.removesuffix("/same_as")))
        return kinds.show(question, at(self.value, question.pointer))

    def _is_cleared(self, question: Question) -> bool:
        return question.pointer in self.cleaned and self.cleaned[question.pointer] in EMPTY

    def _without_idle(self, found: dict[str, Any]) -> dict[str, Any]:
        """Without what another answer of this page made idle: the address of a party that is the same as another."""
        for question in self.questions():
            if question.drops and question.name in self.typed and not question.needed(found):
                put(found, question.pointer, None)
        return without_empty(found)

    def _is_shown(self, question: Question) -> bool:
        return (
            question.needed(self.context) or at(self.value, question.pointer) not in EMPTY
            or bool(self.typed.get(question.name)) or question.stored in self._conditional()
        )  # fmt: skip

    def _conditional(self) -> frozenset[str]:
        """Fields that an answer on this page opens: they are shown, so that the page works without scripts."""
        if self.context is not self.value:
            return frozenset()
        deciding = any(kinds.KINDS[one.kind].view == "radio" for one in self.questions())
        return frozenset(one.stored for one in self.questions()) if deciding else frozenset()

    def _choices(self, question: Question) -> list[Any]:
        given = self.choices.get(question.name)
        if given is not None:
            return given
        if question.kind == "yesno":
            return [(kinds.YES, _("Yes")), (kinds.NO, _("No"))]
        if question.kind == "select" and question.codes:
            return self._with_stored(question, self.book.choices(question.codes))
        return self._with_stored(question, list(question.choices))

    def _with_stored(self, question: Question, choices: list[Any]) -> list[Any]:
        """What is stored can always be kept, also where it came by another door."""
        stored = self.stored_text(question)
        known = {str(row[0]) for row in choices}
        extra = [(stored, stored)] if stored and stored not in known else []
        return [*choices, *extra]

    def _hint(self, question: Question, shown: str) -> Words:
        """The hint, and the name of the code that is chosen."""
        if not question.codes or kinds.KINDS[question.kind].view != "combo" or not shown:
            return question.hint
        name = self.book.name(question.codes, shown.strip().upper())
        chosen = _("Chosen: %(name)s.") % {"name": name} if name else ""
        return f"{question.hint} {chosen}".strip()


def _width(question: Question) -> str:
    """Groups with a sign before or behind have names of their own for their widths."""
    return "md" if question.width == "medium" and (question.prefix or question.suffix) else question.width


def _is_short(view: FieldView) -> bool:
    return view.kind in ("date", "time") or (view.kind in ("text", "decimal", "combo") and view.width in SHORT)


def _rows_in(data: QueryDict, group: Group) -> int:
    """How many rows of a group were posted."""
    prefix = group.pointer.replace("/", "_") + "_"
    numbers = [int(rest) for key in data if (rest := key.removeprefix(prefix).partition("_")[0]).isdigit()
               and rest.isascii() and key.startswith(prefix) and len(rest) <= 3]  # fmt: skip
    return min(max(numbers, default=-1) + 1, group.first + group.most)
