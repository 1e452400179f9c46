"""A rate applied: dollars unrounded, and the working in one short line."""

from collections.abc import Mapping
from decimal import Context, Decimal, localcontext

from msgspec import Struct

from declarations.tariff.expressions.needs import SUGAR_DEGREES, basis_of
from declarations.tariff.expressions.tree import (
    Added,
    Applicable,
    AtLeast,
    Capped,
    Free,
    Money,
    Percent,
    Rate,
    Sugar,
    Sum,
    Unparsed,
)
from declarations.tariff.units import find_quantity, ratio
from portal.money import plain

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
EXACT = Context(prec=60)  # a product of a value, a rate and a count, each of at most 15 digits, is not rounded
SHOWN = Decimal("0.0001")

# A content or weight that a rate names -> the units of the schedule that report it, and what each is a measure in.
# The net kilograms of a line are never less than its drained weight, and they are the contents of the container;
# the weight of the container is not in them, so a rate on it asks.
REPORTED_AS: dict[str, dict[str, str]] = {
    "lead content": {"Pb kg": "KG"},
    "copper content": {"Cu kg": "KG"},
    "zinc content": {"Zn kg": "KG"},
    "tungsten content": {"W kg": "KG"},
    "molybdenum content": {"Mo kg": "KG"},
    "manganese content": {"Mn kg": "KG"},
    "magnesium content": {"Mg kg": "KG"},
    "silicon content": {"Si kg": "KG"},
    "anhydrous morphine content": {"kg amc": "KG"},
    "total sugars": {"KTS": "KG", "kg ttl sug": "KG"},
    "ethyl alcohol content": {"PFL": "PFL"},
    "drained weight": {"KG": "KG"},
    "entire contents of container": {"KG": "KG"},
    "jewels": {"JWL": "jewels"},
}


class Computed(Struct, frozen=True):
    """What is owed in US dollars, unrounded, and how it came about."""

    amount: Decimal
    working: str


NOTHING = Computed(ZERO, "Free")


class Missing(Struct, frozen=True):
    """What a computation lacks: a `unit`, a `measure` (a named basis), or a `rate` that can be computed."""

    kind: str
    name: str


class _Charged(Struct, frozen=True):
    """What a term is charged on: so many times `above` by `below` of what the rate is for."""

    given: Decimal
    above: Decimal = ONE
    below: Decimal = ONE


Quantities = Mapping[str, Decimal]


def apply(rate: Rate, *, value: Decimal, quantities: Quantities, measures: Quantities) -> Computed | Missing:
    """Duty under a rate: `quantities` by unit code, `measures` by the name of the basis (`lead content`, `case`).

    Parts of a compound rate are added unrounded; rounding is the caller's. A measure is in the unit of its rate:
    dollars for a percentage, kilograms for an amount per kilogram.
    """
    if isinstance(rate, Free):
        return NOTHING
    with localcontext(EXACT):
        found = _whole(_parts(rate, value, quantities, measures))
    return found if isinstance(found, Missing) else Computed(+found.amount, found.working)


def lacks(rate: Rate, *, quantities: Quantities, measures: Quantities) -> tuple[Missing, ...]:
    """All that the computation of a rate lacks, where `apply` names the first."""
    parts = _parts(rate, ZERO, quantities, measures)
    return tuple(dict.fromkeys(one for one in parts if isinstance(one, Missing)))


def apply_upon(
    rate: Rate, *, duty: Decimal, value: Decimal, quantities: Quantities, measures: Quantities
) -> Computed | Missing:
    """The same for a rate that adds to the duty of the line, given that duty; it takes off no more than there is."""
    if isinstance(rate, Applicable):
        extra = Percent(rate.extra)
    elif isinstance(rate, Added):
        extra = rate.extra
    else:
        return apply(rate, value=value, quantities=quantities, measures=measures)
    line = Computed(duty, f"{plain(duty)} duty of the line")
    if not extra.rate:
        return line
    with localcontext(EXACT):
        found = _whole((line, _percent(extra, value, measures)))
    return found if isinstance(found, Missing) else Computed(max(+found.amount, ZERO), found.working)


def _parts(rate: Rate, value: Decimal, quantities: Quantities, measures: Quantities) -> tuple[Computed | Missing, ...]:
    """The parts that add up to the duty, each computed or named."""
    if isinstance(rate, Free):
        return (NOTHING,)
    if isinstance(rate, Sum):
        return tuple(
            _percent(one, value, measures) if isinstance(one, Percent) else _money(one, quantities, measures)
            for one in rate.terms
        )
    if isinstance(rate, Sugar):
        return _sugar(rate, quantities, measures)
    if isinstance(rate, Capped | AtLeast):
        return _bounded(rate, value, quantities, measures)
    return (Missing("rate", "the duty of the line" if isinstance(rate, Applicable | Added) else _why(rate)),)


