"""Units of quantity: from the print of the schedule to the codes of ACE, and between units of one kind.

A print that has no code here stays as it is printed, so that it is seen and never guessed.
"""

from collections.abc import Mapping
from decimal import Decimal

# Print of the schedule (lower case, blanks squeezed) -> ACE codes, in the order of reporting.
CODES: dict[str, tuple[str, ...]] = {
    "": (),
    "x": (),
    "kg": ("KG",),
    "g": ("G",),
    "t": ("T",),
    "no.": ("NO",),
    "no": ("NO",),
    "no. and kg": ("NO", "KG"),
    "doz.": ("DOZ",),
    "dz pcs": ("DPC",),
    "doz. prs.": ("DPR",),
    "prs.": ("PRS",),
    "pcs": ("PCS",),
    "pack": ("PK",),
    "gross": ("GR",),
    "gr.lines": ("GRL",),
    "hundreds": ("HUN",),
    "thousands": ("K",),
    "square": ("SQ",),
    "jwls.": ("JWL",),
    "liters": ("L",),
    "pf.liters": ("PFL",),
    "bbl": ("BBL",),
    "m": ("M",),
    "lin. m": ("LNM",),
    "fiber m": ("FBM",),
    "thousand m": ("KM",),
    "cm2": ("CM2",),
    "m2": ("M2",),
    "m²": ("M2",),
    "m3": ("M3",),
    "thousand m3": ("KM3",),
    "carat": ("CAR",),
    "w": ("W",),
    "mwh": ("MWH",),
    "gbq": ("GBQ",),
    "cy kg": ("CYK",),
    "kg ttl sug": ("KTS",),
}

# Units of one kind and how many of the smallest are in one of each; what is not here is never converted.
FAMILIES: tuple[dict[str, Decimal], ...] = (
    {"G": Decimal(1), "KG": Decimal(1000), "T": Decimal(1_000_000), "CAR": Decimal("0.2")},
    {"L": Decimal(1), "M3": Decimal(1000), "KM3": Decimal(1_000_000)},
    {
        "NO": Decimal(1),
        "PCS": Decimal(1),
        "DOZ": Decimal(12),
        "DPC": Decimal(12),
        "HUN": Decimal(100),
        "GR": Decimal(144),
        "K": Decimal(1000),
    },
    {"PRS": Decimal(1), "DPR": Decimal(12)},
    {"CM2": Decimal(1), "M2": Decimal(10_000)},
    {"M": Decimal(1), "LNM": Decimal(1), "KM": Decimal(1000)},
)


def ace_units(printed: str) -> tuple[str, ...]:
    """ACE codes of one printed unit; a print that is not known is given back as it stands."""
    squeezed = " ".join(printed.split())
    return CODES.get(squeezed.lower(), (squeezed,))


def ace_units_of(printed: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """ACE codes of a line's printed units, in order, each once."""
    return tuple(dict.fromkeys(code for one in printed for code in ace_units(one)))


def quantity_in(unit: str, quantities: Mapping[str, Decimal]) -> Decimal | None:
    """The quantity in a unit, from the one given in it or converted within its kind; None where none is given."""
    found = find_quantity(unit, quantities)
    if found is None:
        return None
    code, value = found
    above, below = ratio(code, unit) or (Decimal(1), Decimal(1))
    return value * above / below


def ratio(unit: str, into: str) -> tuple[Decimal, Decimal] | None:
    """How many of one unit make so many of another, as two exact numbers; None where they are not of one kind.

    24 of NO are 24 x 1 / 12 of DOZ: multiplied first and divided last, nothing is lost.
    """
    if unit == into:
        return Decimal(1), Decimal(1)
    family = next((one for one in FAMILIES if unit in one and into in one), None)
    return None if family is None else (family[unit], family[into])


def find_quantity(unit: str, quantities: Mapping[str, Decimal]) -> tuple[str, Decimal] | None:
    """The quantity that answers for a unit: given in it, else the first of its kind; None where none is given."""
    if unit in quantities:
        return unit, quantities[unit]
    return next(((code, value) for code, value in quantities.items() if ratio(code, unit)), None)
