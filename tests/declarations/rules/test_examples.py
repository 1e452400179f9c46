"""The four published example declarations pass without an error, given facts that suit them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest

from declarations.decoding import decode
from declarations.facts import BondOnFile, Port
from declarations.reference import code_tables
from declarations.rules import check
from declarations.tariff.calculate import assess
from declarations.tariff.selectors import current_view
from declarations.tariff.view import Measure, Program, TariffLine
from tests.declarations.rules.makers import CODES, make_assessment, make_facts, view

SPECIAL = "Free (A,AU,BH,CL,CO,D,E,IL,JO,KR,MA,OM,P,PA,PE,S,SG)"
LINES = {
    number: TariffLine(number=number, description="Other", units=units, general=general, special=special)
    for number, units, general, special in (
        ("8507600090", ("NO", "KG"), "3.4%", SPECIAL),
        ("3926909989", ("NO", "KG"), "5.3%", SPECIAL),
        ("3923500000", ("NO", "KG"), "5.3%", SPECIAL),
        ("9403509045", ("NO",), "Free", ""),
        ("4202316000", ("NO",), "8%", SPECIAL),
    )
}
START = date(2026, 7, 24)
MEASURES = (
    Measure(heading="99039106", authority="s301_china", effect="add", origins=frozenset({"CN"}), effective_from=START),
    Measure(heading="99038803", authority="s301_china", effect="add", origins=frozenset({"CN"}), effective_from=START),
    Measure(
        heading="99030531", authority="s301_forced_labor", effect="add", origins=frozenset({"CN"}),
        effective_from=START,
    ),
    Measure(
        heading="99030544", authority="s301_forced_labor", effect="add", origins=frozenset({"IN"}),
        effective_from=START,
    ),
    Measure(
        heading="99030594", authority="s301_forced_labor", effect="exempt", origins=frozenset({"MX"}), program="S",
        effective_from=START,
    ),
)  # fmt: skip
PROGRAMS = (
    Program(
        code="S", name="USMCA", countries=frozenset({"CA", "MX"}), effective_from=date(2020, 7, 1), mpf_exempt=True,
        certification_needed=True,
    ),
)  # fmt: skip
PORTS = {code: Port(code, code) for code in ("2709", "2304", "1401", "4701")}


def facts():
    codes = type(CODES)(
        ports=PORTS,
        countries=frozenset({"CN", "IN", "MX", "US"}),
        currencies=frozenset({"USD"}),
        units=frozenset({"NO", "KG"}),
        states=frozenset({"CA", "NY", "TX", "VA"}),
        package_units=frozenset({"CTN", "PLT"}),
        embargoed=frozenset({"CU", "KP"}),
    )
    return make_facts(
        codes=codes,
        bonds=(BondOnFile("8", "036", Decimal(100000), date(2026, 1, 1), None, "12-345678900", "Example Imports LLC"),),
        importer_on_file=True,
        importer_name_on_file="EXAMPLE IMPORTS LLC",
        consignee_on_file=True,
        importer_country="US",
        last_entry_on=date(2026, 9, 1),
        filer_code="ZZZ",
        filer_code_active=True,
        signatory_authorised=True,
        ach_set_up=True,
        deposits_last_12_months=Decimal(100000),
        firms_ports={"Y123": "2709", "S456": "2304", "L789": "1401", "E012": "4701"},
        pga_agencies=frozenset({"APH", "DOT", "EPA"}),
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a-ocean-type01", {"UFLPA-RISK"}),
        ("b-usmca-truck", set()),
        ("c-adcvd-type03", {"BILL-HOUSE", "ISF-LATE", "TEXT-NAME"}),
        ("d-informal-air-type11", set()),
    ],
)
def test_an_example_has_no_errors(reference_data, name, told):
    path = reference_data / "examples" / "declarations" / f"{name}.json"
    if not path.exists():
        pytest.skip(f"no example {name} beside the project")
    document = decode(path.read_bytes())
    found = check(
        document,
        assessment=make_assessment(document),
        facts=facts(),
        tariff=view(lines=LINES, measures=MEASURES, programs=PROGRAMS),
        now=datetime(2026, 11, 24, 17, tzinfo=UTC),
        stage="sign",
    )
    assert [one for one in found if one.severity == "error"] == []
    assert {one.code for one in found} == told


@pytest.mark.parametrize("name", ["a-ocean-type01", "b-usmca-truck", "c-adcvd-type03", "d-informal-air-type11"])
def test_an_example_agrees_with_the_computation_and_the_starter_tariff(reference_data, starter, name):
    document = decode((reference_data / "examples" / "declarations" / f"{name}.json").read_bytes())
    now = datetime(2026, 11, 24, 17, tzinfo=UTC)
    tariff = current_view(now.date())
    found = check(
        document,
        assessment=assess(document, tariff=tariff, now=now),
        facts=msgspec.structs.replace(facts(), codes=code_tables(now.date())),
        tariff=tariff,
        now=now,
        stage="sign",
    )
    assert [one for one in found if one.severity == "error"] == []
    assert not {one.code for one in found} & {"C99-STACK-EXTRA", "C99-UNKNOWN", "C99-ORDER-AUTHORITY", "FEE-MPF-ORIGIN"}
