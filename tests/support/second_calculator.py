"""A second calculator of duty, plain and slow: it shares no code with the first and is written from the law's text.

It reads the rows of the starter with the csv module and knows only what occurs in them. All arithmetic is in
fractions; an amount is rounded once, half a cent up, when it is written on its line. The rules:

* The rate is that of column 2 for goods of a column 2 country (HTS general note 3(b)), of the special column for a
  claim that holds (general note 3(c)), and else of the general column.
* A claim holds where its program is in force on the day, the origin is one of its countries, and the special column
  names it; on a line that is free for everybody it holds too and changes the processing fee alone.
* A row of chapter 99 falls on a line by number, origin and day. One whose condition is the filer's to state counts
  where its heading is declared, and as a duty it then stands instead of the other duties of its authority.
* A total in lieu of column 1 stands where the duty of the line is below it; where it is not, a zero line says so.
* An exemption lifts the duties of the authorities it names, each once, and none where the list of its goods is not
  held; one that needs a duty of section 232 on the line looks at what the exemptions from section 232 have left.
* Chapter 98: a free provision frees the line of all duties; repairs, processing and assembly abroad pay on the part
  of the value stated with the other number, metals processed abroad pay section 232 on all of it (US note 16(b)).
* Processing fee by line, clamped in sum (19 CFR 24.23); harbor fee by line on vessels (24.24), not where it is
  three dollars or less and nothing else is owed.
"""

import csv
import re
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path


def words(text):
    return set(text.split())


STARTER = Path(__file__).resolve().parents[2] / "declarations" / "tariff" / "starter"
EUROPE = words("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK")
PROVINCES = words("XA XB XC XM XN XO XP XQ XS XT XV XW XY")
KNOWN = words(
    "heading authority effect rate_percent origins excluded_origins scope excluded_scope program requires exempts "
    "claimed_only gives_way effective_from effective_to order legal_basis note certainty"
)
ROLES = {
    "add": "additional", "floor": "replacement", "replace": "replacement", "floor_met": "exemption",
    "exempt": "exemption",
}  # fmt: skip
PER = {
    "each": "NO", "article": "NO", "kg": "KG", "liter": "L", "pf.liter": "PFL", "doz.": "DOZ", "gross": "GR",
    "bbl": "BBL", "m3": "M3", "t": "T", "pack": "PK",
}  # fmt: skip
ALIKE = {
    ("KG", "T"): 1000,
    ("KG", "G"): Fraction(1, 1000),
    ("DOZ", "NO"): Fraction(1, 12),
    ("GR", "NO"): Fraction(1, 144),
}
STANDS_FOR = {"A": {"A", "A*"}, "E": {"E", "E*"}}  # a claim under E opens what is printed for E and for E*
VESSELS = {"10", "11", "12"}
WORK_ABROAD = {"98020040", "98020050", "98020060", "98020080"}


class NotComputed(Exception):
    """What cannot be told from the facts given."""


@dataclass
class Line:
    """What the filer says of one line."""

    number: str
    origin: str
    value: str
    claim: str | None = None
    declared: tuple[str, ...] = ()  # headings of chapter 99
    provision: str | None = None  # a number of chapter 98
    dutiable: str | None = None  # the part of the value that duty is on, under a provision
    quantities: dict[str, str] = field(default_factory=dict)
    measures: dict[str, str] = field(default_factory=dict)


@dataclass
class Entry:
    """What the filer says of the whole."""

    kind: str
    mode: str
    day: date
    lines: list[Line]


@dataclass
class Result:
    """One line: its numbers with their roles, its amounts by code, and authorities whose lists end before it."""

    stack: list[tuple[str, str]]
    amounts: list[tuple[str, str]]
    unlisted: list[str] = field(default_factory=list)
    processing: str | None = None
    harbor: str | None = None


@dataclass
class Answer:
    """All lines, None for one that is not computed; fees by class; sums."""

    lines: list[Result | None]
    fees: dict[str, str]
    duty: str
    total: str


