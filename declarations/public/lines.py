"""Lines of the schedule as pages show them: what was found, the rates of a line."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from declarations.tariff.expressions.special import parse_special
from declarations.tariff.guide import name_of, tidy
from declarations.tariff.selectors import Found, Hit, Why
from declarations.tariff.view import TariffLine, TariffView


class Line(NamedTuple):
    """A line of the list: its number, and its words below what is said above it already."""

    number: str
    name: str
    above: str
    general: str
    declarable: bool


class Group(NamedTuple):
    """A subheading found: its name and place, its lines that fit best, how many more there are, and why it is here."""

    number: str
    name: str
    above: str
    lines: list[Line]
    size: int
    general: str  # of a subheading that is one number
    why: tuple[Why, ...]


class Programs(NamedTuple):
    """One rate of the special column, and whom it is for."""

    rate: str
    programs: list[tuple[str, str]]


def listed(hits: Iterable[Hit]) -> list[Line]:
    """Hits of a number, each with its whole place."""
    return [_line(one, 0) for one in hits]


def grouped(found: Iterable[Found]) -> list[Group]:
    """Subheadings that were found, with names."""
    return [_group(one) for one in found]


def _group(one: Found) -> Group:
    top = one.top
    name, above = name_of(top.description, top.path)
    if top.declarable and one.size == 1:
        return Group(top.number, name, above, [], 1, top.general, one.why)
    start = len(top.path) + (not top.declarable)
    return Group(one.number, name, above, [_line(hit, start) for hit in one.lines], one.size, "", one.why)


def _line(hit: Hit, start: int) -> Line:
    name, above = name_of(hit.description, hit.path[start:])
    return Line(hit.number, name, above, hit.general, hit.declarable)


def specials(line: TariffLine, view: TariffView) -> list[Programs]:
    """The special column by rate, each program with its name."""
    return [
        Programs(rate, [(code, _program_name(view, code)) for code in sorted(symbols)])
        for rate, symbols in parse_special(line.special)
    ]


def _program_name(view: TariffView, code: str) -> str:
    row = view.program(code)
    return row.name if row else ""


def hierarchy(line: TariffLine) -> list[dict[str, Any]]:
    """What stands above the line, outermost first, and the line itself."""
    chain = [*(tidy(one) for one in line.path), tidy(line.description)]
    return [{"text": text, "depth": depth} for depth, text in enumerate(chain)]
