"""A program's people know fourteen days ahead that it ends: once, on every page where they would look."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from portal.accounts import roles
from portal.accounts.models import Client
from portal.clocks.models import JobRun
from portal.desk.models import Event, Notice, Task
from portal.parameters.models import Parameter
from portal.programs.tasks import tell_of_endings_daily
from portal.programs.upkeep import tell_of_endings
from portal.timezones import party_date
from tests.declarations.filer.browsing import fill, page_of, signed_in, words_of
from tests.makers import PASSWORD, make_actor, make_importer, make_user
from tests.portal.programs.test_pages import at, last_day
from tests.support.programs import Program

pytestmark = pytest.mark.django_db
LIST = "/organization/programs/"


@pytest.fixture
def actor():
    return make_actor(role=roles.IMPORTER_ADMIN)


@pytest.fixture
def client(actor):
    return signed_in(actor.user)


def ending(organization, days):
    program = Program(organization).client
    Client.objects.filter(pk=program.pk).update(
        client_id=f"C{program.pk:012}", expires_at=timezone.now() + timedelta(days=days)
    )
    program.refresh_from_db()
    return program


def told():
    return [Notice.objects.count(), Task.objects.count(), Event.objects.filter(kind="program.ending").count()]


def test_it_is_told_once_everywhere(actor, client, django_capture_on_commit_callbacks):
    program = ending(actor.organization, 13)
    make_user(organization=actor.organization, role=roles.IMPORTER_USER)
    assert "Choose a later last day" in words_of(client.get("/")), "the pages do not wait for the clock"
    with django_capture_on_commit_callbacks(execute=True):
        assert tell_of_endings(now=timezone.now()) == 1
    assert told() == [1, 1, 1]
    assert [one.to for one in mail.outbox] == [[actor.user.email]], "those who look after programs, and nobody else"
    assert program.name in mail.outbox[0].body
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            assert tell_of_endings(now=timezone.now() + timedelta(days=1)) == 0
    assert told() == [1, 1, 1] and len(mail.outbox) == 1
    home = client.get("/")
    assert page_of(home).xpath(f"//div[contains(@class, 'usa-alert')]//a[@href='{at('program', program)}']")
    assert page_of(home).xpath(f"//aside//a[@href='{at('program', program)}']") or page_of(home).xpath(
        f"//section//a[@href='{at('program', program)}']"
    )
    assert "expires soon" in words_of(client.get(LIST))
    assert "It ends soon" in words_of(client.get(at("program", program)))
    assert program.name in words_of(client.get("/tasks/"))


@pytest.mark.parametrize("days", [15, -1])
def test_nothing_is_said_too_early_or_afterwards(actor, client, days):
    ending(actor.organization, days)
    Program(actor.organization)  # one that never ends
    assert tell_of_endings(now=timezone.now()) == 0
    assert told() == [0, 0, 0]
    assert "Choose a later last day" not in words_of(client.get("/"))
    assert "expires soon" not in words_of(client.get(LIST))


def test_a_later_last_day_settles_it_and_the_next_end_is_told_again(actor, client):
    program = ending(actor.organization, 5)
    tell_of_endings(now=timezone.now())
    fill(client, at("program_change", program), scopes=["read"], last_day=last_day(60), password=PASSWORD)
    assert not Task.objects.filter(state="OPEN").exists()
    assert "Choose a later last day" not in words_of(client.get("/"))
    assert tell_of_endings(now=timezone.now()) == 0
    assert tell_of_endings(now=timezone.now() + timedelta(days=55)) == 1


def test_a_closed_program_and_one_of_others_are_not_spoken_of(actor, client):
    program = ending(actor.organization, 5)
    other = ending(make_importer(), 5)
    Client.objects.filter(pk=program.pk).update(closed_at=timezone.now())
    assert tell_of_endings(now=timezone.now()) == 1
    assert Notice.objects.get().organization == other.organization
    assert "Choose a later last day" not in words_of(client.get("/"))
    assert other.name not in words_of(client.get("/tasks/"))


def test_the_end_of_a_sandboxs_program_is_told_to_whom_it_belongs(actor):
    place = make_importer()
    type(place).objects.filter(pk=place.pk).update(sandbox_of=actor.organization)
    ending(place, 5)
    assert tell_of_endings(now=timezone.now()) == 1
    assert Task.objects.get().organization == actor.organization


def test_the_clock_does_it_once_a_day_whatever_the_number_of_schedulers(actor):
    ending(actor.organization, 5)
    assert [tell_of_endings_daily() for _ in range(3)] == [1, 0, 0]
    assert JobRun.objects.filter(name="programs.endings").count() == 1


def test_how_many_days_is_dated_data(actor):
    ending(actor.organization, 20)
    on = party_date(timezone.now(), "US")
    Parameter.objects.create(party="US", name="program_notice_days", value="30", effective_from=on, source="A test")
    assert tell_of_endings(now=timezone.now()) == 1
