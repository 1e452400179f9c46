"""The entry: its type and number, informal limits, who may make it, duplicates."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule
from declarations.rules.entry_number import FILER_CODE, SEQUENCE, check_digit
from declarations.rules.lines import Line
from declarations.rules.matrix import COLUMNS
from portal.tariff_numbers import dotted

# Types that other messages carry, or that AE does not take (CATAIR AE table 2).
ELSEWHERE = frozenset(
    {
        "04", "05", "08", "09", "13", "24", "25", "26", "41", "42", "43", "44", "45", "46", "47", "61", "62",
        "63",
    }
)  # fmt: skip
ENDED = "86"
WAREHOUSE = frozenset({"22", "31", "32", "34", "38"})

MOST_NAMED = 5  # declarations in one message; "+55" stands for the others
INFORMAL_LIMIT = Decimal(2500)
RETURNED_GOODS = "98010010"
RETURNED_GOODS_LIMIT = Decimal(10000)
FOREIGN_IMPORTERS_FROM = date(2026, 11, 30)  # EO 14411; whether its rule is out was not confirmed, so warnings only


@rule("ENT-TYPE", "error", "CATAIR AE record 10, positions 34-35; ACE condition B17")
def entry_type(case: Case) -> Iterator[Finding]:
    """The entry type is missing. Choose one, for example 01 for consumption, 03 with an antidumping case or 11 for
    an informal entry."""
    if not case.entry_type:
        yield "/entry_type"


@rule("ENT-TYPE-UNKNOWN", "error", "CATAIR AE table 2")
def entry_type_unknown(case: Case) -> Iterator[Finding]:
    """There is no entry type {entry_type}. Choose a two-digit type, for example 01 for consumption."""
    found = case.entry_type
    if found and found not in COLUMNS and found not in ELSEWHERE and found != ENDED:
        yield "/entry_type", {"entry_type": found}


@rule("ENT-TYPE-ELSEWHERE", "error", "CATAIR AE table 2")
def entry_type_elsewhere(case: Case) -> Iterator[Finding]:
    """Entry type {entry_type} is not filed with the entry summary message, so this portal cannot file it. Use the
    message of its own through another filer, or the port's paper procedure."""
    if case.entry_type in ELSEWHERE:
        yield "/entry_type", {"entry_type": case.entry_type}


@rule("ENT-TYPE-86", "error", "Interim final rules of 24 June 2026, which ended type 86")
def entry_type_ended(case: Case) -> Iterator[Finding]:
    """Entry type 86 ended on 24 Jun 2026, and small shipments are no longer free of duty. File type 11, with a
    ten-digit number and duty."""
    if case.entry_type == ENDED:
        yield "/entry_type"


@rule("ENT-WAREHOUSE", "error", "CATAIR AE record 30; usage note e")
def warehouse_entry(case: Case) -> Iterator[Finding]:
    """Entry type {entry_type} must name the warehouse entry from which the goods come, and this portal has no
    place for it yet. File this entry through another filer."""
    if case.files_summary and case.entry_type in WAREHOUSE:
        yield "/entry_type", {"entry_type": case.entry_type}


@rule("ENT-NUMBER", "error", "19 CFR 142.3a; ACE condition B14")
def entry_number(case: Case) -> Iterator[Finding]:
    """An entry number is a filer code of three capital letters or digits (not 000), seven digits and a check
    digit; this part is missing or has another form. Mend it, or leave out the whole number and the portal gives
    one."""
    number = case.document.entry_number
    if number is None:
        return
    if not FILER_CODE.match(number.filer_code or ""):
        yield "/entry_number/filer_code"
    if not SEQUENCE.match(number.sequence or ""):
        yield "/entry_number/sequence"
    if not (number.check_digit and len(number.check_digit) == 1 and number.check_digit in "0123456789"):
        yield "/entry_number/check_digit"


