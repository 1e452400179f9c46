"""Messages that are through go out again, at an operator's wish or by mishap, and nothing comes of it."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from declarations.services import operating, responses
from declarations.tasks import apply_outcomes
from portal.accounts import roles
from portal.accounts.actors import SYSTEM
from portal.desk.models import Task
from portal.gateway import channels, services, tasks
from portal.gateway.channels import Channel, Receipt
from portal.gateway.inbound import receive
from portal.gateway.models import OutboundMessage
from portal.trail.models import TrailEntry
from tests.declarations.answers import answer, envelope
from tests.makers import NOW, make_declaration
from tests.visiting import officer, signed_in

pytestmark = pytest.mark.django_db
TAKEN = Receipt(channels.DELIVERED, 202, conversation_id="first")


@pytest.fixture
def wire(monkeypatch):
    """What went out, and what is answered to it."""
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)

    class Wire(list):
        answer = TAKEN

    wire = Wire()

    def send(way, *, body, reference, correlation_id):
        wire.append((reference, body))
        return wire.answer

    monkeypatch.setattr(Channel, "send", send)
    monkeypatch.setattr(Channel, "ask", lambda way, **_: Receipt(channels.FOUND, 200, conversation_id="first"))
    return wire


@pytest.fixture
def filed(wire):
    """A declaration whose message is through and which customs has accepted."""
    found = make_declaration("S01", until="submitted", now=NOW)
    tasks._send_all()
    hear("n1", answer("01", id_="a", second=1, lrn=found.live_version.lrn, mrn="ZZZ"))
    found.refresh_from_db()
    assert (found.legal, OutboundMessage.objects.get().state) == ("ACCEPTED", "DELIVERED")
    return found


def hear(name, part):
    inbound = receive(channel="rehearsal", external_id=name, raw=envelope(part), now=timezone.now())
    responses.apply(inbound=inbound, now=timezone.now())


def told(kind):
    return [json.loads(one.body)["data"] for one in TrailEntry.objects.filter(kind=kind)]


def test_the_same_bytes_go_out_under_the_same_id_and_the_trail_says_so(filed, wire):
    message = OutboundMessage.objects.get()
    operating.retry(message=message, reason="they lost a day", actor=SYSTEM, now=NOW)
    tasks._send_all()
    assert len(wire) == 2 and wire[0] == wire[1]
    message.refresh_from_db()
    assert message.state == "DELIVERED"
    assert [one["reason"] for one in told("message.replay")] == ["they lost a day"]
    (replayed,) = told("message.replayed")
    assert (replayed["message"], replayed["outcome"]) == (message.reference, "DELIVERED")
    hear("n2", answer("03", id_="b", second=2, lrn=filed.live_version.lrn, errors=[("US12003", "used before")]))
    filed.refresh_from_db()
    assert filed.legal == "ACCEPTED", "that it is there already changes nothing"


def test_a_first_sending_is_no_replay(filed, wire):
    assert told("message.replayed") == []


@pytest.mark.parametrize(
    "answered",
    [
        TAKEN, Receipt(channels.REFUSED, 400, "the reference was used"), Receipt(channels.UNKNOWN, text="ReadTimeout"),
        Receipt(channels.RETRY, text="ConnectError"),
    ],
    ids=lambda one: one.outcome,
)  # fmt: skip
def test_a_row_that_was_set_back_by_hand_does_no_harm(filed, wire, answered, monkeypatch):
    wire.answer = answered
    OutboundMessage.objects.update(state="PENDING", created_at=NOW - timedelta(days=40))
    tasks._send_all()
    apply_outcomes()
    assert len(wire) == 2 and wire[0] == wire[1]
    assert OutboundMessage.objects.get().state == "DELIVERED", "it was taken, and nothing undoes that"
    filed.refresh_from_db()
    assert filed.legal == "ACCEPTED"
    assert not Task.objects.filter(subject=filed.reference, kind__startswith="REFUSED").exists()
    assert [one["outcome"] for one in told("message.replayed")] == [answered.outcome]


def test_what_was_refused_stays_refused_when_it_is_sent_again(wire):
    make_declaration("S01", until="submitted", now=NOW)
    wire.answer = Receipt(channels.REFUSED, 400, "structure")
    tasks._send_all()
    OutboundMessage.objects.update(state="PENDING")
    tasks._send_all()
    assert OutboundMessage.objects.get().state == "REFUSED"
    assert told("message.replayed") == []


def test_a_message_that_an_answer_proved_counts_as_through(wire):
    found = make_declaration("S01", until="submitted", now=NOW)
    OutboundMessage.objects.update(state="UNKNOWN", not_before=timezone.now() + timedelta(days=1))
    hear("n1", answer("01", id_="a", second=1, lrn=found.live_version.lrn, mrn="ZZZ"))
    message = OutboundMessage.objects.get()
    assert message.state == "DELIVERED" and services.was_through(message)


@pytest.mark.parametrize("state", ["PENDING", "IN_FLIGHT", "REFUSED"])
def test_only_what_is_through_can_be_replayed(filed, state):
    OutboundMessage.objects.update(state=state)
    message = OutboundMessage.objects.get()
    with pytest.raises(services.NotThrough):
        services.replay(message=message, now=NOW)
    with pytest.raises(operating.NothingToDo):
        operating.retry(message=message, reason="again", actor=SYSTEM, now=NOW)


def test_the_officers_desk_offers_it_to_operators_with_a_reason(filed, wire):
    message = OutboundMessage.objects.get()
    page = f"/admin/gateway/outboundmessage/{message.pk}/retry/"
    assert signed_in(officer(roles.CUSTOMS_OFFICER)).post(page, {"reason": "again"}).status_code == 403
    desk = signed_in(officer(roles.OPERATOR))
    assert "Replay" in desk.get(page).content.decode()
    assert "Replay" in desk.get(f"/admin/gateway/outboundmessage/{message.pk}/change/").content.decode()
    assert desk.post(page, {"reason": "they lost a day"}).status_code == 302
    assert OutboundMessage.objects.get().state == "PENDING"


def replay(*words):
    out = StringIO()
    call_command("replay_messages", *words, stdout=out)
    return out.getvalue()


def test_the_command_replays_what_was_settled_in_a_time(filed, wire):
    operator, clerk = officer(roles.OPERATOR), officer(roles.CUSTOMS_OFFICER)
    asked = ["--reason", "they lost a day", "--since", "2026-11-24T00:00"]
    with pytest.raises(CommandError, match="may not"):
        replay("--by", clerk.email, *asked)
    with pytest.raises(CommandError, match="may not"):
        replay("--by", "nobody@example.com", *asked)
    with pytest.raises(CommandError, match="No message"):
        replay("--by", operator.email, *asked, "--until", "2026-11-24T00:01")
    with pytest.raises(CommandError, match="No message"):
        replay("--by", operator.email, *asked, "--channel", "other")
    assert "1 messages would go" in replay("--by", operator.email, *asked, "--dry-run")
    assert OutboundMessage.objects.get().state == "DELIVERED"
    assert "1 messages go" in replay("--by", operator.email, *asked)
    assert OutboundMessage.objects.get().state == "PENDING"
    entry = TrailEntry.objects.get(kind="message.replay")
    assert entry.actor == f"user:{operator.reference}"
