"""The pages of programs: by those who answer for them, about the organization's own programs alone."""

import re
from datetime import timedelta

import pytest
from django.test import Client as HttpClient
from django.urls import reverse
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from portal.accounts import roles
from portal.accounts.models import Client, Organization
from portal.desk.models import Event
from portal.timezones import party_date
from portal.trail.models import TrailEntry
from tests.declarations.filer.browsing import error_at, field, fill, page_of, signed_in, words_of
from tests.makers import PASSWORD, make_actor, make_agent, make_user
from tests.support.programs import Program

pytestmark = pytest.mark.django_db
LIST, ADD = "/organization/programs/", "/organization/programs/add/"
ABOUT_ONE = ("program", "program_change", "program_rotate", "program_end_secret", "program_close")
ACTS = ("program_change", "program_rotate", "program_end_secret", "program_close")


@pytest.fixture
def actor():
    return make_actor(role=roles.IMPORTER_ADMIN)


@pytest.fixture
def client(actor):
    return signed_in(actor.user)


def last_day(days=365):
    return (party_date(timezone.now()) + timedelta(days=days)).isoformat()


def post(client, page, **more):
    known = {"name": "Warehouse system", "scopes": ["read", "file"], "last_day": last_day(), "password": PASSWORD}
    return client.post(page, known | more)


def secret_on(answer):
    (found,) = re.findall(r'id="secret">(cps_[\w-]{48})<', answer.content.decode())
    return found


def added(client, **more):
    """The program and its secret."""
    answer = post(client, ADD, **more)
    assert answer.status_code == 200, answer
    return Client.objects.latest("pk"), secret_on(answer)


def token(program, secret, **more):
    form = {"grant_type": "client_credentials", "client_id": program.client_id, "client_secret": secret}
    return HttpClient().post("/oauth/token/", form | more)


def asks(text):
    return HttpClient().get("/api/v1/declarations", headers={"Authorization": f"Bearer {text}"}).status_code


def at(name, program):
    return reverse(name, args=[program.client_id])


def kinds(model=TrailEntry):
    return list(model.objects.filter(kind__startswith="program.").order_by("pk").values_list("kind", flat=True))


def test_from_the_first_program_to_its_first_request(client, actor):
    assert "No program yet" in words_of(client.get(LIST))
    shown = client.get(ADD)
    assert field(shown, "last_day").get("value") == last_day()
    answer = post(client, ADD)
    assert "no-store" in answer["Cache-Control"]
    program, secret = Client.objects.get(), secret_on(answer)
    assert (program.organization, program.signatory, program.scopes) == (actor.organization, actor.user, "read file")
    assert secret not in program.client_secret
    for page in (LIST, at("program", program)):
        assert secret not in client.get(page).content.decode(), "shown once"
    given = token(program, secret).json()
    assert given["scope"].split() == ["read", "file"]
    assert asks(given["access_token"]) == 200
    listed = words_of(client.get(LIST))
    assert "Warehouse system" in listed and program.client_id in listed and "Open" in listed
    assert kinds() == kinds(Event) == ["program.add"]
    entry = TrailEntry.objects.get(kind="program.add")
    assert entry.subject == f"organization:{actor.organization.reference}"
    assert actor.user.reference in entry.body and secret not in entry.body


def test_what_is_missing_or_unfit_is_said_at_its_field(client):
    answer = post(client, ADD, name=" ", scopes=[], last_day="soon", password="")
    for name, words in (("name", "Give the program a name"), ("last_day", "year in four digits"),
                        ("password", "Give the password")):  # fmt: skip
        assert words in error_at(answer, name)
    assert "Choose at least one thing" in words_of(answer)
    for unfit in (last_day(-1), last_day(731)):
        assert "at most two years" in error_at(post(client, ADD, last_day=unfit), "last_day")
    assert "not your password" in error_at(post(client, ADD, password="wrong"), "password")
    assert not Client.objects.exists()


