"""Brokers and providers act under a mandate, importers for themselves; the same rules for all (SF-06 to SF-08, SF-16)."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from django.utils import timezone

from brokers import services as mandates
from declarations.models import Declaration
from declarations.statements import STATEMENTS
from declarations.tasks import apply_responses
from portal.accounts import roles
from portal.desk.models import Notice
from portal.gateway.inbound import receive
from tests.declarations.answers import answer, envelope
from tests.declarations.api.test_dry_runs import SHIPMENTS, mutated
from tests.makers import make_actor, make_agent, make_importer, make_mandate, make_user
from tests.support.programs import Program, own_document

pytestmark = pytest.mark.django_db
ALL = frozenset({"prepare", "sign", "transmit", "cancel", "read"})
STATEMENT = {"statement": STATEMENTS[-1].id}


def make_broker(client, *, role=roles.LICENSED_INDIVIDUAL, **scope):
    agent = make_agent(kind="broker")
    scope.setdefault("actions", ALL)
    mandate = make_mandate(principal=client.organization, agent=agent, now=timezone.now(), **scope)
    from declarations.models import FilerCode, NumberRange
    from tests.makers import _code, _count

    code = FilerCode.objects.create(organization=agent, code=_code(next(_count)))
    NumberRange.objects.create(filer_code=code, first=1, last=9000, next_number=1)
    return Program(agent, role=role), mandate


@pytest.fixture
def client_program():
    return Program(make_importer())


def test_a_broker_files_for_its_client_under_its_own_number(client_program):
    broker, _ = make_broker(client_program)
    answer = broker.file(own_document(client_program))
    assert answer.status_code == 202, answer.content
    one = Declaration.objects.get(reference=answer.json()["reference"])
    assert (one.importer, one.filer, one.transmitter) == (
        client_program.organization,
        broker.organization,
        broker.organization,
    )
    assert one.entry_number.startswith(broker.organization.filer_codes.get().code)
    receipt = answer.json()["receipt"]
    assert (receipt["declarant"], receipt["transmitter"]) == (
        client_program.organization.name,
        broker.organization.name,
    )


def test_the_importer_reads_and_exports_it_and_hears_of_every_step_but_does_not_change_it(client_program):
    broker, _ = make_broker(client_program)
    made = broker.post("declarations", own_document(client_program)).json()["summary"]["reference"]
    broker.ask("PATCH", f"declarations/{made}", {"contact": {"name": "Other Name"}}, If_Match="*")
    theirs = client_program.get(f"declarations/{made}")
    assert theirs.status_code == 200 and theirs.json()["declaration"]["contact"]["name"] == "Other Name"
    own, other = (
        [one for one in program.get("events?limit=100").json()["results"] if one["reference"] == made]
        for program in (client_program, broker)
    )
    assert [(one["kind"], one["changes"], one["actor"]) for one in own] == [
        (one["kind"], one["changes"], one["actor"]) for one in other
    ]
    assert own[-1]["changes"][0]["pointer"] == "/contact/name"
    refused = client_program.ask("PATCH", f"declarations/{made}", {"entry_type": "11"}, If_Match="*")
    assert (refused.status_code, refused.json()["code"]) == (403, "ACTION_NOT_ALLOWED")


def test_without_a_mandate_nothing_is_done(client_program):
    broker, _ = make_broker(Program(make_importer()))
    document = own_document(client_program)
    for path in ("filings", "dry-runs", "declarations"):
        answer = broker.post(path, document, key=path)
        assert (answer.status_code, answer.json()["code"]) == (403, "NO_MANDATE"), path
    assert not Declaration.objects.filter(filer=broker.organization).exists()


def test_an_importer_that_mistypes_its_own_number_is_told_its_own():
    program, other = Program(), Program()
    own, document = program.organization.importer_number, own_document(program)
    for number in ("99-999999900", other.organization.importer_number):
        document["parties"]["importer"]["id"] = number
        for path in ("filings", "dry-runs", "declarations"):
            answer = program.post(path, document, key=f"{path}{number}")
            told = answer.json()
            assert (answer.status_code, told["code"]) == (422, "NOT_YOUR_NUMBER"), path
            assert [one["pointer"] for one in told["violations"]] == ["/parties/importer/id"]
            assert told["detail"].startswith(f"{number} is not your importer number; yours is {own}.")
    document["parties"]["importer"]["id"] = f" {own} "
    told = program.post("dry-runs", document).json()
    assert {one["pointer"] for one in told["violations"] if one["severity"] == "error"} == {"/parties/importer/id"}
    assert program.post("declarations", document).status_code == 201
    assert not Declaration.objects.filter(importer=other.organization).exists()


def test_a_revoked_mandate_ends_at_once_and_what_was_filed_stays_readable(client_program):
    broker, mandate = make_broker(client_program)
    made = broker.post("declarations", own_document(client_program)).json()["summary"]["reference"]
    owner = make_actor(organization=client_program.organization, role=roles.IMPORTER_ADMIN)
    mandates.revoke(mandate=mandate, reason="No longer needed.", actor=owner, now=timezone.now())
    assert broker.file(own_document(client_program)).json()["code"] == "NO_MANDATE"
    for method, path, body in (
        ("PATCH", f"declarations/{made}", {}), ("POST", f"declarations/{made}/submission", STATEMENT),
        ("DELETE", f"declarations/{made}", None),
    ):  # fmt: skip
        answer = broker.ask(method, path, body, key=method, If_Match="*")
        assert (answer.status_code, answer.json()["code"]) == (403, "NO_MANDATE"), path
    assert broker.get(f"declarations/{made}").status_code == 200


@pytest.mark.parametrize(
    "scope",
    [
        {"document_types": ["11"]}, {"ports": ["4701"]}, {"value_limit": Decimal(100)},
        {"actions": frozenset({"prepare", "transmit"})}, {"starts_on": timezone.now().date() + timedelta(days=3)},
    ],
    ids=lambda one: next(iter(one)),
)  # fmt: skip
def test_a_mandate_covers_what_it_says(client_program, scope):
    broker, _ = make_broker(client_program, **scope)
    answer = broker.file(own_document(client_program))
    assert (answer.status_code, answer.json()["code"]) == (403, "NO_MANDATE")


def test_within_its_limit_of_value_a_mandate_covers(client_program):
    broker, _ = make_broker(client_program, value_limit=Decimal(45000))
    assert broker.file(own_document(client_program)).status_code == 202


def test_staff_of_a_broker_prepare_and_send_but_a_licensed_person_signs(client_program):
    broker, _ = make_broker(client_program, role=roles.BROKER)
    answer = broker.file(own_document(client_program))
    assert (answer.status_code, answer.json()["code"]) == (403, "NOT_ALLOWED_TO_SIGN")
    made = broker.post("declarations", own_document(client_program)).json()["summary"]["reference"]
    licensed = Program(broker.organization, role=roles.LICENSED_INDIVIDUAL)
    assert licensed.post(f"declarations/{made}/submission", STATEMENT, key="s").status_code == 202


def make_provider(client):
    agent = make_agent(kind="provider")
    make_mandate(
        principal=client.organization, agent=agent, now=timezone.now(), actions=frozenset({"draft", "transmit"})
    )
    return Program(agent, role=roles.SERVICE_PROVIDER)


def test_a_provider_sends_what_the_importer_approved_and_the_importer_stays_the_declarant(client_program):
    provider = make_provider(client_program)
    made = provider.post("declarations", own_document(client_program))
    assert made.status_code == 201, made.content
    reference = made.json()["summary"]["reference"]
    path = f"declarations/{reference}/submission"
    early = provider.post(path, STATEMENT, key="early")
    assert (early.status_code, early.json()["code"]) == (403, "NOT_ALLOWED_TO_SIGN")

    from declarations.services import filing

    one = Declaration.objects.select_related("importer", "filer", "transmitter", "live_version").get(
        reference=reference
    )
    person = make_user(organization=client_program.organization)
    actor = make_actor(organization=client_program.organization)
    version = filing.prepare(declaration=one, actor=actor, now=timezone.now())
    filing.sign(
        version=version, signatory=person, digest=version.digest, actor=actor, now=timezone.now(), method="password"
    )
    sent = provider.post(path, {"digest": version.digest}, key="send")
    assert sent.status_code == 202, sent.content
    receipt = sent.json()["receipt"]
    assert (receipt["declarant"], receipt["transmitter"]) == (
        client_program.organization.name,
        provider.organization.name,
    )


def test_a_provider_changes_nothing_and_the_importer_hears_of_the_try(client_program):
    provider = make_provider(client_program)
    reference = provider.post("declarations", own_document(client_program)).json()["summary"]["reference"]
    answer = provider.ask("PATCH", f"declarations/{reference}", {"items": []}, If_Match="*")
    assert (answer.status_code, answer.json()["code"]) == (403, "SF-HASH")
    assert Declaration.objects.get(reference=reference).items.count() == 1
    notice = Notice.objects.get(organization=client_program.organization, subject=reference)
    assert provider.organization.name in notice.words


def test_a_change_after_the_approval_voids_it(client_program):
    provider = make_provider(client_program)
    reference = provider.post("declarations", own_document(client_program)).json()["summary"]["reference"]
    from declarations.services import filing

    one = Declaration.objects.select_related("importer", "filer", "transmitter", "live_version").get(
        reference=reference
    )
    actor = make_actor(organization=client_program.organization)
    version = filing.prepare(declaration=one, actor=actor, now=timezone.now())
    filing.sign(
        version=version, signatory=actor.user, digest=version.digest, actor=actor, now=timezone.now(), method="password"
    )
    assert (
        client_program.ask("PATCH", f"declarations/{reference}", {"contact": {"name": "B"}}, If_Match="*").status_code
        == 200
    )
    answer = provider.post(f"declarations/{reference}/submission", {"digest": version.digest}, key="late")
    assert (answer.status_code, answer.json()["code"]) == (409, "DIGEST_CHANGED")


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in range(1, 10))])
def test_everybody_meets_the_same_rules_and_the_same_duty(client_program, part):
    """1,000 random declarations in all, each as self-filer, broker and provider (SF-08)."""
    broker, _ = make_broker(client_program)
    callers = [client_program, broker, make_provider(client_program)]
    pick = Random(part)
    errors = 0
    for place in range(100):
        value = mutated(own_document(client_program, pick.choice(SHIPMENTS), own=f"P{part}N{place:05d}"), pick)
        one = client_program.organization
        if isinstance(value.get("parties"), dict):
            value["parties"]["importer"] = {"id": one.importer_number, "name": one.name, "address": one.address}
        else:
            value["parties"] = {"importer": {"id": one.importer_number, "name": one.name}}
        answers = [caller.post("dry-runs", value) for caller in callers]
        assert len({answer.status_code for answer in answers}) == 1, [answer.content[:300] for answer in answers]
        told = [answer.json() for answer in answers]
        for name in ("violations", "assessment"):
            assert told[0].get(name) == told[1].get(name) == told[2].get(name), (part, place, name)
        errors += bool([one for one in told[0].get("violations", ()) if one["severity"] == "error"])
    assert 20 < errors < 100


def accepted(program, reference):
    one = Declaration.objects.get(reference=reference)
    raw = envelope(answer("01", id_=f"a{reference}", lrn=one.live_version.lrn))
    receive(channel="rehearsal", external_id=f"n{reference}", raw=raw, now=timezone.now())
    apply_responses()
    assert program.get(f"declarations/{reference}").json()["summary"]["legal"] == "ACCEPTED"


def amended(program, reference, changes, key="amend"):
    body = {"changes": changes, "reason": "Another invoice came."} | STATEMENT
    return program.post(f"declarations/{reference}/amendment", body, key=key)


def test_a_broker_amends_within_its_mandate_alone(client_program):
    broker, mandate = make_broker(client_program, ports=["2704", "2709"])
    document = own_document(client_program)
    made = broker.file(document).json()["reference"]
    accepted(broker, made)
    moved = amended(broker, made, {"ports": {"entry": "4701"}})
    assert (moved.status_code, moved.json()["code"]) == (403, "NO_MANDATE"), "what it is changed to is not covered"
    importer = amended(client_program, made, {"contact": {"name": "Other Name"}})
    assert (importer.status_code, importer.json()["code"]) == (403, "ACTION_NOT_ALLOWED")
    assert amended(broker, made, {"contact": {"name": "Other Name"}}).status_code == 202
    owner = make_actor(organization=client_program.organization, role=roles.IMPORTER_ADMIN)
    mandates.revoke(mandate=mandate, reason="No longer needed.", actor=owner, now=timezone.now())
    assert amended(broker, made, {"contact": {"name": "Third Name"}}, key="two").json()["code"] == "NO_MANDATE"


def test_a_service_provider_amends_nothing_and_the_importer_is_told(client_program):
    provider = make_agent(kind="provider")
    make_mandate(principal=client_program.organization, agent=provider, now=timezone.now())
    program = Program(provider, role=roles.SERVICE_PROVIDER)
    made = client_program.file(own_document(client_program)).json()["reference"]
    Declaration.objects.filter(reference=made).update(transmitter=provider)
    accepted(client_program, made)
    refused = amended(program, made, {"contact": {"name": "Other Name"}})
    assert (refused.status_code, refused.json()["code"]) == (403, "SF-HASH")
    words = Notice.objects.filter(subject=made, organization=client_program.organization).values_list(
        "words", flat=True
    )
    assert any("tried to change" in one for one in words)
