"""Answers are read whatever their namespaces, order and offsets; what is no answer is refused with a code."""

import random
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from declarations.messages.envelope import MessageRefused
from declarations.messages.moments import read_moment
from declarations.messages.wco_response import MAX_BYTES, decode
from portal.xml import parse
from tests.declarations.messages.makers import GOLDEN

SAMPLES = [path.read_bytes() for path in sorted(GOLDEN.glob("response_*.xml"))]
START = b"<MetaData><Response><FunctionCode>"


def code_of(raw):
    with pytest.raises(MessageRefused) as refusal:
        decode(raw)
    assert len(refusal.value.faults) == 1
    return refusal.value.faults[0].code


def one(inner):
    (found,) = decode(f"<MetaData><Response>{inner}</Response></MetaData>".encode())
    return found


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "MSG-EMPTY"),
        (b" \n\t", "MSG-EMPTY"),
        (b"not xml", "MSG-XML"),
        (b"<html><body>403</body></html>", "MSG-DIALECT"),
        (b"<MetaData></MetaData>", "MSG-SHAPE"),
        (SAMPLES[0] + SAMPLES[0], "MSG-XML"),
        (SAMPLES[0] + SAMPLES[0].partition(b"?>")[2], "MSG-MULTIPLE"),
        (b'<!DOCTYPE MetaData SYSTEM "file:///etc/passwd">' + SAMPLES[0].partition(b"?>")[2], "MSG-DOCTYPE"),
        (SAMPLES[0].decode().encode("utf-16"), "MSG-CHARSET"),
        (SAMPLES[0].replace(b"UTF-8", b"UTF-16"), "MSG-CHARSET"),
        (SAMPLES[0].replace(b"UTF-8", b"ISO-8859-1"), "MSG-CHARSET"),
        (SAMPLES[0].replace(b"Weight", b"W\xe9ight"), "MSG-CHARSET"),
        (START + b"x" * MAX_BYTES, "MSG-SIZE"),
        (b"<MetaData><Response>" + b"<a>" * 200 + b"</a>" * 200 + b"</Response></MetaData>", "MSG-DEPTH"),
        ((GOLDEN / "declaration.xml").read_bytes(), "MSG-KIND"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_is_no_answer_is_refused_with_its_code(raw, code):
    assert code_of(raw) == code


@pytest.mark.parametrize(("said", "read"), [("9", "09"), ("01\n", "01"), (" 13 ", "13"), ("77", "77"), ("ZZ", "ZZ")])
def test_function_codes_have_two_digits_and_unknown_ones_pass(said, read):
    assert one(f"<FunctionCode>{said}</FunctionCode>").function_code == read


def test_an_answer_that_is_partly_unreadable_loses_no_other():
    raw = (
        b"<MetaData><Response><IssueDateTime><DateTimeString>20261332000000Z</DateTimeString></IssueDateTime>"
        b"<Declaration><DutyTaxFee><Payment><PaymentAmount>1,5</PaymentAmount></Payment></DutyTaxFee>"
        b"<GoodsShipment><GovernmentAgencyGoodsItem><SequenceNumeric>x</SequenceNumeric><Commodity><DutyTaxFee/>"
        b"</Commodity></GovernmentAgencyGoodsItem></GoodsShipment></Declaration></Response>"
        b"<Response><FunctionCode>08</FunctionCode></Response></MetaData>"
    )
    first, second = decode(raw)
    assert [fault.code for fault in first.faults] == ["RES-FUNCTION", "RES-MOMENT", "RES-AMOUNT", "RES-SEQUENCE"]
    assert first.faults[2].pointer == "/MetaData/Response[1]/Declaration/DutyTaxFee/Payment/PaymentAmount"
    assert (first.issued_at, first.function_code) == (None, "")
    assert [(row.sequence, row.payable) for row in first.duties] == [(0, None), (1, None)]
    assert second.function_code == "08"
    assert second.faults == ()


@pytest.mark.parametrize(
    ("text", "at", "assumed"),
    [
        ("20261124150756Z", datetime(2026, 11, 24, 15, 7, 56, tzinfo=UTC), False),
        ("20261124150756+01", datetime(2026, 11, 24, 14, 7, 56, tzinfo=UTC), False),
        ("20261124150756-0530", datetime(2026, 11, 24, 20, 37, 56, tzinfo=UTC), False),
        ("20261124150756", datetime(2026, 11, 24, 15, 7, 56, tzinfo=UTC), True),
        (" 20261124 ", datetime(2026, 11, 24, tzinfo=UTC), True),
    ],
)
def test_moments_with_every_offset(text, at, assumed):
    assert read_moment(text) == (at, assumed)


@pytest.mark.parametrize(
    "text", ["", "2026", "20261124150756+2500", "20261124150756+0099", "20261332150756Z", "00000101000000Z",
             "00010101000000+14", "99991231235959-14", "20261124T150756Z", "٢٠٢٦١١٢٤"]
)  # fmt: skip
def test_what_is_no_moment(text):
    assert read_moment(text) is None


def test_references_are_trimmed_and_the_number_is_in_capitals():
    found = one(
        "<Declaration><FunctionalReferenceID> r-1 </FunctionalReferenceID><ID>\n zzz 70004216 </ID></Declaration>"
    )
    assert (found.lrn, found.mrn) == ("r-1", "ZZZ70004216")


def test_a_chain_of_pointers_ends_where_a_root_section_begins_the_next():
    pointers = "".join(
        f"<Pointer><SequenceNumeric>{number}</SequenceNumeric><DocumentSectionCode>{section}</DocumentSectionCode>"
        f"<TagID>{tag}</TagID></Pointer>"
        for section, number, tag in (("42A", "", ""), ("67A", "", ""), ("68A", "2", "006"), ("42A", "", "D013"))
    )
    found = one(f"<Error><ValidationCode>X</ValidationCode>{pointers}</Error>")
    assert found.errors[0].pointers == ("42A/67A/68A[2]/006", "42A/D013")


def _shuffled(raw, seed):
    root = parse(raw)
    rng = random.Random(seed)
    for element in [
        one
        for one in root.iter()
        if etree.QName(one).localname in ("MetaData", "Response", "Declaration", "DutyTaxFee")
    ]:
        children = list(element)
        rng.shuffle(children)
        element[:] = children
    return etree.tostring(root)


def _as_sets(found):
    """What an answer says, repeated elements without their order."""
    plain = msgspec.to_builtins(found)
    del plain["position"]
    del plain["declaration"]
    return {name: sorted(map(repr, one)) if isinstance(one, list | tuple) else one for name, one in plain.items()}


@pytest.mark.parametrize("raw", SAMPLES, ids=range(len(SAMPLES)))
@given(seed=st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_the_order_of_elements_does_not_matter(raw, seed):
    expected = sorted(repr(_as_sets(one)) for one in decode(raw))
    assert sorted(repr(_as_sets(one)) for one in decode(_shuffled(raw, seed))) == expected


@pytest.mark.parametrize("raw", SAMPLES, ids=range(len(SAMPLES)))
def test_namespaces_do_not_matter(raw):
    root = parse(raw)
    for element in root.iter(etree.Element):
        element.tag = f"{{urn:test:any}}{etree.QName(element).localname}"
    assert [_as_sets(one) for one in decode(etree.tostring(root))] == [_as_sets(one) for one in decode(raw)]


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
@settings(max_examples=400, deadline=None)
def test_any_bytes_are_refused_or_read(raw):
    try:
        assert decode(raw)
    except MessageRefused as refusal:
        assert refusal.faults


@st.composite
def _mutated(draw):
    raw = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(raw) - 1))
        kind = draw(st.integers(0, 3))
        end = min(len(raw), at + draw(st.integers(1, 60)))
        if kind == 0:
            raw[at] = draw(st.integers(0, 255))
        elif kind == 1 and end - at < len(raw):
            del raw[at:end]
        elif kind == 2:
            raw[at:at] = raw[at:end]
        else:
            raw[at:at] = draw(
                st.sampled_from([b"<", b">", b"&", b"&x;", b"\0", b"]]>", b"<!--", b"<a>", b"99999999999999999999"])
            )
    return bytes(raw)


