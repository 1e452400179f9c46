"""Frozen versions to print: four shipments of firms that do not exist, with their money."""

import hashlib
import itertools
from datetime import UTC, datetime

import msgspec

from declarations.assessment import (
    Assessment,
    AssessmentLine,
    Editions,
    FeeTotal,
    ItemAssessment,
    StackedTariff,
    Totals,
    Unassessed,
)
from declarations.document import Document, canonical
from declarations.models import Declaration, DeclarationVersion, Receipt, Signature
from declarations.statements import statement_on, words_of
from portal.accounts.models import Organization, User
from portal.records.services import keep_bytes

NOW = datetime(2026, 11, 23, 14, 30, 5, tzinfo=UTC)
SIGNED_AT = datetime(2026, 11, 23, 14, 41, 9, tzinfo=UTC)
SENT_AT = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)  # still the 23rd in New York
EDITIONS = Editions(tariff="2026-test-10", measures="2026-11-01")
IMPORTER = {
    "id": "12-345678900", "name": "Example Imports LLC",
    "address": {
        "street": "1 Harbor Way", "city": "Long Beach", "subdivision": "CA", "postcode": "90802", "country": "US",
    },
}  # fmt: skip
_counter = itertools.count(1)


def document(**changes) -> Document:
    """A document as the portal reads it from JSON."""
    return msgspec.convert(changes, type=Document)


def header(**changes) -> dict:
    return {
        "profile": "US", "schema": "2026-11", "entry_type": "01", "function": "original",
        "filing": {"acts": ["release", "summary"], "release_certification": True},
        "functional_reference_id": "PO4711A",
        "contact": {"name": "Dana Clerk", "phone": "5625550142", "email": "imports@example.com"},
        "declarant_statement": {"capacity": "importer_of_record", "obtained_by": "purchase"},
        "ports": {"entry": "2709", "unlading": "2709"},
        "state_of_destination": "CA",
        "dates": {"estimated_arrival": "2026-11-24", "import": "2026-11-24", "estimated_entry": "2026-11-24"},
        "transport": {
            "mode": "11", "carrier": {"code": "ZZLU", "scheme": "SCAC"}, "conveyance": "DEMO STAR", "trip": "145E",
            "bills": [
                {
                    "master": {"issuer": "ZZLU", "number": "263847519"},
                    "house": {"issuer": "ZZFW", "number": "SZX0117734"},
                    "manifest_quantity": {"value": "90", "unit": "CTN"},
                }
            ],
        },
        "location_of_goods": {"firms": "Y123"},
        "parties": {"importer": IMPORTER, "ultimate_consignee": {"same_as": "importer"}},
        "bonds": [{"type": "8", "designation": "B", "surety": "036"}],
        "payment": {"type": "3", "statement_print_date": "2026-12-03"},
        "currency": "USD",
    } | changes  # fmt: skip


def item(**changes) -> dict:
    return {
        "sequence": 1, "description": "Lithium-ion storage batteries, 48 V, for e-bikes, model SB-48",
        "origin_country": "CN", "export_country": "CN", "export_date": "2026-11-02", "foreign_port_of_lading": "57078",
        "tariffs": [
            {"hts_number": "99039106", "role": "additional", "value": "0"},
            {"hts_number": "99030531", "role": "additional", "value": "0"},
            {
                "hts_number": "8507600090", "role": "classification", "value": "45000",
                "quantities": [{"value": "2500", "unit": "NO"}, {"value": "9000.5", "unit": "KG"}],
            },
        ],
        "gross_mass_kg": "9900",
        "valuation": {
            "invoice": {"document": "INV-4711", "line": "1", "value": "45000", "currency": "USD"}, "method": "1",
            "entered_value": "45000",
        },
        "charges": {"total_whole_usd": "2150"},
        "related_parties": False,
        "manufacturer": {"mid": "CNEXABAT123SHE"},
    } | changes  # fmt: skip


def classification(number: str, value: str, pieces: str) -> dict:
    quantities = [{"value": pieces, "unit": "NO"}]
    return {"hts_number": number, "role": "classification", "value": value, "quantities": quantities}


def line(kind, code, basis, rate, amount, law, working) -> AssessmentLine:
    return AssessmentLine(
        kind=kind, code=code, basis=basis, rate=rate, amount=amount, legal_basis=law, working=working
    )  # fmt: skip


