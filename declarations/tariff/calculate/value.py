"""From the invoice to the value in whole US dollars (19 USC 1401a; 19 CFR 152, 159.3, 159.31 to 159.36)."""

from decimal import Decimal

from msgspec import Struct

from declarations.assessment import Unassessed
from declarations.document import Adjustment, Item
from declarations.tariff.calculate.reading import EXCHANGE, LIMIT, VALUE, amount, day, numbers_of, unassessed
from declarations.tariff.view import ExchangeQuote, TariffView
from portal.money import ZERO, plain, to_dollar_half_up


class ItemValue(Struct, frozen=True):
    """Value in whole US dollars, how it came about, and the exchange rate where one was used."""

    value: Decimal
    working: str
    quote: ExchangeQuote | None = None


def value_of(item: Item, tariff: TariffView, *, currency: str | None = None) -> ItemValue | Unassessed:
    """The item's value, or why it cannot be told. Pointers are relative to the item.

    `currency` is the declaration's own, for an invoice that names none. The value entered by the filer
    stands; else the invoice with its additions and deductions, converted on the day of export.
    """
    valuation = item.valuation
    if valuation and valuation.entered_value is not None:
        return _whole(amount(valuation.entered_value), "as entered", "/valuation/entered_value")
    if valuation and valuation.invoice and valuation.invoice.value is not None:
        return _from_invoice(item, tariff, currency)
    stated = [amount(one.tariff.value) for one in numbers_of(item).classifications]
    if stated and all(one is not None for one in stated):
        return _whole(sum((one for one in stated if one), ZERO), "as stated with the number", "/tariffs")
    return unassessed(VALUE, "/valuation", "No value is given: say what the invoice says, or the entered value.")


def dollars_of(item: Item, tariff: TariffView, *, currency: str | None = None) -> Decimal | Unassessed:
    """The value alone, as `value_of` has it; an invoice in dollars without adjustments is read without the words."""
    valuation = item.valuation
    if valuation and valuation.entered_value is None and not valuation.additions and not valuation.deductions:
        invoice = valuation.invoice
        stated = amount(invoice.value) if invoice and (invoice.currency or currency) == "USD" else None
        if stated is not None and 0 <= stated < LIMIT:
            return to_dollar_half_up(stated)
    found = value_of(item, tariff, currency=currency)
    return found if isinstance(found, Unassessed) else found.value


def _whole(
    value: Decimal | None, working: str, pointer: str, quote: ExchangeQuote | None = None
) -> ItemValue | Unassessed:
    if value is None or value < 0:
        return unassessed(VALUE, pointer, "The value is not an amount of zero or more.")
    if value >= LIMIT:
        return unassessed(VALUE, pointer, "The value is larger than an entry can hold.")
    whole = to_dollar_half_up(value)
    rounded = "" if whole == value else f", rounded to {plain(whole)}"
    return ItemValue(whole, working + rounded, quote)


def _from_invoice(item: Item, tariff: TariffView, currency: str | None) -> ItemValue | Unassessed:
    valuation = item.valuation
    if valuation is None or valuation.invoice is None:
        return unassessed(VALUE, "/valuation", "No invoice value is given.")
    own = valuation.invoice.currency or currency
    if own is None:
        return unassessed(VALUE, "/valuation/invoice/currency", "Say in which currency the invoice is.")
    total = _dollars(item, tariff, amount(valuation.invoice.value), own, own, "/valuation/invoice")
    if isinstance(total, Unassessed):
        return total
    value, working, quote = total.value, total.working, total.quote
    for word, sign, rows in (("plus", 1, valuation.additions), ("less", -1, valuation.deductions)):
        for place, one in enumerate(rows):
            pointer = f"/valuation/{'additions' if sign > 0 else 'deductions'}/{place}"
            part = _adjustment(item, tariff, one, own, pointer)
            if isinstance(part, Unassessed):
                return part
            value += sign * part.value
            working += f" {word} {part.working}{_name(one)}"
            quote = quote or part.quote
    return _whole(value, working, "/valuation", quote)


def _adjustment(item: Item, tariff: TariffView, one: Adjustment, own: str, pointer: str) -> ItemValue | Unassessed:
    return _dollars(item, tariff, amount(one.value), one.currency or own, own, pointer)


def _name(one: Adjustment) -> str:
    return f" {one.code.replace('_', ' ')}" if one.code else ""


def _dollars(
    item: Item, tariff: TariffView, value: Decimal | None, currency: str, own: str, pointer: str
) -> ItemValue | Unassessed:
    """An amount in dollars, unrounded, with its conversion spelt out."""
    if value is None or value < 0:
        return unassessed(VALUE, f"{pointer}/value", "This is not an amount of zero or more.")
    if currency == "USD":
        return ItemValue(value, plain(value))
    quote = _quote(item, tariff, currency, own)
    if isinstance(quote, Unassessed):
        return quote
    return ItemValue(value * quote.rate, f"{plain(value)} {currency} x {plain(quote.rate)}", quote)


def _quote(item: Item, tariff: TariffView, currency: str, own: str) -> ExchangeQuote | Unassessed:
    """The filer's own rate for the invoice currency, else the rate held for the day of export."""
    given = item.valuation.exchange if item.valuation else None
    exported = day(item.export_date)
    if given and given.rate is not None and currency == own:
        rate = amount(given.rate)
        if rate is None or rate <= 0:
            return unassessed(EXCHANGE, "/valuation/exchange/rate", "The exchange rate is not an amount above zero.")
        rate_date = day(given.rate_date) or exported or tariff.on
        return ExchangeQuote(currency=currency, rate=rate, rate_date=rate_date, basis=given.basis or "stated")
    if exported is None:
        return unassessed(EXCHANGE, "/export_date", f"Say when the goods left: the rate for {currency} is of that day.")
    found = tariff.exchange(currency, exported)
    if found is None:
        return unassessed(
            EXCHANGE, "/valuation/exchange", f"We hold no rate for {currency} on {exported}: give the certified rate."
        )
    return found