@rule("ENT-CHECK-DIGIT", "error", "CATAIR appendix E; ACE condition B16")
def entry_number_check_digit(case: Case) -> Iterator[Finding]:
    """The check digit of entry number {number} should be {expected}. Look at the seven digits again: one of them
    may be mistyped."""
    number = case.document.entry_number
    if number is None or not FILER_CODE.match(number.filer_code or "") or not SEQUENCE.match(number.sequence or ""):
        return
    expected = str(check_digit(number.filer_code or "", number.sequence or "", case.facts.check_digit_offset))
    if number.check_digit and number.check_digit != expected:
        yield "/entry_number/check_digit", {"number": number.display, "expected": expected}


@rule("ENT-FILER", "error", "19 CFR 142.3a; ACE condition B06")
def filer_code(case: Case) -> Iterator[Finding]:
    """The entry number begins with filer code {given}, and the code on record for this filing is {known}. Use a
    number from your own range."""
    number, known = case.document.entry_number, case.facts.filer_code
    if number and number.filer_code and known and number.filer_code != known:
        yield "/entry_number/filer_code", {"given": number.filer_code, "known": known}


@rule("ENT-FILER-OFF", "error", "19 CFR 142.3a, 143.1; ACE condition B06")
def filer_code_inactive(case: Case) -> Iterator[Finding]:
    """The filer code {code} is not active, so customs would refuse this filing. Have it activated, or appoint
    somebody who can file for you."""
    if case.facts.filer_code_active is False:
        yield "/entry_number/filer_code", {"code": case.facts.filer_code or ""}


@rule("ENT-INF-LIMIT", "error", "19 CFR 143.21; ACE conditions 645 to 648")
def informal_limit(case: Case) -> Iterator[Finding]:
    """An informal entry may hold goods up to {limit} US dollars, and this comes to {value}. File a formal entry,
    type 01 or 03."""
    if not case.informal:
        return
    total = Decimal(0)
    for line in case.lines:
        if _is_returned(line):
            continue
        total += line.value
        if line.value > INFORMAL_LIMIT:
            yield _value_pointer(line.at), _money(INFORMAL_LIMIT, line.value)
    if total > INFORMAL_LIMIT:
        yield "/entry_type", _money(INFORMAL_LIMIT, total)


@rule("ENT-INF-9801", "error", "HTS 9801.00.10; ACE conditions 645 to 648")
def informal_returned_goods(case: Case) -> Iterator[Finding]:
    """American goods that come back may be entered informally up to {limit} US dollars, and this line is worth
    {value}. File a formal entry."""
    for line in case.lines if case.informal else ():
        if _is_returned(line) and line.value > RETURNED_GOODS_LIMIT:
            yield _value_pointer(line.at), _money(RETURNED_GOODS_LIMIT, line.value)


@rule("ENT-INF-SPLIT", "warning", "19 CFR 143.21, 143.22, 128.24")
def informal_split(case: Case) -> Iterator[Finding]:
    """With {others} you enter {total} US dollars of goods from the same seller on one day, above the {limit} of an
    informal entry. If it is one shipment, file one formal entry for it."""
    seller = case.party("seller")
    dates = case.document.dates
    arrival = reading.day(dates.estimated_arrival) if dates else None
    name = reading.plain_name(seller.name) if seller else ""
    if not (case.informal and name and arrival):
        return
    same = [
        one
        for one in case.facts.earlier
        if one.entry_type in reading.INFORMAL and one.arrival == arrival and reading.plain_name(one.seller) == name
    ]
    total = sum((one.value for one in same), case.total_value)
    if same and total > INFORMAL_LIMIT:
        named = sorted(one.functional_reference_id for one in same)
        others = ", ".join([*named[:MOST_NAMED], *([f"+{len(named) - MOST_NAMED}"] if len(named) > MOST_NAMED else [])])
        yield "/entry_type", {"others": others, "total": _dollars(total), "limit": _dollars(INFORMAL_LIMIT)}