def stacked(*rows) -> tuple[StackedTariff, ...]:
    return tuple(
        StackedTariff(hts_number=number, role=role, value=value, reason=why) for number, role, value, why in rows
    )


def ocean() -> tuple[Document, Assessment]:
    """Type 01 by sea: two additional duties on a rate of column 1, both fees."""
    lines = (
        line("additional_duty", "99039106", "45000", "25%", "11250.00", "HTS 9903.91.06, note 31", "45000 x 25 %"),
        line("additional_duty", "99030531", "45000", "12.5%", "5625.00", "HTS 9903.05.31, note 52", "45000 x 12.5 %"),
        line("duty", "8507600090", "45000", "3.4%", "1530.00", "HTS 8507.60.00, column 1 general", "45000 x 3.4 %"),
        line("fee", "499", "45000", "0.3464%", "155.88", "19 CFR 24.23(b)(1)", "45000 x 0.3464 %"),
        line("fee", "501", "45000", "0.125%", "56.25", "19 CFR 24.24(a)", "45000 x 0.125 %"),
    )
    one = ItemAssessment(
        sequence=1, rate_date="2026-11-24", entered_value="45000", lines=lines,
        tariffs=stacked(
            ("99039106", "additional", "0", "batteries of China, section 301"), ("99030531", "additional", "0", None),
            ("8507600090", "classification", "45000", None),
        ),
    )  # fmt: skip
    fees = (
        FeeTotal(code="499", amount="155.88", working="sum of lines, between 34.58 and 670.86"),
        FeeTotal(code="501", amount="56.25", working="sum of lines"),
    )
    totals = Totals(duty="18405.00", fees="212.13", total="18617.13")
    return document(**header(items=[item()])), assessment((one,), fees, totals)


def assessment(items, fees=(), totals=None, unassessed=()) -> Assessment:
    return Assessment(
        currency="USD", editions=EDITIONS, items=tuple(items), fees=tuple(fees), totals=totals or Totals(),
        unassessed=tuple(unassessed),
    )  # fmt: skip


def truck() -> tuple[Document, Assessment]:
    """Type 01 by truck: two lines that claim a preference, nothing owed, its own consignee, monthly statement."""
    items, results = [], []
    for sequence, (number, value, kilos) in enumerate(
        (("3926909989", "38400", "5600"), ("3923500000", "9600", "1600")), 1
    ):
        claim = {"program": "S", "basis": "originating", "net_cost": True}
        tariffs = [
            {"hts_number": "99030594", "role": "exemption", "value": "0"},
            classification(number, value, "64000"),
        ]
        more = {"rulings": [{"type": "R", "number": "N312345"}]} if sequence == 2 else {}
        items.append(
            item(
                sequence=sequence, description=f"Moulded plastic parts no. {sequence}", origin_country="MX",
                export_country="MX", export_date="2026-11-24", foreign_port_of_lading=None, preference=claim,
                tariffs=tariffs, gross_mass_kg=kilos, manufacturer={"mid": "MXEXAPLA4500MON"},
                charges={"total_whole_usd": "410"}, **more,
            )
        )  # fmt: skip
        results.append(
            ItemAssessment(
                sequence=sequence, rate_date="2026-11-24", entered_value=value, estimated=False,
                tariffs=stacked(
                    ("99030594", "exemption", "0", "originating goods"), (number, "classification", value, None)
                ),
                lines=(
                    line("exemption", "99030594", value, "Free", "0.00", "HTS 9903.05.94", "originating goods"),
                    line("duty", number, value, "Free", "0.00", f"HTS {number}, column 1 special (S)", "Free"),
                ),
            )
        )  # fmt: skip
    consignee = {"id": "45-678901200", "name": "Example Assembly Inc", "address": {"city": "Laredo", "country": "US"}}
    transport = {
        "mode": "30", "carrier": {"code": "ZZTR"}, "conveyance": "TRK 4471 TX", "trip": "T20261124A",
        "bills": [
            {"master": {"issuer": "ZZTR", "number": "00118842"}, "manifest_quantity": {"value": "22", "unit": "PLT"}}
        ],
    }  # fmt: skip
    made = header(
        functional_reference_id="MX88120", ports={"entry": "2304"}, state_of_destination="TX", transport=transport,
        parties={"importer": IMPORTER, "ultimate_consignee": consignee}, location_of_goods={"firms": "S456"},
        payment={"type": "7", "statement_print_date": "2026-12-03", "statement_month": "12"}, items=items,
    )  # fmt: skip
    return document(**made), assessment(results)


