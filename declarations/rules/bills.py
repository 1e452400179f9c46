"""Bills of lading and air waybills: the chain, its numbers, quantities and what carriers manifested."""

import re
from collections.abc import Iterator

from declarations.document import Bill
from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule
from declarations.rules.entry_number import mod7_check

SPLIT_CODES = ("1", "2")
CONTAINER_UNITS = frozenset({"CNT", "CNTR", "CONT", "CONTAINER", "CONTAINERS"})
LEVELS = ("master", "house", "sub_house")

_BILL = re.compile(r"[A-Z0-9]{1,50}\Z")
_WAYBILL = re.compile(r"[0-9]{11}\Z")


@rule("BILL-NONE", "error", "CATAIR AE records 22 and 23; ACE condition 183")
def bill_missing(case: Case) -> Iterator[Finding]:
    """No bill of lading or air waybill is given, and customs matches the release to the carrier's manifest by it.
    Give the bill as the arrival notice prints it."""
    transport = case.document.transport
    if case.mode in reading.CARRIED and not (transport and transport.bills):
        yield "/transport/bills"


@rule("BILL-CHAIN", "error", "CATAIR AE record 23; ACE conditions 185 to 187")
def bill_chain(case: Case) -> Iterator[Finding]:
    """The bill above this one is missing: a house bill stands under a master bill, a sub-house bill under a house
    bill. Give the missing number."""
    for at, bill in _bills(case):
        for upper, lower in (("master", "house"), ("house", "sub_house")):
            if _number(bill, lower) and not _number(bill, upper):
                yield f"{at}/{upper}/number"
        if not any(_number(bill, level) for level in LEVELS):
            yield f"{at}/master/number"


@rule("BILL-ISSUER", "error", "CATAIR AE record 23, positions 4-7")
def master_issuer(case: Case) -> Iterator[Finding]:
    """The master bill of a vessel needs the carrier code (SCAC) of the company that issued it. Give the code
    printed before the number."""
    for at, bill in _bills(case) if case.mode in reading.VESSEL else ():
        if bill.master and bill.master.number and not bill.master.issuer:
            yield f"{at}/master/issuer"


@rule("BILL-ISSUER-AIR", "error", "CATAIR AE record 23, positions 4-7")
def air_issuer(case: Case) -> Iterator[Finding]:
    """A master air waybill carries its airline in the first three digits, so no issuer stands beside it. Take the
    issuer out."""
    for at, bill in _bills(case) if case.mode in reading.AIR else ():
        if bill.master and bill.master.issuer:
            yield f"{at}/master/issuer"


@rule("BILL-HOUSE-ISSUER", "error", "CATAIR cargo release, record SE15")
def house_issuer(case: Case) -> Iterator[Finding]:
    """The house bill of a vessel needs the code of the forwarder that issued it; without it the release will not
    match. Give the code printed before the number."""
    for at, bill in _bills(case) if case.mode in reading.VESSEL else ():
        for level in ("house", "sub_house"):
            found = getattr(bill, level)
            if found and found.number and not found.issuer:
                yield f"{at}/{level}/issuer"


@rule("BILL-HOUSE", "warning", "CATAIR cargo release, record SE15")  # a full container has a stuffer, but no house bill
def house_bill(case: Case) -> Iterator[Finding]:
    """A consolidator is named, and only a master bill is given. If a forwarder consolidated the cargo, give its
    house bill and issuer, or the release will not match."""
    if case.mode in reading.VESSEL | reading.AIR and case.party("consolidator"):
        for at, bill in _bills(case):
            if _number(bill, "master") and not _number(bill, "house"):
                yield f"{at}/house/number"


@rule("BILL-FORM", "error", "CATAIR AE record 23, positions 8-19")
def bill_form(case: Case) -> Iterator[Finding]:
    """{number} cannot be sent as a bill number: only capital letters and digits can. Write it without blanks and
    hyphens, and without the issuer's code in front."""
    for at, bill in _bills(case):
        for level in LEVELS:
            number = _number(bill, level)
            if number and not _BILL.match(number):
                yield f"{at}/{level}/number", {"number": number}


@rule("BILL-AWB", "warning", "Air waybill number: serial number modulo 7")
def waybill(case: Case) -> Iterator[Finding]:
    """{number} is not a master air waybill number: that has three digits for the airline, seven of a serial
    number, and the remainder of the serial number divided by 7. Compare it with the waybill."""
    for at, bill in _bills(case) if case.mode in reading.AIR else ():
        number = reading.compact(_number(bill, "master"))
        if number and (not _WAYBILL.match(number) or int(number[10]) != mod7_check(number[3:10])):
            yield f"{at}/master/number", {"number": number}


