"""B13: what the portal decides is refused by name, whoever sends it and wherever."""

import json

import pytest

from tests.declarations.api.test_doors import HOOK, OPERATIONS, ask, body_of, things_of
from tests.support.programs import Program
from tests.test_permissions import stored

pytestmark = pytest.mark.django_db
OURS = {"id": 1, "status": "CLEARED", "organization": 1, "duty_total": "0", "signature": "x", "is_staff": True}
# Not here: batches (a row is a filing), the clock (of sandboxes only: refused before).
ELSEWHERE = ("batches", "sandbox/clock")
WRITING = [one[:2] for one in OPERATIONS if one[0] in ("POST", "PATCH") and one[1] not in ELSEWHERE]


@pytest.fixture(autouse=True)
def _no_lookups(monkeypatch):
    monkeypatch.setattr("portal.webhooks.services.outside.check", lambda url: url)


@pytest.mark.parametrize(("method", "path"), WRITING)
def test_members_that_are_ours_are_refused_by_name(method, path):
    program = Program()
    made = things_of(program)
    before = stored()
    answer = ask(program, method, path.format(**made), body_of(program, path) | OURS, "k" if method == "POST" else None)
    assert answer.status_code == 422, answer.content
    told = {one["pointer"]: one for one in answer.json()["violations"]}
    assert set(told) == {f"/{name}" for name in OURS}
    for name in OURS:
        assert told[f"/{name}"]["code"] == "DOC-MEMBER" and name in told[f"/{name}"]["message"]
    assert stored() == before


@pytest.mark.parametrize(
    ("path", "body", "pointers"),
    [
        ("declarations/{ref}/submission", {"statement": 7, "digest": "a" * 65, "a/b~c": 1}, ["/statement", "/digest", "/a~1b~0c"]),
        ("declarations/{ref}/cancellation", {"reason": "x" * 401, "by": ""}, ["/reason", "/by", "/reason_code"]),
        ("declarations/{ref}/amendment", {"changes": [], "by": 1}, ["/changes", "/by", "/reason"]),
        ("webhooks", {"kinds": ["a", 7], "to": HOOK}, ["/kinds/1", "/to", "/url"]),
        ("declarations/{ref}/take-over", {"by": "me", "on": 1}, ["/by", "/on"]),
        ("declarations/{ref}/take-over", [], [""]),
        ("webhooks", [HOOK], [""]),
    ],
)  # fmt: skip
def test_a_small_body_is_told_all_its_faults_at_once(path, body, pointers):
    program = Program()
    made = things_of(program)
    before = stored()
    answer = ask(program, "POST", path.format(**made), json.dumps(body), "k")
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["violations"]] == pointers
    assert stored() == before
