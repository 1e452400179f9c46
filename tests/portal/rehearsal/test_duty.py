"""The authority's own duty, to the cent: eight shipments entered on 24 November 2026, and the rules one by one."""

from decimal import Decimal

import pytest
from lxml import etree

from portal.rehearsal.duty import assess
from portal.rehearsal.reading import ACTS, Case, Item, Message, Tariff
from portal.rehearsal.tariff import Rate, look_up, parse_rate

DAY = "2026-11-24"


def goods(number, value, extra=(), **more):
    quantities = {unit: Decimal(amount) for unit, amount in more.pop("quantities", {}).items()}
    rows = [Tariff(one, "additional", Decimal(0)) for one in extra]
    rows.append(Tariff(number, "classification", Decimal(value), quantities))
    numbers = tuple(row.number for row in rows)
    sequence = more.pop("sequence", 1)
    known = {"origin": "CN", "program": "", "cases": ()} | more
    return Item(sequence, Decimal(value), known["origin"], numbers, tuple(rows), known["program"], known["cases"])


def entry(*items, kind="01", mode="11", day=DAY):
    return Message("9", "L", "ZZZ10000019", kind, kind, ACTS, len(items), mode, day, items)


def paid(*items, **more):
    statement = assess(entry(*items, **more), DAY)
    totals = {}
    for charge in [one for line in statement.lines for one in line.charges if one.code in ("DTY", "AD", "CVD")]:
        totals[charge.code] = totals.get(charge.code, Decimal(0)) + charge.payable
    return {code: str(amount) for code, amount in totals.items()} | {
        charge.code: str(charge.payable) for charge in statement.entry
    }


DEPOSIT = Case("A570890000", "cash", Decimal("216.01"), "ad_valorem", Decimal(24000), None)
SHIPMENTS = {
    "batteries of China": (
        [goods("8507600090", 45000, ["99039106", "99030531"])],
        {},
        {"DTY": "18405.00", "499": "155.88", "501": "56.25", "TOT": "18617.13"},
    ),
    "plastics of Mexico under USMCA": (
        [
            goods("3926909989", 38400, ["99030594"], origin="MX", program="S"),
            goods("3923500000", 9600, ["99030594"], origin="MX", program="S", sequence=2),
        ],
        {"mode": "30"},
        {"DTY": "0.00", "TOT": "0.00"},
    ),
    "beds of China with an antidumping deposit": (
        [goods("9403509045", 24000, ["99038803", "99030531"], cases=(DEPOSIT,))],
        {"kind": "03"},
        {"DTY": "9000.00", "AD": "51842.40", "499": "83.14", "501": "30.00", "TOT": "60955.54"},
    ),
    "wallets of India, informal": (
        [goods("4202316000", 2140, ["99030544"], origin="IN")],
        {"kind": "11", "mode": "40"},
        {"DTY": "385.20", "311": "2.77", "TOT": "387.97"},
    ),
    "skin cream of Korea with a claim": (
        [goods("3304995000", 72318, ["99030571"], origin="KR", program="KR")],
        {},
        {"DTY": "9039.75", "501": "90.40", "TOT": "9130.15"},
    ),
    "sports shoes of Viet Nam": (
        [goods("6404119020", 55500, ["99030584"], origin="VN")],
        {},
        {"DTY": "18037.50", "499": "192.25", "501": "69.38", "TOT": "18299.13"},
    ),
    "french fries of Canada under USMCA": (
        [goods("2004108020", 31680, ["99030593"], origin="CA", program="S")],
        {"mode": "30"},
        {"DTY": "0.00", "TOT": "0.00"},
    ),
    "toys of China": (
        [goods("9503000073", 18250, ["99030531"])],
        {},
        {"DTY": "2281.25", "499": "63.22", "501": "22.81", "TOT": "2367.28"},
    ),
}


@pytest.mark.parametrize("name", SHIPMENTS)
def test_eight_shipments_to_the_cent(name):
    items, more, expected = SHIPMENTS[name]
    assert paid(*items, **more) == expected


