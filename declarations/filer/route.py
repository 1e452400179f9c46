"""The way through the steps: what comes next, what came before, how far each is, and where a problem is mended."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.urls import reverse

from declarations.document import Document
from declarations.filer import line_steps
from declarations.filer.questions import Group, Header, Question, Step
from declarations.filer.steps import BY_SLUG, MODE, STEPS
from declarations.paths import at
from declarations.pointers import page_of
from declarations.rules.base import Violation

NOT_STARTED, IN_PROGRESS, TO_CHECK, PROBLEMS, DONE, OPTIONAL, NOT_NEEDED, BLOCKED = (
    "not_started", "in_progress", "to_check", "problems", "done", "optional", "not_needed", "blocked",
)  # fmt: skip
LEFT_OUT = (OPTIONAL, NOT_NEEDED)  # nobody has to open them
LINES = "lines"
DECIDING = ("entry_type", MODE)  # answers on which it depends what else is asked
# Steps by the coarse pages of the pointer table, for members that have no field here.
COARSE = {"start": "file", "parties": "other-parties", "shipment": "arrival", "item": LINES}


class Row(NamedTuple):
    """One step in the task list."""

    step: Step
    state: str
    href: str
    problems: int


def needed_steps(header: Header) -> list[Step]:
    """Steps that apply to this declaration; one that holds something already stays in sight."""
    return [step for step in STEPS if step.needed(header) or has_values(step, header)]


def step_after(step: Step, header: Header) -> Step | None:
    """The next step that is needed; None after the last one."""
    later = STEPS[STEPS.index(step) + 1 :]
    return next((one for one in later if one.needed(header) or has_values(one, header)), None)


def step_before(step: Step, header: Header) -> Step | None:
    """The step before it that is needed; None for the first."""
    earlier = STEPS[: STEPS.index(step)]
    return next((one for one in reversed(earlier) if one.needed(header) or has_values(one, header)), None)


def has_values(step: Step, header: Header) -> bool:
    """Something of this step is given."""
    return any(at(header, pointer) not in (None, "", [], {}) for pointer in step.pointers)


def href_of(reference: str, slug: str) -> str:
    """Address of a step."""
    if slug == LINES:
        return reverse("declaration_lines", args=[reference])
    return reverse("declaration_step", args=[reference, slug])


def task_rows(
    *, reference: str, header: Header, visited: Iterable[str], violations: Iterable[Violation], items: int
) -> list[Row]:
    """The task list: every step with its state and how many problems it has.

    One that another answer shows to be idle has no address, and is not needed.
    """
    seen = set(visited)
    problems: dict[str, int] = {}
    for one in violations:
        if one.severity == "error":
            slug = slug_of(one.pointer)
            problems[slug] = problems.get(slug, 0) + 1
    is_known = bool(items and all(at(header, pointer) for pointer in DECIDING))
    rows = []
    for step in STEPS:
        begun = items > 0 if step.slug == LINES else has_values(step, header)
        count = problems.get(step.slug, 0)
        if not (step.needed(header) or begun):
            waits = step.decides and not at(header, step.decides)
            rows.append(Row(step, BLOCKED if waits else NOT_NEEDED, "", 0))
            continue
        was_visited = step.slug in seen or (step.slug == LINES and begun)
        state = _state(step, header, visited=was_visited, begun=begun, problems=count, is_known=is_known)
        rows.append(Row(step, state, href_of(reference, step.slug), count))
    return rows


def _state(step: Step, header: Header, *, visited: bool, begun: bool, problems: int, is_known: bool) -> str:
    """Without an answer a step is done only where all is known that decides, and the rules ask nothing of it."""
    if problems and (visited or (begun and step.optional)):
        return PROBLEMS
    if not begun:
        if step.optional and not problems:
            return OPTIONAL
        return DONE if visited and is_known and not problems else NOT_STARTED
    if any(not at(header, pointer) for pointer in step.must):
        return IN_PROGRESS
    return DONE if visited else TO_CHECK


def slug_of(pointer: str) -> str:
    """The step where the member of this JSON Pointer is mended."""
    return _question_of(pointer)[0]


def link_for(reference: str, pointer: str, document: Document | None = None) -> str:
    """Address of the very field, or the nearest one, where the member of this JSON Pointer is mended.

    `document` is the completed one that the pointer speaks of: the order of tariff numbers differs from the draft's.
    """
    parts = pointer.split("/")
    if parts[1:2] == ["items"] and len(parts) > 2 and parts[2].isdigit():
        field = line_steps.field_of("/".join(parts[3:]), document, int(parts[2]))
        line = reverse("declaration_line", args=[reference, str(int(parts[2]) + 1)])
        return f"{line}#id_{field}" if field else line  # the page shows an empty row where a list is missing
    slug, name = _question_of(pointer)
    return f"{href_of(reference, slug)}#id_{name}" if name else href_of(reference, slug)


def field_of(pointer: str) -> str:
    """Name of the form field of a header member, or an empty text."""
    return _question_of(pointer)[1]


def _question_of(pointer: str) -> tuple[str, str]:
    """Slug of the step and name of the field; the field may be empty."""
    parts = pointer.strip("/").split("/")
    if parts[:1] == [LINES] or parts[:1] == ["items"]:
        return LINES, ""
    for length in range(len(parts), 0, -1):
        shape = tuple("#" if part.isdigit() else part for part in parts[:length])
        found = BY_SHAPE.get(shape)
        if found is not None:
            step, question = found
            return step.slug, _filled(question.pointer, parts)
        covering = next((step for step in STEPS if "/".join(parts[:length]) in step.covers), None)
        if covering is not None:
            return covering.slug, ""
    page = page_of(pointer)[0].partition("/")[0]
    return COARSE.get(page, page if page in BY_SLUG else "file"), ""


def _filled(pointer: str, parts: list[str]) -> str:
    """The name of a field, with the numbers of the pointer in place of `#`; the first one where it has none."""
    named = [
        (parts[place] if place < len(parts) and parts[place].isdigit() else "0") if part == "#" else part
        for place, part in enumerate(pointer.split("/"))
    ]
    return "_".join(named)


def _by_shape() -> dict[tuple[str, ...], tuple[Step, Question]]:
    """Each question by the shape of its pointer, and by every beginning of it: the first field below a group."""
    found: dict[tuple[str, ...], tuple[Step, Question]] = {}
    for step in STEPS:
        for question in step.questions():
            parts = tuple(question.pointer.split("/"))
            for length in range(len(parts), 0, -1):
                found.setdefault(parts[:length], (step, question))
    return found


BY_SHAPE = _by_shape()


def answers(step: Step, header: Header) -> list[Question]:
    """The questions of a step as far as they apply, those of repeated groups once for each."""
    found: list[Question] = []
    for part in step.parts:
        if isinstance(part, Group):
            rows: Any = at(header, part.pointer) or []
            for number in range(len(rows)):
                found += part.row(number)
        elif part.needed(header) or at(header, part.pointer) not in (None, "", [], {}):
            found.append(part)
    return found


def header_of(value: Mapping[str, Any]) -> Header:
    """A header for predicates, from a whole declaration."""
    return {name: one for name, one in value.items() if name != "items"}
