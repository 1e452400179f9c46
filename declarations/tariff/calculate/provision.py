"""Chapter 98: what a declared provision does to the duty of the line (9801 Free, 9802 on the part done abroad).

A column may also say that the goods pay as if the provision did not exist: column 2 of most of heading 9817 does.
"""

from datetime import date

from msgspec import Struct

from declarations.assessment import Unassessed
from declarations.tariff.calculate.reading import NUMBER, RATE, Numbers, unassessed
from declarations.tariff.expressions import Applicable, Reference, parse
from declarations.tariff.expressions.places import ABSENT
from declarations.tariff.view import TariffLine, TariffView
from portal.tariff_numbers import dotted

# Duty on the value of repairs or processing (.40 .50 .60), or on the value less American parts (.80).
PARTIAL = ("98020040", "98020050", "98020060", "98020080")
MPF_ON_DUTIABLE = ("98020060", "98020080")  # 19 CFR 24.23(c)(1)(i)


class Provision(Struct, frozen=True):
    """What chapter 98 does: nothing, frees the line, leaves duty on the part stated with the other number, or all."""

    kind: str = "none"  # none, free, partial; same: the rate of the number beside it
    number: str = ""

    @property
    def mpf_exempt(self) -> bool:
        """Chapter 98 pays no merchandise processing fee, but for 9802.00.60 and .80 on the dutiable part."""
        return self.kind != "none" and self.number[:8] not in MPF_ON_DUTIABLE


def provision_of(numbers: Numbers, tariff: TariffView, *, origin: str, on: date) -> Provision | Unassessed:
    """The effect of the item's chapter 98 number, or why it cannot be told. The pointer is relative to the item."""
    if not numbers.provisions:
        return Provision()
    placed = numbers.provisions[0]
    where = f"/tariffs/{placed.index}/hts_number"
    if placed.number[:8] in PARTIAL:
        return Provision("partial", placed.number)
    line: TariffLine | None = tariff.line(placed.number) or tariff.line(placed.number[:8])
    if line is None:
        return unassessed(NUMBER, where, f"There is no {dotted(placed.number)} in the schedule held.")
    # Column 2 of 9801.00.10, .11 and 9822.06.05 is empty in the published schedule: there column 1 speaks for both.
    text = (line.column2 if tariff.origin_status(origin, "column2", on) else "") or line.general
    if text.lower().startswith("free"):
        return Provision("free", placed.number)
    rate = parse(text)
    if isinstance(rate, Reference) and rate.kind == ABSENT:  # on all of the value, or on a cost that it names
        return Provision("partial" if rate.target else "same", placed.number)
    if rate == Applicable():
        return Provision("same", placed.number)
    return unassessed(RATE, where, f"The rate of {dotted(placed.number)} cannot be computed: {text or 'none'}.")
