"""The table of lines: one page of it, each line with its value, its duty and its problems."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from declarations.assessment import FEE, ItemAssessment
from declarations.document import Item, Tariff
from declarations.filer.line_forms import CLASSIFICATION
from declarations.models import Declaration
from declarations.rules.base import Violation
from declarations.services.filing import Review
from portal import prepared
from portal.shown import hts, number

PAGE = 100
KEYS = (
    "SELECT line.key, draft.row_version FROM declarations_goodsitem line JOIN declarations_declaration draft"
    " ON draft.id = line.declaration_id WHERE draft.id = %s ORDER BY line.sequence"
)
_MOVE = '<button name="%s" value="%s" aria-label="%s %d">%s</button>'
MOST_WORDS = 90  # characters of a description in the table


class LineRow(NamedTuple):
    """One line in the words of the table; `problems` is a tag or nothing."""

    number: str
    words: str
    code: str
    problems: str
    origin: str
    quantities: str
    value: str
    duty: str
    key: str = ""
    moves: str = ""
    said: str = ""


class LinePage(NamedTuple):
    """Rows, the cursor of the next page ("" at the end), how many lines have problems, and totals over all lines."""

    rows: list[LineRow]
    following: str
    with_problems: int
    value: str
    duty: str


def line_keys(declaration: Declaration) -> list[str] | None:
    """The keys of the lines in their order; None where the draft has changed since it was read."""
    rows = prepared.read(KEYS, declaration.pk)
    return None if any(version != declaration.row_version for _key, version in rows) else [key for key, _one in rows]


def line_page(
    review: Review, *, keys: Sequence[str] = (), after: int = 0, only_problems: bool = False,
    said: Callable[[Item], str] | None = None,
) -> LinePage:  # fmt: skip
    """One page of the lines after a number; with `only_problems` only those that must be mended.

    With the keys of all lines a row can be moved, copied and taken out. `said` gives all that is declared of a line.
    """
    problems = problems_by_line(review.violations)
    assessed = {one.sequence: one for one in review.assessment.items}
    uncounted = {line_of(one.pointer) for one in review.assessment.unassessed}
    wanted = (
        (place, item) for place, item in enumerate(review.document.items[after:], start=after + 1)
        if not only_problems or problems[place]
    )  # fmt: skip
    found = list(islice(wanted, PAGE + 1))
    shown = [
        _row(place, item, assessed.get(place), problems[place], place in uncounted) for place, item in found[:PAGE]
    ]
    if keys:
        shown = [one._replace(key=keys[int(one.number) - 1]) for one in shown]
        shown = [one._replace(moves=_moves(int(one.number), len(keys), one.key)) for one in shown]
    if said:
        shown = [row._replace(said=said(item)) for row, (_place, item) in zip(shown, found, strict=False)]
    following = str(found[PAGE - 1][0]) if len(found) > PAGE else ""
    duty = sum((duty_of(one) for one in review.assessment.items), Decimal(0))
    return LinePage(shown, following, len(problems), number(review.assessment.entered_value), number(duty))


def problems_by_line(violations: Iterable[Violation]) -> Counter[int]:
    """How many errors each line has."""
    return Counter(place for one in violations if one.severity == "error" and (place := line_of(one.pointer)))


def line_of(pointer: str) -> int:
    """The number of the line that a JSON Pointer leads into, 0 where it leads elsewhere."""
    parts = pointer.split("/")
    return int(parts[2]) + 1 if parts[1:2] == ["items"] and len(parts) > 2 and parts[2].isdigit() else 0


def duty_of(item: ItemAssessment) -> Decimal:
    """All duties and taxes of a line; fees are owed on the whole entry."""
    return sum((Decimal(one.amount) for one in item.lines if one.kind != FEE), Decimal(0))


def _row(place: int, item: Item, assessed: ItemAssessment | None, problems: int, is_open: bool) -> LineRow:
    main = _main(item.tariffs)
    given = main.quantities if main else ()
    missing = _("not computed")
    return LineRow(
        number=str(place),
        words=_short(item.description) or _("No description yet"),
        code=hts(main.hts_number) if main else "",
        problems=_problems(problems) if problems else "",
        origin=_origin(item),
        quantities=", ".join(f"{number(one.value)} {one.unit or ''}" for one in given if one.value),
        value=number(assessed.entered_value) if assessed else missing,
        duty=missing if assessed is None or is_open else number(duty_of(assessed)),
    )


def _moves(place: int, count: int, key: str) -> SafeString:
    """Buttons to move a line, where it can go that way."""
    ways = (("up", _("Up"), place > 1), ("down", _("Down"), place < count))
    return SafeString("".join([_MOVE % (name, key, escape(words), place, escape(words)) for name, words, can in ways
                               if can]))  # fmt: skip


def _main(numbers: Iterable[Tariff]) -> Tariff | None:
    """The number that classifies the goods."""
    for one in numbers:
        if one.role in (None, "", CLASSIFICATION) and (one.hts_number or "")[:2] not in ("98", "99", ""):
            return one
    return None


def _short(words: str | None) -> str:
    return Truncator(words).chars(MOST_WORDS) if words and len(words) > MOST_WORDS else words or ""


def _problems(count: int) -> str:
    return format_html(' <span class="portal-status portal-status--bad">{} {}</span>', count, _("to mend"))


def _origin(item: Item) -> str:
    program = item.preference.program if item.preference else None
    if not program:
        return item.origin_country or ""
    return format_html('{} <span class="portal-id">{}</span>', item.origin_country or "", program)
