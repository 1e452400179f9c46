"""Rows of a CSV file, read as they are needed. Only text in one encoding is taken."""

import csv
from collections.abc import Iterator
from pathlib import Path

from declarations.filer.batches.refusing import BatchRefused
from declarations.filer.batches.tables import MOST_LINES, NOT_TAKEN, Cells

KINDS = {
    b"PK\x03\x04": "a spreadsheet or ZIP file", b"\xd0\xcf\x11\xe0": "a spreadsheet file of an old kind",
    b"%PDF": "a PDF file", b"\x1f\x8b": "a compressed file",
}  # fmt: skip


def rows_of(path: Path) -> Iterator[Cells]:
    """Rows that hold something, the heading first. Raises BatchRefused where the file is no CSV in UTF-8."""
    with path.open("rb") as source:
        start = source.read(4)
    for mark, words in KINDS.items():
        if start.startswith(mark):
            raise BatchRefused(f"This is {words}, and the request says text/csv.")
    if start.lstrip()[:1] in (b"<", b"{", b"["):
        raise BatchRefused("This is XML, HTML or JSON, and the request says text/csv.")
    encoding = "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    number = 0
    try:
        with path.open(encoding=encoding, newline="") as lines:
            head = lines.readline(131_072)
            lines.seek(0)
            reader = csv.reader(lines, delimiter=max("\t;,", key=head.count), strict=True)
            for count, cells in enumerate(reader):
                number = reader.line_num
                if count > 2 * MOST_LINES:
                    raise BatchRefused(f"A table has at most {MOST_LINES:,} rows.")
                if any(NOT_TAKEN in cell for cell in cells):
                    raise BatchRefused(f"Row {number} holds a NUL character. Save the file again as plain text.")
                if any(cell.strip() for cell in cells):
                    yield Cells(number, cells)
    except UnicodeError:
        where = f"row {_undecoded(path)}" if encoding == "utf-8-sig" else f"what follows row {number}"
        raise BatchRefused(
            f"The text is not in one encoding: {where} is not UTF-8. Save the file as CSV UTF-8."
        ) from None
    except csv.Error as error:
        raise BatchRefused(f"Row {number + 1} cannot be read as CSV: {_why(error)}") from None


def _undecoded(path: Path) -> int:
    """The first row that is no UTF-8: text is read in pieces, so that the reader itself does not know."""
    with path.open("rb") as source:
        for number, line in enumerate(source, start=1):
            try:
                line.decode()
            except UnicodeError:
                return number
    return 0


def _why(error: csv.Error) -> str:
    told = str(error)
    if "field larger" in told:
        return "a cell is longer than 131,072 characters. Is a closing quotation mark missing?"
    if "end of data" in told:
        return "a quotation mark opens a cell and none closes it before the end of the file."
    return "after the quotation mark that closes a cell, a separator or the end of the row must follow."