def deposit(security: str = "cash") -> tuple[Document, Assessment]:
    """Type 03 by sea: additional duties, free base, an antidumping case, two bonds."""
    tariffs = [
        {"hts_number": "99038803", "role": "additional", "value": "0"},
        classification("9403509045", "24000", "120"),
    ]
    case = {
        "case_number": "A570890000", "security": security, "rate": "216.01", "rate_type": "ad_valorem",
        "value": "24000",
    }  # fmt: skip
    valuation = {
        "invoice": {"document": "INV-2205", "value": "26150", "currency": "USD"}, "method": "1",
        "entered_value": "24000",
        "deductions": [{"code": "international_freight", "value": "2150", "currency": "USD"}],
    }  # fmt: skip
    goods = item(
        description="Wooden beds, queen size", tariffs=tariffs, adcvd=[case], gross_mass_kg="6600", valuation=valuation,
        manufacturer={"mid": "CNEXAHIL88DON"},
    )  # fmt: skip
    cash = security == "cash"
    owed = "51842.40" if cash else "0.00"
    working = "24000 x 216.01 %" if cash else "24000 x 216.01 % = 51842.40, secured by bond"
    one = ItemAssessment(
        sequence=1, rate_date="2026-11-24", entered_value="24000",
        tariffs=stacked(("99038803", "additional", "0", None), ("9403509045", "classification", "24000", None)),
        lines=(
            line("additional_duty", "99038803", "24000", "37.5%", "9000.00", "HTS 9903.88.03", "24000 x 37.5 %"),
            line("duty", "9403509045", "24000", "Free", "0.00", "HTS 9403.50.90, column 1 general", "Free"),
            line("antidumping", "A570890000", "24000", "216.01%", owed, "19 USC 1673", working),
            line("fee", "499", "24000", "0.3464%", "83.14", "19 CFR 24.23(b)(1)", "24000 x 0.3464 %"),
            line("fee", "501", "24000", "0.125%", "30.00", "19 CFR 24.24(a)", "24000 x 0.125 %"),
        ),
    )  # fmt: skip
    totals = Totals(
        duty="9000.00", antidumping=owed, fees="113.14", total="60955.54" if cash else "9113.14"
    )  # fmt: skip
    fees = (FeeTotal(code="499", amount="83.14", working="w"), FeeTotal(code="501", amount="30.00", working="w"))
    bonds = [
        {"type": "8", "designation": "B", "surety": "036"},
        {"type": "9", "designation": "A", "surety": "036", "amount": "52000"},
    ]
    made = header(entry_type="03", functional_reference_id="FUR2205", bonds=bonds, items=[goods])
    return document(**made), assessment((one,), fees, totals)


def air() -> tuple[Document, Assessment]:
    """Type 11 by air: no bond, single payment, the informal fee."""
    tariffs = [
        {"hts_number": "99030544", "role": "additional", "value": "0"},
        classification("4202316000", "2140", "428"),
    ]
    goods = item(
        description="Men's wallets, outer surface of bovine leather", origin_country="IN", export_country="IN",
        export_date="2026-11-23", foreign_port_of_lading=None, tariffs=tariffs, gross_mass_kg="62",
        manufacturer={"mid": "INEXALEA27KAN"}, charges={"total_whole_usd": "310"},
    )  # fmt: skip
    transport = {
        "mode": "40", "carrier": {"code": "ZZ", "scheme": "IATA"}, "trip": "ZZ101",
        "bills": [{"master": {"number": "09812345675"}, "house": {"number": "DEL558120"}}],
    }  # fmt: skip
    one = ItemAssessment(
        sequence=1, rate_date="2026-11-24", entered_value="2140",
        tariffs=stacked(("99030544", "additional", "0", None), ("4202316000", "classification", "2140", None)),
        lines=(
            line("additional_duty", "99030544", "2140", "10%", "214.00", "HTS 9903.05.44", "2140 x 10 %"),
            line("duty", "4202316000", "2140", "8%", "171.20", "HTS 4202.31.60, column 1 general", "2140 x 8 %"),
        ),
    )  # fmt: skip
    made = header(
        entry_type="11", functional_reference_id="AIR0931", ports={"entry": "4701", "unlading": "4701"},
        state_of_destination="NY", transport=transport, location_of_goods={"firms": "E012"}, bonds=[],
        bond_waiver={"indicator": "0"}, payment={"type": "1"}, items=[goods],
    )  # fmt: skip
    fees = (FeeTotal(code="311", amount="2.77", working="informal entry, automated"),)
    return document(**made), assessment((one,), fees, Totals(duty="385.20", fees="2.77", total="387.97"))


