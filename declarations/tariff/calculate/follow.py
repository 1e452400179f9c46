"""Rates that are those of another article: taken from its number where that stands on the same line."""

from collections.abc import Sequence

import msgspec

from declarations.tariff.calculate.base import OTHERS, Rated
from declarations.tariff.expressions import Reference, Unparsed
from declarations.tariff.expressions.places import EACH, GOODS
from portal.tariff_numbers import dotted


def followed(rated: Sequence[Rated]) -> tuple[Rated, ...]:
    """Each number with its own rate, or with that of the other number of the line where it takes another's.

    With several others it is not told whose rate it is, but of an ensemble whose articles carry all of the value:
    then nothing is owed on the number of the ensemble itself.
    """
    return tuple(_of_other(one, [other for other in rated if other is not one]) for one in rated)


def _of_other(one: Rated, others: list[Rated]) -> Rated:
    if not isinstance(one.rate, Reference) or one.rate.kind not in OTHERS or not others:
        return one
    if len(others) > 1:
        return msgspec.structs.replace(one, in_parts=True) if one.rate.kind == EACH else one
    source = others[0]
    elsewhere = one.rate.kind == GOODS and not source.number.startswith(one.rate.target[-1])
    if isinstance(source.rate, Unparsed) or elsewhere:
        return one
    return msgspec.structs.replace(
        source,
        index=one.index,
        number=one.number,
        legal_basis=f"{one.legal_basis}: the rate of {dotted(source.number)}",
        claim=one.claim,
        remark=one.remark,
    )
