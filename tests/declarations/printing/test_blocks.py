"""Every block of four shipments has exactly what belongs there."""

import msgspec
import pytest

from declarations.assessment import FeeTotal, Totals
from declarations.models import Receipt, Signature
from declarations.printing import blocks
from declarations.printing.working import duty_statement
from tests.declarations.printing import makers
from tests.declarations.printing.makers import SENT_AT, SIGNED_AT, assessment, document, header, item, line

SIGNATURE = Signature(name="Dana Clerk", title="Import Manager", signed_at=SIGNED_AT)
RECEIPT = Receipt(at=SENT_AT, declarant="Example Imports LLC", transmitter="Example Broker LLC")
HOME = ["Example Imports LLC", "1 Harbor Way", "Long Beach, CA 90802, US"]
SIGNED = ["Dana Clerk", "Import Manager", "Signed electronically 23 Nov 2026, 09:41:09 EST (14:41:09 UTC)"]
FILER = ["Filer code ZZZ", "Sent by Example Broker LLC", "Dana Clerk", "5625550142", "imports@example.com"]
CHOICES = [
    "Importer of record, and owner, purchaser or consignee",
    "Goods obtained by purchase or agreement to purchase",
]


def form(made, *, entry_number="ZZZ10000019", signature=SIGNATURE, receipt=RECEIPT):
    content, money = made
    return blocks(
        content, money, entry_number=entry_number, signature=signature, receipt=receipt, version_number=1
    )  # fmt: skip


def values(made, **more):
    return {key: one["value"] for key, one in form(made, **more)["blocks"].items() if one["value"]}


OCEAN = {
    "1": ["ZZZ-1000001-9"], "2": ["01", "consumption, free or dutiable"], "3": ["3 Dec 2026", "statement date"],
    "4": ["036"], "5": ["8 continuous, basic"], "6": ["2709"], "7": ["24 Nov 2026", "estimated"],
    "8": ["ZZLU DEMO STAR", "trip 145E"], "9": ["11", "vessel, container"], "10": ["CN"], "11": ["24 Nov 2026"],
    "12": ["ZZLU 263847519, house ZZFW SZX0117734"], "13": ["CNEXABAT123SHE"], "14": ["CN"], "15": ["2 Nov 2026"],
    "19": ["57078"], "20": ["2709"], "25": ["Y123"], "26": ["12-345678900"], "27": ["12-345678900"],
    "29": [*HOME, "State of destination: CA"], "30": HOME, "39": ["45,000"], "40": CHOICES, "41": ["18,405.00"],
    "42": ["0.00"], "43": ["212.13"], "44": ["18,617.13"], "45": SIGNED, "46": FILER, "47": ["PO4711A"],
}  # fmt: skip
TRUCK = OCEAN | {
    "2": ["01 ABI/P", "consumption, free or dutiable"], "6": ["2304"], "8": ["ZZTR TRK 4471 TX", "trip T20261124A"],
    "9": ["30", "truck"], "10": ["MX"], "12": ["ZZTR 00118842"], "13": ["MXEXAPLA4500MON"], "14": ["MX"],
    "15": ["24 Nov 2026"], "25": ["S456"], "26": ["45-678901200"],
    "29": ["Example Assembly Inc", "Laredo, US", "State of destination: TX"], "39": ["48,000"], "41": ["0.00"],
    "43": ["0.00"], "44": ["0.00"], "47": ["MX88120"],
}  # fmt: skip
del TRUCK["19"], TRUCK["20"]
DEPOSIT = OCEAN | {
    "2": ["03", "consumption, antidumping or countervailing"],
    "5": ["8 continuous, basic", "9 single transaction, additional, 52,000 USD"], "13": ["CNEXAHIL88DON"],
    "39": ["24,000"], "41": ["9,000.00"], "43": ["51,955.54"], "44": ["60,955.54"], "47": ["FUR2205"],
}  # fmt: skip
AIR = OCEAN | {
    "2": ["11", "informal, free or dutiable"], "3": ["23 Nov 2026", "date filed"], "5": ["0 none"], "6": ["4701"],
    "8": ["ZZ", "trip ZZ101"], "9": ["40", "air"], "10": ["IN"], "12": ["09812345675, house DEL558120"],
    "13": ["INEXALEA27KAN"], "14": ["IN"], "15": ["23 Nov 2026"], "20": ["4701"], "25": ["E012"],
    "29": [*HOME, "State of destination: NY"], "39": ["2,140"], "41": ["385.20"], "43": ["2.77"], "44": ["387.97"],
    "47": ["AIR0931"],
}  # fmt: skip
del AIR["4"], AIR["19"]


