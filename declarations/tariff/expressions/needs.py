"""What the computation of a rate will ask for, so that a form can ask first."""

from functools import lru_cache

from msgspec import Struct

from declarations.tariff.expressions.parse import parse
from declarations.tariff.expressions.tree import Added, AtLeast, Capped, Conditional, Money, Percent, Rate, Sugar, Sum
from declarations.tariff.view import TariffLine
from portal.money import plain

SUGAR_DEGREES = "degrees"
DOLLARS = "USD"


class Need(Struct, frozen=True):
    """A fact that a rate is charged on: a `unit` to report, or a named `measure`; and what it is counted in.

    `unit` is a unit code, `USD`, or empty where things are counted (jewels, degrees, plates).
    """

    kind: str
    name: str
    unit: str


def needs(rate: Rate) -> tuple[Need, ...]:
    """The facts beside the value that a rate is charged on, in the order of its terms; none for one that is no rate."""
    return tuple(dict.fromkeys(_needs(rate)))


@lru_cache(maxsize=1024)
def units_asked(line: TariffLine) -> tuple[str, ...]:
    """Units of the quantities of a number: those that the schedule prints, else those that its rates are charged on.

    A few numbers have a rate such as 44 cents each and no unit.
    """
    found = (one for text in (line.general, line.column2) for one in needs(parse(text)) if one.kind == "unit")
    return line.units or tuple(dict.fromkeys(one.name for one in found))


def basis_of(term: Money) -> str | None:
    """The name of the measure that an amount is charged on, or None where it is the reported quantity itself.

    The jewels of rates `over 7` are those that each movement has beyond seven, added up over the movements.
    """
    if term.over:
        return f"{term.of or term.per} over {plain(term.over)}"
    return term.of or (term.per if term.per.islower() else None)


def _needs(rate: Rate) -> list[Need]:
    if isinstance(rate, Sum):
        return [need for term in rate.terms for need in _of_term(term)]
    if isinstance(rate, Sugar):
        return [Need("unit", "KG", "KG"), Need("measure", SUGAR_DEGREES, "")]
    if isinstance(rate, Capped):
        return [*_needs(rate.total), Need("measure", rate.part, ""), Need("measure", rate.limit, DOLLARS)]
    if isinstance(rate, AtLeast):
        return [*_needs(rate.total), Need("measure", rate.sort, ""), Need("measure", rate.floor, DOLLARS)]
    if isinstance(rate, Added):
        return _of_term(rate.extra)
    return _needs(rate.rate) if isinstance(rate, Conditional) else []


def _of_term(term: Percent | Money) -> list[Need]:
    if isinstance(term, Percent):
        return [Need("measure", term.of, DOLLARS)] if term.of else []
    name = basis_of(term)
    if name is None:
        return [Need("unit", term.per, term.per)]
    return [Need("measure", name, "" if term.per.islower() else term.per)]
