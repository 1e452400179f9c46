"""Rows of an XLSX file, read as they are needed. No macros, no formulas, nothing that unpacks to more than it may."""

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from declarations.filer.batches.columns import MOST_COLUMNS
from declarations.filer.batches.refusing import BatchRefused
from declarations.filer.batches.tables import MOST_LINES, NOT_TAKEN, Cells

MOST_PARTS = 200
MOST_UNPACKED = 300_000_000
MOST_STRINGS = 50_000_000
SHEET = "declarations"
ACTIVE = ("vbaproject", "xl/macrosheets/", "xl/activex/", "xl/embeddings/", "xl/externallinks/")
PIECE = 1_048_576


def rows_of(path: Path) -> Iterator[Cells]:
    """Rows that hold something, the heading first. Raises BatchRefused."""
    _check(path)
    try:
        with path.open("rb") as source:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of styles that are not read
                book = openpyxl.load_workbook(source, read_only=True, keep_links=False)
            yield from _rows(_sheet(book))
            book.close()
    except BatchRefused:
        raise
    except Exception as error:  # a damaged workbook makes the reader raise anything
        raise BatchRefused(f"The workbook cannot be read ({type(error).__name__}). Save it again as XLSX.") from error


def _check(path: Path) -> None:
    """Refuse what is no plain workbook, before anything of it is unpacked into memory."""
    if not zipfile.is_zipfile(path):
        raise BatchRefused("This is not an XLSX workbook. One with a password is none either.")
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {one.filename.lower() for one in parts}
            if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
                raise BatchRefused("This is not an XLSX workbook.")
            if any(mark in name for name in names for mark in ACTIVE):
                raise BatchRefused("Macros, embedded objects and links to other workbooks are not taken.")
            if len(parts) > MOST_PARTS or len(names) < len(parts) or any(one.flag_bits & 1 for one in parts):
                raise BatchRefused("This is no workbook as spreadsheets write them.")
            unpacked = sum(one.file_size for one in parts)
            strings = sum(one.file_size for one in parts if one.filename.lower().endswith("sharedstrings.xml"))
            if unpacked > MOST_UNPACKED or strings > MOST_STRINGS:
                raise BatchRefused("The workbook unpacks to more than is taken. Send it as CSV or as JSON lines.")
            for one in parts:
                if one.filename.lower().endswith((".xml", ".rels")):
                    _check_part(archive, one)
    except BatchRefused:
        raise
    except Exception as error:
        raise BatchRefused("The workbook is damaged. Save it again as XLSX.") from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    before = b""
    with archive.open(part) as source:
        while piece := source.read(PIECE):
            if not before and piece.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] != b"<":
                raise BatchRefused("A part of the workbook is not XML in UTF-8.")
            found = before + piece
            if b"\0" in piece or b"<!DOCTYPE" in found or b"<!ENTITY" in found:
                raise BatchRefused("A part of the workbook declares a document type, which is not accepted.")
            if part.filename.lower() == "[content_types].xml" and b"macroEnabled" in found:
                raise BatchRefused("A workbook with macros is not taken. Save it as XLSX.")
            before = piece[-16:]


def _sheet(book: Any) -> Any:
    sheets = {one.title.strip().lower(): one for one in book.worksheets}
    if SHEET in sheets:
        return sheets[SHEET]
    if len(sheets) != 1:
        raise BatchRefused(f"The workbook has {len(sheets)} sheets; the one to read must be called {SHEET}.")
    return next(iter(sheets.values()))


def _rows(sheet: Any) -> Iterator[Cells]:
    sheet.reset_dimensions()
    head = next(sheet.iter_rows(min_row=1, max_row=1), ())
    names = [_text(one) for one in head]
    while names and not names[-1]:
        names.pop()
    if any(one.startswith(NOT_TAKEN) for one in names):
        raise BatchRefused("A heading is text, not a formula.")
    yield Cells(1, names)
    widest = min(len(names), MOST_COLUMNS) + 1  # one more shows that there are cells without a heading
    for number, cells in enumerate(sheet.iter_rows(min_row=2, max_col=widest), start=2):
        if number > 2 * MOST_LINES:
            raise BatchRefused(f"A table has at most {MOST_LINES:,} rows.")
        texts = [_text(one) for one in cells]
        if any(texts):
            yield Cells(number, texts)


def _text(cell: Any) -> str:
    """A cell as CSV would have it; what is refused in it begins with a mark."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return f"{NOT_TAKEN}A formula is not taken: send its value."
    if cell.data_type == "e":
        return f"{NOT_TAKEN}The cell holds the error {value}."
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, int | Decimal):
        return str(value)
    if type(value).__name__ == "float":
        return _number(Decimal(repr(value)))
    return str(value).replace(NOT_TAKEN, "").strip()


def _number(value: Decimal) -> str:
    """Plain digits, without the tail that a spreadsheet's binary numbers grow."""
    text = f"{round(value, 9):f}" if value.is_finite() else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
