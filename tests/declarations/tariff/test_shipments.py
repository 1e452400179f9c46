"""Eight shipments on the starter tariff, to the cent, with what must not appear and what would be if."""

import json
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from declarations.decoding import decode
from declarations.tariff.calculate import stack_difference
from declarations.tariff.selectors import current_view
from declarations.tariff.view import MeasureIndex
from tests.declarations.tariff.makers import DAY, amounts, document, fees, item, owed

pytestmark = pytest.mark.usefixtures("starter")

ADCVD = {
    "case_number": "A570890000",
    "security": "cash",
    "rate": "216.01",
    "rate_type": "ad_valorem",
    "value": "24000",
}
BED = {
    "invoice": {"value": "26150.00", "currency": "USD"},
    "deductions": [
        {"code": "international_freight", "value": "2000.00", "currency": "USD"},
        {"code": "international_insurance", "value": "150.00", "currency": "USD"},
    ],
}


def battery(day="2026-11-24"):
    goods = item("8507600090", value="45000", quantities=[("2500", "NO"), ("9000", "KG")])
    return document(goods, entry=day)


def plastics(claim="S"):
    housings = item("3926909989", value="38400", origin="MX", claim=claim, quantities=[("64000", "NO"), ("5120", "KG")])
    caps = item("3923500000", value="9600", origin="MX", claim=claim, quantities=[("480000", "NO"), ("1440", "KG")])
    return document(housings, caps, mode="30")


def cream(claim="KR"):
    return document(item("3304995000", value="72318", origin="KR", claim=claim, quantities=[("6100", "KG")]))


def beds():
    goods = item("9403509045", value=None, valuation=BED, adcvd=[ADCVD], quantities=[("120", "NO")])
    return document(goods, kind="03")


def fries():
    goods = item("2004108020", value="31680", origin="CA", claim="S", quantities=[("24000", "KG")])
    return document(goods, mode="30")


SHIPMENTS = {
    "S01": (battery(), {"99039106": "11250.00", "99030531": "5625.00", "8507600090": "1530.00"},
            {"499": "155.88", "501": "56.25"}, "18617.13"),
    "S02": (plastics(), {"99030594": "0.00", "3926909989": "0.00"}, {}, "0.00"),
    "S03": (beds(),
            {"99038803": "6000.00", "99030531": "3000.00", "9403509045": "0.00", "A570890000": "51842.40"},
            {"499": "83.14", "501": "30.00"}, "60955.54"),
    "S04": (document(item("4202316000", value="2140", origin="IN", quantities=[("428", "NO")]), kind="11", mode="40"),
            {"99030544": "214.00", "4202316000": "171.20"}, {"311": "2.77"}, "387.97"),
    "S06": (cream(), {"99030571": "9039.75", "3304995000": "0.00"}, {"501": "90.40"}, "9130.15"),
    "S07": (document(item("6404119020", value="55500", origin="VN", quantities=[("3000", "PRS")])),
            {"99030584": "6937.50", "6404119020": "11100.00"}, {"499": "192.25", "501": "69.38"}, "18299.13"),
    "S09": (fries(),
            {"99030593": "0.00", "2004108020": "0.00"}, {}, "0.00"),
    "S10": (document(item("9503000073", value="18250", quantities=[("9125", "NO")])),
            {"99030531": "2281.25", "9503000073": "0.00"}, {"499": "63.22", "501": "22.81"}, "2367.28"),
}  # fmt: skip


@pytest.mark.parametrize("name", SHIPMENTS)
def test_a_shipment_to_the_cent(name):
    doc, lines, expected_fees, total = SHIPMENTS[name]
    found = owed(doc, current_view(DAY))
    assert found.unassessed == ()
    assert {code: one for code, one in amounts(found).items() if code not in ("499", "501")} == lines
    assert fees(found) == expected_fees
    assert found.totals.total == total
    assert [one.hts_number for one in found.item(1).tariffs] == [code for code in lines if not code.startswith("A")]


def test_the_second_line_of_plastics_has_its_own_exemption():
    found = owed(plastics(), current_view(DAY))
    assert [(one.hts_number, one.role, one.value) for one in found.item(2).tariffs] == [
        ("99030594", "exemption", "0"),
        ("3923500000", "classification", "9600"),
    ]
    assert "9903.05.55 does not apply" in found.item(2).tariffs[0].reason


