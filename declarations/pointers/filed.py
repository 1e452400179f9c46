"""Where several of our lists follow one another in one WCO section: their order as filed."""

from collections.abc import Iterable
from typing import Any

from declarations.document import Document

_RENAMED = {"import": "import_date", "class": "tax_class"}


def at(document: Document, pointer: str) -> Any:
    """The value a pointer leads to, None where the way ends."""
    value: Any = document
    for part in pointer.split("/")[1:]:
        if isinstance(value, tuple):
            value = value[int(part)] if part.isdigit() and int(part) < len(value) else None
        else:
            value = getattr(value, _RENAMED.get(part, part), None)
    return value


def _given(document: Document, pointers: Iterable[str]) -> list[str]:
    """Those that say something: a part of which nothing is given is not filed."""
    found = ((pointer, at(document, pointer)) for pointer in pointers)
    return [one for one, value in found if isinstance(value, str) or (value is not None and value != type(value)())]


def _each(document: Document, pointer: str) -> list[str]:
    return [f"{pointer}/{index}" for index in range(len(at(document, pointer) or ()))]


def previous_documents(document: Document) -> list[str]:
    """Our members in the order of `GoodsShipment/PreviousDocument`."""
    levels = ("master", "house", "sub_house")
    bills = [f"{bill}/{level}" for bill in _each(document, "/transport/bills") for level in levels]
    return _given(document, [*bills, "/in_bond"])


def header_documents(document: Document) -> list[str]:
    """Our members in the order of `Declaration/AdditionalDocument`."""
    return [*_each(document, "/missing_documents"), *_each(document, "/documents")]


def line_documents(document: Document, line: str) -> list[str]:
    """Our members in the order of the line's `AdditionalDocument`."""
    lists = [one for name in ("rulings", "licences", "documents") for one in _each(document, f"{line}/{name}")]
    return [*_given(document, [f"{line}/preference/certification/document"]), *lists]


def adjustments(document: Document, line: str) -> list[str]:
    """Our members in the order of the line's `CustomsValuation/ChargeDeduction`."""
    return [one for name in ("additions", "deductions") for one in _each(document, f"{line}/valuation/{name}")]


def members_of(section: str, document: Document, line: str) -> list[str]:
    """Pointers of ours in the order of a section that several lists share."""
    if section == "42A/67A/99A":
        return previous_documents(document)
    if section == "42A/02A":
        return header_documents(document)
    return line_documents(document, line) if section.endswith("/02A") else adjustments(document, line)
