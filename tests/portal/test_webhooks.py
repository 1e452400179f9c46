"""Webhooks: the feed in order, signed, until it is taken; nothing lost, nothing to two workers at once."""

import json
import re
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from portal.accounts import roles
from portal.accounts.actors import SYSTEM
from portal.desk.models import Event, Task
from portal.desk.selectors import event_json, feed_of, head_of
from portal.desk.services import publish
from portal.gateway import outside
from portal.gateway.outside import AddressRefused, Answer
from portal.trail.models import TrailEntry
from portal.webhooks import delivery, services, signing, tasks
from portal.webhooks.models import Webhook, WebhookAttempt
from tests.makers import make_actor
from tests.support.receiver import receiver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _ground(monkeypatch, settings):
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


@pytest.fixture
def there():
    with receiver() as found:
        yield found


@pytest.fixture
def actor():
    return make_actor(role=roles.IMPORTER_ADMIN)


def happen(actor, count=1, kind="declaration.submit", **event):
    with transaction.atomic():
        for _ in range(count):
            publish(
                organizations=[actor.organization], kind=kind, reference="D000000000001", actor=SYSTEM,
                now=timezone.now(), **event,
            )  # fmt: skip


def register(actor, url, kinds=()):
    return services.register(organization=actor.organization, url=url, kinds=kinds, actor=actor, now=timezone.now())


def do(act, webhook, actor, **what):
    return getattr(services, act)(webhook=webhook, actor=actor, now=timezone.now(), **what)


def forward(webhook, **delta):
    """The back-off is over; time itself stands still."""
    Webhook.objects.filter(pk=webhook.pk).update(not_before=timezone.now() - timedelta(**delta or {"seconds": 1}))


def test_the_feed_is_pulled_in_order_from_a_cursor(actor):
    assert feed_of(actor.organization) == ([], 0)
    happen(actor, 130, changes=[{"pointer": "/filing", "from": "DRAFT", "to": "READY"}])
    first = feed_of(actor.organization, limit=500)
    assert ([one.seq for one in first.events], first.next) == (list(range(1, 101)), 100)
    rest = feed_of(actor.organization, first.next)
    assert ([one.seq for one in rest.events], rest.next) == (list(range(101, 131)), 130)
    assert feed_of(actor.organization, 130) == ([], 130)
    assert feed_of(actor.organization, 999) == ([], 999)
    assert event_json(first.events[0]) == {
        "seq": 1, "at": first.events[0].at.isoformat(), "kind": "declaration.submit", "reference": "D000000000001",
        "actor": "The portal", "changes": [{"pointer": "/filing", "from": "DRAFT", "to": "READY"}],
    }  # fmt: skip


def test_what_happens_after_registration_comes_in_order_in_parts_of_a_hundred(actor, there):
    happen(actor, 3)
    webhook, _ = register(actor, there.url)
    happen(actor, 250)
    assert tasks.deliver_webhooks() == 3
    assert there.seqs == list(range(4, 254))
    assert [len(one.seqs) for one in there.heard] == [100, 100, 50]
    assert [one.content["next"] for one in there.heard] == [103, 203, 253]
    assert there.heard[0].content["events"][0] == event_json(Event.objects.get(seq=4))
    webhook.refresh_from_db()
    assert (webhook.cursor, webhook.claim, webhook.failing_since) == (253, "", None)
    assert tasks.deliver_webhooks() == 0, "a second run finds nothing to do"
    happen(make_actor(), 5)
    assert tasks.deliver_webhooks() == 0, "what happens to others is not ours"
    assert len(there.heard) == 3


def test_chosen_kinds_alone_are_sent_and_the_cursor_passes_the_others(actor, there):
    webhook, _ = register(actor, there.url, ["customs.*", "Declaration.Submit "])
    for kind in ("declaration.sign", "customs.released", "request.cancel", "declaration.submit", "customsx.no"):
        happen(actor, kind=kind)
    tasks.deliver_webhooks()
    assert [one["kind"] for one in there.heard[0].content["events"]] == ["customs.released", "declaration.submit"]
    assert there.heard[0].content["next"] == 5
    happen(actor, 205, kind="declaration.sign")
    tasks.deliver_webhooks()
    webhook.refresh_from_db()
    assert (webhook.cursor, len(there.heard)) == (210, 1)
    with pytest.raises(services.KindUnclear):
        register(actor, there.url, ["everything"])


