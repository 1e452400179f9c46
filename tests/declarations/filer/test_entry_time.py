"""A law that changes within the day of entry asks for the time of entry, and the page takes it."""

import json

import pytest

from declarations.decoding import DocumentRefused, decode_value
from declarations.models import DeclarationVersion
from declarations.tariff.load import load_measures
from portal.records.services import read_many
from tests.declarations.filer.browsing import at, error_at, fill, page_of, step, value_in, words_of
from tests.makers import make_declaration, make_document

LAW = """heading,authority,effect,rate_percent,origins,scope,effective_from,effective_at,order,legal_basis,certainty
9903.99.91,s999_invented,add,12,CN,8507,{day},{day}T14:00,30,Public Law 999,read
"""
FIELD = "dates_entry_time"


@pytest.fixture
def draft(actor, clock, tmp_path):
    found = make_declaration("S01", actor=actor, now=clock())
    path = tmp_path / "law.csv"
    path.write_text(LAW.format(day=found.header["dates"]["estimated_entry"]), encoding="utf-8")
    load_measures(path=path, now=clock())
    return found


def test_a_problem_leads_to_the_field_and_the_time_decides(client, draft):
    refused = fill(client, at(draft, "declaration_check"))
    assert refused.status_code == 422
    assert "change within 24 Nov 2026: the time of entry decides" in words_of(refused)
    link = f"{step(draft, 'arrival')}#id_{FIELD}"
    assert link in page_of(refused).xpath("//a/@href")
    asked = client.get(step(draft, "arrival"))
    assert page_of(asked).xpath(f"//input[@id='id_{FIELD}']/@type") == ["time"]
    assert "Eastern" in words_of(asked)

    assert fill(client, step(draft, "arrival"), **{FIELD: "1:59 pm"}).status_code == 302
    draft.refresh_from_db()
    assert draft.header["dates"]["entry_time"] == "13:59"
    check = client.get(at(draft, "declaration_check"))
    assert "13:59 Eastern time" in words_of(check).partition("Time of entry, if you know it")[2][:60]


@pytest.mark.parametrize(("typed", "kept", "owes"), [("13:59", "13:59", False), ("2 p.m.", "14:00", True)])
def test_the_time_is_frozen_with_the_duty_it_decides(client, draft, typed, kept, owes):
    fill(client, step(draft, "arrival"), **{FIELD: typed})
    assert value_in(client.get(step(draft, "arrival")), FIELD) == kept
    assert fill(client, at(draft, "declaration_check")).url == at(draft, "declaration_sign")
    version = DeclarationVersion.objects.get(declaration=draft)
    document, assessment = map(json.loads, read_many([version.content_sha256, version.assessment_sha256]))
    assert document["dates"]["entry_time"] == kept
    found = {row["code"]: row["amount"] for one in assessment["items"] for row in one["lines"]}
    assert ("99039991" in found) is owes


@pytest.mark.parametrize(
    ("typed", "words"), [("soon", "hours and minutes"), ("14", "hours and minutes"), ("24:00", "no such time"),
                         ("13:00 pm", "no such time"), ("12:60", "no such time")],
)  # fmt: skip
def test_what_is_no_time_stays_as_typed_with_the_reason(client, draft, typed, words):
    answer = fill(client, step(draft, "arrival"), **{FIELD: typed})
    assert answer.status_code == 422
    assert words in error_at(answer, FIELD)
    assert value_in(answer, FIELD) == typed
    assert page_of(answer).xpath(f"//input[@id='id_{FIELD}']/@type") == ["text"], "a time input would drop it"
    draft.refresh_from_db()
    assert "entry_time" not in draft.header["dates"]


@pytest.mark.parametrize("given", ["noon", "25:00", "9:30", "14:30:00", "14:30\n"])
def test_a_program_is_told_how_a_time_is_written(given):
    document = make_document("S01")
    document["dates"]["entry_time"] = given
    with pytest.raises(DocumentRefused) as refused:
        decode_value(document)
    assert [(one.code, one.pointer) for one in refused.value.faults] == [("DOC-TIME", "/dates/entry_time")]