@pytest.mark.parametrize(
    ("made", "expected"),
    [(makers.ocean, OCEAN), (makers.truck, TRUCK), (makers.deposit, DEPOSIT), (makers.air, AIR)],
    ids=["ocean", "truck", "deposit", "air"],
)
def test_every_block_of_a_shipment(made, expected):
    assert values(made()) == expected


def test_every_number_of_the_form_has_one_caption():
    found = form(makers.ocean())["blocks"]
    numbers = [key for key in found if key != "21-24"]
    assert sorted(map(int, numbers)) == [*range(1, 21), *range(25, 48)]
    captions = [one["caption"] for one in found.values()]
    assert all(captions)
    assert len(set(captions)) == len(captions)
    assert {key for key, one in found.items() if one["uncertain"]} == {"21-24", "25", "45", "46", "47"}
    assert "inferred" in found["46"]["uncertain"]
    assert "inferred" not in found["21-24"]["uncertain"]


def cells(row):
    return {key: value for key, value in row.items() if value and key != "kind"}


def test_a_line_has_all_its_numbers_in_wire_order_and_its_fees():
    [one] = form(makers.ocean())["lines"]
    assert one["31"] == "001"
    assert one["32"] == "Lithium-ion storage batteries, 48 V, for e-bikes, model SB-48"
    assert one["details"] == [
        "Origin CN, exported 2 Nov 2026 from CN, foreign port 57078", "Manufacturer CNEXABAT123SHE",
    ]  # fmt: skip
    assert [cells(row) for row in one["rows"]] == [
        {"33": ["9903.91.06"], "36": ["0"], "37": ["25%"], "38": ["11,250.00"]},
        {"33": ["9903.05.31"], "36": ["0"], "37": ["12.5%"], "38": ["5,625.00"]},
        {
            "33": ["8507.60.00.90"], "34": ["9,900 kg", "90 CTN"], "35": ["2,500 NO", "9,000.5 KG"],
            "36": ["45,000", "C 2,150", "Not related"], "37": ["3.4%"], "38": ["1,530.00"],
        },
        {"33": ["499 Merchandise processing fee"], "37": ["0.3464%"], "38": ["155.88"]},
        {"33": ["501 Harbor maintenance fee"], "37": ["0.125%"], "38": ["56.25"]},
    ]  # fmt: skip


def test_a_claim_stands_with_the_classification_and_packages_on_the_first_line():
    first, second = form(makers.truck())["lines"]
    assert [row["33"] for row in first["rows"]] == [["9903.05.94"], ["S 3926.90.99.89"]]
    assert first["rows"][1]["34"] == ["5,600 kg", "22 PLT"]
    assert second["rows"][1]["34"] == ["1,600 kg"]
    assert [row["38"] for row in second["rows"]] == [["0.00"], ["0.00"]]
    assert second["details"][2:] == ["Preference claimed S, net cost", "Ruling R N312345"]
    assert form(makers.truck())["other_fees"] == []


def test_antidumping_deposits_are_rows_of_the_line_and_of_the_other_fee_summary():
    found = form(makers.deposit())
    case = next(row for row in found["lines"][0]["rows"] if row["kind"] == "case")
    assert cells(case) == {"33": ["A-570-890-000"], "36": ["24,000"], "37": ["216.01%"], "38": ["51,842.40"]}
    assert [(one["class"], one["amount"]) for one in found["other_fees"]] == [
        ("012", "51842.40"), ("499", "83.14"), ("501", "30.00"),
    ]  # fmt: skip


def test_a_case_secured_by_bond_says_so_and_adds_nothing():
    found = form(makers.deposit("bond"))
    case = next(row for row in found["lines"][0]["rows"] if row["kind"] == "case")
    assert case["38"] == ["0.00", "by bond"]
    assert found["blocks"]["43"]["value"] == ["113.14"]


def test_countervailing_deposits_have_a_class_of_their_own():
    content, money = makers.deposit()
    one = money.items[0]
    row = line("countervailing", "C570890000", "24000", "10%", "2400.00", "19 USC 1671", "24000 x 10 %")
    totals = msgspec.structs.replace(money.totals, countervailing="2400.00", total="63355.54")
    money = msgspec.structs.replace(
        money, items=(msgspec.structs.replace(one, lines=(*one.lines, row)),), totals=totals
    )  # fmt: skip
    found = form((content, money))
    assert [(one["class"], one["amount"]) for one in found["other_fees"]][:2] == [
        ("012", "51842.40"), ("013", "2400.00"),
    ]  # fmt: skip
    assert found["blocks"]["43"]["value"] == ["54,355.54"]


