"""What cannot be computed is named with its pointer, never counted as zero."""

from datetime import date

import pytest

from declarations.document import Document
from declarations.tariff.calculate import as_json, assess
from declarations.tariff.view import TariffView
from tests.declarations.tariff.makers import NOW, amounts, document, fees, item, line, owed, view

TARIFF = view(
    line("8507600090", "3.4%"),
    line("85076000", declarable=False),
    line("0402999000", "46.3¢/kg + 14.9%", units=("KG",)),
    line("5810910010", "See additional U.S. note 1"),
    line("2603000010", "1.7¢/kg on lead content"),
    line("9802008069", "A duty upon the full value"),
    line("9801001012", "Free"),
    line("9817850000", "Special rate"),
    successors={"8507600020": ("8507600090",)},
)


def gaps(*items, **more):
    found = owed(document(*items, **more), TARIFF)
    return [(one.code, one.pointer) for one in found.unassessed]


@pytest.mark.parametrize(
    ("goods", "expected"),
    [
        (item("8507600099"), ("DUTY-NUMBER", "/items/0/tariffs/0/hts_number")),
        (item("85076000"), ("DUTY-NUMBER", "/items/0/tariffs/0/hts_number")),
        (item(), ("DUTY-NUMBER", "/items/0/tariffs")),
        (item("8507600090", origin=None), ("DUTY-ORIGIN", "/items/0/origin_country")),
        (item("8507600090", origin="**"), ("DUTY-ORIGIN", "/items/0/origin_country")),
        *(
            (item("8507600090", origin=one), ("DUTY-ORIGIN", "/items/0/origin_country"))
            for one in ("cn", "XX", "ZZ", "EU", "CHN", "China")
        ),
        (item("8507600090", value=None), ("DUTY-VALUE", "/items/0/valuation")),
        (item("0402999000"), ("DUTY-QUANTITY", "/items/0/tariffs/0/quantities")),
        (item("0402999000", quantities=[("5", "L")]), ("DUTY-QUANTITY", "/items/0/tariffs/0/quantities")),
        (item("5810910010"), ("DUTY-RATE", "/items/0/tariffs/0/hts_number")),
        (item("2603000010"), ("DUTY-QUANTITY", "/items/0/measures")),
        (item("9102111000", "9102112500"), ("DUTY-NUMBER", "/items/0/tariffs/0/hts_number")),
        (item("9999009900", "8507600090"), ("DUTY-NUMBER", "/items/0/tariffs/0/hts_number")),
        (item("9802008069", "8507600090"), ("DUTY-VALUE", "/items/0/tariffs/1/value")),
        (item("9817850000", "8507600090"), ("DUTY-RATE", "/items/0/tariffs/0/hts_number")),
        (item("9806000000", "8507600090"), ("DUTY-NUMBER", "/items/0/tariffs/0/hts_number")),
        (item("8507600090", adcvd=[{"case_number": "X1"}]), ("DUTY-CASE", "/items/0/adcvd/0/case_number")),
        (item("8507600090", adcvd=[{"case_number": "A570890000"}]), ("DUTY-CASE", "/items/0/adcvd/0/rate")),
        (
            item("8507600090", adcvd=[{"case_number": "A570890000", "rate": "2", "rate_type": "specific"}]),
            ("DUTY-CASE", "/items/0/adcvd/0/quantity"),
        ),
        (item("8507600090", ir_tax=[{"class": "016", "rate": "13.5"}]), ("DUTY-TAX", "/items/0/ir_tax/0")),
        (item("8507600090", fees=[{"class": "056", "rate": "1"}]), ("DUTY-FEE", "/items/0/fees/0")),
    ],
)
def test_each_lack_has_its_code_and_its_pointer(goods, expected):
    assert expected in gaps(goods)


def test_all_that_is_lacking_is_said_at_once():
    assert gaps(item("8507600099", origin=None, value=None)) == [
        ("DUTY-ORIGIN", "/items/0/origin_country"),
        ("DUTY-NUMBER", "/items/0/tariffs/0/hts_number"),
        ("DUTY-VALUE", "/items/0/valuation"),
    ]


def test_a_number_that_was_replaced_names_its_successor():
    found = owed(document(item("8507600020")), TARIFF)
    assert "It was replaced by 8507.60.00.90." in found.unassessed[0].reason


