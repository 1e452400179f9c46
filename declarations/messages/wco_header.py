"""`Declaration` and what stands directly below it, the shipment apart: one function for each element."""

from declarations.document import Bond, Contact, Correction, Document, EntryNumber, Transport
from declarations.messages.shared import shared_currency
from declarations.messages.text import escape, one_line
from declarations.messages.wco_elements import IDENTIFIER, NAME, element, leaf, usd
from portal.money import plain_text

ORIGINAL, ADDITIONAL = "9", "13"
AMENDMENT = "COR"
MODES = frozenset("123457")  # first digits of the two-digit modes that mean the same in the one-digit list
CODE, REFERENCE, TELEPHONE, NUMBER, EXPLANATION = (one_line(longest) for longest in (3, 35, 50, 70, 512))


def identity(placed: set[str], document: Document, lrn: str, function: str) -> str:
    """The message itself: function, reference, entry number, type, number of lines, port of entry."""
    kind = AMENDMENT if function == ADDITIONAL else document.entry_type
    port = document.ports.entry if document.ports else None
    return (
        f"<FunctionCode>{function}</FunctionCode><FunctionalReferenceID>{escape(lrn)}</FunctionalReferenceID>"
        + entry_number(placed, document.entry_number)
        + leaf(placed, "entry_type", "TypeCode", kind, CODE)
        + f"<GoodsItemQuantity>{len(document.items)}</GoodsItemQuantity>"
        + leaf(placed, "ports.entry", "DeclarationOfficeID", port, IDENTIFIER)
    )


def entry_number(placed: set[str], one: EntryNumber | None) -> str:
    """The eleven characters together; a number of another make is told in parts as well."""
    if one is None:
        return ""
    parts = [one.filer_code or "", one.sequence or "", one.check_digit or ""]
    said = leaf(set(), "", "ID", one.compact, NUMBER)
    if said and [len(part) for part in parts] == [3, 7, 1]:
        placed.update(("entry_number.filer_code", "entry_number.sequence", "entry_number.check_digit"))
    return said


def additional_documents(placed: set[str], document: Document) -> str:
    """Missing documents, then documents cited: an element each, in their order."""
    missing = (
        "<AdditionalDocument><CategoryCode>MIS</CategoryCode>"
        + leaf(placed, f"missing_documents.{index}", "TypeCode", code, CODE)
        + "</AdditionalDocument>"
        for index, code in enumerate(document.missing_documents)
    )
    cited = (
        "<AdditionalDocument><CategoryCode>DOC</CategoryCode>"
        + leaf(placed, f"documents.{index}.number", "ID", one.number, NUMBER)
        + leaf(placed, f"documents.{index}.type", "TypeCode", one.type, CODE)
        + "</AdditionalDocument>"
        for index, one in enumerate(document.documents)
    )
    return "".join((*missing, *cited))


def explanation(placed: set[str], correction: Correction | None) -> str:
    """The explanation of a correction, as the free statement that goes with an amendment."""
    if correction is None:
        return ""
    said = leaf(placed, "correction.explanation", "StatementDescription", correction.explanation, EXPLANATION)
    return element("AdditionalInformation", said and said + "<StatementTypeCode>AES</StatementTypeCode>")


def amendments(placed: set[str], correction: Correction | None) -> str:
    """One element for each reason."""
    return "".join(
        f"<Amendment>{leaf(placed, f'correction.header_reasons.{index}', 'ChangeReasonCode', reason, CODE)}</Amendment>"
        for index, reason in enumerate(correction.header_reasons if correction else ())
    )


def border_transport(transport: Transport | None) -> str:
    """The mode at the border in the one-digit list, where ours has an equal there; the exact code is a statement."""
    mode = (transport.mode if transport else None) or ""
    known = len(mode) == 2 and mode.isascii() and mode.isdecimal() and mode[0] in MODES
    return element("BorderTransportMeans", f"<ModeCode>{mode[0]}</ModeCode>" if known else "")


def carrier(placed: set[str], transport: Transport | None) -> str:
    """The carrier."""
    code = transport.carrier.code if transport and transport.carrier else None
    return element("Consignment", element("Carrier", leaf(placed, "transport.carrier.code", "ID", code, IDENTIFIER)))


def currency_exchange(document: Document, shared: dict[str, str]) -> str:
    """The rate of exchange, where all lines use one."""
    rate, currency = shared.get("valuation.exchange.rate"), shared_currency(document)
    if rate is None:
        return ""
    name = f"<CurrencyTypeCode>{currency}</CurrencyTypeCode>" if currency else ""
    return f"<CurrencyExchange>{name}<RateNumeric>{plain_text(rate)}</RateNumeric></CurrencyExchange>"


def declarant(placed: set[str], document: Document) -> str:
    """Who files: filer code, and whom customs calls."""
    filer = document.entry_number.filer_code if document.entry_number else None
    contact = document.contact or Contact()
    telephone = leaf(placed, "contact.phone", "ID", contact.phone, TELEPHONE)
    return element(
        "Declarant",
        leaf(set(), "", "ID", filer, IDENTIFIER)
        + element("Contact", leaf(placed, "contact.name", "Name", contact.name, NAME))
        + element("Communication", telephone and telephone + "<TypeCode>TE</TypeCode>"),
    )


def guarantees(placed: set[str], bonds: tuple[Bond, ...], surety: str | None) -> str:
    """One element for each bond, in their order."""
    if surety is not None:
        placed.update(f"bonds.{index}.surety" for index in range(len(bonds)))
    return "".join(guarantee(placed, f"bonds.{index}", one) for index, one in enumerate(bonds))


def guarantee(placed: set[str], path: str, bond: Bond) -> str:
    """One bond."""
    return (
        "<ObligationGuarantee>"
        + usd(placed, f"{path}.amount", "AmountAmount", bond.amount)
        + leaf(placed, f"{path}.ebond_number", "ID", bond.ebond_number, NUMBER)
        + leaf(placed, f"{path}.designation", "ReferenceID", bond.designation, REFERENCE)
        + leaf(placed, f"{path}.type", "SecurityDetailsCode", bond.type, CODE)
        + "</ObligationGuarantee>"
    )


def presentation_office(placed: set[str], document: Document) -> str:
    """The port of examination."""
    port = document.ports.examination if document.ports else None
    return element("PresentationOffice", leaf(placed, "ports.examination", "ID", port, IDENTIFIER))
