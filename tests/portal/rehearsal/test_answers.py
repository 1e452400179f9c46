"""The published schemas agree with what the authority sends and with what it takes."""

import os
from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).resolve().parents[3]
PUBLISHED = ROOT / os.environ.get("REFERENCE_DATA", "../shared") / "wco" / "schemas"

needs_schemas = pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published schemas are not at hand")
XSD = "http://www.w3.org/2001/XMLSchema"
SPACES = {
    "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2": "DocumentMetaData_2_DMS.xsd",
    "urn:wco:datamodel:WCO:RES-DMS:2": "WCO_RES_2_DMS.xsd",
}


@pytest.fixture(scope="module")
def responses():
    folder = PUBLISHED / "notification"
    imports = "".join(
        f'<xs:import namespace="{space}" schemaLocation="{(folder / name).resolve().as_uri()}"/>'
        for space, name in SPACES.items()
    )
    return etree.XMLSchema(etree.fromstring(f'<xs:schema xmlns:xs="{XSD}">{imports}</xs:schema>'))


@needs_schemas
@pytest.mark.parametrize("script", ["A03", "A12", "A15", "A18", "A09", "S01"])
def test_every_answer_passes_the_published_schema_once_it_has_the_namespaces(wire, make, responses, script):
    wire.send(make.declaration(f"{script}-xsd", items=[make.item(1), make.item(2, numbers=("2902190090",))]))
    wire.send(make.request("INV1"))
    wire.pass_time(10)
    trees = wire.drain()
    assert trees
    for tree in trees:
        for element in tree.iter():
            space = (
                "RES-DMS:2"
                if element.xpath("ancestor-or-self::*[local-name()='Response']")
                else "DocumentMetaData-DMS:2"
            )
            if element.xpath("local-name()") == "DateTimeString":
                space = "Response_DS:DMS:2"
            element.tag = f"{{urn:wco:datamodel:WCO:{space}}}{etree.QName(element).localname}"
        assert responses.validate(tree), responses.error_log


@needs_schemas
def test_messages_must_pass_the_published_schema_where_it_is_at_hand(start, make):
    wire = make.Wire(start(reference_data=PUBLISHED.parent.parent).url)
    assert wire.send(make.declaration("A01-xsd")).status == 202
    assert wire.send(make.request("INV-xsd")).status == 202
    assert wire.send(make.request("COR-xsd", kind="COR")).status == 202
    both = make.request("INV-odd").replace(b"<Amendment>", b"<Agent><ID>1</ID></Agent><Amendment>")
    assert wire.send(both).status == 400
    odd = make.declaration("A01-odd").replace(b'currencyID="USD"', b'currencyID="XXQ1"')
    reply = wire.send(odd)
    assert reply.status == 400
    assert b"currencyID" in reply.body


@needs_schemas
def test_published_samples_of_another_authority_are_refused_by_structure(start, make):
    wire = make.Wire(start(reference_data=PUBLISHED.parent.parent).url)
    samples = sorted((PUBLISHED.parent / "samples").glob("TT_IM0*/TT_IM0*.xml"))[:10]
    assert samples
    assert {wire.send(sample.read_bytes()).status for sample in samples} == {400}


def test_answers_are_plain_xml_without_namespaces(wire, make):
    wire.send(make.declaration("A01-plain"))
    wire.pass_time(10)
    for row in wire.unpulled():
        reply = wire.fetch(row["id"])
        assert reply.headers["content-type"].startswith("application/xml")
        tree = etree.fromstring(reply.body)
        assert {element.tag for element in tree.iter() if element.tag.startswith("{")} == set()
        assert (tree.tag, tree.findtext("WCODataModelVersionCode"), tree.findtext("WCOTypeName")) == (
            *("MetaData", "3.6"),
            "RES",
        )
