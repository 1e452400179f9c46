"""A day that cannot be meant is refused with a plain sentence at every door, and nothing is filed."""

import json

import pytest

from declarations.assessment import Assessment, Editions
from declarations.decoding import decode_value
from declarations.messages.wco_xml import encode
from declarations.models import Declaration
from declarations.tasks import work_batches
from tests.declarations.filer.browsing import at, signed_in, words_of
from tests.makers import make_actor, make_declaration
from tests.support.programs import Program, own_document
from tests.support.tables import FORMATS

pytestmark = pytest.mark.django_db
FAR = ["0001-01-01", "9999-12-31", "1990-01-01", "2099-12-31"]


@pytest.fixture(autouse=True)
def _ground(monkeypatch, settings):
    settings.WHITENOISE_AUTOREFRESH = True
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


def document(program, day):
    value = own_document(program)
    value["dates"]["estimated_arrival"] = day
    return value


def refused(violations):
    found = [one for one in violations if one["code"] == "DATE-OUTSIDE"]
    return [(one["pointer"], one["severity"]) for one in found] == [("/dates/estimated_arrival", "error")]


@pytest.mark.parametrize("day", FAR)
@pytest.mark.parametrize("media", ["application/json", "application/xml"])
def test_over_the_api(day, media):
    program = Program()
    body = document(program, day)
    if media.endswith("xml"):
        empty = Assessment(currency="USD", editions=Editions())
        body = encode(decode_value(body), assessment=empty, lrn="FARDATE1", version=1)
    answer = program.ask("POST", "filings", body, key="far", media=media)
    assert (answer.status_code, answer.json()["code"]) == (422, "HAS_ERRORS")
    assert refused(answer.json()["violations"]), answer.json()
    tried = program.ask("POST", "dry-runs", body, media=media).json()
    assert tried["would_be_filed"] is False and refused(tried["violations"])
    assert not Declaration.objects.exists()


def test_the_words_say_what_may_be_written_in_three_languages():
    program = Program()
    for language, words in (("en", "Correct the year."), ("es", "Corrija el año."), ("fr", "Corrigez l'année.")):
        answer = program.post("dry-runs", document(program, "9999-12-31"), Accept_Language=language)
        (told,) = [one["message"] for one in answer.json()["violations"] if one["code"] == "DATE-OUTSIDE"]
        assert "9999" in told and words in told


@pytest.mark.parametrize("format", FORMATS)
def test_in_a_batch(format):
    program = Program()
    media, encode_rows = FORMATS[format]
    body = encode_rows([document(program, "0001-01-01")])
    made = program.ask("POST", "batches", body, key="far", media=media).json()
    while work_batches():
        pass
    (row,) = program.get(f"batches/{made['reference']}/results").json()["results"]
    assert row["outcome"] == "refused" and refused(row["violations"]), row
    assert not Declaration.objects.exists()


@pytest.mark.parametrize("day", FAR)
def test_on_the_pages(day):
    actor = make_actor()
    draft = make_declaration("S01", actor=actor)
    header = json.loads(json.dumps(draft.header))
    header["dates"]["estimated_arrival"] = day
    Declaration.objects.filter(pk=draft.pk).update(header=header)
    client = signed_in(actor.user)
    assert "cannot be meant" in words_of(client.get(at(draft, "declaration_check")))
    assert client.post(at(draft, "declaration_check")).status_code == 422
    draft.refresh_from_db()
    assert draft.filing == "DRAFT"


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "9999-12-31"])
def test_of_a_document(day):
    program = Program()
    value = own_document(program)
    value["documents"][0]["date"] = day
    found = program.post("dry-runs", value).json()["violations"]
    assert [(one["code"], day in one["message"]) for one in found if one["pointer"] == "/documents/0/date"] == [
        ("DOC-YEAR", True)
    ]
    actor = make_actor()
    draft = make_declaration("S01", actor=actor)
    header = json.loads(json.dumps(draft.header))
    header["documents"][0]["date"] = day
    Declaration.objects.filter(pk=draft.pk).update(header=header)
    assert f"dated {day}, a year that nobody" in words_of(signed_in(actor.user).get(at(draft, "declaration_check")))
