"""Whatever a declaration holds, checking it gives violations and never an exception."""

from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from declarations.assessment import Assessment, Editions, Unassessed
from declarations.decoding import DocumentRefused, decode_value
from declarations.facts import BondOnFile, EarlierFiling, Facts
from declarations.rules import check, message
from tests.declarations.rules.makers import CODES, VIEW, make_assessment, make_item, make_plain, owed, view

FULL = make_plain(
    {
        "/filing/remote_location_filing": {"preparer_port": "2304", "preparer_filer": "ZZZ"},
        "/ports/examination": "2704",
        "/dates/entry_date_election": "2026-11-26",
        "/in_bond": {"type": "61", "number": "123456782", "accepted_date": "2026-11-26", "origin_port": "2709"},
        "/transport/vessel_code": "9321483",
        "/transport/bills/0/sub_house": {"issuer": "DMOF", "number": "S1"},
        "/transport/bills/0/split": "1",
        "/parties/notify_4811": {"id": "45-678901200"},
        "/parties/consolidator": {"name": "Demo Forwarding", "address": {"city": "Hanoi", "country": "VN"}},
        "/parties/stuffing_location": {"same_as": "consolidator"},
        "/isf/unified_with_release": True,
        "/bonds/1": {"type": "9", "designation": "A", "surety": "036", "amount": "52000"},
        "/bond_waiver": {"indicator": "0", "reason": "999"},
        "/payment": {
            "type": "7", "statement_print_date": "2026-12-03", "statement_month": "12", "client_branch": "01",
            "deferred_tax": "1",
        },
        "/indicators": {
            "consolidated_summary": True, "usage": "P", "tib_declaration": True,
            "reconciliation": {"trade_agreement": True, "issue": "001"},
        },
        "/missing_documents": ["01", "99"],
        "/correction": {"header_reasons": ["C01"], "explanation": "The value was too low."},
        "/documents/0/dis": {"sent_at": "2026-11-20"},
        "/items/0/preference": {
            "program": "S",
            "certification": {
                "document": "D1", "certifier": "exporter", "blanket_from": "2026-01-01", "blanket_to": "2026-12-31",
            },
        },
        "/items/0/article_set": {"role": "header", "set": "1"},
        "/items/0/valuation/additions": [{"code": "packing", "value": "10", "currency": "MXN"}],
        "/items/0/valuation/deductions": [{"code": "foreign_inland_freight", "value": "10", "currency": "MXN"}],
        "/items/0/valuation/exchange": {"rate": "0.0541", "rate_date": "2026-11-02", "basis": "quarterly"},
        "/items/0/valuation/invoice/currency": "MXN",
        "/items/0/foreign_exporter": {"mid": "VNEXABAT12DIA"},
        "/items/0/rulings": [{"type": "R", "number": "N312345"}],
        "/items/0/licences": [{"type": "11", "number": "1"}],
        "/items/0/adcvd": [
            {
                "case_number": "A570890000", "security": "bond", "rate": "216.01", "rate_type": "ad_valorem",
                "value": "24000",
            },
            {"case_number": "C570890000", "security": "cash", "rate": "1.5", "rate_type": "specific", "quantity": "9"},
        ],
        "/items/0/ir_tax": [{"class": "016", "basis": "324", "rate": "13.50", "amount": "4374.00"}],
        "/items/0/fees": [{"class": "056", "quantity": "1000", "rate": "0.01", "amount": "10.00"}],
        "/items/0/fee_exemption": "1",
        "/items/0/importer_declarations": [{"type": "07", "country": "**"}],
        "/items/0/ftz": {"zone_id": "202", "status": "N", "privileged_date": "2026-08-01", "quantity": "5"},
        "/items/0/pga": [{"agency": "FDA", "program": "FOO", "disclaim": "A", "processing": "NSF"}],
        "/items/0/census_overrides": [{"warning": "25A"}],
        "/items/0/measures": {"lead content": "12.5"},
        "/items/1": make_item(2, {"/article_set": {"role": "component", "set": "1"}}),
    }
)  # fmt: skip


def _paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, one in inner for path in [(*at, key), *_paths(one, (*at, key))]]


