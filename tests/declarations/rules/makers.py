"""Makers for rule tests: one clean declaration, the facts and the tariff it meets, and ways to bend them."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from declarations.assessment import Assessment, Editions, ItemAssessment, StackedTariff, Totals
from declarations.decoding import decode_value
from declarations.document import Document
from declarations.facts import CodeTables, Facts, Port
from declarations.rules import Violation, check
from declarations.tariff.view import COLUMN_2, ExchangeQuote, Measure, OriginStatus, Program, TariffLine, TariffView

TODAY = "2026-11-24"


class _Gone:
    """Marks a member that a change takes out."""

    def __repr__(self) -> str:
        return "GONE"

    def __deepcopy__(self, _: Any) -> "_Gone":
        return self


GONE = _Gone()

BASE: dict[str, Any] = {
    "profile": "US",
    "schema": "2026-11",
    "entry_type": "01",
    "function": "original",
    "filing": {
        "acts": ["release", "summary"],
        "release_certification": True,
        "live_entry": False,
        "electronic_invoice": False,
    },
    "entry_number": {"filer_code": "ZZZ", "sequence": "1000001", "check_digit": "9"},
    "functional_reference_id": "PO4711A",
    "contact": {"name": "Dana Clerk", "phone": "5625550142", "email": "imports@example.com"},
    "declarant_statement": {"capacity": "importer_of_record", "obtained_by": "purchase"},
    "ports": {"entry": "2704", "unlading": "2704"},
    "state_of_destination": "CA",
    "dates": {"estimated_arrival": "2026-11-25", "import": "2026-11-25", "estimated_entry": "2026-11-25"},
    "transport": {
        "mode": "11",
        "carrier": {"code": "DEMO", "scheme": "SCAC"},
        "conveyance": "DEMO STAR",
        "trip": "145E",
        "bills": [
            {
                "master": {"issuer": "DEMO", "number": "263847519"},
                "house": {"issuer": "DMOF", "number": "HCM0117734"},
                "manifest_quantity": {"value": "90", "unit": "CTN"},
            }
        ],
        "equipment": [{"number": "CSQU3054383", "seals": ["ML0099812"]}],
    },
    "location_of_goods": {"firms": "Y123"},
    "parties": {
        "importer": {
            "id": "12-345678900",
            "name": "Example Imports LLC",
            "address": {
                "street": "1 Harbor Way", "city": "Long Beach", "subdivision": "CA", "postcode": "90802",
                "country": "US",
            },
        },
        "ultimate_consignee": {"same_as": "importer"},
        "buyer": {"same_as": "importer"},
        "seller": {
            "name": "Example Battery JSC",
            "address": {"street": "Lot 12 Example Park", "city": "Di An", "country": "VN"},
        },
        "ship_to": {"same_as": "importer"},
    },
    "isf": {"transaction_number": "ZZZ1000001A", "status": "accepted", "filed_at": "2026-10-28T09:12:00+08:00"},
    "bonds": [{"type": "8", "designation": "B", "surety": "036"}],
    "payment": {"type": "3", "statement_print_date": "2026-12-03"},
    "indicators": {"consolidated_summary": False},
    "currency": "USD",
    "terms": {"incoterm": "FOB", "place": "Cat Lai"},
    "items": [
        {
            "sequence": 1,
            "description": "Storage batteries, lithium-ion, 48 V, for bicycles",
            "origin_country": "VN",
            "export_country": "VN",
            "export_date": "2026-11-02",
            "foreign_port_of_lading": "55206",
            "tariffs": [
                {"hts_number": "99030584", "role": "additional", "value": "0"},
                {
                    "hts_number": "8507600090",
                    "role": "classification",
                    "value": "45000",
                    "quantities": [{"value": "2500", "unit": "NO"}, {"value": "9000", "unit": "KG"}],
                },
            ],
            "gross_mass_kg": "9900",
            "valuation": {
                "invoice": {"document": "INV-4711", "line": "1", "value": "45000.00", "currency": "USD"},
                "method": "1",
                "entered_value": "45000",
            },
            "charges": {"freight": "2050.00", "insurance": "100.00", "currency": "USD", "total_whole_usd": "2150"},
            "related_parties": False,
            "manufacturer": {
                "mid": "VNEXABAT12DIA",
                "name": "Example Battery JSC",
                "address": {"street": "Lot 12 Example Park", "city": "Di An", "country": "VN"},
            },
            "sold_to": {"same_as": "importer"},
            "delivered_to": {"same_as": "ship_to"},
            "documents": ["D1"],
        }
    ],
    "documents": [{"id": "D1", "type": "commercial_invoice", "number": "INV-4711", "date": "2026-10-28"}],
}  # fmt: skip

# The lines rule tests declare, with the members rules read.
LINES = {
    one.number: one
    for one in (
        TariffLine(
            number="8507600090", description="Other", units=("NO", "KG"), general="3.4%",
            special="Free (A,AU,CL,E,KR,S,SG)", column2="40%",
        ),
        TariffLine(number="9102111000", description="Plated", general="44¢ each + 6% on the case", column2="$1.90 each"),
        TariffLine(number="8471300100", description="Portable", units=("NO",), general="Free", column2="35%"),
        TariffLine(number="2710124500", description="Mixtures", units=("X",), general="10.5¢/bbl", column2="21¢/bbl"),
        TariffLine(
            number="3926909989", description="Other", units=("NO", "KG"), general="5.3%",
            special="Free (A*,AU,E,S,SG) 2.5% (KR)", column2="80%",
        ),
        TariffLine(number="7208100000", description="In coils", units=("KG",), general="6%", column2="20%"),
        TariffLine(number="8507600000", description="Lithium-ion", declarable=False, general="3.4%"),
        TariffLine(number="98010010", description="American goods returned", general="Free"),
        TariffLine(number="98020080", description="Assembled abroad", general="A duty upon the full value"),
        TariffLine(number="98080030", description="Military goods", general="Free"),
        TariffLine(number="98130005", description="To be repaired", general="Free, under bond"),
        TariffLine(number="99038869", description="Exclusions"),
        TariffLine(number="99038870", description="Exclusions"),
        TariffLine(number="99038816", description="Suspended"),
        TariffLine(number="99030125", description="IEEPA"),
        TariffLine(number="99030301", description="Section 122"),
        TariffLine(number="99038203", description="Less than 15 percent metal"),
        TariffLine(number="99038568", description="Unknown smelt"),
    )
}  # fmt: skip
SUCCESSORS = {"8507600020": ("8507600010", "8507600090")}

MEASURES = (
    Measure(
        heading="99030584", authority="s301_forced_labor", effect="add", rate=Decimal("0.125"),
        origins=frozenset({"VN"}), effective_from=date(2026, 7, 24), order=1,
    ),
    Measure(
        heading="99030594", authority="s301_forced_labor", effect="exempt", program="S",
        origins=frozenset({"MX"}), effective_from=date(2026, 7, 24), order=1,
    ),
    Measure(
        heading="99038803", authority="s301_china", effect="add", rate=Decimal("0.25"),
        origins=frozenset({"CN"}), effective_from=date(2018, 9, 24), order=1,
    ),
    Measure(
        heading="99038202", authority="s232_metals", effect="add", rate=Decimal("0.5"),
        excluded_origins=frozenset({"GB"}), effective_from=date(2026, 4, 6), order=3,
    ),
    Measure(
        heading="99030111", authority="ieepa_fentanyl", effect="gap", effective_from=date(2020, 1, 1), order=1,
    ),
    Measure(
        heading="99039101", authority="s301_china", effect="add", rate=Decimal("0.25"), origins=frozenset({"VN"}),
        effective_from=date(2024, 9, 27), effective_to=date(2026, 11, 24), order=1,
    ),
    Measure(
        heading="99038203", authority="s232_metals", effect="exempt", effective_from=date(2026, 4, 6), order=3,
    ),
    Measure(
        heading="99030317", authority="import_exclusion", effect="prohibit", origins=frozenset({"CA"}),
        scope=("3926",), effective_from=date(2026, 9, 29), order=2,
    ),
)  # fmt: skip

PROGRAMS = (
    Program(
        code="S", name="USMCA", countries=frozenset({"CA", "MX"}), effective_from=date(2020, 7, 1), mpf_exempt=True,
        certification_needed=True,
    ),
    Program(code="KR", name="Korea", countries=frozenset({"KR"}), effective_from=date(2012, 3, 15), mpf_exempt=True),
    Program(
        code="A", name="GSP", countries=frozenset({"VN", "PH"}), effective_from=date(1976, 1, 1),
        effective_to=date(2020, 12, 31),
    ),
    Program(code="E", name="CBERA", countries=frozenset({"JM", "HT"}), effective_from=date(1984, 1, 1)),
)  # fmt: skip

QUOTES = {
    ("MXN", date(2026, 11, 2)): ExchangeQuote(
        currency="MXN", rate=Decimal("0.0541"), rate_date=date(2026, 11, 2), basis="quarterly"
    ),
}

CODES = CodeTables(
    ports={
        "2704": Port("2704", "Los Angeles", "CA"),
        "2709": Port("2709", "Long Beach", "CA", harbor_fee=True),
        "2304": Port("2304", "Laredo", "TX", harbor_fee=False),
        "4701": Port("4701", "JFK Airport", "NY"),
    },
    countries=frozenset(
        {"BY", "CA", "CN", "CU", "DE", "GB", "HT", "IL", "JM", "KP", "KR", "MX", "PH", "RU", "US", "VN"},
    ),
    currencies=frozenset({"USD", "MXN", "EUR"}),
    units=frozenset({"NO", "KG", "PRS", "DOZ", "L", "PFL", "X"}),
    states=frozenset({"CA", "TX", "NY"}),
    package_units=frozenset({"CTN", "PLT", "PKG"}),
    embargoed=frozenset({"CU", "KP"}),
)


def view(
    *,
    lines: Mapping[str, TariffLine] | None = None,
    measures: tuple[Measure, ...] | None = None,
    programs: tuple[Program, ...] | None = None,
    quotes: Mapping[tuple[str, date], ExchangeQuote] | None = None,
    origins: tuple[OriginStatus, ...] = COLUMN_2,
) -> TariffView:
    """The tariff of the tests, or one with other parts."""
    return TariffView(
        on=date(2026, 11, 25),
        editions=Editions(tariff="test"),
        lines=LINES if lines is None else lines,
        measures=MEASURES if measures is None else measures,
        programs=PROGRAMS if programs is None else programs,
        quotes=QUOTES if quotes is None else quotes,
        successors=SUCCESSORS,
        origins=origins,
    )


VIEW = view()


def make_facts(**given: Any) -> Facts:
    """Facts with the code tables of the tests."""
    return Facts(**{"codes": CODES, **given})


def make_plain(changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The clean declaration as JSON with some members changed, by JSON Pointer."""
    plain = deepcopy(BASE)
    for pointer, value in (changes or {}).items():
        _change(plain, pointer.split("/")[1:], deepcopy(value))
    return plain


