"""Chapter 98: what a declared provision does to the duty of the line (9801 Free, 9802 on the part done abroad)."""

from msgspec import Struct

from declarations.assessment import Unassessed
from declarations.tariff.calculate.reading import NUMBER, RATE, Numbers, unassessed
from declarations.tariff.view import TariffLine, TariffView
from portal.tariff_numbers import dotted

# Duty on the value of repairs or processing (.40 .50 .60), or on the value less American parts (.80).
PARTIAL = ("98020040", "98020050", "98020060", "98020080")
MPF_ON_DUTIABLE = ("98020060", "98020080")  # 19 CFR 24.23(c)(1)(i)


class Provision(Struct, frozen=True):
    """What chapter 98 does: nothing, frees the line, or leaves duty on the part stated with the other number."""

    kind: str = "none"  # none, free, partial
    number: str = ""

    @property
    def mpf_exempt(self) -> bool:
        """Chapter 98 pays no merchandise processing fee, but for 9802.00.60 and .80 on the dutiable part."""
        return self.kind != "none" and self.number[:8] not in MPF_ON_DUTIABLE


def provision_of(numbers: Numbers, tariff: TariffView) -> Provision | Unassessed:
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
    if line.general.lower().startswith("free"):
        return Provision("free", placed.number)
    return unassessed(RATE, where, f"The rate of {dotted(placed.number)} cannot be computed: {line.general or 'none'}.")
