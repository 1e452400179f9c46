"""Every pair of state and act: allowed as the table says, refused otherwise."""

import itertools

import pytest

from declarations.flow import (
    REQUEST_TABLE,
    TABLE,
    Act,
    ActRefused,
    Filing,
    RequestState,
    after,
    after_decision,
    amendable,
    may,
)

EXPECTED = {
    ("DRAFT", "PREPARE"): "READY",
    ("DRAFT", "WITHDRAW"): "WITHDRAWN",
    ("DRAFT", "EXPIRE"): "ABANDONED",
    ("READY", "REOPEN"): "DRAFT",
    ("READY", "SIGN"): "SIGNED",
    ("SIGNED", "REOPEN"): "DRAFT",
    ("SIGNED", "SUBMIT"): "SUBMITTED",
    ("SUBMITTED", "RETURN"): "DRAFT",
    ("SUBMITTED", "WITHDRAW"): "WITHDRAWN",
}


@pytest.mark.parametrize(("state", "act"), list(itertools.product(Filing, Act)))
def test_only_the_listed_acts_pass(state, act):
    if (state.value, act.value) in EXPECTED:
        assert after(state, act) == EXPECTED[state.value, act.value]
        assert may(state, act)
    else:
        assert not may(state, act)
        with pytest.raises(ActRefused):
            after(state, act)


def test_every_state_is_reachable_and_two_are_final():
    seen = {Filing.DRAFT}
    while new := {to for (state, _), to in TABLE.items() if state in seen} - seen:
        seen |= new
    assert seen == set(Filing)
    assert {state for state in Filing if not any(at == state for at, _ in TABLE)} == {
        Filing.WITHDRAWN,
        Filing.ABANDONED,
    }


def test_a_settled_request_never_opens_again_and_changes_by_another_decision_alone():
    assert set(REQUEST_TABLE.values()) == {RequestState.GRANTED, RequestState.REFUSED}
    assert after_decision("GRANTED", "REFUSE") == after_decision("OPEN", "REFUSE") == "REFUSED"
    with pytest.raises(ActRefused):
        after_decision("GRANTED", "GRANT")


@pytest.mark.parametrize(
    ("filing", "legal", "facts", "wanted"),
    [
        ("SUBMITTED", "ACCEPTED", {}, True),
        ("SUBMITTED", "ACCEPTED", {"examined": True}, False),
        ("SUBMITTED", "ACCEPTED", {"released": True}, False),
        ("SUBMITTED", "NONE", {}, False),
        ("SUBMITTED", "REJECTED", {}, False),
        ("SUBMITTED", "RELEASED", {"released": True}, False),
        ("DRAFT", "ACCEPTED", {}, False),
        ("WITHDRAWN", "CANCELLED", {}, False),
    ],
)
def test_amending_is_for_what_was_accepted_and_is_neither_examined_nor_released(filing, legal, facts, wanted):
    said = {"examined": False, "released": False} | facts
    assert amendable(filing, legal, states=("ACCEPTED",), **said) is wanted
