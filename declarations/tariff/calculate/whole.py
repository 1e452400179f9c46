"""The whole declaration: every item, the fees of the entry, the totals."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

import msgspec

from declarations.assessment import (
    ANTIDUMPING,
    COUNTERVAILING,
    DUTY_KINDS,
    FEE,
    TAX,
    Assessment,
    AssessmentLine,
    ItemAssessment,
    Totals,
    Unassessed,
)
from declarations.document import Document, Item
from declarations.tariff.calculate.dates import RateDay, entry_day, goods_day, zone_day
from declarations.tariff.calculate.fees import WAREHOUSE, Fees, fees_of
from declarations.tariff.calculate.item import Line, assess_item, component_line
from declarations.tariff.calculate.value import value_of
from declarations.tariff.view import TariffView
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
    usual = goods_day(document, entry=entry)
    lines = [
        _line(document, index, item, tariff=tariff, rate=zone_day(item) or usual, at=at)
        for index, item in enumerate(document.items)
    ]
    sums = _sums_by_kind(one.result for one in lines if one.counted and one.result)
    owed = sum((amount for kind, amount in sums.items() if kind != FEE), ZERO)
    fees = fees_of(document, lines, tariff=tariff, entry=entry, harbor_fee=harbor_fee, owed=owed)
    return Assessment(
        currency=CURRENCY,
        editions=tariff.editions,
        items=_items(document, lines, fees),
        fees=fees.totals,
        totals=_totals(sums, sum((Decimal(one.amount) for one in fees.totals), ZERO)),
        unassessed=(*(one for line in lines for one in line.troubles), *fees.troubles),
        notices=tuple(one for line in lines for one in line.notices),
    )


def _line(
    document: Document,
    index: int,
    item: Item,
    *,
    tariff: TariffView,
    rate: RateDay,
    at: Callable[[date], TariffView | None] | None,
) -> Line:
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


def _items(document: Document, lines: Iterable[Line], fees: Fees) -> tuple[ItemAssessment, ...]:
    """The items with their fees. On a warehouse entry duties are paid on withdrawal: their working says so."""
    later = document.entry_type in WAREHOUSE
    return tuple(
        msgspec.structs.replace(
            one.result,
            lines=(_payable_later(one.result) if later else one.result.lines) + fees.lines.get(one.index, ()),
        )
        for one in lines
        if one.result
    )


def _payable_later(item: ItemAssessment) -> tuple[AssessmentLine, ...]:
    return tuple(
        msgspec.structs.replace(one, working=f"{one.working}; reported now, payable on withdrawal")
        if one.kind in DUTY_KINDS and one.amount != "0.00"
        else one
        for one in item.lines
    )


def _sums_by_kind(items: Iterable[ItemAssessment]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for item in items:
        for one in item.lines:
            sums[one.kind] = sums.get(one.kind, ZERO) + Decimal(one.amount)
    return sums


def _totals(sums: Mapping[str, Decimal], fees: Decimal) -> Totals:
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