def test_a_receiver_that_fails_is_tried_again_with_longer_and_longer_waits(actor, there):
    webhook, _ = register(actor, there.url)
    happen(actor, 2)
    there.answers = [500, 503, 500, 200]
    waits = []
    for _ in range(3):
        tasks.deliver_webhooks()
        webhook.refresh_from_db()
        assert (webhook.cursor, webhook.failing_since is not None) == (0, True)
        waits.append((webhook.not_before - timezone.now()).total_seconds())
        tasks.deliver_webhooks()
        forward(webhook)
    assert len(there.heard) == 3, "not before the wait is over"
    for wait, most in zip(waits, (5, 10, 20), strict=True):
        assert most / 2 - 2 < wait <= most
    happen(actor, 1)
    tasks.deliver_webhooks()
    webhook.refresh_from_db()
    assert (webhook.cursor, webhook.failing_since, webhook.failures) == (3, None, 0)
    assert there.heard[-1].seqs == [1, 2, 3]
    tries = WebhookAttempt.objects.order_by("pk").values_list(
        "number", "status_code", "is_taken", "first_seq", "last_seq"
    )
    assert list(tries) == [(1, 500, False, 1, 2), (2, 503, False, 1, 2), (3, 500, False, 1, 2), (4, 200, True, 1, 3)]


def test_the_wait_a_receiver_asks_for_is_kept(actor, there):
    webhook, _ = register(actor, there.url)
    happen(actor)
    there.answers, there.headers = [429], {"Retry-After": "600"}
    tasks.deliver_webhooks()
    webhook.refresh_from_db()
    assert 590 < (webhook.not_before - timezone.now()).total_seconds() <= 600


def test_the_wait_never_exceeds_an_hour():
    row = Webhook(failures=60, state="ACTIVE")
    now = timezone.now()
    assert delivery._failed(row, Answer(500), now)["not_before"] <= now + timedelta(hours=1)


def test_after_three_days_it_is_paused_with_a_task_and_goes_on_at_the_cursor(actor, there):
    start = timezone.now()
    with time_machine.travel(start, tick=True) as clock:
        webhook, _ = register(actor, there.url)
        happen(actor, 2)
        there.answers = [500] * 3
        tasks.deliver_webhooks()
        clock.move_to(start + timedelta(days=2, hours=23))
        tasks.deliver_webhooks()
        webhook.refresh_from_db()
        assert (webhook.state, Task.objects.count()) == ("ACTIVE", 0)
        clock.move_to(start + timedelta(days=3, hours=1))
        tasks.deliver_webhooks()
        webhook.refresh_from_db()
        assert (webhook.state, webhook.cursor) == ("PAUSED", 0)
        task = Task.objects.get()
        assert (task.organization, task.subject, task.state) == (actor.organization, webhook.reference, "OPEN")
        assert TrailEntry.objects.get(kind="webhook.give_up").actor == "system"
        happen(actor, 1)
        clock.move_to(start + timedelta(days=9))
        assert tasks.deliver_webhooks() == 0
        do("resume", webhook, actor)
        tasks.deliver_webhooks()
        assert there.heard[-1].seqs == [1, 2, 3]
        task.refresh_from_db()
        assert task.state == "DONE"
        there.answers = [500] * 2
        happen(actor, 1)
        tasks.deliver_webhooks()
        clock.move_to(start + timedelta(days=13))
        tasks.deliver_webhooks()
        assert Task.objects.filter(state="OPEN").count() == 1, "another pause is another task"


def test_a_worker_that_died_in_the_middle_loses_nothing(actor, there, monkeypatch):
    webhook, _ = register(actor, there.url)
    happen(actor, 3)
    (claimed,) = delivery.claim(now=timezone.now())
    parcel = delivery.parcel_of(webhook=claimed, now=timezone.now())
    assert tasks._send(parcel).is_taken  # and the process dies before it could say so
    assert tasks.deliver_webhooks() == 0, "claimed, until the lease is over"
    Webhook.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    tasks.deliver_webhooks()
    assert there.seqs == [1, 2, 3, 1, 2, 3], "sent again: the receiver knows them by their number"
    assert not delivery.settle(parcel=parcel, answer=Answer(500), now=timezone.now()), "too late to change anything"
    webhook.refresh_from_db()
    assert (webhook.cursor, webhook.failing_since) == (3, None)


def test_a_dead_process_of_this_host_is_known_at_once(actor, there, monkeypatch):
    register(actor, there.url)
    happen(actor)
    gone = delivery.own_name().rsplit("/", 2)[0] + "/999999/123"
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "own_name", lambda: gone)
        delivery.claim(now=timezone.now())
    tasks.deliver_webhooks()
    assert there.seqs == [1]


