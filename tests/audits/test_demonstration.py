"""The demonstration stands in every status the portal knows, and stays there while the portal runs."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from audits.demonstration.filings import make_filings
from audits.demonstration.people import PEOPLE, actor_of, make_people
from audits.demonstration.stories import STORIES
from audits.remedies.flow import State as ChangeState
from audits.remedies.models import LawChange
from audits.remedies.rates import load_rates
from audits.remedies.tasks import work_law_changes
from declarations.flow import Filing
from declarations.models import Declaration
from declarations.selectors import home_lists, messages_of, state_of, timeline
from declarations.services import operating
from declarations.tasks import apply_outcomes, apply_responses, expire_drafts, remind_deadlines
from declarations.words import CUSTOMS, FILING_WORDS, LEGAL_WORDS, MESSAGE_WORDS
from portal.accounts.models import Organization, User
from portal.complaints.models import Complaint
from portal.desk.models import Event, Notice, Task
from portal.gateway.channels import Channel
from portal.gateway.models import InboundMessage, OutboundMessage
from portal.gateway.tasks import relay
from portal.trail.verification import verify
from tests.makers import NOW

DERIVED = {"Release suspended", "Documents asked for", "Held by an agency", "Being examined", "Payment asked"}
KNOWN = DERIVED | {one.word for table in (FILING_WORDS, LEGAL_WORDS, MESSAGE_WORDS) for one in table.values()}
CLERKS = ("clerk@importer.example", "clerk@second.example")


@pytest.fixture
def told(starter, settings, tmp_path):
    settings.VAR = tmp_path
    load_rates()
    return make_filings(people=make_people(now=NOW), now=NOW)


def words():
    rows = Declaration.objects.select_related("importer").order_by("pk")
    return {one.functional_reference_id: state_of(one, messages_of(one)).word for one in rows}


def page_of(email, address):
    client = Client()
    client.force_login(User.objects.get(email=email))
    return client.get(address).content.decode()


def test_every_status_stands_and_holds(told, capsys):
    assert words() == {one.own: one.status for one in STORIES}
    assert set(words().values()) == KNOWN
    by_importer = {email: Declaration.objects.filter(importer=actor_of(email, "").organization) for email in CLERKS}
    assert [rows.count() >= 5 for rows in by_importer.values()] == [True, True]
    assert all(home_lists(actor_of(email, ""))[CUSTOMS] for email in CLERKS)
    unpaid = Declaration.objects.get(legal="CLEARED", standing__payment_asked=True)
    assert Task.objects.filter(subject=unpaid.reference, state=Task.State.OPEN).count() == 1
    assert OutboundMessage.objects.filter(state="DEAD").count() == 1
    assert InboundMessage.objects.filter(state="UNMATCHED").count() == 1
    call_command("recompute")
    assert "0 differ" in capsys.readouterr().out
    assert list(verify(None)) == []


def test_what_happened_lies_in_the_past_and_in_order(told):
    begun = list(Declaration.objects.order_by("pk").values_list("created_at", flat=True))
    assert begun == sorted(begun)
    assert NOW - timedelta(days=120) < begun[0] < NOW - timedelta(days=14)
    for declaration in told:
        moments = [one.at for one in timeline(declaration)]
        assert all(one <= NOW for one in moments)
    feed = (
        Event.objects.filter(organization=actor_of(CLERKS[0], "").organization)
        .order_by("seq")
        .values_list("at", flat=True)
    )
    assert list(feed) == sorted(feed)


def test_made_twice_it_is_there_once(told):
    assert make_filings(people=make_people(now=NOW), now=NOW) == []
    assert Declaration.objects.count() == len(STORIES)
    assert (
        Organization.objects.filter(kind=Organization.Kind.IMPORTER, memberships__user__email__in=CLERKS).count() == 2
    )
    assert User.objects.filter(email__in=[one.email for one in PEOPLE]).count() == len(PEOPLE)


def test_a_running_portal_moves_none_of_it(told, monkeypatch):
    asked = []
    monkeypatch.setattr(Channel, "send", lambda self, **_: asked.append("send"))
    monkeypatch.setattr(Channel, "ask", lambda self, **_: asked.append("ask"))
    before = words()
    for later in (timedelta(minutes=1), timedelta(hours=1), timedelta(days=3), timedelta(days=30)):
        monkeypatch.setattr(timezone, "now", lambda later=later: NOW + later)
        for task in (relay, apply_responses, apply_outcomes, remind_deadlines, expire_drafts, work_law_changes):
            task()
        assert words() == before
    assert asked == []


def test_an_operator_sends_again_and_tries_again(told):
    actor = actor_of("admin@authority.example", "")
    dead, unknown = OutboundMessage.objects.get(state="DEAD"), OutboundMessage.objects.get(state="UNKNOWN")
    for message in (dead, unknown):
        operating.retry(message=message, reason="the line is mended", actor=actor, now=NOW)
        message.refresh_from_db()
    assert (dead.state, dead.not_before) == ("PENDING", NOW)
    assert (unknown.state, unknown.not_before) == ("UNKNOWN", NOW)
    stray = InboundMessage.objects.get(state="UNMATCHED")
    operating.adopt(message=stray, reason="look again", actor=actor, now=NOW)
    stray.refresh_from_db()
    assert (stray.state, stray.tries) == ("RECEIVED", 0)


def test_both_importers_see_the_published_change_and_not_the_other(told):
    published, other = LawChange.objects.get(state=ChangeState.PUBLISHED), LawChange.objects.get(state=ChangeState.DONE)
    assert other.results.exists()
    for email in CLERKS:
        text = page_of(email, "/audits/law-changes/")
        assert published.title in text
        assert other.title not in text
        assert Notice.objects.filter(
            organization=actor_of(email, "").organization, subject=published.reference
        ).exists()


def test_a_notice_of_a_law_change_leads_to_the_changes(told):
    text = page_of(CLERKS[1], "/tasks/")
    change = LawChange.objects.get(state=ChangeState.PUBLISHED)
    assert f'<a class="usa-link" href="/audits/law-changes/">{change.title}' in text
    assert f"/declarations/{change.reference}/" not in text
    declaration = Declaration.objects.filter(filing=Filing.SUBMITTED, importer__name__startswith="Maple").first()
    assert f"/declarations/{declaration.reference}/" in text


def test_a_complaint_is_published_and_another_waits(told):
    text = page_of(CLERKS[0], "/parity/")
    assert "waited longer at a land port" in text
    assert "2 received, 1 decided; 0 not acknowledged in time" in text
    assert Complaint.objects.get(state="RECEIVED").organization == actor_of(CLERKS[1], "").organization
