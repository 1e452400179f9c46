"""Rates of duty as the schedule prints them, as a tree: read, applied to a value and quantities, and written.

`tree` the kinds of rate; `printed` and `tokens` the text in pieces; `amounts` the grammar of what gives an amount;
`places` that of what points elsewhere; `parse` both; `special` the column of programs; `needs` what a rate asks for;
`apply` the computation; `render` the text; `computation` the form in which the Commission publishes rates.
"""

from declarations.tariff.expressions.apply import Computed, Missing, apply, apply_upon, lacks
from declarations.tariff.expressions.computation import Computation, computation
from declarations.tariff.expressions.needs import Need, needs, units_asked
from declarations.tariff.expressions.parse import parse
from declarations.tariff.expressions.places import covers
from declarations.tariff.expressions.render import render
from declarations.tariff.expressions.special import ProgramRate, Special, claim_rate, parse_special, read_special
from declarations.tariff.expressions.tree import (
    FREE,
    Added,
    Applicable,
    AtLeast,
    Capped,
    Conditional,
    Free,
    Money,
    Percent,
    Rate,
    Reference,
    Sugar,
    Sum,
    Unparsed,
    is_free,
    is_understood,
)

__all__ = [
    "FREE", "Added", "Applicable", "AtLeast", "Capped", "Computation", "Computed", "Conditional", "Free", "Missing",
    "Money", "Need", "Percent", "ProgramRate", "Rate", "Reference", "Special", "Sugar", "Sum", "Unparsed",
    "apply", "apply_upon", "claim_rate", "computation", "covers", "is_free", "is_understood", "lacks", "needs",
    "parse", "parse_special", "read_special", "render", "units_asked",
]  # fmt: skip