@rule(
    "ENT-INF-FORMAL", "warning", "19 CFR 143.21, 143.22; ACE conditions 645 to 648"
)  # which measures: per notice, so a warning
def informal_measures(case: Case) -> Iterator[Finding]:
    """Goods under section 232 ({heading}) often need a formal entry whatever they are worth. Read the notice of
    this measure before you file informally, or file type 01."""
    for line in case.lines if case.informal else ():
        for number in line.chapter99:
            measure = case.measure(number.heading, line)
            if measure and measure.authority.startswith("s232") and measure.effect != "exempt":
                yield f"{number.at}/hts_number", {"heading": dotted(number.heading)}


@rule("ENT-LIVE", "error", "19 CFR 142.13, 142.14")
def live_entry(case: Case) -> Iterator[Finding]:
    """Quota goods, and importers whom customs has told to pay first, need a live entry: the summary and the
    deposit before release. Set live entry to true."""
    filing = case.document.filing
    needed = case.entry_type in reading.QUOTA or case.facts.live_entry_ordered is True
    if needed and case.files_release and not (filing and filing.live_entry):
        yield "/filing/live_entry"


@rule("ENT-DUP", "warning", "19 CFR 142.3a")
def duplicate(case: Case) -> Iterator[Finding]:
    """Bill {bill} is already on your declaration {other}, which you have filed. File once for each shipment, or
    have the other one cancelled where that is still possible."""
    transport = case.document.transport
    if not transport or not case.facts.earlier:
        return
    taken: dict[str, str] = {}
    for one in case.facts.earlier:
        for known in one.bills:
            taken.setdefault(reading.compact(known), one.functional_reference_id)
    for place, bill in enumerate(transport.bills):
        for level in ("sub_house", "house", "master"):
            found = getattr(bill, level)
            if found and found.number:
                for key in (reading.compact(found.number), reading.compact(f"{found.issuer or ''}{found.number}")):
                    if key in taken:
                        yield f"/transport/bills/{place}/{level}/number", {"bill": found.number, "other": taken[key]}
                        break
                break


@rule("ENT-NONRES", "error", "19 CFR 141.17, 141.18")
def non_resident(case: Case) -> Iterator[Finding]:
    """An importer from abroad needs an agent who lives in the state of the port and a surety of the United States,
    and no such agent is on record. Name one before you file."""
    if _is_foreign(case) and case.facts.resident_agent is False:
        yield "/parties/importer"


@rule("ENT-FOREIGN-INF", "warning", "EO 14411")
def foreign_informal(case: Case) -> Iterator[Finding]:
    """From 30 Nov 2026 an importer from abroad is to be barred from informal entry. Check whether the rule is in
    force on your entry date, and file a formal entry if it is."""
    if case.informal and _is_foreign(case) and _from_the_order_on(case):
        yield "/entry_type"


@rule("ENT-FOREIGN-CTPAT", "warning", "EO 14411")
def foreign_formal(case: Case) -> Iterator[Finding]:
    """From 30 Nov 2026 an importer from abroad is to need CTPAT, its own or its broker's, and may not use a
    continuous bond without leave. Check whether the rule is in force on your entry date."""
    if case.entry_type and not case.informal and _is_foreign(case) and _from_the_order_on(case):
        yield "/parties/importer"


def _is_returned(line: Line) -> bool:
    return any(number.heading == RETURNED_GOODS for number in line.chapter98)


def _value_pointer(at: str) -> str:
    return f"{at}/valuation/entered_value"


def _dollars(value: Decimal) -> str:
    return reading.dollars(value)


def _money(limit: Decimal, value: Decimal) -> dict[str, str]:
    return {"limit": _dollars(limit), "value": _dollars(value)}


def _is_foreign(case: Case) -> bool:
    return case.facts.importer_country not in (None, "US")


def _from_the_order_on(case: Case) -> bool:
    return (case.entry_date or case.on) >= FOREIGN_IMPORTERS_FROM


RULES = (
    entry_type, entry_type_unknown, entry_type_elsewhere, entry_type_ended, warehouse_entry, entry_number,
    entry_number_check_digit, filer_code, filer_code_inactive, informal_limit, informal_returned_goods,
    informal_split, informal_measures, live_entry, duplicate, non_resident, foreign_informal, foreign_formal,
)  # fmt: skip
