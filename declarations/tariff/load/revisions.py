"""Earlier editions of the schedule, from a later one and the changes that led to it.

A list of revisions names their days; a list of changes says, revision by revision, which numbers were added,
removed or changed. Undone from the last to the first, they give the schedule of each day. A line that a revision
removed comes back at the place its number has among its neighbours; notes between the numbers are not in the list.
"""

import bisect
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from declarations.tariff.load.editions import OFFICIAL, insert_lines
from declarations.tariff.load.files import FileNotUnderstood, csv_header, csv_rows, read_source
from declarations.tariff.load.hierarchy import Line, lines_of
from declarations.tariff.load.hts_rows import RawRow
from declarations.tariff.models import HtsLine, TariffEdition
from declarations.tariff.view import normal_number
from portal.errors import DomainError

REVISIONS = ("seq", "revision", "hts_effective_date")
CHANGES = ("revision", "hts_number", "change", "column", "old")
MEMBERS = {"general": "general", "special": "special", "other": "column2", "description": "description"}


class BaseMissing(DomainError):
    """The edition that the changes lead to is not loaded."""

    code = "TARIFF_BASE_MISSING"


class Revision(NamedTuple):
    """One edition by its name and first day."""

    name: str
    effective_from: date


class Undo(NamedTuple):
    """One change, to be undone: what the number was before."""

    revision: str
    number: str  # as printed
    change: str  # added, removed, changed
    column: str
    old: str


def load_revisions(*, revisions: Path, changes: Path, now: datetime) -> list[TariffEdition]:
    """Every edition before the last is there, each holding what differs from the last; gives those made by this call.

    The last edition must be loaded for its day (`load_tariff`). Editions that are there already are left as they
    are. Raises BaseMissing, FileNotUnderstood. One transaction.
    """
    found = sorted(_revisions(revisions), key=lambda one: one.effective_from)
    undone = changes_of(changes)
    base = TariffEdition.objects.filter(source=OFFICIAL, effective_from=found[-1].effective_from, base=None).first()
    if base is None:
        raise BaseMissing(
            f"The changes lead to {found[-1].name}; load it first with --effective {found[-1].effective_from}."
        )
    sha256 = read_source(changes).sha256
    made = []
    with transaction.atomic():
        lines = [_line_of(one) for one in base.lines.order_by("row")]
        rows = [_raw(one) for one in lines]
        for later, earlier in zip(reversed(found[1:]), reversed(found[:-1]), strict=True):
            rows = undo(rows, [one for one in undone if one.revision == later.name])
            known = TariffEdition.objects.filter(source=OFFICIAL, effective_from=earlier.effective_from).exists()
            if not known:
                made.append(_store(earlier, base, lines, lines_of(rows), sha256, now))
    return made


def undo(rows: list[RawRow], changes: Iterable[Undo]) -> list[RawRow]:
    """The rows before the changes. A change of a number that is not there is passed over: a note, or renumbered."""
    listed = list(changes)
    gone = {one.number for one in listed if one.change == "added"}
    was: dict[str, list[Undo]] = {}
    for one in listed:
        if one.change == "changed":
            was.setdefault(one.number, []).append(one)
    kept = [_before(row, was.get(row.number, ())) for row in rows if not row.number or row.number not in gone]
    removed = sorted((one for one in listed if one.change == "removed"), key=lambda one: _digits(one.number))
    return _put_back(kept, removed) if removed else kept


def _before(row: RawRow, changes: Iterable[Undo]) -> RawRow:
    for one in changes:
        if one.column == "units":
            row = row._replace(units=_units(one.old))
        elif one.column in MEMBERS:
            row = RawRow(**(row._asdict() | {MEMBERS[one.column]: one.old}))
    return row


