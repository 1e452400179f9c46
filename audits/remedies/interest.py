"""Interest on duty that was deposited too much or too little (19 USC 1505(c)). Pure.

The rate is that of 26 USC 6621, set by the quarter and published for customs duties in the Federal Register;
it is compounded daily (26 USC 6622), from the day of the deposit to the day the difference is paid.
"""

import calendar
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct

from portal.money import ZERO, to_cent_half_up

OVERPAYMENT, UNDERPAYMENT = "overpayment", "underpayment"


class Quarter(Struct, frozen=True):
    """The yearly rate of a kind of interest in a span of days."""

    kind: str
    rate: Decimal  # share a year
    first: date
    last: date
    certain: bool = True


class Interest(Struct, frozen=True):
    """Interest in cents with its working; `amount` is None where no rate is held for a day of the span."""

    amount: Decimal | None
    working: str
    certain: bool = True


def interest_on(difference: Decimal, *, deposited: date, paid: date, quarters: Iterable[Quarter]) -> Interest:
    """Interest on `difference` (new less old duty, in dollars) from the day of deposit up to the day it is paid.

    A refund (a negative difference) bears interest at the rate for overpayments, a bill at that for underpayments;
    the sign of the amount is the sign of the difference.
    """
    if not difference or paid <= deposited:
        return Interest(ZERO, "no interest: nothing is owed, or it is settled on the day of deposit")
    kind = OVERPAYMENT if difference < 0 else UNDERPAYMENT
    held = sorted((one for one in quarters if one.kind == kind), key=lambda one: one.first)
    grown, day, certain, steps = Decimal(1), deposited, True, []
    while day < paid:
        quarter = next((one for one in held if one.first <= day <= one.last), None)
        if quarter is None:
            return Interest(None, f"no rate for {kind}s is held for {day}")
        until = min(quarter.last + timedelta(days=1), paid, date(day.year + 1, 1, 1))
        days = (until - day).days
        grown *= (1 + quarter.rate / _days_of(day.year)) ** days
        certain = certain and quarter.certain
        steps.append(f"{days} days at {(quarter.rate * 100).normalize():f} %")
        day = until
    amount = to_cent_half_up(difference * (grown - 1))
    return Interest(amount, f"{', '.join(steps)}, compounded daily", certain)


def _days_of(year: int) -> int:
    return 366 if calendar.isleap(year) else 365
