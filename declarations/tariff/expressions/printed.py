"""Texts and units of rates as the schedule prints them."""

import re
from decimal import Decimal

ONE = Decimal(1)
THOUSAND = Decimal(1000)

JEWELS = "jewels"
PIECES = "other pieces or parts"
WITH_CONTAINER = "weight with container"

# Printed unit, as tokens -> (unit code or basis, how many of them the rate is for). Of those for one unit and count
# the first is the one we write.
PER: dict[tuple[str, ...], tuple[str, Decimal]] = {
    ("1000",): ("NO", THOUSAND),
    ("1000", "pins"): ("NO", THOUSAND),
    ("thousand",): ("NO", THOUSAND),
    ("line", "/", "gross"): ("GRL", ONE),
    ("gross",): ("GR", ONE),
    ("clean", "kg"): ("CYK", ONE),
    ("kg",): ("KG", ONE),
    ("pf.", "liter"): ("PFL", ONE),
    ("pf.liter",): ("PFL", ONE),
    ("liter",): ("L", ONE),
    ("bbl",): ("BBL", ONE),
    ("doz.",): ("DOZ", ONE),
    ("pr.",): ("PRS", ONE),
    ("prs.",): ("PRS", ONE),
    ("m",): ("M", ONE),
    ("lin.", "m"): ("M", ONE),
    ("m2",): ("M2", ONE),
    ("m²",): ("M2", ONE),
    ("m3",): ("M3", ONE),
    ("m³",): ("M3", ONE),
    ("t",): ("T", ONE),
    ("g",): ("G", ONE),
    ("head",): ("NO", ONE),
    ("article",): ("NO", ONE),
    ("pack",): ("PK", ONE),
    ("jewel",): (JEWELS, ONE),
}
LONGEST = max(map(len, PER))

# Parts that are the whole: a share of them is a share of the value.
WHOLE = frozenset({"entire set", "value", "full value of imported article"})

HYPHENATED = re.compile(r"([a-z])- ([a-z])")
SLIPS = (
    (re.compile(r"\bthebattery\b"), "the battery"),
    (re.compile(r"\binthe\b"), "in the"),
    (re.compile(r"\bin the in the\b"), "in the"),
    (re.compile(r"\boralterations\b"), "or alterations"),
    (re.compile(r"\bm([23])of\b"), r"m\1 of"),
)


def tidy(text: str) -> str:
    """A text with single blanks, its hyphenation undone, and words that are run together or doubled set right."""
    found = HYPHENATED.sub(r"\1\2", " ".join(text.split()))
    for slip, meant in SLIPS:
        found = slip.sub(meant, found)
    return found
