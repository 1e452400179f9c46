"""Our profile of the messages, by authority, message and day; and the publisher's schemas as second check."""

import threading
from datetime import date

import pytest

from declarations.decoding import decode
from declarations.document import Document
from declarations.messages import registry
from declarations.messages.registry import Entry, UnknownMessage, entry_for, published, validate
from declarations.messages.wco_shape import DECLARATION
from declarations.messages.wco_xml import encode
from portal.xml import parse
from tests.declarations.messages.makers import GOLDEN

ON = date(2026, 11, 24)
XS = "{http://www.w3.org/2001/XMLSchema}"
MESSAGES = {
    "declaration": "declaration",
    "amendment": "declaration",
    "cancellation": "cancellation",
    "presentation": "presentation",
}


def faults(name, message, *changes):
    raw = (GOLDEN / f"{name}.xml").read_bytes()
    for before, after in changes:
        assert before in raw
        raw = raw.replace(before, after)
    return [(fault.code, fault.pointer) for fault in validate(raw, "US", message, ON)]


@pytest.mark.parametrize(("name", "message"), MESSAGES.items())
def test_what_we_send_keeps_to_our_profile(name, message):
    assert faults(name, message) == []


@pytest.mark.parametrize(("name", "message"), MESSAGES.items())
def test_what_we_send_keeps_to_the_published_schema(name, message, reference_data):
    assert published(reference_data, message).faults(parse((GOLDEN / f"{name}.xml").read_bytes())) == ()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("response_*.xml")), ids=lambda path: path.stem)
def test_answers_keep_to_the_loose_profile(path):
    assert validate(path.read_bytes(), "US", "response", ON) == ()


LINE = "/MetaData/Declaration/GoodsShipment/GovernmentAgencyGoodsItem"


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        (b"<FunctionCode>9<", b"<FunctionCode>14<", "/MetaData/Declaration/FunctionCode"),
        (b">RIVER-1<", b">RIVER-1-RIVER-1-RIVER-1<", "/MetaData/Declaration/FunctionalReferenceID"),
        (b">ZZZ70004216<", b">ZZZ-7000421-6<", "/MetaData/Declaration/ID"),
        (b"<TypeCode>03<", b"<TypeCode>INV<", "/MetaData/Declaration/TypeCode"),
        (b"<GoodsItemQuantity>2<", b"<GoodsItemQuantity>1000<", "/MetaData/Declaration/GoodsItemQuantity"),
        (b"<DeclarationOfficeID>2704<", b"<DeclarationOfficeID>LA<", "/MetaData/Declaration/DeclarationOfficeID"),
        (b">24000</CustomsValueAmount>", b">24000.50</CustomsValueAmount>", f"{LINE}[1]/CustomsValueAmount"),
        (b'"USD">24000</CustomsValueAmount>', b'"EUR">24000</CustomsValueAmount>', f"{LINE}[1]/CustomsValueAmount"),
        (b"<CountryCode>CN</CountryCode>", b"", f"{LINE}[1]/Origin"),
        (b"<ID>9403509045</ID>", b"<ID>9403.50</ID>", f"{LINE}[1]/Commodity/Classification[2]/ID"),
        (b"<SequenceNumeric>2</SequenceNumeric>\n        <AdditionalDocument>", b"<AdditionalDocument>",
         f"{LINE}[2]/AdditionalDocument[1]"),
        (b"<Description>Wooden sample beds</Description>", b"", f"{LINE}[1]/Commodity/Classification[1]"),
        (b"<ID>00-000000100</ID>\n        <Address>", b"<Address>",
         "/MetaData/Declaration/GoodsShipment/Importer/Address"),
        (b'formatCode="102"', b'formatCode="304"', "/MetaData/Declaration/GoodsShipment/ExitDateTime/DateTimeString"),
        (b"<StatementCode>mode<", b"<StatementCode>Mode of transport<",
         "/MetaData/Declaration/AdditionalInformation[1]/StatementCode"),
        (b"<md:ResponsibleCountryCode>US", b"<md:ResponsibleCountryCode>GB", "/MetaData/ResponsibleCountryCode"),
    ],
)  # fmt: skip
def test_what_breaks_the_profile_is_named_with_its_place(before, after, where):
    assert ("WCO-SCHEMA", where) in faults("declaration", "declaration", (before, after))


