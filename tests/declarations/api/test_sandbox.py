"""A sandbox: the twin of an organization in which nothing reaches customs, nothing counts, and time can be put on."""

import json
import threading
from pathlib import Path

import pytest
from django.utils import timezone

from brokers import services as mandates
from declarations.filer.stories import ANSWERS, LINES
from declarations.models import CustomsBond, DeclarationVersion, FilerCode
from declarations.parity.selectors import count_month
from declarations.printing.entry_summary import page_data
from declarations.services import sandboxes
from declarations.services.versions import channel_of
from portal.accounts import roles
from portal.accounts.actors import actor_for
from portal.accounts.models import Client, Membership, Organization
from portal.desk.models import Event
from portal.gateway.channels import channel
from portal.gateway.models import OutboundMessage
from portal.rehearsal.authority import Authority
from portal.rehearsal.scripts import SCRIPTS
from portal.rehearsal.server import Server
from portal.rehearsal.settings import Secrets, Settings
from portal.trail.models import TrailEntry
from tests.declarations.filer.browsing import field, page_of, signed_in, words_of
from tests.makers import PASSWORD, make_actor, make_agent, make_scope
from tests.support.programs import Program, own_document

pytestmark = pytest.mark.django_db
PAGE, CLOCK = "/organization/programs/sandbox/", "sandbox/clock"


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


@pytest.fixture
def actor():
    return make_actor(role=roles.IMPORTER_ADMIN)


@pytest.fixture
def twin(actor):
    return sandboxes.make_sandbox(organization=actor.organization, actor=actor, now=timezone.now())


@pytest.fixture
def two_channels(settings):
    """Real filings go to another channel than those of sandboxes."""
    settings.CHANNELS = {**settings.CHANNELS, "real": {**settings.CHANNELS["rehearsal"], "label": "Real"}}
    settings.DEFAULT_CHANNEL = "real"


@pytest.fixture
def authority(settings, tmp_path):
    """An authority that answers on a free port, and whose clock is opened to the portal."""
    secrets = Secrets({"portal": "word"}, "admin-word", "push-word")
    given = Settings(secrets=secrets, data=tmp_path / "authority.sqlite3", reference_data=Path("/nonexistent"))
    found = Authority(given)
    server = Server(found)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    found.start()
    thread.start()
    options = settings.CHANNELS["rehearsal"] | {"base_url": server.url, "admin_token": "admin-word"}
    settings.CHANNELS = {**settings.CHANNELS, "rehearsal": options}
    yield found
    channel("rehearsal")._http().close()
    server.shutdown()
    thread.join()
    server.server_close()
    found.stop()


def marks_of(version):
    """What stands on every page of the printed form."""
    return page_data(version, signature=None, receipt=None, rehearsal=False)["marks"]


def program_of(twin, actor, scopes="read draft file"):
    """A program of the sandbox; its signatory holds a role in the organization itself alone."""
    made = Program(twin, scopes=scopes)
    Membership.objects.filter(user=made.signatory).update(organization=actor.organization)
    return made


def test_a_sandbox_is_made_from_the_page_and_gets_a_program(actor):
    client = signed_in(actor.user)
    shown = client.get(PAGE)
    assert "Make a sandbox" in words_of(shown)
    made = client.post(PAGE, follow=True)
    twin = Organization.objects.get(sandbox_of=actor.organization)
    assert f"{actor.organization.name} (sandbox) is there" in words_of(made)
    offered = page_of(made).xpath("//input[@name='place']/@value")
    assert offered == [actor.organization.reference, twin.reference]
    wanted = {
        "name": "Trial", "place": twin.reference, "scopes": ["read", "file"], "password": PASSWORD,
        "last_day": field(made, "last_day").get("value"),
    }  # fmt: skip
    assert client.post("/organization/programs/add/", wanted).status_code == 200
    program = Client.objects.get()
    assert (program.organization, program.signatory) == (twin, actor.user)
    listed = words_of(client.get("/organization/programs/"))
    assert "Open Sandbox: nothing reaches customs." in listed
    assert "nothing reaches customs" in words_of(client.get(f"/organization/programs/{program.client_id}/"))
    assert "Act in the sandbox" in words_of(client.get(PAGE))
    again = client.post(PAGE)
    assert "There is a sandbox already" in words_of(again)
    assert list(TrailEntry.objects.filter(kind="sandbox.make").values_list("subject", flat=True)) == [
        f"organization:{actor.organization.reference}"
    ]
    assert Event.objects.filter(organization=actor.organization, kind="sandbox.make").count() == 1


