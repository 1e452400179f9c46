"""Bytes made to hurt are refused fast, with a code, and nothing outside of them is ever read."""

import time

import pytest

from declarations.messages.envelope import MessageRefused
from declarations.messages.registry import validate
from declarations.messages.wco_read import decode_correction, decode_declaration, kind_of
from declarations.messages.wco_response import decode
from tests.declarations.messages.makers import GOLDEN
from tests.declarations.messages.test_registry import ON

BOMB = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
HOSTILE = {
    "external entity": b'<!DOCTYPE MetaData [<!ENTITY x SYSTEM "file:///etc/passwd">]><MetaData>&x;</MetaData>',
    "external subset": b'<!DOCTYPE MetaData SYSTEM "http://127.0.0.1:1/x.dtd"><MetaData/>',
    "parameter entity": b'<!DOCTYPE MetaData [<!ENTITY % x SYSTEM "http://127.0.0.1:1/">%x;]><MetaData/>',
    "billion laughs": f"<!DOCTYPE MetaData [{BOMB}]><MetaData>&a12;</MetaData>".encode(),
    "billion laughs in UTF-16": f"<!DOCTYPE MetaData [{BOMB}]><MetaData>&a12;</MetaData>".encode("utf-16"),
    "entity of nobody": b"<MetaData><Response>&x;</Response></MetaData>",
    "a million attributes": b"<MetaData " + b" ".join(b'a%d=""' % n for n in range(1_000_000)) + b"/>",
    "many attributes below the limit": b"<MetaData " + b" ".join(b'a%x=""' % n for n in range(400_000)) + b"/>",
    "a hundred thousand levels": b"<MetaData>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</MetaData>",
    "two hundred levels": b"<MetaData>" + b"<a>" * 200 + b"</a>" * 200 + b"</MetaData>",
    "unclosed levels": b"<MetaData>" + b"<a>" * 1_000_000,
    "one long text": b"<MetaData>" + b"x" * 12_000_000 + b"</MetaData>",
    "four hundred thousand elements": b"<MetaData>" + b"<a/>" * 400_000 + b"</MetaData>",
    "no end of NULs": b"\0" * 1_000_000,
    "a blank page": b" " * 3_000_000,
}
READERS = {
    "answer": decode,
    "declaration": decode_declaration,
    "correction": decode_correction,
    "kind": kind_of,
    "schema": lambda raw: validate(raw, "US", "declaration", ON),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_are_refused_fast(name, reader):
    began = time.process_time()
    try:
        faults = READERS[reader](HOSTILE[name])
    except MessageRefused as refusal:
        faults = refusal.faults
    assert time.process_time() - began < 1
    assert faults
    assert {fault.code.partition("-")[0] for fault in faults} <= {"MSG", "WCO"}
    assert not any("root:" in fault.message for fault in faults)


def test_a_schema_named_by_the_message_is_not_fetched():
    raw = (GOLDEN / "declaration.xml").read_bytes()
    named = raw.replace(
        b"<Declaration>",
        b'<Declaration xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        b'xsi:schemaLocation="urn:wco:datamodel:WCO:DEC-DMS:2 file:///nowhere/evil.xsd">',
    )
    assert named != raw
    assert validate(named, "US", "declaration", ON) == ()
    assert decode_declaration(named) == decode_declaration(raw)


@pytest.mark.parametrize("depth", [3, 30])
def test_what_is_deep_but_not_too_deep_is_judged_by_its_content(depth):
    raw = (
        b"<MetaData><Response><FunctionCode>01</FunctionCode>"
        + b"<a>" * depth
        + b"</a>" * depth
        + b"</Response></MetaData>"
    )
    assert decode(raw)[0].function_code == "01"


def _crowded(count):
    """A good message with many statements of a type that nobody knows in front of its own."""
    wrong = b"<AdditionalInformation><StatementTypeCode>XX</StatementTypeCode></AdditionalInformation>"
    return (
        (GOLDEN / "declaration.xml")
        .read_bytes()
        .replace(b"<AdditionalInformation>", wrong * count + b"<AdditionalInformation>", 1)
    )


@pytest.mark.parametrize(("count", "code"), [(4_900, None), (100_000, "MSG-WIDTH")])
@pytest.mark.parametrize("reader", ["declaration", "schema"])
def test_a_crowd_of_faults_takes_no_time(count, code, reader):
    """Finding the place of one fault among n elements costs n; among many such faults it may not cost their square."""
    raw = _crowded(count)
    began = time.process_time()
    try:
        faults = READERS[reader](raw)
    except MessageRefused as refusal:
        faults = refusal.faults
    assert time.process_time() - began < 1
    assert 0 < len(faults) <= 200
    assert code is None or [fault.code for fault in faults] == [code]
