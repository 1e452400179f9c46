"""The user fees: merchandise processing (499), informal entry (311) and harbor maintenance (501).

Amounts go by the fiscal year of the entry, which begins on 1 October. 19 CFR 24.23 and 24.24.
"""

from decimal import ROUND_HALF_UP, Decimal

from portal.rehearsal.reading import Message

CENT = Decimal("0.01")
PROCESSING = Decimal("0.3464")
HARBOR = Decimal("0.125")
HARBOR_MODES = ("10", "11", "12")
SMALL_HARBOR_FEE = Decimal("3.00")

YEARS: tuple[tuple[str, Decimal, Decimal, Decimal], ...] = (
    ("2026-10-01", Decimal("34.58"), Decimal("670.86"), Decimal("2.77")),
    ("2025-10-01", Decimal("33.58"), Decimal("651.50"), Decimal("2.69")),
    ("2024-10-01", Decimal("32.71"), Decimal("634.62"), Decimal("2.62")),
)
INFORMAL = ("11", "12")
NO_PROCESSING = ("21", "22", "23")
NO_HARBOR = ("06", "11", "12", "22", "31", "32", "34", "38")
FREE_BY_CLAIM = frozenset(
    ["A+", "AU", "BH", "CL", "CO", "E", "E*", "IL", "KR", "OM", "P", "P+", "PA", "PE", "R", "S", "S+", "SG", "Y"]
)
FREE_BY_ORIGIN = frozenset(
    [
        *("IL", "AS", "GU", "MP", "VI"),
        *("AG", "AW", "BB", "BS", "BZ", "CW", "DM", "GD", "GY", "HT", "JM", "KN", "LC", "MS", "TT", "VC", "VG"),
        *("AF", "AO", "BF", "BI", "BJ", "BT", "CD", "CF", "DJ", "ET", "GM", "GN", "GW", "KH", "KI", "KM", "LR", "LS"),
        *("MG", "ML", "MR", "MW", "MZ", "NE", "NP", "RW", "SB", "SL", "SN", "SO", "SS", "ST", "TD", "TG", "TL", "TV"),
        *("TZ", "UG", "VU", "YE", "ZM"),
    ]
)

# The value of a line, and whether it is free of the processing fee.
Line = tuple[Decimal, bool]
# By fee class: basis, percent where there is one, amount.
Owed = dict[str, tuple[Decimal, Decimal | None, Decimal]]


def cents(amount: Decimal) -> Decimal:
    """The amount to the cent, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def processing_free(program: str, origin: str, claim_counts: bool) -> bool:
    """True where the goods owe no processing fee: by a claim that counts, or by origin alone."""
    return origin in FREE_BY_ORIGIN or (claim_counts and program in FREE_BY_CLAIM)


def line_fees(declaration: Message, line: Line) -> list[tuple[str, Decimal, Decimal]]:
    """The fees of one line, before any minimum or maximum: class, percent, amount."""
    value, free = line
    found = []
    if _processing_applies(declaration) and not free:
        found.append(("499", PROCESSING, _percent_of(value, PROCESSING)))
    if _harbor_applies(declaration):
        found.append(("501", HARBOR, _percent_of(value, HARBOR)))
    return found


def entry_fees(declaration: Message, day: str, lines: list[Line], duty_owed: bool) -> Owed:
    """The fees of the entry: the processing fee between its bounds, the informal fee, the sum of the harbor fees.

    A harbor fee of three dollars or less is not collected where nothing else is owed.
    """
    _, least, most, informal = next((year for year in YEARS if year[0] <= day), YEARS[-1])
    chargeable = [value for value, free in lines if not free]
    owed: Owed = {}
    if chargeable and _processing_applies(declaration):
        amount = sum((_percent_of(value, PROCESSING) for value in chargeable), Decimal(0))
        owed["499"] = (sum(chargeable, Decimal(0)), PROCESSING, min(max(amount, least), most))
    if chargeable and declaration.entry_type in INFORMAL:
        owed["311"] = (sum(chargeable, Decimal(0)), None, informal)
    if _harbor_applies(declaration):
        harbor = sum((_percent_of(value, HARBOR) for value, _ in lines), Decimal(0))
        if harbor > SMALL_HARBOR_FEE or duty_owed or owed:
            owed["501"] = (sum((value for value, _ in lines), Decimal(0)), HARBOR, harbor)
    return owed


def _processing_applies(declaration: Message) -> bool:
    return declaration.entry_type not in INFORMAL + NO_PROCESSING


def _harbor_applies(declaration: Message) -> bool:
    return declaration.mode in HARBOR_MODES and declaration.entry_type not in NO_HARBOR


def _percent_of(value: Decimal, percent: Decimal) -> Decimal:
    return cents(value * percent / 100)