@pytest.mark.parametrize("made", [makers.ocean, makers.truck, makers.deposit, makers.air])
def test_the_totals_add_up(made):
    found = values(made())
    amounts = [int(found[key][0].replace(",", "").replace(".", "")) for key in ("41", "42", "43", "44")]
    assert sum(amounts[:3]) == amounts[3]


def test_what_was_not_computed_is_never_a_zero():
    found = form(makers.unknown())
    assert [row["38"] for row in found["lines"][1]["rows"]] == [["not computed"]] * 3
    assert found["blocks"]["44"]["value"] == ["18,617.13", "not complete"]
    assert found["blocks"]["39"]["value"] == ["45,700"]
    content, money = makers.unknown()
    found = form((content, msgspec.structs.replace(money, items=money.items[:1])))
    assert found["blocks"]["39"]["value"] == ["45,000", "not complete"]
    found = form((content, msgspec.structs.replace(money, items=())))
    assert found["blocks"]["39"]["value"] == ["not complete"]


def test_lines_that_differ_are_told_line_by_line():
    goods = [
        item(), item(
            sequence=2, origin_country="VN", export_country="HK", export_date="2026-11-03",
            foreign_port_of_lading="58201", manufacturer={"mid": "VNEXA12DIA"},
        ),
    ]  # fmt: skip
    content = document(**header(items=goods))
    found = values((content, assessment(())))
    assert {key: found[key] for key in ("10", "13", "14", "15", "19")} == dict.fromkeys(
        ("10", "13", "14", "15", "19"), ["MULTI"]
    )
    second = form((content, assessment(())))["lines"][1]
    assert second["details"][0] == "Origin VN, exported 3 Nov 2026 from HK, foreign port 58201"


def test_the_rarer_blocks():
    metal = [{"type": "08", "country": "DE", "text": "heat 4471"}, {"type": "07", "country": "CA"}, {"type": "10"}]
    content = document(
        **header(
            filing={"acts": ["summary"], "live_entry": True},
            dates={"estimated_entry": "2026-11-24", "entry_date_election": "2026-11-22"},
            in_bond={"type": "61", "number": "123456782", "accepted_date": "2026-11-18"},
            missing_documents=["01", "98"],
            location_of_goods={"firms": "Y123", "general_order_number": "GO77"},
            parties={"importer": makers.IMPORTER, "notify_4811": {"id": "98-765432100"}},
            bonds=[], bond_waiver={"indicator": "0", "reason": "998"},
            items=[
                item(importer_declarations=metal),
                item(sequence=2, importer_declarations=[metal[0] | {"country": "JP"}]),
            ],
        )
    )  # fmt: skip
    found = values((content, assessment(())))
    assert found["2"][0] == "01 L"
    assert found["4"] == ["waiver 998"]
    assert found["7"] == ["22 Nov 2026", "elected"]
    assert found["16"] == ["123456782"]
    assert found["17"] == ["18 Nov 2026"]
    assert found["18"] == ["01, 98"]
    assert found["21-24"] == ["Aluminum, smelt and cast: CA", "Steel, melt and pour: MULTI"]
    assert found["25"] == ["Y123", "general order GO77"]
    assert found["28"] == ["98-765432100"]
    assert "29" in found  # the state of destination alone
    details = form((content, assessment(())))["lines"][0]["details"]
    assert "Declaration 08, Steel, melt and pour, DE, heat 4471" in details
    assert "Declaration 10" in details


def test_everything_a_line_can_carry():
    goods = item(
        visa="6KR123", article_set={"role": "component", "set": "1"}, product_claim="A", fee_exemption="2",
        licences=[{"type": "17", "number": "L-5"}], rulings=[{"type": "C", "number": "H301"}], related_parties=True,
        ftz={"zone_id": "018", "status": "P", "privileged_date": "2026-10-01", "quantity": "1200"},
        pga=[{"agency": "EPA", "program": "TS1", "disclaim": "A"}, {"agency": "DOT"}],
        census_overrides=[{"warning": "27B", "override": "01"}],
    )  # fmt: skip
    content, money = makers.ocean()
    one = money.items[0]
    tax = line("tax", "016", "324", "$13.5", "4374.00", "26 USC 5001", "324 x $13.5")
    money = msgspec.structs.replace(money, items=(msgspec.structs.replace(one, lines=(*one.lines, tax)),))
    content = document(**header(items=[goods]))
    [found] = form((content, money))["lines"]
    assert found["details"][2:] == [
        "Set 1 component, Product claim A, Fee exemption 2", "Ruling C H301", "License 17 L-5",
        "Zone 018, status P, 1 Oct 2026, 1,200", "Agencies: EPA TS1 disclaimed A; DOT", "Census overrides: 27B 01",
    ]  # fmt: skip
    assert found["rows"][2]["37"] == ["3.4%", "Visa 6KR123"]
    assert found["rows"][2]["36"] == ["45,000", "C 2,150", "Related"]
    assert cells(found["rows"][-1]) == {"33": ["016 Tax on distilled spirits"], "37": ["$13.5"], "38": ["4,374.00"]}


