"""The chapter 99 numbers of a line: proposed, claimed, declared, and how a declared list differs."""

from datetime import date
from decimal import Decimal as D

import pytest

from declarations.tariff.calculate import Subject, propose, stack_difference
from tests.declarations.tariff.makers import DAY, amounts, document, item, line, measure, owed, view

FORCED = "s301_forced_labor"
METALS = "s232_metals"
CHINA = measure("99038803", 25, origins=["CN"], scope=("7208", "3926"), order=10)
FORCED_CN = measure("99030531", "12.5", authority=FORCED, origins=["CN"], order=30)
FORCED_MX = measure("99030555", 10, authority=FORCED, origins=["MX"], order=30)
UNDER_232 = measure("99030590", authority=FORCED, effect="exempt", exempts=[FORCED], requires=[METALS], order=31)
USMCA = [
    measure("99030594", authority=FORCED, effect="exempt", exempts=[FORCED], origins=["MX"], program=one, order=31)
    for one in ("S", "S+")
]
DONATED = measure("99030591", authority=FORCED, effect="exempt", exempts=[FORCED], claimed_only=True, order=31)
STEEL = measure("99038202", 50, authority=METALS, scope=("7208", "8418"), order=55)
BRITISH = measure("99038204", 25, authority=METALS, origins=["GB"], scope=("7208",), claimed_only=True, order=55)
LIGHT = measure(
    "99038203", authority=METALS, effect="exempt", exempts=[METALS], excluded_scope=("72",), claimed_only=True, order=56
)
FLOOR = measure("99030571", "12.5", authority=FORCED, effect="floor", origins=["KR"], order=30)
FLOOR_MET = measure("99030570", "12.5", authority=FORCED, effect="floor_met", origins=["KR"], order=30)
CARS = measure("99039461", 15, authority="s232_autos", effect="floor", origins=["KR"], scope=("8703",), order=56)
UNDER_232_CARS = measure(
    "99030590", authority=FORCED, effect="exempt", exempts=[FORCED], requires=["s232_autos", METALS], order=31
)
RUSSIA = measure(
    "99039009", 70, authority="column2_russia", effect="replace", origins=["RU"], scope=("7208",), order=80
)

TARIFF = view(
    line("7208370060"),
    line("8418100010"),
    line("3926909989", "5.3%", special="Free (S)"),
    line("3304995000"),
    line("6404119020", "20%"),
    line("8703230120", "2.5%"),
    line("0402999000", "46.3¢/kg + 14.9%", units=("KG",)),
    measures=[
        CHINA, FORCED_CN, FORCED_MX, *USMCA, DONATED, STEEL, BRITISH, LIGHT, FLOOR, FLOOR_MET, CARS, RUSSIA,
        UNDER_232_CARS,
    ],
)  # fmt: skip


def stack(number, origin, *, program=None, share="0", claimed=(), tariff=TARIFF):
    subject = Subject(number=number, origin=origin, on=DAY, program=program, share=D(share))
    return [(one.measure.heading, one.role) for one in propose(subject, tariff, frozenset(claimed)).applied]


def test_duties_of_several_authorities_add_in_wire_order():
    assert stack("7208370060", "CN") == [
        ("99038803", "additional"),
        ("99030590", "exemption"),
        ("99038202", "additional"),
    ]
    assert stack("3926909989", "CN") == [("99038803", "additional"), ("99030531", "additional")]


def test_a_claim_turns_a_duty_into_its_exemption():
    assert stack("3926909989", "MX") == [("99030555", "additional")]
    assert stack("3926909989", "MX", program="S") == [("99030594", "exemption")]
    assert stack("3926909989", "MX", program="KR") == [("99030555", "additional")]


