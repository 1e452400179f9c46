"""Processing and harbor fees, deposits, taxes, chapter 98, sets."""

from datetime import date

import pytest

from declarations.tariff.selectors import current_view
from tests.declarations.tariff.makers import amounts, document, fees, item, line, measure, owed, view

CN301 = measure("99038803", 25, origins=["CN"])
TARIFF = view(
    line("8507600090", "3.4%", special="Free (KR,S)"),
    line("3304995000"),
    line("9801001012", "Free"),
    line("98020050", "A duty upon the value of the repairs or alterations"),
    line("9802006000", "A duty upon the value of such processing"),
    line("9802008069", "A duty upon the full value"),
    line("9813000540", "Free, under bond, as prescribed in U.S. note 1"),
    line("7208370060"),
    measures=[CN301, measure("99038202", 50, authority="s232_metals", scope=("72",), order=55)],
)


def battery(value="10000", **more):
    return item("8507600090", origin=more.pop("origin", "VN"), value=value, **more)


def test_the_maximum_is_on_the_sum_and_lines_stay_as_they_are():
    found = owed(document(battery("150000"), battery("100000")), TARIFF)
    assert [amounts(found, one)["499"] for one in (1, 2)] == ["519.60", "346.40"]
    assert fees(found)["499"] == "670.86"


def test_exempt_lines_do_not_count_and_the_minimum_is_on_the_rest():
    found = owed(document(battery("100000", origin="KR", claim="KR"), battery("1000")), TARIFF)
    assert "499" not in amounts(found, 1)
    assert (amounts(found, 2)["499"], fees(found)["499"]) == ("3.46", "34.58")


def test_no_chargeable_line_no_fee_and_no_minimum():
    assert fees(owed(document(battery(origin="KR", claim="KR"), mode="40"), TARIFF)) == {}


@pytest.mark.parametrize(
    ("kind", "mode", "expected"),
    [
        ("01", "11", {"499": "34.64", "501": "12.50"}),
        ("01", "10", {"499": "34.64", "501": "12.50"}),
        ("01", "12", {"499": "34.64", "501": "12.50"}),
        ("01", "30", {"499": "34.64"}),
        ("01", "40", {"499": "34.64"}),
        ("03", "11", {"499": "34.64", "501": "12.50"}),
        ("06", "11", {"499": "34.64"}),
        ("11", "11", {"311": "2.77"}),
        ("12", "40", {"311": "2.77"}),
        ("21", "11", {"499": "34.64", "501": "12.50"}),
        ("22", "11", {"499": "34.64"}),
        ("23", "11", {"501": "12.50"}),
        ("31", "11", {"499": "34.64"}),
        ("34", "11", {"499": "34.64"}),
        ("38", "11", {"499": "34.64"}),
    ],
)
def test_fees_by_type_and_mode(kind, mode, expected):
    assert fees(owed(document(battery(), kind=kind, mode=mode), TARIFF)) == expected


def test_an_informal_entry_of_exempt_goods_pays_no_fee():
    assert fees(owed(document(battery(origin="KR", claim="KR"), kind="11", mode="40"), TARIFF)) == {}


def test_a_port_outside_the_list_takes_no_harbor_fee():
    assert fees(owed(document(battery()), TARIFF, harbor_fee=False)) == {"499": "34.64"}
    assert "501" in fees(owed(document(battery()), TARIFF, harbor_fee=True))


@pytest.mark.parametrize(("value", "owed_fee"), [("2400", {}), ("2403", {}), ("2404", {"501": "3.01"})])
def test_a_small_harbor_fee_alone_is_not_paid(value, owed_fee):
    free = item("3304995000", origin="KR", claim="KR", value=value)
    found = owed(document(free), TARIFF)
    assert fees(found) == owed_fee
    assert ("501" in amounts(found)) == bool(owed_fee)


def test_a_small_harbor_fee_beside_anything_else_is_paid():
    dutiable = battery("500", origin="KR")
    assert fees(owed(document(dutiable), TARIFF))["501"] == "0.63"
    taxed = item("3304995000", origin="KR", claim="KR", value="500", ir_tax=[{"class": "016", "amount": "0.01"}])
    assert fees(owed(document(taxed), TARIFF))["501"] == "0.63"


YEARS = [
    ("2018-01-01", "25.67", "497.99"), ("2018-10-01", "26.22", "508.70"), ("2019-10-01", "26.79", "519.76"),
    ("2020-10-01", "27.23", "528.33"), ("2021-10-01", "27.75", "538.40"), ("2022-10-01", "29.66", "575.35"),
    ("2023-10-01", "31.67", "614.35"), ("2024-10-01", "32.71", "634.62"), ("2025-10-01", "33.58", "651.50"),
    ("2026-10-01", "34.58", "670.86"), ("2026-09-30", "33.58", "651.50"), ("2027-09-30", "34.58", "670.86"),
]  # fmt: skip


@pytest.mark.parametrize(("day", "least", "most"), YEARS)
def test_minimum_and_maximum_by_fiscal_year_of_the_entry(starter, day, least, most):
    held = current_view(date(2026, 11, 24))
    tariff = view(line("8507600090", "3.4%"), fee_years=tuple(held._fee_years))
    small, large = (owed(document(battery(value), entry=day), tariff) for value in ("1", "900000"))
    assert (fees(small)["499"], fees(large)["499"]) == (least, most)


