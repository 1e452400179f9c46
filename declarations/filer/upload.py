"""Many lines at once: a CSV or JSON file, or rows pasted from a spreadsheet. All faults are named by row and column."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from declarations.decoding import Duplicate, faults_of, parse_json, why_not_json
from declarations.document import MAX_ITEMS
from declarations.filer import kinds
from declarations.filer.codebook import CodeBook
from declarations.filer.questions import Question
from declarations.filer.upload_columns import BY_NAME, EXAMPLE, NEEDED
from declarations.paths import put, without_empty
from portal.errors import DomainError
from portal.forms import FieldError

MAX_BYTES = 8_000_000
MOST_FAULTS = 100


class Fault(NamedTuple):
    """One thing that cannot be read: the row of the file (the heading is row 1), the column, and why."""

    row: int
    column: str
    words: str


class UploadRefused(DomainError):
    """Nothing was taken over; `faults` says what to mend."""

    code = "UPLOAD_REFUSED"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(self.faults[0].words if self.faults else self.code)


def read_lines(raw: bytes, book: CodeBook) -> list[dict[str, Any]]:
    """Lines from a file, JSON or CSV by what it holds. Raises UploadRefused with every fault."""
    text = _decoded(raw)
    if not text.strip():
        raise UploadRefused([Fault(1, "", _("The file is empty."))])
    first = text.lstrip()[0]
    if first == "<":
        words = _("This is an XML or HTML file. Lines of goods are read from CSV or JSON: see the example file.")
        raise UploadRefused([Fault(1, "", words)])
    lines = _from_json(text) if first in "[{" else _from_table(text, book)
    _count(len(lines))
    return lines


def template() -> str:
    """The headings of the table and one row as an example."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(BY_NAME)
    writer.writerow([EXAMPLE.get(name, "") for name in BY_NAME])
    return out.getvalue()


def _count(number: int) -> None:
    if number > MAX_ITEMS:
        words = _("A declaration has at most %(most)d lines; this file has %(n)d. Put the rest into another one.")
        raise UploadRefused([Fault(MAX_ITEMS + 2, "", words % {"most": MAX_ITEMS, "n": number})])
    if number == 0:
        raise UploadRefused([Fault(1, "", _("The file has headings but no lines."))])


def _decoded(raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        raise UploadRefused([Fault(1, "", _("The file is larger than 8 MB. Leave out what is not a line of goods."))])
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        words = _("This is a spreadsheet file. Save it as CSV (UTF-8) first, or copy its rows and paste them.")
        raise UploadRefused([Fault(1, "", words)])
    elif raw.startswith(b"%PDF"):
        raise UploadRefused([Fault(1, "", _("This is a PDF file. Lines of goods are read from CSV or JSON."))])
    else:
        encoding = "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        words = _("The text is not UTF-8: byte %(byte)s cannot be read. Save the file as CSV UTF-8.")
        raise UploadRefused([Fault(row, "", words % {"byte": f"0x{raw[error.start]:02X}"})]) from None
    if "\x00" in text:
        row = text[: text.index("\x00")].count("\n") + 1
        raise UploadRefused([Fault(row, "", _("The file holds a NUL character. Save it again as plain text."))])
    return text


def _from_table(text: str, book: CodeBook) -> list[dict[str, Any]]:
    rows = list(_rows(text))
    names = [re.sub(r"[\s\-]+", "_", cell.strip().lower()) for cell in rows[0][1]]
    faults = list(_heading_faults(names))
    if faults:
        raise UploadRefused(faults)
    _count(len(rows) - 1)
    lines = []
    for number, cells in rows[1:]:
        line, found = _line(number, names, cells, book)
        lines.append(line)
        faults += found
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise UploadRefused(faults[:MOST_FAULTS])
    return lines


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, with their number in the file."""
    first = text.split("\n", 1)[0]
    mark = max("\t;,", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)  # a quote that never ends is told
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise UploadRefused([Fault(reader.line_num, "", _why_no_row(error))]) from None


def _why_no_row(error: csv.Error) -> str:
    told = str(error)
    if "field larger" in told:
        return _("A cell of this row is longer than 131,072 characters. Is a closing quotation mark missing?")
    if "end of data" in told:
        return _("A quotation mark opens a cell and none closes it before the end of the file.")
    return _("After the quotation mark that closes a cell, a separator or the end of the row must follow.")


def _heading_faults(names: list[str]) -> Iterator[Fault]:
    for place, name in enumerate(names, start=1):
        if name and name not in BY_NAME:
            words = _("There is no column called %(name)s. Use the headings of the example file.")
            yield Fault(1, name[:40] or str(place), words % {"name": f"“{name[:40]}”"})
        elif name and names.count(name) > 1 and names.index(name) == place - 1:
            yield Fault(1, name, _("This column stands twice."))
    for name in NEEDED:
        if name not in names:
            yield Fault(1, name, _("This column is missing."))


def _line(number: int, names: list[str], cells: list[str], book: CodeBook) -> tuple[dict[str, Any], list[Fault]]:
    line: dict[str, Any] = {}
    faults = []
    if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
        faults.append(Fault(number, "", _("This row has more cells than there are headings.")))
    for name, cell in zip(names, cells, strict=False):
        column = BY_NAME.get(name)
        if column is None or not cell.strip():
            continue
        question = Question(column.pointer, column.name, kind=column.kind, codes=column.codes, most=column.most)
        text = cell.strip().lower() if column.kind == "yesno" else cell
        try:
            found = kinds.read(question, text, book)
            if found is None:
                raise FieldError(_("Write yes or no."))
            put(line, column.pointer, found)
        except FieldError as error:
            faults.append(Fault(number, name, str(error)))
    return _usual(line), faults


def _usual(line: dict[str, Any]) -> dict[str, Any]:
    """What a row of the table need not say."""
    if line.get("tariffs"):
        line["tariffs"][0]["role"] = "classification"
    if (line.get("valuation") or {}).get("invoice"):
        line["valuation"]["method"] = "1"
    for case in line.get("adcvd") or []:
        case |= {"security": "cash", "rate_type": "ad_valorem"}
    line.setdefault("sold_to", {"same_as": "importer"})
    return dict(without_empty(line))


def _from_json(text: str) -> list[dict[str, Any]]:
    """A list of lines, or a whole declaration whose lines are taken."""
    try:
        value = parse_json(text)
    except Duplicate as error:
        raise UploadRefused([Fault(1, "", str(error))]) from None
    except (ValueError, RecursionError) as error:
        row = getattr(error, "lineno", 1)
        raise UploadRefused([Fault(row, "", _("This is not JSON: %(why)s.") % {"why": why_not_json(error)})]) from None
    items = value.get("items") if isinstance(value, dict) else value
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise UploadRefused([Fault(1, "items", _("Give a list of lines, or a declaration with its items."))])
    _count(len(items))
    contents = [{name: one for name, one in item.items() if name != "sequence"} for item in items]
    faults = [
        Fault(_line_number(one.pointer), one.pointer.removeprefix("/items/"), one.message)
        for one, _n in zip(faults_of({"items": contents}), range(MOST_FAULTS), strict=False)
    ]
    if faults:
        raise UploadRefused(faults)
    return contents


def _line_number(pointer: str) -> int:
    part = pointer.split("/")[2:3]
    return int(part[0]) + 1 if part and part[0].isdigit() else 1
