"""From the bytes that were sent to rows: the file goes to disk, is read by its kind, and is kept."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from declarations.filer.batches import csv_rows, json_lines, xlsx_rows
from declarations.filer.batches.refusing import BatchRefused
from declarations.filer.batches.tables import Cells, convert
from declarations.services.batches import Row
from portal.records.sealing import file_holds_personal
from portal.records.services import keep_file

MOST_BYTES = 100_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {"application/x-ndjson": "ndjson", "text/csv": "csv", XLSX: "xlsx"}
TABLES: dict[str, Callable[[Path], Iterator[Cells]]] = {"csv": csv_rows.rows_of, "xlsx": xlsx_rows.rows_of}


class Received(NamedTuple):
    """A file whose declarations are known; both digests are of kept bytes."""

    rows: list[Row]
    source: str
    lines: str


def receive(path: Path, *, format: str, now: datetime) -> Received:
    """The file is read and kept, and beside a table its declarations as JSON lines.

    Raises BatchRefused, TooManyDeclarations.
    """
    if format == "ndjson":
        rows = list(json_lines.rows_of(path))
        if not rows:
            raise BatchRefused("The file is empty.")
        sha256 = keep_file(path, now=now)
        return Received(rows, sha256, sha256)
    lines = path.with_suffix(".lines")
    rows = convert(TABLES[format](path), path.with_suffix(".loose"), lines)
    source = keep_file(path, now=now, seals=file_holds_personal(lines))
    return Received(rows, source, keep_file(lines, now=now))
