"""A03: each filter that keeps organizations apart is taken out in turn, and a check of the everyday suite must fail.

The mutant is made from the function's own source and put into its code, so whoever imported it by name has it too.
"""

import ast
import inspect
import pathlib
import textwrap

import pytest
from django.core import mail
from django.core.signals import got_request_exception
from django.db import transaction
from django.utils import timezone

from audits.remedies import selectors as remedies
from brokers import authority
from brokers import selectors as mandates
from declarations import access
from declarations.filer import clients
from declarations.filer.api import feeds
from declarations.services import batches
from portal.accounts import roles
from portal.clocks.models import Deadline
from portal.complaints import selectors as complaints
from portal.desk import selectors as desk
from portal.desk.services import open_task, tell
from portal.idempotency import services as idempotency
from portal.people import selectors as people
from portal.programs import selectors as programs
from portal.programs import upkeep as program_upkeep
from portal.webhooks import selectors as webhooks
from portal.webhooks import services as webhook_services
from tests import test_mandate_doors, test_permissions
from tests.audits import test_law_change
from tests.brokers import test_authority
from tests.declarations.api import test_doors, test_filings
from tests.makers import make_actor, make_agent, make_importer, make_mandate
from tests.portal import test_complaints, test_webhook_pages
from tests.portal.people import test_people
from tests.portal.programs import test_endings
from tests.portal.programs import test_pages as program_pages
from tests.support.programs import Program, own_document
from tests.visiting import signed_in

pytestmark = pytest.mark.django_db
ROOMS = ("portal", "brokers", "aeo", "declarations", "audits")
OWN = "organization=organization"


def administrator():
    return signed_in(make_actor(role=roles.IMPORTER_ADMIN).user)


def pages_of_declarations():
    test_permissions.test_somebody_elses_declaration_does_not_exist("another importer", "submitted")


def operations():
    test_doors.test_somebody_elses_declaration_does_not_exist("draft")


def pages_of_mandates():
    test_mandate_doors.test_somebody_elses_mandate_does_not_exist(roles.LICENSED_INDIVIDUAL)


def pages_of_programs():
    program_pages.test_somebody_elses_program_does_not_exist(administrator())


def pages_of_webhooks():
    owner = make_actor(role=roles.IMPORTER_ADMIN)
    made = webhook_services.register(
        organization=owner.organization, url=test_doors.HOOK, kinds=[], actor=owner, now=timezone.now()
    ).webhook
    test_webhook_pages.test_somebody_elses_webhook_does_not_exist(made, "webhook_switch")


def pages_of_people():
    test_people.test_people_of_others_do_not_exist(administrator())


def pages_of_complaints():
    test_complaints.test_a_trader_complains_and_sees_their_own_alone(make_actor(), None)


def results_of_changes():
    test_law_change.test_a_second_officer_publishes_and_the_importer_sees_it_by_line()


def keys():
    test_filings.test_the_key_of_another_organization_is_another_key(Program())


def mandates_are_looked_up():
    test_authority.test_others_are_not_covered()


def desks():
    """What waits for one organization and was told to it stands on nobody else's pages, nor in their count."""
    owner, other, now = make_actor(), make_actor(), timezone.now()
    open_task(organization=owner.organization, subject="X", kind="test", words="Their task waits.", now=now)
    tell(organizations=[owner.organization], subject="X", cause="test", words="Their notice.", now=now)
    day = now.date()
    Deadline.objects.create(
        organization=owner.organization, subject="X", kind="test", due_on=day, law="A law", words="Due.", created_at=now
    )
    own, others = signed_in(owner.user), signed_in(other.user)
    for words in ("Their task waits.", "Their notice."):
        assert words in own.get("/tasks/").content.decode()
        assert words not in others.get("/tasks/").content.decode()
    for one, number in ((owner.organization, 1), (other.organization, 0)):
        assert desk.count_open_tasks(one) == number
        assert len(desk.open_deadlines(one, day)) == number


def feeds_of_events():
    """Whoever has a feed of their own reads nothing of somebody else's there."""
    owner, other = Program(), Program()
    for one in (other, owner, other):
        ref = one.post("declarations", own_document(one)).json()["summary"]["reference"]
    (theirs,) = [one["reference"] for one in owner.get("declarations").json()["results"]]
    assert theirs in owner.get("events").content.decode()
    assert theirs not in other.get("events").content.decode()
    assert not desk.events_of(theirs, other.organization).exists()
    assert desk.events_of(ref, other.organization).exists()
    assert desk.head_of(other.organization) > desk.head_of(owner.organization) > desk.head_of(make_importer()) == 0


