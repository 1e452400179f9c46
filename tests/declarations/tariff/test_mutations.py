"""Whatever is done to the rows of measures, the cases worked out by hand or the second calculator notice it."""

from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest

from declarations.tariff.selectors import current_view
from tests.declarations.tariff.makers import DAY, owed
from tests.support.generated_entries import LAST, Entries, document_of
from tests.support.hand_cases import document_for, hand_cases, numbers_found, view_of_any_day
from tests.support.second_calculator import Entry, Line, SecondCalculator
from tests.support.two_calculators import differences

CASES = hand_cases()
LINES = 3_000
SEED = 3
ONE_DAY = timedelta(days=1)


def changed(test, **fields):
    """A mutation: rows that pass the test with other values in some fields; a value may be worked out from the row."""

    def mutate(rows):
        return [_with(one, fields) if test(one) else one for one in rows]

    return mutate


def _with(row, fields):
    return msgspec.structs.replace(row, **{name: one(row) if callable(one) else one for name, one in fields.items()})


def dropped(test):
    return lambda rows: [one for one in rows if not test(one)]


def effect(name):
    return lambda one: one.effect == name


def bounded(one):
    return one.effective_to is not None


NOTHING = frozenset()
BY_HAND = {
    "a duty that is added is left out": dropped(effect("add")),
    "a duty that is added is one per cent higher": changed(effect("add"), rate=lambda one: one.rate + Decimal("0.01")),
    "a total in lieu is left out": dropped(effect("floor")),
    "a total in lieu is added instead": changed(effect("floor"), effect="add"),
    "a total in lieu is lower": changed(effect("floor"), rate=lambda one: one.rate - Decimal("0.01")),
    "the line that says the base is enough is left out": dropped(effect("floor_met")),
    "the base is enough a little earlier": changed(
        lambda one: one.effect in ("floor", "floor_met"), rate=lambda one: one.rate - Decimal("0.001")
    ),
    "the base is enough only above the mark": changed(
        lambda one: one.effect in ("floor", "floor_met"), rate=lambda one: one.rate + Decimal("0.0001")
    ),
    "a duty in lieu of column 2 is left out": dropped(effect("replace")),
    "a duty in lieu of column 2 is added instead": changed(effect("replace"), effect="add"),
    "an exemption is left out": dropped(effect("exempt")),
    "an exemption lifts nothing": changed(effect("exempt"), exempts=NOTHING),
    "an exemption lifts everything": changed(
        effect("exempt"), exempts=frozenset({"s301_china", "s301_forced_labor", "s122", "s232_metals", "s232_autos"})
    ),
    "an exemption needs no duty beside it": changed(lambda one: bool(one.requires), requires=NOTHING),
    "an exemption needs a duty that never is there": changed(
        lambda one: bool(one.requires), requires=frozenset({"s000"})
    ),
    "an exemption needs no claim": changed(lambda one: one.program is not None, program=None),
    "an exemption needs another claim": changed(lambda one: one.program is not None, program="KR"),
    "what the filer must state is proposed": changed(lambda one: one.claimed_only, claimed_only=False),
    "what is proposed must be stated by the filer": changed(lambda one: not one.claimed_only, claimed_only=True),
    "an import is barred": changed(lambda one: one.heading == "99030531", effect="prohibit", rate=None),
    "a duty falls on every origin": changed(lambda one: bool(one.origins), origins=NOTHING),
    "no origin is left out": changed(lambda one: bool(one.excluded_origins), excluded_origins=NOTHING),
    "a duty falls on every number": changed(lambda one: bool(one.scope) and one.effect == "add", scope=()),
    "an exemption falls on every number": changed(lambda one: bool(one.scope) and one.effect == "exempt", scope=()),
    "no number is left out": changed(lambda one: bool(one.excluded_scope), excluded_scope=()),
    "a measure begins a day late": changed(
        lambda one: one.effective_from == date(2026, 7, 24), effective_from=lambda one: one.effective_from + ONE_DAY
    ),
    "a measure begins a day early": changed(
        lambda one: one.effective_from > date(2025, 4, 1), effective_from=lambda one: one.effective_from - ONE_DAY
    ),
    "a measure ends a day early": changed(bounded, effective_to=lambda one: one.effective_to - ONE_DAY),
    "a measure never ends": changed(bounded, effective_to=None),
    "the numbers stand in another order": changed(lambda one: True, order=lambda one: -one.order),
}
BY_THE_SECOND = {
    "nothing says where the lists end": dropped(effect("gap")),
    "the lists end everywhere": changed(effect("gap"), scope=(), excluded_scope=(), origins=NOTHING),
    "the lists end nowhere in the years held": changed(effect("gap"), effective_from=date(2030, 1, 1)),
}


