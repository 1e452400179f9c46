"""What the measures of a line look at, from the item."""

from datetime import date
from decimal import Decimal

from declarations.assessment import Unassessed
from declarations.document import Item
from declarations.tariff.calculate.base import Base, base_of
from declarations.tariff.calculate.reading import numbers_of
from declarations.tariff.calculate.stack import Subject
from declarations.tariff.expressions import Percent, Sum, is_free, parse
from declarations.tariff.view import TariffView

HUNDRED = Decimal(100)


def subject_from(item: Item, bases: tuple[Base, ...], on: date) -> Subject:
    """The subject of a line whose base duty is known: the first number leads, the share is that of the whole line."""
    value = sum((one.value for one in bases), Decimal(0))
    duty = sum((one.duty for one in bases), Decimal(0))
    honoured = all(one.claim.program for one in bases)
    return Subject(
        number=bases[0].line.number,
        origin=item.origin_country or "",
        on=on,
        program=bases[0].claim.program if honoured else None,
        share=duty / value if value else _printed_share(bases[0]),
    )


def _printed_share(base: Base) -> Decimal | None:
    """The rate itself where there is no value to divide by: plain percentages and Free only."""
    rate = parse(base.rate)
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
    base = base_of(item, placed, line, value if value is not None else Decimal(0), tariff=tariff, on=on)
    if isinstance(base, Unassessed):
        return Subject(number=line.number, origin=item.origin_country or "", on=on)
    return subject_from(item, (base,), on)