def versions_that_were_filed():
    """What one organization filed is on nobody else's list of filed versions."""
    owner, other = Program(), Program()
    assert owner.file(own_document(owner)).status_code == 202
    (own,) = owner.get("filed-versions").json()["results"]
    assert other.get("filed-versions").json()["results"] == []
    assert other.get(f"filed-versions/{own['reference']}").status_code == 404


def programs_of_sandboxes():
    """A sandbox is looked after by the organization whose it is."""
    place = make_importer()
    type(place).objects.filter(pk=place.pk).update(sandbox_of=make_importer())
    program = Program(place).client
    client = administrator()
    assert client.get(program_pages.at("program", program)).status_code == 404
    assert program.name not in client.get(program_pages.LIST).content.decode()


def lists_of_clients():
    """An agent's clients stand on no other agent's list, and open nothing there."""
    given, stranger = make_mandate(), make_agent()
    own = signed_in(make_actor(organization=given.agent, role=roles.LICENSED_INDIVIDUAL).user)
    other = signed_in(make_actor(organization=stranger, role=roles.LICENSED_INDIVIDUAL).user)
    assert given.principal.name in own.get("/clients/").content.decode()
    shared = make_mandate(principal=given.principal)
    for one, foreign in ((given, shared), (shared, given)):
        agents = signed_in(make_actor(organization=one.agent, role=roles.LICENSED_INDIVIDUAL).user)
        page = agents.get("/clients/").content.decode()
        assert one.number in page
        assert foreign.number not in page
    for page in ("/clients/", "/", "/declarations/"):
        assert given.principal.name not in other.get(page).content.decode()
    assert clients.find_client(given.agent, given.principal.reference) == given.principal
    assert clients.find_client(stranger, given.principal.reference) is None
    on = timezone.now().date()
    assert list(mandates.live_mandates(on=on, agent=given.agent)) == [given]
    assert not mandates.live_mandates(on=on, agent=stranger).exists()
    assert not mandates.live_mandates(on=on, principal=make_actor().organization).exists()


def homes_of_programs():
    actor = make_actor(role=roles.IMPORTER_ADMIN)
    test_endings.test_a_closed_program_and_one_of_others_are_not_spoken_of(actor, signed_in(actor.user))


def mail_about_programs():
    """Whoever looks after the programs of others is not written to."""
    actor, _ = (make_actor(role=roles.IMPORTER_ADMIN) for _ in range(2))
    before = len(mail.outbox)
    program_upkeep._mail(actor.organization, Program(actor.organization).client, "It ends.")
    assert [one.to for one in mail.outbox[before:]] == [[actor.user.email]]


