"""The day whose rates apply."""

from datetime import UTC, date, datetime

import pytest

from declarations.tariff.calculate import entry_day, rate_day
from tests.declarations.tariff.makers import NOW, document, item


def dated(**dates):
    return document(item("8507600090"), dates=dates)


@pytest.mark.parametrize(
    ("dates", "found", "ground"),
    [
        ({"estimated_entry": "2026-11-24"}, date(2026, 11, 24), "estimated date of entry"),
        ({"estimated_entry": "2026-11-24", "entry_date_election": "2026-11-26"}, date(2026, 11, 26), "date elected"),
        ({"estimated_entry": "2026-11-09", "estimated_arrival": "2026-11-10"}, date(2026, 11, 10), "arrival"),
        ({"entry_date_election": "2026-11-09", "import": "2026-11-10"}, date(2026, 11, 10), "arrival"),
        ({"estimated_arrival": "2026-11-10", "import": "2026-11-12"}, date(2026, 11, 12), "arrival"),
        ({"estimated_entry": "2026-11-24", "estimated_arrival": "2026-11-20"}, date(2026, 11, 24), "estimated date"),
        ({}, date(2026, 11, 24), "today"),
    ],
)
def test_an_entry_is_never_before_arrival(dates, found, ground):
    day = entry_day(dated(**dates), now=NOW)
    assert (day.day, day.estimated) == (found, True)
    assert day.ground.startswith(ground)


def test_facts_of_customs_go_before_estimates():
    doc = dated(estimated_entry="2026-11-24", estimated_arrival="2026-11-20")
    assert entry_day(doc, now=NOW, landed_on=date(2026, 11, 25)).day == date(2026, 11, 25)
    entered = entry_day(doc, now=NOW, entered_on=date(2026, 11, 23))
    assert (entered.day, entered.estimated) == (date(2026, 11, 23), False)


def test_today_is_counted_in_eastern_time():
    late_evening = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # 22:00 of the 24th in New York
    assert entry_day(dated(), now=late_evening).day == date(2026, 11, 24)


def rated(kind="01", in_bond=None, ftz=None):
    doc = document(item("8507600090", ftz=ftz), kind=kind, in_bond=in_bond)
    return rate_day(doc, doc.items[0], entry=entry_day(doc, now=NOW))


def test_in_bond_goods_take_the_day_the_in_bond_entry_was_accepted():
    found = rated(in_bond={"type": "61", "accepted_date": "2026-11-09"})
    assert (found.day, found.estimated) == (date(2026, 11, 9), False)


@pytest.mark.parametrize(
    ("kind", "in_bond"),
    [
        ("02", {"type": "61", "accepted_date": "2026-11-09"}),  # quota: presentation of the summary
        ("01", {"type": "62", "accepted_date": "2026-11-09"}),  # transportation and exportation
        ("01", {"type": "61"}),
    ],
)
def test_other_in_bond_movements_do_not_move_the_day(kind, in_bond):
    assert rated(kind, in_bond).day == date(2026, 11, 24)


def test_privileged_foreign_status_keeps_the_day_it_was_granted():
    assert rated("06", ftz={"status": "P", "privileged_date": "2026-07-01"}).day == date(2026, 7, 1)
    assert rated("06", ftz={"status": "N", "privileged_date": "2026-07-01"}).day == date(2026, 11, 24)
    assert rated("06", ftz={"status": "P"}).day == date(2026, 11, 24)