def test_goods_under_section_232_have_one_exemption_even_with_a_claim():
    assert stack("7208370060", "MX", program="S") == [("99030590", "exemption"), ("99038202", "additional")]


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        ("0", [("99030571", "replacement")]),
        ("0.1249", [("99030571", "replacement")]),
        ("0.125", [("99030570", "exemption")]),
        ("0.2", [("99030570", "exemption")]),
    ],
)
def test_a_floor_looks_at_the_rate_of_column_1(share, expected):
    assert stack("3304995000", "KR", share=share) == expected


def test_of_two_duties_in_lieu_the_exempt_one_goes():
    assert stack("8703230120", "KR", share="0.025") == [("99030590", "exemption"), ("99039461", "replacement")]


def test_conditions_of_the_filer_count_only_where_claimed():
    assert stack("3926909989", "MX", claimed=["99030591"]) == [("99030591", "exemption")]
    assert stack("8418100010", "CN") == [("99030590", "exemption"), ("99038202", "additional")]
    assert stack("8418100010", "CN", claimed=["99038203"]) == [("99030531", "additional"), ("99038203", "exemption")]
    assert stack("7208370060", "CN", claimed=["99038203"])[-1] == ("99038202", "additional")


def test_a_claimed_duty_stands_instead_of_its_authority():
    assert stack("7208370060", "GB") == [("99038202", "additional")]
    assert stack("7208370060", "GB", claimed=["99038204"]) == [("99038204", "additional")]


def test_a_rate_in_lieu_of_column_2():
    tariff = view(line("7208370060", "Free", column2="20%"), measures=[RUSSIA])
    found = owed(document(item("7208370060", origin="RU")), tariff)
    assert {code: amounts(found)[code] for code in ("99039009", "7208370060")} == {
        "99039009": "7000.00",
        "7208370060": "0.00",
    }


def test_column_2_without_a_measure():
    tariff = view(line("9405114010", "3.9%", special="Free (KR)", column2="45%"))
    found = owed(document(item("9405114010", origin="RU", claim="KR")), tariff).item(1).lines[0]
    assert (found.rate, found.amount, found.legal_basis) == ("45%", "4500.00", "HTS 9405.11.40, column 2")
    assert "KR claim not counted: goods of RU are under column 2" in found.working


def test_a_compound_rate_is_compared_by_its_share_of_the_value():
    """14.9 % alone is above 12.5 %; the share of 46.3¢/kg + 14.9 % in the value is what counts."""
    goods = item("0402999000", origin="KR", value="1000", quantities=[("1", "KG")])
    assert "99030570" in amounts(owed(document(goods), TARIFF))
    assert owed(document(goods), TARIFF).item(1).lines[1].amount == "149.46"


def test_a_prohibition_stops_the_line():
    barred = measure("99030317", authority="s338_canada", effect="prohibit", origins=["CA"], scope=("2203",))
    found = owed(document(item("2203000030", origin="CA")), view(line("2203000030"), measures=[barred]))
    assert [(one.code, one.pointer) for one in found.unassessed] == [("DUTY-BARRED", "/items/0/tariffs/0/hts_number")]
    assert found.totals.total == "0.00"


def test_where_our_lists_end_is_said_on_the_number():
    gap = measure("", authority="s301_china", effect="gap", origins=["CN"], excluded_scope=("3926",), note="No lists.")
    tariff = view(line("6404119020", "20%"), line("3926909989", "5.3%"), measures=[gap])
    found = owed(document(item("6404119020"), item("3926909989"), item("6404119020", origin="VN")), tariff)
    assert found.unassessed == ()
    assert [one.tariffs[-1].reason for one in found.items] == ["not known here: No lists", None, None]
    said = [(one.code, one.pointer, one.reason) for one in found.notices]
    assert said == [("DUTY-LIST", "/items/0/tariffs/0/hts_number", "No lists.")]


# ---- declared numbers ---------------------------------------------------------------------------


def differences(*numbers, origin="CN", claim=None, tariff=TARIFF, on=DAY, **more):
    doc = document(item(*numbers, origin=origin, claim=claim, **more))
    return [(one.kind, one.number, one.index) for one in stack_difference(doc.items[0], tariff=tariff, on=on)]


