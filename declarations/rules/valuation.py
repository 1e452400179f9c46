"""From the invoice to the entered value: price, additions, deductions, exchange, related parties (19 USC 1401a)."""

from collections.abc import Iterator
from decimal import Decimal

from declarations.document import Valuation
from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule
from declarations.rules.lines import Line
from declarations.tariff.expressions import needs, parse
from declarations.tariff.expressions.needs import DOLLARS, SUGAR_DEGREES
from portal.money import to_dollar_half_up

MOST_DEGREES = Decimal(100)
HOME_CURRENCY = "USD"
METHODS = frozenset("123456")
TRANSACTION_VALUE = "1"
# Kinds of additions (19 USC 1401a(b)(1)) and deductions (19 USC 1401a(b)(4)); wrong ones are judged by their own rules.
ADDITIONS = frozenset({"packing", "selling_commission", "assist", "royalty", "licence_fee", "proceeds", "other"})
DEDUCTIONS = frozenset(
    {
        "international_freight", "international_insurance", "foreign_inland_freight", "duty", "taxes",
        "assembly_after_import", "transport_after_import", "buying_commission", "selling_commission",
        "discount", "other",
    }
)  # fmt: skip
FREIGHT_IN_PRICE = frozenset({"CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DAT", "DDP"})
FREIGHT_CODES = frozenset({"international_freight", "international_insurance"})
THROUGH_BILL = "through_bill"
BASES = ("quarterly", "daily", "proclaimed")
REFERENCE_RATE = "reference"
RATE_TOLERANCE = Decimal("0.0001")  # share of the rate: what rounding to a few places can do


@rule("VAL-NONE", "error", "19 CFR 141.86; CBP Form 7501, block 36")
def value_missing(case: Case) -> Iterator[Finding]:
    """This line has no value. Give the price of the invoice and its currency, or the entered value in whole US
    dollars."""
    for line in case.lines:
        found = line.item.valuation
        priced = found and (found.entered_value or (found.invoice and found.invoice.value))
        if not priced and not any(one.tariff.value for one in line.goods):
            yield f"{line.at}/valuation/entered_value"


@rule("VAL-ZERO", "error", "19 CFR 141.86")
def value_zero(case: Case) -> Iterator[Finding]:
    """The value of this line is zero. Goods that cost nothing have a value too, samples and replacements as well:
    give what they would be sold for."""
    for line in case.lines:
        if line.entered is not None and line.entered == 0:
            yield f"{line.at}/valuation/entered_value"


@rule("VAL-WHOLE", "error", "CATAIR AE record 50, positions 25-34; ACE condition 437")
def whole_dollars(case: Case) -> Iterator[Finding]:
    """Values are declared in whole US dollars, and this says {value}. Round it: half a dollar goes up."""
    for line in case.lines:
        if line.entered is not None and not reading.is_whole(line.entered):
            yield f"{line.at}/valuation/entered_value", {"value": f"{line.entered:f}"}
        for one in line.numbers:
            found = reading.amount(one.tariff.value)
            if found is not None and not reading.is_whole(found):
                yield f"{one.at}/value", {"value": f"{found:f}"}


@rule("VAL-SUM", "warning", "19 USC 1401a(b); 19 CFR 141.86")
def entered_against_invoice(case: Case) -> Iterator[Finding]:
    """Invoice, additions and deductions come to {computed} dollars, and you enter {entered}. Correct one of them,
    or say in an adjustment where the difference comes from."""
    for line in case.lines:
        if line.item.valuation is not None and line.entered is not None:
            computed = _computed(line.item.valuation, case.document.currency)
            if computed is not None and abs(to_dollar_half_up(computed) - line.entered) > 1:
                rounded = reading.dollars(to_dollar_half_up(computed))
                params = {"computed": rounded, "entered": reading.dollars(line.entered)}
                yield f"{line.at}/valuation/entered_value", params


@rule("VAL-NEGATIVE", "error", "19 USC 1401a(b)(4)")
def nothing_left(case: Case) -> Iterator[Finding]:
    """The deductions of this line take away the whole price. Correct them: a deduction is a part of the price that
    is shown separately."""
    for line in case.lines:
        found = line.item.valuation
        if found is not None and found.deductions:
            computed = _computed(found, case.document.currency)
            if computed is not None and computed <= 0:
                yield f"{line.at}/valuation/deductions"


