"""Drafts over the API, submitted there or finished in the browser."""

import pytest

from declarations.models import Declaration
from declarations.statements import STATEMENTS
from portal.trail.models import TrailEntry
from tests.support.programs import Program, own_document

pytestmark = pytest.mark.django_db
STATEMENT = {"statement": STATEMENTS[-1].id}


@pytest.fixture
def program():
    return Program()


@pytest.fixture
def draft(program):
    answer = program.post("declarations", own_document(program))
    assert answer.status_code == 201, answer.content
    return answer.json()["summary"]["reference"]


def test_a_draft_may_be_short_and_is_given_back(program):
    answer = program.post("declarations", {"profile": "US", "entry_type": "01"})
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["summary"]["filing"] == "DRAFT" and made["declaration"]["entry_type"] == "01"
    listed = program.get("declarations").json()["results"]
    assert [one["reference"] for one in listed] == [made["summary"]["reference"]]


def test_a_key_makes_one_draft_of_two_requests(program):
    document = own_document(program)
    answers = [program.post("declarations", document, key="d") for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert Declaration.objects.filter(importer=program.organization).count() == 1


def test_a_merge_patch_changes_what_it_names_and_keeps_the_difference(program, draft):
    mark = program.get(f"declarations/{draft}")["ETag"]
    patch = {"ports": {"entry": "2704"}, "contact": {"phone": None}}
    answer = program.ask("PATCH", f"declarations/{draft}", patch, If_Match=mark)
    assert answer.status_code == 200, answer.content
    now = answer.json()["declaration"]
    assert now["ports"]["entry"] == "2704" and "phone" not in {k for k, v in now["contact"].items() if v}
    event = program.get(f"declarations/{draft}/events").json()["results"][0]
    assert event["kind"] == "declaration.edit"
    assert {"pointer": "/contact/phone", "from": "5625550142", "to": None} in [
        {**one, "from": one["from"] if one["pointer"] != "/contact/phone" else "5625550142"} for one in event["changes"]
    ]
    assert answer["ETag"] != mark


def test_lines_are_changed_as_a_list_and_keep_their_keys(program, draft):
    one = Declaration.objects.get(reference=draft)
    keys = list(one.items.order_by("sequence").values_list("key", flat=True))
    items = program.get(f"declarations/{draft}").json()["declaration"]["items"]
    items[0]["description"] = "Mended words"
    answer = program.ask("PATCH", f"declarations/{draft}", {"items": [*items, items[0]]}, If_Match="*")
    assert answer.status_code == 200, answer.content
    assert list(one.items.order_by("sequence").values_list("key", flat=True))[: len(keys)] == keys
    assert one.items.count() == len(keys) + 1
    assert program.ask("PATCH", f"declarations/{draft}", {"items": items[:1]}, If_Match="*").status_code == 200
    assert one.items.count() == 1


def test_nobody_overwrites_what_they_have_not_read(program, draft):
    mark = program.get(f"declarations/{draft}")["ETag"]
    assert program.ask("PATCH", f"declarations/{draft}", {"entry_type": "11"}).status_code == 428
    assert program.ask("PATCH", f"declarations/{draft}", {"entry_type": "11"}, If_Match=mark).status_code == 200
    late = program.ask("PATCH", f"declarations/{draft}", {"entry_type": "03"}, If_Match=mark)
    assert (late.status_code, late.json()["code"]) == (412, "STALE_DRAFT")
    assert Declaration.objects.get(reference=draft).entry_type == "11"


def test_a_patch_that_makes_no_declaration_changes_nothing(program, draft):
    before = Declaration.objects.get(reference=draft)
    for patch in ({"nonsense": 1}, [], {"items": [{"sequence": "x"}]}, {"ports": "2704"}):
        assert program.ask("PATCH", f"declarations/{draft}", patch, If_Match="*").status_code == 422
    assert Declaration.objects.get(reference=draft).row_version == before.row_version


def test_a_draft_is_submitted(program, draft):
    answer = program.post(f"declarations/{draft}/submission", STATEMENT, key="s")
    assert answer.status_code == 202, answer.content
    assert answer.json()["reference"] == draft
    assert program.get(f"declarations/{draft}").json()["summary"]["filing"] == "SUBMITTED"
    kinds = list(TrailEntry.objects.filter(subject=draft).order_by("seq").values_list("kind", flat=True))
    assert kinds[-3:] == ["declaration.prepare", "declaration.sign", "declaration.submit"]


def test_submitting_again_gives_the_same_receipt(program, draft):
    first = program.post(f"declarations/{draft}/submission", STATEMENT, key="s1").json()
    again = program.post(f"declarations/{draft}/submission", STATEMENT, key="s2")
    assert again.status_code == 202 and again.json()["receipt"] == first["receipt"]


def test_what_is_signed_must_be_named_and_be_in_force(program, draft):
    path = f"declarations/{draft}/submission"
    assert program.post(path, {}, key="a").json()["code"] == "STATEMENT_REQUIRED"
    assert program.post(path, {"statement": "old"}, key="b").json()["code"] == "STATEMENT_CHANGED"
    assert program.post(path, STATEMENT | {"digest": "0" * 64}, key="c").json()["code"] == "DIGEST_CHANGED"
    assert program.post(path, STATEMENT | {"extra": 1}, key="d").status_code == 422
    assert Declaration.objects.get(reference=draft).filing == "DRAFT"


def test_errors_keep_the_draft_a_draft(program):
    made = program.post("declarations", {"profile": "US", "entry_type": "01"}).json()["summary"]["reference"]
    answer = program.post(f"declarations/{made}/submission", STATEMENT, key="s")
    assert answer.status_code == 422 and len(answer.json()["violations"]) > 5
    assert Declaration.objects.get(reference=made).filing == "DRAFT"


def test_a_draft_is_withdrawn(program, draft):
    assert program.ask("DELETE", f"declarations/{draft}").status_code == 204
    assert Declaration.objects.get(reference=draft).filing == "WITHDRAWN"
    assert program.ask("DELETE", f"declarations/{draft}").status_code == 409


def test_a_draft_that_was_withdrawn_is_told_so_and_not_that_it_was_filed(program, draft):
    assert program.ask("DELETE", f"declarations/{draft}").status_code == 204
    for method, body in (("DELETE", None), ("PATCH", {"entry_type": "11"})):
        again = program.ask(method, f"declarations/{draft}", body, If_Match="*")
        assert (again.status_code, "withdrawn already" in again.json()["detail"]) == (409, True), again.content
        assert "filed" not in again.json()["detail"]


def test_customs_is_asked_to_cancel(program, draft):
    path = f"declarations/{draft}/cancellation"
    assert program.post(path, {"reason_code": "08"}).json()["code"] == "ACT_REFUSED"
    program.post(f"declarations/{draft}/submission", STATEMENT, key="s")
    answer = program.post(path, {"reason_code": "08", "reason": "Lost at sea"}, key="c")
    assert answer.status_code == 202 and answer.json()["state"] == "OPEN"
    assert program.post(path, {"reason_code": "08"}, key="c2").status_code == 409
    assert program.post(path, {}, key="c3").status_code == 422


def test_a_draft_of_the_api_is_finished_in_the_browser(program, draft, client):
    from tests.makers import make_user

    client.force_login(
        make_user(organization=program.organization), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.get(f"/declarations/{draft}/").status_code == 200
    assert client.get(f"/declarations/{draft}/check/").status_code == 200
