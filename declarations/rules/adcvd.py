"""Antidumping and countervailing cases on a line; whether the entry type may carry one is in the matrix (ADD-TYPE)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from declarations.document import AdCvd
from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule
from portal.money import to_cent_half_up

CASH, BOND = "cash", "bond"
AD_VALOREM, SPECIFIC = "ad_valorem", "specific"
STB_RATE = Decimal(5)
PERCENT = Decimal(100)
_CASE = re.compile(r"[AC][0-9]{9}\Z")


@rule("ADD-NONE", "error", "CATAIR entry summary, usage note ff")
def case_missing(case: Case) -> Iterator[Finding]:
    """Entry type {entry_type} is for goods of an antidumping or countervailing case, and no line names one. Give
    the case, or change the entry type."""
    named = any(line.item.adcvd for line in case.lines)
    if case.files_summary and case.entry_type in reading.ADCVD and case.lines and not named:
        yield "/items/0/adcvd", {"entry_type": case.entry_type}


@rule("ADD-CASE", "error", "CATAIR AE record 53, positions 3-12")
def case_number(case: Case) -> Iterator[Finding]:
    """{number} is not a case number: that is A or C and nine digits, for example A570890000. Write it without
    hyphens."""
    for at, one in _cases(case):
        if not _CASE.match(one.case_number or ""):
            yield f"{at}/case_number", {"number": one.case_number or "–"}


@rule("ADD-TWICE", "error", "CATAIR AE record 53")
def case_twice(case: Case) -> Iterator[Finding]:
    """Case {number} stands twice on this line. Remove one of them."""
    for line in case.lines:
        if len(line.item.adcvd) > 1:
            seen: set[str] = set()
            for place, one in enumerate(line.item.adcvd):
                if one.case_number and one.case_number in seen:
                    yield f"{line.at}/adcvd/{place}/case_number", {"number": one.case_number}
                seen.add(one.case_number or "")


@rule("ADD-SECURITY", "error", "CATAIR AE record 53, position 13")
def security(case: Case) -> Iterator[Finding]:
    """Say how this case is secured: cash, which is normal, or bond, where the case allows it."""
    for at, one in _cases(case):
        if one.security not in (CASH, BOND):
            yield f"{at}/security"


@rule("ADD-RATE", "error", "CATAIR AE record 53, positions 14-22; ACE conditions 567 to 575")
def rate(case: Case) -> Iterator[Finding]:
    """The deposit rate of this case is missing. Give it as the case query prints it, zero if it is zero."""
    for at, one in _cases(case):
        if reading.amount(one.rate) is None:
            yield f"{at}/rate"


@rule("ADD-RATE-TYPE", "error", "CATAIR AE record 53, position 22; ACE conditions 573, 574")
def rate_type(case: Case) -> Iterator[Finding]:
    """Say whether the rate is ad_valorem, in percent of the value, or specific, in dollars for a unit."""
    for at, one in _cases(case):
        if one.rate_type not in (AD_VALOREM, SPECIFIC):
            yield f"{at}/rate_type"


@rule("ADD-BASIS", "error", "CATAIR AE record 53, positions 25-46; ACE condition 575")
def basis(case: Case) -> Iterator[Finding]:
    """The deposit cannot be computed: an ad valorem rate needs the value of the goods under the case, a specific
    rate their quantity. Give it."""
    for at, one in _cases(case):
        if reading.amount(one.rate):
            if one.rate_type == AD_VALOREM and reading.amount(one.value) is None:
                yield f"{at}/value"
            if one.rate_type == SPECIFIC and reading.amount(one.quantity) is None:
                yield f"{at}/quantity"


@rule("ADD-DEPOSIT", "error", "ACE condition 576")
def deposit(case: Case) -> Iterator[Finding]:
    """The deposit of this case is {expected} dollars, to the cent, and {given} is declared. Correct it, or the
    rate, value or quantity it comes from."""
    for at, one in _cases(case):
        expected, given = _deposit(one), reading.amount(one.deposit)
        if expected is not None and given is not None and to_cent_half_up(given) != expected:
            yield f"{at}/deposit", {"expected": reading.to_the_cent(expected), "given": reading.to_the_cent(given)}


@rule("ADD-VALUE", "warning", "CATAIR AE record 53, positions 25-34")
def case_value(case: Case) -> Iterator[Finding]:
    """The value under the case is {value} dollars, above the {entered} of the line. Correct one of them."""
    for line in case.lines:
        for place, one in enumerate(line.item.adcvd):
            value = reading.amount(one.value)
            if value is not None and line.entered is not None and value > line.entered:
                params = {"value": reading.dollars(value), "entered": reading.dollars(line.entered)}
                yield f"{line.at}/adcvd/{place}/value", params


@rule("ADD-REIMB", "warning", "19 CFR 351.402(f)")
def reimbursement(case: Case) -> Iterator[Finding]:
    """There is no statement that the exporter does not reimburse you the antidumping duty. Make it before the
    entry is liquidated: without it the deposit is doubled."""
    for at, one in _cases(case):
        if (one.case_number or "").startswith("A") and reading.amount(one.rate) != 0:
            statement = one.non_reimbursement
            if statement is None or not (statement.statement or statement.id):
                yield f"{at}/non_reimbursement"


@rule("ADD-STB", "warning", "ACE condition 710")  # said of entries bonded for the case; cash deposits are not blocked
def single_bond(case: Case) -> Iterator[Finding]:
    """The case is secured by bond at {rate} percent, and there is no single transaction bond beside your
    continuous one. Give one, or deposit cash."""
    if not case.continuous_bonds or any(one.type == "9" for one in case.document.bonds):
        return
    for at, one in _cases(case):
        found = reading.amount(one.rate)
        if one.security == BOND and found and (one.rate_type == SPECIFIC or found >= STB_RATE):
            yield f"{at}/security", {"rate": f"{found:f}"}


def _cases(case: Case) -> Iterator[tuple[str, AdCvd]]:
    for line in case.lines:
        for place, one in enumerate(line.item.adcvd):
            yield f"{line.at}/adcvd/{place}", one


def _deposit(one: AdCvd) -> Decimal | None:
    """Rate times value, or rate times quantity, to the cent."""
    found = reading.amount(one.rate)
    if found is None:
        return None
    if one.rate_type == AD_VALOREM:
        value = reading.amount(one.value)
        return to_cent_half_up(value * found / PERCENT) if value is not None else None
    if one.rate_type == SPECIFIC:
        quantity = reading.amount(one.quantity)
        return to_cent_half_up(quantity * found) if quantity is not None else None
    return None


RULES = (
    case_missing, case_number, case_twice, security, rate, rate_type, basis, deposit, case_value, reimbursement,
    single_bond,
)  # fmt: skip