def test_the_order_of_elements_is_part_of_the_profile():
    office, count = b"<DeclarationOfficeID>2704</DeclarationOfficeID>", b"<GoodsItemQuantity>2</GoodsItemQuantity>"
    found = faults("declaration", "declaration", (office, b"<x/>"), (count, office), (b"<x/>", count))
    assert found[0] == ("WCO-SCHEMA", "/MetaData/Declaration/DeclarationOfficeID")


def test_an_unfinished_declaration_is_encoded_but_does_not_pass():
    raw = encode(Document(), assessment=None, lrn="R", version=1)
    (fault,) = validate(raw, "US", "declaration", ON)
    assert fault.pointer == "/MetaData/Declaration/GoodsItemQuantity"
    assert "ID" in fault.message


def test_profile_and_reader_know_the_same_elements():
    parsed = {
        name: parse((registry.HERE / f"{name}-profile.xsd").read_bytes()) for name in ("declaration", "types", "dates")
    }
    types = {one.get("name"): one for root in parsed.values() for one in root.findall(f"{XS}complexType")}

    def shape_of(node):
        found = {}
        for element in _elements(node):
            if element.get("ref"):
                found[element.get("ref").partition(":")[2]] = None
                continue
            many = element.get("maxOccurs", "1") != "1"
            inner = element.find(f"{XS}complexType")
            inner = types.get(element.get("type")) if inner is None else inner
            below = shape_of(inner) if inner is not None else {}
            found[element.get("name") + "*" * many] = below or None
        return found

    (declaration,) = parsed["declaration"].findall(f"{XS}element")
    assert shape_of(declaration.find(f"{XS}complexType")) == DECLARATION


def _elements(node):
    """Elements of this type, not of types within."""
    for child in node:
        if child.tag == f"{XS}element":
            yield child
        elif child.tag in (f"{XS}sequence", f"{XS}choice"):
            yield from _elements(child)


def test_the_edition_in_force_on_the_day_is_taken(monkeypatch):
    later = Entry("US", "declaration", "1.1", date(2027, 1, 1), entry_for("US", "declaration", ON).files)
    monkeypatch.setattr(registry, "ENTRIES", (*registry.ENTRIES, later))
    assert entry_for("US", "declaration", date(2026, 12, 31)).version == "1.0"
    assert entry_for("US", "declaration", date(2027, 1, 1)).version == "1.1"


@pytest.mark.parametrize(
    ("authority", "message", "on"),
    [("CA", "declaration", ON), ("US", "none", ON), ("US", "response", date(2025, 1, 1))],
)
def test_a_message_without_a_schema_is_an_error_of_its_own(authority, message, on):
    with pytest.raises(UnknownMessage):
        validate(b"<a/>", authority, message, on)


def test_published_schemas_may_be_absent(tmp_path):
    assert published(None) is None
    assert published(tmp_path) is None
    assert published(tmp_path, "no such message") is None


def test_schemas_are_compiled_once_and_shared_by_threads(monkeypatch):
    registry._validator.cache_clear()
    made = []
    original = registry.Validator.__init__

    def counted(self, files):
        made.append(files)
        original(self, files)

    monkeypatch.setattr(registry.Validator, "__init__", counted)
    good = (GOLDEN / "declaration.xml").read_bytes()
    bad = good.replace(b"<TypeCode>03<", b"<TypeCode>XX<").replace(b">CN<", b"><")
    expected = validate(bad, "US", "declaration", ON)
    assert len(expected) == 2
    wrong = []

    def work(raw, wanted):
        for _ in range(40):
            found = validate(raw, "US", "declaration", ON)
            if found != wanted:
                wrong.append(found)

    threads = [threading.Thread(target=work, args=one) for one in [(good, ()), (bad, expected)] * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(made) == 1


def test_the_golden_document_is_a_good_declaration():
    document = decode((GOLDEN / "declaration.json").read_bytes())
    assert len(document.items) == 2
