"""What the operations of the API share: finding the declaration, taking in a document, shapes from rows."""

from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from declarations import selectors
from declarations.access import declaration_for
from declarations.decoding import DocumentRefused, Fault, decode
from declarations.document import DeclarantStatement, Document
from declarations.filer.api import shapes
from declarations.models import Declaration, Receipt, Request
from declarations.rules import message, rule_of
from declarations.rules.base import Violation
from declarations.rules.languages import fault_in, template_of
from declarations.services.proofs import is_genuine
from declarations.statements import statement_on, words_of
from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.errors import DomainError
from portal.languages import ENGLISH, say
from portal.languages.matching import values_in
from portal.timezones import party_date

BASE = "/api/v1/declarations"
MOST = 100
TOO_LARGE = ("DOC-SIZE", "MSG-SIZE")
NOT_READ = "The request cannot be read."  # of a small body, which is no declaration
UNREADABLE = ("DOC-ENCODING", "DOC-DUPLICATE", "DOC-DEPTH", "DOC-JSON", "DOC-XML")


class Unreadable(DomainError):
    """The body is no JSON, or no document: every fault with its pointer."""

    code = "UNREADABLE"
    status = 400

    def __init__(self, refused: DocumentRefused, *, is_declaration: bool = True) -> None:
        super().__init__("The body cannot be read as a declaration." if is_declaration else NOT_READ)
        self.title = "" if is_declaration else NOT_READ.rstrip(".")
        self.faults = refused.faults
        first = refused.faults[0].code if refused.faults else ""
        unreadable = first in UNREADABLE or first.startswith("MSG-")
        self.status = 413 if first in TOO_LARGE else 400 if unreadable else 422

    def members(self) -> dict[str, object]:
        """The faults, as violations."""
        return self.members_in(ENGLISH)

    def members_in(self, language: str) -> dict[str, object]:
        """The faults, as violations in a language."""
        return {
            "violations": [
                {"code": one.code, "pointer": one.pointer, "message": _words_of(one, language), "legal_basis": "",
                 "severity": "error"}
                for one in self.faults
            ]
        }  # fmt: skip


class BadCursor(DomainError):
    """A page was asked for in a way that cannot be."""

    code = "BAD_CURSOR"
    status = 400


def document_from(raw: bytes) -> Document:
    """The document in the body. Raises Unreadable with every fault."""
    try:
        return decode(raw)
    except DocumentRefused as refused:
        raise Unreadable(refused) from None


def page_asked(query: QueryDict) -> tuple[str, int]:
    """The cursor and the size of the page. Raises BadCursor."""
    after, size = query.get("after", ""), query.get("limit", "25")
    if not (size.isascii() and size.isdigit() and 1 <= int(size[:9]) <= MOST):
        raise BadCursor(f"limit is a number from 1 to {MOST}.")
    if after and not (after.isascii() and after.isdigit() and len(after) <= 18):
        raise BadCursor("after is the next that the page before gave.")
    return after, int(size)


def violations_of(found: Any, language: str) -> tuple[shapes.Violation, ...]:
    """Violations as the interface gives them."""
    return tuple(_violation(one, language) for one in found)


def _violation(one: Violation, language: str) -> shapes.Violation:
    return shapes.Violation(one.code, one.pointer, message(one, language), rule_of(one.code).law, one.severity)


def _words_of(one: Fault, language: str) -> str:
    return one.message if language == ENGLISH else fault_in(language, one.message, one.words, one.values)


def violation_in(language: str, kept: dict[str, Any]) -> dict[str, Any]:
    """A violation that was kept in English, in a language: by the words of its rule, or of what cannot be read."""
    if language == ENGLISH:
        return kept
    english, words = kept["message"], None
    try:
        rule = rule_of(kept["code"])
    except KeyError:
        words = fault_in(language, english, english, {})
    else:
        values, template = values_in(rule.message, english), template_of(rule.code, language)
        words = template.format_map(values) if values is not None and template is not None else None
    return {**kept, "message": say(english, language) if words in (None, english) else words}


def one_of(actor: Actor, reference: str, action: str = "declaration.read") -> Declaration:
    """The declaration. Raises Http404, ActionNotAllowed, NoMandate."""
    return declaration_for(actor, reference, action, on=party_date(timezone.now()))


def summary_of(one: Declaration) -> shapes.Summary:
    """A declaration in a list."""
    return shapes.Summary(
        reference=one.reference, entry_number=one.entry_number or None,
        functional_reference_id=one.functional_reference_id or None, entry_type=one.entry_type or None,
        importer=trader_of(one.importer), filer=trader_of(one.filer), filing=one.filing, legal=one.legal,
        has_hold=one.has_hold, status=str(selectors.state_of(one).word), goods=one.goods, lines=one.item_count,
        total_due=None if one.total_due is None else f"{one.total_due:.2f}", created_at=stamp(one.created_at),
        updated_at=stamp(one.updated_at), submitted_at=stamp(one.submitted_at) if one.submitted_at else None,
    )  # fmt: skip


def trader_of(one: Organization) -> shapes.Trader:
    """An organization as the API names it."""
    return shapes.Trader(one.reference, one.name)


def stamp(at: datetime) -> str:
    """A moment, in UTC, to the second and further."""
    return at.isoformat().replace("+00:00", "Z")


def receipt_shape(given: Receipt) -> shapes.Receipt:
    """The receipt, and whether the portal really gave it."""
    return shapes.Receipt(
        version=given.version.reference, at=stamp(given.at), digest=given.digest, channel=given.channel,
        declarant=given.declarant, transmitter=given.transmitter, key_id=given.key_id, code=given.code,
        is_genuine=is_genuine(given),
    )  # fmt: skip


def request_shape(made: Request) -> shapes.Requested:
    """A request to customs as the API gives it."""
    return shapes.Requested(
        reference=made.reference, kind=made.kind, state=made.state, lrn=made.lrn, reason_code=made.reason_code,
        reason=made.reason, created_at=stamp(made.created_at),
        settled_at=stamp(made.settled_at) if made.settled_at else None, version=made.version.number,
        proposal=made.proposal.number if made.proposal else None, errors=tuple(selectors.errors_of(made)),
    )  # fmt: skip


def statement_now(party: str, chosen: DeclarantStatement | None) -> dict[str, str]:
    """The words that are signed today, with the declarant's choices filled in, and their id."""
    found = statement_on(party_date(timezone.now(), party))
    capacity, obtained = (chosen.capacity, chosen.obtained_by) if chosen else (None, None)
    return {"id": found.id, "text": words_of(found, capacity=capacity, obtained_by=obtained), "law": found.law}


def links_of(reference: str) -> dict[str, str]:
    """Addresses of what belongs to a declaration."""
    own = f"{BASE}/{reference}"
    names = ("assessment", "events", "messages", "receipt", "entry-summary.pdf")
    return {"self": own, **{name: f"{own}/{name}" for name in names}}
