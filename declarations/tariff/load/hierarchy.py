"""From printed rows to lines: who stands under whom, which rates hold, what can be declared."""

from collections.abc import Iterable
from typing import NamedTuple

from declarations.tariff.load.hts_rows import RawRow
from declarations.tariff.units import ace_units_of
from declarations.tariff.view import normal_number

AS_PRINTED = ("98", "99")
SEPARATOR = " > "


class Line(NamedTuple):
    """One row with what it inherits."""

    row: int
    parent_row: int | None
    indent: int
    number: str
    printed_number: str
    superior: bool
    description: str
    path: str
    units: tuple[str, ...]
    general: str
    special: str
    column2: str
    heading_of_rate: str
    declarable: bool


class _Open(NamedTuple):
    row: int
    indent: int
    description: str
    path: str
    rates: tuple[str, str, str]
    heading_of_rate: str


def lines_of(rows: list[RawRow]) -> list[Line]:
    """Lines in schedule order.

    A row stands under the nearest row before it with a smaller indent. All three rates come as a block from the
    nearest row above (or the row itself) whose general column is printed. What has nothing under it and at least
    eight digits can be declared.
    """
    stack: list[_Open] = []
    lines: list[Line] = []
    parents: set[int] = set()
    for place, raw in enumerate(rows, start=1):
        while stack and stack[-1].indent >= raw.indent:
            stack.pop()
        above = stack[-1] if stack else None
        if above:
            parents.add(above.row)
        digits = _digits(raw.number)
        if raw.general:
            rates, heading = (raw.general, raw.special, raw.column2), digits
        else:
            rates, heading = (above.rates, above.heading_of_rate) if above else (("", "", ""), "")
        path = SEPARATOR.join(one for one in (above.path, above.description) if one) if above else ""
        lines.append(_line(place, raw, digits, above, path, rates, heading))
        stack.append(_Open(place, raw.indent, raw.description, path, rates, heading))
    return list(_with_leaves(lines, parents))


def _line(
    place: int, raw: RawRow, digits: str, above: _Open | None, path: str, rates: tuple[str, str, str], heading: str
) -> Line:
    return Line(
        row=place,
        parent_row=above.row if above else None,
        indent=raw.indent,
        number=digits,
        printed_number=raw.number,
        superior=raw.superior or not raw.number,
        description=raw.description,
        path=path,
        units=ace_units_of(raw.units),
        general=rates[0],
        special=rates[1],
        column2=rates[2],
        heading_of_rate=heading,
        declarable=False,
    )


def _with_leaves(lines: Iterable[Line], parents: set[int]) -> Iterable[Line]:
    for line in lines:
        leaf = line.row not in parents and len(line.number) >= 8
        yield line._replace(declarable=leaf, number=normal_number(line.number) if leaf else line.number)


def _digits(number: str) -> str:
    return "".join(one for one in number if one in "0123456789")