@given(_mutated())
@settings(max_examples=800, deadline=None)
def test_spoilt_answers_are_refused_or_read(raw):
    try:
        assert decode(raw)
    except MessageRefused as refusal:
        assert refusal.faults


@given(
    st.text("0123456789+-.eE, NaInf\u0661", max_size=24),
    st.text("0123456789", max_size=12),
    st.text("0123456789Z+-", max_size=22),
)
@settings(max_examples=400, deadline=None)
def test_any_figures_are_read_or_named_as_faults(amount, sequence, moment):
    found = one(
        f"<FunctionCode>13</FunctionCode><IssueDateTime><DateTimeString>{moment}</DateTimeString></IssueDateTime>"
        f"<Declaration><GoodsShipment><GovernmentAgencyGoodsItem><SequenceNumeric>{sequence}</SequenceNumeric><Commodity>"
        f"<DutyTaxFee><TaxRateNumeric>{amount}</TaxRateNumeric></DutyTaxFee></Commodity></GovernmentAgencyGoodsItem>"
        "</GoodsShipment></Declaration>"
    )
    (row,) = found.duties
    codes = {fault.code for fault in found.faults}
    assert (row.rate is None) == ("RES-AMOUNT" in codes or not amount.strip())
    assert (found.issued_at is None) == ("RES-MOMENT" in codes or not moment)