# The function, what is written there, what stands there instead, the check that must notice.
MUTANTS = [
    (access.visible_to, "rows.filter(mine | Q(transmitter=actor.organization))", "rows", pages_of_declarations),
    (access.visible_to, "rows.filter(mine | Q(transmitter=actor.organization))", "rows", operations),
    (access.versions_filed_by, "filer=actor.organization, ", "", versions_that_were_filed),
    (batches._visible_to, "organization=actor.organization", "", operations),
    (feeds.OneWebhook._row, "organization=organization_of(request), ", "", operations),
    (feeds.Webhooks.get, "organization=organization_of(request)", "", operations),
    (desk.feed_of, f"{OWN}, ", "", feeds_of_events),
    (desk.events_of, f", {OWN}", "", feeds_of_events),
    (desk.head_of, f"filter({OWN})", "all()", feeds_of_events),
    (desk.open_deadlines, f"{OWN}, ", "", desks),
    (desk.count_open_tasks, f"{OWN}, ", "", desks),
    (desk.open_tasks, f"{OWN}, ", "", desks),
    (desk.latest_notices, OWN, "", desks),
    (mandates.mandates_of, "filter(Q(principal=organization) | Q(agent=organization))", "all()", pages_of_mandates),
    (mandates.mandates_of, "filter(Q(principal=organization) | Q(agent=organization))", "all()", operations),
    (mandates.live_mandates, "rows.filter(agent=agent)", "rows", lists_of_clients),
    (mandates.live_mandates, "rows.filter(principal=principal)", "rows", lists_of_clients),
    (authority._look, "agent=agent, ", "", mandates_are_looked_up),
    (authority._look, "principal=principal, ", "", mandates_are_looked_up),
    (clients.find_client, "agent=agent, ", "", lists_of_clients),
    (clients.clients_of, "agent=agent, principal__in=", "principal__in=", lists_of_clients),
    (programs.find_program, "organization__in=places_of(organization), ", "", pages_of_programs),
    (programs.programs_of, "organization__in=places_of(organization)", "", pages_of_programs),
    (programs.places_of, "sandbox_of=organization, ", "sandbox_of__isnull=False, ", programs_of_sandboxes),
    (programs.ending_soon, "organization__in=places_of(organization), ", "", homes_of_programs),
    (program_upkeep._mail, "organization=desk, ", "", mail_about_programs),
    (webhooks.find_webhook, f"{OWN}, ", "", pages_of_webhooks),
    (webhooks.webhooks_of, OWN, "", pages_of_webhooks),
    (people.find_member, f"{OWN}, ", "", pages_of_people),
    (people.members_of, OWN, "", pages_of_people),
    (remedies.results_for, "importer=organization, ", "", results_of_changes),
    (complaints.complaints_of, f"filter({OWN})", "all()", pages_of_complaints),
    (idempotency.kept_answer, "organization=asked.organization.pk, ", "", keys),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _ground(monkeypatch, settings):
    settings.WHITENOISE_AUTOREFRESH = True
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)
    monkeypatch.setattr("portal.webhooks.services.outside.check", lambda url: url)


def mutated(function, written, instead):
    """The code of the function without its filter."""
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(written) == 1, f"{function.__qualname__} is written otherwise by now"
    space = {}
    exec(compile(source.replace(written, instead), function.__code__.co_filename, "exec"), function.__globals__, space)  # noqa: S102  (our own source)
    return space[function.__name__].__code__


@pytest.mark.parametrize(
    ("function", "written", "instead", "check"),
    MUTANTS,
    ids=[f"{one[0].__qualname__}-{one[3].__name__}" for one in MUTANTS],
)
def test_a_filter_that_is_gone_is_noticed(function, written, instead, check, monkeypatch):
    crashes = []
    with transaction.atomic():
        check()
        transaction.set_rollback(True)
    monkeypatch.setattr(function, "__code__", mutated(function, written, instead))

    def crashed(**told):
        crashes.append(told)

    got_request_exception.connect(crashed)
    try:
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            check()
    finally:
        got_request_exception.disconnect(crashed)
    assert not crashes, "noticed because it fell over, not because it let somebody in"


# What names an organization in a filter and is no door.
NO_DOORS = {
    "a writer's own lock, count or row, reached through a door": {
        "lodge", "invite", "set_roles", "switch_membership",
        "_tell", "_has_administrator", "add", "register", "make_sandbox", "claim",
    },
    "of the person too": {"roles_in", "organizations_of", "views_of", "save_view", "remove_view"},
    "narrows what visible_to gives": {"numbers_filed", "catalogue_of"},
    "published to everybody": {"registered_brokers", "_supervised"},
    "of an organization that a door gave": {"_bonds", "sandbox_of", "tell_of_agents_off"},
    "at the desk of officers, which leaves out sandboxes": {"__init__", "clean_importer_number"},
}  # fmt: skip
TENANTS = {"organization", "organization__in", "importer", "filer", "transmitter", "principal", "agent", "sandbox_of"}


def is_tenant_filter(node):
    if not isinstance(node, ast.Call) or getattr(node.func, "attr", getattr(node.func, "id", "")) not in (
        "filter",
        "Q",
    ):
        return False
    return any(keyword.arg in TENANTS for keyword in node.keywords)


def filters_by_tenant():
    """Names of all functions that filter by an organization, those of commands and of the demonstration aside."""
    for path in (path for room in ROOMS for path in sorted(pathlib.Path(room).rglob("*.py"))):
        if {"migrations", "management", "demonstration"} & set(path.parts):
            continue
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef) and any(map(is_tenant_filter, ast.walk(function))):
                yield function.name


def test_every_filter_by_an_organization_is_taken_out_above_or_is_no_door():
    found, no_doors = set(filters_by_tenant()), set().union(*NO_DOORS.values())
    assert found - no_doors - {one[0].__name__ for one in MUTANTS} == set()
    assert no_doors <= found
