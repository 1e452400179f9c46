"""What a rate of duty can be."""

from decimal import Decimal

from msgspec import Struct


class Free(Struct, frozen=True):
    """No duty."""


class Percent(Struct, frozen=True):
    """A share of the value, or of the value of a named part (`the case`, `the battery`)."""

    rate: Decimal  # 3.4 for 3.4 %
    of: str | None = None


class Money(Struct, frozen=True):
    """US dollars for a number of units, or for what a named part or content measures in that unit."""

    amount: Decimal  # dollars
    per: str  # unit code, or the name of a basis such as `jewels`
    count: Decimal = Decimal(1)  # 1000 where the rate is for a thousand
    of: str | None = None  # `lead content`, `drained weight`
    over: Decimal = Decimal(0)  # the first so many are free (`over 7`)


class Sum(Struct, frozen=True):
    """Terms that are added unrounded."""

    terms: tuple[Percent | Money, ...]


class Sugar(Struct, frozen=True):
    """Dollars for a kilogram, less a step for each degree under a mark, never less than a floor (chapter 17)."""

    base: Decimal
    step: Decimal
    mark: Decimal
    floor: Decimal


class Applicable(Struct, frozen=True):
    """Chapter 99: the duty of the line itself, and so many per cent of the value on top."""

    extra: Decimal = Decimal(0)


class Unparsed(Struct, frozen=True):
    """A text that is no rate by itself: `reference` to another place, `condition`, `empty` or `unknown`."""

    text: str
    reason: str


Rate = Free | Sum | Sugar | Applicable | Unparsed
FREE = Free()


def is_free(rate: Rate) -> bool:
    """True where nothing is owed under the rate."""
    return isinstance(rate, Free)
