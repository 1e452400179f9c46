"""Every operation refuses what it cannot do, in words and with nothing changed, and never serves another's object.

What each answers its own program, and without a token or a scope, is in `test_doors`.
"""

import pytest
from django.test import Client as HttpClient

from declarations.models import BatchRow, Declaration
from declarations.tasks import work_batches
from portal.accounts import roles
from tests.declarations.api.test_doors import OPERATIONS, ask, things_of
from tests.makers import make_agent
from tests.support.programs import Program, own_document
from tests.visiting import stored

pytestmark = pytest.mark.django_db
# Method, address, what is sent, how it is refused. `lines` is the kind of body of a batch.
REFUSED = [
    ("POST", "filings", {}, 422, "HAS_ERRORS"),
    ("POST", "dry-runs", {"profile": 1}, 422, "UNREADABLE"),
    ("GET", "declarations?limit=0", None, 400, "BAD_CURSOR"),
    ("POST", "declarations", {"nothing": 1}, 422, "UNREADABLE"),
    ("PATCH", "declarations/{ref}", [], 422, "UNREADABLE"),
    ("DELETE", "declarations/{filed}", None, 409, "ACT_REFUSED"),
    ("POST", "declarations/{ref}/submission", {"statement": "none"}, 409, "STATEMENT_CHANGED"),
    ("GET", "declarations/{ref}/events?after=x", None, 400, "BAD_CURSOR"),
    ("GET", "declarations/{ref}/receipt", None, 404, "NOTHING_FILED"),
    ("GET", "declarations/{ref}/entry-summary.pdf", None, 404, "NOTHING_FILED"),
    ("POST", "declarations/{ref}/amendment", {"changes": {}}, 422, "UNREADABLE"),
    ("POST", "declarations/{ref}/cancellation", {"reason_code": "08"}, 409, "ACT_REFUSED"),
    ("POST", "declarations/{ref}/take-over", {}, 409, "TAKE_OVER_REFUSED"),
    ("GET", "filed-versions?limit=101", None, 400, "BAD_CURSOR"),
    ("POST", "batches?mode=none", "{}", 400, "BAD_MODE"),
    ("POST", "batches", "no JSON", 422, "BATCH_REFUSED"),
    ("GET", "batches?limit=x", None, 400, "BAD_CURSOR"),
    ("GET", "batches/{batch}/results?limit=101", None, 400, "BAD_CURSOR"),
    ("GET", "events?after=-1", None, 400, "BAD_CURSOR"),
    ("POST", "webhooks", {}, 422, "UNREADABLE"),
    ("GET", "mandates?state=x", None, 400, "BAD_STATE"),
    ("POST", "mandates", {}, 422, "UNREADABLE"),
    ("POST", "mandates/{mandate}/talks", {"on": "2001-01-01", "means": "phone", "whom": "R", "words": "W"}, 422,
     "MANDATE_TALK"),
    ("POST", "mandates/{mandate}/signature", {}, 403, "MANDATE_SIGNED_BY_A_PERSON"),
    ("POST", "mandates/{mandate}/revocation", {}, 422, "UNREADABLE"),
    ("POST", "mandates/{mandate}/withdrawal", {"reason": "No."}, 409, "MANDATE_ACT_REFUSED"),
    ("POST", "mandates/{mandate}/declination", {"reason": "No."}, 409, "MANDATE_ACT_REFUSED"),
    ("POST", "sandbox/clock", {"advance_seconds": 1}, 409, "NOT_A_SANDBOX"),
    ("GET", "tariff/lines", None, 400, "BAD_CURSOR"),
    ("GET", "tariff/lines?q=8507&on=x", None, 400, "BAD_CURSOR"),
    ("GET", "tariff/lines/1", None, 404, "NOT_FOUND"),
    ("GET", "tariff/lines/8507600090?on=1900-01-01", None, 404, "NO_TARIFF"),
]  # fmt: skip
# They take nothing that could be wrong: a scope is missing, or it is somebody else's (test_doors).
TAKE_NOTHING = {
    ("GET", "declarations/{ref}"), ("GET", "declarations/{ref}/assessment"), ("GET", "declarations/{ref}/messages"),
    ("GET", "declarations/export"), ("GET", "filed-versions/{version}"),
    ("GET", "filed-versions/{version}/entry-summary.pdf"), ("GET", "batches/{batch}"), ("GET", "webhooks"),
    ("GET", "webhooks/{hook}"), ("DELETE", "webhooks/{hook}"), ("GET", "mandates/{mandate}"),
}  # fmt: skip
OWN_LISTS = ("declarations", "declarations/export", "filed-versions", "batches", "events", "webhooks", "mandates")


