"""What goods owe from April 2025 to November 2026, worked out by hand from the law's text and not from our rows."""

import csv
import gzip

import pytest

from declarations.tariff.selectors import current_view
from tests.declarations.tariff.makers import DAY, fees, owed
from tests.support.hand_cases import document_for, hand_cases, numbers_found, view_of_any_day

CASES = hand_cases()
SCHEDULE_BEGINS = "2026-02-01"  # the starter's; before it the cases stand on rates that have not changed since
WORDS = ("description", "footnotes")  # columns that change no rate


@pytest.fixture
def tariff(starter):
    return view_of_any_day(current_view(DAY))


@pytest.mark.parametrize("case", CASES, ids=[f"{one.day} {one.origin} {one.reasoning}" for one in CASES])
def test_worked_out_by_hand(case, tariff):
    found = owed(document_for(case), tariff)
    assert found.unassessed == ()
    assert numbers_found(found) == case.numbers
    assert found.totals.duty == case.duty
    if case.processing_fee:
        assert ("499" in fees(found)) is (case.processing_fee == "due")


def test_the_cases_are_many_and_far_apart():
    assert len({(one.number, one.origin, one.day) for one in CASES}) >= 150
    assert len({one.origin for one in CASES}) >= 40
    assert len({one.day for one in CASES}) >= 16
    assert (min(one.day for one in CASES), max(one.day for one in CASES)) == ("2025-04-07", DAY.isoformat())
    assert len({one.split()[0] for case in CASES for one in case.numbers.split()}) >= 120


def test_the_rates_of_earlier_days_are_those_of_today(reference_data):
    """No revision after a case's day changed a rate of its number, so that today's lines answer for that day."""
    earlier = [one for one in CASES if one.day < SCHEDULE_BEGINS]
    with gzip.open(reference_data / "data" / "hts_changes.csv.gz", "rt", encoding="utf-8", newline="") as handle:
        changes = [one for one in csv.DictReader(handle) if one["hts_number"] and one["column"] not in WORDS]
    assert len(earlier) > 80
    assert len(changes) > 1_000
    changed = [
        (case.reasoning, one["revision"], one["old"], one["new"])
        for case in earlier
        for one in changes
        if case.number.startswith(one["hts_number"].replace(".", "")) and one["hts_effective_date"] > case.day
    ]
    assert changed == []
