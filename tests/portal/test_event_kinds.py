"""The published list of event kinds holds every kind that the portal publishes, and a webhook takes no other."""

import re
from pathlib import Path

import pytest

from brokers.flow import Act as MandateAct
from declarations.flow import Act
from declarations.standing import Kind
from portal.desk.kinds import GROUPS, KINDS
from tests.support.programs import Program

ROOT = Path(__file__).parents[2]
ROOMS = ("portal", "brokers", "aeo", "declarations", "audits")
HOOK = "https://93.184.215.14/feed"
# Who publishes, and what of it is written nowhere as one word.
MADE_UP = {
    "brokers/services.py": [f"mandate.{one.lower()}" for one in MandateAct],
    "declarations/services/acts.py": [f"declaration.{one.lower()}" for one in Act],
    "declarations/services/responses.py": [f"customs.{one.lower()}" for one in Kind],
    "declarations/services/settling.py": ["request.grant", "request.refuse"],
    "portal/programs/services.py": None,  # the acts are words of calls of `_tell`
}
WRITTEN = {
    "brokers/services.py": ["mandate.offer", "mandate.ask"],
    "brokers/talks.py": ["mandate.talk"],
    "brokers/upkeep.py": ["mandate.payment_notice"],
    "declarations/services/amending.py": ["request.amend"],
    "declarations/services/batch_work.py": ["batch.done"],
    "declarations/services/drafts.py": ["declaration.create", "declaration.edit"],
    "declarations/services/filing_now.py": ["declaration.create"],
    "declarations/services/requests.py": ["request.cancel"],
    "declarations/services/sandboxes.py": ["sandbox.make"],
    "declarations/services/settling.py": ["declaration.amend"],
    "declarations/services/takeover.py": ["declaration.take_over"],
    "portal/programs/upkeep.py": ["program.ending"],
    "portal/webhooks/services.py": ["webhook.test"],
}


def publishers():
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            text = path.read_text()
            if re.search(r"^from portal\.desk\.services import .*\bpublish", text, re.MULTILINE):
                yield path.relative_to(ROOT).as_posix(), text


def test_the_page_about_webhooks_names_every_kind():
    page = (ROOT / "docs" / "webhooks.md").read_text()
    assert [one for one in (*KINDS, *GROUPS) if f"`{one}`" not in page] == []


def test_every_kind_that_is_published_is_in_the_list_and_no_other():
    found = dict(publishers())
    assert set(found) == {*MADE_UP, *WRITTEN}, "somebody publishes events that this test does not know of"
    kinds = {one for few in (*MADE_UP.values(), *WRITTEN.values()) for one in few or ()}
    kinds |= {f"program.{one}" for one in re.findall(r'_tell\(row, "(\w+)"', found["portal/programs/services.py"])}
    assert kinds == set(KINDS)


@pytest.mark.django_db
def test_a_webhook_of_an_unknown_kind_is_refused_with_the_known_ones(monkeypatch):
    monkeypatch.setattr("portal.webhooks.services.outside.check", lambda url: url)
    program = Program()
    for unknown in ("declaration.submitted", "customs.relased", "nothing.*", "declaration.sub*", "*"):
        answer = program.post("webhooks", {"url": HOOK, "kinds": ["declaration.submit", unknown]})
        assert (answer.status_code, answer.json()["code"]) == (422, "KIND_UNCLEAR"), unknown
        assert f"“{unknown}”" in answer.json()["detail"]
        assert all(one in answer.json()["detail"] for one in (*KINDS, *GROUPS))
    assert program.get("webhooks").json()["results"] == []
    assert program.post("webhooks", {"url": HOOK, "kinds": [*GROUPS, "declaration.submit"]}).status_code == 201
