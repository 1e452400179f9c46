"""Mandates: every state and act, from each side; what is signed; what the calendar does."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from brokers import flow, services, tasks, upkeep
from brokers.flow import Act, MandateActRefused, Side, State
from brokers.models import Mandate
from brokers.selectors import find_mandate, history_of, live_mandates, mandates_of, principals_of
from brokers.terms import NoForm, anniversary, form_on
from brokers.wording import is_genuine, wording_of
from portal.accounts import roles
from portal.accounts.actors import SYSTEM, actor_for
from portal.accounts.services import grant_role
from portal.credentials import WITH_CODE
from portal.desk.models import Event, Notice, Task
from portal.people.services import switch_organization
from portal.trail.models import TrailEntry
from portal.trail.verification import verify
from tests.makers import (
    DAY,
    NOW,
    make_actor,
    make_agent,
    make_authority,
    make_importer,
    make_mandate,
    make_scope,
    make_user,
    sign_mandate,
)

DO = {Act.DECLINE: services.decline, Act.REVOKE: services.revoke, Act.END: services.end}


def owner_of(mandate, role=roles.IMPORTER_ADMIN):
    return make_actor(organization=mandate.principal, role=role)


def agent_of(mandate, role=roles.LICENSED_INDIVIDUAL):
    return make_actor(organization=mandate.agent, role=role)


def kinds_of(mandate):
    return list(TrailEntry.objects.filter(subject=mandate.number).order_by("seq").values_list("kind", flat=True))


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("state", list(State))
def test_every_state_act_and_side(state, act, side):
    allowed = (state, act) in flow.TABLE and side in flow.SIDES[state, act]
    assert flow.may(state, act, side) == allowed
    if allowed:
        assert flow.after(state, act, side) == flow.TABLE[state, act]
    else:
        with pytest.raises(MandateActRefused):
            flow.after(state, act, side)


def test_the_two_tables_say_the_same_pairs():
    assert set(flow.TABLE) == set(flow.SIDES)
    assert not {state for state, _act in flow.TABLE} & set(flow.OVER)
    steps = {(act, side) for (_state, act), sides in flow.SIDES.items() for side in sides - {Side.CLOCK}}
    assert steps == set(flow.NEEDS)


@pytest.mark.parametrize("side", [Side.PRINCIPAL, Side.AGENT])
@pytest.mark.parametrize("act", list(DO))
@pytest.mark.parametrize("until", ["offered", "asked", "live", "declined", "revoked", "ended"])
def test_every_pair_through_the_services(until, act, side):
    mandate = make_mandate(until=until)
    actor = owner_of(mandate) if side == Side.PRINCIPAL else agent_of(mandate)
    before = mandate.state
    if flow.may(before, act, side):
        DO[act](mandate=mandate, reason="We part ways.", actor=actor, now=NOW)
        row = Mandate.objects.get()
        assert row.state == flow.TABLE[State(before), act] == mandate.state
        assert (row.reason, row.closed_at) == ("We part ways.", NOW)
        assert kinds_of(mandate)[-1] == f"mandate.{act.value.lower()}"
        assert not Task.objects.filter(subject=mandate.number, state="OPEN").exists()
    else:
        with pytest.raises(MandateActRefused):
            DO[act](mandate=mandate, reason="We part ways.", actor=actor, now=NOW)
        assert Mandate.objects.get().state == before


@pytest.mark.parametrize("until", ["live", "declined", "revoked", "ended"])
def test_what_is_signed_or_over_is_not_signed_again(until):
    mandate = make_mandate(until=until)
    with pytest.raises(MandateActRefused):
        sign_mandate(mandate, actor=owner_of(mandate))


def test_somebody_elses_mandate_is_not_moved():
    mandate = make_mandate()
    for stranger in (make_actor(role=roles.IMPORTER_ADMIN), SYSTEM):
        for act in DO.values():
            with pytest.raises(services.MandateNotYours):
                act(mandate=mandate, reason="Mine!", actor=stranger, now=NOW)
    assert Mandate.objects.get().state == "LIVE"


def test_a_reason_is_asked_for():
    mandate = make_mandate()
    with pytest.raises(services.ReasonMissing):
        services.revoke(mandate=mandate, reason="  ", actor=owner_of(mandate), now=NOW)


def test_an_act_on_what_somebody_else_has_moved_is_refused():
    mandate = make_mandate(until="asked")
    stale = Mandate.objects.get()
    services.decline(mandate=mandate, reason="No.", actor=owner_of(mandate), now=NOW)
    with pytest.raises(MandateActRefused):
        sign_mandate(stale, actor=owner_of(mandate))
    assert Mandate.objects.get().state == "DECLINED"
    assert kinds_of(mandate) == ["mandate.ask", "mandate.decline"]


def test_both_sides_hear_of_each_step_and_the_trail_has_it():
    mandate = make_mandate(until="asked")
    task = Task.objects.get(subject=mandate.number)
    assert (task.organization, task.state) == (mandate.principal, "OPEN")
    assert "asks you for a mandate" in Notice.objects.get(organization=mandate.principal).words
    owner = owner_of(mandate)
    sign_mandate(mandate, actor=owner)
    task.refresh_from_db()
    assert task.state == "DONE"
    assert "has signed" in Notice.objects.get(organization=mandate.agent).words
    services.revoke(mandate=mandate, reason="We file ourselves now.", actor=owner, now=NOW)
    for side in (mandate.principal, mandate.agent):
        steps = Event.objects.filter(organization=side, reference=mandate.number).order_by("seq")
        assert [one.kind for one in steps] == ["mandate.ask", "mandate.sign", "mandate.revoke"]
    assert [one.what for one in history_of(mandate)] == ["Revoked: it holds no more", "Signed: it holds", "Asked for"]
    assert history_of(mandate)[0].detail == "We file ourselves now."
    assert history_of(mandate)[0].who == f"{owner.label}, {mandate.principal.name}"
    assert not list(verify())


def test_the_signature_keeps_the_words_and_shows_when_anything_was_altered():
    mandate = make_mandate(until="offered", document_types=("01", "11"), ports=("2704",), value_limit=Decimal(50_000))
    owner = owner_of(mandate)
    sign_mandate(mandate, actor=owner)
    row = Mandate.objects.select_related("principal", "agent", "signed_by").get()
    assert (row.state, row.signed_by, row.signed_title, row.method) == ("LIVE", owner.user, "Clerk", WITH_CODE)
    for words in ("entry types 01 and 11", "the ports 2704", "USD 50,000.00", "1 Nov 2026", "sign declarations"):
        assert words in row.statement, words
    assert "does not discharge" in row.payment_notice
    assert row.contact == row.principal.contact
    assert is_genuine(row)
    data = json.loads(TrailEntry.objects.get(kind="mandate.sign").body)["data"]
    assert data["digest"] == row.digest
    assert data["payment_notice_accepted"] is True
    for name, other in (
        ("value_limit", Decimal(500_000)), ("actions", ["read"]), ("ends_on", date(2030, 1, 1)), ("ports", []),
        ("statement", "anything"), ("payment_notice", ""), ("signed_name", "Somebody Else"),
    ):  # fmt: skip
        kept = getattr(row, name)
        setattr(row, name, other)
        assert not is_genuine(row), name
        setattr(row, name, kept)
    assert not is_genuine(make_mandate(until="offered"))


def test_without_the_words_on_payment_it_does_not_hold():
    mandate = make_mandate(until="offered")
    digest = wording_of(mandate, DAY).digest
    with pytest.raises(services.NoticeNotAccepted):
        services.sign(
            mandate=mandate, digest=digest, accepts_payment_notice=False, method=WITH_CODE, actor=owner_of(mandate),
            now=NOW,
        )  # fmt: skip
    assert Mandate.objects.get().state == "OFFERED"


def test_what_was_not_read_is_not_signed():
    mandate = make_mandate(until="offered")
    with pytest.raises(services.MandateChanged):
        services.sign(
            mandate=mandate, digest="0" * 64, accepts_payment_notice=True, method=WITH_CODE, actor=owner_of(mandate),
            now=NOW,
        )  # fmt: skip


def test_the_agent_never_signs():
    mandate = make_mandate(until="asked")
    with pytest.raises(services.AgentCannotSign):
        sign_mandate(mandate, actor=agent_of(mandate))
    both = make_user(organization=mandate.principal, role=roles.IMPORTER_ADMIN)
    forwarder = make_agent("provider")
    grant_role(user=both, organization=forwarder, role=roles.SERVICE_PROVIDER)
    with pytest.raises(services.AgentCannotSign):
        sign_mandate(mandate, actor=actor_for(both, mandate.principal))
    assert Mandate.objects.get().state == "ASKED"


def test_a_clerk_does_not_sign_and_a_signatory_has_name_and_position():
    mandate = make_mandate(until="offered")
    with pytest.raises(services.MandateNotYours):
        sign_mandate(mandate, actor=owner_of(mandate, roles.IMPORTER_USER))
    nameless = owner_of(mandate)
    nameless.user.title = ""
    with pytest.raises(services.NotASignatory):
        sign_mandate(mandate, actor=nameless)


def test_a_partnership_names_its_partners_and_lasts_two_years_from_signing():
    names = ("Ada Alder", "Bo Birch")
    mandate = make_mandate(until="offered", is_partnership=True, partners=names)
    assert mandate.ends_on is None
    sign_mandate(mandate, actor=owner_of(mandate))
    row = Mandate.objects.get()
    assert row.ends_on == date(2028, 11, 24)
    assert "partnership of Ada Alder and Bo Birch" in row.statement
    assert row.is_live(date(2028, 11, 24))
    assert not row.is_live(date(2028, 11, 25))
    with pytest.raises(services.ScopeRefused) as refusal:
        make_mandate(is_partnership=True, partners=names, ends_on=date(2028, 11, 25))
    assert refusal.value.params["field"] == "ends_on"
    with pytest.raises(services.ScopeRefused) as refusal:
        make_mandate(is_partnership=True, partners=("Ada Alder",))
    assert refusal.value.params["field"] == "partners"
    assert make_mandate(ends_on=date(2040, 1, 1)).ends_on == date(2040, 1, 1), "others may be unlimited"
    assert anniversary(date(2028, 2, 29), 2) == date(2030, 2, 28)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"actions": frozenset()}, "actions"),
        ({"actions": frozenset({"everything"})}, "actions"),
        ({"ends_on": date(2026, 10, 31)}, "ends_on"),
        ({"ends_on": date(2026, 11, 23)}, "ends_on"),
        ({"value_limit": Decimal(0)}, "value_limit"),
    ],
)
def test_a_scope_that_cannot_be_is_refused_at_its_field(said, field):
    with pytest.raises(services.ScopeRefused) as refusal:
        make_mandate(**said)
    assert refusal.value.params["field"] == field
    assert not Mandate.objects.exists()


@pytest.mark.parametrize("action", ["sign", "prepare", "cancel"])
def test_a_provider_does_no_customs_business(action):
    with pytest.raises(services.ProviderMayNot) as refusal:
        make_mandate(agent=make_agent("provider"), actions=frozenset({"transmit", action}))
    assert refusal.value.code == "PROVIDER_MAY_NOT"
    assert make_mandate(agent=make_agent("provider")).actions == ["transmit", "read"]


def test_only_an_importer_gives_and_only_an_agent_holds():
    for principal, agent in (
        (make_importer(), make_importer()), (make_agent(), make_agent()), (make_importer(), make_authority()),
    ):  # fmt: skip
        actor = make_actor(organization=principal, role=roles.IMPORTER_ADMIN)
        with pytest.raises(services.ScopeRefused):
            services.offer(principal=principal, agent=agent, scope=make_scope(), actor=actor, now=NOW)


def test_nobody_writes_a_mandate_of_others():
    importer, agent = make_importer(), make_agent()
    between = {"principal": importer, "agent": agent, "scope": make_scope(), "now": NOW}
    with pytest.raises(services.MandateNotYours):
        services.offer(actor=make_actor(role=roles.IMPORTER_ADMIN), **between)
    with pytest.raises(services.MandateNotYours):
        services.offer(actor=make_actor(organization=importer), **between)
    with pytest.raises(services.MandateNotYours):
        services.ask(actor=make_actor(organization=make_agent(), role=roles.BROKER), **between)


def test_one_mandate_between_two_waits_at_a_time():
    first = make_mandate(until="asked")
    between = {"principal": first.principal, "agent": first.agent}
    with pytest.raises(services.AlreadyWaiting):
        make_mandate(until="offered", **between)
    sign_mandate(first, actor=owner_of(first))
    assert make_mandate(**between).state == "LIVE"


def test_the_database_holds_no_live_mandate_without_a_signature():
    mandate = make_mandate(until="asked")
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(state="LIVE")


def test_forms_are_dated_rows_of_a_party():
    assert form_on("US", DAY).payment_notice
    assert not form_on("MX", DAY).payment_notice
    for party, on in (("FR", DAY), ("US", date(2019, 1, 1))):
        with pytest.raises(NoForm):
            form_on(party, on)
    importer = make_importer()
    importer.party = "CA"
    importer.save()
    mandate = make_mandate(principal=importer, is_partnership=True, partners=("A", "B"))
    assert (mandate.form, mandate.ends_on, mandate.payment_notice_on) == ("CA-AUTHORITY-2026-11", None, None)
    assert "Canada Border Services Agency" in mandate.statement


def test_selectors_see_what_holds_on_a_day():
    agent = make_agent()
    first = make_mandate(agent=agent, ends_on=date(2026, 12, 31))
    make_mandate(agent=agent, until="revoked")
    make_mandate(agent=agent, until="asked")
    later = make_mandate(agent=agent, starts_on=date(2027, 1, 1))
    assert principals_of(agent, DAY) == [first.principal]
    assert principals_of(agent, date(2027, 1, 1)) == [later.principal]
    assert list(live_mandates(on=DAY, principal=first.principal)) == [first]
    assert mandates_of(agent).count() == 4
    assert find_mandate(agent_of(first), first.number) == first
    assert find_mandate(make_actor(), first.number) is None
    assert find_mandate(agent_of(first), "nothing") is None
    agent.is_active = False
    agent.save()
    assert principals_of(agent, DAY) == []


def test_the_calendar_ends_mandates_once():
    live = make_mandate(ends_on=date(2026, 12, 31))
    asked = make_mandate(until="asked", ends_on=date(2026, 12, 31))
    lasting = make_mandate()
    evening = NOW.replace(year=2027, month=1, day=1, hour=4)  # still 31 December in Washington
    assert upkeep.end_over(now=evening) == 0
    after = evening + timedelta(hours=2)
    assert upkeep.end_over(now=after) == 2
    assert upkeep.end_over(now=after) == 0
    for one in (live, asked):
        one.refresh_from_db()
        assert (one.state, one.reason) == ("ENDED", "Its last day has passed.")
    lasting.refresh_from_db()
    assert lasting.state == "LIVE"


def test_what_ends_within_thirty_days_is_told_once_to_both():
    mandate = make_mandate(ends_on=DAY + timedelta(days=30))
    make_mandate(ends_on=DAY + timedelta(days=31))
    assert upkeep.remind_ending(now=NOW) == 1
    assert upkeep.remind_ending(now=NOW) == 0
    task = Task.objects.get(kind="mandate.ending")
    assert (task.organization, task.due_on) == (mandate.principal, mandate.ends_on)
    told = Notice.objects.filter(cause="mandate.ending")
    assert {one.organization for one in told} == {mandate.principal, mandate.agent}
    services.revoke(mandate=mandate, reason="Over.", actor=owner_of(mandate), now=NOW)
    task.refresh_from_db()
    assert task.state == "DONE"


def test_the_words_on_payment_are_given_again_every_year():
    mandate = make_mandate()
    assert upkeep.give_payment_notices(now=NOW + timedelta(days=364)) == 0
    assert upkeep.give_payment_notices(now=NOW + timedelta(days=365)) == 1
    assert upkeep.give_payment_notices(now=NOW + timedelta(days=366)) == 0
    assert upkeep.give_payment_notices(now=NOW + timedelta(days=731)) == 1
    words = Notice.objects.filter(organization=mandate.principal, cause__startswith="mandate.payment_notice")
    assert [one.cause for one in words.order_by("pk")] == ["mandate.payment_notice.2027", "mandate.payment_notice.2028"]
    assert "does not discharge you" in words[0].words
    assert Notice.objects.filter(organization=mandate.agent, cause="mandate.payment_notice.2027").exists()
    assert kinds_of(mandate).count("mandate.payment_notice") == 2


def test_importers_hear_each_time_an_agent_is_switched_off():
    mandate = make_mandate()
    operator = make_actor(organization=make_authority(), role=roles.OPERATOR)
    assert upkeep.tell_of_agents_off(now=NOW) == 0
    for count in (1, 2):
        switch_organization(organization=mandate.agent, on=False, reason="Suspended", actor=operator, now=NOW)
        assert upkeep.tell_of_agents_off(now=NOW) == 1
        assert upkeep.tell_of_agents_off(now=NOW) == 0
        told = Notice.objects.filter(organization=mandate.principal, cause__startswith="mandate.agent_off")
        assert told.count() == count
        mandate.agent.refresh_from_db()
        switch_organization(organization=mandate.agent, on=True, reason="Back", actor=operator, now=NOW)


def test_the_tasks_may_run_twice():
    make_mandate(ends_on=date(2027, 1, 15))
    for _ in range(2):
        tasks.keep_mandates()
        tasks.tell_of_agents_off()
    assert Mandate.objects.get().state in ("LIVE", "ENDED")
