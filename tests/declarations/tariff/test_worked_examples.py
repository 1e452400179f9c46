"""Thirteen computations whose rates are inputs: the arithmetic to the cent."""

from datetime import date
from decimal import Decimal as D

import pytest

from tests.declarations.tariff.makers import amounts, document, fees, item, line, measure, owed, view

FY26_DAY = "2026-06-15"
BATTERY = "8507600020"
LISTS = [
    measure("99038803", 25, origins=["CN"], scope=("850760",), order=10),
    measure("99038815", "7.5", origins=["CN"], scope=("9102",), order=10),
    measure("99030531", "12.5", authority="s301_forced_labor", origins=["CN"], scope=("9102",), order=30),
    measure("99030574", "12.5", authority="s301_forced_labor", effect="floor", origins=["CH"], order=30),
]


def battery(measures=(), special=""):
    return view(line(BATTERY, "3.41%", special=special, units=("NO", "KG")), measures=measures)


def entry(*items, **more):
    return document(*items, entry=FY26_DAY, **more)


def total(assessment):
    assert assessment.unassessed == ()
    return assessment.totals.total


def test_1_ad_valorem_with_both_fees():
    found = owed(entry(item(BATTERY)), battery())
    assert amounts(found) == {BATTERY: "341.00", "499": "34.64", "501": "12.50"}
    assert total(found) == "388.14"


def test_2_the_minimum_of_the_processing_fee():
    found = owed(entry(item(BATTERY, value="500")), battery())
    assert amounts(found) == {BATTERY: "17.05", "499": "1.73", "501": "0.63"}
    assert fees(found) == {"499": "33.58", "501": "0.63"}
    assert total(found) == "51.26"


def test_3_a_claim_on_a_free_line_saves_the_processing_fee():
    found = owed(entry(item("8443992050", origin="SG", claim="SG")), view(line("8443992050")))
    assert fees(found) == {"501": "12.50"}
    assert total(found) == "12.50"


def test_4_a_declared_additional_duty_of_the_schedule():
    tariff = view(line("6403599045", "10%"), line("99034110", "The duty provided in the applicable subheading + 40%"))
    found = owed(entry(item("99034110", "6403599045", origin="JP", value="12290")), tariff)
    assert amounts(found) == {"99034110": "4916.00", "6403599045": "1229.00", "499": "42.57", "501": "15.36"}
    assert total(found) == "6202.93"


def test_5_antidumping_at_zero_beside_an_additional_duty():
    tariff = view(line("7606123096", "3%"), line("99038537", "The duty provided in the applicable subheading + 25%"))
    case = {"case_number": "A469814000", "rate": "0", "rate_type": "ad_valorem", "security": "cash"}
    found = owed(entry(item("99038537", "7606123096", origin="ES", value="68707", adcvd=[case]), kind="07"), tariff)
    assert amounts(found) == {
        "99038537": "17176.75", "7606123096": "2061.21", "A469814000": "0.00", "499": "238.00", "501": "85.88",
    }  # fmt: skip
    assert total(found) == "19561.84"


def test_6_a_warehouse_entry_reports_what_is_paid_later():
    found = owed(entry(item("6601990000", value="50000"), kind="21"), view(line("6601990000", "8.2%")))
    assert amounts(found) == {"6601990000": "4100.00", "499": "173.20", "501": "62.50"}
    assert total(found) == "4335.70"
    duty = found.item(1).lines[0]
    assert "payable on withdrawal" in duty.working
    assert "due on withdrawal for consumption" in next(one for one in found.fees if one.code == "499").working


def test_7_excise_tax_beside_a_free_rate():
    tax = {"class": "016", "basis": "324", "rate": "13.50"}
    brandy = item("2208202000", origin="FR", value="5022", quantities=[("324.00", "PFL")], ir_tax=[tax])
    found = owed(entry(brandy), view(line("2208202000", units=("PFL",))))
    assert amounts(found) == {"2208202000": "0.00", "016": "4374.00", "499": "17.40", "501": "6.28"}
    assert fees(found) == {"499": "33.58", "501": "6.28"}
    assert found.totals.tax == "4374.00"
    assert total(found) == "4413.86"


