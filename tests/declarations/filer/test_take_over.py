"""The importer carries on what its broker can no longer carry on: the same filing, never a new one (BR-44)."""

import pytest

from brokers import services as mandates
from brokers.upkeep import tell_of_agents_off
from declarations.models import Declaration, EntryNumber, FilerCode, NumberRange
from declarations.services import filing, takeover
from portal.accounts import roles
from portal.desk.models import Event, Notice, Task
from portal.desk.services import open_task
from portal.gateway.models import OutboundMessage
from portal.trail.models import TrailEntry
from tests.declarations.filer.browsing import at, signed_in, step, words_of
from tests.makers import PASSWORD, make_actor, make_declaration, make_mandate
from tests.support.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(importer, broker, clock):
    return make_mandate(principal=importer, agent=broker, now=clock())


@pytest.fixture
def filed(given, licensed, importer, clock):
    return make_declaration("S01", actor=licensed, importer=importer, until="submitted", now=clock())


def switch_off(organization):
    organization.is_active = False
    organization.save()


def end(mandate, how, licensed, clock):
    owner = make_actor(organization=mandate.principal, role=roles.IMPORTER_ADMIN)
    if how == "off":
        switch_off(mandate.agent)
    elif how == "revoked":
        mandates.revoke(mandate=mandate, reason="Enough.", actor=owner, now=clock())
    else:
        mandates.end(mandate=mandate, reason="Enough.", actor=licensed, now=clock())


def rejected(declaration):
    Declaration.objects.filter(pk=declaration.pk).update(legal="REJECTED")
    declaration.refresh_from_db()


def numbers_given():
    return list(NumberRange.objects.order_by("pk").values_list("next_number", flat=True)), EntryNumber.objects.count()


@pytest.mark.parametrize("how", ["off", "revoked", "ended"])
def test_the_importer_carries_on_under_the_same_number(how, client, importer, broker, licensed, given, filed, clock):
    page = at(filed, "declaration_take_over")
    assert client.get(page).status_code == 302, "the broker still acts"
    assert page not in client.get(at(filed, "declaration")).content.decode()
    end(given, how, licensed, clock)
    before = Declaration.objects.values().get(pk=filed.pk)
    kept = numbers_given(), OutboundMessage.objects.count(), filed.versions.values().get()
    shown = client.get(at(filed, "declaration"))
    assert page in shown.content.decode() and "can no longer act for you" in words_of(shown)
    assert "same entry number" in words_of(shown)
    assert "nothing is filed again" in words_of(client.get(page))
    assert client.post(page)["Location"] == at(filed, "declaration")
    after = Declaration.objects.values().get(pk=filed.pk)
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"filer_id", "transmitter_id", "row_version", "updated_at"}
    assert (after["filer_id"], after["transmitter_id"]) == (importer.pk, importer.pk)
    assert kept == (numbers_given(), OutboundMessage.objects.count(), filed.versions.values().get())


def test_trail_feed_notices_and_tasks_follow(client, importer, broker, licensed, given, filed, clock):
    open_task(organization=broker, subject=filed.reference, kind="DOCUMENTS:1", words="Send papers", now=clock())
    end(given, "revoked", licensed, clock)
    client.post(at(filed, "declaration_take_over"))
    entry = TrailEntry.objects.get(subject=filed.reference, kind="declaration.take_over")
    assert f'"from":"{broker.reference}"' in entry.body and filed.entry_number in entry.body
    events = Event.objects.filter(reference=filed.reference, kind="declaration.take_over")
    assert {one.organization_id for one in events} == {importer.pk, broker.pk}
    assert events[0].changes == [{"pointer": "/filer", "from": broker.name, "to": importer.name}]
    told = Notice.objects.filter(subject=filed.reference, cause="declaration.take_over")
    assert {one.organization_id for one in told} == {importer.pk, broker.pk}
    task = Task.objects.get(subject=filed.reference, kind="DOCUMENTS:1")
    assert (task.organization, task.state) == (importer, "OPEN")
    assert "Taken over by the importer" in words_of(client.get(at(filed, "declaration")))