def make_document(changes: Mapping[str, Any] | None = None) -> Document:
    """The clean declaration with some members changed."""
    return decode_value(make_plain(changes))


def make_item(sequence: int, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """One more line like the first one."""
    item = deepcopy(BASE["items"][0])
    item["sequence"] = sequence
    for pointer, value in (changes or {}).items():
        _change(item, pointer.split("/")[1:], deepcopy(value))
    return item


def _change(target: Any, tokens: list[str], value: Any) -> None:
    head, rest = tokens[0], tokens[1:]
    key: Any = int(head) if isinstance(target, list) else head
    if not rest:
        if value is GONE:
            target.pop(key) if isinstance(target, list) else target.pop(key, None)
        elif isinstance(target, list) and key == len(target):
            target.append(value)
        else:
            target[key] = value
        return
    if isinstance(target, list) and key == len(target):
        target.append([] if rest[0].isdigit() else {})
    elif isinstance(target, dict) and target.get(key) is None:
        target[key] = [] if rest[0].isdigit() else {}
    _change(target[key], rest, value)


Stack = tuple[tuple[str, str], ...]


def make_assessment(document: Document, *, stack: Stack | None = None, **given: Any) -> Assessment:
    """An assessment that proposes the numbers a document has, or `stack` for its first line; amounts are zero."""
    items = []
    for index, item in enumerate(document.items):
        own = tuple((one.hts_number or "", one.role or "classification") for one in item.tariffs if one.hts_number)
        proposed = stack if stack is not None and index == 0 else own
        valuation = item.valuation
        items.append(
            ItemAssessment(
                sequence=item.sequence or index + 1,
                rate_date=_rate_date(document),
                entered_value=(valuation.entered_value if valuation else None) or "0",
                tariffs=tuple(StackedTariff(number, role, "0", "It is on the list.") for number, role in proposed),
            )
        )
    return Assessment(**{"currency": "USD", "editions": Editions(), "items": tuple(items), **given})


def _rate_date(document: Document) -> str:
    in_bond, dates = document.in_bond, document.dates
    accepted = in_bond.accepted_date if in_bond else None
    return accepted or (dates and (dates.entry_date_election or dates.estimated_entry)) or TODAY


def owed(**totals: str) -> Totals:
    """Totals that add up."""
    parts = {"duty": "0.00", "antidumping": "0.00", "countervailing": "0.00", "tax": "0.00", "fees": "0.00", **totals}
    return Totals(**parts, total=str(sum(map(Decimal, parts.values()), Decimal(0))))


class Try(NamedTuple):
    """One declaration and what a rule must say about it: the pointers in order, none for a pass."""

    at: tuple[str, ...]
    changes: dict[str, Any]
    context: dict[str, Any]


def bad(at: str | tuple[str, ...], changes: dict[str, Any] | None = None, **context: Any) -> Try:
    """A declaration that breaks the rule at these pointers."""
    return Try((at,) if isinstance(at, str) else at, changes or {}, context)


def good(changes: dict[str, Any] | None = None, **context: Any) -> Try:
    """A declaration that keeps the rule."""
    return Try((), changes or {}, context)


Table = dict[str, tuple[Try, ...]]


def run(one: Try) -> tuple[Violation, ...]:
    """All violations of a try. Context: facts, on, stage, tariff, stack, assessed, document."""
    context = dict(one.context)
    document = context.pop("document", None) or make_document(one.changes)
    facts = make_facts(**context.pop("facts", {}))
    now = datetime.fromisoformat(f"{context.pop('on', TODAY)}T17:00:00").replace(tzinfo=UTC)
    assessment = make_assessment(document, stack=context.pop("stack", None), **context.pop("assessed", {}))
    tariff = context.pop("tariff", VIEW)
    found = check(document, assessment=assessment, facts=facts, tariff=tariff, now=now, **context)
    assert all(isinstance(value, str) for violation in found for value in violation.params.values())
    return found


def replaced(document: Document, **members: Any) -> Document:
    """A document with other members, without the checks of decoding."""
    return msgspec.structs.replace(document, **members)