def test_nothing_differs_where_nothing_is_declared():
    assert differences("3926909989") == []


def test_a_declared_list_equal_to_the_proposal():
    assert differences("99038803", "99030531", "3926909989") == []
    assert differences("99030594", "3926909989", origin="MX", claim="S") == []


def test_a_missing_number():
    assert differences("99030531", "3926909989") == [("missing", "99038803", None)]


def test_an_exemption_that_is_not_reported_is_missing_too():
    assert differences("99030555", "3926909989", origin="MX", claim="S") == [
        ("missing", "99030594", None),
        ("extra", "99030555", 0),
    ]


def test_numbers_that_do_not_apply_or_are_unknown():
    ended = measure("99038869", effect="exempt", exempts=["s301_china"], origins=["CN"], last=date(2026, 11, 9))
    later = measure("99039112", 100, origins=["CN"], scope=("3926",), first=date(2026, 12, 1))
    tariff = view(line("3926909989", "5.3%"), line("99034110", "Free"), measures=[CHINA, ended, later, FORCED_MX])
    doc = document(item("99038869", "99038803", "99030555", "99039112", "99031234", "99034110", "3926909989"))
    found = {one.number: (one.kind, one.reason) for one in stack_difference(doc.items[0], tariff=tariff, on=DAY)}
    assert found["99038869"] == ("refused", "it ended on 2026-11-09")
    assert found["99030555"] == ("refused", "it is not for goods of CN")
    assert found["99039112"] == ("refused", "it begins on 2026-12-01")
    assert found["99031234"][0] == "unknown"
    assert found["99034110"][0] == "unknown"
    assert "99038803" not in found


def test_a_heading_for_other_goods_is_refused():
    tariff = view(line("6404119020", "20%"), measures=[CHINA])
    doc = document(item("99038803", "6404119020"))
    found = stack_difference(doc.items[0], tariff=tariff, on=DAY)
    assert [(one.kind, one.reason) for one in found] == [("refused", "it does not cover 6404.11.90.20")]


def test_an_order_that_is_not_the_wires():
    assert differences("99030531", "99038803", "3926909989") == [("order", "99038803", 1)]


def test_a_chapter_98_provision_leaves_no_additional_duty():
    tariff = view(line("3926909989", "5.3%"), line("98010010", "Free"), measures=[CHINA])
    assert differences("98010010", "99038803", "3926909989", tariff=tariff) == [("extra", "99038803", 1)]


def test_what_is_owed_is_computed_with_the_missing_number():
    found = owed(document(item("99030531", "3926909989")), TARIFF)
    assert amounts(found)["99038803"] == "2500.00"
    assert [one.hts_number for one in found.item(1).tariffs] == ["99038803", "99030531", "3926909989"]


def test_a_declared_number_that_does_not_apply_is_not_counted_and_the_reason_is_given():
    found = owed(document(item("99030555", "99038803", "99030531", "3926909989")), TARIFF)
    assert "99030555" not in amounts(found)
    assert "9903.05.55 is declared and not counted: it is not for goods of CN" in found.item(1).tariffs[-1].reason


def test_an_unknown_declared_number_stops_the_line():
    found = owed(document(item("99031234", "3926909989"), item("3926909989")), TARIFF)
    assert [(one.code, one.pointer) for one in found.unassessed] == [("DUTY-NUMBER", "/items/0/tariffs/0/hts_number")]
    assert found.item(1).lines == ()
    assert found.totals.duty == "4280.00"


def test_a_heading_known_from_the_schedule_only_is_computed_as_printed():
    tariff = view(line("6403599045", "10%"), line("99034110", "The duty provided in the applicable subheading + 40%"))
    doc = document(item("99034110", "6403599045", origin="JP"))
    assert amounts(owed(doc, tariff))["99034110"] == "4000.00"
    assert [one.kind for one in stack_difference(doc.items[0], tariff=tariff, on=DAY)] == ["extra"]
