"""Exact amounts: what a decimal may look like, and every rounding by its name.

Amounts are `Decimal` inside and text in JSON, at most 15 significant digits, never a float.
"""

import re
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

MAX_DIGITS = 15
DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,8})?\Z", re.ASCII)
CENT = Decimal("0.01")
DOLLAR = Decimal(1)
ZERO = Decimal(0)


def is_decimal(text: str) -> bool:
    """True for plain decimals of at most 15 digits: no exponent, no NaN, no separators, ASCII digits only."""
    return bool(DECIMAL.match(text)) and len(text.lstrip("-").replace(".", "").lstrip("0")) <= MAX_DIGITS


def decimal(text: str | None) -> Decimal | None:
    """The exact value of a decimal text; None stays None. Raises ValueError for anything else."""
    if text is None:
        return None
    if not is_decimal(text):
        raise ValueError(f"not a plain decimal: {text!r}")
    return Decimal(text)


def to_cent_half_up(amount: Decimal) -> Decimal:
    """Duty and fees in the United States: to the cent, half a cent goes up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def to_cent_down(amount: Decimal) -> Decimal:
    """Cut off below the cent, as some administrations do."""
    return amount.quantize(CENT, ROUND_DOWN)


def to_dollar_half_up(amount: Decimal) -> Decimal:
    """Entered value: whole dollars, half a dollar goes up (19 CFR 159.3, practice)."""
    return amount.quantize(DOLLAR, ROUND_HALF_UP)


def plain(amount: Decimal) -> str:
    """Canonical text: no exponent, no trailing zeros, no minus zero."""
    text = format(amount, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def cents(amount: Decimal) -> str:
    """Money text with two decimals."""
    return format(to_cent_half_up(amount), "f")


def plain_text(text: str) -> str:
    """Canonical form of a decimal text: `0045.50` becomes `45.5`."""
    sign = "-" if text.startswith("-") else ""
    whole, _, fraction = text.lstrip("-").partition(".")
    fraction = fraction.rstrip("0")
    body = (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")
    return body if body == "0" else sign + body