def test_the_twin_has_the_facts_and_numbers_of_its_own(actor, twin):
    mother = actor.organization
    assert (twin.importer_number, twin.kind, twin.address) == (mother.importer_number, mother.kind, mother.address)
    codes = set(FilerCode.objects.filter(organization__in=(mother, twin)).values_list("code", flat=True))
    assert len(codes) == 2
    bonds = CustomsBond.objects.filter(organization__in=(mother, twin)).values_list("organization", "amount", "number")
    assert len(bonds) == 2 and bonds[0][1:] == bonds[1][1:]


def test_people_are_those_of_the_organization_and_act_in_it_with_a_mark(actor, twin):
    client = signed_in(actor.user)
    client.post("/organization/", {"organization": twin.reference})
    home = words_of(client.get("/"))
    assert "Sandbox: nothing reaches customs." in home
    assert "People of your organization" not in home
    assert client.get("/organization/people/").status_code == 404
    assert "You act in the sandbox now" in words_of(client.get(PAGE))
    assert "belongs to an organization that files" in words_of(client.post(PAGE))
    assert page_of(client.get("/organization/programs/add/")).xpath("//input[@name='place']") == []
    assert twin.name not in words_of(signed_in(make_actor(role=roles.IMPORTER_ADMIN).user).get("/"))
    actor.user.memberships.update(is_active=False)
    assert actor.user.roles_in(twin) == set()
    assert client.get("/").status_code == 403


def test_its_filings_travel_to_the_sandbox_channel_alone(actor, twin, two_channels):
    trial, real = program_of(twin, actor), Program(actor.organization)
    document = own_document(trial, functional_reference_id="A01-000001")
    filed = trial.file(document)
    assert filed.status_code == 202, filed.content
    assert filed.json()["receipt"]["channel"] == "rehearsal"
    assert real.file(own_document(real)).json()["receipt"]["channel"] == "real"
    assert sorted(OutboundMessage.objects.values_list("channel", flat=True)) == ["real", "rehearsal"]
    reference = filed.json()["reference"]
    assert real.get(f"declarations/{reference}").status_code == 404
    assert trial.get(f"declarations/{reference}").status_code == 200
    assert {one.entry_number[:3] for one in DeclarationVersion.objects.filter(filer=twin)} == {
        FilerCode.objects.get(organization=twin).code
    }


def test_its_program_ends_with_what_it_rests_on(actor, twin):
    trial = program_of(twin, actor)
    assert trial.get("declarations").status_code == 200
    Organization.objects.filter(pk=actor.organization.pk).update(is_active=False)
    assert trial.get("declarations").status_code == 401
    assert trial.ask_token().status_code == 401


def test_one_sandbox_among_the_parties_is_enough():
    real, trial = Organization(), Organization(sandbox_of_id=1)
    assert channel_of(real, trial) == channel_of(trial, real) == "rehearsal"


def test_it_never_counts_in_the_published_figures(actor, twin):
    assert program_of(twin, actor).file(own_document(Program(twin))).status_code == 202
    month = timezone.now().date().replace(day=1)
    assert count_month(month, as_of=timezone.now()) == []


