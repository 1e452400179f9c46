"""From rows to the frozen document."""

from typing import Any, NamedTuple

import msgspec

from declarations.decoding import decode_value
from declarations.document import SCHEMA, Document
from declarations.document.canonical import may_be_empty
from declarations.models import Declaration
from declarations.paths import without_empty
from portal import prepared
from portal.personal import open_in

LINES = "SELECT content FROM declarations_goodsitem WHERE declaration_id = %s ORDER BY sequence"


def freeze(declaration: Declaration) -> Document:
    """The declaration as it stands in the tables. Raises DocumentRefused for rows no form can have written."""
    return decode_value(plain(declaration))


def plain(declaration: Declaration) -> dict[str, Any]:
    """The same as a JSON value; lines are numbered in their order."""
    contents = prepared.read(LINES, declaration.pk)
    items = [
        {**msgspec.json.decode(open_in(text)), "sequence": number} for number, (text,) in enumerate(contents, start=1)
    ]
    fixed = {"profile": declaration.party, "schema": SCHEMA, "function": "original"}
    return {**fixed, **declaration.header, "items": items}


def split(document: Document) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Header and lines of a document, as the tables keep them."""
    return _parts(msgspec.json.decode(msgspec.json.encode(document)))  # lists, as the tables give them back


class Tidied(NamedTuple):
    """Header and lines of a document as the tables keep them, and the document that they make."""

    header: dict[str, Any]
    lines: list[dict[str, Any]]
    document: Document


def split_tidily(document: Document) -> Tidied:
    """The same without members that say nothing."""
    raw = msgspec.json.encode(document)
    header, items = _parts(msgspec.json.decode(raw))
    if not may_be_empty(raw):
        return Tidied(header, items, document)
    header, items = without_empty(header), [without_empty(one) for one in items]
    return Tidied(header, items, msgspec.convert({**header, "items": items}, Document))


def _parts(value: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    items = [{name: one for name, one in item.items() if name != "sequence"} for item in value.pop("items", [])]
    for name in ("profile", "schema", "function"):
        value.pop(name, None)
    return value, items