def test_guessing_at_the_password_ends(client):
    for _ in range(5):
        post(client, ADD, password="wrong")
    refused = post(client, ADD)
    assert refused.status_code == 429
    assert "Too many wrong passwords or codes" in error_at(refused, "password")
    assert not Client.objects.exists()


@pytest.mark.parametrize(
    ("role", "kind", "offered"),
    [
        (roles.IMPORTER_ADMIN, "importer", ["read", "draft", "file"]),
        (roles.BROKER, "broker", ["read", "draft"]),
        (roles.LICENSED_INDIVIDUAL, "broker", ["read", "draft", "file"]),
        (roles.SERVICE_PROVIDER, "provider", ["read", "draft", "file"]),
    ],
)
def test_nobody_gives_more_than_they_may_do(role, kind, offered):
    place = make_agent(kind) if kind != "importer" else None
    client = signed_in(make_actor(organization=place, role=role).user)
    shown = page_of(client.get(ADD))
    assert shown.xpath("//input[@name='scopes']/@value") == offered
    if "file" not in offered:
        answer = post(client, ADD)
        assert answer.status_code == 200 and "Choose from what is offered" in words_of(answer)
        assert not Client.objects.exists()


def test_who_may_not_manage_programs_does_not_see_them(actor):
    clerk = signed_in(make_user(organization=actor.organization, role=roles.IMPORTER_USER))
    assert clerk.get(LIST).status_code == 403
    assert "Programs that use the API" not in clerk.get("/").content.decode()
    assert "Programs that use the API" in signed_in(actor.user).get("/").content.decode()


def test_somebody_elses_program_does_not_exist(client):
    other = Program()
    for name in ABOUT_ONE:
        for method in ("get", "post"):
            found = getattr(client, method)(at(name, other.client))
            missing = getattr(client, method)(reverse(name, args=["C000000000000"]))
            assert found.status_code == missing.status_code
            assert found.status_code in (404, 405), name
    other.client.refresh_from_db()
    assert other.client.closed_at is None
    assert other.client.name not in words_of(client.get(LIST))


def test_two_secrets_hold_for_a_while_and_the_earlier_one_can_be_ended(client):
    program, first = added(client)
    answer = fill(client, at("program_rotate", program), hours="72", password=PASSWORD)
    second = secret_on(answer)
    assert "The earlier secret holds until" in words_of(answer)
    program.refresh_from_db()
    assert timedelta(hours=71) < program.previous_until - timezone.now() < timedelta(hours=73)
    held = token(program, first).json()["access_token"]
    assert asks(held) == asks(token(program, second).json()["access_token"]) == 200
    basic = {"Authorization": "Basic " + _base64(f"{program.client_id}:{first}")}
    assert HttpClient().post("/oauth/token/", {"grant_type": "client_credentials"}, headers=basic).status_code == 200
    assert "Two hold" in words_of(client.get(at("program", program)))
    again = fill(client, at("program_rotate", program), hours="1", password=PASSWORD)
    assert "Two secrets hold already" in words_of(again)
    ended = client.post(at("program_end_secret", program), follow=True)
    assert "The earlier secret has ended; only the newest one holds." in words_of(ended)
    assert token(program, first).status_code == 401
    assert asks(held) == 401, "it may have been asked for with the earlier secret"
    assert token(program, second).status_code == 200
    assert "no earlier secret" in words_of(client.post(at("program_end_secret", program)))
    assert kinds() == ["program.add", "program.rotate", "program.end_secret"]


def test_the_earlier_secret_ends_by_itself_or_at_once(client):
    program, first = added(client)
    second = secret_on(fill(client, at("program_rotate", program), hours="24", password=PASSWORD))
    Client.objects.filter(pk=program.pk).update(previous_until=timezone.now() - timedelta(seconds=1))
    assert [token(program, one).status_code for one in (first, second)] == [401, 200]
    third = secret_on(fill(client, at("program_rotate", program), hours="0", password=PASSWORD))
    assert [token(program, one).status_code for one in (second, third)] == [401, 200]
    shown = fill(client, at("program_rotate", program), hours="24", password="wrong")
    assert "not your password" in error_at(shown, "password")


