"""Two calculators that share no code agree, line by line and to the cent, on what entries of all kinds owe."""

from decimal import Decimal

import pytest

from declarations.tariff.selectors import current_view
from tests.declarations.tariff.makers import owed
from tests.support.generated_entries import LAST, Entries, document_of
from tests.support.second_calculator import SecondCalculator
from tests.support.two_calculators import differences

LINES = 10_000
SEED = 20261124


@pytest.fixture(scope="module")
def second():
    return SecondCalculator()


def test_two_calculators_agree_on_ten_thousand_lines(starter, second):
    view = current_view(LAST)
    lines = computed = 0
    headings, found_differences = set(), []
    for entry in Entries(second, SEED).lines(LINES):
        answer = second.compute(entry)
        found_differences += differences(entry, owed(document_of(entry), view), answer)
        lines += len(entry.lines)
        computed += sum(one is not None for one in answer.lines)
        headings |= {number for one in answer.lines if one for number, _ in one.stack if number[:2] == "99"}
    assert found_differences[:3] == []
    assert lines == LINES
    assert computed > 0.98 * LINES
    assert len(headings) > 150  # of the headings of the starter that were in force in these days


def test_the_entries_are_of_every_kind(second):
    """Claims that hold, provisions, conditions stated, duties in lieu, zero lines, barred fees: all of them occur."""
    answers = [(one, second.compute(one)) for one in Entries(second, SEED).lines(4_000)]
    lines = [(line, found) for entry, answer in answers for line, found in zip(entry.lines, answer.lines, strict=True)]
    roles = {role for _, found in lines if found for _, role in found.stack}
    assert roles == {"provision", "additional", "replacement", "exemption", "classification"}
    assert {code for _, answer in answers for code in answer.fees} == {"499", "501", "311"}
    assert any(found and found.unlisted for _, found in lines)
    assert any(found is None for _, found in lines)
    assert any(found and set(line.declared) & {one for one, _ in found.stack} for line, found in lines)
    assert any(
        found and line.declared and not set(line.declared) & {one for one, _ in found.stack} for line, found in lines
    )
    assert max(len(found.stack) for _, found in lines if found) >= 5
    assert max(Decimal(answer.fees.get("499", 0)) for _, answer in answers) == Decimal("670.86")
