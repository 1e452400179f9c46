"""One kept file for each message: what goes out, byte for byte as laid out, and what answers are read as."""

import json
from datetime import UTC, datetime

import msgspec
import pytest
from lxml import etree

from declarations.assessment import Assessment
from declarations.decoding import decode
from declarations.document import canonical
from declarations.messages import wco_response
from declarations.messages.wco_read import decode_correction, decode_declaration, kind_of
from declarations.messages.wco_xml import encode, encode_cancellation, encode_presentation
from portal.xml import parse
from tests.declarations.messages.makers import GOLDEN

DOCUMENT = decode((GOLDEN / "declaration.json").read_bytes())
ASSESSMENT = msgspec.json.decode((GOLDEN / "assessment.json").read_bytes(), type=Assessment)
REASON = "Filed twice: the same goods are declared under RIVER-0 & RIVER-1."
SENT = {
    "declaration": lambda: encode(DOCUMENT, assessment=ASSESSMENT, lrn="RIVER-1", version=1),
    "amendment": lambda: encode(DOCUMENT, assessment=ASSESSMENT, lrn="RIVER-1-2", version=2, function="13"),
    "cancellation": lambda: encode_cancellation(
        entry_number="ZZZ-7000421-6", lrn="RIVER-1-3", reason=REASON, code="1", entry_type="03"
    ),
    "presentation": lambda: encode_presentation(entry_number="ZZZ70004216", lrn="RIVER-1-4", entry_type="03"),
}
ANSWERS = sorted(path.stem for path in GOLDEN.glob("response_*.xml"))


def laid_out(raw):
    return etree.tostring(parse(raw), pretty_print=True, encoding="UTF-8", xml_declaration=True).decode()


@pytest.mark.parametrize("name", SENT)
def test_what_is_sent_is_the_kept_file(name):
    assert laid_out(SENT[name]()) == (GOLDEN / f"{name}.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["declaration", "amendment"])
def test_the_kept_file_is_read_as_the_document(name):
    assert canonical(decode_declaration((GOLDEN / f"{name}.xml").read_bytes())) == canonical(DOCUMENT)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("declaration", "declaration"),
        ("amendment", "declaration"),
        ("cancellation", "cancellation"),
        ("presentation", "presentation"),
        ("response_several", "response"),
        ("response_rejected", "response"),
    ],
)
def test_messages_are_told_apart(name, kind):
    assert kind_of((GOLDEN / f"{name}.xml").read_bytes()) == kind


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_are_read_as_kept(name):
    found = wco_response.decode((GOLDEN / f"{name}.xml").read_bytes())
    assert json.loads(msgspec.json.encode(found)) == json.loads((GOLDEN / f"{name}.json").read_bytes())


def test_there_are_answers_of_each_make():
    assert ANSWERS == ["response_accepted", "response_corrected", "response_rejected", "response_several"]


def test_a_correction_is_read_as_the_members_it_changes():
    (found,) = wco_response.decode((GOLDEN / "response_corrected.xml").read_bytes())
    assert found.function_code == "07"
    assert decode_correction(found.declaration).location_of_goods.firms == "Y888"
    assert found.version == "2"


def test_two_answers_in_one_message_are_two_values():
    first, second = wco_response.decode((GOLDEN / "response_several.xml").read_bytes())
    assert (first.position, second.position) == (0, 1)
    assert first.issued_at == datetime(2026, 11, 24, 15, 8, tzinfo=UTC)
    assert not first.assumed_utc
    assert second.assumed_utc
    assert second.function_code == "77"


def test_the_authority_finds_what_it_relies_on():
    """The places of docs/wire.md, section 2."""
    text = laid_out(SENT["declaration"]())
    root = parse(text.encode())
    space = {"d": "urn:wco:datamodel:WCO:DEC-DMS:2", "m": "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"}

    def said(path):
        return [one.text if hasattr(one, "text") else one for one in root.xpath(path, namespaces=space)]

    shipment = "/m:MetaData/d:Declaration/d:GoodsShipment"
    line = f"{shipment}/d:GovernmentAgencyGoodsItem"
    assert said("/m:MetaData/d:Declaration/d:FunctionCode") == ["9"]
    assert said("/m:MetaData/d:Declaration/d:FunctionalReferenceID") == ["RIVER-1"]
    assert said("/m:MetaData/d:Declaration/d:ID") == ["ZZZ70004216"]
    assert said("/m:MetaData/d:Declaration/d:TypeCode") == ["03"]
    assert said("/m:MetaData/d:Declaration/d:GoodsItemQuantity") == ["2"]
    assert said("/m:MetaData/d:Declaration/d:DeclarationOfficeID") == ["2704"]
    assert said(f"{shipment}/d:Importer/d:ID") == ["00-000000100"]
    assert said(f"{line}/d:SequenceNumeric") == ["1", "2"]
    assert said(f"{line}/d:CustomsValueAmount") == ["24000", "1000"]
    assert said(f"{line}/d:Origin/d:CountryCode") == ["CN", "CA"]
    assert said(f"{line}[1]/d:Commodity/d:Classification/d:ID") == ["99030531", "9403509045"]

    def statement(where, code):
        return said(f"{where}/d:AdditionalInformation[d:StatementCode='{code}']/d:StatementDescription")

    header = "/m:MetaData/d:Declaration"
    assert statement(header, "mode") == ["11"]
    assert statement(header, "entry_type") == ["03"]
    assert statement(header, "acts") == ["release,summary"]
    assert statement(header, "estimated_entry") == ["2026-11-23"]
    assert statement(f"{line}[1]", "tariff") == ["99030531|additional|0|", "9403509045|classification|24000|NO=120"]
    assert statement(f"{line}[2]", "tariff") == ["8507600090|classification|1000|NO=50,KG=75.25"]
    assert statement(f"{line}[2]", "preference") == ["S"]
    assert statement(f"{line}[1]", "adcvd") == [
        "A000000000|cash|10|ad_valorem|24000||2400",
        "C000000000|bond|2.5|ad_valorem|24000||",
    ]
    assert {*said("//d:AdditionalInformation/d:StatementTypeCode")} == {"US", "AES"}


def test_an_additional_message_says_the_entry_type_too():
    for name in ("amendment", "cancellation", "presentation"):
        text = SENT[name]().decode()
        statement = "<StatementCode>entry_type</StatementCode><StatementDescription>03</StatementDescription>"
        assert statement in text, name


def test_duties_and_fees_are_declared_by_line():
    root = parse(SENT["declaration"]())
    rows = [
        tuple(
            (row.findtext(f"{{*}}{name}") or "")
            for name in ("TypeCode", "TaxRateNumeric", "Payment/{*}TaxAssessedAmount")
        )
        for row in root.iterfind(".//{*}DutyTaxFee")
    ]
    assert rows == [
        ("DTY", "25", "6000.00"), ("DTY", "", "0.00"), ("AD", "10", "2400.00"), ("499", "0.3464", "83.14"),
        ("DTY", "", "0.00"),
    ]  # fmt: skip


def test_a_cancellation_needs_its_reason_and_may_give_a_long_one():
    with pytest.raises(ValueError, match="reason"):
        encode_cancellation(entry_number="ZZZ70004216", lrn="R", reason=" \n ")
    raw = encode_cancellation(entry_number="ZZZ70004216", lrn="R", reason="word " * 200)
    said = [one.text for one in parse(raw).iterfind(".//{*}StatementDescription")]
    assert "".join(said) == ("word " * 200).strip()
    assert [len(one) <= 512 for one in said] == [True, True]
