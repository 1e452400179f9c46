"""The table of lines: one page of it, each line with its value, its duty and its problems."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from declarations.assessment import FEE, ItemAssessment
from declarations.filer.line_forms import main_number, main_place
from declarations.models import Declaration
from declarations.rules.base import Violation
from declarations.services.filing import Review
from portal.templatetags.portal_ui import number

PAGE = 100


class LineRow(NamedTuple):
    """One line as the table shows it. `value` and `duty` are None where they could not be computed."""

    number: int
    description: str
    hts_number: str
    origin: str
    program: str
    quantities: str
    value: str | None
    duty: Decimal | None
    problems: int


class LinePage(NamedTuple):
    """Rows, the cursor of the next page ("" at the end), how many lines have problems, and totals over all lines."""

    rows: list[LineRow]
    following: str
    with_problems: int
    value: Decimal
    duty: Decimal


def line_page(declaration: Declaration, review: Review, *, after: int = 0, only_problems: bool = False) -> LinePage:
    """One page of the lines after a number; with `only_problems` only those that must be mended."""
    problems = problems_by_line(review.violations)
    rows = declaration.items.filter(sequence__gt=after).order_by("sequence")
    if only_problems:
        rows = rows.filter(sequence__in=sorted(one for one in problems if one > after)[: PAGE + 1])
    found = list(rows.values_list("sequence", "content")[: PAGE + 1])
    assessed = {one.sequence: one for one in review.assessment.items}
    uncounted = {line_of(one.pointer) for one in review.assessment.unassessed}
    shown = [
        _row(number, content, assessed.get(number), problems, number in uncounted) for number, content in found[:PAGE]
    ]
    following = str(found[PAGE - 1][0]) if len(found) > PAGE else ""
    duty = sum((duty_of(one) for one in review.assessment.items), Decimal(0))
    return LinePage(shown, following, len(problems), review.assessment.entered_value, duty)


def problems_by_line(violations: Iterable[Violation]) -> Counter[int]:
    """How many errors each line has."""
    return Counter(number for one in violations if one.severity == "error" and (number := line_of(one.pointer)))


def line_of(pointer: str) -> int:
    """The number of the line that a JSON Pointer leads into, 0 where it leads elsewhere."""
    parts = pointer.split("/")
    return int(parts[2]) + 1 if parts[1:2] == ["items"] and len(parts) > 2 and parts[2].isdigit() else 0


def duty_of(item: ItemAssessment) -> Decimal:
    """All duties and taxes of a line; fees are owed on the whole entry."""
    return sum((Decimal(one.amount) for one in item.lines if one.kind != FEE), Decimal(0))


def _row(
    sequence: int, content: Mapping[str, Any], item: ItemAssessment | None, problems: Counter[int], is_open: bool
) -> LineRow:
    numbers = content.get("tariffs") or []
    place = main_place(numbers)
    given = [] if place is None else numbers[place].get("quantities") or []
    return LineRow(
        number=sequence,
        description=str(content.get("description") or ""),
        hts_number=main_number(content),
        origin=str(content.get("origin_country") or ""),
        program=str((content.get("preference") or {}).get("program") or ""),
        quantities=", ".join(f"{number(one['value'])} {one.get('unit', '')}" for one in given if one.get("value")),
        value=item.entered_value if item else None,
        duty=None if item is None or is_open else duty_of(item),
        problems=problems[sequence],
    )
