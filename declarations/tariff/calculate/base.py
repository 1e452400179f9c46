"""The duty of chapters 1 to 97: the column, the claim for a preference, and the rate applied."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from declarations.assessment import Unassessed
from declarations.document import Item
from declarations.tariff.calculate.reading import (
    LIMIT,
    QUANTITY,
    RATE,
    Placed,
    dotted,
    measures_of,
    quantities_of,
    unassessed,
)
from declarations.tariff.expressions import FREE, Missing, Unparsed, apply, claim_rate, is_free, parse
from declarations.tariff.view import Program, TariffLine, TariffView


class Claim(Struct, frozen=True):
    """A preference claim as far as it goes: `program` is set only where it is honoured."""

    asked: str | None = None
    program: str | None = None
    rate: str | None = None  # the text it opens; None where the general rate is Free anyway
    refusal: str = ""
    row: Program | None = None


class Base(Struct, frozen=True):
    """The duty of one classification number, unrounded."""

    placed: Placed
    line: TariffLine
    value: Decimal
    duty: Decimal
    rate: str
    working: str
    legal_basis: str
    claim: Claim


def claim_of(item: Item, line: TariffLine, *, tariff: TariffView, on: date) -> Claim:
    """Whether the claim of the item holds for a line on a day, and which rate it opens.

    An empty special column with a general rate of Free allows a claim that changes no duty; with any other
    general rate it refuses it. Column 2 countries have no preference.
    """
    asked = item.preference.program if item.preference else None
    if not asked:
        return Claim()
    row = tariff.program(asked, on=on)
    refusal = _refusal(asked, row, item.origin_country or "", tariff, on)
    if refusal:
        return Claim(asked=asked, refusal=refusal)
    if row is not None and row.by_note:
        return Claim(asked=asked, program=asked, rate="Free", row=row)
    rate = claim_rate(line.special, asked)
    if rate is not None:
        return Claim(asked=asked, program=asked, rate=rate, row=row)
    if is_free(parse(line.general)):
        return Claim(asked=asked, program=asked, row=row)
    return Claim(asked=asked, refusal=f"the special column does not name {asked}")


def _refusal(asked: str, row: Program | None, origin: str, tariff: TariffView, on: date) -> str:
    if tariff.origin_status(origin, "column2", on):
        return f"goods of {origin} are under column 2"
    if row is None:
        if tariff.program(asked):
            return f"the program is not in force on {on}"
        return "there is no such program" if tariff.programs(on) else ""
    if row.countries and origin not in row.countries:
        return f"{origin or 'this origin'} is not in the program"
    return ""


def base_of(
    item: Item, placed: Placed, line: TariffLine, value: Decimal, *, tariff: TariffView, on: date
) -> Base | Unassessed:
    """The duty of one number on its value, unrounded, or why it cannot be computed (pointer relative to the item)."""
    claim = claim_of(item, line, tariff=tariff, on=on)
    if tariff.origin_status(item.origin_country or "", "column2", on):
        text, column = line.column2, "column 2"
    elif claim.rate is not None:
        text, column = claim.rate, f"column 1 special ({claim.program})"
    else:
        text, column = line.general, "column 1 general"
    rate = parse(text)
    result = apply(rate, value=value, quantities=quantities_of(placed), measures=measures_of(item))
    if isinstance(result, Missing):
        return _missing(result, placed, line, text)
    if result.amount >= LIMIT:
        where = f"/tariffs/{placed.index}/quantities"
        return unassessed(QUANTITY, where, "The quantity gives a duty larger than an entry can hold.")
    refused = f"; {claim.asked} claim not counted: {claim.refusal}" if claim.refusal else ""
    return Base(
        placed=placed,
        line=line,
        value=value,
        duty=result.amount,
        rate="Free" if rate == FREE else text,
        working=result.working + refused,
        legal_basis=f"HTS {dotted((line.heading_of_rate or line.number)[:8])}, {column}",
        claim=claim,
    )


def _missing(lack: Missing, placed: Placed, line: TariffLine, text: str) -> Unassessed:
    number = dotted(line.number)
    if lack.kind == "unit":
        where = f"/tariffs/{placed.index}/quantities"
        return unassessed(QUANTITY, where, f"The rate of {number} is {text}: give the quantity in {lack.name}.")
    if lack.kind == "measure":
        return unassessed(QUANTITY, "/measures", f"The rate of {number} is {text}: give the measure '{lack.name}'.")
    rate = parse(text)
    detail = rate.text if isinstance(rate, Unparsed) and rate.text else lack.name
    where = f"/tariffs/{placed.index}/hts_number"
    return unassessed(RATE, where, f"The rate of {number} cannot be computed from the schedule alone: {detail}.")
