"""What comes in: a declaration as JSON or as a WCO message, a merge patch, small typed bodies."""

from typing import Any, TypeVar

import msgspec
from rest_framework.request import Request

from declarations.decoding import DocumentRefused, Fault, decode_value, parse_json, why_not_json
from declarations.document import Document
from declarations.filer.api.shared import Unreadable, document_from
from declarations.freeze import plain
from declarations.messages.envelope import MessageRefused
from declarations.messages.wco_read import decode_declaration
from declarations.models import Declaration
from portal.api import JSON, body_of
from portal.xml import XmlRefused

XML = "application/xml"
DOCUMENT_KINDS = (JSON, XML)
T = TypeVar("T")


def body_document(request: Request) -> Document:
    """The declaration in the body: JSON, or a WCO declaration as XML. Raises Unreadable, NotAJson."""
    raw = body_of(request, *DOCUMENT_KINDS)
    if (request.content_type or "").startswith(JSON):
        return document_from(raw)
    try:
        return decode_declaration(raw)
    except MessageRefused as refused:
        raise Unreadable(DocumentRefused(list(refused.faults))) from None
    except XmlRefused as refused:
        raise Unreadable(DocumentRefused([Fault("DOC-XML", "", str(refused))])) from None


def merged(declaration: Declaration, raw: bytes) -> Document:
    """The draft with the members of a merge patch (RFC 7386): null takes one out. Raises Unreadable."""
    patch = _json(raw)
    if not isinstance(patch, dict):
        raise Unreadable(DocumentRefused([Fault("DOC-KIND", "", "A patch is an object.")]))
    return patched(declaration, patch)


def patched(declaration: Declaration, patch: dict[str, Any]) -> Document:
    """The same with a patch that was read before: on what the filer typed of what is in force."""
    try:
        return decode_value(_merge(plain(declaration), patch))
    except DocumentRefused as refused:
        raise Unreadable(refused) from None


def typed(request: Request, kind: type[T]) -> T:
    """A small body of this kind; an empty one is an empty object. Raises Unreadable with where it does not fit."""
    value = _json(body_of(request) or b"{}")
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        words, _, place = str(error).partition(" - at `$")
        pointer = place.rstrip("`").replace(".", "/").replace("[", "/").replace("]", "")
        raise Unreadable(DocumentRefused([Fault("DOC-MEMBER", pointer, words)])) from None


def _json(raw: bytes) -> Any:
    try:
        return parse_json(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise Unreadable(DocumentRefused([Fault("DOC-ENCODING", "", "The text is not UTF-8.")])) from None
    except (ValueError, RecursionError) as error:
        words = f"This is not JSON: {why_not_json(error)}."
        raise Unreadable(DocumentRefused([Fault("DOC-JSON", "", words)])) from None


def _merge(whole: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    found = dict(whole) if isinstance(whole, dict) else {}
    for name, one in patch.items():
        if one is None:
            found.pop(name, None)
        else:
            found[name] = _merge(found.get(name), one)
    return found