def test_more_bills_than_the_block_holds_are_listed_apart():
    bill = {"master": {"issuer": "ZZLU", "number": "1"}, "manifest_quantity": {"value": "5", "unit": "CTN"}}
    transport = {"mode": "11", "bills": [bill | {"master": {"issuer": "ZZLU", "number": str(at)}} for at in range(7)]}
    found = form((document(**header(transport=transport, items=[item()])), assessment(())))
    assert found["blocks"]["12"]["value"] == ["ZZLU 0", "ZZLU 1", "ZZLU 2", "and 4 more, listed after the lines"]
    assert found["bills"][6] == {"bill": "ZZLU 6", "packages": "5 CTN"}
    assert found["lines"][0]["rows"][2]["34"] == ["9,900 kg", "see bills"]


def test_an_empty_document_gives_empty_blocks():
    found = form((document(), assessment(())), entry_number="", signature=None, receipt=None)
    assert found["entry_number"] == ""
    assert found["lines"] == []
    assert {key: one["value"] for key, one in found["blocks"].items() if one["value"]} == {
        "39": ["0"], "41": ["0.00"], "42": ["0.00"], "43": ["0.00"], "44": ["0.00"],
    }  # fmt: skip
    bare = form((document(items=[{}]), assessment(())), entry_number="", signature=None, receipt=None)
    assert bare["lines"][0]["32"] == ""
    assert [cells(row) for row in bare["lines"][0]["rows"]] == [{}]


def test_the_number_of_the_document_is_used_where_no_other_is_given():
    number = {"filer_code": "ZZZ", "sequence": "1000002", "check_digit": "7"}
    found = form((document(entry_number=number), assessment(())), entry_number="", signature=None, receipt=None)
    assert found["blocks"]["1"]["value"] == ["ZZZ-1000002-7"]
    assert found["blocks"]["46"]["value"] == ["Filer code ZZZ"]


def test_lines_meet_what_was_computed_of_them_in_order():
    content, money = makers.ocean()
    twin = msgspec.structs.replace(money.items[0], entered_value="1", lines=money.items[0].lines[:1])
    content = msgspec.structs.replace(content, items=content.items * 2)
    found = form((content, msgspec.structs.replace(money, items=(money.items[0], twin))))
    assert [len(one["rows"]) for one in found["lines"]] == [5, 3]
    assert found["lines"][1]["rows"][2]["38"] == []


def test_the_working_has_basis_rate_law_and_amount():
    found = duty_statement(*makers.deposit())
    [one] = found["items"]
    assert one["facts"] == ["Rates of 24 Nov 2026 (estimated)", "entered value 24,000 USD"]
    assert one["valuation"] == (
        "Invoice INV-2205, 26,150.00 USD; less 2,150.00 USD international freight; valuation method 1"
    )
    assert one["lines"][2] == {
        "name": "Antidumping duty deposit", "code": "A-570-890-000", "working": "24000 x 216.01 %", "reason": "",
        "law": "19 USC 1673", "basis": "24,000", "rate": "216.01%", "amount": "51,842.40",
    }  # fmt: skip
    assert found["total"] == "60,955.54"
    assert found["fees"][0] == {"name": "499 Merchandise processing fee", "working": "w", "amount": "83.14"}
    assert duty_statement(*makers.ocean())["items"][0]["lines"][0]["reason"] == "batteries of China, section 301"
    assert duty_statement(*makers.truck())["items"][0]["lines"][0]["reason"] == ""  # it is the working already


def test_gaps_name_the_line_and_the_member_in_words():
    found = duty_statement(*makers.unknown())
    assert found["unassessed"] == [
        {"code": "DUTY-RATE", "where": "Line 002, tariffs 3 hts number", "reason": "The rate refers to a note."}
    ]
    assert found["items"][1]["silent"] == [
        'Not computed, and not counted in the totals: see "What could not be computed".'
    ]


def test_a_component_of_a_set_says_why_it_owes_nothing():
    content, money = makers.ocean()
    part = msgspec.structs.replace(
        money.items[0], lines=(), tariffs=makers.stacked(("8507600090", "classification", "45000", "part of a set"))
    )  # fmt: skip
    found = duty_statement(content, assessment((part,), (FeeTotal(code="777", amount="1.00", working="x"),), Totals()))
    assert found["items"][0]["silent"] == ["No amount on this line: part of a set."]
    assert found["fees"][0]["name"] == "777"