def test_two_deliverers_at_once_send_once(actor, there):
    for _ in range(3):
        register(actor, there.url)
    happen(actor, 120)
    there.before = lambda _: time.sleep(0.05)
    start = threading.Barrier(3)

    def work():
        start.wait()
        tasks.run()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    tasks.run()
    by_webhook = {}
    for heard in there.heard:
        by_webhook.setdefault(heard.headers["X-Webhook-Id"], []).extend(heard.seqs)
    assert list(by_webhook.values()) == [list(range(1, 121))] * 3


def test_nothing_is_sent_inside_a_transaction(actor, there, monkeypatch):
    seen = []
    send = tasks._send
    monkeypatch.setattr(tasks, "_send", lambda parcel: seen.append(connection.in_atomic_block) or send(parcel))
    real = outside.check
    monkeypatch.setattr(outside, "check", lambda url: seen.append(connection.in_atomic_block) or real(url))
    register(actor, there.url)
    happen(actor)
    tasks.deliver_webhooks()
    assert seen == [False, False]


def test_a_slow_receiver_holds_up_no_other_run(actor, there):
    with tasks._running:
        assert tasks.deliver_webhooks() == 0


def test_the_signature_is_that_of_the_secret_and_of_nothing_else(actor, there):
    webhook, secret = register(actor, there.url)
    happen(actor)
    tasks.deliver_webhooks()
    (heard,) = there.heard
    said = heard.headers["X-Signature"].removeprefix("v1=")
    stamp, own = heard.headers["X-Timestamp"], heard.headers["X-Webhook-Id"]
    assert own == webhook.reference
    assert abs(int(stamp) - time.time()) < 60
    assert said == signing.signature(secret, own, stamp, heard.body)
    assert said != signing.signature(secret, own, stamp, heard.body + b" ")
    assert said != signing.signature(secret, own, str(int(stamp) + 1), heard.body)
    assert said != signing.signature(secret + "0", own, stamp, heard.body)


def test_during_a_rotation_both_secrets_sign(actor, there):
    webhook, first = register(actor, there.url)
    _, second = do("rotate_secret", webhook, actor)
    assert first != second
    with pytest.raises(services.SecretsOverlap):
        do("rotate_secret", webhook, actor)
    happen(actor)
    tasks.deliver_webhooks()
    do("retire_old_secret", webhook, actor)
    with pytest.raises(services.SecretsOverlap):
        do("retire_old_secret", webhook, actor)
    happen(actor)
    tasks.deliver_webhooks()

    def made(heard, *secrets):
        own, stamp = heard.headers["X-Webhook-Id"], heard.headers["X-Timestamp"]
        return ",".join("v1=" + signing.signature(one, own, stamp, heard.body) for one in secrets)

    both, one = there.heard
    assert both.headers["X-Signature"] == made(both, second, first)
    assert one.headers["X-Signature"] == made(one, second)


def test_no_secret_stands_in_the_database(actor, there):
    webhook, secret = register(actor, there.url)
    stored = json.dumps([list(Webhook.objects.values()), list(TrailEntry.objects.values())], default=str)
    assert secret.removeprefix("whsec_") not in stored
    assert secret == signing.secret_of(webhook.reference, webhook.key_id, webhook.salt)


def test_without_its_key_nothing_goes_out_unsigned(actor, there, settings, tmp_path):
    webhook, _ = register(actor, there.url)
    happen(actor)
    settings.KEYS = str(tmp_path / "other keys")
    tasks.deliver_webhooks()
    webhook.refresh_from_db()
    assert (there.heard, webhook.cursor, webhook.failing_since is not None) == ([], 0, True)
    assert "key" in WebhookAttempt.objects.get().why
    settings.KEYS = "[]"
    with pytest.raises(signing.NoWebhookKey):
        register(actor, there.url)


def test_replay_sends_again_from_the_chosen_event(actor, there):
    webhook, _ = register(actor, there.url)
    happen(actor, 5)
    tasks.deliver_webhooks()
    do("replay_from", webhook, actor, seq=3)
    tasks.deliver_webhooks()
    assert [one.seqs for one in there.heard] == [[1, 2, 3, 4, 5], [3, 4, 5]]
    for seq in (0, 6):
        with pytest.raises(services.NotInFeed):
            do("replay_from", webhook, actor, seq=seq)


def test_a_replay_asked_for_while_a_parcel_is_out_is_not_lost(actor, there):
    webhook, _ = register(actor, there.url)
    happen(actor, 5)
    tasks.deliver_webhooks()
    happen(actor, 1)
    (claimed,) = delivery.claim(now=timezone.now())
    parcel = delivery.parcel_of(webhook=claimed, now=timezone.now())
    do("replay_from", webhook, actor, seq=2)
    delivery.settle(parcel=parcel, answer=tasks._send(parcel), now=timezone.now())
    tasks.deliver_webhooks()
    assert [one.seqs for one in there.heard] == [[1, 2, 3, 4, 5], [6], [2, 3, 4, 5, 6]]