def many(count: int) -> tuple[Document, Assessment]:
    """As many lines as asked, each with three numbers and both fees."""
    base, money = ocean()
    one = money.items[0]
    made = msgspec.structs.replace(
        base, items=tuple(msgspec.structs.replace(base.items[0], sequence=at) for at in range(1, count + 1))
    )  # fmt: skip
    rows = tuple(msgspec.structs.replace(one, sequence=at) for at in range(1, count + 1))
    return made, msgspec.structs.replace(money, items=rows)


def unknown() -> tuple[Document, Assessment]:
    """The second line could not be computed."""
    base, money = ocean()
    second = msgspec.structs.replace(base.items[0], sequence=2, description="Garlic, fresh")
    bare = ItemAssessment(sequence=2, rate_date="2026-11-24", entered_value="700")
    gap = Unassessed(code="DUTY-RATE", pointer="/items/1/tariffs/2/hts_number", reason="The rate refers to a note.")
    return (
        msgspec.structs.replace(base, items=(base.items[0], second)),
        msgspec.structs.replace(money, items=(money.items[0], bare), unassessed=(gap,)),
    )


def make_version(
    content: Document, money: Assessment, *, entry_number: str = "ZZZ10000019", signed: bool = True, sent: bool = True,
    name: str = "Dana Clerk", statement: str = "", **fields,
) -> DeclarationVersion:  # fmt: skip
    """A version as `prepare`, `sign` and `submit` leave it."""
    firm, _ = Organization.objects.get_or_create(
        name="Example Imports LLC", defaults={"kind": "importer", "importer_number": "12-345678900"}
    )  # fmt: skip
    one = Declaration.objects.create(importer=firm, filer=firm, created_at=NOW, updated_at=NOW)
    content_sha, money_sha = keep_bytes([canonical(content), msgspec.json.encode(money, order="sorted")], now=NOW)
    told = {
        "number": 1, "state": "SUBMITTED", "filer": firm, "channel": "rehearsal", "entry_number": entry_number,
        "lrn": f"{content.functional_reference_id or 'LRN'}-{next(_counter)}", "statement_id": "US-141.19-2026-11",
        "created_at": NOW, "digest": hashlib.sha256((content_sha + money_sha).encode()).hexdigest(),
    }  # fmt: skip
    version = DeclarationVersion.objects.create(
        declaration=one, content_sha256=content_sha, assessment_sha256=money_sha, **(told | fields)
    )  # fmt: skip
    if signed:
        make_signature(version, name=name, statement=statement)
    if sent:
        Receipt.objects.create(version=version, **receipt_fields(version.digest))
    return version


def make_signature(version: DeclarationVersion, *, name: str, statement: str = "") -> Signature:
    person, _ = User.objects.get_or_create(email="dana@example.com")
    words = statement or words_of(statement_on(NOW.date()), capacity="importer_of_record", obtained_by="purchase")
    return Signature.objects.create(
        version=version, signatory=person, name=name, title="Import Manager", statement_id=version.statement_id,
        statement=words, digest=version.digest, method="password", signed_at=SIGNED_AT, key_id="sign-1", code="ab" * 32,
    )  # fmt: skip


def receipt_fields(digest: str) -> dict:
    return {
        "at": SENT_AT, "digest": digest, "channel": "rehearsal", "declarant": "Example Imports LLC",
        "transmitter": "Example Imports LLC", "key_id": "receipt-1", "code": "cd" * 32,
    }  # fmt: skip
