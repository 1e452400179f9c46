"""What comes in: a declaration as JSON or as a WCO message, a merge patch, small typed bodies."""

from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec
from rest_framework.request import Request

from declarations.decoding import (
    DocumentRefused,
    Fault,
    decode_value,
    escaped,
    json_fault,
    no_such_member,
    parse_json,
    text_faults,
    with_lines_apart,
)
from declarations.document import Document
from declarations.filer.api.shared import Unreadable, document_from
from declarations.freeze import plain
from declarations.messages.envelope import MessageRefused
from declarations.messages.wco_read import decode_declaration
from declarations.models import Declaration
from portal.api import JSON, body_of, bytes_of
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
        return with_lines_apart(decode_declaration(raw))
    except DocumentRefused as refused:
        raise Unreadable(refused) from None
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
    """A small body of this kind; an empty one is an empty object. Raises Unreadable with every fault of it."""
    return _typed(body_of(request), kind)


def refuse_members(request: Request) -> None:
    """Nothing is said in the body, where an operation takes none. Raises Unreadable."""
    _typed(bytes_of(request), Nothing)


def _typed(raw: bytes, kind: type[T]) -> T:
    value = _json(raw or b"{}", is_declaration=False)
    faults = [*_faults_of(value, kind), *text_faults(value)]
    if not faults:
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            faults = [_fault(error, "")]
    raise Unreadable(DocumentRefused(faults), is_declaration=False)


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An object without members."""


def _faults_of(value: Any, kind: type[Any]) -> Iterator[Fault]:
    """Member by member: what is not known here, what is missing, what does not fit."""
    if not isinstance(value, dict):
        yield Fault("DOC-KIND", "", "An object is expected here.")
        return
    known = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name, one in value.items():
        pointer = f"/{escaped(name)}"
        if name not in known:
            yield no_such_member(name, pointer)
            continue
        try:
            msgspec.convert(one, known[name].type)
        except msgspec.ValidationError as error:
            yield _fault(error, pointer)
    for name, field in known.items():
        if field.required and name not in value:
            yield Fault("DOC-MEMBER", f"/{escaped(name)}", "The member {name} is missing.", {"name": repr(name)})


def _fault(error: msgspec.ValidationError, pointer: str) -> Fault:
    words, _, place = str(error).partition(" - at `$")
    inside = place.rstrip("`").replace(".", "/").replace("[", "/").replace("]", "")
    return Fault("DOC-MEMBER", pointer + inside, words)


def _json(raw: bytes, *, is_declaration: bool = True) -> Any:
    try:
        return parse_json(raw.decode("utf-8"))
    except UnicodeDecodeError:
        faults = [Fault("DOC-ENCODING", "", "The text is not UTF-8.")]
    except (ValueError, RecursionError) as error:
        faults = [json_fault(error)]
    raise Unreadable(DocumentRefused(faults), is_declaration=is_declaration)


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