def test_8_two_cases_at_zero():
    cases = [{"case_number": one, "rate": "0", "security": "cash"} for one in ("A475818000", "C475819000")]
    pasta = item("1902192020", origin="IT", adcvd=cases)
    found = owed(entry(pasta, kind="03"), view(line("1902192020")))
    assert (found.totals.antidumping, found.totals.countervailing) == ("0.00", "0.00")
    assert {one.code for one in found.item(1).lines} >= {"A475818000", "C475819000"}
    assert total(found) == "47.14"


def test_9_four_watch_lines_of_two_origins():
    swiss = [item("9102111000", origin="CH") for _ in range(2)]
    doc = entry(*swiss, item("9102111000", origin="CN"), item("9102111000", origin="CH"))
    found = owed(doc, view(line("9102111000", "2.8%"), measures=LISTS))
    assert amounts(found)["99030574"] == "1250.00"
    assert amounts(found, 3) == {
        "99038815": "750.00", "99030531": "1250.00", "9102111000": "280.00", "499": "34.64", "501": "12.50",
    }  # fmt: skip
    assert found.totals.duty == "6030.00"
    assert fees(found) == {"499": "138.56", "501": "50.00"}
    assert total(found) == "6218.56"


def test_10_an_informal_entry_pays_one_fee():
    found = owed(entry(item(BATTERY), kind="11", mode="40"), battery())
    assert fees(found) == {"311": "2.69"}
    assert total(found) == "343.69"


def test_11_an_additional_duty_of_a_list():
    found = owed(entry(item(BATTERY)), battery(LISTS))
    assert amounts(found) == {"99038803": "2500.00", BATTERY: "341.00", "499": "34.64", "501": "12.50"}
    assert total(found) == "2888.14"


def test_12_a_claim_frees_the_base_and_not_the_list():
    lists = [measure("99038803", 25, origins=["AU"], scope=("850760",), order=10)]
    found = owed(entry(item(BATTERY, origin="AU", claim="AU")), battery(lists, special="Free (AU,BH)"))
    assert amounts(found) == {"99038803": "2500.00", BATTERY: "0.00", "501": "12.50"}
    assert total(found) == "2512.50"


def test_13_parts_of_a_compound_rate_are_added_before_rounding():
    goods = item("0402999000", quantities=[("1234.00", "KG")])
    found = owed(entry(goods), view(line("0402999000", "4.4¢/kg + 4%", units=("KG",))))
    assert amounts(found)["0402999000"] == "454.30"
    assert found.item(1).lines[0].working == "1234 KG x $0.044 + 10000 x 4 %"


def test_a_real_entry_sums_its_harbor_fee_by_line():
    """Value 49,066 in two lines: 61.34, where the fee on the sum would be 61.33."""
    doc = entry(item(BATTERY, value="24530"), item(BATTERY, value="24536"))
    assert fees(owed(doc, battery()))["501"] == "61.33"
    doc = entry(item(BATTERY, value="24534"), item(BATTERY, value="24532"))
    found = owed(doc, battery())
    assert (amounts(found, 1)["501"], amounts(found, 2)["501"]) == ("30.67", "30.67")
    assert fees(found)["501"] == "61.34"
    assert (D(49066) * D("0.00125")).quantize(D("0.01")) == D("61.33")


@pytest.mark.parametrize(
    ("value", "duty"), [("100", "3.41"), ("150", "5.12"), ("50", "1.71"), ("3", "0.10"), ("0", "0.00")]
)
def test_half_a_cent_goes_up(value, duty):
    assert amounts(owed(entry(item(BATTERY, value=value)), battery()))[BATTERY] == duty


def test_the_day_decides_the_list():
    ended = [measure("99038803", 25, origins=["CN"], first=date(2026, 1, 1), last=date(2026, 6, 15))]
    assert "99038803" in amounts(owed(document(item(BATTERY), entry="2026-06-15"), battery(ended)))
    assert "99038803" not in amounts(owed(document(item(BATTERY), entry="2026-06-16"), battery(ended)))