@pytest.fixture(autouse=True)
def _ground(monkeypatch):
    monkeypatch.setattr("portal.webhooks.services.outside.check", lambda url: url)
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


def plain(path):
    return path.partition("?")[0].replace("{filed}", "{ref}").replace("lines/1", "lines/8507600090")


def test_every_operation_is_refused_something():
    told = {(method, plain(path)) for method, path, _, _, _ in REFUSED} | TAKE_NOTHING
    assert {(method, plain(path)) for method, path, _, _ in OPERATIONS} == told


def test_what_cannot_be_is_refused_in_words_and_changes_nothing():
    program = Program(role=roles.IMPORTER_ADMIN)
    made = things_of(program)
    made["filed"] = Declaration.objects.get(filing="SUBMITTED").reference
    before = stored()
    for place, (method, path, body, status, code) in enumerate(REFUSED):
        media = "application/x-ndjson" if path.startswith("batches") else "application/json"
        key = f"r{place}" if method == "POST" else None
        answer = program.ask(method, path.format(**made), body, key=key, media=media, If_Match="*")
        assert answer["Content-Type"] == "application/problem+json", path
        told = answer.json()
        assert (answer.status_code, told["code"]) == (status, code), (method, path, answer.content[:300])
        assert told["detail"] and told["correlation_id"] == answer["X-Correlation-ID"]
    assert stored() == before


def test_public_addresses_refuse_what_they_cannot_read():
    for path in ("parity?month=2026-13", "parity?month=x", "register/brokers?after=x", "register/brokers?limit=0"):
        answer = HttpClient().get(f"/api/v1/{path}")
        assert (answer.status_code, answer.json()["code"]) == (400, "BAD_CURSOR"), path


@pytest.mark.parametrize("path", ["filings", "dry-runs", "declarations"])
@pytest.mark.parametrize("who", ["another importer", "a broker without a mandate"])
def test_nobody_files_tries_or_drafts_for_another(path, who):
    owner = Program()
    if who == "another importer":
        other, status, code = Program(), 422, "NOT_YOUR_NUMBER"
    else:
        other, status, code = Program(make_agent(), role=roles.LICENSED_INDIVIDUAL), 403, "NO_MANDATE"
    before = stored()
    answer = ask(other, "POST", path, own_document(owner), "another")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert stored() == before


def test_a_row_of_a_batch_files_for_no_other():
    owner, other = Program(), Program()
    assert ask(other, "POST", "batches", own_document(owner), "another").status_code == 202
    while work_batches():
        pass
    row = BatchRow.objects.get()
    assert (row.outcome, row.code, row.declaration) == (BatchRow.Outcome.REFUSED, "NOT_YOUR_NUMBER", None)
    assert not Declaration.objects.exists()


def test_lists_hold_ones_own_alone():
    owner, other = (Program(role=roles.IMPORTER_ADMIN) for _ in range(2))
    theirs, own = things_of(owner), things_of(other)
    for path in OWN_LISTS:
        answer = other.get(path)
        text = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()
        assert answer.status_code == 200
        assert [name for name, one in theirs.items() if one in text] == [], path
        assert owner.organization.reference not in text, path
        assert [name for name, one in own.items() if one in text], path
