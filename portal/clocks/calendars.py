"""Working days of the Parties; pure, so that rules may count in them.

Federal holidays come from the `holidays` package. Local closings of a port are not in it: a date
computed here is the national one.
"""

from datetime import date, timedelta
from functools import lru_cache

import holidays

COUNTRIES = {"US": "US", "CA": "CA", "MX": "MX"}
ONE_DAY = timedelta(days=1)


def make_ready() -> None:
    """The holidays of the Parties are in memory: the first look at them takes a third of a second."""
    for country in COUNTRIES.values():
        holidays.country_holidays(country)


@lru_cache(maxsize=256)
def _holidays(party: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(COUNTRIES[party], years=year))


def is_business_day(party: str, day: date) -> bool:
    """Monday to Friday and no federal holiday of the Party."""
    return day.weekday() < 5 and day not in _holidays(party, day.year)


def next_business_day(party: str, day: date) -> date:
    """The first business day after `day`."""
    day += ONE_DAY
    while not is_business_day(party, day):
        day += ONE_DAY
    return day


def on_or_next_business_day(party: str, day: date) -> date:
    """`day` itself where it is a business day, else the next one."""
    return day if is_business_day(party, day) else next_business_day(party, day)


def add_business_days(party: str, day: date, count: int) -> date:
    """The `count`-th business day after `day`, which itself is day 0."""
    for _ in range(count):
        day = next_business_day(party, day)
    return day


def business_days_between(party: str, start: date, end: date) -> int:
    """Business days after `start` up to and including `end`; 0 where `end` is not later."""
    count = 0
    while start < end:
        start += ONE_DAY
        count += is_business_day(party, start)
    return count


def nth_business_day_of_month(party: str, year: int, month: int, nth: int) -> date:
    """The nth business day of a month, such as the 15th, on which monthly statements are paid."""
    return add_business_days(party, date(year, month, 1) - ONE_DAY, nth)
