"""A rate applied: dollars unrounded, and the working in one short line."""

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from declarations.tariff.expressions.tree import Applicable, Free, Money, Percent, Rate, Sugar, Sum, Unparsed
from declarations.tariff.units import quantity_in
from portal.money import plain

HUNDRED = Decimal(100)

# A content or weight that a rate names -> the unit in which the schedule has it reported.
REPORTED_AS = {
    "lead content": ("Pb kg",),
    "copper content": ("Cu kg",),
    "zinc content": ("Zn kg",),
    "tungsten content": ("W kg",),
    "molybdenum content": ("Mo kg",),
    "manganese content": ("Mn kg",),
    "magnesium content": ("Mg kg",),
    "silicon content": ("Si kg",),
    "anhydrous morphine content": ("kg amc",),
    "total sugars": ("KTS", "kg ttl sug"),
    "ethyl alcohol content": ("PFL",),
    "drained weight": ("KG",),
    "contents and container": ("KG",),
    "entire contents of container": ("KG",),
}


class Computed(Struct, frozen=True):
    """What is owed in US dollars, unrounded, and how it came about."""

    amount: Decimal
    working: str


class Missing(Struct, frozen=True):
    """What a computation lacks: a `unit`, a `measure` (a named basis), or a `rate` that can be computed."""

    kind: str
    name: str


def apply(
    rate: Rate, *, value: Decimal, quantities: Mapping[str, Decimal], measures: Mapping[str, Decimal]
) -> Computed | Missing:
    """Duty under a rate: `quantities` by unit code, `measures` by the name of the basis (`lead content`, `case`).

    Parts of a compound rate are added unrounded; rounding is the caller's.
    """
    if isinstance(rate, Free):
        return Computed(Decimal(0), "Free")
    if isinstance(rate, Sum):
        parts = [_term(one, value, quantities, measures) for one in rate.terms]
        for one in parts:
            if isinstance(one, Missing):
                return one
        done = [one for one in parts if isinstance(one, Computed)]
        return Computed(sum((one.amount for one in done), Decimal(0)), " + ".join(one.working for one in done))
    if isinstance(rate, Sugar):
        return _sugar(rate, quantities, measures)
    return Missing("rate", "the duty of the line" if isinstance(rate, Applicable) else _why(rate))


def _why(rate: Unparsed) -> str:
    return {"reference": f"it refers elsewhere: {rate.text}", "empty": "none is printed"}.get(rate.reason, rate.text)


def _term(
    term: Percent | Money, value: Decimal, quantities: Mapping[str, Decimal], measures: Mapping[str, Decimal]
) -> Computed | Missing:
    if isinstance(term, Percent):
        basis = value if term.of is None else measures.get(term.of)
        if basis is None:
            return Missing("measure", str(term.of))
        return Computed(basis * term.rate / HUNDRED, f"{plain(basis)}{_of(term.of)} x {plain(_short(term.rate))} %")
    amount = _amount(term, quantities, measures)
    if isinstance(amount, Missing):
        return amount
    charged = max(amount - term.over, Decimal(0))
    count = "" if term.count == 1 else f" per {plain(term.count)}"
    working = f"{plain(charged)} {term.per}{_of(term.of)} x ${plain(term.amount)}{count}"
    return Computed(charged * term.amount / term.count, working)


def _amount(term: Money, quantities: Mapping[str, Decimal], measures: Mapping[str, Decimal]) -> Decimal | Missing:
    name = term.of or (term.per if term.per.islower() else None)
    if name is None:
        found = quantity_in(term.per, quantities)
        return Missing("unit", term.per) if found is None else found
    if name in measures:
        return measures[name]
    if term.per == "jewels" and "JWL" in quantities:
        return quantities["JWL"]
    reported = next((quantities[code] for code in REPORTED_AS.get(name, ()) if code in quantities), None)
    return Missing("measure", name) if reported is None else reported


def _sugar(rate: Sugar, quantities: Mapping[str, Decimal], measures: Mapping[str, Decimal]) -> Computed | Missing:
    weight = quantity_in("KG", quantities)
    if weight is None:
        return Missing("unit", "KG")
    degrees = measures.get("degrees")
    if degrees is None:
        return Missing("measure", "degrees")
    dollars = max(rate.base - rate.step * max(rate.mark - degrees, Decimal(0)), rate.floor)
    return Computed(weight * dollars, f"{plain(weight)} KG x ${plain(dollars)} at {plain(degrees)} degrees")


def _of(name: str | None) -> str:
    return f" {name}" if name else ""


def _short(rate: Decimal) -> Decimal:
    """A third of a per cent shown with four decimals; all other rates as they are."""
    return rate if len(rate.as_tuple().digits) < 12 else rate.quantize(Decimal("0.0001"))
