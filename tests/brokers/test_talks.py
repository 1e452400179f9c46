"""Talks between importer and broker are noted by either side, read by both, and stay as they were noted."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts import roles
from portal.desk.models import Event
from portal.timezones import party_date
from portal.trail.models import TrailEntry
from portal.trail.verification import verify
from tests.declarations.filer.browsing import error_at, fill, signed_in, value_in, words_of
from tests.makers import make_agent, make_mandate, make_user
from tests.support.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def mandate():
    return make_mandate(agent=make_agent())


@pytest.fixture
def clerk(mandate):
    return signed_in(make_user(organization=mandate.principal, role=roles.IMPORTER_USER))


@pytest.fixture
def broker(mandate):
    return signed_in(make_user(organization=mandate.agent, role=roles.LICENSED_INDIVIDUAL))


def today():
    return party_date(timezone.now())


def said(**more):
    return {
        "on": today().isoformat(),
        "means": "phone",
        "whom": "Robin Clerk",
        "words": "The origin of the toys.",
    } | more


def at(name, mandate):
    return reverse(name, args=[mandate.number])


def test_either_side_notes_one_and_both_read_it(mandate, clerk, broker):
    assert "None is noted." in words_of(clerk.get(at("mandate", mandate)))
    page = at("mandate_talk", mandate)
    assert mandate.principal.name in words_of(broker.get(page))
    assert fill(broker, page, **said())["Location"] == at("mandate", mandate)
    fill(clerk, page, **said(means="email", whom="Sam Broker", words="The value of the toys."))
    for client in (clerk, broker):
        shown = words_of(client.get(at("mandate", mandate)))
        assert "With Robin Clerk, by telephone. The origin of the toys." in shown
        assert shown.index("by e-mail") < shown.index("by telephone"), "the newest first"
    assert Event.objects.filter(kind="mandate.talk", reference=mandate.number).count() == 4
    assert not list(verify(mandate.number))


@pytest.mark.parametrize(
    ("field", "text"),
    [("on", "2001-01-01"), ("on", "2099-01-01"), ("on", "soon"), ("on", ""), ("means", ""), ("whom", " "),
     ("words", ""), ("words", "x" * 501)],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_stays(mandate, broker, field, text):
    page = at("mandate_talk", mandate)
    shown = broker.post(page, said(**{field: text}))
    assert shown.status_code == 422 and error_at(shown, field)
    if field != "whom":
        assert value_in(shown, "whom") == "Robin Clerk"
    assert not TrailEntry.objects.filter(kind="mandate.talk").exists()


def test_nothing_is_noted_under_a_mandate_that_is_over(broker, mandate):
    type(mandate).objects.filter(pk=mandate.pk).update(state="REVOKED")
    assert "Note a talk" not in words_of(broker.get(at("mandate", mandate)))
    assert broker.post(at("mandate_talk", mandate), said())["Location"] == at("mandate", mandate)
    assert "This mandate is over." in words_of(broker.get(at("mandate", mandate)))
    assert not TrailEntry.objects.filter(kind="mandate.talk").exists()


def test_programs_note_and_read_them_too(mandate):
    importer = Program(mandate.principal)
    broker = Program(mandate.agent, role=roles.LICENSED_INDIVIDUAL)
    address = f"mandates/{mandate.number}"
    answers = [broker.post(f"{address}/talks", said(), key="once") for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200], answers[0].content
    (talk,) = importer.get(address).json()["talks"]
    assert talk.pop("noted_at") and talk.pop("noted_by") == "Test program"
    assert talk == said()
    late = broker.post(f"{address}/talks", said(on=(today() + timedelta(days=1)).isoformat()))
    assert (late.status_code, late.json()["code"]) == (422, "MANDATE_TALK")
    assert late.json()["violations"][0]["pointer"] == "/on"
    assert Program().post(f"{address}/talks", said()).status_code == 404


def test_a_personal_number_in_it_is_kept_sealed(mandate, broker):
    fill(broker, at("mandate_talk", mandate), **said(words="Asked for 123-45-6789."))
    entry = TrailEntry.objects.get(kind="mandate.talk")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM trail_trailentry WHERE id = %s", [entry.pk])
        assert "123-45-6789" not in str(cursor.fetchone())
        cursor.execute("SELECT changes FROM desk_event WHERE kind = 'mandate.talk'")
        assert "123-45-6789" not in str(cursor.fetchall())
