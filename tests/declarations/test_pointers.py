"""Every member has one place: pointer, page, words, and its element in the WCO message."""

import json
import os
import re
from pathlib import Path

import pytest

from declarations.decoding import decode
from declarations.document import Document, to_plain
from declarations.messages.locate import locate
from declarations.messages.national import HEADER, ITEM
from declarations.messages.wco_item import ROLES
from declarations.messages.wco_xml import encode
from declarations.pointers import FIELDS, STEPS, find_field, from_wco, label_of, page_of, shape, to_wco
from portal.xml import local_name, parse
from tests.declarations.messages.makers import GOLDEN, as_document, full_plain, leaves, type_leaves

DOCUMENT = decode((GOLDEN / "declaration.json").read_bytes())
FULL = as_document(full_plain(same_as=False))
WITHOUT_ANNOTATION = {"42A/67A/68A/23A/21A/337"}  # IdentificationTypeCode: its tag is not in the newer schema
REFERENCE_DATA = Path(os.environ.get("REFERENCE_DATA") or Path(__file__).parents[2].parent / "shared")


def plain_path(wco):
    return re.sub(r"\[.*?\]", "", wco)


@pytest.fixture(scope="module")
def published_paths():
    path = REFERENCE_DATA / "reference" / "wco_pointer_map.json"
    if not path.is_file():
        pytest.skip(f"no published pointer paths at {path} (set REFERENCE_DATA)")
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_leaf_of_the_document_has_a_row_and_every_row_a_leaf():
    assert {shape(one.pointer) for one in FIELDS} == set(type_leaves())


def test_no_member_has_two_rows():
    names = [shape(one.pointer) for one in FIELDS]
    assert len(names) == len(set(names))


def test_every_row_has_a_page_words_and_a_place():
    for field in FIELDS:
        assert field.step in {step.replace("/{n}", "") for step in STEPS}, field
        assert field.label == field.label.strip() and field.label[0].isupper(), field
        assert field.wco or field.statement, field
        assert field.wco is None or field.wco.startswith("42A/"), field


def test_statements_of_the_table_are_those_of_the_codec():
    rows = {}
    for level, prefix in ((HEADER, ""), (ITEM, "/items/#")):
        for row in level:
            for part in row.parts:
                path = f"{row.path}.{'#.' if row.many else ''}{part}".strip(".").replace(".", "/")
                rows.setdefault(f"{prefix}/{path}", []).append(row.code)
    for field in FIELDS:
        if field.statement:
            name = re.sub(r"/(acts|seals)/#$", r"/\1", re.sub(r"/quantities/#/.*", "/quantities", shape(field.pointer)))
            assert field.statement in rows[name], field


def test_every_short_name_fits_the_message():
    codes = [row.code for row in (*HEADER, *ITEM)]
    assert len(codes) > 80
    for level in (HEADER, ITEM):
        names = [row.code for row in level]
        assert len(names) == len(set(names))
    unbounded = {"acts", "equipment", "tariff", "measure"}
    for code in codes:
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,16}", code)
        assert len(code) <= (11 if code in unbounded else 17)


def test_each_wco_path_is_a_published_one(published_paths):
    for field in FIELDS:
        if field.wco and plain_path(field.wco) not in WITHOUT_ANNOTATION:
            assert plain_path(field.wco) in published_paths, field


def _element(root, wco, names):
    """The element a WCO pointer leads to in a message, by the published names of its sections and tag."""
    element, codes = root, []
    for step in wco.split("/"):
        code, _, number = step.partition("[")
        codes.append(code)
        path = "/".join(codes)
        name = "IdentificationTypeCode" if path in WITHOUT_ANNOTATION else names[path].rpartition("/")[2]
        found = [one for one in element if local_name(one) == name]
        if not found:
            return None
        element = found[int(number.rstrip("]")) - 1 if number else 0]
    return element


