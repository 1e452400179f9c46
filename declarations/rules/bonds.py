"""Security: which bonds a declaration names, and whether the bond on file can carry it (19 CFR part 113)."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from declarations.facts import BondOnFile
from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule
from declarations.rules.matrix import use_of

CONTINUOUS, SINGLE = "8", "9"
BASIC, ADDITIONAL = "B", "A"
DESIGNATIONS = frozenset({"B", "A", "U", "E"})
NO_BOND = "0"
WAIVER_REASONS = frozenset({"995", "996", "997", "998", "999"})
FLOOR = Decimal(50000)
SHARE = Decimal(10)  # the bond holds 10 % of the deposits of a year
PGA_FACTOR = 3
_SURETY = re.compile(r"[A-Z0-9]{3}\Z")


@rule("BOND-NONE", "error", "19 CFR 113.62; CATAIR AE record 31")
def bond_missing(case: Case) -> Iterator[Finding]:
    """A formal entry needs a bond, and neither a bond nor a waiver is given. Give your continuous bond, or a
    single transaction bond for this entry."""
    if case.document.bonds or case.document.bond_waiver or case.informal or not case.entry_type:
        return
    if use_of("MTX-BOND", case.entry_type) != "M":
        yield "/bonds"


@rule("BOND-BOTH", "error", "ACE condition 120")
def bond_and_waiver(case: Case) -> Iterator[Finding]:
    """A bond is given and waived at the same time. Take one of the two out."""
    waiver = case.document.bond_waiver
    if case.document.bonds and waiver and waiver.indicator:
        yield "/bond_waiver/indicator"


@rule("BOND-WAIVER", "error", "CATAIR AE record 10, position 38; ACE condition 122")
def waiver_indicator(case: Case) -> Iterator[Finding]:
    """To go without a bond the indicator is 0, and here it is not. Set it to 0, or give a bond."""
    waiver = case.document.bond_waiver
    if waiver and waiver.indicator != NO_BOND:
        yield "/bond_waiver/indicator"


@rule("BOND-REASON", "error", "CATAIR AE table 4; ACE conditions 139, 140")
def waiver_reason(case: Case) -> Iterator[Finding]:
    """An entry of type {entry_type} without a bond says why: 998 for security other than by a surety, 999 for no
    surety, or 995, 996 or 997. Give the reason, or a bond."""
    waiver = case.document.bond_waiver
    if waiver is None or not waiver.indicator:
        return
    may = use_of("MTX-WAIVER-REASON", case.entry_type) in ("A", "C", "M")
    if (may and not waiver.reason) or (waiver.reason and waiver.reason not in WAIVER_REASONS):
        yield "/bond_waiver/reason", {"entry_type": case.entry_type}


@rule("BOND-TYPE", "error", "CATAIR AE record 31, position 3")
def bond_type(case: Case) -> Iterator[Finding]:
    """Say which kind of bond this is: 8 for a continuous bond, 9 for a single transaction bond."""
    for place, bond in enumerate(case.document.bonds):
        if bond.type not in (CONTINUOUS, SINGLE):
            yield f"/bonds/{place}/type"


@rule("BOND-DESIGNATION", "error", "CATAIR AE record 31, position 4")
def designation(case: Case) -> Iterator[Finding]:
    """Say what the bond is for this entry: B for the basic bond, A for an additional one, U or E for one that
    takes the place of another."""
    for place, bond in enumerate(case.document.bonds):
        if bond.designation not in DESIGNATIONS:
            yield f"/bonds/{place}/designation"


@rule("BOND-INDICATOR", "error", "CATAIR AE record 31, position 5")
def continuous_indicator(case: Case) -> Iterator[Finding]:
    """{indicator} is not a continuous indicator. Use Y or S, or leave it out."""
    for place, bond in enumerate(case.document.bonds):
        if bond.continuous_indicator not in (None, "Y", "S"):
            yield f"/bonds/{place}/continuous_indicator", {"indicator": bond.continuous_indicator or ""}


@rule("BOND-SURETY", "error", "CATAIR AE record 31, positions 6-8; ACE conditions 137, 138")
def surety(case: Case) -> Iterator[Finding]:
    """A bond names its surety by three letters or digits, and this one does not; 995 to 999 are reasons for having
    no bond. Copy the code from the bond."""
    for place, bond in enumerate(case.document.bonds):
        if not _SURETY.match(bond.surety or "") or bond.surety in WAIVER_REASONS:
            yield f"/bonds/{place}/surety"


@rule("BOND-TWO", "error", "ACE condition 193")
def two_continuous(case: Case) -> Iterator[Finding]:
    """Two continuous bonds are named, and an entry rests on one. Remove one, or make it a single transaction bond."""
    found = [place for place, bond in enumerate(case.document.bonds) if bond.type == CONTINUOUS]
    for place in found[1:]:
        yield f"/bonds/{place}/type"


@rule("BOND-MANY", "error", "CATAIR AE record 31")
def too_many(case: Case) -> Iterator[Finding]:
    """An entry names at most two bonds, and there are {count}. Remove those that are not for this entry."""
    count = len(case.document.bonds)
    if count > 2:
        yield "/bonds/2", {"count": str(count)}


@rule("BOND-PAIR", "error", "CATAIR AE record 31, position 4")
def pair(case: Case) -> Iterator[Finding]:
    """Of two bonds one is basic (B), and the other is an additional (A) single transaction bond. Correct the
    designation of this one."""
    bonds = case.document.bonds
    if len(bonds) == 2:
        first, second = bonds
        if {first.designation, second.designation} == {BASIC, ADDITIONAL}:
            extra = 0 if first.designation == ADDITIONAL else 1
            if bonds[extra].type == CONTINUOUS:
                yield f"/bonds/{extra}/type"
        else:
            yield "/bonds/1/designation"


@rule("BOND-STB", "error", "19 CFR 113.12; ACE condition 240")
def single_amount(case: Case) -> Iterator[Finding]:
    """A single transaction bond has an amount, and this one has none above zero. Give the amount of the bond in US
    dollars."""
    for place, bond in enumerate(case.document.bonds):
        amount = reading.amount(bond.amount)
        if bond.type == SINGLE and (amount is None or amount <= 0):
            yield f"/bonds/{place}/amount"


@rule("BOND-STB-NOT", "error", "ACE condition 214")
def continuous_amount(case: Case) -> Iterator[Finding]:
    """A continuous bond is named without its amount: customs has it on file. Leave the amount out."""
    for place, bond in enumerate(case.document.bonds):
        if bond.type == CONTINUOUS and bond.amount:
            yield f"/bonds/{place}/amount"


@rule("BOND-STB-LOW", "warning", "19 CFR 113.12")  # value plus duties is practice; the port sets the amount
def single_too_low(case: Case) -> Iterator[Finding]:
    """The single transaction bond of {amount} dollars does not cover value, duties, taxes and fees, which come to
    {needed}. Have the surety raise it."""
    needed = case.total_value + _owed(case)
    for place, bond in enumerate(case.document.bonds):
        amount = reading.amount(bond.amount)
        if bond.type == SINGLE and bond.designation == BASIC and amount is not None and 0 < amount < needed:
            yield f"/bonds/{place}/amount", {"amount": reading.dollars(amount), "needed": reading.dollars(needed)}


@rule("BOND-STB-PGA", "warning", "CBP Directive 3510-004")
def single_with_agencies(case: Case) -> Iterator[Finding]:
    """Goods that a partner agency can refuse need a single transaction bond of three times their value, {needed}
    dollars, and this one is {amount}. Have the surety raise it."""
    looked_at = any(one.agency and not one.disclaim for line in case.lines for one in line.item.pga)
    needed = PGA_FACTOR * case.total_value
    for place, bond in enumerate(case.document.bonds if looked_at else ()):
        amount = reading.amount(bond.amount)
        if bond.type == SINGLE and bond.designation == BASIC and amount is not None and 0 < amount < needed:
            yield f"/bonds/{place}/amount", {"amount": reading.dollars(amount), "needed": reading.dollars(needed)}


@rule("BOND-OPEN", "error", "19 CFR 113.27")
def in_force(case: Case) -> Iterator[Finding]:
    """No bond of yours on record is in force on {day}, the expected day of entry. Give a bond that has begun and
    is not terminated, or file when it has begun."""
    day = _bond_day(case)
    on_file = [one for one in case.facts.bonds if one.type == CONTINUOUS]
    if case.continuous_bonds and on_file and not any(_covers(one, day) for one in on_file):
        place = next(place for place, one in enumerate(case.document.bonds) if one.type == CONTINUOUS)
        yield f"/bonds/{place}", {"day": reading.shown(day)}


@rule("BOND-SURETY-DIFF", "warning", "19 CFR 113.24; ACE condition 138")
def surety_on_file(case: Case) -> Iterator[Finding]:
    """The continuous bond on record is with surety {known}, and you name {given}. Copy the code from the bond."""
    on_file = _current(case)
    for place, bond in enumerate(case.document.bonds if on_file else ()):
        if bond.type == CONTINUOUS and bond.surety and bond.surety not in {one.surety for one in on_file}:
            known = ", ".join(sorted({one.surety for one in on_file}))
            yield f"/bonds/{place}/surety", {"known": known, "given": bond.surety}


@rule("BOND-RIDER", "warning", "19 CFR 113.24")
def rider(case: Case) -> Iterator[Finding]:
    """The bond on record is for {known}, and the importer here is {given}. Have a rider added to the bond, or
    correct the importer."""
    importer = case.party("importer")
    if importer is None or not case.continuous_bonds:
        return
    on_file = _current(case)
    numbers = {one.importer_number for one in on_file if one.importer_number}
    names = {one.importer_name for one in on_file if one.importer_name}
    if importer.id and numbers and importer.id not in numbers:
        yield "/parties/importer/id", {"known": ", ".join(sorted(numbers)), "given": importer.id}
    elif importer.name and names and reading.plain_name(importer.name) not in map(reading.plain_name, names):
        yield "/parties/importer/name", {"known": ", ".join(sorted(names)), "given": importer.name}


@rule("BOND-SAT", "warning", "19 CFR 113.13")  # ten percent and the floor of 50,000 are CBP's guide, not the section
def sufficiency(case: Case) -> Iterator[Finding]:
    """With this entry your duties, taxes and fees of twelve months come to {deposits} dollars, so the bond should
    be {needed}, and it is {amount}. Have the surety raise it before customs calls it insufficient."""
    past, on_file = case.facts.deposits_last_12_months, _current(case)
    if past is None or not on_file or not case.continuous_bonds:
        return
    deposits = past + _owed(case)
    needed = max(FLOOR, deposits * SHARE / 100)
    amount = max(one.amount for one in on_file)
    if amount < needed:
        place = next(place for place, one in enumerate(case.document.bonds) if one.type == CONTINUOUS)
        params = {
            "deposits": reading.to_the_cent(deposits), "needed": f"{needed:,.0f}",
            "amount": reading.dollars(amount),
        }  # fmt: skip
        yield f"/bonds/{place}", params


def _bond_day(case: Case) -> date:
    return case.entry_date or case.on


def _covers(bond: BondOnFile, day: date) -> bool:
    return bond.effective_on <= day and (bond.terminates_on is None or day < bond.terminates_on)


def _current(case: Case) -> list[BondOnFile]:
    """Continuous bonds on record that are in force on the day of entry."""
    day = _bond_day(case)
    return [one for one in case.facts.bonds if one.type == CONTINUOUS and _covers(one, day)]


def _owed(case: Case) -> Decimal:
    return reading.amount(case.assessment.totals.total) or Decimal(0)


RULES = (
    bond_missing, bond_and_waiver, waiver_indicator, waiver_reason, bond_type, designation, continuous_indicator,
    surety, two_continuous, too_many, pair, single_amount, continuous_amount, single_too_low, single_with_agencies,
    in_force, surety_on_file, rider, sufficiency,
)  # fmt: skip
