"""Nothing is dropped: what is encoded is read back, leaf by leaf and for any document."""

import json

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from declarations.decoding import decode
from declarations.document import canonical, tidy, to_plain
from declarations.document.canonical import canonical_value
from declarations.messages.registry import published
from declarations.messages.wco_item import IN_ELEMENTS, line
from declarations.messages.wco_read import decode_declaration
from declarations.messages.wco_xml import encode
from declarations.pointers import shape
from portal.xml import parse
from tests.declarations.messages.makers import (
    GOLDEN,
    REFERENCE_DATA,
    any_plain,
    as_document,
    changed,
    full_plain,
    leaves,
    only,
    type_leaves,
)

FULL = full_plain(same_as=False)
VALUES = dict(leaves(FULL))
LEAVES = list(VALUES)
SOME = [pointer for pointer in LEAVES if not pointer.startswith("/items/1/")]  # one line stands for the other
EXAMPLES = sorted((REFERENCE_DATA / "examples" / "declarations").glob("*.json"))


def assert_round_trip(document, **how):
    raw = encode(document, assessment=None, **({"lrn": "REF-2", "version": 2} | how))
    found, expected = canonical(decode_declaration(raw)), canonical(document)
    if found != expected:
        assert json.loads(found) == json.loads(expected)  # says which member
    assert found == expected
    return raw


@pytest.mark.parametrize("same_as", [False, True])
def test_every_member_filled_comes_back(same_as):
    document = as_document(full_plain(same_as=same_as))
    assert_round_trip(document)


def test_the_full_document_has_every_leaf_that_the_types_know():
    found = {shape(pointer) for pointer, _ in leaves(full_plain(same_as=True))}
    assert found == set(type_leaves())
    assert len(found) > 280


def test_each_leaf_alone_comes_back():
    for pointer in LEAVES:
        plain = only(FULL, pointer)
        document = as_document(plain)
        assert json.loads(canonical(document)) == tidy(plain), pointer
        assert_round_trip(document)


def test_each_leaf_may_be_missing():
    for pointer in SOME:
        assert_round_trip(as_document(changed(FULL, pointer, None)))


def test_each_text_that_fits_no_element_comes_back():
    tried = 0
    for pointer in SOME:
        if not isinstance(VALUES[pointer], str) or pointer.endswith("/basis") or "/measures/" in pointer:
            continue
        try:
            document = as_document(changed(FULL, pointer, "two\nlines | = , \\p  wide "))
        except msgspec.ValidationError:
            continue  # a decimal, a date or a tariff number: its grammar lets nothing awkward through
        tried += 1
        assert_round_trip(document)
    assert tried > 250


def test_each_text_may_be_empty_or_as_long_as_it_can_be():
    longest = {"name", "street", "city", "explanation", "description", "text", "note", "place", "conveyance", "email"}
    for pointer in SOME:
        name = pointer.rpartition("/")[2]
        if name in longest and isinstance(VALUES[pointer], str):
            assert_round_trip(as_document(changed(FULL, pointer, "é | \\" * 85 + "\n")))
            assert_round_trip(as_document(changed(FULL, pointer, "")))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_published_example_comes_back(path):
    document = decode(path.read_bytes())
    raw = assert_round_trip(document, lrn=document.functional_reference_id, version=1)
    assert decode_declaration(raw).entry_number == document.entry_number


def test_our_own_document_comes_back_as_amendment_too():
    document = decode((GOLDEN / "declaration.json").read_bytes())
    raw = assert_round_trip(document, lrn="RIVER-1-2", function="13")
    assert b"<TypeCode>COR</TypeCode>" in raw


@given(any_plain())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_document_comes_back(plain):
    assert_round_trip(as_document(plain))


@given(any_plain())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_document_passes_the_published_schema(reference_data, plain):
    raw = encode(as_document(plain), assessment=None, lrn="REF-2", version=2)
    assert published(reference_data).faults(parse(raw)) == ()


def test_equal_documents_give_equal_bytes():
    one = as_document(changed(FULL, "/items/0/charges/freight", "10.50"))
    other = as_document(changed(FULL, "/items/0/charges/freight", "0010.5"))
    how = {"assessment": None, "lrn": "REF-1", "version": 1}
    assert to_plain(one) != to_plain(other)
    assert encode(one, **how) == encode(other, **how)


def test_characters_that_xml_cannot_carry_are_left_out():
    document = as_document({"contact": {"name": "A\x01B\ufffeC"}, "items": [{"description": "x\x0b"}]})
    found = decode_declaration(encode(document, assessment=None, lrn="R", version=1))
    assert (found.contact.name, found.items[0].description) == ("ABC", "x")


@given(any_plain())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_quick_way_to_the_canonical_form_gives_the_same(plain):
    document = as_document(plain)
    assert canonical_value(document) == tidy(to_plain(document))


@pytest.mark.parametrize("same_as", [False, True])
def test_what_elements_of_a_line_say_is_known_to_the_statements(same_as):
    for number, item in enumerate(as_document(full_plain(same_as=same_as)).items, 1):
        placed: set[str] = set()
        line(placed, item, number, None)
        assert {path.split(".")[0] for path in placed} <= IN_ELEMENTS
        assert len(placed) > 20


def test_a_statement_that_lines_share_is_said_on_each():
    plain = full_plain(same_as=False)
    plain["items"] = [plain["items"][0]] * 3
    raw = assert_round_trip(as_document(plain))
    assert raw.count(b"<StatementCode>manufacturer</StatementCode>") == 3
