"""The outbox: nothing is lost, nothing is sent blindly twice, order is kept by subject, no network in a transaction."""

import threading
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.db import connection, transaction

from portal.gateway import channels, services, tasks
from portal.gateway.channels import Channel, Receipt
from portal.gateway.inbound import receive
from portal.gateway.models import InboundMessage, OutboundMessage, TransmissionAttempt

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
State = OutboundMessage.State


def enqueue(subject="DAAAAAAAAAAAA", lrn=None, now=NOW):
    with transaction.atomic():
        return services.enqueue(
            subject=subject, channel="rehearsal", purpose="declarations", local_reference=lrn or f"{subject}-{now:%f}",
            body=f"<m>{subject}</m>".encode(), correlation_id="c" * 12, now=now,
        )  # fmt: skip


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


@pytest.fixture
def wire(monkeypatch):
    """A scripted authority in place of the network; it also proves that no transaction is open around it."""

    class Wire:
        def __init__(self):
            self.sent, self.asked, self.outcomes, self.answers = [], [], [], []

        def send(self, way, *, body, reference, correlation_id):
            assert not connection.in_atomic_block
            self.sent.append((reference, body))
            return self.outcomes.pop(0) if self.outcomes else Receipt(channels.DELIVERED, 202, conversation_id="conv")

        def ask(self, way, *, local_reference):
            assert not connection.in_atomic_block
            self.asked.append(local_reference)
            return self.answers.pop(0) if self.answers else Receipt(channels.UNKNOWN)

    wire = Wire()
    monkeypatch.setattr(Channel, "send", lambda way, **rest: wire.send(way, **rest))
    monkeypatch.setattr(Channel, "ask", lambda way, **rest: wire.ask(way, **rest))
    return wire


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        at = NOW

        def forward(self, **delta):
            self.at += timedelta(**delta)

    clock = Clock()
    monkeypatch.setattr(tasks.timezone, "now", lambda: clock.at)
    return clock


def test_rollback_leaves_no_message():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.enqueue(
            subject="D1", channel="rehearsal", purpose="declarations", local_reference="L", body=b"x",
            correlation_id="", now=NOW,
        )  # fmt: skip
        raise ZeroDivisionError
    assert not OutboundMessage.objects.exists()


def test_a_message_goes_out_once_and_is_settled(wire, clock):
    message = enqueue()
    tasks.relay()
    tasks.relay()
    message.refresh_from_db()
    assert (message.state, message.conversation_id, message.attempts) == (State.DELIVERED, "conv", 1)
    assert [reference for reference, _ in wire.sent] == [message.reference]
    assert TransmissionAttempt.objects.get().outcome == "DELIVERED"


def test_a_refused_connection_waits_and_tries_again_with_the_same_bytes(wire, clock):
    wire.outcomes = [Receipt(channels.RETRY, text="refused"), Receipt(channels.RETRY, text="refused")]
    message = enqueue()
    tasks.relay()
    assert len(wire.sent) == 1
    for _ in range(5):
        clock.forward(seconds=6)
        tasks.relay()
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.DELIVERED, 3)
    assert len(set(wire.sent)) == 1


def test_retry_after_is_honoured(wire, clock):
    wire.outcomes = [Receipt(channels.RETRY, 429, retry_after_seconds=120)]
    enqueue()
    tasks.relay()
    clock.forward(seconds=119)
    tasks.relay()
    assert len(wire.sent) == 1
    clock.forward(seconds=2)
    tasks.relay()
    assert len(wire.sent) == 2


def test_an_unclear_outcome_is_asked_about_and_adopted(wire, clock):
    wire.outcomes = [Receipt(channels.UNKNOWN, text="time-out")]
    wire.answers = [Receipt(channels.FOUND, 200, conversation_id="late")]
    message = enqueue()
    tasks.relay()
    message.refresh_from_db()
    assert (message.state, message.conversation_id) == (State.DELIVERED, "late")
    assert len(wire.sent) == 1
    assert wire.asked == [message.local_reference]


def test_only_after_two_noes_apart_the_same_bytes_go_out_again(wire, clock):
    wire.outcomes = [Receipt(channels.UNKNOWN)]
    wire.answers = [Receipt(channels.NOT_FOUND, 404), Receipt(channels.NOT_FOUND, 404)]
    message = enqueue()
    tasks.relay()
    assert (len(wire.sent), len(wire.asked)) == (1, 1)
    clock.forward(seconds=2)
    tasks.relay()
    assert (len(wire.sent), len(wire.asked)) == (1, 1), "the second question waits for the interval"
    clock.forward(seconds=2)
    tasks.relay()
    message.refresh_from_db()
    assert (len(wire.sent), len(wire.asked)) == (2, 2)
    assert wire.sent[0] == wire.sent[1]
    assert message.state == State.DELIVERED