def test_mandates_do_not_pass_between_sandboxes_and_others(actor, twin):
    inside = actor_for(actor.user, twin)
    with pytest.raises(mandates.ScopeRefused, match="sandboxes only"):
        mandates.offer(principal=twin, agent=make_agent(), scope=make_scope(), actor=inside, now=timezone.now())
    broker = make_actor(organization=make_agent(), role=roles.LICENSED_INDIVIDUAL)
    trial = sandboxes.make_sandbox(organization=broker.organization, actor=broker, now=timezone.now())
    made = mandates.offer(principal=twin, agent=trial, scope=make_scope(), actor=inside, now=timezone.now())
    assert made.agent == trial


def test_a_real_broker_never_meets_the_sandbox_of_an_importer(actor, twin):
    broker = Program(make_agent(), role=roles.LICENSED_INDIVIDUAL)
    Organization.objects.filter(pk=actor.organization.pk).update(importer_number="", number_index="")
    answer = broker.post("dry-runs", own_document(Program(twin)))
    assert (answer.status_code, answer.json()["code"]) == (403, "NO_MANDATE")
    assert "no mandate of an importer with the number" in answer.json()["detail"]


def test_the_clock_is_put_forward(actor, twin, authority):
    trial = program_of(twin, actor, scopes="draft")
    before = authority.clock.now()
    answer = trial.post(CLOCK, {"advance_seconds": 172_800})
    assert answer.status_code == 200, answer.content
    assert authority.clock.now() - before >= 172_800_000
    assert answer.json()["authority_time"][:4].isdigit()
    entry = TrailEntry.objects.get(kind="sandbox.clock")
    assert entry.subject == f"organization:{twin.reference}"
    assert json.loads(entry.body)["data"]["advance_seconds"] == 172_800


@pytest.mark.parametrize("body", [{}, {"advance_seconds": 0}, {"advance_seconds": "5"}, {"advance_seconds": 10**9}])
def test_an_advance_that_makes_no_sense_is_refused(actor, twin, body):
    answer = program_of(twin, actor).post(CLOCK, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "UNREADABLE")


def test_the_clock_is_not_there_for_others_nor_where_it_is_not_opened(actor, twin, settings):
    answer = Program(actor.organization).post(CLOCK, {"advance_seconds": 5})
    assert (answer.status_code, answer.json()["code"]) == (409, "NOT_A_SANDBOX")
    answer = program_of(twin, actor).post(CLOCK, {"advance_seconds": 5})
    assert (answer.status_code, answer.json()["code"]) == (409, "SANDBOX_CLOCK_ABSENT")
    assert "has not opened the clock" in words_of(signed_in(actor.user).get(PAGE))
    options = settings.CHANNELS["rehearsal"] | {"base_url": "http://127.0.0.1:9", "admin_token": "word"}
    settings.CHANNELS = {**settings.CHANNELS, "rehearsal": options}
    answer = program_of(twin, actor).post(CLOCK, {"advance_seconds": 5})
    assert (answer.status_code, answer.json()["code"]) == (503, "SANDBOX_AWAY")
    assert not TrailEntry.objects.filter(kind="sandbox.clock").exists()
    assert "POST /api/v1/sandbox/clock" in words_of(signed_in(actor.user).get(PAGE))


def test_the_page_lists_every_story_that_the_authority_tells():
    assert [one.code for one in (*ANSWERS, *LINES)] == list(SCRIPTS)


def test_its_printed_form_says_so(actor, twin, settings):
    settings.REHEARSAL = False
    trial = program_of(twin, actor)
    reference = trial.file(own_document(trial)).json()["reference"]
    version = DeclarationVersion.objects.get(declaration__reference=reference)
    assert "Sandbox: nothing here has reached" in marks_of(version)[0]
    real = Program(actor.organization)
    reference = real.file(own_document(real)).json()["reference"]
    version = DeclarationVersion.objects.get(declaration__reference=reference)
    assert not any("real authority" in one for one in marks_of(version))
