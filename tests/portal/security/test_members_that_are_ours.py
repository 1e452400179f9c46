"""B13: what the portal decides is refused by name, whoever sends it and wherever."""

import pytest

from tests.declarations.api.test_doors import OPERATIONS, ask, body_of, things_of
from tests.support.programs import Program
from tests.test_permissions import stored

pytestmark = pytest.mark.django_db
OURS = {"id": 1, "status": "CLEARED", "organization": 1, "duty_total": "0", "signature": "x", "is_staff": True}
# Not here: batches (a row is a filing), take-over (takes no body), the clock (of sandboxes only: refused before).
ELSEWHERE = ("batches", "declarations/{ref}/take-over", "sandbox/clock")
WRITING = [one[:2] for one in OPERATIONS if one[0] in ("POST", "PATCH") and one[1] not in ELSEWHERE]


@pytest.fixture(autouse=True)
def _no_lookups(monkeypatch):
    monkeypatch.setattr("portal.webhooks.services.outside.check", lambda url: url)


@pytest.mark.parametrize(("method", "path"), WRITING)
def test_members_that_are_ours_are_refused_by_name(method, path):
    program = Program()
    made = things_of(program)
    before = stored()
    for name, value in OURS.items():
        body = body_of(program, path) | {name: value}
        answer = ask(program, method, path.format(**made), body, "ours" if method == "POST" else None)
        assert answer.status_code == 422, (name, answer.content)
        (told,) = answer.json()["violations"]
        assert told["code"] == "DOC-MEMBER" and name in told["message"], told
    assert stored() == before