@rule("BILL-DUP", "error", "ACE condition 187")
def bill_twice(case: Case) -> Iterator[Finding]:
    """Bill {number} is listed twice. Remove one of them and give the quantity once."""
    seen: set[tuple[str, ...]] = set()
    for at, bill in _bills(case):
        chain = tuple(reading.compact(_issuer(bill, level) + _number(bill, level)) for level in LEVELS)
        if any(chain) and chain in seen:
            lowest = _lowest(bill)
            yield f"{at}/{lowest}/number", {"number": _number(bill, lowest)}
        seen.add(chain)


@rule("BILL-SPLIT", "error", "19 CFR 141.57; CATAIR cargo release, record SE10, position 55")
def split(case: Case) -> Iterator[Finding]:
    """{split} is not a choice for a split shipment. Use 1 to hold all parts until the last has come, or 2 to have
    each part released as it comes."""
    for at, bill in _bills(case):
        if bill.split not in (None, *SPLIT_CODES):
            yield f"{at}/split", {"split": bill.split or ""}


@rule("BILL-QTY-NONE", "error", "CBP Form 7501, block 34; CATAIR AE record 22")
def quantity_missing(case: Case) -> Iterator[Finding]:
    """The number of packages of this bill is missing. Give the count of the smallest outer packages as the carrier
    manifested them."""
    for at, bill in _bills(case):
        quantity = bill.manifest_quantity
        if quantity is None or quantity.value is None:
            yield f"{at}/manifest_quantity/value"


@rule("BILL-QTY-WHOLE", "error", "CATAIR AE record 22, positions 3-10")
def quantity_whole(case: Case) -> Iterator[Finding]:
    """{quantity} packages cannot be sent: the count is a whole number above zero, of at most eight digits. Correct
    it."""
    for at, bill in _bills(case):
        written = bill.manifest_quantity.value if bill.manifest_quantity else None
        found = reading.amount(written)
        if written and (found is None or not reading.is_whole(found) or not 0 < found < 10**8):
            yield f"{at}/manifest_quantity/value", {"quantity": written}


@rule("BILL-QTY", "warning", "CATAIR manifest query (CQ)")
def quantity_manifested(case: Case) -> Iterator[Finding]:
    """The carrier manifested {manifested} packages on bill {bill}, and you declare {declared}. Correct the count,
    or have the carrier correct the manifest: a difference holds the release."""
    manifested = case.facts.manifested
    for at, bill in _bills(case) if manifested else ():
        number = reading.compact(_number(bill, _lowest(bill)))
        known = manifested.get(number) if manifested else None
        declared = reading.amount(bill.manifest_quantity.value) if bill.manifest_quantity else None
        if known is not None and declared is not None and known != declared:
            params = {"manifested": f"{known:f}", "declared": f"{declared:f}", "bill": number}
            yield f"{at}/manifest_quantity/value", params


@rule("BILL-UNIT", "error", "CBP Form 7501 instructions, block 30B")
def quantity_unit(case: Case) -> Iterator[Finding]:
    """Packages are counted in the smallest outer unit, such as CTN for cartons, and never in containers; {unit}
    cannot be used. Give the unit of the smallest outer packages."""
    known = case.facts.codes.package_units
    for at, bill in _bills(case):
        unit = bill.manifest_quantity.unit if bill.manifest_quantity else None
        if unit and (unit in CONTAINER_UNITS or (known and unit not in known)):
            yield f"{at}/manifest_quantity/unit", {"unit": unit}


@rule("BILL-UNIT-NONE", "error", "CATAIR AE record 22, positions 11-15")
def quantity_unit_missing(case: Case) -> Iterator[Finding]:
    """The number of packages has no unit. Give the kind of the smallest outer packages, such as CTN for cartons."""
    for at, bill in _bills(case):
        if bill.manifest_quantity and not bill.manifest_quantity.unit:
            yield f"{at}/manifest_quantity/unit"


def _bills(case: Case) -> Iterator[tuple[str, Bill]]:
    transport = case.document.transport
    for place, bill in enumerate(transport.bills if transport else ()):
        yield f"/transport/bills/{place}", bill


def _number(bill: Bill, level: str) -> str:
    found = getattr(bill, level)
    return (found.number if found else None) or ""


def _issuer(bill: Bill, level: str) -> str:
    found = getattr(bill, level)
    return (found.issuer if found else None) or ""


def _lowest(bill: Bill) -> str:
    """The lowest level that has a number: the quantity belongs to it."""
    return next((level for level in reversed(LEVELS) if _number(bill, level)), "master")


RULES = (
    bill_missing, bill_chain, master_issuer, air_issuer, house_issuer, house_bill, bill_form, waybill, bill_twice,
    split, quantity_missing, quantity_whole, quantity_manifested, quantity_unit, quantity_unit_missing,
)  # fmt: skip
