"""Standing is the same for the same facts, in every order and with every repetition."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarations.standing import BY_FUNCTION, Fact, Kind, standing

START = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def fact(kind, second, *, version=1, code="", ground="", request="", amount="", response=None):
    return Fact(
        response_id=response or f"{kind}-{second}-{code}-{version}-{ground}-{request}", kind=Kind(kind), issued_at=START + timedelta(seconds=second),
        version=version, code=code, ground=ground, request=request, amount=amount, currency="USD" if amount else "",
    )  # fmt: skip


ACC, TAX67, TAX4 = (
    fact("ACCEPTED", 1),
    fact("DUTY", 1, code="67", amount="100.00"),
    fact("DUTY", 5, code="4", amount="101.50"),
)
REL, CLE, REJ = fact("RELEASED", 4), fact("CLEARED", 6), fact("REJECTED", 1)

CASES = {
    "nothing yet": ([], "NONE", None, 0),
    "received": ([fact("RECEIVED", 0)], "RECEIVED", None, 0),
    "accepted": ([ACC, fact("RECEIVED", 0)], "ACCEPTED", None, 0),
    "accepted with provisional duty": ([ACC, TAX67], "ACCEPTED", "100.00", 0),
    "released": ([ACC, TAX67, REL], "RELEASED", "100.00", 0),
    "cleared with final duty": ([ACC, TAX67, TAX4, REL, CLE], "CLEARED", "101.50", 0),
    "rejected": ([REJ], "REJECTED", None, 0),
    "examined": ([ACC, fact("EXAM", 2)], "ACCEPTED", None, 1),
    "examined, then released": ([ACC, fact("EXAM", 2), REL], "RELEASED", None, 0),
    "held after the release": ([ACC, REL, fact("HOLD", 9, ground="FDA")], "RELEASED", None, 1),
    "held, then lifted": ([ACC, fact("HOLD", 2, ground="FDA"), fact("HOLD_LIFTED", 3, ground="FDA")], "ACCEPTED", None, 0),
    "another agency's lifting does not help": (
        [ACC, fact("HOLD", 2, ground="FDA"), fact("HOLD_LIFTED", 3, ground="EPA")], "ACCEPTED", None, 1,
    ),
    "release suspended": ([ACC, REL, fact("RELEASE_REVOKED", 8)], "ACCEPTED", None, 0),
    "suspended, then released again": ([ACC, REL, fact("RELEASE_REVOKED", 8), fact("RELEASED", 9)], "RELEASED", None, 0),
    "cancelled beats everything": ([ACC, REL, CLE, fact("CANCELLED", 7)], "CANCELLED", None, 0),
    "a rejected request does not reject the declaration": ([ACC, REL, fact("REJECTED", 9, request="Q1")], "RELEASED", None, 0),
    "a duplicate's refusal has no effect": ([ACC, fact("DUPLICATE", 2)], "ACCEPTED", None, 0),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_case_in_every_order(name):
    facts, legal, amount, holds = CASES[name]
    for order in itertools.permutations(facts):
        found = standing([*order, *order[:1]])
        assert (found.legal, found.money and found.money.amount, len(found.holds)) == (legal, amount, holds), order


def test_after_a_return_only_later_versions_count():
    again = [REJ, fact("ACCEPTED", 60, version=2)]
    assert standing(again, since_version=2).legal == "ACCEPTED"
    assert standing(again, since_version=1).legal == "REJECTED"


def test_a_request_is_settled_by_its_own_answers():
    granted = standing(
        [ACC, fact("DECISION", 3, code="39", request="Q1"), fact("DECISION", 4, code="41", request="Q2")]
    )
    assert granted.requests == {"Q1": "GRANTED", "Q2": "REFUSED"}


def amending(kind, second, code=""):
    return fact(kind, second, code=code, request="Q1")._replace(amends=True)


AMENDMENTS = {
    "accepted": ([amending("ACCEPTED", 3)], "GRANTED"),
    "granted": ([amending("DECISION", 3, "39")], "GRANTED"),
    "denied": ([amending("DECISION", 3, "41")], "REFUSED"),
    "rejected": ([amending("REJECTED", 3)], "REFUSED"),
    "received alone": ([amending("RECEIVED", 3)], None),
    "a decision outweighs an acceptance": ([amending("DECISION", 3, "41"), amending("ACCEPTED", 4)], "REFUSED"),
    "of two decisions the later": ([amending("DECISION", 3, "41"), amending("DECISION", 4, "39")], "GRANTED"),
}


@pytest.mark.parametrize("name", AMENDMENTS)
def test_an_amendment_is_settled_and_the_declaration_stays_as_it_was(name):
    facts, wanted = AMENDMENTS[name]
    for order in itertools.permutations([ACC, TAX67, *facts]):
        found = standing([*order, *order[:1]])
        assert (found.legal, found.requests.get("Q1"), found.money.amount) == ("ACCEPTED", wanted, "100.00")


def test_what_is_said_of_the_goods_under_a_request_is_said_of_the_declaration():
    assert standing([ACC, amending("RELEASED", 5)]).legal == "RELEASED"
    assert standing([ACC, amending("EXAM", 5)]).holds
    assert standing([ACC, fact("CANCELLED", 5, request="Q1")]).legal == "CANCELLED"


def test_that_it_was_examined_or_released_is_remembered():
    plain = standing([ACC])
    assert not plain.examined and not plain.released
    assert standing([ACC, fact("EXAM", 2), fact("HOLD_LIFTED", 3)]).examined
    assert standing([ACC, REL, fact("RELEASE_REVOKED", 8)]).released


def test_payment_asked_until_the_final_statement():
    asked = [ACC, fact("FUNDS", 2)]
    assert standing(asked).payment_asked
    assert not standing([*asked, TAX4]).payment_asked


def test_money_goes_by_rank_then_time_never_by_sum():
    assert standing([TAX4, TAX67, fact("DUTY", 9, code="115", amount="9.00")]).money.amount == "101.50"
    assert standing([TAX67, fact("DUTY", 2, code="67", amount="90.00")]).money.amount == "90.00"


def test_every_function_code_of_the_wire_has_a_kind():
    codes = ["01", "02", "03", "05", "06", "07", "08", "09", "10", "11", "13", "14", "15", "16", "17", "18", "50", "51"]
    assert set(codes) == set(BY_FUNCTION)


facts_of_any_kind = st.builds(
    fact,
    kind=st.sampled_from([one.value for one in Kind]),
    second=st.integers(0, 4),
    version=st.integers(1, 2),
    code=st.sampled_from(["", "67", "115", "4", "39", "41"]),
    ground=st.sampled_from(["", "FDA"]),
    request=st.sampled_from(["", "Q1"]),
)


@given(st.lists(facts_of_any_kind, max_size=6), st.randoms(use_true_random=False))
def test_order_and_repetition_never_matter(facts, random):
    shuffled = [*facts, *facts]
    random.shuffle(shuffled)
    assert standing(shuffled) == standing(facts)