def test_plastics_without_the_claim():
    items = [
        goods("3926909989", 38400, ["99030555"], origin="MX"),
        goods("3923500000", 9600, ["99030555"], origin="MX", sequence=2),
    ]
    assert paid(*items, mode="30") == {"DTY": "7344.00", "499": "166.27", "TOT": "7510.27"}


def test_skin_cream_without_the_claim_owes_the_processing_fee():
    assert paid(goods("3304995000", 72318, ["99030571"], origin="KR"))["499"] == "250.51"


def test_suspended_list_is_not_in_the_table():
    assert look_up("99038816") is None


@pytest.mark.parametrize(
    ("number", "quantities", "value", "duty"),
    [
        ("0804400020", {"KG": "1000"}, 2500, "112.00"),
        ("0804400020", {"T": "1"}, 2500, "112.00"),
        ("6505006090", {"DOZ": "10", "KG": "12.5"}, 1000, "72.50"),
        ("6404117960", {"PRS": "333"}, 3000, "1424.70"),
        ("8211922000", {"NO": "1001"}, 333, "23.33"),
        ("4202321000", {"NO": "5", "KG": "1234"}, 10000, "609.31"),
    ],
)
def test_specific_and_compound_rates_are_rounded_once(number, quantities, value, duty):
    assert paid(goods(number, value, origin="TW", quantities=quantities))["DTY"] == duty


def test_half_a_cent_goes_up():
    assert paid(goods("8507600090", 45, ["99038815"], quantities={}))["DTY"] == "4.91"


def test_column_two_and_reduced_rates():
    assert paid(goods("6404119020", 1000, origin="BY"))["DTY"] == "350.00"
    assert paid(goods("8481803090", 1000, origin="JP", program="JP"))["DTY"] == "28.00"


def test_a_claim_that_does_not_hold_gives_the_general_rate_and_no_freedom_from_fees():
    for origin, program in (("CN", "S"), ("IN", "A"), ("KR", "JP")):
        found = paid(goods("6404119020", 20000, origin=origin, program=program))
        assert (found["DTY"], found["499"]) == ("4000.00", "69.28")
    assert "499" not in paid(goods("6404119020", 20000, origin="KR", program="KR"))


def test_some_origins_owe_no_processing_fee():
    assert "499" not in paid(goods("8517130000", 20000, origin="KH"))


def test_processing_fee_between_its_bounds():
    assert paid(goods("8517130000", 500))["499"] == "34.58"
    assert paid(goods("8517130000", 900000))["499"] == "670.86"
    assert paid(goods("8517130000", 900000), day="2026-09-30")["499"] == "651.50"


def test_processing_fee_on_the_chargeable_lines_only():
    items = [goods("8517130000", 100000), goods("8517130000", 100000, origin="MX", program="S", sequence=2)]
    assert paid(*items)["499"] == "346.40"


def test_small_harbor_fee_alone_is_not_collected():
    free = {"origin": "KR", "program": "KR"}
    assert paid(goods("8517130000", 2400, **free)) == {"DTY": "0.00", "TOT": "0.00"}
    assert paid(goods("8517130000", 2500, **free))["501"] == "3.13"
    assert paid(goods("8517130000", 2400))["501"] == "3.00"


def test_harbor_fee_is_summed_by_line():
    items = [goods("8517130000", 1004, sequence=n) for n in (1, 2, 3, 4)]
    assert paid(*items)["501"] == "5.04"


def test_a_bond_is_assessed_and_not_paid():
    bonded = Case("C570891000", "bond", Decimal("10"), "ad_valorem", Decimal(1000), None)
    by_weight = Case("A570891000", "cash", Decimal("0.25"), "specific", None, Decimal("1000.5"))
    statement = assess(entry(goods("9403509045", 1000, cases=(bonded, by_weight))), DAY)
    rows = {one.code: (one.assessed, one.payable) for one in statement.lines[0].charges}
    assert rows["CVD"] == (Decimal("100.00"), Decimal("0.00"))
    assert rows["AD"] == (Decimal("250.13"), Decimal("250.13"))
    assert statement.total == Decimal("250.13") + Decimal("34.58") + Decimal("1.25")


