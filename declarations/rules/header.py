"""The declaration as a whole: format, what is filed, its references, flags and codes of the header."""

import re
from collections.abc import Iterator

from declarations.document import SCHEMA
from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule

ACTS = ("release", "summary")
FUNCTIONS = ("original", "amendment", "correction", "cancellation")
LRN_LENGTH = 18
ABI_REFERENCE_LENGTH = 9
RECONCILIATION_ISSUES = frozenset({"001", "002", "003", "004", "005", "006", "007"})
INCOTERMS = frozenset(["EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DAT", "DDP"])
MORE_THAN_TWO = "99"

_FORMAT = f"Format of this portal, {SCHEMA}"
_ABI_REFERENCE = re.compile(r"[A-Z0-9 -]{1,9}\Z")
_MISSING_DOCUMENT = re.compile(r"[0-9]{2}\Z")


@rule("HDR-PROFILE", "error", _FORMAT)
def profile(case: Case) -> Iterator[Finding]:
    """These rules are those of the United States, and the declaration does not say that it is for them. Set the
    profile to US."""
    if case.document.profile != "US":
        yield "/profile"


@rule("HDR-SCHEMA", "error", _FORMAT)
def schema(case: Case) -> Iterator[Finding]:
    """The declaration is written for format {schema}, and this portal reads {known}. Write it in that format, or
    leave the member out."""
    if case.document.schema not in (None, SCHEMA):
        yield "/schema", {"schema": case.document.schema or "", "known": SCHEMA}


@rule("HDR-FUNCTION", "error", "CATAIR AE record 10, position 3")
def function(case: Case) -> Iterator[Finding]:
    """{function} is not something a declaration can do. Use original, amendment, correction or cancellation."""
    if case.document.function not in (None, *FUNCTIONS):
        yield "/function", {"function": case.document.function or ""}


@rule("HDR-ACTS", "error", "19 CFR 142.2(a), 142.12(b)")
def acts(case: Case) -> Iterator[Finding]:
    """Say what you file: release (the entry), summary (the entry summary with the deposit of duty), or both. Each
    has its own clock."""
    filing = case.document.filing
    if not filing or not filing.acts:
        yield "/filing/acts"
        return
    for place, act in enumerate(filing.acts):
        if act not in ACTS or act in filing.acts[:place]:
            yield f"/filing/acts/{place}"


@rule("HDR-RELCERT", "error", "CATAIR AE record 10, position 40")
def release_certification(case: Case) -> Iterator[Finding]:
    """You ask for release within the summary, but do not file both. List both acts, release and summary, or take
    the release certification out."""
    filing = case.document.filing
    if filing and filing.release_certification and filing.acts and not set(ACTS) <= set(filing.acts):
        yield "/filing/release_certification"


@rule("HDR-RELCERT-NONE", "warning", "CATAIR AE record 10, position 40")
def both_without_certification(case: Case) -> Iterator[Finding]:
    """You file release and summary together without a release certification, so they go as two messages. Set the
    certification to true if you want one message for both."""
    filing = case.document.filing
    if filing and set(ACTS) <= set(filing.acts) and not filing.release_certification:
        yield "/filing/release_certification"


@rule("HDR-RELCERT-MANY", "error", "CATAIR AE record 10, position 40; ACE condition 147")
def consolidated_certification(case: Case) -> Iterator[Finding]:
    """A summary for several releases cannot ask for release itself: its goods are already released. Take out the
    release certification or the consolidation."""
    filing, indicators = case.document.filing, case.document.indicators
    if filing and filing.release_certification and indicators and indicators.consolidated_summary:
        yield "/filing/release_certification"


@rule("HDR-EINVOICE", "error", "CATAIR AE record 10, position 41; ACE condition 312")
def electronic_invoice(case: Case) -> Iterator[Finding]:
    """An electronic invoice cannot go with a summary that asks for release. Take out the release certification, or
    send the invoice as a document."""
    filing = case.document.filing
    if filing and filing.electronic_invoice and filing.release_certification:
        yield "/filing/electronic_invoice"


@rule("HDR-EINVOICE-PAY", "error", "ACE condition 222")
def electronic_invoice_payment(case: Case) -> Iterator[Finding]:
    """A summary with an electronic invoice is paid by statement. Choose a statement payment type, or take out the
    electronic invoice."""
    filing, payment = case.document.filing, case.document.payment
    if filing and filing.electronic_invoice and (payment.type if payment else None) not in reading.STATEMENT:
        yield "/payment/type"


