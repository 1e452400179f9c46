"""What answers say beside their body, and whether refusals say what is true of this request."""

import pytest
from django.test import Client as HttpClient

from tests.support.programs import Program, own_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return Program()


def test_a_new_draft_is_told_with_its_address_and_its_mark_also_again(program):
    document = own_document(program)
    for _ in range(2):
        made = program.post("declarations", document, key="one")
        assert made.status_code == 201
        there = HttpClient().get(made["Location"], headers={"Authorization": f"Bearer {program.token}"})
        assert there.json()["summary"]["reference"] == made.json()["summary"]["reference"]
        assert there["ETag"] == made["ETag"]
    path = made["Location"].removeprefix("/api/v1/")
    assert program.ask("PATCH", path, {"entry_type": "11"}, If_Match=made["ETag"]).status_code == 200
    late = program.ask("PATCH", path, {"entry_type": "03"}, If_Match="garbage")
    assert (late.status_code, late.json()["detail"]) == (
        412, "The draft was changed since you read this mark. Read it again, and send its new ETag as If-Match.",
    )  # fmt: skip


@pytest.mark.parametrize("path", ["declarations/{ref}/cancellation", "webhooks", "sandbox/clock"])
@pytest.mark.parametrize("body", [{"nonsense": 1}, b"{", b"\xff"])
def test_a_small_body_that_cannot_be_read_is_no_declaration(program, monkeypatch, path, body):
    monkeypatch.setattr("declarations.filer.api.sandbox.sandboxes.require_sandbox", lambda organization: None)
    draft = program.post("declarations", own_document(program)).json()["summary"]["reference"]
    told = program.post(path.format(ref=draft), body).json()
    assert (told["code"], told["title"], told["detail"]) == (
        "UNREADABLE", "The request cannot be read", "The request cannot be read.",
    )  # fmt: skip
    told = program.post("declarations", b"{").json()
    assert told["detail"] == "The body cannot be read as a declaration."


def test_titles_fit_what_is_refused(program):
    document = own_document(program)
    program.post("declarations", document, key="k")
    other = program.post("declarations", {**document, "entry_type": "11"}, key="k").json()
    assert (other["code"], other["title"]) == ("IDEMPOTENCY_KEY_REUSED", "The key was used for another request")
    batch = program.post("batches", b"PK\x03\x04", key="b", media="application/x-ndjson").json()
    assert (batch["code"], batch["title"]) == ("BATCH_REFUSED", "The file cannot be taken")
    wrong = program.ask("PUT", "declarations", {}).json()
    assert (wrong["status"], wrong["title"], wrong["detail"]) == (
        405, "Method not allowed", 'Method "PUT" not allowed.',
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "words"),
    [("11/24/2026", "A date is written as 2026-11-24."), ("2026-02-30", "There is no such day."),
     ("24112026", "A date is written as 2026-11-24."), ("soon", "A date is written as 2026-11-24.")],
)  # fmt: skip
@pytest.mark.parametrize("pointer", ["/dates/estimated_arrival", "/documents/0/date", "/items/0/export_date"])
def test_a_date_has_one_violation_and_it_is_true(program, pointer, written, words):
    document = own_document(program)
    *way, last = pointer.strip("/").split("/")
    place = document
    for one in way:
        place = place[int(one) if one.isdigit() else one]
    place[last] = written
    told = program.post("dry-runs", document).json()["violations"]
    assert [(one["pointer"], one["message"]) for one in told] == [(pointer, words)]


def test_options_name_what_is_taken_and_nothing_else(program):
    told = program.ask("OPTIONS", "declarations")
    assert (told.status_code, told.content) == (204, b"")
    assert (told["Allow"], told["Accept-Post"]) == ("GET, POST, HEAD, OPTIONS", "application/json, application/xml")
    assert "Accept-Patch" not in told


@pytest.mark.parametrize("path", ["/api/v3/declarations", "/api/v1/nothing", "/api/nothing", "/api/"])
def test_every_unknown_address_below_api_is_a_problem(path):
    answer = HttpClient().get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "NOT_FOUND"
