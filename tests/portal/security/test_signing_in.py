"""A05: the pages where people sign in: counted by person, nothing told of who has an account, a code used once."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.test import Client

from tests.declarations.filer.browsing import fill, send
from tests.makers import PASSWORD, make_actor

pytestmark = pytest.mark.django_db
LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"
SECRET = "JBSWY3DPEHPK3PXP"
NOBODY = "nobody@elsewhere.example"


@pytest.fixture(autouse=True)
def _ground(monkeypatch, settings):
    settings.AXES_ENABLED = True
    settings.MFA_TOTP_TOLERANCE = 1  # the half minute may turn while the test runs
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


@pytest.fixture
def user():
    return make_actor().user


def tried(email, password="wrong", source="192.0.2.1"):
    return Client(REMOTE_ADDR=source).post(LOGIN, {"login": email, "password": password})


def words(answer, email):
    text = answer.content.decode().replace(email, "")
    return re.sub(r"[A-Za-z0-9]{64}|[0-9a-f]{32}|nonce-\S+|nonce=\S+", "", text)


def test_a_wrong_password_and_an_unknown_person_are_told_the_same(user):
    known, unknown = tried(user.email), tried(NOBODY)
    assert known.status_code == unknown.status_code == 200
    assert words(known, user.email) == words(unknown, NOBODY)


def test_an_unknown_person_costs_a_password_check_too(user, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    encoded = []
    whole = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *given: encoded.append(1) or whole(self, *given))
    costs = []
    for email in (user.email, NOBODY):
        encoded.clear()
        tried(email)
        costs.append(len(encoded))
    assert costs[0] == costs[1] > 0


def test_one_person_is_guessed_at_a_few_times_only(user):
    answers = [tried(user.email) for _ in range(20)]
    assert "too many" in answers[-1].content.decode().lower()
    assert "too many" not in answers[0].content.decode().lower()
    assert tried(user.email, PASSWORD).status_code != 302


def test_one_source_guesses_at_many_people_a_few_times_only():
    answers = [tried(f"person{number}@elsewhere.example") for number in range(60)]
    assert answers[-1].status_code in (403, 429)


def test_a_forgotten_password_tells_nothing_of_who_has_an_account(user):
    answers = [fill(Client(), RESET, email=email) for email in (user.email, NOBODY)]
    assert [one.status_code for one in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert user.email in [address for one in mail.outbox for address in one.to]


def asks_anew(email, source="192.0.2.7"):
    return fill(Client(REMOTE_ADDR=source), RESET, email=email)


@pytest.mark.parametrize("is_known", [True, False])
def test_a_forgotten_password_is_asked_for_a_few_times_an_hour(user, is_known):
    """Five for a person, however the address is written and from wherever, and others are not held up by it."""
    email = user.email if is_known else NOBODY
    answers = [asks_anew(email.upper() if n % 2 else email, f"192.0.2.{n}") for n in range(7)]
    assert [one.status_code for one in answers] == [302] * 5 + [429] * 2
    assert len(mail.outbox) == 5 and "Please wait" in answers[-1].content.decode()
    assert asks_anew(make_actor().user.email).status_code == 302


def test_one_source_asks_for_the_passwords_of_a_few_people_only():
    answers = [asks_anew(f"person{number}@elsewhere.example") for number in range(22)]
    assert [one.status_code for one in answers] == [302] * 20 + [429] * 2
    assert asks_anew("person0@elsewhere.example", source="192.0.2.8").status_code == 302


def test_the_source_is_whom_the_own_proxy_names_and_not_what_is_sent_along(settings):
    """Behind a proxy all come from its address: what it wrote last counts, what the client wrote before does not."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(22):
        said = f"203.0.113.{number}, 198.51.100.1"
        answer = fill(Client(headers={"X-Forwarded-For": said}), RESET, email=f"person{number}@elsewhere.example")
    assert answer.status_code == 429
    other = Client(headers={"X-Forwarded-For": "203.0.113.1, 198.51.100.2"})
    assert fill(other, RESET, email="person0@elsewhere.example").status_code == 302


def test_a_code_of_the_authenticator_opens_once(user):
    TOTP.activate(user, SECRET)
    code = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))
    ends = []
    for _ in range(2):
        client = Client()
        shown = client.post(LOGIN, {"login": user.email, "password": PASSWORD}, follow=True)
        there = shown.redirect_chain[-1][0]
        assert "_auth_user_id" not in client.session
        send(client, shown, there, code=code)
        ends.append("_auth_user_id" in client.session)
    assert ends == [True, False]


def test_codes_are_guessed_at_a_few_times_only(user):
    TOTP.activate(user, SECRET)
    client = Client()
    shown = client.post(LOGIN, {"login": user.email, "password": PASSWORD}, follow=True)
    there = shown.redirect_chain[-1][0]
    for _ in range(12):
        client.post(there, {"code": "000000"})
    client.post(there, {"code": format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))})
    assert "_auth_user_id" not in client.session