def _put_back(rows: list[RawRow], removed: list[Undo]) -> list[RawRow]:
    """The removed lines, each at the place of its number; as deep as a sibling, or one below its parent."""
    numbered = [(_digits(row.number), place) for place, row in enumerate(rows) if row.number]
    depths = {digits: rows[place].indent for digits, place in numbered}
    put: dict[int, list[RawRow]] = {}
    for one in removed:
        digits = _digits(one.number)
        at = bisect.bisect_left(numbered, (digits, -1))
        near = [numbered[place][0] for place in (at, at - 1) if 0 <= place < len(numbered)]
        row = _row_of(one, depths[digits] if digits in depths else _depth(digits, near, depths))
        depths.setdefault(digits, row.indent)
        place = numbered[at][1] if at < len(numbered) else len(rows)
        while place and not rows[place - 1].number and rows[place - 1].indent >= row.indent:
            place -= 1  # before the unnumbered headings of the line that follows
        put.setdefault(place, []).append(row)
    return [one for place in range(len(rows) + 1) for one in (*put.get(place, ()), *rows[place : place + 1])]


def _depth(digits: str, near: list[str], depths: dict[str, int]) -> int:
    for other in near:
        if len(other) == len(digits) and other[:-2] == digits[:-2]:
            return depths[other]
    above = next((digits[:length] for length in range(len(digits) - 2, 3, -2) if digits[:length] in depths), None)
    return depths[above] + 1 if above else 0


def _row_of(one: Undo, indent: int) -> RawRow:
    try:
        old = json.loads(one.old)
    except ValueError as error:
        raise FileNotUnderstood(f"The line {one.number} that was removed is no JSON: {error}.") from error
    return RawRow(
        number=one.number, indent=indent, superior=False, description=old.get("description", ""),
        units=_units(old.get("units", "")), general=old.get("general", ""), special=old.get("special", ""),
        column2=old.get("other", ""),
    )  # fmt: skip


def _store(
    revision: Revision, base: TariffEdition, lines: list[Line], earlier: list[Line], sha256: str, now: datetime
) -> TariffEdition:
    shared = {_compared(one) for one in lines}
    differing = [one for one in earlier if one.number and _compared(one) not in shared]
    there = {_key(one) for one in earlier}
    made = TariffEdition.objects.create(
        source=OFFICIAL, name=revision.name.replace("_", "-"), sha256=sha256, effective_from=revision.effective_from,
        loaded_at=now, base=base, absent=sorted({_key(one) for one in lines} - there),
    )  # fmt: skip
    insert_lines(made, differing)
    return made


def _key(line: Line) -> str:
    return normal_number(line.number)


def _compared(line: Line) -> tuple[object, ...]:
    """What a view shows of a line; its place in the print is not in it."""
    return (line.number, *line[6:])


def _line_of(one: HtsLine) -> Line:
    return Line(
        row=one.row, parent_row=one.parent_row, indent=one.indent, number=one.number,
        printed_number=one.printed_number, superior=one.superior, description=one.description, path=one.path,
        units=tuple(one.units.split("|")) if one.units else (), general=one.general, special=one.special,
        column2=one.column2, heading_of_rate=one.heading_of_rate, declarable=one.declarable,
    )  # fmt: skip


def _raw(line: Line) -> RawRow:
    """The row as it was printed: an inherited rate is not printed."""
    own = bool(line.heading_of_rate) and line.heading_of_rate == _digits(line.printed_number)
    return RawRow(
        number=line.printed_number, indent=line.indent, superior=line.superior, description=line.description,
        units=line.units, general=line.general if own else "", special=line.special if own else "",
        column2=line.column2 if own else "",
    )  # fmt: skip


def _revisions(path: Path) -> Iterator[Revision]:
    source = read_source(path)
    if not set(REVISIONS) <= set(csv_header(source)):
        raise FileNotUnderstood(f"{source.name} is no list of revisions.", file=source.name)
    for row in csv_rows(source):
        yield Revision(row["revision"], date.fromisoformat(row["hts_effective_date"]))


def changes_of(path: Path) -> list[Undo]:
    """A list of changes. Raises FileNotUnderstood."""
    source = read_source(path)
    if not set(CHANGES) <= set(csv_header(source)):
        raise FileNotUnderstood(f"{source.name} is no list of changes.", file=source.name)
    return [Undo(*(row[name] for name in CHANGES)) for row in csv_rows(source)]


def _units(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split("|") if one.strip())


def _digits(number: str) -> str:
    return "".join(one for one in number if one in "0123456789")
