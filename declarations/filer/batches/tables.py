"""A table of declarations, one row a line of goods, as one declaration in JSON a line. Neither is held in memory."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec

from declarations.decoding import Fault
from declarations.filer.batches.columns import OWN, CellRefused, Column, columns_of, fault_at, read
from declarations.filer.batches.refusing import BatchRefused, too_many
from declarations.paths import put, without_empty
from declarations.services.batch_rows import fault_json
from declarations.services.batches import Row

MOST_LINES = 50_000
MOST_FAULTS = 100
NO_OWN = f"Each row says its {OWN}: rows that have it in common are one declaration."
NOT_TAKEN = "\0"  # begins a cell that the reader of the file refuses; the reason follows


class Cells(NamedTuple):
    """One row of a table: its number in the file, the heading being row 1, and its cells as text."""

    line: int
    cells: Sequence[str]


def convert(table: Iterator[Cells], loose: Path, out: Path) -> list[Row]:
    """The table as JSON lines in `out`, declarations in the order in which they begin; `loose` is scratch.

    Raises BatchRefused, TooManyDeclarations.
    """
    first = next(table, None)
    if first is None:
        raise BatchRefused("The file is empty.")
    columns = columns_of(first.cells)
    with loose.open("w+b") as scratch, out.open("wb") as target:
        places = _spool(table, columns, scratch)
        return [_write(owned, places[owned], columns, scratch, target) for owned in places]


def _spool(table: Iterator[Cells], columns: list[Column | None], scratch: BinaryIO) -> dict[str, list[int]]:
    """Rows go to the scratch file; gives where those of each declaration lie, in the order of the file."""
    own_place = next(place for place, one in enumerate(columns) if one is not None and one.name == OWN)
    places: dict[str, list[int]] = {}
    offset = 0
    for count, row in enumerate(table, start=1):
        if count > MOST_LINES:
            raise BatchRefused(f"A table has at most {MOST_LINES:,} rows. Send more as JSON lines.")
        own = row.cells[own_place].strip() if own_place < len(row.cells) else ""
        places.setdefault(own or f"\n{row.line}", []).append(offset)
        too_many(len(places))
        raw = msgspec.json.encode(row) + b"\n"
        scratch.write(raw)
        offset += len(raw)
    if not places:
        raise BatchRefused("The file has headings but no rows.")
    return places


def _write(
    own: str, offsets: list[int], columns: list[Column | None], scratch: BinaryIO, target: BinaryIO
) -> Row:  # fmt: skip
    """The declaration of these rows stands in the target."""
    whole: dict[str, Any] = {}
    said: dict[str, tuple[int, str]] = {}
    items: list[dict[str, Any]] = []
    faults: list[Fault] = []
    if own.startswith("\n"):
        own, faults = "", [Fault("DOC-CELL", f"/{OWN}", f"Row {own[1:]}: {NO_OWN}")]
    first = 0
    for offset in offsets:
        scratch.seek(offset)
        row = msgspec.json.decode(scratch.readline(), type=Cells)
        first = first or row.line
        item: dict[str, Any] = {}
        if any(cell.strip() for cell in row.cells[len(columns) :]):
            faults.append(Fault("DOC-CELL", "", f"Row {row.line} has more cells than there are headings."))
        for column, cell in zip(columns, row.cells, strict=False):
            text = cell.strip()
            if column is None or not text:
                continue
            try:
                if column.of_item:
                    put(item, column.pointer, _value(column, text))
                elif column.name not in said:
                    said[column.name] = (row.line, text)
                    put(whole, column.pointer, _value(column, text))
                elif said[column.name][1] != text:
                    raise CellRefused(f"Row {said[column.name][0]} of the same declaration says something else.")
            except CellRefused as error:
                faults.append(fault_at(column, row.line, len(items), str(error)))
        if item:
            items.append(item)
    begin = target.tell()
    target.write(msgspec.json.encode(without_empty(whole | {"items": items})) + b"\n")
    told = tuple(fault_json(one) for one in faults[:MOST_FAULTS])
    return Row(first, begin, target.tell() - begin, own, told)


def _value(column: Column, text: str) -> Any:
    if text.startswith(NOT_TAKEN):
        raise CellRefused(text[1:])
    return read(column, text)