def test_afterwards_the_importer_corrects_signs_and_sends_it_with_the_number_kept(
    client, importer, licensed, given, filed, clock
):
    FilerCode.objects.filter(organization=given.agent).update(is_active=False)
    end(given, "off", licensed, clock)
    rejected(filed)
    client.post(at(filed, "declaration_take_over"))
    given_before = numbers_given()
    assert client.post(at(filed, "declaration_correct")).status_code == 302
    assert client.get(step(filed, "contact")).status_code == 200
    assert client.post(step(filed, "statement"), {"declarant_statement_capacity": "importer_of_record",
                                                  "declarant_statement_obtained_by": "purchase"}).status_code == 302  # fmt: skip
    answer = client.post(at(filed, "declaration_check"))
    assert answer.status_code == 302, words_of(answer)
    one = Declaration.objects.select_related("live_version").get(pk=filed.pk)
    client.post(at(one, "declaration_sign"), {"password": PASSWORD, "digest": one.live_version.digest})
    assert client.post(at(one, "declaration_submission"))["Location"] == at(one, "declaration_receipt")
    one.refresh_from_db()
    assert (one.filing, one.entry_number) == ("SUBMITTED", filed.entry_number)
    assert one.live_version.entry_number == filed.entry_number and one.live_version.filer == importer
    assert numbers_given() == given_before


def test_afterwards_the_importer_can_ask_to_cancel_it(client, licensed, given, filed, clock):
    assert client.get(at(filed, "declaration_cancel")).status_code == 403
    end(given, "ended", licensed, clock)
    client.post(at(filed, "declaration_take_over"))
    answer = client.post(at(filed, "declaration_cancel"), {"reason_code": "01", "reason": "", "confirmed": "yes"})
    assert answer.status_code == 302
    assert OutboundMessage.objects.filter(subject=filed.reference).count() == 2


@pytest.mark.parametrize("until", ["draft", "ready", "signed"])
def test_what_was_not_sent_yet_is_carried_on_too(until, client, importer, licensed, given, clock):
    one = make_declaration("S01", actor=licensed, importer=importer, until=until, now=clock())
    end(given, "revoked", licensed, clock)
    assert at(one, "declaration_take_over") in client.get(at(one, "declaration")).content.decode()
    client.post(at(one, "declaration_take_over"))
    fresh = Declaration.objects.get(pk=one.pk)
    assert (fresh.filing, fresh.entry_number, fresh.filer) == (one.filing, one.entry_number, importer)
    assert client.get(step(one, "contact")).status_code == 200


def test_the_broker_can_do_nothing_more_with_it(client, licensed, given, clock, importer):
    one = make_declaration("S01", actor=licensed, importer=importer, until="signed", now=clock())
    end(given, "revoked", licensed, clock)
    client.post(at(one, "declaration_take_over"))
    assert signed_in(licensed.user).post(at(one, "declaration_submission")).status_code == 404
    stale = one.live_version
    with pytest.raises(Exception, match="mandate"):
        filing.submit(version=stale, actor=licensed, now=clock())


def test_it_is_refused_twice_for_others_and_for_what_is_over(client, actor, importer, licensed, given, filed, clock):
    end(given, "revoked", licensed, clock)
    with pytest.raises(takeover.ActionNotAllowed):
        takeover.take_over(declaration=filed, actor=licensed, now=clock())
    takeover.take_over(declaration=filed, actor=actor, now=clock())
    with pytest.raises(takeover.BrokerStillActs):
        takeover.take_over(declaration=filed, actor=actor, now=clock())
    assert TrailEntry.objects.filter(kind="declaration.take_over").count() == 1
    own = make_declaration("S01", actor=actor, now=clock())
    with pytest.raises(takeover.BrokerStillActs):
        takeover.take_over(declaration=own, actor=actor, now=clock())


def test_what_customs_cancelled_is_not_carried_on(actor, licensed, given, filed, clock):
    end(given, "revoked", licensed, clock)
    Declaration.objects.filter(pk=filed.pk).update(legal="CANCELLED")
    filed.refresh_from_db()
    with pytest.raises(takeover.ActRefused):
        takeover.take_over(declaration=filed, actor=actor, now=clock())


def test_importers_hear_that_the_broker_is_off_and_can_go_on(client, broker, importer, given, filed, clock):
    switch_off(broker)
    assert tell_of_agents_off(now=clock()) == 1
    assert client.post(at(filed, "declaration_take_over")).status_code == 302
    filed.refresh_from_db()
    assert filed.filer == importer


def test_over_the_api_it_is_the_same(importer, licensed, given, filed, clock):
    program = Program(importer)
    path = f"declarations/{filed.reference}/take-over"
    early = program.post(path)
    assert (early.status_code, early.json()["code"]) == (409, "TAKE_OVER_REFUSED")
    end(given, "revoked", licensed, clock)
    stranger = Program()
    assert stranger.post(path).status_code == 404
    done = program.post(path, key="take")
    assert done.status_code == 200, done.content
    told = done.json()["summary"]
    assert (told["filer"]["name"], told["entry_number"]) == (importer.name, filed.entry_number)
    assert program.post(path, key="take").json() == done.json()
    assert program.post(path).json()["code"] == "TAKE_OVER_REFUSED"
