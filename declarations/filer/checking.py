"""Check your answers: every answer in words, what changed since the last filing, and all problems in one list."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from declarations.document import Document
from declarations.filer import kinds, route
from declarations.filer.codebook import CodeBook
from declarations.filer.line_table import line_of
from declarations.filer.parties import ROLE_WORDS
from declarations.filer.questions import Group, Header, Question, Step
from declarations.paths import at
from declarations.pointers import label_of
from declarations.rules import legal_basis, message
from declarations.rules.base import Violation
from declarations.services.foreseeing import Foreseen
from portal.forms import Words
from portal.templatetags.portal_ui import day, number

MOST_PLACES = 12
SEVERITIES = ("error", "warning", "information")


class Answer(NamedTuple):
    """One answer as it is read back: label, value in words, where to change it, and what it was when last filed."""

    label: Words
    value: str
    href: str
    was: str = ""
    error: str = ""


class AnswerSection(NamedTuple):
    """The answers of one step."""

    step: Step
    href: str
    answers: list[Answer]


class Place(NamedTuple):
    """Where a problem is mended."""

    label: str
    href: str


class Problem(NamedTuple):
    """One problem in words, with its law and every place where it stands."""

    code: str
    severity: str
    words: str
    law: str
    places: list[Place]
    more: int


class Waiting(NamedTuple):
    """An answer on which further checks depend, and what they are about."""

    answer: Words
    href: str
    about: list[str]


WAITS = {
    "/entry_type": gettext_lazy("once you choose the entry type"),
    "/transport/mode": gettext_lazy("once you say how the goods come"),
}


def sections(
    *, reference: str, header: Header, violations: Iterable[Violation], book: CodeBook, filed: Header | None
) -> list[AnswerSection]:
    """All answers of the header, step by step; steps of which nothing is said are left out unless they must be done."""
    errors: dict[str, str] = {}
    for one in violations:
        if one.severity == "error":
            errors.setdefault(route.field_of(one.pointer), message(one))
    found = []
    for step in route.needed_steps(header):
        if step.slug == route.LINES:
            continue
        href = route.href_of(reference, step.slug)
        answers = list(_answers(step, href, header, errors, book, filed))
        if not answers and not step.optional:
            answers = [Answer(_("No answer yet"), "", href)]
        if answers:
            found.append(AnswerSection(step, href, answers))
    return found


def _answers(
    step: Step, href: str, header: Header, errors: Mapping[str, str], book: CodeBook, filed: Header | None
) -> Iterable[Answer]:
    for label, question in _labelled(step, header):
        if "/address/" in question.pointer:
            if question.pointer.endswith("/address/street"):
                yield from _address(question.pointer.removesuffix("/street"), href, header, errors, book, filed)
            continue
        value = in_words(question, at(header, question.pointer), book)
        before = in_words(question, at(filed, question.pointer), book) if filed is not None else value
        error = errors.get(question.name, "")
        if value or error or before:
            was = (before or _("not given")) if before != value else ""
            yield Answer(label, value, f"{href}#id_{question.name}", was, error)


def _address(
    base: str, href: str, header: Header, errors: Mapping[str, str], book: CodeBook, filed: Header | None
) -> Iterable[Answer]:
    """A postal address in one answer."""
    value = address_words(at(header, base), book)
    before = address_words(at(filed, base), book) if filed is not None else value
    name = base.replace("/", "_")
    error = next((words for field, words in errors.items() if field.startswith(f"{name}_")), "")
    if value or error or before:
        was = (before or _("not given")) if before != value else ""
        yield Answer(_("Address"), value, f"{href}#id_{name}_street", was, error)


def address_words(address: Any, book: CodeBook) -> str:
    """An address as on an envelope."""
    if not isinstance(address, Mapping):
        return ""
    town = " ".join(str(address[name]) for name in ("city", "subdivision", "postcode") if address.get(name))
    country = str(address.get("country") or "")
    lines = (str(address.get("street") or ""), town, book.name("countries", country) or country)
    return "\n".join(one for one in lines if one)


def _labelled(step: Step, header: Header) -> Iterable[tuple[Words, Question]]:
    for part in step.parts:
        if isinstance(part, Group):
            for row in range(len(at(header, part.pointer) or ())):
                for question in part.row(row):
                    yield _("%(group)s %(n)d, %(label)s") % {
                        "group": part.title, "n": row + 1, "label": str(question.label),
                    }, question  # fmt: skip
        else:
            yield part.label, part


def in_words(question: Question, value: Any, book: CodeBook) -> str:
    """An answer as people read it: names beside codes, words for choices, dates and numbers written out."""
    if value in (None, "", [], {}):
        return ""
    if question.kind == "yesno":
        return str(_("Yes") if value else _("No"))
    if question.kind == "date":
        return str(day(value))
    if question.kind == "time":
        return str(_("%(time)s Eastern time") % {"time": value})
    if question.kind in ("amount", "whole"):
        return f"{number(value)} {question.suffix}".strip()
    if question.kind == "same":
        return str(ROLE_WORDS.get(value, value))
    if question.codes:
        name = book.name(question.codes, str(value))
        return f"{value} {name}".strip()
    shown = kinds.show(question, value)
    label = next((row[1] for row in question.choices if str(row[0]) == shown), None)
    return str(label) if label is not None else shown


def problems(
    *, reference: str, violations: Iterable[Violation], document: Document, severity: str = ""
) -> list[Problem]:
    """All problems, worst first; the same words said of many places stand once, with links to the places."""
    grouped: dict[tuple[str, str, str], list[Violation]] = {}
    for one in violations:
        if not severity or one.severity == severity:
            grouped.setdefault((one.severity, one.code, message(one)), []).append(one)
    found = []
    for (level, code, words), ones in grouped.items():
        places = [Place(place_words(one.pointer), route.link_for(reference, one.pointer, document)) for one in
                  ones[:MOST_PLACES]]  # fmt: skip
        found.append(Problem(code, level, words, legal_basis(ones[0]), places, len(ones) - len(places)))
    return sorted(found, key=lambda one: SEVERITIES.index(one.severity))


def waiting(*, reference: str, foreseen: Foreseen) -> list[Waiting]:
    """Checks that follow once an answer is given, by that answer; what they are about stands once, with no line."""
    return [
        Waiting(WAITS[pointer], route.link_for(reference, pointer),
                list(dict.fromkeys(label_of(one.pointer) for one in violations)))
        for pointer, violations in foreseen.waiting.items()
    ]  # fmt: skip


def place_words(pointer: str) -> str:
    """What people call the member a pointer leads to, with its line."""
    line = line_of(pointer)
    label = label_of(pointer)
    return _("Line %(n)d: %(label)s") % {"n": line, "label": label} if line else label
