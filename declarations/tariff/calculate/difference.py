"""A declared chapter 99 list against the proposal: pure, for the rules and the page."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct

from declarations.document import Item
from declarations.tariff.calculate.provision import Provision, provision_of
from declarations.tariff.calculate.reading import Placed, numbers_of
from declarations.tariff.calculate.stack import SCHEDULE, Judged, Stack, judge, propose
from declarations.tariff.calculate.subject import subject_of
from declarations.tariff.view import TariffView


class Difference(Struct, frozen=True):
    """One way in which the declared list is not the proposed one.

    `kind`: missing (proposed, not declared), refused (declared, does not apply), unknown (declared, nobody
    knows it), extra (declared, applies, not proposed), order (not in wire order). `index` is the place in
    `tariffs`, None for a missing number.
    """

    kind: str
    number: str
    reason: str
    index: int | None = None


def stack_difference(
    item: Item, *, tariff: TariffView, on: date, value: Decimal | None = None
) -> tuple[Difference, ...]:
    """How the item's declared chapter 99 numbers differ from the proposal on its rate date.

    Nothing where none is declared: the portal then adds them itself. `value` (whole US dollars) is needed only
    where column 1 is not a plain percentage.
    """
    numbers = numbers_of(item)
    subject = subject_of(item, tariff=tariff, on=on, value=value)
    if not numbers.extras or subject is None:
        return ()
    provision = provision_of(numbers, tariff, origin=subject.origin, on=on)
    freed = isinstance(provision, Provision) and provision.kind == "free"
    claimed = frozenset(one.number for one in numbers.extras)
    stack = Stack() if freed else propose(subject, tariff, claimed)
    duties = tuple(one.measure for one in stack.applied)
    judged = [(one, judge(one.number, subject, tariff, duties)) for one in numbers.extras]
    proposed = {one.measure.heading for one in stack.applied}
    missing = [
        Difference("missing", one.measure.heading, one.reason)
        for one in stack.applied
        if one.measure.heading not in claimed
    ]
    found = [
        Difference(kind, one.number, _reason(kind, verdict), one.index)
        for one, verdict in judged
        if one.number not in proposed
        for kind in (_kind(verdict),)
    ]
    return (*missing, *found, *_order(judged))


def _kind(verdict: Judged) -> str:
    if not verdict.known:
        return "unknown"
    return "refused" if verdict.measure is None else "extra"


def _reason(kind: str, verdict: Judged) -> str:
    if kind == "unknown":
        return verdict.refusal or "no such heading is held"
    if kind == "refused":
        return verdict.refusal
    if verdict.measure and verdict.measure.authority == SCHEDULE:
        return "it is in the schedule, but we hold no measure to say when it applies"
    return "it is not among the numbers that apply to this line"


def _order(judged: list[tuple[Placed, Judged]]) -> list[Difference]:
    """The first number that stands before one that should precede it."""
    places = [(verdict.measure.order, one) for one, verdict in judged if verdict.measure]
    for (earlier, _), (later, placed) in pairwise(places):
        if later < earlier:
            return [Difference("order", placed.number, "section 301 comes first, then 338, 232, 201", placed.index)]
    return []
