"""What the measures of a line look at, from the item."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from declarations.assessment import Unassessed
from declarations.document import Item
from declarations.tariff.calculate.base import Base, asked_by, duty_under, rate_line
from declarations.tariff.calculate.reading import amount_of, numbers_of
from declarations.tariff.calculate.stack import Subject
from declarations.tariff.expressions import Percent, Rate, Sum, is_free
from declarations.tariff.view import TariffView

HUNDRED = Decimal(100)


def share_of(bases: Sequence[Base]) -> Decimal | None:
    """The share of the base duty in the value of the whole line."""
    value = sum((one.value.number for one in bases), Decimal(0))
    duty = sum((one.duty for one in bases), Decimal(0))
    return duty / value if value else _printed_share(bases[0].rated.rate)


def _printed_share(rate: Rate) -> Decimal | None:
    """The rate itself where there is no value to divide by: plain percentages and Free only."""
    if is_free(rate):
        return Decimal(0)
    if isinstance(rate, Sum) and all(isinstance(one, Percent) and one.of is None for one in rate.terms):
        return sum((one.rate for one in rate.terms if isinstance(one, Percent)), Decimal(0)) / HUNDRED
    return None


def subject_of(item: Item, *, tariff: TariffView, on: date, value: Decimal | None = None) -> Subject | None:
    """The subject of an item on a day, or None where its classification number is not held."""
    placed = next(iter(numbers_of(item).classifications), None)
    line = tariff.line(placed.number) if placed else None
    if placed is None or line is None:
        return None
    origin = item.origin_country or ""
    rated = rate_line(placed.index, line, origin=origin, asked=asked_by(item), tariff=tariff, on=on)
    base = duty_under(rated, item, amount_of(value if value is not None else Decimal(0)))
    if isinstance(base, Unassessed):
        return Subject(number=line.number, origin=origin, on=on)
    return Subject(number=line.number, origin=origin, on=on, program=rated.claim.program, share=share_of([base]))