def test_totals_leave_out_what_could_not_be_computed():
    found = owed(document(item("0402999000", value="90000"), item("8507600090")), TARIFF)
    assert found.item(1).entered_value == "90000"
    assert found.item(1).lines == ()
    assert found.totals.total == "387.14"
    assert fees(found) == {"499": "34.64", "501": "12.50"}


def test_an_item_without_a_value_is_not_listed():
    found = owed(document(item("8507600090", value=None)), TARIFF)
    assert found.items == ()
    assert found.fees == ()


def test_a_case_that_lacks_its_rate_leaves_the_rest_of_the_line_standing():
    found = owed(document(item("8507600090", adcvd=[{"case_number": "A570890000"}])), TARIFF)
    assert amounts(found)["8507600090"] == "340.00"
    assert found.totals.antidumping == "0.00"
    assert [one.code for one in found.unassessed] == ["DUTY-CASE"]


def test_a_rate_date_before_the_schedule_held():
    tariff = view(line("8507600090", "3.4%"), lines_from=date(2026, 6, 8))
    doc = document(item("8507600090"), in_bond={"type": "61", "accepted_date": "2026-06-07"})
    assert [one.code for one in owed(doc, tariff).unassessed] == ["DUTY-EDITION"]
    earlier = view(line("8507600090", "3.2%"), lines_from=date(2026, 1, 1))
    found = owed(doc, tariff, at=lambda on: earlier if on == date(2026, 6, 7) else None)
    assert found.unassessed == ()
    assert amounts(found)["8507600090"] == "320.00"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"kind": None}, ("DUTY-FEE", "/entry_type")),
        ({"kind": "13", "mode": "50"}, ("DUTY-FEE", "/entry_type")),
        ({"mode": None}, ("DUTY-FEE", "/transport/mode")),
        ({"entry": "2017-06-01"}, ("DUTY-FEE", "/dates")),
    ],
)
def test_fees_that_cannot_be_told(more, expected):
    assert gaps(item("8507600090"), **more) == [expected]


def test_an_empty_declaration_is_no_error():
    found = assess(Document(), tariff=TARIFF, now=NOW)
    assert (found.items, found.fees, found.unassessed, found.totals.total) == ((), (), (), "0.00")


def test_an_empty_tariff_is_no_error():
    empty = TariffView(on=TARIFF.on, editions=TARIFF.editions, lines={})
    found = assess(document(item("8507600090")), tariff=empty, now=NOW)
    assert [one.code for one in found.unassessed] == ["DUTY-NUMBER"]


def test_the_json_has_every_member_even_when_empty():
    found = as_json(assess(Document(), tariff=TARIFF, now=NOW))
    assert found == {
        "currency": "USD",
        "editions": {"tariff": "test", "measures": "test"},
        "items": [],
        "fees": [],
        "totals": dict.fromkeys(("duty", "antidumping", "countervailing", "tax", "fees", "total"), "0.00"),
        "unassessed": [],
        "notices": [],
    }
    (one,) = as_json(owed(document(item("8507600090")), TARIFF))["items"]
    assert set(one) == {"sequence", "rate_date", "estimated", "entered_value", "tariffs", "lines"}
    assert set(one["lines"][0]) == {"kind", "code", "basis", "rate", "amount", "legal_basis", "working"}
    assert one["tariffs"] == [{"hts_number": "8507600090", "role": "classification", "value": "10000"}]


HUGE = "9" * 15


@pytest.mark.parametrize(
    "goods",
    [
        item("8507600090", value=HUGE),
        item("8507600090", value="10000000000000"),
        item("0402999000", quantities=[(HUGE, "KG")], value="1"),
        item("8507600090", adcvd=[{"case_number": "A570890000", "rate": HUGE, "value": HUGE}]),
        item("8507600090", ir_tax=[{"class": "016", "rate": HUGE, "basis": HUGE}]),
        item("8507600090", ir_tax=[{"class": "016", "amount": HUGE}]),
        item("8507600090", fees=[{"class": "056", "rate": HUGE, "quantity": HUGE}]),
    ],
)
def test_amounts_that_no_entry_holds_are_named_and_not_computed(goods):
    found = owed(document(goods, kind="03"), TARIFF)
    assert len(found.unassessed) == 1
    assert "larger than an entry can hold" in found.unassessed[0].reason
    assert len(found.totals.total) < 12