def test_while_nobody_answers_the_question_nothing_is_sent(wire, clock):
    wire.outcomes = [Receipt(channels.UNKNOWN)]
    wire.answers = [Receipt(channels.NOT_FOUND, 404)] + [Receipt(channels.UNKNOWN)] * 50
    enqueue()
    for _ in range(30):
        tasks.relay()
        clock.forward(seconds=4)
    assert len(wire.sent) == 1
    assert len(wire.asked) >= 25


def test_an_unknown_outcome_that_was_put_off_is_asked_about_then_or_when_an_operator_asks(wire, clock):
    wire.outcomes = [Receipt(channels.UNKNOWN)]
    message = enqueue()
    with pytest.raises(services.NotDead):
        services.put_off(message=message, until=NOW)
    tasks._send_round()
    services.put_off(message=message, until=NOW + timedelta(days=1))
    clock.forward(hours=23)
    tasks.relay()
    assert wire.asked == []
    services.ask_now(message=message, now=clock.at)
    tasks.relay()
    assert wire.asked == [message.local_reference]


def test_one_subject_can_be_claimed_alone(clock):
    enqueue("D1")
    other = enqueue("D2")
    assert services.claim(now=NOW, subject="D2") == [other]
    assert OutboundMessage.objects.get(subject="D1").state == State.PENDING


def test_refused_is_final(wire, clock):
    wire.outcomes = [Receipt(channels.REFUSED, 400, "structure")]
    message = enqueue()
    for _ in range(3):
        tasks.relay()
        clock.forward(minutes=10)
    message.refresh_from_db()
    assert (message.state, len(wire.sent)) == (State.REFUSED, 1)


def test_a_message_that_cannot_be_delivered_for_a_day_is_dead_until_an_operator_acts(wire, clock):
    wire.outcomes = [Receipt(channels.RETRY)] * 3
    message = enqueue()
    tasks.relay()
    clock.forward(hours=25)
    tasks.relay()
    message.refresh_from_db()
    assert message.state == State.DEAD
    clock.forward(hours=1)
    tasks.relay()
    assert len(wire.sent) == 2
    services.put_back(message=message, now=clock.at)
    wire.outcomes = []
    tasks.relay()
    message.refresh_from_db()
    assert message.state == State.DELIVERED
    with pytest.raises(services.NotDead):
        services.put_back(message=message, now=clock.at)


def test_the_second_message_of_a_subject_waits_for_the_first_and_holds_up_nobody_else(wire, clock):
    first, second = enqueue("DA", "L1"), enqueue("DA", "L2")
    other = enqueue("DB", "L3")
    wire.outcomes = [Receipt(channels.RETRY, retry_after_seconds=60), Receipt(channels.DELIVERED, 202)]
    tasks.relay()
    order = [reference for reference, _ in wire.sent]
    assert second.reference not in order
    assert set(order) == {first.reference, other.reference}
    clock.forward(seconds=61)
    tasks.relay()
    assert [reference for reference, _ in wire.sent][2:] == [first.reference, second.reference]


def test_a_dead_first_message_blocks_its_own_subject_only(wire, clock):
    first, second = enqueue("DA", "L1"), enqueue("DA", "L2")
    OutboundMessage.objects.filter(pk=first.pk).update(state=State.DEAD)
    other = enqueue("DB", "L3")
    tasks.relay()
    assert [reference for reference, _ in wire.sent] == [other.reference]
    assert OutboundMessage.objects.get(pk=second.pk).state == State.PENDING


def test_a_sender_that_died_leaves_an_unknown_outcome_not_a_second_message(wire, clock, monkeypatch):
    message = enqueue()
    monkeypatch.setattr(services, "own_name", lambda: "elsewhere/1/1")
    services.claim(now=clock.at)  # and the process dies here
    wire.answers = [Receipt(channels.FOUND, 200, conversation_id="it-arrived")]
    tasks.relay()
    assert not wire.sent
    assert not wire.asked
    clock.forward(seconds=9)  # the lease of eight seconds is over
    tasks.relay()
    message.refresh_from_db()
    assert (message.state, wire.sent, wire.asked) == (State.DELIVERED, [], [message.local_reference])


