"""A day for which no tariff is held is refused at its date, with all that is wrong besides, and locks nothing."""

import json

import pytest
from django.urls import reverse

from declarations.models import Declaration, Request
from declarations.tariff.models import TariffEdition
from declarations.tasks import work_batches
from tests.declarations.answers import envelope
from tests.declarations.filer.browsing import at, fill, form_at, signed_in, step, words_of
from tests.declarations.test_amending import fresh, hear, said
from tests.makers import make_actor, make_declaration
from tests.support.programs import Program, own_document
from tests.support.tables import FORMATS

pytestmark = pytest.mark.django_db
DATES = ("estimated_arrival", "import", "estimated_entry")
OLD, OLDER = "2025-11-24", "0001-01-01"  # within the days that can be meant, and outside
WORDS = {
    "en": "24 Nov 2025 decides what is owed",
    "es": "24 Nov 2025 decide lo que se debe",
    "fr": "24 Nov 2025 décide de ce qui est dû",
}


@pytest.fixture(autouse=True)
def _ground(monkeypatch, settings, starter):
    settings.WHITENOISE_AUTOREFRESH = True
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)
    assert not TariffEdition.objects.filter(effective_from__lte=OLD).exists()


def dated(program, day):
    value = own_document(program)
    value["dates"] |= dict.fromkeys(DATES, day)
    value["items"][0]["origin_country"] = "QQ"  # another fault, to be told at once
    return value


def refused(violations, day):
    told = {(one["code"], one["pointer"]) for one in violations if one["severity"] == "error"}
    code, members = ("DATE-TARIFF", ["estimated_entry"]) if day == OLD else ("DATE-OUTSIDE", DATES)
    found = {pointer for known, pointer in told if known == code}
    assert {"TARIFF_NO_EDITION", "DUTY-OPEN"}.isdisjoint(one for one, pointer in told if pointer == "/items/0")
    return found == {f"/dates/{one}" for one in members} and any(one.startswith("/items/0") for _, one in told)


@pytest.mark.parametrize("day", [OLD, OLDER])
def test_over_the_api(day):
    program = Program()
    answer = program.file(dated(program, day))
    assert (answer.status_code, answer.json()["code"]) == (422, "HAS_ERRORS")
    assert refused(answer.json()["violations"], day), answer.json()
    tried = program.post("dry-runs", dated(program, day)).json()
    assert tried["would_be_filed"] is False and refused(tried["violations"], day)
    assert not Declaration.objects.exists()


def test_the_words_are_said_in_three_languages():
    program = Program()
    for language, words in WORDS.items():
        answer = program.post("dry-runs", dated(program, OLD), Accept_Language=language).json()
        (told,) = [one["message"] for one in answer["violations"] if one["code"] == "DATE-TARIFF"]
        assert words in told


@pytest.mark.parametrize("format", FORMATS)
def test_in_a_batch(format):
    program = Program()
    media, encode_rows = FORMATS[format]
    made = program.ask("POST", "batches", encode_rows([dated(program, OLD)]), key="old", media=media).json()
    while work_batches():
        pass
    (row,) = program.get(f"batches/{made['reference']}/results").json()["results"]
    assert row["outcome"] == "refused" and refused(row["violations"], OLD), row


@pytest.mark.parametrize("day", [OLD, OLDER])
def test_every_page_of_the_draft_opens_and_the_date_is_mended_there(day):
    actor = make_actor()
    draft = make_declaration("S01", actor=actor)
    right = json.loads(json.dumps(draft.header))
    wrong = right | {"dates": right["dates"] | dict.fromkeys(DATES, day)}
    Declaration.objects.filter(pk=draft.pk).update(header=wrong)
    client = signed_in(actor.user)
    pages = [
        at(draft, name) for name in ("declaration", "declaration_check", "declaration_lines", "declaration_working")
    ]
    for address in [*pages, step(draft, "arrival"), f"{at(draft, 'declaration_lines')}1/"]:
        assert client.get(address, follow=True).status_code == 200, address
    assert client.post(at(draft, "declaration_check")).status_code == 422
    typed = {f"dates_{one}": right["dates"][one] for one in DATES}
    fill(client, step(draft, "arrival"), **typed)
    draft.refresh_from_db()
    assert draft.header["dates"] == right["dates"]
    assert "decides what is owed" not in words_of(client.get(at(draft, "declaration_check")))


def test_a_correction_to_such_a_day_is_told_at_the_date_and_can_be_dropped():
    actor = make_actor()
    one = make_declaration("S01", actor=actor, until="submitted")
    hear(envelope(said("01", one, 1)))
    one, client = fresh(one), signed_in(actor.user)
    page = reverse("declaration_amend", args=[one.reference])
    arrival = reverse("declaration_amend_step", args=[one.reference, "arrival"])
    fill(client, arrival, **{f"dates_{member}": OLD for member in DATES})
    shown = client.get(page)
    assert shown.status_code == 200 and WORDS["en"] in words_of(shown)
    assert arrival in shown.content.decode() and "Sign and ask customs" not in words_of(shown)
    assert client.post(page, {"act": "drop"})["Location"] == at(one, "declaration")
    assert WORDS["en"] not in words_of(client.get(page))
    assert form_at(client.get(arrival), arrival) is not None and not Request.objects.exists()


def test_a_correction_over_the_api_has_the_violation_at_the_date():
    program = Program()
    reference = program.file(own_document(program)).json()["reference"]
    one = Declaration.objects.get(reference=reference)
    hear(envelope(said("01", one, 1)))
    body = {"reason": "The year.", "changes": {"dates": dict.fromkeys(DATES, OLD)}}
    answer = program.post(f"declarations/{reference}/amendment", body, key="amend")
    assert (answer.status_code, answer.json()["code"]) == (422, "HAS_ERRORS"), answer.json()
    told = [(v["code"], v["pointer"]) for v in answer.json()["violations"] if v["code"] == "DATE-TARIFF"]
    assert told == [("DATE-TARIFF", "/dates/estimated_entry")]


@pytest.mark.parametrize(("language", "words"), [("en", "Correct"), ("es", "Corrija"), ("fr", "Corrigez")])
def test_a_day_without_fees_is_no_fault_of_the_port_and_has_no_sentence_in_english(language, words):
    program = Program()
    for day in ("2027-11-24", "9999-12-31"):
        value = own_document(program)
        value["dates"]["import"] = day
        found = program.post("dry-runs", value, Accept_Language=language).json()["violations"]
        told = {one["code"]: one["message"] for one in found}
        assert {"FEE-HMF-PORT", "DUTY-OPEN"}.isdisjoint(told)
        assert words in told["DATE-TARIFF" if day == "2027-11-24" else "DATE-OUTSIDE"]
        assert not any("We hold no" in one for one in told.values())