PATHS = _paths(FULL)
ODD = st.sampled_from(
    [
        None, "", " ", "0", "-1", "0.00000001", "999999999999999", "-999999999999999", "99999999.9999999", "1990-01-01",
        "2100-12-31", "0001-01-01", "9999-12-31", "2026-02-28", "X", "**", "CA", "XQ", "CN", "CU", "MX", "IL", "S", "A",
        "11", "23", "31", "51", "99", "1", "6", "8", "9", "importer", "buyer", "ultimate_consignee", "reference",
        "specific",
        "9801001000", "98020080", "99038202", "99030594", "8507600020", "850760", "３", "ß", "Ω\n", "a/b~c", "V1", True,
        False, 0, 7, -3, 10**12, [], {},
    ]
)  # fmt: skip
EDITS = st.lists(st.tuples(st.sampled_from(PATHS), st.none() | st.tuples(ODD)), max_size=8)
MAYBE = st.sampled_from([None, True, False])
VIEWS = st.sampled_from([VIEW, view(lines={}), view(measures=(), programs=(), quotes={})])
NOW = st.datetimes(datetime(1995, 1, 1), datetime(2095, 1, 1), timezones=st.just(UTC))

KNOWN = {
    "bonds": (BondOnFile("8", "055", Decimal(50000), date(2025, 1, 1), None, "45-678901200", "Other"),),
    "importer_country": "MX",
    "importer_name_on_file": "Other",
    "last_entry_on": date(2025, 12, 1),
    "filer_code": "ABC",
    "earlier": (
        EarlierFiling(
            "D1", "OTHER", "11", frozenset({"263847519"}), "Example Battery JSC", date(2026, 11, 25), Decimal(1)
        ),
    ),
    "deposits_last_12_months": Decimal(10) ** 15,
    "landed_on": date(2026, 11, 1),
    "firms_ports": {"Y123": "2304"},
    "manifested": {"S1": Decimal(3)},
    "screening_hits": {"/parties/seller": "a list"},
    "pga_agencies": frozenset(),
}
FACTS = st.fixed_dictionaries(
    dict.fromkeys(
        (
            "importer_on_file", "consignee_on_file", "filer_code_active", "signatory_authorised",
            "ach_set_up", "resident_agent", "live_entry_ordered", "notify_4811_agreed",
        ),
        MAYBE,
    )
)  # fmt: skip


def edited(edits: list[tuple[tuple[Any, ...], tuple[Any] | None]]) -> Any:
    plain = deepcopy(FULL)
    for path, replacement in edits:
        target = plain
        try:
            for key in path[:-1]:
                target = target[key]
            if isinstance(target, dict) and isinstance(path[-1], int):
                continue  # where a list was replaced: no JSON has a member that is called by a number
            if replacement is None:
                del target[path[-1]]
            else:
                target[path[-1]] = deepcopy(replacement[0])
        except (KeyError, IndexError, TypeError):
            continue
    return plain


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(EDITS, FACTS, st.booleans(), VIEWS, NOW, st.sampled_from(["prepare", "sign"]))
def test_checking_never_raises(edits, given_facts, everything_known, tariff, now, stage):
    try:
        document = decode_value(edited(edits))
    except DocumentRefused:
        assume(False)
    facts = Facts(codes=CODES, **given_facts, **(KNOWN if everything_known else {}))
    for assessment in (
        make_assessment(document, totals=owed(duty="999999999999999.99")),
        Assessment(
            currency="USD", editions=Editions(), unassessed=(Unassessed(code="X", pointer="/items/0", reason=""),)
        ),
    ):
        found = check(document, assessment=assessment, facts=facts, tariff=tariff, now=now, stage=stage)
        assert all(message(one) for one in found)
        assert found == check(document, assessment=assessment, facts=facts, tariff=tariff, now=now, stage=stage)


def test_an_empty_declaration_is_told_all_it_lacks():
    document = decode_value({})
    found = check(
        document,
        assessment=make_assessment(document),
        facts=Facts(codes=CODES),
        tariff=VIEW,
        now=datetime(2026, 11, 24, 17, tzinfo=UTC),
    )
    assert {one.code for one in found if one.severity == "error"} == {
        "HDR-PROFILE", "ENT-TYPE", "HDR-ACTS", "HDR-REF", "DECL-STATEMENT", "PORT-ENTRY", "PARTY-IMPORTER",
        "PARTY-CONSIGNEE", "PARTY-BUYER", "PARTY-SELLER", "ITEM-NONE",
    }  # fmt: skip
