"""An amendment from the API over the wire to the authority and back."""

import pytest

from declarations.models import Declaration
from declarations.services.filing import contents_of
from declarations.statements import STATEMENTS
from declarations.tasks import apply_responses
from portal.gateway.channels import channel
from portal.gateway.models import InboundMessage, OutboundMessage
from portal.gateway.tasks import poll_channels, relay
from portal.records.services import read_bytes
from portal.trail.verification import verify
from tests.support.programs import Program, own_document

pytestmark = pytest.mark.django_db
CHANGES = {"contact": {"name": "Robin Renamed"}}


@pytest.fixture
def portal(wire, settings, monkeypatch):
    """The portal, whose messages go to this authority."""
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)
    given = settings.CHANNELS["rehearsal"] | {
        "base_url": f"http://{wire.place.netloc}", "client_id": wire.client, "client_secret": wire.secret,
    }  # fmt: skip
    monkeypatch.setitem(settings.CHANNELS, "rehearsal", given)
    yield Program()
    channel("rehearsal")._http().close()


@pytest.fixture
def go(wire):
    """What is in the outbox goes out, time passes, answers come in; gives what the authority said."""

    def on(seconds=10):
        known = set(InboundMessage.objects.values_list("pk", flat=True))
        relay()
        wire.pass_time(seconds)
        poll_channels()
        apply_responses()
        assert not InboundMessage.objects.exclude(state="APPLIED").exists()
        return InboundMessage.objects.exclude(pk__in=known).count()

    return on


def filed(portal, go, own, **more):
    answer = portal.file(own_document(portal, own=own, **more))
    assert answer.status_code == 202, answer.content
    assert go() == 2
    reference = answer.json()["reference"]
    assert portal.get(f"declarations/{reference}").json()["summary"]["legal"] == "ACCEPTED"
    return reference


def asked(portal, reference, changes=CHANGES, key="amend", **more):
    body = {"changes": changes, "reason": "The contact is another person.", "statement": STATEMENTS[-1].id} | more
    return portal.post(f"declarations/{reference}/amendment", body, key=key)


def seen(portal, reference):
    return portal.get(f"declarations/{reference}").json()


def test_granted_it_takes_the_place_of_what_was_filed(portal, go, wire):
    document = own_document(portal, own="C01GRANT")
    reference = portal.file(document).json()["reference"]
    go()
    before = seen(portal, reference)
    answer = asked(portal, reference, CHANGES | {"items": [*document["items"], document["items"][0]]}, reason_code="A1")
    assert answer.status_code == 202, answer.content
    made = answer.json()
    assert (made["kind"], made["state"], made["version"], made["proposal"]) == ("COR", "OPEN", 1, 2)
    waiting = seen(portal, reference)
    assert waiting["declaration"] == before["declaration"] and waiting["summary"] == before["summary"] | {
        "updated_at": waiting["summary"]["updated_at"]
    }
    kinds = [(one["number"], one["kind"], one["in_force"]) for one in waiting["versions"]]
    assert kinds == [(2, "amendment", False), (1, "original", True)]
    assert waiting["requests"][0]["state"] == "OPEN"

    assert go() == 2, "the decision, and the statement of duty once more"
    after = seen(portal, reference)
    assert after["declaration"]["contact"]["name"] == "Robin Renamed"
    assert after["declaration"]["function"] == "amendment"
    assert (after["summary"]["legal"], after["summary"]["lines"]) == ("ACCEPTED", len(document["items"]) + 1)
    assert after["requests"][0] | {"state": "GRANTED"} == after["requests"][0]
    assert [one["in_force"] for one in after["versions"]] == [True, False]
    assert after["summary"]["total_due"] == after["versions"][0]["total_due"] != before["summary"]["total_due"]
    assert after["standing"]["money"]["amount"] == after["summary"]["total_due"], "the authority charges the same"
    assert after["summary"]["entry_number"] == before["summary"]["entry_number"]
    one = Declaration.objects.get(reference=reference)
    assert contents_of(one.versions.get(number=1))[0].contact.name == before["declaration"]["contact"]["name"]
    rows = wire.admin("declarations").json
    assert [(row["function"], row["type"], row["effects"]) for row in rows] == [("9", "01", 1), ("13", "COR", 1)]
    body = read_bytes(OutboundMessage.objects.get(local_reference=made["lrn"]).sha256).decode()
    assert "<TypeCode>COR</TypeCode>" in body and "The contact is another person." in body
    assert "<ChangeReasonCode>A1</ChangeReasonCode>" in body
    assert list(verify(reference)) == []


