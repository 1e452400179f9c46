"""Reading a document's texts without ever failing, and naming what could not be computed."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from declarations.assessment import Unassessed
from declarations.document import Item, Tariff
from declarations.tariff.view import normal_number
from portal.money import ZERO, is_decimal, plain

# Codes of what could not be computed.
NUMBER = "DUTY-NUMBER"  # no tariff number, one we do not hold, or one that is divided further
ORIGIN = "DUTY-ORIGIN"
EDITION = "DUTY-EDITION"  # no schedule held for the rate date
TIME = "DUTY-TIME"  # a measure begins or ends within the day, and no time of entry is known
VALUE = "DUTY-VALUE"
EXCHANGE = "DUTY-EXCHANGE"
QUANTITY = "DUTY-QUANTITY"
RATE = "DUTY-RATE"  # a rate that refers elsewhere or sets conditions
BARRED = "DUTY-BARRED"  # an import prohibition that no duty cures
CASE = "DUTY-CASE"  # antidumping or countervailing case without a rate
TAX = "DUTY-TAX"
FEE = "DUTY-FEE"
DAYS = "/dates"  # where it is said that no fees are held for the day
# Codes of what may be owed more or less than is computed.
LISTS = "DUTY-LIST"  # our lists end before the goods
CLAIMED = "DUTY-EXEMPTION"  # a declared exemption of goods whose list is not held
TAX_OPEN = "TAX-OPEN"  # an internal revenue tax that is not computed here, and not declared
FEE_OPEN = "FEE-OPEN"  # the same for a fee of the line

LIMIT = Decimal(10) ** 13  # dollars; no field of an entry holds more


class Amount(Struct, frozen=True, gc=False):
    """A number, and its canonical text."""

    number: Decimal
    text: str


class Placed(Struct, frozen=True):
    """A tariff number of the item and its place in the list."""

    index: int
    tariff: Tariff
    number: str


class Numbers(Struct, frozen=True):
    """The numbers of an item by chapter: 98, 99, and 1 to 97."""

    provisions: tuple[Placed, ...]
    extras: tuple[Placed, ...]
    classifications: tuple[Placed, ...]


def is_of_the_day(one: Unassessed) -> bool:
    """The tariff or the fees of the day are not held: another day mends it, and nothing else."""
    return one.code == EDITION or (one.code == FEE and one.pointer == DAYS)


def numbers_of(item: Item) -> Numbers:
    """The item's numbers by chapter, in the order given."""
    placed = [
        Placed(index, one, normal_number(one.hts_number)) for index, one in enumerate(item.tariffs) if one.hts_number
    ]
    return Numbers(
        provisions=tuple(one for one in placed if one.number[:2] == "98"),
        extras=tuple(one for one in placed if one.number[:2] == "99"),
        classifications=tuple(one for one in placed if one.number[:2] not in ("98", "99")),
    )


@lru_cache(maxsize=16_384)
def amount(text: str | None) -> Decimal | None:
    """A decimal text as a number; None where there is none or it is no plain decimal of at most 15 digits."""
    return Decimal(text) if text is not None and is_decimal(text) else None


def amount_of(number: Decimal) -> Amount:
    """The number with its text; a minus zero is zero."""
    number = number or ZERO
    return Amount(number, plain(number))


def day(text: str | None) -> date | None:
    """A date text as a date; None where there is none or it is no day."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def unassessed(code: str, pointer: str, reason: str) -> Unassessed:
    """What could not be computed, where, and why in plain words."""
    return Unassessed(code=code, pointer=pointer, reason=reason)


def quantities_of(tariff: Tariff) -> dict[str, Decimal]:
    """Quantities of a number by unit code; what is no number is left out."""
    found = ((one.unit, amount(one.value)) for one in tariff.quantities)
    return {unit: value for unit, value in found if unit is not None and value is not None and value >= 0}


def measures_of(item: Item) -> dict[str, Decimal]:
    """Bases that are no reporting units, by name (`lead content`, `jewels`)."""
    found = ((name, amount(text)) for name, text in item.measures.items())
    return {name: value for name, value in found if value is not None and value >= 0}