@pytest.fixture
def tariff(starter):
    return view_of_any_day(current_view(DAY))


@pytest.fixture(scope="module")
def second():
    return SecondCalculator()


@pytest.fixture(scope="module")
def entries(second):
    """Generated entries with what the second calculator says of them."""
    return [(one, second.compute(one)) for one in Entries(second, SEED).lines(LINES)]


def wrong_by_hand(tariff):
    """Cases that come out otherwise than by hand."""
    for case in CASES:
        found = owed(document_for(case), tariff)
        if found.unassessed or (numbers_found(found), found.totals.duty) != (case.numbers, case.duty):
            yield case


def wrong_by_the_second(entries, tariff):
    for entry, answer in entries:
        yield from differences(entry, owed(document_of(entry), tariff), answer)


@pytest.mark.parametrize("mutation", BY_HAND.values(), ids=BY_HAND)
def test_the_cases_by_hand_notice(mutation, tariff):
    rows = mutation(tariff.all_measures)
    assert rows != list(tariff.all_measures)
    assert next(wrong_by_hand(view_of_any_day(tariff, rows)), None)


@pytest.mark.parametrize("mutation", (BY_HAND | BY_THE_SECOND).values(), ids=BY_HAND | BY_THE_SECOND)
def test_the_second_calculator_notices(mutation, tariff, entries):
    rows = mutation(tariff.all_measures)
    assert rows != list(tariff.all_measures)
    assert next(wrong_by_the_second(entries, view_of_any_day(tariff, rows)), None)


def test_both_agree_where_nothing_is_changed(tariff, entries):
    same = view_of_any_day(tariff, list(tariff.all_measures))
    assert list(wrong_by_hand(same)) == []
    assert list(wrong_by_the_second(entries, same)) == []


# ---- row by row -----------------------------------------------------------------------------------------

PLAIN = ("VN", "NO", "AU", "CN")
EARLIEST = date(2025, 3, 12)
STATED = {"s232_semiconductors": ["99037901"], "s232_trucks": ["99037408"], "s232_autos": ["99039405"]}
# Rows that no number of the starter reaches: its parts all owe less than these totals, and for parts the special
# column does not name S+.
OUT_OF_REACH = {
    ("99038211", None), ("99039442", None), ("99039452", None), ("99039462", None), ("99039466", None),
    ("99039406", "S+"),
}  # fmt: skip


def probes(row, entries, numbers):
    """Entries of one line that a row falls on: the filer claims and states what it asks for."""
    plain = min(row.origins) if row.origins else next(one for one in PLAIN if one not in row.not_origins)
    under = [one for one in numbers if row.falls_on(one, plain, row.first)]
    own = (row.heading,) if row.claimed_only else ()
    for number in under[:: max(1, len(under) // 10)]:
        for day in sorted({max(row.first, EARLIEST), min(row.last, LAST)}):
            for beside in ((), *((one,) for one in STATED.get(row.authority, ()) if own)):
                line = Line(number, plain, "10000", row.program, (*beside, *own))
                yield Entry("01", "30", day, [entries.measured(line)])


def result(entry, tariff):
    found = owed(document_of(entry), tariff)
    return found.unassessed, found.items


def test_every_row_counts_somewhere(tariff, second):
    """For each row there is a line that owes or says something else without it. Rows for other numbers say no more."""
    entries, numbers = Entries(second, SEED), sorted(one for one in second.leaves if one[:2] < "98")
    assert [one.heading for one in tariff.all_measures] == [one.heading for one in second.measures]
    idle, wrong, asked = set(), [], 0
    for place, row in enumerate(second.measures):
        without = view_of_any_day(tariff, [one for at, one in enumerate(tariff.all_measures) if at != place])
        lines = list(probes(row, entries, numbers))
        wrong += [found for one in lines for found in disagreements(one, tariff, second)]
        asked += bool(lines)
        if lines and all(result(one, tariff) == result(one, without) for one in lines):
            idle.add((row.heading, row.program))
    assert wrong[:3] == []
    assert idle == OUT_OF_REACH
    of_lists_not_held = sum("?" in one.scope for one in second.measures)  # they lift nothing, whatever the goods
    assert asked + of_lists_not_held > 370


def disagreements(entry, tariff, second):
    return differences(entry, owed(document_of(entry), tariff), second.compute(entry))
