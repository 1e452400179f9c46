"""The whole declaration: every item, the fees of the entry, the totals."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal

import msgspec

from declarations.assessment import (
    ANTIDUMPING,
    COUNTERVAILING,
    DUTY_KINDS,
    TAX,
    Assessment,
    AssessmentLine,
    Totals,
    Unassessed,
)
from declarations.document import Document, Item
from declarations.tariff.calculate.dates import RateDay, entry_day, rate_day
from declarations.tariff.calculate.fees import WAREHOUSE, fees_of
from declarations.tariff.calculate.item import Line, assess_item, component_line
from declarations.tariff.calculate.value import value_of
from declarations.tariff.view import TariffView, country_of
from portal.money import ZERO, cents

CURRENCY = "USD"


def assess(
    document: Document,
    *,
    tariff: TariffView,
    now: datetime,
    landed_on: date | None = None,
    entered_on: date | None = None,
    harbor_fee: bool | None = None,
    at: Callable[[date], TariffView | None] | None = None,
) -> Assessment:
    """Everything owed on a declaration in US dollars, with its working. Never raises: what cannot be computed is named.

    `tariff` is the view for the day of entry; `at` gives the view of another day, for lines whose rate date is
    earlier than the schedule of `tariff` (in-bond, privileged zone status). `landed_on` and `entered_on` are
    facts of customs, where known; `harbor_fee` is False where the port of unlading is not in the list of
    19 CFR 24.24(b)(1). Law: 19 USC 1315, 1401a, 1484; 19 CFR 24.23, 24.24, 141.68, 141.69.
    """
    entry = entry_day(document, now=now, landed_on=landed_on, entered_on=entered_on)
    lines = [
        _line(document, index, _of_country(item), tariff=tariff, entry=entry, at=at)
        for index, item in enumerate(document.items)
    ]
    duties = [one for line in lines if line.counted and line.result for one in line.result.lines]
    owed = sum((Decimal(one.amount) for one in duties if one.kind != "fee"), ZERO)
    fees = fees_of(document, lines, tariff=tariff, entry=entry, harbor_fee=harbor_fee, owed=owed)
    items = tuple(
        msgspec.structs.replace(
            line.result, lines=(*_workings(document, line.result.lines), *fees.lines.get(line.index, ()))
        )
        for line in lines
        if line.result
    )
    return Assessment(
        currency=CURRENCY,
        editions=tariff.editions,
        items=items,
        fees=fees.totals,
        totals=_totals(duties, sum((Decimal(one.amount) for one in fees.totals), ZERO)),
        unassessed=(*(one for line in lines for one in line.troubles), *fees.troubles),
    )


def _line(
    document: Document,
    index: int,
    item: Item,
    *,
    tariff: TariffView,
    entry: RateDay,
    at: Callable[[date], TariffView | None] | None,
) -> Line:
    rate = rate_day(document, item, entry=entry)
    view = tariff
    if at is not None and tariff.lines_from is not None and rate.day < tariff.lines_from:
        view = at(rate.day) or tariff
    role = item.article_set.role if item.article_set else None
    if role in ("component", "V"):
        return component_line(index, item, tariff=view, rate=rate, currency=document.currency)
    total = _set_value(document, item, view) if role in ("header", "X") else None
    return assess_item(index, item, tariff=view, rate=rate, currency=document.currency, set_value=total)


def _set_value(document: Document, header: Item, tariff: TariffView) -> Decimal | None:
    """The value of a set: that of its components. None where it has none, so that the header's own value is asked."""
    mark = header.article_set.set if header.article_set else None
    values = [
        value_of(one, tariff, currency=document.currency)
        for one in document.items
        if one.article_set and one.article_set.role in ("component", "V") and one.article_set.set == mark
    ]
    known = [one.value for one in values if not isinstance(one, Unassessed)]
    return sum(known, ZERO) if known and len(known) == len(values) else None


def _workings(document: Document, lines: tuple[AssessmentLine, ...]) -> tuple[AssessmentLine, ...]:
    """On a warehouse entry duties are reported and paid on withdrawal: the working says so."""
    if document.entry_type not in WAREHOUSE:
        return lines
    return tuple(
        msgspec.structs.replace(one, working=f"{one.working}; reported now, payable on withdrawal")
        if one.kind in DUTY_KINDS and one.amount != "0.00"
        else one
        for one in lines
    )


def _totals(lines: Iterable[AssessmentLine], fees: Decimal) -> Totals:
    sums: dict[str, Decimal] = {}
    for one in lines:
        sums[one.kind] = sums.get(one.kind, ZERO) + Decimal(one.amount)
    duty = sum((sums.get(kind, ZERO) for kind in DUTY_KINDS), ZERO)
    antidumping, countervailing, tax = (sums.get(kind, ZERO) for kind in (ANTIDUMPING, COUNTERVAILING, TAX))
    return Totals(
        duty=cents(duty),
        antidumping=cents(antidumping),
        countervailing=cents(countervailing),
        tax=cents(tax),
        fees=cents(fees),
        total=cents(duty + antidumping + countervailing + tax + fees),
    )


def _of_country(item: Item) -> Item:
    """The line with the country of its origin, where it names a Canadian province."""
    country = country_of(item.origin_country)
    same = country == (item.origin_country or "")
    return item if same else msgspec.structs.replace(item, origin_country=country)