# ---- antidumping, taxes, stated fees --------------------------------------------------------------


def test_deposits_by_value_by_unit_and_under_bond():
    cases = [
        {"case_number": "A570890000", "rate": "216.01", "value": "24000"},
        {"case_number": "C570891000", "rate": "1.11"},
        {"case_number": "A570900000", "rate": "0.25", "rate_type": "specific", "quantity": "1000.5"},
        {"case_number": "A570901000", "rate": "10", "security": "bond"},
    ]
    found = owed(document(battery(adcvd=cases), kind="03"), TARIFF)
    lines = {one.code: one for one in found.item(1).lines}
    assert [lines[one["case_number"]].amount for one in cases] == ["51842.40", "111.00", "250.13", "0.00"]
    assert lines["A570901000"].working == "10000 x 10 % = 1000.00, secured by bond"
    assert (found.totals.antidumping, found.totals.countervailing) == ("52092.53", "111.00")


def test_taxes_and_stated_fees_as_the_filer_gives_them():
    more = {
        "ir_tax": [{"class": "016", "basis": "324", "rate": "13.50"}, {"class": "017", "amount": "5.005"}],
        "fees": [{"class": "056", "quantity": "100", "rate": "0.0123"}, {"class": "499", "amount": "999"}],
    }
    found = owed(document(battery(**more), battery(fees=[{"class": "056", "amount": "2"}])), TARIFF)
    assert found.totals.tax == "4379.01"
    assert fees(found) == {"499": "69.28", "501": "25.00", "056": "3.23"}


# ---- chapter 98 -----------------------------------------------------------------------------------


def test_goods_returned_are_free_of_everything_but_the_harbor_fee():
    found = owed(document(item("9801001012", "8507600090", origin="CN")), TARIFF)
    assert amounts(found) == {"8507600090": "0.00", "501": "12.50"}
    assert [(one.hts_number, one.role) for one in found.item(1).tariffs] == [
        ("9801001012", "provision"),
        ("8507600090", "classification"),
    ]
    assert found.item(1).lines[0].legal_basis == "HTS 9801.00.10.12"


def test_goods_under_bond_owe_no_duty():
    found = owed(document(item("9813000540", "8507600090", origin="CN"), kind="23"), TARIFF)
    assert found.totals.duty == "0.00"
    assert "499" not in fees(found)


def test_repairs_abroad_pay_on_their_value_alone():
    goods = item("98020050", "8507600090", origin="CN", value="10000", values=["9000", "1000"])
    found = owed(document(goods), TARIFF)
    assert amounts(found) == {"99038803": "250.00", "8507600090": "34.00", "501": "12.50"}


def test_assembly_with_american_parts_pays_the_fee_on_the_rest():
    goods = item("9802008069", "8507600090", origin="CN", value="10000", values=["4000", "6000"])
    found = owed(document(goods), TARIFF)
    assert amounts(found) == {"99038803": "1500.00", "8507600090": "204.00", "499": "20.78", "501": "12.50"}


def test_metal_processed_abroad_pays_section_232_on_the_full_value():
    goods = item("9802006000", "7208370060", origin="MX", value="10000", values=["7000", "3000"])
    assert amounts(owed(document(goods), TARIFF))["99038202"] == "5000.00"


# ---- several numbers, sets --------------------------------------------------------------------------


def test_two_numbers_of_one_line_carry_their_own_values():
    tariff = view(line("9102111000", "5%"), line("9102112500", "10%"), measures=[CN301])
    goods = item("9102111000", "9102112500", value="500", values=["300", "200"])
    found = owed(document(goods), tariff)
    assert amounts(found) == {
        "99038803": "125.00", "9102111000": "15.00", "9102112500": "20.00", "499": "1.73", "501": "0.63",
    }  # fmt: skip


def test_a_set_pays_on_its_header_and_its_components_carry_the_value():
    header = item("8507600090", origin="VN", value=None, article_set={"role": "header", "set": "1"})
    parts = [
        item(number, origin="VN", value=value, article_set={"role": "component", "set": "1"})
        for number, value in (("3304995000", "6000"), ("7208370060", "4000"))
    ]
    found = owed(document(header, *parts), TARIFF)
    assert found.unassessed == ()
    assert amounts(found, 1) == {"8507600090": "340.00", "499": "34.64", "501": "12.50"}
    assert (amounts(found, 2), amounts(found, 3)) == ({}, {})
    assert found.entered_value == 10000
    assert found.totals.total == "387.14"


def test_taxes_and_fees_that_are_not_computed_are_said_unless_declared():
    tariff = view(
        line("2208202000", "Free"), line("6109100012", "16.5%", path=("Of cotton",)), line("6109901090", "32%")
    )
    goods = [item("2208202000", origin="FR"), item("6109100012", origin="VN"), item("6109901090", origin="VN")]
    said = [(one.code, one.pointer) for one in owed(document(*goods), tariff).notices]
    assert said == [("TAX-OPEN", "/items/0/ir_tax"), ("FEE-OPEN", "/items/1/fees")]
    brandy = item("2208202000", origin="FR", ir_tax=[{"class": "016", "amount": "13.50"}])
    shirts = item("6109100012", origin="VN", fees=[{"class": "056", "amount": "2.10"}])
    assert owed(document(brandy, shirts), tariff).notices == ()