@rule("VAL-METHOD", "warning", "19 USC 1401a")
def method(case: Case) -> Iterator[Finding]:
    """Say by which method the value was found: 1 for the price paid, 2 and 3 for the price of identical or similar
    goods, 4 deductive, 5 computed, 6 another reasonable way."""
    for line in case.lines:
        found = line.item.valuation
        if found is not None and found.method not in METHODS:
            yield f"{line.at}/valuation/method"


@rule("VAL-INVOICE", "warning", "19 CFR 141.86")
def invoice_number(case: Case) -> Iterator[Finding]:
    """This line does not name its invoice. Give the invoice number and line, so that the price can be followed."""
    for line in case.lines:
        found = line.item.valuation
        if found is not None and found.method == TRANSACTION_VALUE and not (found.invoice and found.invoice.document):
            yield f"{line.at}/valuation/invoice/document"


@rule("VAL-CURRENCY", "error", "19 CFR 141.86; ISO 4217")
def invoice_currency(case: Case) -> Iterator[Finding]:
    """The price has no currency, or one we do not know. Use the three letters of ISO 4217, such as USD or MXN."""
    known = case.facts.codes.currencies
    for line in case.lines:
        invoice = line.item.valuation.invoice if line.item.valuation else None
        if invoice is not None and invoice.value:
            currency = invoice.currency or case.document.currency
            if not currency or (known and currency not in known):
                yield f"{line.at}/valuation/invoice/currency"


@rule("FX-NONE", "error", "31 USC 5151; 19 CFR 159.32")
def exchange_missing(case: Case) -> Iterator[Finding]:
    """The price is in {currency}, and no rate of exchange is given. Use the certified rate of the date of export."""
    for line, currency in _foreign(case):
        exchange = line.item.valuation.exchange if line.item.valuation else None
        if exchange is None or not reading.amount(exchange.rate):
            yield f"{line.at}/valuation/exchange/rate", {"currency": currency}


@rule("FX-DATE", "error", "31 USC 5151; 19 CFR 159.32")
def exchange_date(case: Case) -> Iterator[Finding]:
    """The rate of exchange is of {rate_day}, and the goods were exported on {exported}. Use the certified rate of
    the date of export, whatever the date of the invoice."""
    for line, _ in _foreign(case):
        exchange = line.item.valuation.exchange if line.item.valuation else None
        rate_day = reading.day(exchange.rate_date) if exchange else None
        exported = reading.day(line.item.export_date)
        if rate_day and exported and rate_day != exported:
            params = {"rate_day": reading.shown(rate_day), "exported": reading.shown(exported)}
            yield f"{line.at}/valuation/exchange/rate_date", params


@rule("FX-DATE-NONE", "error", "31 USC 5151; 19 CFR 159.32")
def exchange_date_missing(case: Case) -> Iterator[Finding]:
    """The rate of exchange has no date. Give the day it was certified for, which is the date of export."""
    for line, _ in _foreign(case):
        exchange = line.item.valuation.exchange if line.item.valuation else None
        if exchange and exchange.rate and not exchange.rate_date:
            yield f"{line.at}/valuation/exchange/rate_date"


@rule("FX-BASIS", "error", "19 CFR 159.31 to 159.36")
def exchange_basis(case: Case) -> Iterator[Finding]:
    """Say which rate this is: quarterly, daily or proclaimed. No other rate than a certified or proclaimed one may
    be used."""
    for line, _ in _foreign(case):
        exchange = line.item.valuation.exchange if line.item.valuation else None
        if exchange and exchange.rate and exchange.basis not in (*BASES, REFERENCE_RATE):
            yield f"{line.at}/valuation/exchange/basis"


@rule("FX-REFERENCE", "warning", "19 CFR 159.31")
def exchange_reference(case: Case) -> Iterator[Finding]:
    """The rate for {currency} is a reference rate, not one that the United States certified. Replace it with the
    certified rate of the date of export before you file."""
    for line, currency in _foreign(case):
        exchange = line.item.valuation.exchange if line.item.valuation else None
        if exchange and exchange.basis == REFERENCE_RATE:
            yield f"{line.at}/valuation/exchange/basis", {"currency": currency}