@rule("HDR-EINVOICE-BOND", "error", "ACE condition 224")
def electronic_invoice_bond(case: Case) -> Iterator[Finding]:
    """A summary with an electronic invoice needs a continuous bond (type 8), and none is given. Give it, or take
    out the electronic invoice."""
    filing = case.document.filing
    if filing and filing.electronic_invoice and not case.continuous_bonds:
        yield "/bonds"


@rule("HDR-REF", "error", "CATAIR AE record 10, positions 22-30; ACE condition B34")
def reference(case: Case) -> Iterator[Finding]:
    """Your own reference is missing. Give one, such as the order number: it is how you and customs tell your
    filings apart."""
    if not (case.document.functional_reference_id or "").strip():
        yield "/functional_reference_id"


@rule("HDR-REF-LONG", "error", _FORMAT)
def reference_length(case: Case) -> Iterator[Finding]:
    """Your reference has {length} characters; at most {most} can be sent. Shorten it."""
    found = case.document.functional_reference_id or ""
    if len(found) > LRN_LENGTH:
        yield "/functional_reference_id", {"length": str(len(found)), "most": str(LRN_LENGTH)}


@rule("HDR-REF-BLANK", "error", _FORMAT)
def reference_blank(case: Case) -> Iterator[Finding]:
    """Your reference begins or ends with a blank, which is lost on the way, and the answers of customs would not
    find it. Write it without."""
    found = case.document.functional_reference_id or ""
    if found.strip() and found != found.strip():
        yield "/functional_reference_id"


@rule("HDR-REF-ABI", "warning", "CATAIR AE record 10, positions 22-30")
def reference_for_abi(case: Case) -> Iterator[Finding]:
    """A filing in ABI has room for {most} characters of your reference, in capital letters and digits. Shorten
    {reference} if you file that way, or only its beginning will come back to you."""
    found = case.document.functional_reference_id or ""
    if 0 < len(found) <= LRN_LENGTH and not _ABI_REFERENCE.match(found):
        yield "/functional_reference_id", {"reference": found, "most": str(ABI_REFERENCE_LENGTH)}


@rule("HDR-REF-TAKEN", "error", _FORMAT)
def reference_taken(case: Case) -> Iterator[Finding]:
    """Your declaration {other} already has the reference {reference}, and answers from customs are matched by it.
    Choose another reference."""
    other = case.facts.reference_taken_by
    if other:
        yield "/functional_reference_id", {"other": other, "reference": case.document.functional_reference_id or ""}


@rule("HDR-CONTACT", "warning", "CATAIR cargo release, record SE13")
def contact(case: Case) -> Iterator[Finding]:
    """Customs has nobody to call about this release. Give a name and a telephone number of somebody who can answer
    for it."""
    if case.files_release:
        found = case.document.contact
        for member in ("name", "phone"):
            if not (found and getattr(found, member)):
                yield f"/contact/{member}"


@rule("HDR-USAGE", "error", "CATAIR AE record 10, position 43; ACE condition 131")
def usage(case: Case) -> Iterator[Finding]:
    """{usage} is not a shipment usage. Use P for goods for personal use or X for samples, or leave it out."""
    found = case.document.indicators.usage if case.document.indicators else None
    if found not in (None, "P", "X"):
        yield "/indicators/usage", {"usage": found or ""}


@rule("HDR-REMOTE", "error", "CATAIR block control record B, positions 47-53; ACE conditions X21 to X31")
def remote_location(case: Case) -> Iterator[Finding]:
    """You file from a place away from the port of entry, and part of that place is missing. Give the preparer's
    port and filer code, or take remote filing out."""
    remote = case.document.filing.remote_location_filing if case.document.filing else None
    if remote is not None:
        for member in ("preparer_port", "preparer_filer"):
            if not getattr(remote, member):
                yield f"/filing/remote_location_filing/{member}"


@rule("HDR-EXAM-PORT", "warning", "CATAIR AE record 20, positions 48-51")
def examination_port(case: Case) -> Iterator[Finding]:
    """An examination port is only read with remote filing, and this is not one. Leave it out, or say from where
    you file remotely."""
    ports, filing = case.document.ports, case.document.filing
    if ports and ports.examination and not (filing and filing.remote_location_filing):
        yield "/ports/examination"


@rule("HDR-RECON-ISSUE", "error", "CATAIR AE record 10, positions 47-49; ACE condition 155")
def reconciliation_issue(case: Case) -> Iterator[Finding]:
    """{issue} is not a reconciliation issue. Use 001 for value, 003 for 9802, 005 for both, or one of 002, 004,
    006 and 007, which include classification."""
    indicators = case.document.indicators
    found = indicators.reconciliation.issue if indicators and indicators.reconciliation else None
    if found and found not in RECONCILIATION_ISSUES:
        yield "/indicators/reconciliation/issue", {"issue": found}


