"""Taxes, fees and totals: what the filer states on a line, and whether the computation adds up."""

from collections.abc import Iterator
from decimal import Decimal

from declarations.assessment import ANTIDUMPING, COUNTERVAILING, DUTY_KINDS, TAX
from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule
from declarations.tariff.calculate.reading import is_of_the_day

MERCHANDISE, HARBOR = "499", "501"
COMPUTED_HERE = frozenset({"311", "496", "499", "500", "501"})
# Marketing orders and other fees of a line (CATAIR AE record 62); 499 and 501 are computed here.
LINE_FEES = frozenset(
    {
        "053", "054", "055", "056", "057", "079", "090", "102", "103", "104", "105", "106", "107", "108", "109",
        "110", "124", "125",
    }
)  # fmt: skip
TAX_CLASSES = frozenset({"016", "017", "018", "022"})
SPIRITS, WINE, TOBACCO = "016", "017", "018"
TOLERANCE = Decimal(3)
UNASSESSED = "DUTY-OPEN"
TIME_OF_ENTRY = "/dates/entry_time"


@rule("TAX-CLASS", "error", "CATAIR AE record 60, positions 3-5; ACE conditions 651 to 656")
def tax_class(case: Case) -> Iterator[Finding]:
    """{class_code} is not a class of internal revenue tax. Use 016 for spirits, 017 for wine, 018 for tobacco or
    022 for others."""
    for line in case.lines:
        for place, one in enumerate(line.item.ir_tax):
            if one.tax_class not in TAX_CLASSES:
                yield f"{line.at}/ir_tax/{place}/class", {"class_code": one.tax_class or "–"}


@rule("TAX-AMOUNT", "error", "CATAIR AE record 60, positions 6-15; ACE conditions 651 to 656")
def tax_amount(case: Case) -> Iterator[Finding]:
    """The internal revenue tax of this line has no amount, nor a rate and a basis to compute it from. Give them."""
    for line in case.lines:
        for place, one in enumerate(line.item.ir_tax):
            computable = reading.amount(one.rate) is not None and reading.amount(one.basis) is not None
            if reading.amount(one.amount) is None and not computable:
                yield f"{line.at}/ir_tax/{place}/amount"


@rule("TAX-DIFF", "warning", "ACE conditions 659 to 663")
def tax_difference(case: Case) -> Iterator[Finding]:
    """Rate times basis gives {expected} dollars of tax, and {given} is declared; more than 3 dollars apart is
    refused. Correct one of them."""
    for line in case.lines:
        for place, one in enumerate(line.item.ir_tax):
            yield from _difference(f"{line.at}/ir_tax/{place}/amount", one.basis, one.rate, one.amount)


@rule("TAX-TTB", "warning", "27 CFR parts 1 and 27")  # which permit depends on the goods
def tax_permit(case: Case) -> Iterator[Finding]:
    """Spirits, wine and tobacco need the importer's permit, and this line cites none. Add it under licences, or
    the data that TTB wants under pga."""
    for line in case.lines:
        taxed = any(one.tax_class in (SPIRITS, WINE, TOBACCO) for one in line.item.ir_tax)
        if taxed and not line.item.licences and not any(one.agency == "TTB" for one in line.item.pga):
            yield f"{line.at}/licences"


@rule("FEE-CLASS", "error", "CATAIR AE record 62, positions 3-5; ACE condition 249")
def fee_class(case: Case) -> Iterator[Finding]:
    """{class_code} is not a class of fee for a line. Use for example 056 for cotton, 110 for dairy or 107 for
    avocados."""
    for line in case.lines:
        for place, one in enumerate(line.item.fees):
            if one.fee_class not in LINE_FEES and one.fee_class not in COMPUTED_HERE:
                yield f"{line.at}/fees/{place}/class", {"class_code": one.fee_class or "–"}


@rule("FEE-COMPUTED", "warning", "19 CFR 24.23, 24.24")
def fee_computed_here(case: Case) -> Iterator[Finding]:
    """Fee {class_code} is computed for you from the value. Remove it here, so that it is not counted twice."""
    for line in case.lines:
        for place, one in enumerate(line.item.fees):
            if one.fee_class in COMPUTED_HERE:
                yield f"{line.at}/fees/{place}/class", {"class_code": one.fee_class or ""}


@rule("FEE-TWICE", "error", "CATAIR AE record 62")
def fee_twice(case: Case) -> Iterator[Finding]:
    """Fee {class_code} stands twice on this line. Add the amounts up and keep one."""
    for line in case.lines:
        if len(line.item.fees) > 1:
            seen: set[str] = set()
            for place, one in enumerate(line.item.fees):
                if one.fee_class and one.fee_class in seen:
                    yield f"{line.at}/fees/{place}/class", {"class_code": one.fee_class}
                seen.add(one.fee_class or "")


@rule("FEE-AMOUNT", "error", "CATAIR AE record 62, positions 6-13; ACE conditions 659 to 663")
def fee_amount(case: Case) -> Iterator[Finding]:
    """This fee has no amount, nor a rate and a quantity to compute it from. Give them, as the order of the agency
    prints them."""
    for line in case.lines:
        for place, one in enumerate(line.item.fees):
            computable = reading.amount(one.rate) is not None and reading.amount(one.quantity) is not None
            if reading.amount(one.amount) is None and not computable:
                yield f"{line.at}/fees/{place}/amount"


@rule("FEE-DIFF", "warning", "ACE conditions 659 to 663")
def fee_difference(case: Case) -> Iterator[Finding]:
    """Rate times quantity gives {expected} dollars of fee, and {given} is declared; more than 3 dollars apart is
    refused. Correct one of them."""
    for line in case.lines:
        for place, one in enumerate(line.item.fees):
            yield from _difference(f"{line.at}/fees/{place}/amount", one.quantity, one.rate, one.amount)


