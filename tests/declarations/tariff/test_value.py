"""From the invoice to whole dollars."""

from datetime import date
from decimal import Decimal as D

import pytest

from declarations.assessment import Unassessed
from declarations.document import Item
from declarations.tariff.calculate import ItemValue, value_of
from declarations.tariff.view import ExchangeQuote
from tests.declarations.tariff.makers import document, item, view

EXPORTED = date(2026, 11, 2)
TARIFF = view(
    quotes={
        (code, EXPORTED): ExchangeQuote(currency=code, rate=D(rate), rate_date=EXPORTED, basis="reference")
        for code, rate in (("EUR", "1.1172"), ("JPY", "0.0065"))
    }
)


def valued(**valuation) -> Item:
    return document(item("8507600090", value=None, valuation=valuation, export_date="2026-11-02")).items[0]


def invoice(value, currency="USD"):
    return {"value": value, "currency": currency}


@pytest.mark.parametrize(
    ("valuation", "value", "working"),
    [
        ({"entered_value": "45000"}, "45000", "as entered"),
        ({"entered_value": "45000.50"}, "45001", "as entered, rounded to 45001"),
        ({"entered_value": "45000.49", "invoice": invoice("1")}, "45000", "as entered, rounded to 45000"),
        ({"entered_value": "0"}, "0", "as entered"),
        ({"invoice": invoice("38400.00")}, "38400", "38400"),
        ({"invoice": invoice("0.50")}, "1", "0.5, rounded to 1"),
        ({"invoice": invoice("0.49")}, "0", "0.49, rounded to 0"),
        (
            {
                "invoice": invoice("26150.00"),
                "deductions": [
                    {"code": "international_freight", "value": "2000.00", "currency": "USD"},
                    {"code": "international_insurance", "value": "150.00"},
                ],
            },
            "24000",
            "26150 less 2000 international freight less 150 international insurance",
        ),
        (
            {
                "invoice": invoice("1000", "EUR"),
                "additions": [{"code": "assists", "value": "10000", "currency": "JPY"}],
            },
            "1182",
            "1000 EUR x 1.1172 plus 10000 JPY x 0.0065 assists, rounded to 1182",
        ),
        (
            {"invoice": invoice("1000", "EUR"), "exchange": {"rate": "1.25", "basis": "daily"}},
            "1250",
            "1000 EUR x 1.25",
        ),
        (
            {
                "invoice": invoice("1000", "EUR"),
                "exchange": {"rate": "1.25"},
                "deductions": [{"code": "freight", "value": "100"}],
            },
            "1125",
            "1000 EUR x 1.25 less 100 EUR x 1.25 freight",
        ),
    ],
)
def test_a_value_and_its_working(valuation, value, working):
    found = value_of(valued(**valuation), TARIFF)
    assert isinstance(found, ItemValue)
    assert (found.value, found.working) == (D(value), working)


def test_the_rate_used_comes_with_the_value():
    assert value_of(valued(invoice=invoice("1000", "EUR")), TARIFF).quote.basis == "reference"
    stated = value_of(valued(invoice=invoice("1000", "EUR"), exchange={"rate": "1.25", "basis": "daily"}), TARIFF)
    assert (stated.quote.rate, stated.quote.basis, stated.quote.rate_date) == (D("1.25"), "daily", EXPORTED)
    assert value_of(valued(entered_value="5"), TARIFF).quote is None


def test_the_declarations_currency_stands_in_for_the_invoices():
    one = valued(invoice={"value": "1000"})
    assert value_of(one, TARIFF, currency="EUR").value == D(1117)
    lacking = value_of(one, TARIFF)
    assert (lacking.code, lacking.pointer) == ("DUTY-VALUE", "/valuation/invoice/currency")


def test_values_stated_with_the_numbers_stand_in_for_a_valuation():
    both = item("9102111000", "9102112500", value=None, values=["300", "200"])
    assert value_of(document(both).items[0], TARIFF).value == D(500)


@pytest.mark.parametrize(
    ("valuation", "code", "pointer"),
    [
        ({}, "DUTY-VALUE", "/valuation"),
        ({"entered_value": "-1"}, "DUTY-VALUE", "/valuation/entered_value"),
        ({"invoice": invoice("-5")}, "DUTY-VALUE", "/valuation/invoice/value"),
        ({"invoice": invoice("5", "CHF")}, "DUTY-EXCHANGE", "/valuation/exchange"),
        ({"invoice": invoice("5", "EUR"), "exchange": {"rate": "0"}}, "DUTY-EXCHANGE", "/valuation/exchange/rate"),
        (
            {"invoice": invoice("5"), "deductions": [{"value": "3"}, {"code": "freight"}]},
            "DUTY-VALUE",
            "/valuation/deductions/1/value",
        ),
        ({"invoice": invoice("5"), "deductions": [{"value": "7"}]}, "DUTY-VALUE", "/valuation"),
    ],
)
def test_what_a_value_lacks_is_named_and_pointed_at(valuation, code, pointer):
    found = value_of(valued(**valuation), TARIFF)
    assert isinstance(found, Unassessed)
    assert (found.code, found.pointer) == (code, pointer)
    assert found.reason.endswith(".")


def test_a_foreign_invoice_needs_the_day_of_export():
    one = document(item("8507600090", value=None, valuation={"invoice": invoice("5", "EUR")})).items[0]
    found = value_of(one, TARIFF)
    assert (found.code, found.pointer) == ("DUTY-EXCHANGE", "/export_date")