def test_each_pointer_leads_to_the_element_that_says_the_member(published_paths):
    """In a message with every member given: the text found by our WCO pointer is the member's own."""
    root = parse(encode(FULL, assessment=None, lrn="x", version=1))
    seen = 0
    for pointer, value in leaves(to_plain(FULL)):
        wco = to_wco(pointer, FULL)
        if wco is None or "/03A/" in wco:
            continue
        element = _element(root, wco, published_paths)
        assert element is not None, (pointer, wco)
        assert _says(element, pointer, value), (pointer, wco, element.text, value)
        seen += 1
    assert seen > 180


def _says(element, pointer, value):
    text = element.text or next(element.iter("{*}DateTimeString")).text
    name = pointer.rpartition("/")[2]
    special = {
        "currency": element.get("currencyID") == value,
        "related_parties": text == "1000",
        "mode": text == value[:1] if isinstance(value, str) else False,
        "export_date": text == str(value).replace("-", ""),
        "role": text == ROLES.get(value),
        "functional_reference_id": text == "x",
    }
    if name in special:
        return special[name]
    if pointer.startswith(("/entry_number/", "/transport/bills/")):
        return str(value) in text
    return text == str(value)


def test_there_and_back_for_every_member_with_a_place():
    for pointer, _ in leaves(to_plain(FULL)):
        wco = to_wco(pointer, FULL)
        if "/03A/" in wco:
            continue
        found = from_wco(wco, FULL)
        same_tag = find_field(found) is None or find_field(found).wco == find_field(pointer).wco
        assert found == pointer or same_tag or pointer.startswith(found), (pointer, wco, found)


def test_back_leads_to_the_member_itself_wherever_it_has_an_element_of_its_own():
    shared = ("issuer", "currency", "filer_code", "sequence", "check_digit", "surety", "export_date",
              "foreign_port_of_lading", "rate", "document")  # fmt: skip
    seen = 0
    for pointer, _ in leaves(to_plain(FULL)):
        wco = to_wco(pointer, FULL)
        if "/03A/" not in wco and pointer.rpartition("/")[2] not in shared:
            assert from_wco(wco, FULL) == pointer
            seen += 1
    assert seen > 150


@pytest.mark.parametrize(
    ("wco", "pointer"),
    [
        ("42A/67A/68A[2]/23A/21A[1]/145", "/items/1/tariffs/0/hts_number"),
        ("42A/67A/68A[1]/23A/21A[2]/145", "/items/0/tariffs/1/hts_number"),
        ("42A[1]/67A[1]/68A[1]/23A[1]/21A[2]/337", "/items/0/tariffs/1/role"),
        ("42A/67A/68A[2]/92A[1]/063", "/items/1/origin_country"),
        (" 42A/67A/68A[2]/108 ", "/items/1/valuation/entered_value"),
        ("42A/67A/68A[2]", "/items/1"),
        ("42A/67A/68A[2]/23A", "/items/1"),
        ("42A/67A/68A[2]/23A/21A[1]", "/items/1/tariffs/0"),
        ("42A/67A/68A[1]/23A/65A/126", "/items/0/gross_mass_kg"),
        ("42A/67A/68A[1]/23A/65A/130", "/items/0/tariffs"),
        ("42A/67A/68A[2]/23A/50A[1]/164", "/items/1/preference/program"),
        ("42A", ""),
        ("42A/D014", "/entry_number"),
        ("42A/228", "/items"),
        ("42A/065", "/ports/entry"),
        ("42A/67A/74A/R038", "/parties/importer/id"),
        ("42A/67A/74A/04A", "/parties/importer/address"),
        ("42A/67A/16A/R009", "/parties/importer/name"),  # the buyer is the same as the importer
        ("42A/67A/27A/04A/241", "/parties/importer/address/city"),
        ("42A/67A/99A[1]/D018", "/transport/bills/0/master/number"),
        ("42A/67A/99A[2]/D018", "/transport/bills/0/house/number"),
        ("42A/67A/99A[3]/D018", "/transport/bills/1/master/number"),
        ("42A/67A/99A[4]/D019", "/in_bond/type"),
        ("42A/67A/99A[4]", "/in_bond"),
        ("42A/02A[1]/D006", "/missing_documents/0"),
        ("42A/02A[3]/D005", "/documents/1/number"),
        ("42A/67A/68A[1]/02A[1]/D005", "/items/0/rulings/0/number"),
        ("42A/67A/68A[1]/02A[2]/D006", "/items/0/licences/0/type"),
        ("42A/67A/68A[2]/02A[1]/D005", "/items/1/preference/certification/document"),
        ("42A/67A/68A[2]/02A[3]/D005", "/items/1/documents/1"),
        ("42A/67A/68A[1]/41A/58B[2]/181", "/items/0/valuation/deductions/0/value"),
        ("42A/67A/28A/31B[1]/44B[2]/165", "/transport/equipment/0/seals/1"),
        ("42A/90A[2]/492", "/bonds/1/amount"),
        ("42A/06A[2]/099", "/correction/header_reasons/1"),
        ("42A/67A/024", "/items/0/export_date"),
        ("42A/67A/28A/83A/L010", "/items/0/foreign_port_of_lading"),
    ],
)
def test_what_customs_points_at(wco, pointer):
    assert from_wco(wco, DOCUMENT) == pointer


