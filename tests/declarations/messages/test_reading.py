"""Reading a declaration: what is said twice, what is said once for all, and what is refused at which element."""

import pytest
from lxml import etree

from declarations.decoding import decode
from declarations.document import canonical
from declarations.messages.envelope import MessageRefused
from declarations.messages.wco_read import decode_declaration
from declarations.messages.wco_xml import encode
from portal.xml import parse
from tests.declarations.messages.makers import GOLDEN, as_document

RAW = (GOLDEN / "declaration.xml").read_bytes()
DOCUMENT = decode((GOLDEN / "declaration.json").read_bytes())
LINE = "/MetaData/Declaration/GoodsShipment/GovernmentAgencyGoodsItem"


def said(code, description, kind="US"):
    return (
        f"<AdditionalInformation><StatementCode>{code}</StatementCode><StatementDescription>{description}"
        f"</StatementDescription><StatementTypeCode>{kind}</StatementTypeCode></AdditionalInformation>"
    ).encode()


def refusal(*changes):
    raw = RAW
    for before, after in changes:
        assert before in raw
        raw = raw.replace(before, after, 1)
    with pytest.raises(MessageRefused) as found:
        decode_declaration(raw)
    return [(one.code, one.pointer) for one in found.value.faults]


FIRST = b"<AdditionalInformation>"


