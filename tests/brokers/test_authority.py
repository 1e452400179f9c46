"""Who may do what for whom: what a mandate covers, what it does not, and that a revocation holds at once."""

from datetime import date
from decimal import Decimal

import pytest

from brokers import services
from brokers.authority import NoMandate, may_act, needs_mandate, require
from portal.accounts import roles
from portal.accounts.actors import Actor
from tests.makers import DAY, NOW, make_actor, make_agent, make_importer, make_mandate


def agent_of(mandate, role=roles.LICENSED_INDIVIDUAL):
    return make_actor(organization=mandate.agent, role=role)


def failed(mandate, *, actor=None, **said):
    """What the refusal names."""
    asked = {"action": "transmit", "on": DAY} | said
    actor = actor or agent_of(mandate)
    assert may_act(actor=actor, principal=mandate.principal, **asked) is None
    with pytest.raises(NoMandate) as refusal:
        require(actor=actor, principal=mandate.principal, **asked)
    assert refusal.value.code == "NO_MANDATE"
    assert str(refusal.value).endswith(".")
    return refusal.value.params["failed"]


def test_a_live_mandate_covers_its_acts_in_one_statement(django_assert_num_queries):
    mandate = make_mandate()
    actor = agent_of(mandate)
    for action in ("draft", "prepare", "sign", "transmit", "cancel", "read"):
        with django_assert_num_queries(1):
            found = may_act(actor=actor, principal=mandate.principal, action=action, on=DAY)
            assert found == mandate
            assert (found.agent.name, found.principal.name) == (mandate.agent.name, mandate.principal.name)
        with django_assert_num_queries(1):
            assert require(actor=actor, principal=mandate.principal, action=action, on=DAY) == mandate


def test_a_refusal_costs_one_statement_too(django_assert_num_queries):
    mandate = make_mandate(actions=frozenset({"read"}))
    actor = agent_of(mandate)
    with django_assert_num_queries(1), pytest.raises(NoMandate):
        require(actor=actor, principal=mandate.principal, action="sign", on=DAY)


def test_the_importer_itself_needs_none(django_assert_num_queries):
    actor = make_actor()
    with django_assert_num_queries(0):
        assert not needs_mandate(actor=actor, principal=actor.organization)
        assert require(actor=actor, principal=actor.organization, action="sign", on=DAY) is None
    assert needs_mandate(actor=Actor(), principal=actor.organization)
    with pytest.raises(NoMandate):
        require(actor=Actor(), principal=actor.organization, action="read", on=DAY)


@pytest.mark.parametrize("until", ["offered", "asked", "declined", "revoked", "ended"])
def test_what_is_not_signed_or_is_over_covers_nothing(until):
    assert failed(make_mandate(until=until)) == "mandate"


def test_others_are_not_covered():
    mandate = make_mandate()
    stranger = make_actor(organization=make_agent(), role=roles.LICENSED_INDIVIDUAL)
    assert failed(mandate, actor=stranger) == "mandate"
    elsewhere = make_importer()
    with pytest.raises(NoMandate):
        require(actor=agent_of(mandate), principal=elsewhere, action="transmit", on=DAY)


def test_each_limit_is_named():
    mandate = make_mandate(
        actions=frozenset({"prepare", "transmit"}), document_types=("01",), ports=("2704", "5301"),
        value_limit=Decimal(50_000), starts_on=date(2026, 11, 10), ends_on=date(2026, 12, 31),
    )  # fmt: skip
    within = {"document_type": "01", "port": "2704", "value": Decimal("50000.00")}
    actor = agent_of(mandate)
    for on in (date(2026, 11, 10), date(2026, 12, 31)):
        assert require(actor=actor, principal=mandate.principal, action="transmit", on=on, **within) == mandate
    assert failed(mandate, **within, on=date(2026, 11, 9)) == "date"
    assert failed(mandate, **within, on=date(2027, 1, 1)) == "date"
    assert failed(mandate, **within, action="sign") == "action"
    assert failed(mandate, **within | {"document_type": "03"}) == "document_type"
    assert failed(mandate, **within | {"port": "1001"}) == "port"
    assert failed(mandate, **within | {"value": Decimal("50000.01")}) == "value"
    for name, nothing in (("document_type", ""), ("port", ""), ("value", None)):
        assert failed(mandate, **within | {name: nothing}) == name, "what is filed has to be said"
    assert require(actor=actor, principal=mandate.principal, action="prepare", on=DAY) == mandate
    assert failed(mandate, action="prepare", port="1001") == "port"


def test_of_several_mandates_one_that_covers_is_enough_and_the_refusal_names_the_furthest():
    narrow = make_mandate(actions=frozenset({"read"}))
    assert failed(narrow) == "action"
    limited = make_mandate(principal=narrow.principal, agent=narrow.agent, value_limit=Decimal(100))
    asked = {"actor": agent_of(narrow), "principal": narrow.principal, "action": "transmit", "on": DAY}
    assert failed(narrow, value=Decimal(101)) == "value"
    assert require(**asked, value=Decimal(99)) == limited


def test_a_partnerships_mandate_is_over_two_years_after_its_signature():
    mandate = make_mandate(is_partnership=True, partners=("Ada Alder", "Bo Birch"))
    actor = agent_of(mandate)
    assert may_act(actor=actor, principal=mandate.principal, action="transmit", on=date(2028, 11, 24)) == mandate
    assert failed(mandate, on=date(2028, 11, 25)) == "date"


def test_a_provider_transmits_and_never_signs():
    mandate = make_mandate(agent=make_agent("provider"))
    actor = agent_of(mandate, roles.SERVICE_PROVIDER)
    assert require(actor=actor, principal=mandate.principal, action="transmit", on=DAY) == mandate
    for action in ("sign", "prepare", "draft", "cancel"):
        assert failed(mandate, actor=actor, action=action) == "action"


def test_a_revocation_holds_at_once():
    mandate = make_mandate()
    actor = agent_of(mandate)
    assert require(actor=actor, principal=mandate.principal, action="transmit", on=DAY) == mandate
    owner = make_actor(organization=mandate.principal, role=roles.IMPORTER_ADMIN)
    services.revoke(mandate=mandate, reason="We file ourselves.", actor=owner, now=NOW)
    assert failed(mandate, actor=actor) == "mandate"


@pytest.mark.parametrize("side", ["agent", "principal"])
def test_a_switched_off_organization_ends_it_for_as_long(side):
    mandate = make_mandate()
    actor = agent_of(mandate)
    place = getattr(mandate, side)
    place.is_active = False
    place.save()
    assert failed(mandate, actor=actor) == "mandate"
    place.is_active = True
    place.save()
    assert may_act(actor=actor, principal=mandate.principal, action="transmit", on=DAY) == mandate
