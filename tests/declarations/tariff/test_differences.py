"""What differs between two days: lines, units, rates and the measures that hit them."""

from datetime import date

from declarations.tariff.differences import Difference, differences
from declarations.tariff.selectors import current_view


def test_the_end_of_a_measure_is_named_with_its_origins(starter):
    """IEEPA duties ended on 20 February 2026, section 122 stood from 24 February to 23 July, 301 follows."""
    before, after = current_view(date(2026, 2, 19)), current_view(date(2026, 11, 24))
    found = list(differences(before, after, ["8507600090"], ["CN", "DE"]))
    by_heading = {one.what: one for one in found}
    assert by_heading["99030531"] == Difference("8507600090", "99030531", "", "12.5 %", ("CN",))
    ended = [one for one in found if one.before and not one.after]
    assert ended
    assert all(one.number == "8507600090" for one in found)


def test_the_same_day_has_no_difference(starter):
    view = current_view(date(2026, 11, 24))
    assert list(differences(view, view, None, ["CN"])) == []


def test_a_number_that_nobody_holds_says_nothing(starter):
    view = current_view(date(2026, 11, 24))
    assert list(differences(view, view, ["0000000000"])) == []