@pytest.mark.parametrize(
    ("before", "after", "code", "where"),
    [
        (b"<Origin>", b"<Colour>red</Colour><Origin>", "WCO-ELEMENT", f"{LINE}[1]/Colour"),
        (b"<Origin>", b"<Origin><RegionID>1</RegionID>", "WCO-ELEMENT", f"{LINE}[1]/Origin/RegionID"),
        (b"<CountryCode>CN</CountryCode>", b"<CountryCode>CN<x/></CountryCode>", "WCO-ELEMENT",
         f"{LINE}[1]/Origin/CountryCode/x"),
        (b"<Seller>", b"<Seller/><Seller>", "WCO-REPEATED", "/MetaData/Declaration/GoodsShipment/Seller[2]"),
        (b"<ds:DateTimeString", b"<DateTimeString xmlns='urn:other'/><ds:DateTimeString", "WCO-ELEMENT",
         "/MetaData/Declaration/GoodsShipment/ExitDateTime/DateTimeString"),
        (FIRST, said("no_such", "1") + FIRST, "WCO-STATEMENT", "/MetaData/Declaration/AdditionalInformation[1]"),
        (FIRST, said("mode", "12") + FIRST, "WCO-STATEMENT", "/MetaData/Declaration/AdditionalInformation[2]"),
        (FIRST, said("tariff", "12") + FIRST, "WCO-STATEMENT", "/MetaData/Declaration/AdditionalInformation[1]"),
        (FIRST, said("mode", "12", "GB") + FIRST, "WCO-VALUE", "/MetaData/Declaration/AdditionalInformation[1]"),
        (FIRST, said("x", "again", "AES") + said("x", "and again", "AES") + FIRST, "WCO-VALUE",
         "/MetaData/Declaration/AdditionalInformation[2]"),
        (b">release,summary<", b">release|summary<", "WCO-STATEMENT", "/MetaData/Declaration/AdditionalInformation[3]"),
        (b"<StatementCode>acts<", b"<StatementCode>acts+2<", "WCO-STATEMENT",
         "/MetaData/Declaration/AdditionalInformation[3]"),
        (b"<StatementCode>live_entry</StatementCode>\n      <StatementDescription>false<",
         b"<StatementCode>live_entry</StatementCode>\n      <StatementDescription>no<", "WCO-STATEMENT",
         "/MetaData/Declaration/AdditionalInformation[9]"),
        (b"|classification|24000|NO=120", b"|classification|24000|120 pieces", "WCO-STATEMENT",
         f"{LINE}[1]/AdditionalInformation[2]"),
        (b"packing||", b"packing\\z||", "WCO-STATEMENT", f"{LINE}[1]/AdditionalInformation[7]"),
        (b"<StatementDescription>1|true|NR-1<", b"<StatementDescription>3|true|NR-1<", "WCO-STATEMENT",
         f"{LINE}[1]/AdditionalInformation[5]"),
        (b"lead content|12.5", b"lead content", "WCO-STATEMENT", f"{LINE}[2]/AdditionalInformation[5]"),
        (b"<StatementCode>addition<", b"<StatementCode>fee<", "WCO-VALUE", f"{LINE}[1]"),
        (b'currencyID="USD">24000</CustomsValueAmount>', b'currencyID="CAD">24000</CustomsValueAmount>', "WCO-CURRENCY",
         f"{LINE}[1]/CustomsValueAmount"),
        (b'unitCode="KGM"', b'unitCode="LBR"', "WCO-VALUE", f"{LINE}[1]/Commodity/GoodsMeasure/GrossMassMeasure"),
        (b"<IdentificationTypeCode>ADD<", b"<IdentificationTypeCode>TSP<", "WCO-VALUE",
         f"{LINE}[1]/Commodity/Classification[1]"),
        (b"<AdditionCode>1000<", b"<AdditionCode>0100<", "WCO-VALUE", f"{LINE}[1]"),
        (b"<SequenceNumeric>1</SequenceNumeric>\n        <AdditionalDocument>",
         b"<SequenceNumeric>one</SequenceNumeric><AdditionalDocument>", "WCO-VALUE", f"{LINE}[1]"),
        (b"<CategoryCode>RUL<", b"<CategoryCode>XXX<", "WCO-VALUE", f"{LINE}[1]/AdditionalDocument[1]"),
        (b"<CategoryCode>MIS<", b"<CategoryCode>YYY<", "WCO-VALUE", "/MetaData/Declaration/AdditionalDocument[1]"),
        (b"<CategoryCode>I<", b"<CategoryCode>Z<", "WCO-VALUE",
         "/MetaData/Declaration/GoodsShipment/PreviousDocument[4]"),
        (b"<Destination>\n        <CountryCode>US", b"<Destination>\n        <CountryCode>CA", "WCO-VALUE",
         "/MetaData/Declaration/GoodsShipment/Destination/CountryCode"),
        (b"<GoodsItemQuantity>2<", b"<GoodsItemQuantity>3<", "WCO-COUNT", "/MetaData/Declaration"),
        (b"<FunctionCode>9<", b"<FunctionCode>14<", "WCO-VALUE", "/MetaData/Declaration"),
        (b"<FunctionCode>9<", b"<FunctionCode>13<", "WCO-VALUE", "/MetaData/Declaration"),
        (b"<StatementCode>version</StatementCode>", b"<StatementCode>version+3</StatementCode>", "WCO-STATEMENT",
         "/MetaData/Declaration/AdditionalInformation[30]"),
        (b">24000</CustomsValueAmount>", b">24,000</CustomsValueAmount>", "DOC-DECIMAL",
         "/items/0/valuation/entered_value"),
        (b">20261021<", b">20261341<", "DOC-DATE", "/items/0/export_date"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_its_place(before, after, code, where):
    assert (code, where) in refusal((before, after))


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (b"<md:ResponsibleCountryCode>US", b"<md:ResponsibleCountryCode>DK", "MSG-DIALECT"),
        (b"<md:WCOTypeName>DEC", b"<md:WCOTypeName>I1", "MSG-DIALECT"),
        (b"VersionCode>1.0<", b"VersionCode>v2.1<", "MSG-DIALECT"),
        (b"<md:MetaData ", b'<MetaData xmlns="urn:other" ', "MSG-XML"),
        (b'xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"', b'xmlns:md="urn:wco:other"', "MSG-DIALECT"),
        (b'xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"', b'xmlns="urn:wco:datamodel:WCO:Declaration:1"', "MSG-DIALECT"),
        (b"</md:MetaData>", b"<Declaration/></md:MetaData>", "MSG-DIALECT"),
        (b"<TypeCode>03<", b"<TypeCode>INV<", "MSG-KIND"),
        (b"<TypeCode>03<", b"<TypeCode>GPR<", "MSG-KIND"),
    ],
)
def test_other_dialects_and_kinds_are_refused(before, after, code):
    assert [one for one, _ in refusal((before, after))] == [code]


def test_a_declaration_without_an_envelope_is_another_dialect():
    inner = RAW[RAW.index(b"<Declaration>") : RAW.index(b"</md:MetaData>")]
    bare = inner.replace(b"<Declaration>", b'<Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2" xmlns:ds="urn:x">')
    with pytest.raises(MessageRefused, match="MSG-DIALECT"):
        decode_declaration(bare)


def test_all_faults_are_named_at_once():
    found = refusal((b"<AdditionCode>1000<", b"<AdditionCode>1<"), (b"<GoodsItemQuantity>2<", b"<GoodsItemQuantity>9<"))
    assert [code for code, _ in found] == ["WCO-VALUE", "WCO-COUNT"]


def test_without_our_statements_the_elements_are_enough():
    """A message of a program that fills the elements only."""
    root = parse(RAW)
    for element in root.findall(".//{*}AdditionalInformation"):
        if element.findtext("{*}StatementCode") not in ("addition", "deduction"):
            element.getparent().remove(element)
    found = decode_declaration(etree.tostring(root))
    assert [(one.hts_number, one.role) for one in found.items[0].tariffs] == [
        ("99030531", "additional"),
        ("9403509045", "classification"),
    ]
    assert found.items[1].preference.program == "S"
    assert [(one.master.number, one.house.number if one.house else None) for one in found.transport.bills] == [
        ("XMPLM000123", "TSTXH-77"),
        ("XMPLM000124", None),
    ]
    assert found.entry_type == "03"
    assert found.parties.buyer.name == found.parties.importer.name
    assert found.items[1].description == "Sample cells second row of the description"


def test_what_all_lines_say_is_said_once():
    once = encode(DOCUMENT, assessment=None, lrn="RIVER-1", version=1)
    assert once.count(b"<ExitDateTime>") == 1
    assert once.count(b"<StatementCode>export_date<") == 0
    plain = {"items": [{"export_date": "2026-10-21"}, {"export_date": "2026-10-22"}, {}]}
    differing = encode(as_document(plain), assessment=None, lrn="R", version=1)
    assert differing.count(b"<ExitDateTime>") == 0
    assert differing.count(b"<StatementCode>export_date<") == 2
    assert [one.export_date for one in decode_declaration(differing).items] == ["2026-10-21", "2026-10-22", None]


@pytest.mark.parametrize(
    ("plain", "absent"),
    [
        ({"bonds": [{"amount": "1.0005"}]}, b"<AmountAmount"),
        ({"parties": {"importer": {"id": "X" * 18}}}, b"<Importer>"),
        ({"parties": {"importer": {"address": {"country": "MEX"}}}}, b"<Importer>"),
        ({"transport": {"mode": "60"}}, b"<BorderTransportMeans>"),
        ({"terms": {"incoterm": "F0B"}}, b"<TradeTerms>"),
        ({"items": [{"sequence": -3}]}, b"<SequenceNumeric>-3"),
        ({"items": [{"valuation": {"invoice": {"value": "5", "currency": "eur"}}}]}, b"<ItemChargeAmount"),
        ({"items": [{"gross_mass_kg": "0.0000001"}]}, b"<GrossMassMeasure"),
        ({"items": [{"sold_to": {"same_as": "importer", "name": "N"}}]}, b"<Name>N"),
        ({"entry_number": {"filer_code": "ZZ", "sequence": "12"}}, b"<TypeCode>"),
    ],
)
def test_what_has_no_room_in_its_element_travels_as_statement(plain, absent):
    document = as_document(plain)
    raw = encode(document, assessment=None, lrn="R", version=1)
    assert absent not in raw
    assert canonical(decode_declaration(raw)) == canonical(document)


def test_the_message_keeps_its_reference_apart_from_the_filers():
    for reference, lrn in (("ABC", "ABC"), ("ABC", "ABC-2"), (None, "ABC-2"), (" a|b", " a|b")):
        document = as_document({"functional_reference_id": reference})
        found = decode_declaration(encode(document, assessment=None, lrn=lrn, version=2))
        assert found.functional_reference_id == reference
