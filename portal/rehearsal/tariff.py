"""The authority's own small tariff: what it charges for a number, read from `tariff.csv`.

Rates are legal at eight digits; the two statistical digits are not looked at. `FTA` in the table
stands for the free trade programs that nearly every line names. The general preference program
(`A`, `A*`, `A+`) is printed on many lines and lapsed at the end of 2020: a claim gives no rate.

`since` and `until` are the first and the last day, or instants of the port's clock (`2026-11-24T12:00`):
the first within, and the first no more within. A number with several rates in time has several rows.
`content` names the value, stated with the line, that alone is charged. A row falls away beside a duty of a
`group` that it `yields_to`.
"""

import csv
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("tariff.csv")
TRADE_AGREEMENTS = ("AU", "BH", "CL", "CO", "IL", "JO", "KR", "MA", "OM", "P", "PA", "PE", "S", "SG")
LAPSED = ("A", "A*", "A+", "NP")
COLUMN_2 = ("BY", "CU", "KP", "RU")
CENTRAL_AMERICA = ("CR", "DO", "GT", "HN", "NI", "SV")
CARIBBEAN = ("AG", "AW", "BB", "BS", "BZ", "CW", "DM", "GD", "GY", "HT", "JM", "KN", "LC", "MS", "TT", "VC", "VG")
AFRICA = (
    *("AO", "BJ", "BW", "CD", "CG", "CI", "CV", "DJ", "GH", "GM", "GW", "KE", "KM", "LR", "LS", "MG", "MR", "MU"),
    *("MW", "MZ", "NA", "NG", "RW", "SL", "SN", "ST", "SZ", "TD", "TG", "TZ", "ZA", "ZM"),
)
MEMBERS: dict[str, tuple[str, ...]] = {
    **{code: (code,) for code in ("AU", "BH", "CL", "CO", "IL", "JO", "JP", "KR", "MA", "OM", "PA", "PE", "SG")},
    **{"S": ("CA", "MX"), "S+": ("CA", "MX"), "P": CENTRAL_AMERICA, "P+": CENTRAL_AMERICA},
    **{"D": AFRICA, "E": CARIBBEAN, "E*": CARIBBEAN, "R": ("BB", "BZ", "CW", "GY", "HT", "JM", "LC", "TT")},
    **{"B": ("CA",), "Y": ("AS", "GU", "MP", "VI")},
}

_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%")
_SPECIFIC = re.compile(r"(?:\$(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)c)/([A-Z0-9]+)")


@dataclass(frozen=True)
class Rate:
    """A rate of duty: percent of the value, plus dollars for each of a unit (empty where there is none)."""

    percent: Decimal = Decimal(0)
    dollars: Decimal = Decimal(0)
    unit: str = ""


@dataclass(frozen=True)
class Entry:
    """What the table says of a number: a base rate, or a measure that adds, replaces or does nothing."""

    number: str
    effect: str
    general: Rate
    free_for: frozenset[str]
    reduced: dict[str, Rate]
    column2: Rate | None
    since: str
    until: str
    content: str
    group: str
    yields_to: frozenset[str]
    goods: str

    def in_force(self, day: str, time: str = "") -> bool:
        """True on the days the entry is good for; days are ISO dates, times are `14:30`."""
        moment = f"{day}T{time}"
        begun = self.since <= (moment if "T" in self.since else day)
        return begun and (not self.until or (moment < self.until if "T" in self.until else day <= self.until))

    def turns_on(self, day: str) -> bool:
        """True on a day within which the entry begins or ends."""
        return any(instant.startswith(f"{day}T") for instant in (self.since, self.until))

    def rate_for(self, origin: str, program: str) -> Rate:
        """The base rate for goods of this origin under this claim; a claim that does not hold gives the general one."""
        if origin in COLUMN_2 and self.column2:
            return self.column2
        if claim_holds(program, origin):
            if program in self.free_for:
                return Rate()
            return self.reduced.get(program, self.general)
        return self.general


def claim_holds(program: str, origin: str) -> bool:
    """True where the program is in force and open to goods of this origin."""
    if not program or program in LAPSED:
        return False
    return program not in MEMBERS or origin in MEMBERS[program]


def parse_rate(text: str) -> Rate:
    """The rate that the text of the table means."""
    if text == "Free":
        return Rate()
    percent, dollars, unit = Decimal(0), Decimal(0), ""
    for part in text.split("+"):
        if found := _PERCENT.fullmatch(part.strip()):
            percent += Decimal(found[1])
        elif found := _SPECIFIC.fullmatch(part.strip()):
            dollars = Decimal(found[1]) if found[1] else Decimal(found[2]) / 100
            unit = found[3]
        else:
            raise ValueError(f"no rate of duty: {text!r}")
    return Rate(percent, dollars, unit)


def look_up(number: str, day: str = "", time: str = "") -> Entry | None:
    """What the authority knows of this number, at that time if it can; None where it does not know it."""
    rows = _table().get(number[:8], [])
    return next((row for row in rows if row.in_force(day, time)), rows[-1] if rows else None)


@cache
def _table() -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    with TABLE.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            found.setdefault(row["number"], []).append(_entry(row))
    return found


def _entry(row: dict[str, str]) -> Entry:
    free = row["free_for"].split()
    if "FTA" in free:
        free.extend(TRADE_AGREEMENTS)
    pairs = (pair.split("=") for pair in row["reduced"].split())
    return Entry(
        number=row["number"],
        effect=row["effect"],
        general=parse_rate(row["rate"]),
        free_for=frozenset(free),
        reduced={program: parse_rate(rate) for program, rate in pairs},
        column2=parse_rate(row["column2"]) if row["column2"] else None,
        since=row["since"],
        until=row["until"],
        content=row["content"],
        group=row["group"],
        yields_to=frozenset(row["yields_to"].split()),
        goods=row["goods"],
    )
