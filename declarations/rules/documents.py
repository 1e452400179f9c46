"""Papers behind the filing: documents and their references, licences, rulings, partner agencies."""

import re
from collections.abc import Iterator
from datetime import timedelta

from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule

INVOICE_KINDS = frozenset({"commercial_invoice", "pro_forma_invoice", "proforma_invoice"})
RULING_TYPES = frozenset({"C", "P", "R"})
RULING = "R"
_RULING_NUMBER = re.compile(r"[A-Z0-9]{1,6}[0-9]\Z")


@rule("DOC-ID", "error", "Format of this portal")
def document_id(case: Case) -> Iterator[Finding]:
    """This document has no id, so no line can refer to it. Give it a short one, such as D1."""
    for place, one in enumerate(case.document.documents):
        if not one.id:
            yield f"/documents/{place}/id"


@rule("DOC-ID-TWICE", "error", "Format of this portal")
def document_twice(case: Case) -> Iterator[Finding]:
    """Two documents have the id {id}. Give each its own."""
    seen: set[str] = set()
    for place, one in enumerate(case.document.documents):
        if one.id and one.id in seen:
            yield f"/documents/{place}/id", {"id": one.id}
        seen.add(one.id or "")


@rule("DOC-REF", "error", "Format of this portal")
def reference(case: Case) -> Iterator[Finding]:
    """This refers to document {id}, and no document has that id. Add the document, or correct the reference."""
    known = case.document_kinds
    for line in case.lines:
        for place, one in enumerate(line.item.documents):
            if one not in known:
                yield f"{line.at}/documents/{place}", {"id": one}
        preference = line.item.preference
        certification = preference.certification if preference else None
        if certification and certification.document and certification.document not in known:
            yield f"{line.at}/preference/certification/document", {"id": certification.document}


@rule("DOC-KIND", "warning", "19 CFR 141.86")
def document_kind(case: Case) -> Iterator[Finding]:
    """This document does not say what it is. Give its kind, such as commercial_invoice or packing_list."""
    for place, one in enumerate(case.document.documents):
        if not one.type:
            yield f"/documents/{place}/type"


@rule("DOC-INVOICE", "warning", "19 CFR 141.86")
def invoice(case: Case) -> Iterator[Finding]:
    """No commercial invoice is listed. Add it, or a pro forma invoice: customs may ask for it at any time."""
    if not any(one.type in INVOICE_KINDS for one in case.document.documents):
        yield "/documents"


@rule("INV-DOC", "warning", "19 CFR 141.86")
def invoice_listed(case: Case) -> Iterator[Finding]:
    """The price of this line comes from invoice {invoice}, and no such invoice is among the documents. Add it, or
    correct the number."""
    listed = {one.number for one in case.document.documents if one.number}
    listed |= {one.id for one in case.document.documents if one.id}
    for line in case.lines:
        found = line.item.valuation.invoice if line.item.valuation else None
        if found and found.document and found.document not in listed:
            yield f"{line.at}/valuation/invoice/document", {"invoice": found.document}


@rule("DOC-DATE", "warning", "19 CFR 141.86")
def document_date(case: Case) -> Iterator[Finding]:
    """This document is dated {day}, which is still to come. Check the date."""
    for place, one in enumerate(case.document.documents):
        found = reading.day(one.date)
        if found and found > case.on + timedelta(days=1):
            yield f"/documents/{place}/date", {"day": reading.shown(found)}


@rule("DOC-YEAR", "warning", "19 CFR 141.86")
def document_year(case: Case) -> Iterator[Finding]:
    """This document is dated {day}, a year that nobody can mean. Correct the year."""
    for place, one in enumerate(case.document.documents):
        if one.date and reading.day(one.date) is None:
            yield f"/documents/{place}/date", {"day": one.date}


@rule("DOC-DIS", "warning", "CATAIR cargo release, record SE20, qualifier DIS")
def image_system(case: Case) -> Iterator[Finding]:
    """This document is marked as sent through the document image system, without its control number. Copy the
    number from the receipt."""
    for place, one in enumerate(case.document.documents):
        if one.dis and one.dis.sent_at and not one.dis.control_number:
            yield f"/documents/{place}/dis/control_number"


