"""One item: its value, its ordered numbers, and every duty, deposit and tax of it. Fees come with the entry."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import msgspec
from msgspec import Struct

from declarations.assessment import DUTY, EXEMPTION, AssessmentLine, ItemAssessment, StackedTariff, Unassessed
from declarations.document import Item
from declarations.tariff.calculate import reading
from declarations.tariff.calculate.base import Base, Rated, duty_under
from declarations.tariff.calculate.dates import RateDay
from declarations.tariff.calculate.levies import levies_of, open_of
from declarations.tariff.calculate.plan import Extra, Outcome, Plan, plan_of
from declarations.tariff.calculate.reading import Amount, amount, amount_of, measures_of, numbers_of, unassessed
from declarations.tariff.calculate.subject import share_of
from declarations.tariff.calculate.value import dollars_of
from declarations.tariff.view import TariffView
from portal.money import CENT, ZERO
from portal.tariff_numbers import dotted


class Line(Struct, frozen=True, gc=False):
    """What is known of an item before the fees of the entry."""

    index: int
    result: ItemAssessment | None  # None where not even the value is known
    troubles: tuple[Unassessed, ...] = ()
    counted: bool = False  # computed: its lines and fees are in the totals
    mpf_basis: Amount | None = None  # None: exempt, or not computed
    hmf_basis: Amount | None = None
    notices: tuple[Unassessed, ...] = ()


class Draft(Struct, frozen=True, gc=False):
    """The parts of an item that duty is computed from."""

    index: int
    item: Item
    rate: RateDay
    plan: Plan
    value: Amount  # entered
    charged: Amount  # what duty is on
    set_header: bool = False


def assess_item(
    index: int,
    item: Item,
    *,
    tariff: TariffView,
    rate: RateDay,
    currency: str | None = None,
    set_value: Decimal | None = None,
) -> Line:
    """The duties of one item. `set_value`: the value of a set's components, where the item is the set's header."""
    plan = plan_of(item, tariff, rate.day, rate.at)
    value = dollars_of(item, tariff, currency=currency) if set_value is None else ZERO
    if plan.obstacles or plan.unclear or isinstance(value, Unassessed):
        troubles = [*plan.obstacles, *(one for one in (value, plan.unclear) if isinstance(one, Unassessed))]
        bare = None if isinstance(value, Unassessed) else _bare(index, item, rate, amount_of(value))
        return Line(index, bare, _placed(index, troubles))
    entered = amount_of(value)
    charged = entered if set_value is None else amount_of(set_value)
    return _compute(Draft(index, item, rate, plan, entered, charged, set_value is not None))


def component_line(index: int, item: Item, *, tariff: TariffView, rate: RateDay, currency: str | None = None) -> Line:
    """A component of a set: it carries its value, deposits and taxes; duty and processing fee stand on the header."""
    value = dollars_of(item, tariff, currency=currency)
    if isinstance(value, Unassessed):
        return Line(index, None, _placed(index, [value]))
    entered = amount_of(value)
    lines, troubles = levies_of(item, value)
    stacked = tuple(
        StackedTariff(one.number, "classification", entered.text, "part of a set")
        for one in numbers_of(item).classifications[:1]
    )
    result = _bare(index, item, rate, entered, stacked, tuple(lines))
    return Line(index, result, _placed(index, troubles), counted=True)


def _placed(index: int, troubles: Sequence[Unassessed]) -> tuple[Unassessed, ...]:
    """Pointers that begin at the item, made to begin at the document."""
    if not troubles:
        return ()
    return tuple([msgspec.structs.replace(one, pointer=f"/items/{index}{one.pointer}") for one in troubles])


def _bare(
    index: int,
    item: Item,
    rate: RateDay,
    value: Amount,
    tariffs: tuple[StackedTariff, ...] = (),
    lines: tuple[AssessmentLine, ...] = (),
) -> ItemAssessment:
    sequence = item.sequence if item.sequence is not None else index + 1
    return ItemAssessment(sequence, rate.day.isoformat(), value.text, tariffs, lines, rate.estimated)


def _compute(draft: Draft) -> Line:
    shares = _shares(draft)
    if isinstance(shares, Unassessed):
        return _failed(draft, (shares,))
    found = [duty_under(rated, draft.item, value) for rated, value in shares]
    bases = [one for one in found if isinstance(one, Base)]
    if len(bases) < len(found):
        return _failed(draft, tuple(one for one in found if isinstance(one, Unassessed)))
    outcome = draft.plan.outcome(share_of(bases) if draft.plan.marks else None)
    return _failed(draft, outcome.troubles) if outcome.troubles else _finished(draft, bases, outcome)


def _failed(draft: Draft, troubles: tuple[Unassessed, ...]) -> Line:
    bare = _bare(draft.index, draft.item, draft.rate, draft.value)
    return Line(draft.index, bare, _placed(draft.index, troubles))


def _shares(draft: Draft) -> list[tuple[Rated, Amount]] | Unassessed:
    """The value that each number of chapters 1 to 97 carries."""
    rated = draft.plan.rated
    if len(rated) == 1 and not draft.plan.partial:
        return [(rated[0], draft.charged)]
    shares: list[tuple[Rated, Amount]] = []
    for one in rated:
        stated = amount(draft.item.tariffs[one.index].value)
        if stated is None or stated < 0:
            where = f"/tariffs/{one.index}/value"
            return unassessed(reading.VALUE, where, f"Say which part of the value is under {dotted(one.number)}.")
        shares.append((one, amount_of(stated)))
    return shares


def _finished(draft: Draft, bases: list[Base], outcome: Outcome) -> Line:
    charged = bases[0].value if len(bases) == 1 else amount_of(sum((one.value.number for one in bases), ZERO))
    lines: list[AssessmentLine] = []
    for one in outcome.extras:
        basis = _basis(one, draft, charged)
        if isinstance(basis, Unassessed):
            return _failed(draft, (basis,))
        lines.append(_extra_line(one, basis))
    if outcome.split and (lacking := _unsplit(draft, outcome, charged)):
        return _failed(draft, lacking)
    lines += [_base_line(one, outcome.instead) for one in bases]
    levies, troubles = levies_of(draft.item, (charged if draft.set_header else draft.value).number)
    tariffs = _stacked(draft, bases, outcome)
    return Line(
        draft.index,
        _bare(draft.index, draft.item, draft.rate, draft.value, tariffs, (*lines, *levies)),
        _placed(draft.index, troubles),
        True,
        None if draft.plan.mpf_exempt else charged,
        charged if draft.set_header else draft.value,
        _placed(draft.index, (*outcome.notices, *open_of(draft.item, draft.plan.line))),
    )


def _basis(one: Extra, draft: Draft, charged: Amount) -> Amount | Unassessed:
    """What a duty of chapter 99 is on: the value of the line, or the part of it that is stated by name."""
    if one.content:
        stated = measures_of(draft.item).get(one.content)
        number = dotted(one.code)
        if stated is None:
            text = f"The duty of {number} is {one.shown} on the {one.content}: give the measure '{one.content}'."
            return unassessed(reading.QUANTITY, "/measures", text)
        if stated > charged.number:
            text = f"The {one.content} for {number} is more than the value of the line."
            return unassessed(reading.VALUE, "/measures", text)
        return amount_of(stated)
    return draft.value if one.on_full_value else charged


def _unsplit(draft: Draft, outcome: Outcome, charged: Amount) -> tuple[Unassessed, ...]:
    """Why a line cannot stand as one: another duty is lifted from the content and not from the rest."""
    stated = [measures_of(draft.item).get(one.content, ZERO) for one in outcome.extras if one.content]
    if sum(stated, ZERO) >= charged.number:
        return ()
    text = f"{dotted(outcome.split)} turns on the content alone: report the content and the rest on two lines."
    return (unassessed(reading.VALUE, "/measures", text),)


def _extra_line(one: Extra, value: Amount) -> AssessmentLine:
    return AssessmentLine(
        one.kind,
        one.code,
        value.text,
        one.shown,
        str((value.number * one.rate).quantize(CENT, ROUND_HALF_UP)),
        one.legal_basis,
        one.working if one.kind == EXEMPTION else value.text + one.working,
    )


def _base_line(base: Base, instead: str | None) -> AssessmentLine:
    rated = base.rated
    return AssessmentLine(
        DUTY,
        rated.number,
        base.value.text,
        rated.shown,
        "0.00" if instead else str(base.duty.quantize(CENT, ROUND_HALF_UP)),
        rated.legal_basis,
        instead or base.working,
    )


def _stacked(draft: Draft, bases: list[Base], outcome: Outcome) -> tuple[StackedTariff, ...]:
    """The numbers in wire order: chapter 98, chapter 99, then 1 to 97 with the value."""
    provisions = [
        StackedTariff(number, "provision", draft.item.tariffs[index].value or "0")
        for index, number in draft.plan.provisions
    ]
    leading = [
        StackedTariff(one.rated.number, "classification", "0" if draft.set_header else one.value.text, outcome.reason)
        for one in bases
    ]
    return (*provisions, *outcome.tariffs, *leading)
