"""A WCO pointer into a national statement, back to the member that the statement says."""

import re

from declarations.document import Document
from declarations.messages.national import HEADER, ITEM
from declarations.messages.wco_xml import statement_codes
from declarations.pointers import from_wco

_HEADER = re.compile(r"42A(?:\[1\])?/03A\[([0-9]{1,5})\](?:/[0-9]{3})?")
_LINE = re.compile(r"42A(?:\[1\])?/67A(?:\[1\])?/68A\[([0-9]{1,5})\]/03A\[([0-9]{1,5})\](?:/[0-9]{3})?")


def locate(text: str, document: Document) -> str | None:
    """The JSON Pointer that a WCO pointer means in the document as filed, statements included; None where unknown."""
    header, line = _HEADER.fullmatch(text.strip()), _LINE.fullmatch(text.strip())
    if header:
        return _said_by(statement_codes(document), int(header[1]), line=None)
    if line:
        index = int(line[1]) - 1
        if not 0 <= index < len(document.items):
            return None
        return _said_by(statement_codes(document, index), int(line[2]), line=index)
    return from_wco(text, document)


def _said_by(codes: list[str], number: int, *, line: int | None) -> str | None:
    if not 1 <= number <= len(codes):
        return None
    code = codes[number - 1].partition("+")[0]
    row = next(one for one in (HEADER if line is None else ITEM) if one.code == code)
    base = "" if line is None else f"/items/{line}"
    pointer = f"{base}/{row.path.replace('.', '/')}"
    return f"{pointer}/{codes[:number].count(code) - 1}" if row.is_list else pointer
