"""A rate in the form in which the Commission publishes it beside its text: a type code, a share, an amount.

Codes: 0 free, 1 an amount on the first reported quantity, 2 on the second, 3 on both, 4 the first with a share,
5 the second with a share, 6 both with a share, 7 a share; 9 whatever the reported quantities and the value alone
do not give.
"""

from decimal import Decimal

import msgspec
from msgspec import Struct

from declarations.tariff.expressions.apply import REPORTED_AS
from declarations.tariff.expressions.tree import AtLeast, Free, Money, Percent, Rate, Sum
from declarations.tariff.units import ratio

ZERO, HUNDRED = Decimal(0), Decimal(100)
CODES = {(): "", (0,): "1", (1,): "2", (0, 1): "3"}
WITH_SHARE = {"": "7", "1": "4", "2": "5", "3": "6"}
DERIVED = "9"


class Computation(Struct, frozen=True):
    """`share` is a fraction of the value; `amount` and `other` are dollars for one of the units reported."""

    code: str
    share: Decimal = ZERO
    amount: Decimal = ZERO  # on the first reported quantity that is charged
    other: Decimal = ZERO  # on the second, where both are


def computation(rate: Rate, units: tuple[str, ...]) -> Computation:
    """How a rate is computed from the quantities that its line reports, `units` in their order."""
    if isinstance(rate, AtLeast):
        return msgspec.structs.replace(computation(rate.total, units), code=DERIVED)
    if isinstance(rate, Free):
        return Computation("0")
    if not isinstance(rate, Sum):
        return Computation(DERIVED)
    share, on = ZERO, dict[int, Decimal]()
    for term in rate.terms:
        if isinstance(term, Percent):
            if term.of is not None:
                return Computation(DERIVED)
            share += term.rate / HUNDRED
            continue
        found = None if term.over else _reported(term, units)
        if found is None:
            return Computation(DERIVED)
        place, amount = found
        on[place] = on.get(place, ZERO) + amount
    places = tuple(sorted(on))
    code = CODES.get(places)
    if code is None:
        return Computation(DERIVED)
    amounts = (*(on[one] for one in places), ZERO, ZERO)
    return Computation(WITH_SHARE[code] if share else code, share, amounts[0], amounts[1])


def _reported(term: Money, units: tuple[str, ...]) -> tuple[int, Decimal] | None:
    """The place of the reported quantity that an amount is charged on, and the dollars for one of its unit."""
    contents = REPORTED_AS.get(term.of or term.per, {})
    counted = [(code, unit) for code, unit in contents.items() if code in units]
    counted += [(unit, unit) for unit in (term.per, *units) if unit in units]
    for code, unit in counted:
        conversion = ratio(unit, term.per)
        if conversion:
            above, below = conversion
            return units.index(code), term.amount * above / (below * term.count)
    return None