def test_pause_resume_and_remove(actor, there):
    webhook, _ = register(actor, there.url)
    do("pause", webhook, actor)
    happen(actor, 2)
    assert tasks.deliver_webhooks() == 0
    with pytest.raises(services.WebhookPaused):
        do("send_test", webhook, actor)
    do("resume", webhook, actor)
    do("resume", webhook, actor)
    tasks.deliver_webhooks()
    assert there.seqs == [1, 2]
    happen(actor)
    (claimed,) = delivery.claim(now=timezone.now())
    parcel = delivery.parcel_of(webhook=claimed, now=timezone.now())
    do("remove", webhook, actor)
    assert not delivery.settle(parcel=parcel, answer=Answer(200), now=timezone.now())
    with pytest.raises(services.WebhookGone):
        do("remove", webhook, actor)
    assert not Webhook.objects.exists()
    kinds = TrailEntry.objects.filter(subject=f"organization:{actor.organization.reference}").order_by("seq")
    assert [one.kind for one in kinds] == ["webhook.register", "webhook.pause", "webhook.resume", "webhook.remove"]


def test_a_test_event_takes_the_same_way_whatever_kinds_are_chosen(actor, there):
    webhook, _ = register(actor, there.url, ["customs.*"])
    other, _ = register(actor, there.url.replace("/hook", "/other"), ["customs.*"])
    do("send_test", webhook, actor)
    tasks.deliver_webhooks()
    (heard,) = there.heard
    (event,) = heard.content["events"]
    assert (event["kind"], event["reference"], event["seq"]) == ("webhook.test", webhook.reference, 1)
    assert (heard.path, head_of(actor.organization)) == ("/hook", 1)


def test_a_switched_off_organization_is_sent_nothing(actor, there):
    register(actor, there.url)
    happen(actor)
    actor.organization.is_active = False
    actor.organization.save()
    assert tasks.deliver_webhooks() == 0


def test_an_address_inside_is_refused_when_saved_and_when_called(actor, there, settings, monkeypatch):
    settings.WEBHOOKS_ALLOW_PRIVATE = False
    with pytest.raises(AddressRefused):
        register(actor, there.url)
    answers = [["93.184.215.14"], ["127.0.0.1"]]
    monkeypatch.setattr(outside, "_look_up", lambda host, port: answers.pop(0))
    webhook, _ = register(actor, f"https://hook.example:{there.port}/hook")
    happen(actor)
    tasks.deliver_webhooks()
    webhook.refresh_from_db()
    assert (there.heard, webhook.cursor, answers) == ([], 0, [])
    assert "not public" in WebhookAttempt.objects.get().why


def test_there_are_ten_at_most(actor, there):
    for _ in range(services.MOST):
        register(actor, there.url)
    with pytest.raises(services.TooManyWebhooks):
        register(actor, there.url)


def test_the_latest_attempts_are_kept(actor, there, monkeypatch):
    monkeypatch.setattr(delivery, "KEPT_TRIES", 3)
    register(actor, there.url)
    for _ in range(6):
        happen(actor)
        tasks.deliver_webhooks()
    assert list(WebhookAttempt.objects.order_by("pk").values_list("first_seq", flat=True)) == [4, 5, 6]


def test_the_example_of_the_document_tells_genuine_messages_from_others(actor, there):
    text = (Path(settings.BASE_DIR) / "docs" / "webhooks.md").read_text()
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    given = {}
    exec(compile(example, "docs/webhooks.md", "exec"), given)
    is_genuine = given["is_genuine"]
    webhook, first = register(actor, there.url)
    _, second = do("rotate_secret", webhook, actor)
    happen(actor)
    tasks.deliver_webhooks()
    (heard,) = there.heard
    assert is_genuine(heard.headers, heard.body, first)
    assert is_genuine(heard.headers, heard.body, second)
    assert not is_genuine(heard.headers, heard.body.replace(b"submit", b"cancel"), first)
    assert not is_genuine(heard.headers, heard.body, "whsec_" + "0" * 64)
    assert not is_genuine(heard.headers, heard.body, first, now=time.time() + 301)
    assert not is_genuine({**heard.headers, "X-Timestamp": "soon"}, heard.body, first)
    assert not is_genuine({**heard.headers, "X-Webhook-Id": "H000000000000"}, heard.body, first)
