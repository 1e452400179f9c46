"""B06, B14, B19: what one payload may hold: how many lines, texts that regular expressions dislike, keys twice."""

import contextlib
import json
import time

import msgspec
import pytest
from msgspec import inspect

from declarations.assessment import Assessment, Editions
from declarations.decoding import DATE_MEMBERS, DocumentRefused, decode, decode_value
from declarations.document import Document
from declarations.document.canonical import DECIMAL_MEMBERS
from declarations.messages.wco_xml import encode
from declarations.models import Declaration
from portal import forms
from portal.errors import DomainError
from tests.support.programs import Program, own_document

pytestmark = pytest.mark.django_db
SIZE, MOST_SECONDS = 100_000, 0.1
# Each nearly fits one of our patterns to its very end: digits, dates, times, codes, names, numbers, blanks, brackets.
NEARLY = ["1", "1.", "2026-11-", "12:", "A", "A1", "12-", "-", " ", "a ", "(", "<a", "\\", "é", "{", "%", "e\u0301"]
NEAR_MATCHES = [(piece * SIZE)[:SIZE] + "!" for piece in NEARLY] + ["1" * SIZE + "\n", " " * SIZE + "x" + " " * SIZE]
XML = "application/xml"
LINE_BEGINS, LINE_ENDS = "<GovernmentAgencyGoodsItem>", "</GovernmentAgencyGoodsItem>"


@pytest.fixture
def program():
    return Program()


def message(value):
    """The same as a WCO declaration."""
    empty = Assessment(currency="USD", editions=Editions())
    return encode(decode_value(value), assessment=empty, lrn=value["functional_reference_id"], version=1)


def body_of(program, lines, media):
    """A declaration with so many lines; no encoder of ours writes a thousand, so one of them is repeated."""
    value = own_document(program, "S01", lines=min(lines, 999) or 1)
    if not lines:
        value["items"] = []
    if media != XML:
        value["items"] += value["items"][-1:] * (lines - len(value["items"]))
        return json.dumps(value)
    raw = message(value).decode()
    end = raw.rindex(LINE_ENDS) + len(LINE_ENDS) if lines else 0
    begin = raw.rindex(LINE_BEGINS) if lines else 0
    counted = ">999</GoodsItemQuantity>", f">{lines}</GoodsItemQuantity>"
    return (raw[:end] + raw[begin:end] * (lines - len(value["items"])) + raw[end:]).replace(*counted)


@pytest.mark.parametrize("media", ["application/json", XML])
def test_999_lines_are_taken_and_neither_none_nor_1000_are_filed(program, media):
    for lines, pointer in ((0, "/items"), (1000, "/items")):
        answer = program.ask("POST", "filings", body_of(program, lines, media), key="lines", media=media)
        assert answer.status_code in (400, 422), (lines, answer.content[:300])
        assert pointer in [one["pointer"] for one in answer.json()["violations"]], (lines, answer.content[:600])
    assert not Declaration.objects.exists()
    answer = program.ask("POST", "declarations", body_of(program, 999, media), key="lines", media=media)
    assert answer.status_code == 201, answer.content[:300]
    assert Declaration.objects.get().item_count == 999


@pytest.mark.parametrize("media", ["application/json", XML])
@pytest.mark.parametrize("address", ["filings", "dry-runs", "declarations"])
def test_two_lines_with_one_number_are_both_named(program, address, media):
    value = own_document(program, "S01", lines=3)
    for item, number in zip(value["items"], (7, 2, 7), strict=True):
        item["sequence"] = number
    body = message(value) if media == XML else value
    answer = program.ask("POST", address, body, key="twice", media=media)
    assert answer.status_code in (400, 422)
    told = [(one["code"], one["pointer"]) for one in answer.json()["violations"]]
    assert told == [("DOC-LINE", "/items/0/sequence"), ("DOC-LINE", "/items/2/sequence")]
    assert not Declaration.objects.exists()


def texts_of(kind, pointer=()):
    """Where a declaration holds text, one place of each list."""
    if isinstance(kind, inspect.UnionType):
        for one in kind.types:
            yield from texts_of(one, pointer)
    elif isinstance(kind, inspect.StructType):
        for field in kind.fields:
            yield from texts_of(field.type, (*pointer, field.encode_name))
    elif isinstance(kind, inspect.VarTupleType):
        yield from texts_of(kind.item_type, (*pointer, 0))
    elif isinstance(kind, inspect.DictType):
        yield from texts_of(kind.value_type, (*pointer, "x"))
    elif isinstance(kind, inspect.StrType):
        yield pointer, kind


def around(pointer, text):
    """A value with the text at this place and nothing else."""
    for step in reversed(pointer):
        text = [text] if step == 0 else {step: text}
    return text


def seconds(work):
    """Of the processor, the least of three tries: other work of the process is not the expression's."""
    found = []
    for _try in range(3):
        begun = time.thread_time()
        work()
        found.append(time.thread_time() - begun)
        if found[-1] < MOST_SECONDS:
            break
    return min(found)


def test_no_text_of_a_declaration_keeps_the_portal_busy():
    texts = list(texts_of(inspect.type_info(Document)))
    assert all(kind.max_length or kind.pattern for _pointer, kind in texts)
    named = DECIMAL_MEMBERS, DATE_MEMBERS
    different = {
        (kind.max_length, kind.pattern, *(pointer[-1] in names for names in named)): pointer for pointer, kind in texts
    }
    assert len(texts) > 100 and len(different) > 7
    for pointer in different.values():
        for text in NEAR_MATCHES:
            raw = msgspec.json.encode(around(pointer, text))

            def refused(raw=raw):
                with pytest.raises(DocumentRefused):
                    decode(raw)

            assert seconds(refused) < MOST_SECONDS, (pointer, text[:10])


TIDY = (forms.tidy_decimal, forms.tidy_date, forms.tidy_time, forms.tidy_hts, forms.tidy_text)


@pytest.mark.parametrize("tidy", TIDY, ids=[one.__name__ for one in TIDY])
def test_no_text_of_a_form_keeps_the_portal_busy(tidy):
    def read(text):
        with contextlib.suppress(forms.FieldError, DomainError):
            tidy(text)

    for text in NEAR_MATCHES:
        assert seconds(lambda text=text: read(text)) < MOST_SECONDS, (tidy.__name__, text[:10])
