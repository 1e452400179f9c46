"""The working of lines as a person would explain it: how the value came about, then every duty, tax and fee."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import localcontext
from typing import NamedTuple

import msgspec
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from declarations.assessment import Assessment, ItemAssessment, Unassessed
from declarations.document import Document, Item
from declarations.tariff.calculate import value_of
from declarations.tariff.calculate.reading import day
from declarations.tariff.explain import Explained, codes_of, explain_item
from declarations.tariff.expressions.apply import EXACT
from declarations.tariff.selectors import NoEdition
from declarations.tariff.view import TariffLine, TariffView, normal_number
from portal.duty_panel import FEES
from portal.money import plain

Views = Callable[[date], TariffView]
LINK = '<a class="usa-link" href="#law-{}">{}</a>'


class Row(NamedTuple):
    """One duty, tax or fee of a line, ready for its row of the table."""

    code: SafeString | str
    name: str
    rule: str
    basis: str
    rate: str
    working: str
    amount: str
    law: str


class Worked(NamedTuple):
    """A line of goods: how its value came about, and its rows."""

    item: ItemAssessment
    value: str
    rows: list[Row]


class Quoted(NamedTuple):
    """What the schedule says at a number."""

    code: str
    text: str


def explained(
    items: Sequence[ItemAssessment], *, document: Document, assessment: Assessment, views: Views
) -> tuple[list[Worked], list[Quoted]]:
    """Lines in words, and once for all of them what the schedule says at the numbers they name."""
    held = {text: _view(text, views) for text in {one.rate_date for one in items}}
    goods = {one.sequence or place: one for place, one in enumerate(document.items, start=1)}
    lines = {text: _lines(view, (one for one in items if one.rate_date == text)) for text, view in held.items()}
    worked, texts = [], dict[str, str]()
    for one in items:
        view, item = held[one.rate_date], goods.get(one.sequence)
        fees = view.fees(view.on) if view else None
        said = explain_item(one, editions=assessment.editions, lines=lines[one.rate_date], item=item, fees=fees)
        texts.update({row.code: row.text for row in said if row.text})
        worked.append(Worked(one, _value(one, item, document, view), [_row(row) for row in said]))
    return worked, [Quoted(code, text) for code, text in sorted(texts.items())]


def fees_of(assessment: Assessment) -> list[tuple[str, str, str]]:
    """Fees of the whole entry: name, amount, working."""
    return [(str(FEES.get(one.code, one.code)), one.amount, one.working) for one in assessment.fees]


def _view(text: str, views: Views) -> TariffView | None:
    on = day(text)
    try:
        return views(on) if on else None
    except NoEdition:
        return None


def _lines(view: TariffView | None, items: Iterable[ItemAssessment]) -> Mapping[str, TariffLine]:
    if view is None:
        return {}
    found = {code: view.line(code) for code in map(normal_number, codes_of(items))}
    return {code: line for code, line in found.items() if line is not None}


def _row(one: Explained) -> Row:
    law = f"{one.law} · {_('edition')} {one.source}" if one.source else one.law
    return Row(
        code=format_html(LINK, one.code, one.code) if one.text else one.code,
        name=one.name,
        rule=one.rule,
        basis=one.basis,
        rate=one.rate,
        working=f"{one.working}. {one.rounding}" if one.rounding else one.working,
        amount=one.amount.removeprefix("$"),
        law=law,
    )


def _value(one: ItemAssessment, item: Item | None, document: Document, view: TariffView | None) -> str:
    """How the value came about, where there is more to say than the value itself."""
    if item is None or view is None or item.valuation is None:
        return ""
    bare = msgspec.structs.replace(item, valuation=msgspec.structs.replace(item.valuation, entered_value=None))
    with localcontext(EXACT):
        for each in (bare, item):
            found = value_of(each, view, currency=document.currency)
            if not isinstance(found, Unassessed) and plain(found.value) == one.entered_value:
                return "" if found.working == one.entered_value else found.working
    return ""