@pytest.mark.parametrize("script", ["C02", "C03"])
def test_refused_it_leaves_everything_as_it_was_and_says_why(portal, go, script):
    reference = filed(portal, go, f"{script}REFUSE")
    before = seen(portal, reference)
    assert asked(portal, reference).status_code == 202
    assert go() == 1
    after = seen(portal, reference)
    assert after["requests"][0]["state"] == "REFUSED"
    assert bool(after["requests"][0]["errors"]) == (script == "C03")
    for name in ("declaration", "version", "status", "row_version"):
        assert after[name] == before[name], name
    assert after["summary"]["legal"] == "ACCEPTED"
    assert after["standing"]["money"] == before["standing"]["money"]


def test_twice_in_a_row_the_second_stands_on_the_first(portal, go):
    reference = filed(portal, go, "C01TWICE")
    asked(portal, reference, key="one")
    go()
    second = asked(portal, reference, {"contact": {"phone": "5625550199"}}, key="two")
    assert (second.status_code, second.json()["version"], second.json()["proposal"]) == (202, 2, 3)
    go()
    after = seen(portal, reference)
    contact = after["declaration"]["contact"]
    assert (contact["name"], contact["phone"]) == ("Robin Renamed", "5625550199")
    assert [(one["number"], one["in_force"]) for one in after["versions"]] == [(3, True), (2, False), (1, False)]


def test_after_release_nothing_is_amended(portal, go):
    reference = portal.file(own_document(portal)).json()["reference"]
    go(1.6)
    assert seen(portal, reference)["summary"]["legal"] == "RELEASED"
    answer = asked(portal, reference)
    assert (answer.status_code, answer.json()["code"]) == (409, "ACT_REFUSED")


def test_before_the_answer_nothing_else_is_asked_and_after_it_customs_may_cancel(portal, go):
    reference = filed(portal, go, "C01CANCEL")
    asked(portal, reference, key="one")
    other = asked(portal, reference, {"contact": {"phone": "5625550199"}}, key="two")
    assert (other.status_code, other.json()["code"]) == (409, "REQUEST_PENDING")
    cancel = {"reason_code": "08"}
    answer = portal.post(f"declarations/{reference}/cancellation", cancel)
    assert (answer.status_code, answer.json()["code"]) == (409, "REQUEST_PENDING")
    go()
    assert portal.post(f"declarations/{reference}/cancellation", cancel).status_code == 202
    assert asked(portal, reference, {"contact": {"phone": "5625550199"}}, key="three").status_code == 409
    go()
    after = seen(portal, reference)
    assert (after["summary"]["filing"], after["summary"]["legal"]) == ("WITHDRAWN", "CANCELLED")
    assert after["declaration"]["contact"]["name"] == "Robin Renamed"
    assert [one["state"] for one in after["versions"]] == ["WITHDRAWN", "SUBMITTED"]


def test_what_an_amendment_must_say(portal, go):
    reference = filed(portal, go, "C01SAYS")
    before = OutboundMessage.objects.count()
    for body, status, code in (
        ({"changes": {}}, 422, "NOTHING_CHANGED"),
        ({"statement": None}, 422, "STATEMENT_REQUIRED"),
        ({"statement": "us-1900"}, 409, "STATEMENT_CHANGED"),
        ({"reason": ""}, 422, "UNREADABLE"),
        ({"reason": "  "}, 409, "ACT_REFUSED"),
        ({"reason_code": "toolong"}, 422, "UNREADABLE"),
        ({"changes": {"colour": "red"}}, 422, "UNREADABLE"),
    ):
        answer = asked(portal, reference, **({"changes": CHANGES} | body))
        assert (answer.status_code, answer.json()["code"]) == (status, code), body
    answer = asked(portal, reference, key=None)
    assert answer.json()["code"] == "IDEMPOTENCY_KEY_REQUIRED"
    wrong = asked(portal, reference, {"ports": {"entry": "9999"}, "transport": {"mode": "99"}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "HAS_ERRORS")
    assert {"/ports/entry", "/transport/mode"} <= {one["pointer"] for one in wrong.json()["violations"]}
    fixed = {"functional_reference_id": "OTHER1", "filing": {"acts": ["release"]}, "parties": {"importer": {"id": "1"}}}
    number = {"entry_number": {"filer_code": "AAA", "sequence": "0000001", "check_digit": "1"}}
    touched = asked(portal, reference, fixed | number)
    assert (touched.status_code, touched.json()["code"]) == (422, "NOT_AMENDABLE")
    assert {one["pointer"] for one in touched.json()["violations"]} == {
        "/functional_reference_id", "/parties/importer/id", "/filing/acts", "/entry_number",
    }  # fmt: skip
    assert OutboundMessage.objects.count() == before
    assert len(seen(portal, reference)["versions"]) == 1


def test_the_same_key_asks_once(portal, go):
    reference = filed(portal, go, "C01ONCE")
    first, again = (asked(portal, reference) for _ in range(2))
    assert first.content == again.content and again["Idempotent-Replayed"] == "true"
    assert len(seen(portal, reference)["requests"]) == 1
