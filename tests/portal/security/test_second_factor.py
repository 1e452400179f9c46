"""A05: an authenticator is set up, used, replaced by a paper code and removed, each with the credentials again."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client

from portal.accounts import roles
from portal.trail.models import TrailEntry
from tests.declarations.filer.browsing import error_at, fill, page_of, send, words_of
from tests.makers import PASSWORD, make_actor, make_mandate
from tests.visiting import officer, signed_in

pytestmark = pytest.mark.django_db
HOME, ADD, CODES, REMOVE = (f"/accounts/2fa/{one}" for one in ("", "add/", "codes/", "remove/"))
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _ground(monkeypatch, settings):
    settings.MFA_TOTP_TOLERANCE = 1  # the half minute may turn while the test runs
    settings.WHITENOISE_AUTOREFRESH = True
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


@pytest.fixture
def user():
    return make_actor().user


def shown(secret, ahead=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def secret_on(answer):
    return page_of(answer).xpath("//code[@id='secret']")[0].text_content().replace(" ", "")


def enrolled(user):
    """The secret and the recovery codes, as the pages give them."""
    client = signed_in(user)
    page = client.get(ADD)
    secret = secret_on(page)
    answer = send(client, page, ADD, password=PASSWORD, code=shown(secret))
    codes = [one.text_content() for one in page_of(answer).xpath("//ul[@class='portal-codes']//code")]
    return secret, codes


def sign_in(user, code):
    client = Client()
    page = client.post(LOGIN, {"login": user.email, "password": PASSWORD}, follow=True)
    there = page.redirect_chain[-1][0]
    assert "_auth_user_id" not in client.session
    answer = send(client, page, there, code=code)
    if answer.status_code == 200:
        assert "does not fit" in error_at(answer, "code")
    return "_auth_user_id" in client.session


def kinds(user):
    found = TrailEntry.objects.filter(subject=f"user:{user.reference}").order_by("seq")
    return [one.kind.removeprefix("person.second_factor_") for one in found]


def test_it_is_set_up_with_password_and_code_and_told_by_mail(user, django_capture_on_commit_callbacks):
    client = signed_in(user)
    page = client.get(ADD)
    secret = secret_on(page)
    assert page["Cache-Control"].startswith("max-age=0") and "no-store" in page["Cache-Control"]
    assert secret_on(client.get(ADD)) == secret, "the same while it is being set up"
    wrong = send(client, page, ADD, password="wrong", code=shown(secret))
    assert (wrong.status_code, "password" in error_at(wrong, "password")) == (422, True)
    wrong = send(client, page, ADD, password=PASSWORD, code="000000")
    assert (wrong.status_code, "authenticator" in error_at(wrong, "code")) == (422, True)
    assert not Authenticator.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        done = send(client, page, ADD, password=PASSWORD, code=shown(secret))
    assert done.status_code == 200 and "no-store" in done["Cache-Control"]
    codes = [one.text_content() for one in page_of(done).xpath("//ul[@class='portal-codes']//code")]
    assert "Each serves once, to sign in or to remove the authenticator" in words_of(done)
    assert len(set(codes)) == 10 and all(re.fullmatch("[0-9]{8}", one) for one in codes)
    assert Authenticator.objects.filter(user=user).count() == 2
    assert kinds(user)[-1] == "on"
    (told,) = mail.outbox
    assert told.to == [user.email] and secret not in told.body and codes[0] not in told.body
    assert client.get(ADD).url == HOME and "10 are left" in words_of(client.get(HOME))
    assert codes[0] not in client.get(HOME).content.decode()


def test_the_picture_says_the_secret_and_is_drawn_here(user):
    page = signed_in(user).get(ADD)
    text = page.content.decode()
    svg = re.search(r"<svg class=\"portal-qr\".*?</svg>", text)[0]
    assert "href" not in svg and "style=" not in svg and 'role="img"' in svg
    squares = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1", svg)}
    from qrcode import ERROR_CORRECT_M, QRCode

    from portal.second_factor.drawing import address_of

    code = QRCode(border=4, error_correction=ERROR_CORRECT_M)
    code.add_data(address_of(user.email, secret_on(page)))
    matrix = code.get_matrix()
    assert squares == {(x, y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}
    assert f"secret={secret_on(page)}" in address_of(user.email, secret_on(page))


def test_the_code_that_set_it_up_opens_nothing_more_and_the_next_one_once(user):
    secret, _ = enrolled(user)
    assert sign_in(user, shown(secret)) is False
    assert sign_in(user, "000000") is False
    assert sign_in(user, shown(secret, ahead=1)) is True
    assert sign_in(user, shown(secret, ahead=1)) is False


def test_a_recovery_code_opens_once(user):
    _, codes = enrolled(user)
    assert sign_in(user, codes[3]) is True
    assert sign_in(user, codes[3]) is False
    assert sign_in(user, codes[4]) is True
    assert "8 are left" in words_of(signed_in(user).get(HOME))


def test_new_recovery_codes_end_the_earlier_ones(user):
    secret, codes = enrolled(user)
    client = signed_in(user)
    assert "A recovery code does not serve here" in words_of(client.get(CODES))
    refused = fill(client, CODES, password=PASSWORD, code=codes[0])
    assert refused.status_code == 422 and "A recovery code does not serve here" in error_at(refused, "code")
    assert fill(client, CODES, password="wrong", code=shown(secret, ahead=1)).status_code == 422
    answer = fill(client, CODES, password=PASSWORD, code=shown(secret, ahead=1))
    new = [one.text_content() for one in page_of(answer).xpath("//ul[@class='portal-codes']//code")]
    assert len(new) == 10 and not set(new) & set(codes)
    assert kinds(user)[-1] == "codes"
    assert sign_in(user, codes[1]) is False
    assert sign_in(user, new[1]) is True


def test_removal_needs_the_password_and_a_code_however_lately_one_signed_in(user):
    secret, codes = enrolled(user)
    client = signed_in(user)
    for given in ({}, {"password": PASSWORD}, {"code": codes[0]}, {"password": PASSWORD, "code": "12345678"}):
        assert fill(client, REMOVE, **given).status_code == 422, given
        assert Authenticator.objects.filter(user=user, type="totp").exists()
    assert fill(client, REMOVE, password=PASSWORD, code=codes[0]).url == HOME
    assert not Authenticator.objects.filter(user=user).exists()
    entry = TrailEntry.objects.filter(subject=f"user:{user.reference}").order_by("seq").last()
    assert entry.kind == "person.second_factor_off" and "password+recovery" in entry.body
    assert client.get(REMOVE).status_code == 200
    assert fill(client, REMOVE, password=PASSWORD, code=codes[1]).url == HOME  # there is none: nothing to confirm
    assert kinds(user).count("off") == 1
    assert signed_in(user).get(HOME).status_code == 200
    assert Client().post(LOGIN, {"login": user.email, "password": PASSWORD}).status_code == 302


def test_guesses_are_counted_and_then_nothing_is_tried(user):
    secret, codes = enrolled(user)
    client = signed_in(user)
    for _ in range(5):
        fill(client, REMOVE, password=PASSWORD, code="000000")
    for page in (REMOVE, CODES):
        answer = fill(client, page, password=PASSWORD, code=codes[0])
        assert answer.status_code == 429
        assert "Too many wrong passwords or codes" in error_at(answer, "password")
    assert Authenticator.objects.filter(user=user).count() == 2
    cache.clear()


def test_officers_set_theirs_up_too_and_are_sent_there_where_they_have_to(settings):
    one = officer(roles.AUDITOR)
    client = signed_in(one)
    assert client.get("/admin/").status_code == 200 and HOME in client.get("/admin/").content.decode()
    settings.SECOND_FACTOR_FOR = ["officers"]
    for page in ("/admin/", "/admin/declarations/declaration/"):
        assert client.get(page).url == HOME
    assert client.get(HOME).status_code == 200
    enrolled(one)
    assert client.get("/admin/").status_code == 200


def test_a_mandate_is_signed_with_a_code():
    actor = make_actor(role=roles.IMPORTER_ADMIN)
    given = make_mandate(principal=actor.organization, until="asked")
    page = f"/brokers/mandates/{given.number}/sign/"
    client = signed_in(actor.user)
    asked = page_of(client.get(page))
    assert asked.xpath(f"//main//a[@href='{ADD}']") and not asked.xpath("//main//button")
    assert asked.xpath("//main//input[not(@type='hidden')]") == [], "nothing to fill in that would be refused"
    digest = asked.xpath("//input[@name='digest']/@value")[0]
    refused = client.post(page, {"digest": digest, "password": PASSWORD, "payment": "true"})
    assert refused.status_code == 422
    assert page_of(refused).xpath(f"//a[@href='{ADD}']")
    given.refresh_from_db()
    assert given.state == "ASKED"
    secret, codes = enrolled(actor.user)
    assert "A recovery code does not serve here" in words_of(client.get(page))
    for unfit in (shown(secret), codes[0]):  # the set-up has used the one; the other is for signing in
        wrong = fill(client, page, password=PASSWORD, payment="true", code=unfit)
        assert wrong.status_code == 422
        words = error_at(wrong, "code")
        assert "it has been used" in words and "A recovery code does not serve here" in words
    assert fill(client, page, password=PASSWORD, payment="true", code=shown(secret, ahead=1)).status_code == 302
    given.refresh_from_db()
    assert (given.state, given.method) == ("LIVE", "password+totp")


def test_an_operator_helps_somebody_who_has_lost_both_and_nobody_helps_themselves(user):
    enrolled(user)
    page = f"/admin/accounts/user/{user.pk}"
    for role in (roles.AUDITOR, roles.CUSTOMS_OFFICER):
        assert signed_in(officer(role)).post(f"{page}/act/second_factor/", {"reason": "lost"}).status_code == 403
    operator = officer(roles.OPERATOR)
    client = signed_in(operator)
    assert "act/second_factor/" in client.get(f"{page}/change/").content.decode()
    assert client.post(f"{page}/act/second_factor/", {"reason": " "}).status_code == 200, "a reason is asked for"
    assert Authenticator.objects.filter(user=user).count() == 2
    assert client.post(f"{page}/act/second_factor/", {"reason": "The phone is lost."}).status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()
    entry = TrailEntry.objects.filter(subject=f"user:{user.reference}").order_by("seq").last()
    assert entry.kind == "person.second_factor_off" and "The phone is lost." in entry.body
    assert entry.actor == f"user:{operator.reference}"
    assert "act/second_factor/" not in client.get(f"{page}/change/").content.decode()
    enrolled(operator)
    client.post(f"/admin/accounts/user/{operator.pk}/act/second_factor/", {"reason": "mine"})
    assert Authenticator.objects.filter(user=operator).count() == 2
