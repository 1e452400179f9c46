"""What a rate of duty can be."""

from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

REPEATING = 20  # a rate of more digits than any print has is the quotient of a printed fraction
DENOMINATORS = 99  # the largest denominator that is read


class Free(Struct, frozen=True):
    """No duty."""


class Percent(Struct, frozen=True):
    """A share of the value, or of the value of a named part (`the case`, `the battery`)."""

    rate: Decimal  # 3.4 for 3.4 %
    of: str | None = None

    @property
    def repeats(self) -> bool:
        """Whether the rate was printed as a fraction that has no end as a decimal."""
        return len(self.rate.as_tuple().digits) > REPEATING

    @property
    def exact(self) -> Fraction:
        """The rate as it was printed: `33 1/3` is a third of a hundred, not its first 28 digits."""
        whole = Fraction(self.rate)
        return whole.limit_denominator(DENOMINATORS) if self.repeats else whole


class Money(Struct, frozen=True):
    """US dollars for a number of units, or for what a named part or content measures in that unit."""

    amount: Decimal  # dollars
    per: str  # unit code, or the name of a basis such as `jewels`
    count: Decimal = Decimal(1)  # 1000 where the rate is for a thousand
    of: str | None = None  # `lead content`, `drained weight`
    over: Decimal = Decimal(0)  # the first so many of each article are free (`over 7`)


class Sum(Struct, frozen=True):
    """Terms that are added unrounded."""

    terms: tuple[Percent | Money, ...]


class Sugar(Struct, frozen=True):
    """Dollars for a kilogram, less a step for each degree under a mark, never less than a floor (HTS 1701)."""

    base: Decimal
    step: Decimal
    mark: Decimal
    floor: Decimal


class Capped(Struct, frozen=True):
    """A sum that, for goods with a named part, is never more than another duty (HTS 9110.90.40)."""

    total: Sum
    part: str  # how many there are; none: no limit
    limit: str  # the duty that is not exceeded, in dollars


class AtLeast(Struct, frozen=True):
    """A rate that, for goods of a named sort, is never less than another duty (notes to HTS heading 5810)."""

    total: Free | Sum
    sort: str  # a measure: nought where the goods are not of the sort, and then there is no floor
    floor: str  # the duty that is owed at least, in dollars


class Applicable(Struct, frozen=True):
    """Chapter 99: the duty of the line itself, and so many per cent of the value on top."""

    extra: Decimal = Decimal(0)


class Unparsed(Struct, frozen=True):
    """A text that is no rate by itself: `reference` to another place, `condition`, `empty` or `unknown`.

    The kinds below say what it is. One that is of none of them is not understood.
    """

    text: str
    reason: str


class Reference(Unparsed, frozen=True):
    """The rate stands elsewhere. `kind` says in what sort of place (see `places.py`), `target` in which.

    Targets are: of `headings` numbers without dots, or two of them joined by a hyphen; of `note` its name;
    of the others the goods, the heading or the value that the text names.
    """

    kind: str
    target: tuple[str, ...] = ()


class Conditional(Unparsed, frozen=True):
    """A rate that holds under a condition of its own (`Free, under bond`), which no figure of an entry answers."""

    rate: Free | Sum
    condition: str


class Added(Unparsed, frozen=True):
    """The duty of the line with a share on top that `Applicable` cannot say: of a part only, less, or of named lines.

    `extra` is negative in `minus 0.5%`. `lines` are the numbers it is added to; empty: the line's own.
    """

    extra: Percent
    lines: tuple[str, ...] = ()


Rate = Free | Sum | Sugar | Capped | AtLeast | Applicable | Unparsed
FREE = Free()


def is_free(rate: Rate) -> bool:
    """True where nothing is owed under the rate."""
    return isinstance(rate, Free)


def is_understood(rate: Rate) -> bool:
    """True for every rate that is computed or whose kind is known; False where the text was not read."""
    return type(rate) is not Unparsed
