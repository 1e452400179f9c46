"""Dates and clocks: when the goods come, which day decides the rates, what is due when; in-bond movements."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule
from declarations.rules.entry_number import mod7_check
from declarations.tariff.calculate.dates import entry_day, rate_day, zone_day
from declarations.tariff.calculate.reading import DAYS, is_of_the_day
from portal.clocks.calendars import add_business_days
from portal.tariff_numbers import dotted

LANDING_DAYS = 15
VESSEL_EARLY_DAYS = 5
SUMMARY_DAYS = 10
REMIND_DAYS = 3
IN_BOND_DAYS = 30
IN_BOND_YEARS_DAYS = 2 * 365
FAR = timedelta(days=2 * 365)


class Window(NamedTuple):
    """How far from today the days of a movement may lie to be meant, from a day on, and why so far."""

    effective_from: date
    back: timedelta
    ahead: timedelta
    reason: str


# Plausibility, and no law: 19 CFR 142.2 and 141.68 say when entry may be made, and leave late and early ones to other
# rules of this book. Another view of what can be meant is another row.
WINDOWS = (
    Window(
        effective_from=date(1900, 1, 1), back=timedelta(days=5 * 366), ahead=timedelta(days=366),
        reason="Records of an entry are kept for five years (19 CFR 163.4), and the tariff of a day more than a year "
        "ahead is not known, nor is any voyage as long.",
    ),
)  # fmt: skip
IN_BOND_TYPE = "61"
_IN_BOND_NUMBER = re.compile(r"([0-9]{9}|[0-9]{11}|[A-Z0-9]{3}[0-9]{8}|V[0-9]+)\Z")
_HEADER_DATES = ("estimated_arrival", "import_date", "estimated_entry", "entry_date_election")


@rule("ENT-LAND-15", "warning", "19 CFR 142.2(a), 4.37, 123.10, 127.1")
def entry_after_landing(case: Case) -> Iterator[Finding]:
    """The goods landed on {landed}, and the 15 days for making entry ended on {last}. They go to general order:
    file now, and expect liquidated damages."""
    landed = case.facts.landed_on
    last = landed + timedelta(days=LANDING_DAYS) if landed else None
    if landed and last and case.files_release and case.on > last:
        yield "/dates/estimated_entry", {"landed": reading.shown(landed), "last": reading.shown(last)}


@rule("ENT-PREARR", "warning", "19 CFR 142.2(b)")  # the five days are practice of the cargo release message
def before_arrival(case: Case) -> Iterator[Finding]:
    """The vessel arrives on {arrival}, and customs takes a release no earlier than five days before. File from
    {first} on, or correct the arrival date."""
    dates = case.document.dates
    arrival = reading.day(dates.estimated_arrival) if dates else None
    if arrival and case.files_release and case.mode in reading.VESSEL:
        first = arrival - timedelta(days=VESSEL_EARLY_DAYS)
        if case.on < first:
            yield "/dates/estimated_arrival", {"arrival": reading.shown(arrival), "first": reading.shown(first)}


@rule("ENT-RATE-ET", "warning", "19 CFR 141.68, 141.69")
def rate_boundary(case: Case) -> Iterator[Finding]:
    """The duty of heading {heading} changes around {day}, at 12:01 a.m. Eastern time, and your goods are expected
    just then. An hour decides the rate: check when entry is made, or elect an entry date."""
    for line in case.lines:
        for number in line.chapter99:
            measure = case.measure(number.heading, line)
            if measure and line.rate_date in (measure.effective_from, measure.effective_to):
                params = {"heading": dotted(number.heading), "day": reading.shown(line.rate_date)}
                yield "/dates/estimated_entry", params
                return


@rule("ENT-IT-RATE", "information", "19 USC 1315(a)(2); 19 CFR 141.69(b)")
def in_bond_rate(case: Case) -> Iterator[Finding]:
    """Your goods moved in bond, so duty is computed at the rates of the day on which the in-bond entry was
    accepted at the first port. Only quota follows the day of the summary."""
    in_bond = case.document.in_bond
    if in_bond and in_bond.number and in_bond.accepted_date:
        yield "/in_bond/accepted_date"


@rule("ENT-IT-OLD", "warning", "19 CFR 18.1, 18.2")
def in_bond_open(case: Case) -> Iterator[Finding]:
    """The in-bond movement was accepted on {accepted}, more than 30 days ago. See that its arrival is reported and
    the movement closed before you file."""
    accepted = _accepted(case)
    if accepted and IN_BOND_DAYS < (case.on - accepted).days <= IN_BOND_YEARS_DAYS:
        yield "/in_bond/accepted_date", {"accepted": reading.shown(accepted)}


@rule("IB-OLD", "error", "CATAIR AE record 20, positions 52-57; ACE condition 192")
def in_bond_too_old(case: Case) -> Iterator[Finding]:
    """The in-bond movement was accepted on {accepted}, more than two years ago, and customs refuses such a date.
    Check the year."""
    accepted = _accepted(case)
    if accepted and (case.on - accepted).days > IN_BOND_YEARS_DAYS:
        yield "/in_bond/accepted_date", {"accepted": reading.shown(accepted)}


@rule("IB-DATE", "error", "CATAIR AE record 20, positions 52-57")
def in_bond_date(case: Case) -> Iterator[Finding]:
    """The in-bond number is given without the day on which the movement was accepted. Give that day: it decides
    the rates of duty."""
    in_bond = case.document.in_bond
    if in_bond and in_bond.number and not in_bond.accepted_date:
        yield "/in_bond/accepted_date"


@rule("IB-NUMBER-NONE", "error", "CATAIR AE record 23, type I")
def in_bond_number_missing(case: Case) -> Iterator[Finding]:
    """An in-bond movement is described without its number. Give the number, or take the movement out."""
    in_bond = case.document.in_bond
    if in_bond and not in_bond.number and (in_bond.type or in_bond.accepted_date or in_bond.origin_port):
        yield "/in_bond/number"


@rule("IB-NUMBER", "error", "CATAIR cargo release, record SE20, qualifier IB")
def in_bond_number(case: Case) -> Iterator[Finding]:
    """An in-bond number has 9 digits, 11 digits, V and digits, or a filer code and 8 digits; {number} has none of
    these forms. Copy it again from the in-bond document."""
    in_bond = case.document.in_bond
    if in_bond and in_bond.number and not _IN_BOND_NUMBER.match(reading.compact(in_bond.number)):
        yield "/in_bond/number", {"number": in_bond.number}


@rule("IB-CHECK", "warning", "CBP Form 7512, number with check digit")
def in_bond_check_digit(case: Case) -> Iterator[Finding]:
    """The last digit of in-bond number {number} should be {expected}. Compare it with the document: a digit may be
    mistyped."""
    in_bond = case.document.in_bond
    number = reading.compact(in_bond.number) if in_bond else ""
    if re.fullmatch("[0-9]{9}", number) and int(number[-1]) != mod7_check(number[:-1]):
        yield "/in_bond/number", {"number": number, "expected": str(mod7_check(number[:-1]))}


@rule("IB-TYPE", "error", "CATAIR AE table 2")
def in_bond_type(case: Case) -> Iterator[Finding]:
    """Goods entered after an in-bond movement came as an immediate transportation, type 61, and this says {given}.
    Set the type to 61."""
    in_bond = case.document.in_bond
    if in_bond and in_bond.number and in_bond.type not in (None, IN_BOND_TYPE):
        yield "/in_bond/type", {"given": in_bond.type or ""}


@rule("IB-PORT", "error", "ACE condition 188")
def in_bond_port(case: Case) -> Iterator[Finding]:
    """The goods moved in bond, so the port where they were unladen is another one than the port of entry; both are
    {port}. Correct the port of unlading, or take out the in-bond movement."""
    in_bond, ports = case.document.in_bond, case.document.ports
    if in_bond and in_bond.number and ports and ports.entry and ports.entry == ports.unlading:
        yield "/ports/unlading", {"port": ports.entry}


@rule("IB-IMPORT", "error", "ACE condition 190")
def in_bond_before_import(case: Case) -> Iterator[Finding]:
    """The in-bond movement is dated {accepted}, before the goods were imported on {imported}. Correct one of the
    two dates."""
    dates, accepted = case.document.dates, _accepted(case)
    imported = reading.day(dates.import_date) if dates else None
    if accepted and imported and accepted < imported:
        yield "/in_bond/accepted_date", {"accepted": reading.shown(accepted), "imported": reading.shown(imported)}


@rule("DATE-ARRIVAL", "warning", "19 CFR 142.2(b); CATAIR AE record 20, positions 11-16")
def arrival_date(case: Case) -> Iterator[Finding]:
    """The release does not say when the goods arrive. Give the estimated arrival, so that customs can decide
    before then."""
    if case.files_release and not (case.document.dates and case.document.dates.estimated_arrival):
        yield "/dates/estimated_arrival"


@rule("DATE-ENTRY", "warning", "19 CFR 141.68, 142.12(b)")
def entry_date(case: Case) -> Iterator[Finding]:
    """Without an expected entry date the rates of duty and the last day for paying cannot be told. Give the
    estimated entry date."""
    dates = case.document.dates
    if not (dates and (dates.estimated_entry or dates.entry_date_election)):
        yield "/dates/estimated_entry"


@rule("DATE-ELECTION", "warning", "19 CFR 141.68")
def elected_date(case: Case) -> Iterator[Finding]:
    """You elect {elected} as entry date, before the goods arrive on {arrival}. Entry is never made before the
    goods are within the limits of the port: elect the day of arrival or a later one."""
    dates = case.document.dates
    elected = reading.day(dates.entry_date_election) if dates else None
    arrival = reading.day(dates.estimated_arrival) if dates else None
    if elected and arrival and elected < arrival:
        yield "/dates/entry_date_election", {"elected": reading.shown(elected), "arrival": reading.shown(arrival)}


@rule("DATE-OUTSIDE", "error", "Plausibility rule of this portal; 19 CFR 163.4 (records are kept five years)")
def date_outside(case: Case) -> Iterator[Finding]:
    """{day} cannot be meant: the days of this movement lie from {first} to {last}. Correct the year."""
    first, last = _window(case.on)
    params = {"first": reading.shown(first), "last": reading.shown(last)}
    for pointer, written in _days_of_movement(case):
        found = reading.day(written)
        if found is None or not first <= found <= last:
            yield pointer, {"day": reading.shown(found) if found else written, **params}
    for line in case.lines:  # goods may lie in a warehouse or a zone for longer: only a year that nobody can mean
        exported = line.item.export_date
        if exported and reading.day(exported) is None:
            yield f"{line.at}/export_date", {"day": exported, **params}


@rule("DATE-TARIFF", "error", "19 USC 1315; 19 CFR 141.69")
def date_without_tariff(case: Case) -> Iterator[Finding]:
    """{day} decides what is owed, and we do not hold the tariff and the fees of that day. Correct the date; if it
    is right, tell us."""
    first, last = _window(case.on)
    for pointer, found in _days_not_held(case).items():
        if first <= found <= last or pointer.startswith("/items"):  # DATE-OUTSIDE says the others
            yield pointer, {"day": reading.shown(found)}


def _days_not_held(case: Case) -> dict[str, date]:
    """Days that decide what is owed and for which nothing is held, by the pointer of the date."""
    places = {one.pointer for one in case.assessment.unassessed if is_of_the_day(one)}
    if not places:
        return {}
    entry = entry_day(case.document, now=case.now)
    found = {entry.pointer: entry.day} if DAYS in places and case.files_summary else {}
    for line in case.lines:
        if line.at in places:
            decides = rate_day(case.document, line.item, entry=entry)
            found[(line.at if zone_day(line.item) else "") + decides.pointer] = decides.day
    return found


@rule("DATE-FAR", "warning", "Format of this portal")
def far_date(case: Case) -> Iterator[Finding]:
    """{day} is more than two years away from today. Check the year."""
    first, _last = _window(case.on)
    for pointer, written in _days_of_movement(case):
        found = reading.day(written)
        if found and first <= found < case.on - FAR:
            yield pointer, {"day": reading.shown(found)}


def _window(on: date) -> tuple[date, date]:
    """The first and the last day that can be meant on a day."""
    window = max((one for one in WINDOWS if one.effective_from <= on), key=lambda one: one.effective_from)
    return on - window.back, on + window.ahead


def _days_of_movement(case: Case) -> Iterator[tuple[str, str]]:
    """What is written as a day of arrival, import, entry and of the in-bond movement, each with its pointer."""
    dates, in_bond = case.document.dates, case.document.in_bond
    for member in _HEADER_DATES if dates else ():
        if written := getattr(dates, member):
            yield f"/dates/{'import' if member == 'import_date' else member}", written
    if in_bond and in_bond.accepted_date:
        yield "/in_bond/accepted_date", in_bond.accepted_date


@rule("DATE-EXPORT", "error", "CBP Form 7501, block 15; ACE condition 426")
def export_after_import(case: Case) -> Iterator[Finding]:
    """The goods are said to be exported on {exported}, after they were imported on {imported}. Correct one of the
    two dates."""
    dates = case.document.dates
    imported = reading.day(dates.import_date) if dates else None
    for line in case.lines if imported else ():
        exported = reading.day(line.item.export_date)
        if exported and imported and exported > imported:
            params = {"exported": reading.shown(exported), "imported": reading.shown(imported)}
            yield f"{line.at}/export_date", params


@rule("DATE-EXPORT-BOND", "error", "ACE condition 420")
def export_after_in_bond(case: Case) -> Iterator[Finding]:
    """The goods are said to be exported on {exported}, after their in-bond movement here began on {accepted}.
    Correct one of the two dates."""
    accepted = _accepted(case)
    for line in case.lines if accepted else ():
        exported = reading.day(line.item.export_date)
        if exported and accepted and exported > accepted:
            params = {"exported": reading.shown(exported), "accepted": reading.shown(accepted)}
            yield f"{line.at}/export_date", params


@rule("SUM-DUE", "warning", "19 CFR 142.12(b)")
def summary_due(case: Case) -> Iterator[Finding]:
    """The summary and the deposit are due on {due}, ten working days after entry. File and pay now: little time is
    left."""
    due = _summary_due(case)
    if due and case.on <= due <= add_business_days(reading.PARTY, case.on, REMIND_DAYS):
        yield "/dates/estimated_entry", {"due": reading.shown(due)}


@rule("SUM-LATE", "warning", "19 CFR 142.12(b), 142.15, 113.62")
def summary_late(case: Case) -> Iterator[Finding]:
    """The summary and the deposit were due on {due}, ten working days after entry. You can still file: do it now,
    and expect a claim for liquidated damages."""
    due = _summary_due(case)
    if due and case.on > due:
        yield "/dates/estimated_entry", {"due": reading.shown(due)}


def _accepted(case: Case) -> date | None:
    in_bond = case.document.in_bond
    return reading.day(in_bond.accepted_date) if in_bond and in_bond.number else None


def _summary_due(case: Case) -> date | None:
    entered = case.entry_date
    if entered is None or not case.files_summary or case.document.correction:
        return None
    return add_business_days(reading.PARTY, entered, SUMMARY_DAYS)


RULES = (
    entry_after_landing, before_arrival, rate_boundary, in_bond_rate, in_bond_open, in_bond_too_old, in_bond_date,
    in_bond_number_missing, in_bond_number, in_bond_check_digit, in_bond_type, in_bond_port, in_bond_before_import,
    arrival_date, entry_date, elected_date, date_outside, date_without_tariff, far_date,
    export_after_import, export_after_in_bond, summary_due, summary_late,
)  # fmt: skip