@rule("FEE-HMF-PORT", "warning", "19 CFR 24.24(b)(1); ACE conditions 600, 602")  # our list of ports may be incomplete
def harbor_fee(case: Case) -> Iterator[Finding]:
    """The harbor maintenance fee does not agree with the port of unlading {port}: compare it with the list of
    ports of 19 CFR 24.24. Correct the port, or tell us that our list is wrong."""
    ports = case.document.ports
    code = (ports.unlading or ports.entry) if ports else None
    port = case.facts.codes.ports.get(code) if code else None
    if code is None or port is None or port.harbor_fee is None or case.mode not in reading.WATER:
        return
    computed = not case.assessment.unassessed  # else a fee that is not there says nothing about the port
    charged = any(one.code == HARBOR for one in case.assessment.fees)
    missing = not charged and port.harbor_fee and case.entry_type in ("01", "02", "03") and case.total_value > 0
    if (missing and computed) or (charged and not port.harbor_fee):
        yield "/ports/unlading", {"port": code}


@rule("FEE-MPF-ORIGIN", "warning", "19 CFR 24.23(c)")
def processing_fee(case: Case) -> Iterator[Finding]:
    """The merchandise processing fee is charged on this line, and products of {origin} are free of it whether or
    not you claim a preference. Check the origin, and tell us if the fee should go."""
    for line in case.lines:
        if line.proposal and case.tariff.origin_status(line.country, "mpf_exempt", line.rate_date):
            for one in line.proposal.lines:
                if one.code == MERCHANDISE and reading.amount(one.amount):
                    yield f"{line.at}/origin_country", {"origin": line.origin}


@rule(UNASSESSED, "error", "19 CFR 142.12(b); ACE conditions 437, 438")
def unassessed(case: Case) -> Iterator[Finding]:
    """What is owed here cannot be computed. {reason} A summary needs every amount: give what is missing."""
    if case.files_summary:
        for one in case.assessment.unassessed:
            if is_of_the_day(one):  # DATE-TARIFF and DATE-OUTSIDE say it at the date
                continue
            at = TIME_OF_ENTRY if one.code == "DUTY-TIME" else one.pointer  # no number of the line mends that
            yield at, {"reason": reading.sentence(one.reason)}


@rule("DUTY-NOTICE", "warning", "19 USC 1484(a)(1)")
def notices(case: Case) -> Iterator[Finding]:
    """{reason} So more or less may be owed than is computed here. Find out, declare it, and keep the proof."""
    for one in case.assessment.notices:
        yield one.pointer, {"reason": reading.sentence(one.reason)}


@rule("TOT-LINES", "error", "ACE conditions 722, 724, 726, 737 to 747")
def totals_of_lines(case: Case) -> Iterator[Finding]:
    """The total of {kind} is {total} dollars, and the lines come to {lines}. Compute the duty again; if the
    difference stays, tell us."""
    sums = {"duty": Decimal(0), "antidumping": Decimal(0), "countervailing": Decimal(0), "tax": Decimal(0)}
    names = dict.fromkeys(DUTY_KINDS, "duty")
    names |= {ANTIDUMPING: "antidumping", COUNTERVAILING: "countervailing", TAX: "tax"}
    for item in case.assessment.items:
        for one in item.lines:
            name = names.get(one.kind)
            if name is not None:
                sums[name] += reading.amount(one.amount) or Decimal(0)
    totals = case.assessment.totals
    for name, found in sums.items():
        total = reading.amount(getattr(totals, name)) or Decimal(0)
        if total != found:
            yield "/items", {"kind": name, "total": reading.to_the_cent(total), "lines": reading.to_the_cent(found)}


@rule("TOT-FEES", "error", "CATAIR AE record 89; ACE conditions 712 to 720")
def totals_of_fees(case: Case) -> Iterator[Finding]:
    """The total of fees is {total} dollars, and the fees come to {parts}. Compute the duty again; if the
    difference stays, tell us."""
    total = reading.amount(case.assessment.totals.fees) or Decimal(0)
    found = sum((reading.amount(one.amount) or Decimal(0) for one in case.assessment.fees), Decimal(0))
    if found != total:
        yield "/items", {"parts": reading.to_the_cent(found), "total": reading.to_the_cent(total)}


@rule("TOT-SUM", "error", "CATAIR AE record 90; ACE conditions 722 to 726")
def totals_sum(case: Case) -> Iterator[Finding]:
    """Duties, taxes and fees come to {parts} dollars, and the total is {total}. Compute the duty again; if the
    difference stays, tell us."""
    totals = case.assessment.totals
    parts = (totals.duty, totals.antidumping, totals.countervailing, totals.tax, totals.fees)
    found = sum((reading.amount(one) or Decimal(0) for one in parts), Decimal(0))
    total = reading.amount(totals.total) or Decimal(0)
    if found != total:
        yield "/items", {"parts": reading.to_the_cent(found), "total": reading.to_the_cent(total)}


def _difference(at: str, basis: str | None, rate: str | None, given: str | None) -> Iterator[Finding]:
    quantity, share, declared = reading.amount(basis), reading.amount(rate), reading.amount(given)
    if quantity is not None and share is not None and declared is not None:
        expected = quantity * share
        if abs(expected - declared) > TOLERANCE:
            yield at, {"expected": reading.to_the_cent(expected), "given": reading.to_the_cent(declared)}


RULES = (
    tax_class, tax_amount, tax_difference, tax_permit, fee_class, fee_computed_here, fee_twice, fee_amount,
    fee_difference, harbor_fee, processing_fee, unassessed, notices, totals_of_lines, totals_of_fees, totals_sum,
)  # fmt: skip
