"""How and when the deposit is paid: payment type, statement date and month, clearing house, deferred tax."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule
from portal.clocks.calendars import add_business_days, is_business_day, next_business_day, nth_business_day_of_month

TYPES = frozenset({"1", "2", "3", "5", "6", "7", "8"})
SINGLE = "1"
BRANCH_TYPES = frozenset({"5", "8"})
DEFERRALS = ("1", "2")
DAYS_AHEAD = 90
MONTHS_AFTER_RELEASE = 2
SUMMARY_DAYS = 10
MONTHLY_PAYMENT_DAY = 15
_MONTH = re.compile(r"(0[1-9]|1[0-2])\Z")


@rule("PAY-NONE", "warning", "19 CFR 24.25; CATAIR AE record 10, position 51")
def nothing_chosen(case: Case) -> Iterator[Finding]:
    """Money is owed on this summary, and nothing says how it is paid. Choose a payment type: 1 for this entry
    alone, 2, 3 or 5 for a daily statement, 6, 7 or 8 for a monthly one."""
    if case.files_summary and not case.document.correction and _owed(case) > 0 and not _type(case):
        yield "/payment/type"


@rule("PAY-TYPE", "error", "CATAIR AE record 10, position 51; ACE condition 197")
def payment_type(case: Case) -> Iterator[Finding]:
    """There is no payment type {type}. Use 1 for this entry alone, 2, 3 or 5 for a daily statement, 6, 7 or 8 for
    a monthly one."""
    found = _type(case)
    if found and found not in TYPES:
        yield "/payment/type", {"type": found}


@rule("PAY-SINGLE", "error", "ACE condition 199")
def single_payment(case: Case) -> Iterator[Finding]:
    """Payment type 1 pays this entry alone, without a statement. Leave statement date, month and branch out, or
    choose a statement."""
    payment = case.document.payment
    if payment and payment.type == SINGLE:
        for member in ("statement_print_date", "statement_month", "client_branch"):
            if getattr(payment, member):
                yield f"/payment/{member}"


@rule("PAY-DATE", "error", "19 CFR 24.25; ACE condition 202")
def date_missing(case: Case) -> Iterator[Finding]:
    """Payment type {type} is paid by statement, and the day on which the statement is printed is missing. Choose a
    business day."""
    payment = case.document.payment
    if payment and payment.type in reading.STATEMENT and not payment.statement_print_date:
        yield "/payment/statement_print_date", {"type": payment.type or ""}


@rule("PAY-CLOSED", "error", "19 CFR 24.25; ACE condition 204")
def date_closed(case: Case) -> Iterator[Finding]:
    """{day} is a weekend or a federal holiday, and no statement is printed then. Choose a business day; the next one is
    {next}."""
    found = _print_date(case)
    if found and not is_business_day(reading.PARTY, found):
        following = next_business_day(reading.PARTY, found)
        yield "/payment/statement_print_date", {"day": reading.shown(found), "next": reading.shown(following)}


@rule("PAY-SOON", "error", "19 CFR 24.25; ACE condition 205")
def date_too_soon(case: Case) -> Iterator[Finding]:
    """The statement is to be printed on {day}, and the first day still open is {first}. Choose that day or a later
    one."""
    found = _print_date(case)
    first = next_business_day(reading.PARTY, case.on)
    if found and found < first:
        yield "/payment/statement_print_date", {"day": reading.shown(found), "first": reading.shown(first)}


@rule("PAY-FAR", "error", "19 CFR 24.25; ACE condition 206")
def date_too_far(case: Case) -> Iterator[Finding]:
    """The statement is to be printed on {day}, more than 90 days from now. Choose a day up to {last}."""
    found = _print_date(case)
    last = case.on + timedelta(days=DAYS_AHEAD)
    if found and found > last:
        yield "/payment/statement_print_date", {"day": reading.shown(found), "last": reading.shown(last)}


@rule("PAY-BEFORE-ENTRY", "error", "ACE condition 218")
def date_before_entry(case: Case) -> Iterator[Finding]:
    """The statement is printed on {day}, before the expected entry on {entry}. Choose a later day for the statement."""
    found, dates = _print_date(case), case.document.dates
    entered = reading.day(dates.estimated_entry) if dates else None
    if found and entered and entered > found:
        yield "/payment/statement_print_date", {"day": reading.shown(found), "entry": reading.shown(entered)}


@rule("PAY-TENTH", "warning", "19 CFR 142.12(b), 24.25")
def date_after_the_tenth(case: Case) -> Iterator[Finding]:
    """The statement is printed on {day}, after the tenth working day from entry, {last}. Choose an earlier day, or
    the deposit comes late."""
    found, entered = _print_date(case), case.entry_date
    if found and entered and not case.document.correction:
        last = add_business_days(reading.PARTY, entered, SUMMARY_DAYS)
        if found > last:
            yield "/payment/statement_print_date", {"day": reading.shown(found), "last": reading.shown(last)}


@rule("PAY-MONTH", "error", "19 CFR 24.25; ACE condition 211")
def month_missing(case: Case) -> Iterator[Finding]:
    """Payment type {type} is paid with a monthly statement, and its month is missing. Give the month with two
    digits: 12 for December."""
    payment = case.document.payment
    if payment and payment.type in reading.MONTHLY and not payment.statement_month:
        yield "/payment/statement_month", {"type": payment.type or ""}


@rule("PAY-MONTH-FORM", "error", "ACE condition 212")
def month_form(case: Case) -> Iterator[Finding]:
    """{month} is not a month. Write two digits, 01 to 12."""
    payment = case.document.payment
    if payment and payment.statement_month and not _MONTH.match(payment.statement_month):
        yield "/payment/statement_month", {"month": payment.statement_month}


@rule("PAY-MONTH-NOT", "error", "CATAIR AE record 10, positions 58-59")
def month_with_daily(case: Case) -> Iterator[Finding]:
    """Payment type {type} is paid with a daily statement, which has no month. Leave the month out, or choose type
    6, 7 or 8."""
    payment = case.document.payment
    if payment and payment.type in reading.STATEMENT - reading.MONTHLY and payment.statement_month:
        yield "/payment/statement_month", {"type": payment.type or ""}


@rule("PAY-MONTH-FAR", "error", "ACE condition 213")
def month_too_far(case: Case) -> Iterator[Finding]:
    """The monthly statement of month {month} is more than two months after the release in {release}. Choose the
    month after release."""
    month, entered = _month(case), case.entry_date
    if month and entered:
        after = (month - entered.month) % 12
        if after > MONTHS_AFTER_RELEASE:
            params = {"month": f"{month:02}", "release": f"{entered:%B}"}
            yield "/payment/statement_month", params


@rule("PAY-MONTH-DATE", "error", "ACE condition 215")
def date_after_month(case: Case) -> Iterator[Finding]:
    """The statement is printed on {day}, after the monthly statement is paid on {paid}, the 15th working day of
    its month. Choose an earlier day or a later month."""
    found, month, entered = _print_date(case), _month(case), case.entry_date
    if found and month and entered and (month - entered.month) % 12 <= MONTHS_AFTER_RELEASE:
        year = entered.year + (month < entered.month)
        paid = nth_business_day_of_month(reading.PARTY, year, month, MONTHLY_PAYMENT_DAY)
        if found > paid:
            params = {"day": reading.shown(found), "paid": reading.shown(paid)}
            yield "/payment/statement_print_date", params


@rule("PAY-BRANCH", "warning", "CATAIR AE record 10, positions 60-61")  # who is debited follows the payer unit: confirm
def branch(case: Case) -> Iterator[Finding]:
    """A client branch is read with payment types 5 and 8 only, and this is type {type}. Leave it out, or choose
    one of these."""
    payment = case.document.payment
    if payment and payment.client_branch and payment.type in reading.STATEMENT - BRANCH_TYPES:
        yield "/payment/client_branch", {"type": payment.type or ""}


@rule("PAY-ACH", "error", "19 CFR 24.25; ACE conditions 207 to 210")
def clearing_house(case: Case) -> Iterator[Finding]:
    """Statements are paid by automated clearing house, and you are not set up for it. Apply with CBP Form 400 or
    401, or choose payment type 1 until then."""
    if case.facts.ach_set_up is False and _type(case) in reading.STATEMENT:
        yield "/payment/type"


@rule("PAY-DEFER", "error", "CATAIR AE record 10, position 45")
def deferral(case: Case) -> Iterator[Finding]:
    """{code} is not a way to defer internal revenue tax. Use 1, or 2 for electronic payment, or leave it out."""
    payment = case.document.payment
    if payment and payment.deferred_tax not in (None, *DEFERRALS):
        yield "/payment/deferred_tax", {"code": payment.deferred_tax or ""}


@rule("TAX-PMS", "error", "ACE condition 718")
def tax_on_monthly(case: Case) -> Iterator[Finding]:
    """Goods with internal revenue tax cannot be paid with a monthly statement. Choose a daily statement (2, 3 or
    5) or payment type 1."""
    if _type(case) in reading.MONTHLY and any(line.item.ir_tax for line in case.lines):
        yield "/payment/type"


def _type(case: Case) -> str:
    payment = case.document.payment
    return (payment.type if payment else None) or ""


def _print_date(case: Case) -> date | None:
    """The day a statement is printed, where one is used."""
    payment = case.document.payment
    if payment is None or payment.type not in reading.STATEMENT:
        return None
    return reading.day(payment.statement_print_date)


def _month(case: Case) -> int | None:
    payment = case.document.payment
    if payment is None or payment.type not in reading.MONTHLY or not _MONTH.match(payment.statement_month or ""):
        return None
    return int(payment.statement_month or "0")


def _owed(case: Case) -> Decimal:
    return reading.amount(case.assessment.totals.total) or Decimal(0)


RULES = (
    nothing_chosen, payment_type, single_payment, date_missing, date_closed, date_too_soon, date_too_far,
    date_before_entry, date_after_the_tenth, month_missing, month_form, month_with_daily, month_too_far,
    date_after_month, branch, clearing_house, deferral, tax_on_monthly,
)  # fmt: skip