@rule("HDR-RECON-BOND", "error", "ACE condition 154")
def reconciliation_bond(case: Case) -> Iterator[Finding]:
    """An entry that is left open for reconciliation needs a continuous bond (type 8), and none is given. Give it,
    or take out the reconciliation flag."""
    indicators = case.document.indicators
    flag = indicators.reconciliation if indicators else None
    if flag and (flag.issue or flag.trade_agreement) and not case.continuous_bonds:
        yield "/bonds"


@rule("HDR-TIB", "error", "CATAIR AE record 10, position 69; ACE condition 316")
def temporary_importation(case: Case) -> Iterator[Finding]:
    """Entry type 23 is a temporary importation under bond, and its declaration is not made. Set the TIB
    declaration to true: you promise that the goods leave again in time."""
    indicators = case.document.indicators
    if case.files_summary and case.entry_type == "23" and not (indicators and indicators.tib_declaration):
        yield "/indicators/tib_declaration"


@rule("HDR-TIB-NOT", "error", "CATAIR AE record 10, position 69; ACE condition 315")
def temporary_importation_elsewhere(case: Case) -> Iterator[Finding]:
    """Only entry type 23 carries the declaration of temporary importation. Take it out, or change the entry type."""
    indicators = case.document.indicators
    if case.entry_type not in ("", "23") and indicators and indicators.tib_declaration:
        yield "/indicators/tib_declaration"


@rule("HDR-MISSING-DOC", "error", "CATAIR AE record 33; ACE condition 151")
def missing_document_code(case: Case) -> Iterator[Finding]:
    """{code} is not a code for a missing document. Codes have two digits; 98 means another document."""
    for place, code in enumerate(case.document.missing_documents):
        if not _MISSING_DOCUMENT.match(code):
            yield f"/missing_documents/{place}", {"code": code}


@rule("HDR-MISSING-DOC-TWICE", "error", "CATAIR AE record 33; ACE condition 152")
def missing_document_twice(case: Case) -> Iterator[Finding]:
    """The missing document {code} is listed twice. Remove one of them."""
    codes = case.document.missing_documents
    for place, code in enumerate(codes):
        if code in codes[:place]:
            yield f"/missing_documents/{place}", {"code": code}


@rule("HDR-MISSING-DOC-99", "error", "CBP Form 7501, block 18; ACE condition 153")
def missing_document_order(case: Case) -> Iterator[Finding]:
    """Code 99 says that more than two documents are missing and never stands first. Give the code of one missing
    document first, then 99."""
    codes = case.document.missing_documents
    if codes and codes[0] == MORE_THAN_TWO:
        yield "/missing_documents/0"


@rule("HDR-MISSING-DOC-MANY", "error", "CBP Form 7501, block 18; CATAIR AE record 33")
def missing_document_count(case: Case) -> Iterator[Finding]:
    """There is room for two codes of missing documents, and you list {count}. Keep the first and write 99 in
    second place."""
    codes = case.document.missing_documents
    if len(codes) > 2:
        yield "/missing_documents/2", {"count": str(len(codes))}


@rule("HDR-CURRENCY", "error", "ISO 4217")
def currency(case: Case) -> Iterator[Finding]:
    """{currency} is not a currency we know. Use the three letters of ISO 4217, such as USD."""
    found, known = case.document.currency, case.facts.codes.currencies
    if found and known and found not in known:
        yield "/currency", {"currency": found}


@rule("HDR-INCOTERM", "warning", "19 CFR 141.86")
def incoterm(case: Case) -> Iterator[Finding]:
    """{incoterm} is not a delivery term we know, so we cannot tell whether freight and insurance are in the price.
    Use three letters such as FOB or CIF."""
    found = case.document.terms.incoterm if case.document.terms else None
    if found and found not in INCOTERMS:
        yield "/terms/incoterm", {"incoterm": found}


RULES = (
    profile, schema, function, acts, release_certification, both_without_certification, consolidated_certification,
    electronic_invoice, electronic_invoice_payment, electronic_invoice_bond, reference, reference_length,
    reference_blank, reference_for_abi, reference_taken, contact, usage, remote_location, examination_port,
    reconciliation_issue, reconciliation_bond, temporary_importation, temporary_importation_elsewhere,
    missing_document_code, missing_document_twice, missing_document_order, missing_document_count, currency, incoterm,
)  # fmt: skip