def test_a_closed_program_stops_at_once_and_for_good(client):
    program, secret = added(client)
    held = token(program, secret).json()["access_token"]
    closed = client.post(at("program_close", program), follow=True)
    assert "The program is closed; its tokens open nothing any more." in words_of(closed)
    assert (asks(held), token(program, secret).status_code) == (401, 401)
    assert not get_access_token_model().objects.filter(application=program).exists()
    assert "Closed" in words_of(client.get(LIST))
    for name in ACTS:
        answer = post(client, at(name, program), hours="24")
        assert "closed" in words_of(answer), name
    assert kinds() == ["program.add", "program.close"]


def test_a_program_that_may_do_less_loses_its_tokens_and_keeps_its_signatory(client, actor):
    program, secret = added(client)
    held = token(program, secret).json()["access_token"]
    other = make_user(organization=actor.organization, role=roles.IMPORTER_ADMIN)
    saved = post(signed_in(other), at("program_change", program), scopes=["read"], last_day=last_day(30))
    assert saved.status_code == 302
    program.refresh_from_db()
    assert (program.scopes, program.signatory) == ("read", actor.user)
    assert asks(held) == 401
    assert token(program, secret, scope="file").status_code == 400
    saved = post(signed_in(other), at("program_change", program), scopes=["read", "file"])
    program.refresh_from_db()
    assert (program.scopes, program.signatory) == ("read file", other), "who gives more answers for it"
    assert "expires_at" in TrailEntry.objects.filter(kind="program.change").latest("pk").body


def test_nobody_takes_over_a_program_that_may_do_more_than_they():
    place = make_agent("broker")
    owner = signed_in(make_actor(organization=place, role=roles.LICENSED_INDIVIDUAL).user)
    program, _secret = added(owner)
    staff = signed_in(make_actor(organization=place, role=roles.BROKER).user)
    refused = fill(staff, at("program_rotate", program), hours="24", password=PASSWORD)
    assert "do not let you give 'file'" in words_of(refused)
    refused = post(staff, at("program_change", program), last_day=last_day(700))
    assert "do not let you give 'file'" in words_of(refused)
    assert post(staff, at("program_change", program), scopes=["read"], last_day=last_day(10)).status_code == 302


def test_the_state_is_told(client, actor):
    program, _secret = added(client, last_day=last_day(10))
    assert "expires soon" in words_of(client.get(LIST))
    Client.objects.filter(pk=program.pk).update(expires_at=timezone.now() - timedelta(days=1))
    assert "Expired" in words_of(client.get(LIST))
    assert post(client, at("program_change", program)).status_code == 302
    gone = make_user(organization=actor.organization, role=roles.IMPORTER_USER)
    Client.objects.filter(pk=program.pk).update(signatory=gone)
    gone.memberships.all().delete()
    assert "no role here" in words_of(client.get(at("program", program)))


def test_an_organization_has_so_many_programs_at_most(client, monkeypatch):
    monkeypatch.setattr("portal.programs.services.MOST", 1)
    added(client)
    assert "Close one first" in words_of(post(client, ADD))


def test_a_code_of_the_authenticator_is_asked_for_where_there_is_one(client, monkeypatch):
    monkeypatch.setattr("portal.programs.web.has_second_factor", lambda user: True)
    assert field(client.get(ADD), "code").get("autocomplete") == "one-time-code"


def test_organizations_do_not_share(client):
    Organization.objects.create(name="Another", kind="importer")
    added(client)
    assert Client.objects.filter(organization__name="Another").count() == 0


def _base64(text):
    import base64

    return base64.b64encode(text.encode()).decode()