@rule("FX-RATE", "warning", "31 USC 5151; 19 CFR 159.31 to 159.36")
def exchange_rate(case: Case) -> Iterator[Finding]:
    """You use {given} dollars for one {currency}, and the {basis} rate of the date of export is {quoted}. Correct
    the rate, or its basis."""
    for line, currency in _foreign(case):
        exchange = line.item.valuation.exchange if line.item.valuation else None
        exported = reading.day(line.item.export_date)
        given = reading.amount(exchange.rate) if exchange else None
        quote = case.tariff.exchange(currency, exported) if exported and given else None
        if exchange is None or not given or quote is None or exchange.basis != quote.basis:
            continue
        if abs(given - quote.rate) > quote.rate * RATE_TOLERANCE:
            params = {"given": f"{given:f}", "quoted": f"{quote.rate:f}", "currency": currency, "basis": quote.basis}
            yield f"{line.at}/valuation/exchange/rate", params


@rule("VAL-CIF", "warning", "19 USC 1401a(b)(4); 19 CFR 152.103")
def freight_in_price(case: Case) -> Iterator[Finding]:
    """With {incoterm} the price includes freight and insurance to the United States, which are not part of the
    value, and none are deducted. Deduct what they cost, if the invoice or the bill shows it."""
    incoterm = case.document.terms.incoterm if case.document.terms else None
    for line in case.lines if incoterm in FREIGHT_IN_PRICE else ():
        found = line.item.valuation
        if found is not None and not any(one.code in FREIGHT_CODES for one in found.deductions):
            yield f"{line.at}/valuation/deductions", {"incoterm": incoterm or ""}


@rule("VAL-INLAND", "warning", "19 CFR 152.103(a)(5)")
def inland_freight(case: Case) -> Iterator[Finding]:
    """Foreign inland freight is deducted, which is right only with a through bill of lading and a separate line on
    the invoice. List the through bill ({kind}) on this line, or take the deduction out."""
    for line in case.lines:
        found = line.item.valuation
        for place, one in enumerate(found.deductions if found else ()):
            cited = {case.document_kinds.get(document) for document in line.item.documents}
            if one.code == "foreign_inland_freight" and THROUGH_BILL not in cited:
                yield f"{line.at}/valuation/deductions/{place}", {"kind": THROUGH_BILL}


@rule("VAL-COMM", "warning", "19 USC 1401a(b)(1)(B)")
def selling_commission(case: Case) -> Iterator[Finding]:
    """A selling commission is deducted, and it is part of the value; only a commission to your own buying agent is
    not. Take the deduction out, or correct its kind."""
    yield from _deducted(case, "selling_commission")


@rule("VAL-DISC", "warning", "19 USC 1401a(b)(4)(B)")
def discount(case: Case) -> Iterator[Finding]:
    """A discount lowers the value only if it was agreed before the goods were imported. Keep the agreement with
    its date, or take the deduction out."""
    yield from _deducted(case, "discount")


@rule("VAL-REL", "warning", "19 CFR 152.103(l)")
def related(case: Case) -> Iterator[Finding]:
    """Buyer and seller are related, and you use the price between them. Keep the proof that the relation did not
    bear on the price, from the circumstances of the sale or from a test value, or use another method."""
    for line in case.lines:
        if line.item.related_parties and line.item.valuation and line.item.valuation.method == TRANSACTION_VALUE:
            yield f"{line.at}/related_parties"


@rule("VAL-ADJ", "warning", "19 USC 1401a(b)(1), (b)(4)")
def adjustment_kind(case: Case) -> Iterator[Finding]:
    """{code} is not a kind of addition or deduction that we know, so nobody can check it. Use a word such as
    packing, assist, royalty or international_freight."""
    for line in case.lines:
        found = line.item.valuation
        if found is None:
            continue
        for member, known in (("additions", ADDITIONS), ("deductions", DEDUCTIONS)):
            for place, one in enumerate(getattr(found, member)):
                if one.code not in known:
                    yield f"{line.at}/valuation/{member}/{place}/code", {"code": one.code or "–"}