def test_a_dead_process_of_this_host_is_known_at_once(wire, clock, monkeypatch):
    enqueue()
    gone = services.own_name().rsplit("/", 2)[0] + "/999999/123"
    monkeypatch.setattr(services, "own_name", lambda: gone)
    services.claim(now=clock.at)
    assert services.reclaim(now=clock.at) == 1


def test_two_relays_never_get_the_same_message(clock):
    for n in range(40):
        enqueue(f"D{n}", f"L{n}")
    got, start = [], threading.Barrier(2)

    def run():
        start.wait()
        got.append([row.pk for row in services.claim(now=clock.at, limit=40)])
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    claimed = [pk for part in got for pk in part]
    assert len(claimed) == len(set(claimed))
    assert OutboundMessage.objects.filter(state=State.IN_FLIGHT).count() == len(claimed) > 0


def test_a_slow_settle_does_not_overwrite_what_somebody_else_settled(wire, clock):
    message = enqueue()
    (claimed,) = services.claim(now=clock.at)
    clock.forward(seconds=9)
    services.reclaim(now=clock.at)
    wire.answers = [Receipt(channels.FOUND, 200, conversation_id="right")]
    tasks.relay()
    assert not services.settle(message=claimed, receipt=Receipt(channels.UNKNOWN), now=clock.at)
    message.refresh_from_db()
    assert (message.state, message.conversation_id) == (State.DELIVERED, "right")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (httpx.Response(202, headers={"X-Conversation-ID": "c1"}), channels.DELIVERED),
        (httpx.Response(400, text="<errorResponse/>"), channels.REFUSED),
        (httpx.Response(403, text="<html>firewall</html>"), channels.REFUSED),
        (httpx.Response(413), channels.REFUSED),
        (httpx.Response(429, headers={"Retry-After": "7"}), channels.RETRY),
        (httpx.Response(503, headers={"Retry-After": "7"}), channels.RETRY),
        (httpx.Response(503), channels.UNKNOWN),
        (httpx.Response(500), channels.UNKNOWN),
        (httpx.Response(504), channels.UNKNOWN),
        (httpx.Response(302, headers={"Location": "http://elsewhere/"}), channels.UNKNOWN),
        (httpx.ConnectError("refused"), channels.RETRY),
        (httpx.ConnectTimeout("slow"), channels.RETRY),
        (httpx.ReadTimeout("slow"), channels.UNKNOWN),
        (httpx.ReadError("reset"), channels.UNKNOWN),
        (httpx.WriteError("reset"), channels.UNKNOWN),
        (httpx.RemoteProtocolError("closed"), channels.UNKNOWN),
    ],
)
def test_what_an_answer_means(answer, outcome):
    def handle(request):
        if request.url.path == "/oauth/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 60})
        if isinstance(answer, Exception):
            raise answer
        return answer

    way = Channel("x", {"authority": "US", "base_url": "http://a", "client_id": "c", "client_secret": "s"})
    way._client = httpx.Client(base_url="http://a", transport=httpx.MockTransport(handle))
    assert way.send(body=b"x", reference="M", correlation_id="c").outcome == outcome


def test_an_expired_token_is_refreshed_once_and_the_message_goes_out_once_more():
    seen = []

    def handle(request):
        seen.append(request.url.path)
        if request.url.path == "/oauth/token":
            return httpx.Response(200, json={"access_token": f"t{len(seen)}", "expires_in": 60})
        return httpx.Response(401 if request.headers["Authorization"] == "Bearer t1" else 202)

    way = Channel("x", {"authority": "US", "base_url": "http://a", "client_id": "c", "client_secret": "s"})
    way._client = httpx.Client(base_url="http://a", transport=httpx.MockTransport(handle))
    assert way.send(body=b"x", reference="M", correlation_id="c").outcome == channels.DELIVERED
    assert seen == ["/oauth/token", "/declarations", "/oauth/token", "/declarations"]


def test_the_same_answer_twice_is_one_row_and_other_bytes_raise_an_alarm():
    for _ in range(2):
        receive(channel="rehearsal", external_id="n1", raw=b"<a/>", now=NOW)
    assert InboundMessage.objects.count() == 1
    row = receive(channel="rehearsal", external_id="n1", raw=b"<b/>", now=NOW)
    assert row.conflict
    assert InboundMessage.objects.count() == 2
