"""What follows from what was given on a line: rate of exchange, charges, maker's code, case deposit.

What the filer wrote stands. What the portal filled in is computed anew when what it follows from has changed:
it is the portal's where it is what the portal would have filled in before.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Context, Decimal, localcontext
from functools import partial
from typing import Any

import msgspec

from declarations.assessment import Unassessed
from declarations.document import Item, tidy
from declarations.filer.questions import Header
from declarations.paths import EMPTY, at, duplicate, put, without_empty
from declarations.rules.mid import propose_mid
from declarations.tariff.calculate import ItemValue, value_of
from declarations.tariff.view import TariffView
from portal.money import cents, decimal, is_decimal, plain, to_dollar_half_up

EXACT = Context(prec=60)  # products of two amounts of 15 digits
Proposal = Callable[[Mapping[str, Any]], Any]


def completed(
    content: Mapping[str, Any], *, before: Mapping[str, Any], header: Header, tariff: TariffView
) -> dict[str, Any]:
    """The line with all that follows from what was given."""
    found = duplicate(dict(content))
    with localcontext(EXACT):
        for pointer, proposal in _proposals(found, header, tariff):
            _follow(found, before, pointer, proposal)
    return dict(without_empty(found))


def _proposals(found: Mapping[str, Any], header: Header, tariff: TariffView) -> Iterator[tuple[str, Proposal]]:
    """Members that follow from others, in the order in which they build on one another."""
    yield "valuation/exchange", lambda line: _exchange(line, header, tariff)
    yield "charges/currency", _currency_of_charges
    yield "charges/total_whole_usd", _charges
    yield "manufacturer/mid", proposed_mid
    for place, case in enumerate(found.get("adcvd") or []):
        if case.get("rate_type") == "ad_valorem":
            yield f"adcvd/{place}/value", lambda line: _whole_value(line, header, tariff)
        yield f"adcvd/{place}/deposit", partial(_deposit, place)


def _follow(found: dict[str, Any], before: Mapping[str, Any], pointer: str, proposal: Proposal) -> None:
    name = pointer.rpartition("/")[2]
    written, proposed = at(found, pointer), proposal(found)
    is_ours = tidy({name: written}) == tidy({name: at(before, pointer)}) == tidy({name: proposal(before)})
    nothing = written in EMPTY or (isinstance(written, dict) and not written.get("rate"))
    if (nothing or is_ours) and proposed != written:
        put(found, pointer, proposed)


def _exchange(line: Mapping[str, Any], header: Header, tariff: TariffView) -> dict[str, str] | None:
    """The rate held for the day of export, for a price in another currency."""
    currency = at(line, "valuation/invoice/currency") or header.get("currency")
    exported = at(line, "export_date")
    if not currency or currency == "USD" or not exported or not at(line, "valuation/invoice/value"):
        return None
    quote = tariff.exchange(currency, date.fromisoformat(exported))
    return {"rate": plain(quote.rate), "rate_date": exported, "basis": quote.basis} if quote else None


def _currency_of_charges(line: Mapping[str, Any]) -> str | None:
    return "USD" if _given_charges(line) else None


def _charges(line: Mapping[str, Any]) -> str | None:
    given = _given_charges(line)
    if not given or at(line, "charges/currency") not in (None, "USD"):
        return None
    return _amount(plain(to_dollar_half_up(sum(given, Decimal(0)))))


def _given_charges(line: Mapping[str, Any]) -> list[Decimal]:
    parts = (decimal(at(line, f"charges/{name}")) for name in ("freight", "insurance", "other"))
    return [one for one in parts if one is not None]


def proposed_mid(line: Mapping[str, Any]) -> str | None:
    """The manufacturer's code that follows from name, address and origin."""
    maker = line.get("manufacturer") or {}
    place = maker.get("address") or {}
    origin = line.get("origin_country") or place.get("country")
    return propose_mid(maker.get("name"), place.get("street"), place.get("city"), origin, place.get("subdivision"))


def _whole_value(line: Mapping[str, Any], header: Header, tariff: TariffView) -> str | None:
    value = entered_value(line, header, tariff)
    return _amount(plain(value.value)) if isinstance(value, ItemValue) else None


def _deposit(place: int, line: Mapping[str, Any]) -> str | None:
    case = at(line, f"adcvd/{place}") or {}
    rate = decimal(case.get("rate"))
    is_share = case.get("rate_type") == "ad_valorem"
    basis = decimal(case.get("value" if is_share else "quantity"))
    if rate is None or basis is None:
        return None
    return _amount(cents(basis * rate / (100 if is_share else 1)))


def _amount(text: str) -> str | None:
    """An amount that a declaration can hold."""
    return text if is_decimal(text) else None


def entered_value(line: Mapping[str, Any], header: Header, tariff: TariffView) -> ItemValue | Unassessed | None:
    """The value of the line in whole dollars with its working, or why it cannot be told."""
    try:
        item = msgspec.convert(without_empty(dict(line)), Item)
    except msgspec.ValidationError:
        return None
    with localcontext(EXACT):
        return value_of(item, tariff, currency=header.get("currency")) if item.valuation is not None else None
