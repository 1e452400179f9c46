"""A declaration as a WCO message: DEC-DMS 2, with national statements for what has no place there."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

import msgspec

from declarations.assessment import Assessment
from declarations.document import Document, Item, tidy, to_plain
from declarations.messages import wco_header as header
from declarations.messages.envelope import in_envelope
from declarations.messages.national import DECLARED_FEE, DECLARED_TOTAL, HEADER, ITEM, REFERENCE, VERSION
from declarations.messages.shared import shared_members, shared_surety
from declarations.messages.statements import Statement, in_pieces, plan, statements_of
from declarations.messages.text import ABSENT, escape, mark
from declarations.messages.wco_elements import Sayings, information
from declarations.messages.wco_item import IN_ELEMENTS, line
from declarations.messages.wco_shipment import role, shipment
from portal.xml import clean_text

_ILLEGAL = re.compile(rb"\\u00[01]|\\[bf]|\xef\xbf[\xbe\xbf]")
HEADER_PLAN = plan(HEADER, {row.path.split(".")[0] for row in HEADER})
ITEM_PLAN = plan(ITEM, IN_ELEMENTS)


class _Part(NamedTuple):
    """A declaration or a line: elements before and after its national statements, and the members they say."""

    before: str
    after: str
    placed: set[str]


def encode(
    document: Document, *, assessment: Assessment | None, lrn: str, version: int, function: str = header.ORIGINAL,
    plain: dict[str, Any] | None = None,
) -> bytes:  # fmt: skip
    """The bytes of a declaration (function 9) or of its amendment (13). Every member travels, none is dropped.

    `plain` is the document's plain form where it was read from canonical bytes, so that it is not made again.
    """
    if plain is None or _perhaps_illegal(msgspec.json.encode(plain)):
        plain, document = _canonical(document)
    shared = shared_members(document)
    lines = "".join(_lines(document, plain, shared, assessment))
    whole = _declaration(document, shared, lrn=lrn, function=function, lines=lines)
    statements = [*statements_of(HEADER_PLAN, plain, whole.placed), *_about(document, assessment, lrn, version)]
    return in_envelope(whole.before + "".join(map(information, statements)) + whole.after)


def statement_codes(document: Document, line_index: int | None = None) -> list[str]:
    """Short names of the statements as filed, in the order of their elements: of the header, or of one line."""
    plain, document = _canonical(document)
    shared = shared_members(document)
    if line_index is None:
        part = _declaration(document, shared, lrn="", function=header.ORIGINAL, lines="")
        statements = statements_of(HEADER_PLAN, plain, part.placed)
    else:
        item = document.items[line_index]
        placed = set(shared)
        line(placed, item, line_index + 1, None)
        statements = chain(statements_of(ITEM_PLAN, plain["items"][line_index], placed), _unnumbered(item))
    return [one.code for said in statements for one in in_pieces(said)]


def _canonical(document: Document) -> tuple[dict[str, Any], Document]:
    """Plain form and value with the canonical text of every member, so that equal documents give equal bytes."""
    plain = tidy(to_plain(document))
    if _perhaps_illegal(msgspec.json.encode(plain)):
        plain = _clean(plain)
    return plain, msgspec.convert(plain, Document)


def _perhaps_illegal(raw: bytes) -> bool:
    return (b"\\" in raw or b"\xef\xbf" in raw) and _ILLEGAL.search(raw) is not None


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(name): _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list) else value


def _declaration(document: Document, shared: dict[str, str], *, lrn: str, function: str, lines: str) -> _Part:
    """All of the header; its elements come first, since they decide what the statements must still say."""
    placed: set[str] = set()
    surety = shared_surety(document)
    before = header.identity(placed, document, lrn, function) + header.additional_documents(placed, document)
    after = (
        header.explanation(placed, document.correction)
        + header.amendments(placed, document.correction)
        + header.border_transport(document.transport)
        + header.carrier(placed, document.transport)
        + header.currency_exchange(document, shared)
        + header.declarant(placed, document)
        + role(placed, document, "exporter", "Exporter")
        + shipment(placed, document, shared, surety, lines)
        + header.guarantees(placed, document.bonds, surety)
        + header.presentation_office(placed, document)
    )
    return _Part(before, after, placed)


def _lines(
    document: Document, plain: dict[str, Any], shared: dict[str, str], assessment: Assessment | None
) -> Iterator[str]:
    """The element of each line."""
    assessed = {one.sequence: one for one in assessment.items} if assessment else {}
    sayings = Sayings()
    for position, (item, one) in enumerate(zip(document.items, plain.get("items", ()), strict=True), start=1):
        placed = set(shared)
        before, after = line(placed, item, position, assessed.get(item.sequence or position))
        said = sayings.xml(ITEM_PLAN, one, placed) + "".join(map(information, _unnumbered(item)))
        yield f"<GovernmentAgencyGoodsItem>{before}{said}{after}</GovernmentAgencyGoodsItem>"


def _unnumbered(item: Item) -> Iterable[Statement]:
    """That a line has no number of its own, though its element must give one."""
    return () if item.sequence is not None else (Statement("sequence", ABSENT),)


def _about(document: Document, assessment: Assessment | None, lrn: str, version: int) -> Iterator[Statement]:
    """What the message says about itself, last, so that it moves no number of the others."""
    reference = document.functional_reference_id
    if reference != lrn or not header.REFERENCE.match(lrn):
        yield Statement(REFERENCE, ABSENT if reference is None else mark(reference))
    yield Statement(VERSION, str(version))
    if assessment:
        yield from (Statement(DECLARED_FEE, f"{mark(one.code)}|{mark(one.amount)}") for one in assessment.fees)
        yield Statement(DECLARED_TOTAL, mark(assessment.totals.total))


def encode_cancellation(
    *, entry_number: str, lrn: str, reason: str, code: str = "1", entry_type: str | None = None
) -> bytes:
    """A request to cancel a declaration."""
    said = " ".join(clean_text(reason).split())
    if not said:
        raise ValueError("a cancellation gives its reason")
    free = "".join(
        f"<AdditionalInformation><StatementDescription>{escape(piece.description)}</StatementDescription>"
        "<StatementTypeCode>AES</StatementTypeCode></AdditionalInformation>"
        for piece in in_pieces(Statement("", said))
    )
    amendment = f"<Amendment><ChangeReasonCode>{escape(code)}</ChangeReasonCode></Amendment>"
    return in_envelope(_request("INV", entry_number, lrn, entry_type) + free + amendment)


def encode_presentation(*, entry_number: str, lrn: str, entry_type: str | None = None) -> bytes:
    """The news that the goods of a declaration filed before arrival have been presented."""
    return in_envelope(_request("GPR", entry_number, lrn, entry_type))


def _request(kind: str, entry_number: str, lrn: str, entry_type: str | None) -> str:
    """What all additional messages begin with."""
    return (
        f"<FunctionCode>{header.ADDITIONAL}</FunctionCode><FunctionalReferenceID>{escape(lrn)}</FunctionalReferenceID>"
        f"<ID>{escape(entry_number.replace('-', ''))}</ID><TypeCode>{kind}</TypeCode>"
        + (information(Statement("entry_type", mark(entry_type))) if entry_type else "")
    )