def rows_of(name):
    """The rows of a file of the starter."""
    with (STARTER / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def digits(text):
    return re.sub(r"\D", "", text)


def money(amount):
    """Cents, half a cent up."""
    whole = int(amount * 100 + Fraction(1, 2))
    return f"{whole // 100}.{whole % 100:02d}"


def within(row, day):
    return date.fromisoformat(row["effective_from"]) <= day and (
        not row["effective_to"] or day <= date.fromisoformat(row["effective_to"])
    )


class SecondCalculator:
    """The starter read once. `measures` are rows of its file, to be given otherwise where another law is tried."""

    def __init__(self, measures=None):
        self.leaves = leaves_of(rows_of("hts.csv"))
        self.measures = [Row(one) for one in (rows_of("measures.csv") if measures is None else measures)]
        self.fees, self.programs, self.origins = rows_of("fees.csv"), rows_of("programs.csv"), rows_of("origins.csv")

    def compute(self, entry):
        """Everything owed on an entry."""
        found = [self._try(one, entry.day) for one in entry.lines]
        computed = [(line, one) for line, one in zip(entry.lines, found, strict=True) if one is not None]
        duty = sum((Fraction(amount) for _, one in computed for _, amount in one.amounts), Fraction(0))
        fees = self._fees(entry, computed, duty)
        total = duty + sum((Fraction(one) for one in fees.values()), Fraction(0))
        return Answer(found, fees, money(duty), money(total))

    # ---- one line ---------------------------------------------------------------------------------

    def _try(self, line, day):
        try:
            return self._line(line, day)
        except NotComputed:
            return None

    def _line(self, line, day):
        origin = "CA" if line.origin in PROVINCES else line.origin
        leaf = self.leaves.get(line.number)
        if leaf is None:
            raise NotComputed("no such number")
        program = self._held_claim(line.claim, origin, leaf, day)
        chapter98 = digits(line.provision or "")[:8]
        head = [(shortened(line.provision), "provision")] if line.provision else []
        tail = (line.number, "classification")
        if chapter98 and chapter98 not in WORK_ABROAD:
            return Result([*head, tail], [(line.number, "0.00")])
        value = rounded_dollars(line.value)
        charged = Fraction(line.dutiable) if chapter98 else value
        base = duty_at(self._rate_text(leaf, program, origin, day), charged, line)
        applied, unlisted = self._chapter99(line, origin, day, program, base / charged)
        amounts = []
        for row in applied:
            basis = value if row.authority == "s232_metals" and chapter98 == "98020060" else charged
            owed = Fraction(0) if ROLES[row.effect] == "exemption" else basis * row.rate
            amounts.append((row.heading, money(owed)))
        in_lieu = any(ROLES[row.effect] == "replacement" for row in applied)
        amounts.append((line.number, money(Fraction(0) if in_lieu else base)))
        stack = [*head, *((row.heading, ROLES[row.effect]) for row in applied), tail]
        return Result(stack, amounts, unlisted)

    def _column2(self, origin, day):
        return any(one["country"] == origin and one["status"] == "column2" and within(one, day) for one in self.origins)

    def _held_claim(self, claim, origin, leaf, day):
        """The row of the program whose claim holds, or None."""
        if not claim or self._column2(origin, day):
            return None
        row = next((one for one in self.programs if one["code"] == claim and within(one, day)), None)
        if row is None or (row["countries"] and origin not in row["countries"].split()):
            return None
        named = row["by_note"] == "1" or special_rate(leaf["special"], claim) is not None
        return row if named or leaf["general"] == "Free" else None

    def _rate_text(self, leaf, program, origin, day):
        if self._column2(origin, day):
            return leaf["column2"]
        if program is None:
            return leaf["general"]
        if program["by_note"] == "1":
            return "Free"
        return special_rate(leaf["special"], program["code"]) or leaf["general"]

    # ---- chapter 99 -------------------------------------------------------------------------------

    def _chapter99(self, line, origin, day, program, share):
        """Rows that stand on the line in wire order, and notes on lists that end before it."""
        falling = [one for one in self.measures if one.falls_on(line.number, origin, day)]
        code = program["code"] if program else None
        rows = [
            one
            for one in falling
            if one.effect != "gap"
            and (one.program is None or one.program == code)
            and (not one.claimed_only or one.heading in line.declared)
        ]
        if any(one.effect == "prohibit" for one in rows):
            raise NotComputed("the import is barred")
        rows.sort(key=lambda one: (one.order, one.heading))
        standing = self._standing(rows, share)
        applied = []
        for exemption in self._in_turn([one for one in rows if one.effect == "exempt"]):
            if exemption.requires and not any(one.authority in exemption.requires for one in standing):
                continue
            left = [one for one in standing if one.authority not in exemption.exempts]
            if len(left) < len(standing):
                applied.append(exemption)
                standing = left
        present = {one.authority for one in standing}
        standing = [one for one in standing if not one.gives_way & present]
        applied += one_in_lieu(standing)
        applied.sort(key=lambda one: (one.order, one.heading))
        held = {one.authority for one in applied}
        gaps = [one.note for one in falling if one.effect == "gap" and one.authority not in held]
        return applied, gaps

    @staticmethod
    def _standing(rows, share):
        duties = [one for one in rows if one.effect in ("add", "replace", "floor", "floor_met")]
        chosen = {one.authority for one in duties if one.claimed_only and one.scope}
        standing = []
        for one in duties:
            if one.authority in chosen and not one.claimed_only:
                continue
            if one.effect == "floor" and share >= one.rate:
                continue
            if one.effect == "floor_met" and share < one.rate:
                continue
            standing.append(one)
        return standing

    @staticmethod
    def _in_turn(exemptions):
        """Exemptions from an authority that others look at go first."""
        looked_at = set().union(*(one.requires for one in exemptions)) if exemptions else set()
        first = [one for one in exemptions if one.exempts & looked_at]
        return [*first, *(one for one in exemptions if one not in first)]

    # ---- fees of the entry ------------------------------------------------------------------------

    def _fees(self, entry, computed, duty):
        if not computed:
            return {}
        year = {one["fee_class"]: one for one in self.fees if within(one, entry.day)}
        fees = self._processing(entry, computed, year)
        if entry.mode in VESSELS and entry.kind != "11":
            harbor = Fraction(0)
            for line, result in computed:
                result.harbor = money(rounded_dollars(line.value) * Fraction(year["501"]["rate_percent"]) / 100)
                harbor += Fraction(result.harbor)
            if harbor <= 3 and duty == 0 and not any(Fraction(one) for one in fees.values()):
                for _, result in computed:
                    result.harbor = None
            else:
                fees["501"] = money(harbor)
        return fees

    def _processing(self, entry, computed, year):
        paying = [(line, result) for line, result in computed if not self._no_processing_fee(line, entry.day)]
        if not paying:
            return {}
        if entry.kind == "11":
            return {"311": year["311"]["amount"]}
        owed = Fraction(0)
        for line, result in paying:
            basis = Fraction(line.dutiable) if line.provision else rounded_dollars(line.value)
            result.processing = money(basis * Fraction(year["499"]["rate_percent"]) / 100)
            owed += Fraction(result.processing)
        lowest, highest = Fraction(year["499"]["minimum"]), Fraction(year["499"]["maximum"])
        return {"499": money(max(lowest, min(owed, highest)))}

    def _no_processing_fee(self, line, day):
        origin = "CA" if line.origin in PROVINCES else line.origin
        if line.provision and digits(line.provision)[:8] not in ("98020060", "98020080"):
            return True
        if any(one["country"] == origin and one["status"] == "mpf_exempt" and within(one, day) for one in self.origins):
            return True
        program = self._held_claim(line.claim, origin, self.leaves[line.number], day)
        return program is not None and program["mpf_exempt"] == "1"


class Row:
    """A row of measures, its cells taken apart."""

    def __init__(self, cells):
        strange = {name for name, cell in cells.items() if cell and name not in KNOWN}
        if strange:
            raise ValueError(f"the second calculator does not know {', '.join(sorted(strange))}")
        self.heading, self.authority, self.effect = digits(cells["heading"]), cells["authority"], cells["effect"]
        self.rate = Fraction(cells["rate_percent"]) / 100 if cells["rate_percent"] else None
        self.origins, self.not_origins = countries(cells["origins"]), countries(cells["excluded_origins"])
        self.scope = tuple(digits(one) or one for one in cells["scope"].split())  # `?` is no beginning of a number
        self.not_scope = tuple(digits(one) for one in cells["excluded_scope"].split())
        self.program = cells["program"] or None
        self.requires, self.exempts = set(cells["requires"].split()), set(cells["exempts"].split())
        self.gives_way = set((cells.get("gives_way") or "").split())
        self.claimed_only = cells["claimed_only"] == "1"
        self.first = date.fromisoformat(cells["effective_from"])
        self.last = date.fromisoformat(cells["effective_to"]) if cells["effective_to"] else date.max
        self.order = int(cells["order"] or 0)
        self.note = cells["note"]

    def falls_on(self, number, origin, day):
        return (
            self.first <= day <= self.last
            and (not self.origins or origin in self.origins)
            and origin not in self.not_origins
            and (not self.scope or number.startswith(self.scope))
            and not (self.not_scope and number.startswith(self.not_scope))
        )


def one_in_lieu(standing):
    """A duty in lieu of column 1 can stand but once: the first."""
    kept, seen = [], False
    for one in standing:
        if one.effect in ("floor", "replace"):
            if seen:
                continue
            seen = True
        kept.append(one)
    return kept


def countries(cell):
    found = set(cell.split())
    return (found - {"EU"}) | EUROPE if "EU" in found else found


def shortened(number):
    """Chapter 98 as printed: eight digits where the suffix is 00."""
    found = digits(number)
    return found[:8] if found.endswith("00") and len(found) == 10 else found


def rounded_dollars(text):
    return Fraction(int(Fraction(text) + Fraction(1, 2)))


# ---- the schedule ---------------------------------------------------------------------------------------


def leaves_of(rows):
    """Numbers that can be declared: rates come as a block from the nearest row above that prints a general rate."""
    above = []
    leaves = {}
    for place, row in enumerate(rows):
        depth = int(row["indent"])
        above = [one for one in above if int(one["indent"]) < depth]
        printed = row if row["general"] else next((one for one in reversed(above) if one["general"]), None)
        following = rows[place + 1] if place + 1 < len(rows) else None
        last = following is None or int(following["indent"]) <= depth
        number = digits(row["hts_number"])
        if last and len(number) >= 8 and printed is not None:
            leaves[number + "00" if len(number) == 8 else number] = printed
        above.append(row)
    return leaves


def special_rate(text, program):
    """What a special column prints for a program: `Free (AU,BH) 2.5% (KR)`; None where it does not name it."""
    wanted = STANDS_FOR.get(program, {program})
    for printed, names in re.findall(r"([^()]*)\(([^()]*)\)", text):
        if wanted & set(re.split(r"[ ,]+", names.strip())):
            return printed.strip()
    return None


# ---- rates ----------------------------------------------------------------------------------------------

PERCENT = re.compile(r"([\d.]+)(?: (\d+)/(\d+))?%(?: on the (.+))?")
AMOUNT = re.compile(r"(?:\$([\d.]+)|([\d.]+)¢)(?: (each)|/ ?(pf\. ?liter|[a-z0-9]+\.?))(.*)")
SUGAR = re.compile(
    r"([\d.]+)¢/kg less ([\d.]+)¢/kg for each degree under (\d+) degrees "
    r"\(and fractions of a degree in proportion\) but not less than ([\d.]+)¢/kg"
)
BASES = {
    " on drained weight": "drained weight",
    " on contents and container": "contents and container",
    ", including weight of container": "weight with container",
}


def terms_of(text):
    return re.split(r" ?\+ ?", text)


def duty_at(text, value, line):
    """The duty of a printed rate, unrounded."""
    if text == "Free":
        return Fraction(0)
    sugar = SUGAR.fullmatch(text)
    if sugar:
        return quantity(line, "KG") * sugar_rate(sugar, stated(line, "degrees"))
    return sum((duty_of_term(one, value, line) for one in terms_of(text)), Fraction(0))


def sugar_rate(printed, degrees):
    full, step, mark, least = (Fraction(one) for one in printed.groups())
    return max(full - step * max(mark - degrees, Fraction(0)), least) / 100


def duty_of_term(text, value, line):
    percent = PERCENT.fullmatch(text)
    if percent:
        whole, over, under, part = percent.groups()
        rate = Fraction(whole) + (Fraction(int(over), int(under)) if over else 0)
        return rate / 100 * (stated(line, part) if part else value)
    amount = AMOUNT.fullmatch(text)
    if amount is None:
        raise NotComputed(text)
    dollars, cents_, each, unit, basis = amount.groups()
    rate = Fraction(dollars) if dollars else Fraction(cents_) / 100
    if basis:
        return rate * stated(line, BASES[basis])
    return rate * quantity(line, PER[each or unit.replace(" ", "")])


def quantity(line, unit):
    if unit in line.quantities:
        return Fraction(line.quantities[unit])
    for (wanted, given), factor in ALIKE.items():
        if wanted == unit and given in line.quantities:
            return Fraction(line.quantities[given]) * factor
    raise NotComputed(f"no quantity in {unit}")


def stated(line, name):
    if name not in line.measures:
        raise NotComputed(f"no {name}")
    return Fraction(line.measures[name])
