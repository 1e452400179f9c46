"""Interest by the quarter, compounded daily, with the sign of the difference."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from audits.remedies.interest import Quarter, interest_on

YEAR = [
    Quarter("underpayment", Decimal("0.08"), date(2024, 1, 1), date(2024, 12, 31)),
    Quarter("underpayment", Decimal("0.07"), date(2025, 1, 1), date(2025, 12, 31)),
    Quarter("overpayment", Decimal("0.06"), date(2025, 1, 1), date(2025, 12, 31)),
    Quarter("overpayment", Decimal("0.06"), date(2026, 1, 1), date(2026, 12, 31), certain=False),
]


def test_a_bill_grows_daily_at_the_rate_of_each_quarter():
    found = interest_on(Decimal("10000.00"), deposited=date(2024, 12, 1), paid=date(2025, 2, 1), quarters=YEAR)
    # (1 + 0.08 / 366)^31 x (1 + 0.07 / 365)^31 = 1.0128011
    assert found.amount == Decimal("128.01")
    assert found.working == "31 days at 8 %, 31 days at 7 %, compounded daily"
    assert found.certain


def test_a_refund_bears_the_lower_rate_and_is_negative():
    found = interest_on(Decimal("-10000.00"), deposited=date(2025, 1, 1), paid=date(2025, 7, 1), quarters=YEAR)
    assert found.amount == Decimal("-301.98")
    assert "181 days at 6 %" in found.working


def test_a_carried_rate_makes_an_estimate():
    found = interest_on(Decimal("-100"), deposited=date(2025, 12, 1), paid=date(2026, 1, 10), quarters=YEAR)
    assert not found.certain


def test_a_day_without_a_rate_is_named_and_never_zero():
    found = interest_on(Decimal(100), deposited=date(2025, 12, 1), paid=date(2026, 2, 1), quarters=YEAR)
    assert found.amount is None
    assert "2026-01-01" in found.working


def test_nothing_for_no_difference_and_on_the_day_itself():
    day = date(2025, 3, 1)
    assert interest_on(Decimal(0), deposited=day, paid=date(2025, 9, 1), quarters=YEAR).amount == 0
    assert interest_on(Decimal(5), deposited=day, paid=day, quarters=YEAR).amount == 0


@given(st.decimals(min_value=1, max_value=10**7, places=2), st.integers(1, 364), st.integers(0, 364))
def test_longer_is_never_less_and_a_year_stays_near_its_rate(amount, days, more):
    start = date(2025, 1, 1)
    short = interest_on(
        amount, deposited=start, paid=date.fromordinal(start.toordinal() + min(days, 364)), quarters=YEAR
    )
    end = min(start.toordinal() + days + more, date(2025, 12, 31).toordinal())
    long = interest_on(
        amount, deposited=start, paid=date.fromordinal(max(end, start.toordinal() + days)), quarters=YEAR
    )
    assert short.amount <= long.amount
    assert long.amount <= amount * Decimal("0.0726") + 1
