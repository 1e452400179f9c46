"""A06: with Redis away nothing is counted, and people and programs go on: over the API, in the pages, at sign-in."""

import socket

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache, caches
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client
from django.urls import reverse
from redis.exceptions import ConnectionError as RedisAway

from declarations.models import Declaration
from portal.settings import caches_of
from portal.steady_cache import _away
from tests.makers import PASSWORD, make_actor, make_declaration
from tests.portal.security.test_second_factor import shown, sign_in
from tests.support.programs import Program, own_document

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"


@pytest.fixture
def no_redis(settings):
    """The cache is a Redis at a port where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    settings.CACHES = caches_of(f"redis://127.0.0.1:{port}/0")
    with pytest.raises(RedisAway):
        caches["counts"].get("anything")
    yield
    _away["until"] = 0.0
    LocMemCache("steady", {}).clear()


@pytest.fixture(autouse=True)
def _ground(monkeypatch, settings):
    settings.WHITENOISE_AUTOREFRESH = True
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


def test_programs_get_tokens_and_file_beyond_their_quota(no_redis, settings):
    settings.API_QUOTA_BY_TIER = '{"standard": 2}'
    program = Program()
    assert program.ask_token(client_secret="wrong").status_code == 401
    for number in range(4):
        answer = program.file(own_document(program, functional_reference_id=f"AWAY{number}"))
        assert answer.status_code == 202, answer.content
        assert (answer["RateLimit-Limit"], answer["RateLimit-Remaining"]) == ("2", "2"), "told as if nothing was used"
    assert program.get("declarations").status_code == 200
    assert Declaration.objects.filter(filing="SUBMITTED").count() == 4


def test_people_sign_in_sign_and_send(no_redis):
    actor = make_actor()
    declaration = make_declaration("S01", actor=actor, until="signed")
    client = Client()
    assert client.post(LOGIN, {"login": actor.user.email, "password": "wrong"}).status_code == 200
    assert client.post(LOGIN, {"login": actor.user.email, "password": PASSWORD}).status_code == 302
    assert client.get("/").status_code == 200
    assert client.post(reverse("declaration_submission", args=[declaration.reference])).status_code == 302
    declaration.refresh_from_db()
    assert declaration.filing == "SUBMITTED"


def test_a_forgotten_password_is_asked_for(no_redis):
    assert Client().post(RESET, {"email": make_actor().user.email}).status_code == 302


def test_codes_open_once_and_are_guessed_at_a_few_times_only(no_redis, settings):
    settings.MFA_TOTP_TOLERANCE = 1
    user = make_actor().user
    TOTP.activate(user, SECRET)
    code = shown(SECRET)
    assert [sign_in(user, code), sign_in(user, code)] == [True, False]
    other = make_actor().user
    TOTP.activate(other, SECRET)
    client = Client()
    there = client.post(LOGIN, {"login": other.email, "password": PASSWORD}, follow=True).redirect_chain[-1][0]
    for _ in range(12):
        client.post(there, {"code": "000000"})
    client.post(there, {"code": shown(SECRET, ahead=1)})
    assert "_auth_user_id" not in client.session


def test_redis_is_asked_again_after_a_while(no_redis):
    assert cache.add("mark", 1, timeout=60) is True
    assert _away["until"] > 0
    assert cache.add("mark", 1, timeout=60) is False
    assert cache.get("mark") == 1 and cache.get_many(["mark", "other"]) == {"mark": 1}
    _away["until"] = 0.0
    assert cache.get("mark") == 1, "asked again, away still, remembered here"
    assert _away["until"] > 0
