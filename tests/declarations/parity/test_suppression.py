"""What is not shown, and that nobody can compute it from what is."""

import random
from itertools import product

from declarations.parity.counting import ALL, Cell, percentile
from declarations.parity.suppression import EXAMINED, FILED, OUTCOME, PARTS, SMALL, TIMES, hidden_parts


def cell(port, filed, accepted=None, rejected=0, examined=0):
    accepted = filed - rejected if accepted is None else accepted
    return Cell("self", port, ALL, filed, accepted, rejected, examined, 10, 20)


def with_total(*cells):
    sums = [sum(column) for column in zip(*(one[3:7] for one in cells), strict=True)]
    return [Cell("self", ALL, ALL, *sums, 10, 20), *cells]


def test_a_small_cell_is_hidden_and_the_next_smallest_with_it():
    total, small, middle, large = with_total(cell("1", 3), cell("2", 40, rejected=10), cell("3", 90, rejected=20))
    found = hidden_parts([total, small, middle, large])
    assert found[small] == set(PARTS)
    assert FILED in found[middle], "the total less the two others would give it"
    assert FILED not in found[large]
    assert FILED not in found[total]


def test_few_rejections_hide_what_was_accepted_too():
    total, first, second = with_total(cell("1", 40, rejected=3), cell("2", 60, rejected=20))
    found = hidden_parts([total, first, second])
    assert OUTCOME in found[first]
    assert OUTCOME in found[second], "the total less the other would give it"
    assert not found[total] & {OUTCOME, FILED}


def test_few_examinations_are_hidden():
    total, first, second, third = with_total(
        cell("1", 40, rejected=10, examined=2), cell("2", 60, rejected=20, examined=9), cell("3", 50, rejected=9, examined=30)
    )  # fmt: skip
    found = hidden_parts([total, first, second, third])
    assert EXAMINED in found[first]
    assert EXAMINED in found[third], "the smallest of the others"
    assert found[second] == set()


def test_two_small_cells_whose_sum_gives_them_away_are_not_left_to_each_other():
    ones = with_total(cell("1", 1), cell("2", 1), cell("3", 50, rejected=9))
    assert FILED in hidden_parts(ones)[ones[3]], "1 + 1 is the only way to come to 2"
    fours = with_total(cell("1", 4), cell("2", 4))
    assert FILED in hidden_parts(fours)[fours[0]], "4 + 4 is the only way to come to 8; the total goes"


def test_times_of_few_decisions_are_hidden():
    total, one = with_total(cell("1", 30, accepted=4, rejected=0))
    assert TIMES in hidden_parts([total, one])[one]


def test_nothing_is_hidden_of_large_cells():
    cells = with_total(cell("1", 40, rejected=10, examined=8), cell("2", 60, rejected=20, examined=9))
    assert not any(hidden_parts(cells).values())


def test_percentiles_are_times_that_were_measured():
    assert percentile([], 50) is None
    assert [percentile([7], one) for one in (50, 90)] == [7, 7]
    assert [percentile(list(range(1, 11)), one) for one in (50, 90)] == [5, 9]
    assert [percentile(list(range(1, 12)), one) for one in (50, 90)] == [6, 10]


def test_no_published_table_has_a_single_solution_for_a_hidden_count():
    """By trying all: whatever is hidden of what was filed and rejected fits at least two ways."""
    dice = random.Random(7_20_1)
    for _ in range(400):
        ports = dice.randint(1, 4)
        parts = []
        for port in range(ports):
            filed = dice.choice([1, 2, 3, 4, 5, 6, 7, 9, 12])
            rejected = dice.randint(0, filed)
            parts.append(cell(str(port), filed, rejected=rejected, examined=dice.randint(0, filed)))
        cells = with_total(*parts)
        hidden = hidden_parts(cells)
        for part, place, least in ((FILED, 3, 1), (OUTCOME, 5, 0), (EXAMINED, 6, 0)):
            assert_not_exposed(cells[0], parts, hidden, part, place, least)


def assert_not_exposed(total, parts, hidden, part, place, least):
    kept = [one for one in parts if part in hidden[one]]
    for one in (total, *parts):
        assert one[place] >= SMALL or part in hidden[one]
    if part in hidden[total] or not kept:
        return
    left = sum(one[place] for one in kept)
    ranges = [choices(one, hidden[one], part, place, least, left) for one in kept]
    fits = [values for values in product(*ranges) if sum(values) == left]
    for number in range(len(kept)):
        assert len({values[number] for values in fits}) > 1, (total, parts, part)


def choices(one, names, part, place, least, left):
    """What a reader who knows the rules would try for a hidden count."""
    if FILED in names:
        if part == FILED:
            return range(least, SMALL) if one.filed < SMALL else range(SMALL, left + 1)
        return range(SMALL) if one.filed < SMALL else range(left + 1)
    if part == OUTCOME:
        if one.rejected < SMALL:
            return range(SMALL)
        return (
            range(one.filed - SMALL + 1, one.filed + 1) if one.accepted < SMALL else range(SMALL, one.filed - SMALL + 1)
        )
    return range(SMALL) if one[place] < SMALL else range(SMALL, one.filed + 1)
