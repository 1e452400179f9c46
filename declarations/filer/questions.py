"""What a page asks: one question is one member of the declaration, known by its pointer."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from declarations.paths import at
from portal.forms import Words

Header = Mapping[str, Any]
Predicate = Callable[[Header], bool]


def always(_header: Header) -> bool:
    """Asked of everybody."""
    return True


@dataclass(frozen=True)
class Question:
    """One field of a page. `pointer` is the path in the header (`ports/entry`), or in the line for pages of a line."""

    pointer: str
    label: Words
    hint: Words = ""
    kind: str = "text"
    codes: str = ""
    choices: tuple[Any, ...] = ()
    width: str = ""
    prefix: Words = ""
    suffix: Words = ""
    term: str = ""
    suggest: str = ""  # what the page offers while typing, beside a code list
    most: int = 100
    needed: Predicate = always
    drops: bool = False  # taken out when an answer of the same page makes it idle
    opens_on: str = ""  # shown once an answer of the same page opens it, where the browser can do that

    @property
    def name(self) -> str:
        """The name of its form field: the parts of the pointer."""
        return self.pointer.replace("/", "_")

    @property
    def stored(self) -> str:
        """The path that is written as one: the whole list for a member of a list."""
        parts = self.pointer.split("/")
        place = next((number for number, part in enumerate(parts) if part.isdigit()), len(parts))
        return "/".join(parts[:place])


@dataclass(frozen=True)
class Group:
    """Questions that repeat: bills, containers, papers. Their pointers begin below the number."""

    pointer: str
    title: Words
    questions: tuple[Question, ...]
    most: int = 50
    more: Words = ""
    first: int = 0  # rows before it are asked elsewhere
    least: int = 1  # rows shown where nothing is given yet
    needed: Predicate = always

    @property
    def stored(self) -> str:
        """The list is written as one."""
        return self.pointer

    def next_field(self, value: Mapping[str, Any]) -> str:
        """Name of the first field of the row that would come next."""
        return self.row(max(len(at(value, self.pointer) or ()), self.first))[0].name

    def row(self, number: int) -> tuple[Question, ...]:
        """The questions of one of them, counted from 0."""
        return tuple(replace(one, pointer=f"{self.pointer}/{number}/{one.pointer}") for one in self.questions)


Part = Question | Group


@dataclass(frozen=True)
class Step:
    """One page: its address, its title, why it is asked, and what it asks."""

    slug: str
    title: Words
    section: Words
    why: Words
    parts: tuple[Part, ...] = ()
    needed: Predicate = always
    optional: bool = False
    extra: str = ""  # a template with more to read on this page
    covers: tuple[str, ...] = ()  # pointers without a field of their own that are mended here
    must: tuple[str, ...] = ()  # answers without which the step is not done, whatever the rules ask
    decides: str = ""  # the answer of another step that decides whether this one is needed

    @property
    def pointers(self) -> tuple[str, ...]:
        """What the page writes, each once."""
        return tuple(dict.fromkeys(part.stored for part in self.parts))

    def questions(self) -> Iterator[Question]:
        """All questions, with `#` for the number of a repeated one."""
        for part in self.parts:
            if isinstance(part, Group):
                yield from (replace(one, pointer=f"{part.pointer}/#/{one.pointer}") for one in part.questions)
            else:
                yield part
