"""Rates of duty as the schedule prints them, as a tree: read, and applied to a value and quantities."""

from declarations.tariff.expressions.apply import Computed, Missing, apply
from declarations.tariff.expressions.parse import parse
from declarations.tariff.expressions.special import claim_rate, parse_special
from declarations.tariff.expressions.tree import (
    FREE,
    Applicable,
    Free,
    Money,
    Percent,
    Rate,
    Sugar,
    Sum,
    Unparsed,
    is_free,
)

__all__ = [
    "FREE", "Applicable", "Computed", "Free", "Missing", "Money", "Percent", "Rate", "Sugar", "Sum", "Unparsed",
    "apply", "claim_rate", "is_free", "parse", "parse_special",
]  # fmt: skip
