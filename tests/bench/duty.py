"""Duty and rules over many lines, beside a plain Decimal loop and a serializer."""

import json
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from declarations.decoding import decode_value
from declarations.document import Document
from declarations.models import Declaration
from declarations.reference import gather
from declarations.rules import check
from declarations.services import filing
from declarations.tariff.calculate import assess
from declarations.tariff.selectors import current_view
from declarations.tariff.view import TariffView
from tests.bench import bare
from tests.bench.filings import keep, payload
from tests.bench.meter import median, spent_on
from tests.bench.report import Row
from tests.makers import DAY, NOW, make_actor

CENT = Decimal("0.01")
LINES = 999
CHEAP = {"plain": 20, "look-up": 50}  # repeated, or the clock would be too coarse
GROUP = "Duty and rules (lines a second of CPU)"


def rows(*, rounds: int) -> list[Row]:
    actor = make_actor()
    data = payload(actor, LINES)
    document, view = decode_value(json.loads(data)), current_view(DAY)
    ruled = _ruled(keep(actor, data), document, view)
    amounts = plain_amounts(document)
    shares = {one.tariffs[0].hts_number: Decimal("0.034") for one in document.items}
    looked = [(one.tariffs[0].hts_number, value) for one, (value, _) in zip(document.items, amounts, strict=True)]
    hundred = bare.body(100)
    work = {
        "duty": lambda: assess(document, tariff=view, now=NOW), "plain": lambda: plain_loop(amounts), "rules": ruled,
        "look-up": lambda: look_up_and_multiply(looked, shares), "serializer": lambda: bare.validate(hundred),
    }  # fmt: skip
    spent: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, one in work.items():
            spent[name].append(spent_on(one, times=CHEAP.get(name, 1))[0].python)
    a_second = {name: (100 if name == "serializer" else LINES) / median(found) * 1000 for name, found in spent.items()}
    return [
        Row(GROUP, "duty with stacks, rules off", a_second["duty"], "lines/s", f"{LINES} lines in one declaration"),
        Row(GROUP, "plain Decimal loop", a_second["plain"], "lines/s", "ad valorem, specific, extra, two fees; cents"),
        Row(GROUP, "one look-up and one product a line", a_second["look-up"], "lines/s", "dictionary, Decimal; cents"),
        Row(GROUP, "whole rule book", a_second["rules"], "lines/s"),
        Row(GROUP, "DRF serializer validation, 100 lines", a_second["serializer"], "lines/s"),
        Row(GROUP, "R9 duty / plain loop", a_second["duty"] / a_second["plain"], "x", bar=0.25, at_least=True),
        Row(GROUP, "duty / look-up and product, time", a_second["look-up"] / a_second["duty"], "x", f"{LINES} lines"),
        Row(GROUP, "R9b rules / serializer", a_second["rules"] / a_second["serializer"], "x", bar=1.0, at_least=True),
    ]


def _ruled(declaration: Declaration, document: Document, view: TariffView) -> Any:
    assessment = assess(document, tariff=view, now=NOW)
    completed = filing.complete(document, assessment, None)
    facts = gather(declaration, completed, on=DAY)
    return lambda: check(completed, assessment=assessment, facts=facts, tariff=view, now=NOW)


def plain_amounts(document: Document) -> list[tuple[Decimal, Decimal]]:
    return [
        (Decimal(one.valuation.invoice.value), Decimal(one.tariffs[0].quantities[0].value)) for one in document.items
    ]


def plain_loop(amounts: list[tuple[Decimal, Decimal]]) -> Decimal:
    """What any computation of duty must do at least: three duties and two fees a line, each to the cent."""
    rate, specific, extra = Decimal("0.034"), Decimal("0.015"), Decimal("0.20")
    processing, harbor = Decimal("0.003464"), Decimal("0.00125")
    total = Decimal(0)
    for value, quantity in amounts:
        total += (value * rate).quantize(CENT, ROUND_HALF_UP) + (quantity * specific).quantize(CENT, ROUND_HALF_UP)
        total += (value * extra).quantize(CENT, ROUND_HALF_UP)
        total += (value * processing).quantize(CENT, ROUND_HALF_UP) + (value * harbor).quantize(CENT, ROUND_HALF_UP)
    return total


def look_up_and_multiply(lines: list[tuple[str, Decimal]], shares: dict[str, Decimal]) -> Decimal:
    """The least that could be called a duty: the rate of each number, and one product to the cent."""
    return sum(((value * shares[number]).quantize(CENT, ROUND_HALF_UP) for number, value in lines), Decimal(0))