@pytest.mark.parametrize(
    "wco",
    [
        "", "/", "nonsense", "42a/65", "07B/53A", "07B[1]/06A", "42A/67A/56A/G005", "42A/67A/68A[3]/92A/063",
        "42A/67A/68A[0]/92A/063", "42A/67A/68A/92A/063", "42A/67A/68A[1]/23A/21A[33]/145", "42A/67A/99A[9]/D018",
        "42A/67A/99A/D018", "42A/67A/68A[1]/23A/50A[1]/113", "42A/67A/68A[1]/02A[9]/D005", "42A/67A/68A[9]/02A[1]/D005",
        "42A/67A/68A[99999999999999999999]/006", "42A/67A/68A[1]/23A/21A[x]/145", "42A//065",
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_shown_raw(wco):
    assert from_wco(wco, DOCUMENT) is None


def test_a_number_left_out_means_the_only_one():
    one_line = as_document({"items": [{"origin_country": "MX"}], "bonds": [{"type": "8"}, {"type": "9"}]})
    assert from_wco("42A/67A/68A/92A/063", one_line) == "/items/0/origin_country"
    assert from_wco("42A/90A/101", one_line) is None
    assert from_wco("42A/67A/68A/92A/063", Document()) is None


@pytest.mark.parametrize(
    ("wco", "pointer"),
    [
        ("42A/03A[1]/225", "/transport/mode"),
        ("42A/03A[3]", "/filing/acts"),
        ("42A/67A/68A[1]/03A[2]/225", "/items/0/tariffs/1"),
        ("42A/67A/68A[1]/03A[4]/225", "/items/0/adcvd/1"),
        ("42A/67A/68A[1]/03A[5]/226", "/items/0/adcvd"),
        ("42A/67A/68A[2]/03A[2]/225", "/items/1/preference/program"),
        ("42A/67A/68A[2]/03A[99]/225", None),
        ("42A/67A/68A[9]/03A[1]/225", None),
        ("42A/03A[0]", None),
        ("42A/065", "/ports/entry"),
    ],
)
def test_what_customs_points_at_in_our_statements(wco, pointer):
    assert locate(wco, DOCUMENT) == pointer


def test_a_statement_in_several_pieces_counts_as_filed():
    plain = to_plain(DOCUMENT)
    plain["items"][1]["description"] = "long\n" * 100
    plain["items"][1]["pga"] = [{"note": "first " * 80}, {"note": "second"}]
    document = as_document(plain)
    codes = [
        one.findtext("{*}StatementCode")
        for one in parse(encode(document, assessment=None, lrn="x", version=1)).iterfind(
            ".//{*}GovernmentAgencyGoodsItem[2]/{*}AdditionalInformation"
        )
    ]
    for number, code in enumerate(codes, 1):
        base = code.partition("+")[0]
        row = next(one for one in ITEM if one.code == base)
        assert locate(f"42A/67A/68A[2]/03A[{number}]", document).startswith(f"/items/1/{row.path.replace('.', '/')}")
    assert "description+2" in codes
    assert locate(f"42A/67A/68A[2]/03A[{codes.index('description+2') + 1}]", document) == "/items/1/description"


@pytest.mark.parametrize(
    ("pointer", "page"),
    [
        ("/ports/entry", ("shipment", None, "ports_entry")),
        ("/entry_type", ("start", None, "entry_type")),
        ("/filing/acts/0", ("start", None, "filing_acts")),
        ("/parties/importer/address/street", ("parties", None, "parties_importer_address_street")),
        ("/transport/bills/1/master/number", ("bills", None, "transport_bills_1_master_number")),
        ("/transport/equipment/0/seals/2", ("transport", None, "transport_equipment_0_seals")),
        ("/bonds/0/amount", ("bond", None, "bonds_0_amount")),
        ("/items", ("lines", None, "items")),
        ("/items/2", ("item/3/goods", 3, "")),
        ("/items/2/description", ("item/3/goods", 3, "description")),
        ("/items/0/tariffs/1/hts_number", ("item/1/classification", 1, "tariffs_1_hts_number")),
        ("/items/0/measures/12", ("item/1/classification", 1, "measures")),
        ("/items/0/measures", ("item/1/classification", 1, "measures")),
        ("/items/0/valuation/invoice/value", ("item/1/value", 1, "valuation_invoice_value")),
        ("/items/0/manufacturer/mid", ("item/1/parties", 1, "manufacturer_mid")),
        ("/items/0/pga/0/agency", ("item/1/agencies", 1, "pga_0_agency")),
        ("/items/0/origin_country", ("item/1/origin", 1, "origin_country")),
        ("/declarant_statement/capacity", ("statement", None, "declarant_statement_capacity")),
        ("", ("start", None, "")),
        ("/no/such/member", ("start", None, "no_such_member")),
        ("/items/0/no_such", ("item/1/goods", 1, "no_such")),
    ],
)
def test_the_page_where_it_is_mended(pointer, page):
    assert page_of(pointer) == page


def test_every_member_has_a_page_of_its_own_name():
    pages = {}
    for pointer, _ in leaves(to_plain(FULL)):
        pages.setdefault(page_of(pointer), set()).add(re.sub(r"/\d+$", "", pointer).partition("/measures/")[0])
    assert all(len(members) == 1 for members in pages.values())


@pytest.mark.parametrize(
    ("pointer", "label"),
    [
        ("/ports/entry", "Port of entry"),
        ("/items/7/tariffs/0/hts_number", "Tariff number"),
        ("/parties/importer", "Importer of record"),
        ("/parties/importer/name", "Importer of record: name"),
        ("/items", "Lines of goods"),
        ("/items/0/valuation/invoice", "Invoice"),
        ("/isf", "Importer security filing"),
        ("/no/such", "The declaration"),
    ],
)
def test_the_words_for_people(pointer, label):
    assert label_of(pointer) == label


def test_without_the_document_a_shared_section_has_no_number():
    assert to_wco("/transport/bills/0/house/number") == "42A/67A/99A/D018"
    assert to_wco("/transport/bills/0/house/number", DOCUMENT) == "42A/67A/99A[2]/D018"
    assert to_wco("/items/1/tariffs/0/hts_number") == "42A/67A/68A[2]/23A/21A[1]/145"
    assert to_wco("/items/1/visa") == "42A/67A/68A[2]/03A/225"
    assert to_wco("/currency") == "42A/03A/225"
    assert to_wco("/no/such") is None


def test_a_party_that_is_the_same_as_another_is_followed_to_the_end():
    chain = {"buyer": {"same_as": "seller"}, "seller": {"same_as": "exporter"}, "exporter": {"name": "E"}}
    assert from_wco("42A/67A/16A/R009", as_document({"parties": chain})) == "/parties/exporter/name"
    circle = {"buyer": {"same_as": "seller"}, "seller": {"same_as": "buyer"}}
    assert from_wco("42A/67A/16A/R009", as_document({"parties": circle})) == "/parties/buyer/name"
    nobody = {"buyer": {"same_as": "nobody"}}
    assert from_wco("42A/67A/16A/R009", as_document({"parties": nobody})) == "/parties/buyer/name"