def _whole(parts: tuple[Computed | Missing, ...]) -> Computed | Missing:
    """The parts added; the first that is missing, if any is."""
    done: list[Computed] = []
    for one in parts:
        if isinstance(one, Missing):
            return one
        done.append(one)
    if len(done) == 1:
        return done[0]
    return Computed(sum((one.amount for one in done), ZERO), " + ".join(one.working for one in done))


def _why(rate: Unparsed) -> str:
    return {"reference": f"it refers elsewhere: {rate.text}", "empty": "none is printed"}.get(rate.reason, rate.text)


def _percent(term: Percent, value: Decimal, measures: Quantities) -> Computed | Missing:
    basis = value if term.of is None else measures.get(term.of)
    if basis is None:
        return Missing("measure", str(term.of))
    amount = basis * term.rate / HUNDRED
    if term.repeats:
        amount = basis * term.exact.numerator / (term.exact.denominator * HUNDRED)
    return Computed(amount, f"{plain(basis)}{_of(term.of)} x {plain(_short(term.rate))} %")


def _money(term: Money, quantities: Quantities, measures: Quantities) -> Computed | Missing:
    charged = _charged(term, quantities, measures)
    if isinstance(charged, Missing):
        return charged
    count = "" if term.count == 1 else f" per {plain(term.count)}"
    shown = plain(_short(charged.given * charged.above / charged.below))
    amount = charged.given * charged.above * term.amount / (charged.below * term.count)
    return Computed(amount, f"{shown} {term.per}{_of(term.of)} x ${plain(term.amount)}{count}")


def _charged(term: Money, quantities: Quantities, measures: Quantities) -> _Charged | Missing:
    name = basis_of(term)
    if name is None:
        found = find_quantity(term.per, quantities)
        return Missing("unit", term.per) if found is None else _converted(*found, term.per)
    if name in measures:
        return _Charged(measures[name])
    whole = term.of or term.per
    if term.over and whole in measures:
        return _beyond(term, measures[whole], quantities) or Missing("measure", name)
    for code, unit in REPORTED_AS.get(whole, {}).items():
        if code in quantities and ratio(unit, term.per):
            found_in = _converted(unit, quantities[code], term.per)
            if term.over:
                return _beyond(term, found_in.given, quantities) or Missing("measure", name)
            return found_in
    return Missing("measure", name)


def _beyond(term: Money, whole: Decimal, quantities: Quantities) -> _Charged | None:
    """What is over the free number of one article: known where there is one article, or not enough for any.

    How a total is spread over several articles only the filer knows.
    """
    if whole <= term.over:
        return _Charged(ZERO)
    return _Charged(whole - term.over) if quantities.get("NO") == 1 else None


def _converted(unit: str, given: Decimal, into: str) -> _Charged:
    above, below = ratio(unit, into) or (ONE, ONE)
    return _Charged(given, above, below)


def _sugar(rate: Sugar, quantities: Quantities, measures: Quantities) -> tuple[Computed | Missing, ...]:
    weight = _charged(Money(rate.base, "KG"), quantities, measures)
    degrees = measures.get(SUGAR_DEGREES)
    if degrees is None:
        asked = Missing("measure", SUGAR_DEGREES)
        return (weight, asked) if isinstance(weight, Missing) else (asked,)
    if isinstance(weight, Missing):
        return (weight,)
    dollars = max(rate.base - rate.step * max(rate.mark - degrees, ZERO), rate.floor)
    kilograms = weight.given * weight.above / weight.below
    return (Computed(kilograms * dollars, f"{plain(kilograms)} KG x ${plain(dollars)} at {plain(degrees)} degrees"),)


def _bounded(
    rate: Capped | AtLeast, value: Decimal, quantities: Quantities, measures: Quantities
) -> tuple[Computed | Missing, ...]:
    """The sum; where the goods have the part or are of the sort, within the duty that bounds it."""
    caps = isinstance(rate, Capped)
    what, bound = (rate.part, rate.limit) if isinstance(rate, Capped) else (rate.sort, rate.floor)
    parts = _parts(rate.total, value, quantities, measures)
    names = (what,) if measures.get(what) == 0 else (what, bound)
    lacking = tuple(Missing("measure", one) for one in names if one not in measures)
    total = _whole(parts)
    if isinstance(total, Missing) or lacking or len(names) == 1:
        return (*parts, *lacking)
    limit = measures[bound]
    if total.amount == limit or (total.amount < limit) == caps:
        return parts
    return (Computed(limit, f"{total.working}, not {'more' if caps else 'less'} than {plain(limit)} {bound}"),)


def _of(name: str | None) -> str:
    return f" {name}" if name else ""


def _short(number: Decimal) -> Decimal:
    """A third of a per cent shown with four decimals; what is printed or given, as it is."""
    return number if len(number.as_tuple().digits) <= 20 else number.quantize(SHOWN)
