"""The token address: wrong secrets are counted and refused, in the shape of RFC 6749 (A05)."""

from datetime import timedelta

import pytest
from django.test import Client as HttpClient

from portal.accounts.models import Client
from portal.programs import guard
from tests.makers import NOW
from tests.support.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    """The middle of a quarter, so that no count ends while a test runs."""
    moved = NOW.replace(minute=5)
    monkeypatch.setattr("portal.programs.api.timezone.now", lambda: moved)


def ask(client_id, secret, address="192.0.2.1", **headers):
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    return HttpClient().post("/oauth/token/", form, REMOTE_ADDR=address, headers=headers)


def program():
    """One that has not asked from the addresses of these tests."""
    made = Program()
    return made.client.client_id, made.secret


def test_too_many_wrong_secrets_of_a_program_are_refused_from_everywhere(settings):
    client_id, secret = program()
    for place in range(settings.TOKEN_FAILURES):
        wrong = ask(client_id, "wrong", address=f"192.0.2.{place}")
        assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    refused = ask(client_id, secret, address="198.51.100.1")
    assert refused.status_code == 429
    assert set(refused.json()) == {"error", "error_description"}
    assert refused.json()["error"] == "temporarily_unavailable"
    assert refused["Retry-After"] == "600"
    assert refused["Cache-Control"] == "no-store"
    other_id, other_secret = program()
    assert ask(other_id, other_secret, address="198.51.100.1").status_code == 200


def test_too_many_wrong_secrets_from_an_address_are_refused_for_all_programs(settings):
    for place in range(settings.TOKEN_FAILURES):
        assert ask(f"nobody-{place}", "wrong").status_code == 401
    client_id, secret = program()
    assert ask(client_id, secret).status_code == 429
    assert ask(client_id, secret, address="192.0.2.9").status_code == 200


def test_a_program_that_was_right_is_not_locked_out_by_others(settings):
    client_id, secret = program()
    assert ask(client_id, secret).status_code == 200
    for place in range(settings.TOKEN_FAILURES):
        ask(client_id, "wrong", address=f"198.51.100.{place}")
        ask(f"nobody-{place}", "wrong")
    assert ask(client_id, secret).status_code == 200
    for _ in range(settings.TOKEN_FAILURES):
        ask(client_id, "wrong")
    assert ask(client_id, secret).status_code == 429, "its own failures there count"


def test_a_program_has_no_session_and_needs_no_token_of_a_form():
    client_id, secret = program()
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    assert HttpClient(enforce_csrf_checks=True).post("/oauth/token/", form).status_code == 200


def test_it_may_try_again_later(settings):
    tried = guard.Try("C1", "192.0.2.1")
    for _ in range(settings.TOKEN_FAILURES):
        guard.note_failure(tried, now=NOW)
    wait = guard.seconds_to_wait(tried, now=NOW)
    assert 0 < wait <= guard.QUARTER
    assert guard.seconds_to_wait(tried, now=NOW + timedelta(seconds=wait)) == 0


def test_without_the_cache_nothing_is_counted_and_tokens_are_given(monkeypatch, settings):
    def away(*args, **kwargs):
        raise ConnectionError

    settings.TOKEN_FAILURES = 1
    client_id, secret = program()
    for name in ("get", "get_many", "add", "incr", "set"):
        monkeypatch.setattr(f"portal.programs.guard.cache.{name}", away)
    assert [ask(client_id, one).status_code for one in ("wrong", "wrong", secret)] == [401, 401, 200]


def test_an_unknown_program_costs_as_much_as_a_wrong_secret(monkeypatch):
    from django.contrib.auth import hashers

    spent = []
    hasher = type(hashers.get_hasher())
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda self, *a, **k: spent.append(1) or encode(self, *a, **k))
    client_id, secret = program()
    costs = {}
    for name, tried in (("right", (client_id, secret)), ("wrong", (client_id, "wrong")), ("unknown", ("no", "wrong"))):
        spent.clear()
        ask(*tried)
        costs[name] = len(spent)
    assert costs["right"] == costs["wrong"] == costs["unknown"] == 1


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "password", "username": "a", "password": "b"}, 400, "unsupported_grant_type"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "a\0b", "client_secret": "c"}, 401, "invalid_client"),
    ],
)
def test_every_refusal_has_the_shape_of_oauth(form, status, error):
    answer = HttpClient().post("/oauth/token/", form)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/json"), answer.content
    assert answer.json()["error"] == error
    assert answer.json()["error_description"]


def test_other_methods_and_headers_are_refused_in_shape():
    answer = HttpClient().get("/oauth/token/")
    assert (answer.status_code, answer["Allow"], answer.json()["error"]) == (405, "POST", "invalid_request")
    for basic in ("Basic", "Basic !!!", "Basic /w==", "Bearer x", "Basic Og=="):
        answer = HttpClient().post(
            "/oauth/token/", {"grant_type": "client_credentials"}, headers={"Authorization": basic}
        )
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client"), basic


def test_a_scope_that_was_not_given_is_refused_with_words():
    made = Program(scopes="read")
    answer = made.ask_token(scope="file")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert "not given this scope" in answer.json()["error_description"]
    assert Client.objects.filter(pk=made.client.pk).exists()


def test_the_address_is_what_our_own_proxies_have_seen(rf, settings):
    request = rf.post("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "203.0.113.7, 192.0.2.44"})
    assert guard.address_of(request) == "10.0.0.1"
    settings.PROXIES = 1
    assert guard.address_of(request) == "192.0.2.44"
    settings.PROXIES = 3
    assert guard.address_of(request) == "10.0.0.1", "what others have written is not believed"
