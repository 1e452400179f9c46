"""An authority that is silent is left alone for a while; one message tries whether it is there again."""

import threading
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from portal.gateway import channels, circuit, services, tasks
from portal.gateway.channels import Channel, ChannelDown, Receipt, channel
from portal.gateway.inbound import fetch_waiting
from portal.gateway.models import ChannelState, OutboundMessage

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SILENCE = Receipt(channels.UNKNOWN, text="ReadTimeout")
TURNED_AWAY = Receipt(channels.UNKNOWN, 502, "bad gateway")


@pytest.fixture
def sent(monkeypatch, settings):
    """What went out, to an authority that is silent until `answer` is changed."""
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)
    settings.CHANNELS = {name: settings.CHANNELS["rehearsal"] | {"label": name} for name in ("rehearsal", "other")}

    class Sent(list):
        answer = SILENCE

        def send(self, way, *, reference, **_):
            self.append((way.name, reference))
            return self.answer if way.name == "rehearsal" else Receipt(channels.DELIVERED, 202)

    found = Sent()
    monkeypatch.setattr(Channel, "send", lambda way, **rest: found.send(way, **rest))
    monkeypatch.setattr(Channel, "ask", lambda way, **_: found.answer)
    monkeypatch.setattr(Channel, "list_waiting", lambda way, limit: found.append((way.name, "list")) or [])
    return found


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        at = NOW

    clock = Clock()
    monkeypatch.setattr(tasks.timezone, "now", lambda: clock.at)
    return clock


def enqueue(count, name="rehearsal"):
    for n in range(count):
        services.enqueue(
            subject=f"{name}{n}", channel=name, purpose="declarations", local_reference=f"{name}{n}", body=b"<m/>",
            correlation_id="c", now=NOW,
        )  # fmt: skip


def go_silent():
    circuit.note_silence(channel("rehearsal"), now=NOW, count=circuit.MOST_SILENCES)


def test_after_a_round_of_silence_nothing_more_goes_out_to_this_channel(sent, clock):
    enqueue(20)
    enqueue(3, "other")
    tasks._send_all()
    tried = [name for name, _ in sent]
    assert tried.count("rehearsal") <= tasks.PARALLEL < 20
    assert tried.count("other") == 3
    assert circuit.silent_channels(now=NOW).resting == {"rehearsal"}
    assert OutboundMessage.objects.filter(channel="rehearsal", state="PENDING").count() >= 12


def test_then_one_message_tries_and_once_it_is_heard_all_go_out(sent, clock):
    go_silent()
    enqueue(20)
    tasks._send_all()
    assert sent == []
    clock.at += timedelta(seconds=channel("rehearsal").rest + 1)
    tasks._send_all()
    assert len(sent) == 1
    assert circuit.silent_channels(now=clock.at).resting == {"rehearsal"}, "silent again, another rest"
    clock.at += timedelta(seconds=channel("rehearsal").rest + 1)
    sent.answer = Receipt(channels.DELIVERED, 202)
    tasks._send_all()
    assert len(sent) == 1 + 19
    assert not circuit.silent_channels(now=clock.at).both


def test_a_few_lost_answers_among_others_are_no_silence(sent, clock):
    way = channel("rehearsal")
    for _ in range(10):
        circuit.note(way, [SILENCE, SILENCE, SILENCE, TURNED_AWAY], now=NOW)
        circuit.note(way, [SILENCE] * (circuit.MOST_SILENCES - 1), now=NOW)
    assert not circuit.silent_channels(now=NOW).both


def test_while_it_rests_nobody_looks_for_answers(sent, clock):
    way = channel("rehearsal")
    go_silent()
    assert fetch_waiting(way=way, now=NOW) == 0
    assert sent == []
    fetch_waiting(way=way, now=NOW + timedelta(seconds=way.rest + 1))
    assert sent == [("rehearsal", "list")]
    assert ChannelState.objects.get(channel="rehearsal").silences == 0


def test_looks_for_answers_that_hear_nothing_count_too(sent, clock, monkeypatch):
    def silent(way, limit):
        raise channels._silence("ReadTimeout")

    def broken(way, limit):
        raise ChannelDown("HTTP 500")

    way = channel("rehearsal")
    monkeypatch.setattr(Channel, "list_waiting", broken)
    for _ in range(circuit.MOST_SILENCES):
        fetch_waiting(way=way, now=NOW)
    assert not circuit.silent_channels(now=NOW).both
    monkeypatch.setattr(Channel, "list_waiting", silent)
    for _ in range(circuit.MOST_SILENCES):
        fetch_waiting(way=way, now=NOW)
    assert circuit.silent_channels(now=NOW).resting == {"rehearsal"}


def test_all_who_wait_for_a_token_share_one_failure():
    """Each on its own would wait for a time-out, one after the other."""

    def handle(request):
        time.sleep(0.2)
        raise httpx.ReadTimeout("silent")

    way = Channel("x", {"authority": "US", "base_url": "http://a", "client_id": "c", "client_secret": "s"})
    way._client = httpx.Client(base_url="http://a", transport=httpx.MockTransport(handle))
    got = []
    threads = [
        threading.Thread(target=lambda: got.append(way.send(body=b"x", reference="M", correlation_id="c")))
        for _ in range(8)
    ]
    began = time.monotonic()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert time.monotonic() - began < 0.2 * 4
    assert {(one.outcome, one.status_code) for one in got} == {(channels.RETRY, None)}
