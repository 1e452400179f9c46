"""What a law change must say before it is computed. Pure."""

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from audits.remedies.change import AS_HELD, RATE

MOST_RATE = Decimal(10)  # 1,000 percent: no duty held comes near it, and 25 for 25 % is caught


class Problem(NamedTuple):
    """What is wrong, and the field it is wrong in."""

    field: str
    words: str


def problems(
    *, effect: str, authorities: Collection[str], headings: Collection[str], rate: Decimal | None, first: date,
    last: date, interest_to: date, held: Collection[str],
) -> Iterator[Problem]:  # fmt: skip
    """Everything that keeps a law change from being computed; `held` are headings of which a duty is held."""
    if last < first:
        yield Problem("last", "The period ends before it begins: its last day is on or after its first.")
    if interest_to < first:
        yield Problem("interest_to", "Interest ends before the period begins: choose a day on or after its first.")
    if effect != AS_HELD and not authorities and not headings:
        yield Problem("authorities", "Say which authority or which headings of chapter 99 the change is about.")
    unknown = sorted(set(headings) - set(held))
    if unknown:
        yield Problem("headings", f"No duty is held under {', '.join(unknown)}: nothing would be computed for it.")
    yield from _of_rate(effect, rate)


def _of_rate(effect: str, rate: Decimal | None) -> Iterator[Problem]:
    if effect == RATE and rate is None:
        yield Problem("rate", "Say the rate that it would have had, in percent of the value.")
    elif effect != RATE and rate is not None:
        yield Problem("rate", "Leave the rate empty: only a change to another rate has one.")
    elif rate is not None and rate < 0:
        yield Problem("rate", "A rate is zero or more.")
    elif rate is not None and rate > MOST_RATE:
        yield Problem("rate", f"A rate is at most {MOST_RATE * 100:,} percent of the value.")
