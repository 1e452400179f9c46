"""The pages of webhooks: by those who look after an organization, about its own webhooks alone."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts import roles
from portal.desk.models import Event
from portal.desk.services import open_task
from portal.webhooks import services, tasks
from portal.webhooks.models import Webhook
from tests.declarations.filer.browsing import error_at, fill, page_of, send, signed_in, words_of
from tests.makers import make_actor, make_user
from tests.support.receiver import receiver

pytestmark = pytest.mark.django_db
LIST, ADD = "/organization/webhooks/", "/organization/webhooks/add/"
ABOUT_ONE = ("webhook", "webhook_rotate", "webhook_retire", "webhook_switch", "webhook_replay", "webhook_test",
             "webhook_remove")  # fmt: skip


@pytest.fixture(autouse=True)
def _ground(monkeypatch, settings):
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


@pytest.fixture
def actor():
    return make_actor(role=roles.IMPORTER_ADMIN)


@pytest.fixture
def client(actor):
    return signed_in(actor.user)


@pytest.fixture
def there():
    with receiver() as found:
        yield found


@pytest.fixture
def webhook(actor, there):
    return services.register(
        organization=actor.organization, url=there.url, kinds=[], actor=actor, now=timezone.now()
    ).webhook


def at(name, webhook):
    return reverse(name, args=[webhook.reference])


def secret_on(answer):
    (found,) = re.findall(r"<code>(whsec_[0-9a-f]{64})</code>", answer.content.decode())
    return found


def test_from_the_first_webhook_to_a_test_event(client, there):
    assert "No webhook yet" in words_of(client.get(LIST))
    made = fill(client, ADD, url=there.url, kinds="customs.*,\n declaration.submit")
    assert "no-store" in made["Cache-Control"]
    secret = secret_on(made)
    webhook = Webhook.objects.get()
    assert webhook.kinds == ["customs.*", "declaration.submit"]
    for page in (LIST, at("webhook", webhook)):
        assert secret not in client.get(page).content.decode(), "shown once"
    assert "None yet" in words_of(client.get(LIST))
    shown = client.get(at("webhook", webhook))
    assert "0 of 0" in words_of(shown)
    assert "Nothing has been sent yet" in words_of(shown)
    said = words_of(send(client, shown, at("webhook_test", webhook), follow=True))
    assert "on its way" in said
    assert "0 of 1 (1 waits)" in said
    tasks.run()
    said = words_of(client.get(at("webhook", webhook)))
    assert "1 of 1" in said
    assert "Taken" in said
    assert there.heard[0].content["events"][0]["kind"] == "webhook.test"
    listed = words_of(client.get(LIST))
    assert there.url in listed
    assert "None yet" not in listed


@pytest.mark.parametrize(
    ("typed", "where", "words"),
    [
        ({"url": ""}, "url", "Give the address"),
        ({"url": "https://user:word@hook.example/"}, "url", "Leave user name"),
        ({"url": "https://10.0.0.1/"}, "url", "not public"),
        ({"url": "http://hook.example/"}, "url", "https://"),
        ({"url": "https://8.8.8.8/", "kinds": "everything"}, "kinds", "no kind of event"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, settings, typed, where, words):
    settings.WEBHOOKS_ALLOW_PRIVATE = False
    assert words in error_at(fill(client, ADD, **typed), where)
    assert not Webhook.objects.exists()


def test_a_secret_is_changed_in_two_steps(client, webhook):
    fresh = secret_on(fill(client, at("webhook_rotate", webhook)))
    again = client.post(at("webhook_rotate", webhook))
    assert "Two secrets hold already" in words_of(again)
    assert fresh not in words_of(again)
    assert "Two: the new one" in words_of(client.get(at("webhook", webhook)))
    assert "Done." in words_of(fill(client, at("webhook_retire", webhook), follow=True))
    assert "no earlier secret" in words_of(client.post(at("webhook_retire", webhook)))


def test_pause_resume_and_remove(client, webhook):
    assert "Paused" in words_of(fill(client, at("webhook_switch", webhook), follow=True))
    test = client.post(at("webhook_test", webhook), follow=True)
    assert "Resume it first" in words_of(test)
    assert "Working" in words_of(fill(client, at("webhook_switch", webhook), follow=True))
    assert "No webhook yet" in words_of(fill(client, at("webhook_remove", webhook), follow=True))
    assert client.get(at("webhook", webhook)).status_code == 404


def test_events_are_sent_again_from_a_chosen_one(client, webhook, there):
    for _ in range(3):
        client.post(at("webhook_test", webhook))
    tasks.run()
    shown = client.get(at("webhook", webhook))
    assert "number from 1 to 3" in error_at(send(client, shown, at("webhook_replay", webhook), seq="9"), "seq")
    assert "in digits" in error_at(send(client, shown, at("webhook_replay", webhook), seq="x"), "seq")
    assert "sent again" in words_of(send(client, shown, at("webhook_replay", webhook), follow=True, seq="2"))
    tasks.run()
    assert [one.seqs for one in there.heard] == [[1, 2, 3], [2, 3]]


def test_a_failing_one_says_since_when_and_why(client, actor, webhook, there):
    there.answers, there.said = [500], b"<b>out of order</b>"
    client.post(at("webhook_test", webhook))
    tasks.run()
    answer = client.get(at("webhook", webhook))
    said = words_of(answer)
    for words in ("Failing since", "HTTP 500. <b>out of order</b>", "The next try is at", "Not taken"):
        assert words in said
    assert "Failing, tried again" in words_of(client.get(LIST))
    Webhook.objects.update(state="PAUSED")
    assert "it goes on with event 1" in words_of(client.get(at("webhook", webhook)))
    open_task(
        organization=actor.organization, subject=webhook.reference, kind="webhook.paused:1", words="A webhook is paused.",
        now=timezone.now(),
    )  # fmt: skip
    links = page_of(client.get("/tasks/")).xpath("//a[text()='A webhook is paused.']/@href")
    assert links == [at("webhook", webhook)]


@pytest.mark.parametrize("name", ABOUT_ONE)
def test_somebody_elses_webhook_does_not_exist(webhook, name):
    other = signed_in(make_actor(role=roles.IMPORTER_ADMIN).user)
    before = list(Webhook.objects.values())
    for method in ("get", "post"):
        found = getattr(other, method)(at(name, webhook), {"seq": "1"})
        assert found.status_code in (404, 405)
        assert found.status_code == 404 or name in ("webhook", "webhook_replay", "webhook_test")
    assert list(Webhook.objects.values()) == before
    assert not Event.objects.exists()
    assert webhook.url not in words_of(other.get(LIST))


@pytest.mark.parametrize("name", [*ABOUT_ONE, "webhooks", "webhook_add"])
def test_clerks_do_not_get_there(actor, webhook, name):
    clerk = signed_in(make_user(organization=actor.organization))
    page = at(name, webhook) if name in ABOUT_ONE else reverse(name)
    before = list(Webhook.objects.values())
    for method in ("get", "post"):
        assert getattr(clerk, method)(page, {"seq": "1", "url": "https://8.8.8.8/"}).status_code in (403, 405)
    assert list(Webhook.objects.values()) == before
    assert "Webhooks" not in words_of(clerk.get("/"))
