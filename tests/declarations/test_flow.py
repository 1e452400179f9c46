"""Every pair of state and act: allowed as the table says, refused otherwise."""

import itertools

import pytest

from declarations.flow import REQUEST_TABLE, TABLE, Act, ActRefused, Filing, RequestState, after, may

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


def test_a_settled_request_stays_settled():
    assert {at for at, _ in REQUEST_TABLE} == {RequestState.OPEN}
