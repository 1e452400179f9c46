"""Over the wire: the authority, which has a computation of its own, states to the cent what the portal assessed."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from declarations.messages.wco_xml import encode
from portal.timezones import ZONES
from tests.declarations.tariff.makers import FeeYear, document, item, line, measure, owed, view

VALVES, BATTERIES = line("8481803090", "5.6%"), line("8507600020", "3.4%")
FY25 = FeeYear(
    mpf_rate=Decimal("0.003464"), mpf_minimum=Decimal("32.71"), mpf_maximum=Decimal("634.62"),
    informal_automated=Decimal("2.62"), dutiable_mail=Decimal("7.20"), manual_surcharge=Decimal("3.93"),
    hmf_rate=Decimal("0.00125"), effective_from=date(2024, 10, 1), effective_to=date(2025, 9, 30),
)  # fmt: skip
BORDER = measure(
    "99030101", 25, authority="ieepa_border", origins=["MX"], first=date(2025, 3, 4), last=date(2026, 2, 23),
    gives_way=frozenset({"s232_metals"}), order=47,
)  # fmt: skip
STEEL = [
    measure(
        "99038191",
        rate,
        authority="s232_metals",
        content="steel content value",
        scope=("8481",),
        first=first,
        last=last,
        order=55,
    )
    for rate, first, last in ((25, date(2025, 3, 12), date(2025, 6, 3)), (50, date(2025, 6, 4), date(2026, 4, 5)))
]
NOON = datetime(2026, 11, 24, 12, tzinfo=ZONES["US"])
TURNING = [
    measure("99039991", 10, first=NOON.date(), last=NOON.date(), ends_at=NOON),
    measure("99039991", 20, first=NOON.date(), effective_at=NOON),
]
DUTIES = ("duty", "additional_duty", "replacement", "exemption")


def declared(*goods, day, time=None, **more):
    dates = {"estimated_entry": day, "estimated_arrival": day} | ({"entry_time": time} if time else {})
    number = {"filer_code": "ZZZ", "sequence": "1000001", "check_digit": "9"}
    parties = {"importer": {"id": "12-345678900"}}
    return document(
        *goods, dates=dates, entry_number=number, ports={"entry": "2709"}, parties=parties, currency="USD", **more
    )


def answered(wire, make, doc, assessment):
    """What the authority charges; its note, where it charges nothing."""
    sent = wire.send(encode(doc, assessment=assessment, lrn="AGREE-1", version=1))
    assert sent.status == 202, sent
    wire.pass_time(1)
    statement = wire.drain()[1]
    return make.charges(statement), make.first(statement, "Response/AdditionalInformation/StatementDescription")


def assert_agreed(wire, make, doc, tariff):
    assessment = owed(doc, tariff)
    assert assessment.unassessed == ()
    charges, note = answered(wire, make, doc, assessment)
    assert note == ""
    for one in assessment.items:
        duty = sum(Decimal(row.amount) for row in one.lines if row.kind in DUTIES)
        assert charges[one.sequence, "DTY"] == duty
    assert {code: amount for (line, code), amount in charges.items() if line == 0 and code != "TOT"} == {
        one.code: Decimal(one.amount) for one in assessment.fees
    }
    assert charges[0, "TOT"] == Decimal(assessment.totals.total)
    return {one.sequence: str(charges[one.sequence, "DTY"]) for one in assessment.items}


def valves(content, origin="CN", value="20001", extra=("99038191",)):
    return item(*extra, "8481803090", value=value, origin=origin, measures={"steel content value": content})


@pytest.mark.parametrize(("day", "duty"), [("2025-06-03", "4207.12"), ("2025-06-04", "7294.19")])
def test_a_duty_on_a_content(wire, make, day, duty):
    tariff = view(VALVES, measures=STEEL, fee_years=(FY25,))
    doc = declared(valves("12348.25"), valves("0"), day=day)
    assert assert_agreed(wire, make, doc, tariff) == {1: duty, 2: "1120.06"}


def test_a_duty_gives_way(wire, make):
    tariff = view(VALVES, BATTERIES, measures=[*STEEL, BORDER], fee_years=(FY25,))
    both = ("99030101", "99038191")
    doc = declared(valves("10000", "MX", "10000", both), item("99030101", "8507600020", origin="MX"), day="2025-07-01")
    assert assert_agreed(wire, make, doc, tariff) == {1: "5560.00", 2: "2840.00"}


@pytest.mark.parametrize(
    ("day", "time", "duty"),
    [("2026-11-24", "11:59", "1340.00"), ("2026-11-24", "12:00", "2340.00"), ("2026-11-25", None, "2340.00")],
)
def test_a_rate_changes_within_the_day(wire, make, day, time, duty):
    doc = declared(item("99039991", "8507600020"), day=day, time=time)
    assert assert_agreed(wire, make, doc, view(BATTERIES, measures=TURNING)) == {1: duty}


@pytest.mark.parametrize(
    ("goods", "day", "measures", "words"),
    [
        (item("99039991", "8507600020"), "2026-11-24", TURNING, "the time of entry decides"),
        (valves("20002"), "2025-07-01", STEEL, "more than the value of the line"),
        (valves("1", "MX", extra=("99030101", "99038191")), "2025-07-01", [*STEEL, BORDER], "on two lines"),
        (item("99038191", "8481803090"), "2025-07-01", STEEL, "needs the steel content value"),
    ],
)
def test_neither_computes_what_lacks_something(wire, make, goods, day, measures, words):
    doc = declared(goods, day=day)
    assessment = owed(doc, view(VALVES, BATTERIES, measures=measures, fee_years=(FY25,)))
    assert len(assessment.unassessed) == 1
    charges, note = answered(wire, make, doc, assessment)
    assert words in note
    assert (1, "DTY") not in charges