@rule("VAL-ADJ-AMOUNT", "error", "19 USC 1401a(b)(1), (b)(4)")
def adjustment_amount(case: Case) -> Iterator[Finding]:
    """This addition or deduction has no amount above zero. Give it without a sign, or remove it."""
    for line in case.lines:
        found = line.item.valuation
        if found is None:
            continue
        for member in ("additions", "deductions"):
            for place, one in enumerate(getattr(found, member)):
                value = reading.amount(one.value)
                if value is None or value <= 0:
                    yield f"{line.at}/valuation/{member}/{place}/value"


@rule("VAL-PART", "error", "19 USC 1401a; HTS rates on a part of the goods")
def value_of_part(case: Case) -> Iterator[Finding]:
    """The {name} is given as {given} dollars, and the whole line is worth {value}. Correct one of them."""
    for line in case.lines:
        for name in _parts(line) if line.item.measures and line.value > 0 else ():
            given = reading.amount(line.item.measures.get(name))
            if given is not None and given > line.value:
                params = {"name": name, "given": reading.dollars(given), "value": reading.dollars(line.value)}
                yield f"{line.at}/measures", params


@rule("QTY-DEGREES", "error", "HTS chapter 17: sugar degrees by the polariscope")
def sugar_degrees(case: Case) -> Iterator[Finding]:
    """Sugar has at most 100 degrees, and this line gives {given}. Give the degrees that the polariscope shows."""
    for line in case.lines:
        given = reading.amount(line.item.measures.get(SUGAR_DEGREES)) if line.item.measures else None
        if given is not None and given > MOST_DEGREES:
            yield f"{line.at}/measures", {"given": line.item.measures[SUGAR_DEGREES]}


def _parts(line: Line) -> set[str]:
    """Names of the parts of the goods on whose value the rates of a line are."""
    columns = [text for one in line.goods if one.hts for text in (one.hts.general, one.hts.column2)]
    found = (need for text in columns for need in needs(parse(text)))
    return {need.name for need in found if need.kind == "measure" and need.unit == DOLLARS}


def _foreign(case: Case) -> Iterator[tuple[Line, str]]:
    """Lines whose invoice is in another currency than US dollars."""
    for line in case.lines:
        invoice = line.item.valuation.invoice if line.item.valuation else None
        currency = (invoice.currency or case.document.currency) if invoice and invoice.value else None
        if currency and currency != HOME_CURRENCY:
            yield line, currency


def _deducted(case: Case, code: str) -> Iterator[Finding]:
    for line in case.lines:
        found = line.item.valuation
        for place, one in enumerate(found.deductions if found else ()):
            if one.code == code:
                yield f"{line.at}/valuation/deductions/{place}"


def _computed(valuation: Valuation, default: str | None) -> Decimal | None:
    """Invoice, additions and deductions in US dollars; None where one of them cannot be converted."""
    invoice = valuation.invoice
    price = reading.amount(invoice.value) if invoice else None
    if invoice is None or price is None:
        return None
    currency = invoice.currency or default or HOME_CURRENCY
    rate = reading.amount(valuation.exchange.rate) if valuation.exchange else None
    total = Decimal(0)
    parts = [(price, currency, 1)]
    for one in valuation.additions:
        parts.append((reading.amount(one.value) or Decimal(0), one.currency or currency, 1))
    for one in valuation.deductions:
        parts.append((reading.amount(one.value) or Decimal(0), one.currency or currency, -1))
    for value, unit, sign in parts:
        if unit == HOME_CURRENCY:
            total += sign * value
        elif unit == currency and rate:
            total += sign * value * rate
        else:
            return None
    return total


RULES = (
    value_missing, value_zero, whole_dollars, entered_against_invoice, nothing_left, method, invoice_number,
    invoice_currency, exchange_missing, exchange_date, exchange_date_missing, exchange_basis, exchange_reference,
    exchange_rate, freight_in_price, inland_freight, selling_commission, discount, related, adjustment_kind,
    adjustment_amount, value_of_part, sugar_degrees,
)  # fmt: skip
