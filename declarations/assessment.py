"""What is owed, with its working: the value that duty computation gives and that is signed with the declaration.

All amounts are text with two decimals in `currency`; values are whole dollars. A line that cannot
be computed is named in `unassessed` with its reason and pointer: it is never counted as zero. Where a line is
computed and something beside it cannot be told (a list that is not held, a tax that is not computed), `notices` has it.
"""

from decimal import Decimal

from msgspec import Struct

# Kinds of a line.
DUTY = "duty"
ADDITIONAL = "additional_duty"
REPLACEMENT = "replacement"
EXEMPTION = "exemption"
ANTIDUMPING = "antidumping"
COUNTERVAILING = "countervailing"
TAX = "tax"
FEE = "fee"
DUTY_KINDS = (DUTY, ADDITIONAL, REPLACEMENT, EXEMPTION)


class Value(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """Base of the parts of an assessment: texts and tuples of texts, which the collector of cycles need not visit."""


class AssessmentLine(Value, frozen=True):
    """One duty, tax or fee of one item: what, on what, at which rate, by which law, how much."""

    kind: str
    code: str
    basis: str
    rate: str
    amount: str
    legal_basis: str
    working: str


class StackedTariff(Value, frozen=True):
    """One number of the item as it goes on the wire, and why it is there."""

    hts_number: str
    role: str
    value: str
    reason: str | None = None


class ItemAssessment(Value, frozen=True):
    """One item: its rate date, value, ordered numbers and lines. `estimated` until the time of entry is known."""

    sequence: int
    rate_date: str
    entered_value: str
    tariffs: tuple[StackedTariff, ...] = ()
    lines: tuple[AssessmentLine, ...] = ()
    estimated: bool = True


class FeeTotal(Value, frozen=True):
    """A fee owed on the entry after minimum and maximum."""

    code: str
    amount: str
    working: str


class Totals(Value, frozen=True):
    """Sums; `duty` holds all duties, additional ones included."""

    duty: str = "0.00"
    antidumping: str = "0.00"
    countervailing: str = "0.00"
    tax: str = "0.00"
    fees: str = "0.00"
    total: str = "0.00"


class Unassessed(Value, frozen=True):
    """What could not be computed: a code, where, and the reason in plain words."""

    code: str
    pointer: str
    reason: str


class Editions(Value, frozen=True):
    """Names of the editions that gave the figures."""

    tariff: str | None = None
    measures: str | None = None


class Assessment(Value, frozen=True):
    """The whole computation for one declaration."""

    currency: str
    editions: Editions
    items: tuple[ItemAssessment, ...] = ()
    fees: tuple[FeeTotal, ...] = ()
    totals: Totals = Totals()
    unassessed: tuple[Unassessed, ...] = ()
    notices: tuple[Unassessed, ...] = ()  # what may be owed more or less than computed: it stops nothing

    def item(self, sequence: int) -> ItemAssessment | None:
        """The item with this line number."""
        return next((one for one in self.items if one.sequence == sequence), None)

    @property
    def total(self) -> Decimal:
        """Everything owed."""
        return Decimal(self.totals.total)

    @property
    def entered_value(self) -> Decimal:
        """Sum of the lines' values, whole dollars."""
        return sum((Decimal(one.entered_value) for one in self.items), Decimal(0))