def test_editions_are_named():
    found = owed(battery(), current_view(DAY))
    assert (found.editions.tariff, found.editions.measures) == ("2026-rev-10", "2026-10-09")


def test_kinds_and_roles_of_a_floor():
    found = owed(cream(), current_view(DAY)).item(1)
    assert [(one.kind, one.rate) for one in found.lines[:2]] == [("replacement", "12.5%"), ("duty", "Free")]
    assert found.tariffs[0].role == "replacement"
    assert found.lines[1].working == "replaced by 9903.05.71"


def test_suspended_and_stale_lists_never_appear():
    toys = owed(SHIPMENTS["S10"][0], current_view(DAY))
    batteries = owed(battery(), current_view(DAY))
    assert "99038816" not in amounts(toys)
    assert "99038815" not in amounts(batteries)


def test_what_if_plastics_without_the_claim():
    found = owed(plastics(claim=None), current_view(DAY))
    base = [amounts(found, 1)["3926909989"], amounts(found, 2)["3923500000"]]
    added = [amounts(found, one)["99030555"] for one in (1, 2)]
    assert (base, added) == (["2035.20", "508.80"], ["3840.00", "960.00"])  # 2,544.00 and 4,800.00
    assert [amounts(found, one)["499"] for one in (1, 2)] == ["133.02", "33.25"]
    assert fees(found) == {"499": "166.27"}
    assert found.totals.total == "7510.27"


def test_what_if_cream_without_the_claim():
    found = owed(cream(claim=None), current_view(DAY))
    assert fees(found) == {"499": "250.51", "501": "90.40"}
    assert found.totals.total == "9380.66"


def test_what_if_the_batteries_entered_while_exclusions_stood():
    found = owed(battery("2026-11-09"), current_view(date(2026, 11, 9)))
    assert found.totals.total == "18617.13"


def held_for(goods, on):
    """The view of a day in which the exclusion is known to be for these goods."""
    view = current_view(on)
    rows = (replace(one, scope=(goods,)) if one.heading == "99038869" else one for one in view.all_measures)
    return view.with_measures(MeasureIndex(rows))


def test_an_exclusion_of_goods_that_are_not_known_lifts_nothing_and_says_so():
    doc = document(item("99038869", "99030531", "3923500000", value="9600"), entry="2026-11-09")
    found = owed(doc, current_view(date(2026, 11, 9)))
    assert amounts(found)["99038803"] == "2400.00"
    assert "DUTY-EXEMPTION" in [one.code for one in found.notices]


def test_an_exclusion_that_ended_is_not_counted():
    doc = document(item("99038869", "99030531", "3923500000", value="9600"))
    before = owed(document(doc_item(doc), entry="2026-11-09"), held_for("392350", date(2026, 11, 9)))
    after = owed(doc, held_for("392350", DAY))
    assert "99038803" not in amounts(before)
    assert amounts(before)["99038869"] == "0.00"
    assert amounts(after)["99038803"] == "2400.00"
    assert "it ended on 2026-11-09" in after.item(1).tariffs[-1].reason
    refused = [one for one in stack_difference(doc.items[0], tariff=current_view(DAY), on=DAY) if one.kind == "refused"]
    assert [(one.number, one.index) for one in refused] == [("99038869", 0)]


def doc_item(doc):
    one = doc.items[0]
    return item(*(tariff.hts_number for tariff in one.tariffs), value=one.valuation.entered_value)


EXAMPLES = [
    ("a-ocean-type01", "18617.13"),
    ("b-usmca-truck", "0.00"),
    ("c-adcvd-type03", "60955.54"),
    ("d-informal-air-type11", "387.97"),
]


@pytest.mark.parametrize(("name", "total"), EXAMPLES)
def test_a_whole_declaration_with_its_declared_numbers(reference_data: Path, name, total):
    raw = (reference_data / "examples" / "declarations" / f"{name}.json").read_bytes()
    doc = decode(raw)
    tariff = current_view(DAY)
    found = owed(doc, tariff)
    assert found.unassessed == ()
    assert found.totals.total == total
    declared = [[one["hts_number"] for one in line["tariffs"]] for line in json.loads(raw)["items"]]
    assert [[one.hts_number for one in line.tariffs] for line in found.items] == declared
    assert all(stack_difference(one, tariff=tariff, on=DAY) == () for one in doc.items)