@rule("LIC-NUMBER", "error", "CATAIR AE record 52; ACE conditions 685 to 696")
def licence(case: Case) -> Iterator[Finding]:
    """A licence has a type and a number, and one is missing here. Copy both from the licence."""
    for line in case.lines:
        for place, one in enumerate(line.item.licences):
            for member in ("type", "number"):
                if not getattr(one, member):
                    yield f"{line.at}/licences/{place}/{member}"


@rule("LIC-MANY", "error", "CATAIR AE record 52; ACE condition A17")
def one_licence(case: Case) -> Iterator[Finding]:
    """A line carries one licence, and this is one more. Split the line, so that each part has its own licence."""
    for line in case.lines:
        if len(line.item.licences) > 1:
            yield f"{line.at}/licences/1"


@rule("RUL-TYPE", "error", "CATAIR AE record 43, position 3")
def ruling_type(case: Case) -> Iterator[Finding]:
    """A ruling is of type C, P or R, and this one is not. Use R for a binding ruling."""
    for line in case.lines:
        for place, one in enumerate(line.item.rulings):
            if one.type not in RULING_TYPES:
                yield f"{line.at}/rulings/{place}/type"


@rule("RUL-NUMBER", "error", "19 CFR 177.8; CATAIR AE record 43, positions 9-14")
def ruling_number(case: Case) -> Iterator[Finding]:
    """A binding ruling is cited by its number, such as N312345, and there is none here that can be sent. Copy it
    from the ruling."""
    for line in case.lines:
        for place, one in enumerate(line.item.rulings):
            if one.type == RULING and not _RULING_NUMBER.match(one.number or ""):
                yield f"{line.at}/rulings/{place}/number"


@rule("PGA-AGENCY", "error", "CBP PGA message set")
def agency(case: Case) -> Iterator[Finding]:
    """This entry for a partner agency does not name the agency. Give its code, such as FDA or EPA, or remove the
    entry."""
    for line in case.lines:
        for place, one in enumerate(line.item.pga):
            if not one.agency:
                yield f"{line.at}/pga/{place}/agency"


@rule("PGA-EMPTY", "warning", "CBP PGA message set")
def nothing_said(case: Case) -> Iterator[Finding]:
    """{agency} is named on this line, and nothing is said to it: neither a program nor a reason why its data are
    not needed. Give one of them."""
    for line in case.lines:
        for place, one in enumerate(line.item.pga):
            if one.agency and not (one.program or one.processing or one.disclaim):
                yield f"{line.at}/pga/{place}/program", {"agency": one.agency}


@rule("PGA-BOTH", "error", "CBP PGA message set")
def both_said(case: Case) -> Iterator[Finding]:
    """The data for {agency} are announced and disclaimed on the same line. Keep the program, if the agency wants
    data, or the disclaimer, if it does not."""
    for line in case.lines:
        for place, one in enumerate(line.item.pga):
            if one.disclaim and one.processing:
                yield f"{line.at}/pga/{place}/disclaim", {"agency": one.agency or ""}


@rule("PGA-CANNOT", "error", "CBP PGA message set")
def cannot_file(case: Case) -> Iterator[Finding]:
    """This portal cannot send the data that {agency} wants of these goods, and customs refuses the filing without
    them. Have a broker or another system file this entry, or give the reason why the data are not needed."""
    agencies = case.facts.pga_agencies
    for line in case.lines if agencies is not None else ():
        for place, one in enumerate(line.item.pga):
            if one.agency and not one.disclaim and agencies is not None and one.agency not in agencies:
                yield f"{line.at}/pga/{place}/agency", {"agency": one.agency}


RULES = (
    document_id, document_twice, reference, document_kind, invoice, invoice_listed, document_date, document_year,
    image_system, licence, one_licence, ruling_type, ruling_number, agency, nothing_said, both_said, cannot_file,
)  # fmt: skip
