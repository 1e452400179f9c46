"""A change cuts measures at its period and leaves all others alone."""

from datetime import date
from decimal import Decimal

from audits.remedies.change import Change, changed
from declarations.tariff.view import Measure

ROW = Measure(
    heading="99030124", authority="ieepa_fentanyl", effect="add", rate=Decimal("0.20"), origins=frozenset(["CN"]),
    effective_from=date(2025, 3, 4), effective_to=date(2026, 2, 20),
)  # fmt: skip
OTHER = Measure(
    heading="99038803", authority="s301_china", effect="add", rate=Decimal("0.25"), effective_from=date(2018, 9, 24)
)


def spans(rows):
    return [(one.rate, one.effective_from, one.effective_to) for one in rows]


def test_annulled_for_its_whole_life():
    change = Change(
        effect="annul", authorities=frozenset(["ieepa_fentanyl"]), first=date(2025, 1, 1), last=date(2026, 12, 31)
    )
    assert changed([ROW, OTHER], change) == (OTHER,)


def test_annulled_in_the_middle_leaves_both_ends():
    change = Change(effect="annul", headings=frozenset(["99030124"]), first=date(2025, 6, 1), last=date(2025, 6, 30))
    assert spans(changed([ROW], change)) == [
        (Decimal("0.20"), date(2025, 3, 4), date(2025, 5, 31)), (Decimal("0.20"), date(2025, 7, 1), date(2026, 2, 20)),
    ]  # fmt: skip


def test_another_rate_inside_the_period_only():
    change = Change(
        effect="rate",
        headings=frozenset(["99030124"]),
        rate=Decimal("0.10"),
        first=date(2025, 11, 10),
        last=date(2027, 1, 1),
    )
    assert spans(changed([ROW], change)) == [
        (Decimal("0.20"), date(2025, 3, 4), date(2025, 11, 9)), (Decimal("0.10"), date(2025, 11, 10), date(2026, 2, 20)),
    ]  # fmt: skip


def test_a_period_outside_its_life_changes_nothing():
    change = Change(effect="annul", headings=frozenset(["99030124"]), first=date(2026, 3, 1), last=date(2026, 4, 1))
    assert changed([ROW], change) == (ROW,)


def test_exemptions_of_the_authority_stay():
    exempt = Measure(heading="99030133", authority="ieepa_fentanyl", effect="exempt", effective_from=date(2025, 4, 5))
    change = Change(
        effect="annul", authorities=frozenset(["ieepa_fentanyl"]), first=date(2025, 1, 1), last=date(2026, 12, 31)
    )
    assert changed([ROW, exempt], change) == (exempt,)