def test_returned_goods_owe_no_duty_and_no_processing_fee():
    assert paid(goods("6404119020", 20000, ["98010010"], origin="US"), mode="40") == {"DTY": "0.00", "TOT": "0.00"}


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (goods("2902190090", 1000), "tariff number 2902190090 is not in this authority's table"),
        (goods("8507600090", 1000, ["99030110"]), "tariff number 99030110 is not in this authority's table"),
        (goods("8507600090", 1000, ["99038869"]), "tariff number 99038869 is not in force on 2026-11-24"),
        (goods("0804400020", 1000), "tariff number 0804400020 needs a quantity in KG"),
    ],
)
def test_what_it_does_not_know_it_does_not_compute(item, reason):
    known = goods("8517130000", 20000, sequence=2)
    statement = assess(entry(item, known), DAY)
    assert statement.lines[0].not_computed == reason
    assert statement.lines[0].charges == ()
    assert statement.lines[1].charges
    assert statement.total is None
    assert {charge.code for charge in statement.entry} == {"499", "501"}


def test_rate_texts():
    assert parse_rate("Free") == Rate()
    assert parse_rate("12.1c/KG + 4.6%") == Rate(Decimal("4.6"), Decimal("0.121"), "KG")
    assert parse_rate("$1.10/KG + 40%") == Rate(Decimal(40), Decimal("1.10"), "KG")
    with pytest.raises(ValueError, match="no rate"):
        parse_rate("14% on the case")


def test_the_statement_on_the_wire(wire, make):
    case = "A570890000|cash|216.01|ad_valorem|24000||51842.40"
    tariff = [
        *("99038803|additional|0|", "99030531|additional|0|"),
        "9403509045|classification|24000|NO=120",
    ]
    numbers = ("99038803", "99030531", "9403509045")
    item = make.item(1, value="24000", numbers=numbers, tariff=tariff, cases=[case])
    wire.send(make.declaration("S03-beds", items=[item], entry_type="03"))
    wire.pass_time(1)
    statement = wire.drain()[1]
    amounts = {place: str(amount) for place, amount in make.charges(statement).items()}
    assert amounts == {
        **{(1, "DTY"): "9000.00", (1, "AD"): "51842.40", (1, "499"): "83.14", (1, "501"): "30.00"},
        **{(0, "499"): "83.14", (0, "501"): "30.00", (0, "TOT"): "60955.54"},
    }
    row = next(row for row in statement.iter("DutyTaxFee") if row.findtext("TypeCode") == "AD")
    assert (row.findtext("AdValoremTaxBaseAmount"), row.findtext("TaxRateNumeric")) == ("24000.00", "216.01")


def test_a_line_not_computed_is_named_and_left_out(wire, make):
    items = [make.item(1, numbers=("2902190090",)), make.item(2)]
    wire.send(make.declaration("S-part", items=items))
    wire.pass_time(1)
    statement = wire.drain()[1]
    note = statement.find("Response/AdditionalInformation")
    assert (note.findtext("StatementCode"), note.findtext("StatementTypeCode")) == ("not_computed", "US")
    assert note.findtext("StatementDescription").startswith("1|tariff number 2902190090")
    lines = {line for line, _ in make.charges(statement)}
    assert lines == {0, 2}
    assert (0, "TOT") not in make.charges(statement)


def test_plain_classifications_serve_where_no_detail_was_filed(wire, make):
    wire.send(make.declaration("S-plain", items=[make.item(1, tariff=[], value="1000")]))
    wire.pass_time(1)
    tree = wire.drain()[1]
    assert str(make.charges(tree)[1, "DTY"]) == "34.00"
    assert etree.tostring(tree)
