"""Blocks 1 to 30 and 39 to 47: what is said once for the whole entry summary. Pure."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from declarations.assessment import ANTIDUMPING, COUNTERVAILING, Assessment
from declarations.document import Bill, BillNumber, Document, Item, Party
from declarations.models import Receipt, Signature
from declarations.printing import words
from portal.money import cents, plain

SHOWN_BILLS = 3
MONTHLY = ("6", "7", "8")
INFERRED = "number inferred"
UNSEEN = "caption not confirmed"

# Our own short captions. The numbers are those of CBP Form 7501 (02/26).
CAPTIONS = {
    "1": "Entry number", "2": "Entry type", "3": "Summary date", "4": "Surety", "5": "Bond type", "6": "Port of entry",
    "7": "Entry date", "8": "Importing carrier", "9": "Mode of transport", "10": "Country of origin",
    "11": "Import date", "12": "Bill of lading or air waybill", "13": "Manufacturer ID", "14": "Exporting country",
    "15": "Export date", "16": "In-bond (IT) number", "17": "In-bond (IT) date", "18": "Missing documents",
    "19": "Foreign port of lading", "20": "US port of unlading",
    "21-24": "Origin of metals: steel, aluminum, copper", "25": "Location of goods",
    "26": "Consignee number", "27": "Importer number", "28": "Reference number (CBP 4811)",
    "29": "Ultimate consignee, and state of destination", "30": "Importer of record",
    "31": "Line", "32": "Description of goods", "33": "A HTSUS number; B AD/CVD case",
    "34": "A Gross kg; B Packages", "35": "Net quantity", "36": "A Value; B Charges, C Relation",
    "37": "A Rate, B AD/CVD; C Tax, D Visa", "38": "Duty and tax, USD",
    "39": "Total entered value", "40": "Declaration of the importer", "41": "Duty", "42": "Tax", "43": "Other fees",
    "44": "Total", "45": "Declarant: name, title, signature, date", "46": "Filer", "47": "Filer's own number",
}  # fmt: skip
UNCERTAIN = {
    "21-24": UNSEEN, "25": f"{UNSEEN}, {INFERRED}", "45": UNSEEN, "46": f"{UNSEEN}, {INFERRED}",
    "47": f"{UNSEEN}, {INFERRED}",
}  # fmt: skip


def block(key: str, *values: str | None) -> dict[str, Any]:
    """One block: its caption, its lines of text without the empty ones, and what is not certain about its place."""
    return {
        "caption": CAPTIONS[key],
        "value": [one for one in values if one],
        "uncertain": UNCERTAIN.get(key, ""),
    }


def entry_blocks(document: Document, *, entry_number: str, receipt: Receipt | None) -> dict[str, dict[str, Any]]:
    """Blocks 1 to 7."""
    dates, ports, payment = document.dates, document.ports, document.payment
    printed_on = payment.statement_print_date if payment else None
    filed = words.moment(receipt.at).partition(",")[0] if receipt else ""
    summary = (words.day(printed_on), "statement date") if printed_on else (filed, "date filed" if filed else "")
    elected = dates.entry_date_election if dates else None
    entry_date = elected or (dates.estimated_entry if dates else None)
    kind = "elected" if elected else "estimated"
    return {
        "1": block("1", displayed(entry_number)),
        "2": block("2", _entry_type(document), words.ENTRY_TYPES.get(document.entry_type or "")),
        "3": block("3", *summary),
        "4": block("4", *_sureties(document)),
        "5": block("5", *_bonds(document)),
        "6": block("6", ports.entry if ports else ""),
        "7": block("7", words.day(entry_date), kind if entry_date else ""),
    }


def displayed(entry_number: str) -> str:
    """Eleven characters as `FFF-NNNNNNN-C`; anything else as it is."""
    if len(entry_number) != 11 or "-" in entry_number:
        return entry_number
    return f"{entry_number[:3]}-{entry_number[3:10]}-{entry_number[10]}"


def _entry_type(document: Document) -> str:
    """The code with the suffixes that follow from the data: P for a monthly statement, L for a live entry."""
    payment, filing = document.payment, document.filing
    monthly = payment is not None and payment.type in MONTHLY
    live = filing is not None and filing.live_entry
    return " ".join(one for one in (document.entry_type, "ABI/P" if monthly else "", "L" if live else "") if one)


def _sureties(document: Document) -> list[str]:
    if document.bonds:
        return list(dict.fromkeys(one.surety for one in document.bonds if one.surety))
    waiver = document.bond_waiver
    return [f"waiver {waiver.reason}"] if waiver and waiver.reason else []


def _bonds(document: Document) -> list[str]:
    if not document.bonds:
        return [words.named(document.bond_waiver.indicator, words.BONDS)] if document.bond_waiver else []
    found = []
    for one in document.bonds:
        amount = f"{words.number(one.amount)} USD" if one.amount else ""
        role = words.DESIGNATIONS.get(one.designation or "", "")
        found.append(", ".join(part for part in (words.named(one.type, words.BONDS), role, amount) if part))
    return found


def movement_blocks(document: Document) -> dict[str, dict[str, Any]]:
    """Blocks 8 to 25."""
    transport, bond, place = document.transport, document.in_bond, document.location_of_goods
    dates, ports, items = document.dates, document.ports, document.items
    carrier = transport.carrier.code if transport and transport.carrier else ""
    mode = (transport.mode or "") if transport else ""
    return {
        "8": block("8", _joined(carrier, transport.conveyance if transport else ""), _voyage(document)),
        "9": block("9", mode, words.MODES.get(mode)),
        "10": block("10", _common(items, lambda one: one.origin_country)),
        "11": block("11", words.day(dates.import_date) if dates else ""),
        "12": block("12", *_first_bills(document)),
        "13": block("13", _common(items, lambda one: mid_of(document, one.manufacturer))),
        "14": block("14", _common(items, lambda one: one.export_country)),
        "15": block("15", _common(items, lambda one: words.day(one.export_date))),
        "16": block("16", bond.number if bond else ""),
        "17": block("17", words.day(bond.accepted_date) if bond else ""),
        "18": block("18", ", ".join(document.missing_documents)),
        "19": block("19", _common(items, lambda one: one.foreign_port_of_lading)),
        "20": block("20", ports.unlading if ports else ""),
        "21-24": block("21-24", *_metals(document)),
        "25": block("25", place.firms if place else "", _order_number(document)),
    }  # fmt: skip


def _common(items: tuple[Item, ...], read: Callable[[Item], str | None]) -> str:
    return words.same_or_several([read(one) or "" for one in items])


def _voyage(document: Document) -> str:
    transport = document.transport
    if transport is None:
        return ""
    trip = f"trip {transport.trip}" if transport.trip else ""
    vessel = f"vessel code {transport.vessel_code}" if transport.vessel_code else ""
    return ", ".join(one for one in (trip, vessel) if one)


def _order_number(document: Document) -> str:
    place = document.location_of_goods
    return f"general order {place.general_order_number}" if place and place.general_order_number else ""


def bills_of(document: Document) -> list[dict[str, str]]:
    """Every bill with its packages."""
    return [
        {"bill": _bill(one), "packages": packages_of(one)}
        for one in (document.transport.bills if document.transport else ())
    ]  # fmt: skip


def _first_bills(document: Document) -> list[str]:
    bills = [one["bill"] for one in bills_of(document)]
    if len(bills) <= SHOWN_BILLS:
        return bills
    return [*bills[:SHOWN_BILLS], f"and {len(bills) - SHOWN_BILLS} more, listed after the lines"]


def _bill(one: Bill) -> str:
    chain = (("", one.master), ("house ", one.house), ("sub-house ", one.sub_house))
    return ", ".join(f"{name}{_bill_number(part)}" for name, part in chain if part and _bill_number(part))


def _bill_number(part: BillNumber) -> str:
    return _joined(part.issuer, part.number)


def packages_of(one: Bill) -> str:
    """The quantity of the lowest bill with its unit."""
    found = one.manifest_quantity
    return _joined(words.number(found.value), found.unit) if found else ""


def _metals(document: Document) -> list[str]:
    """Countries of the metal declarations of all lines, by metal: record 54, types 07, 08 and 12."""
    countries: dict[str, list[str]] = {}
    for item in document.items:
        for one in item.importer_declarations:
            if one.type in words.METALS:
                countries.setdefault(one.type, []).append(one.country or "see line")
    return [f"{words.METALS[kind]}: {words.same_or_several(found)}" for kind, found in sorted(countries.items())]


def mid_of(document: Document, party: Party | None) -> str:
    """The manufacturer number of a party of a line, `same_as` followed."""
    found = resolved(document, party)
    return found.mid or "" if found else ""


def resolved(document: Document, party: Party | None) -> Party | None:
    """The party that a line names itself, or by the role of the header that it is the same as."""
    if party is None or party.same_as is None:
        return party
    return document.parties.resolve(party) if document.parties else None


def party_blocks(document: Document) -> dict[str, dict[str, Any]]:
    """Blocks 26 to 30."""
    consignee, importer, notify = (
        document.party(role) for role in ("ultimate_consignee", "importer", "notify_4811")
    )  # fmt: skip
    state = f"State of destination: {document.state_of_destination}" if document.state_of_destination else ""
    return {
        "26": block("26", consignee.id if consignee else ""),
        "27": block("27", importer.id if importer else ""),
        "28": block("28", notify.id if notify else ""),
        "29": block("29", *_name_and_address(consignee), state),
        "30": block("30", *_name_and_address(importer)),
    }


def _name_and_address(party: Party | None) -> list[str]:
    if party is None:
        return []
    where = party.address
    if where is None:
        return [party.name or ""]
    town = ", ".join(one for one in (where.city, _joined(where.subdivision, where.postcode), where.country) if one)
    return [party.name or "", where.street or "", town]


def total_blocks(document: Document, assessment: Assessment) -> dict[str, dict[str, Any]]:
    """Block 39 and blocks 41 to 44: `43` is the sum of the other fee summary, deposits included."""
    totals = assessment.totals
    other = sum((Decimal(one["amount"]) for one in other_fees(assessment)), Decimal(0))
    unknown = "not complete" if assessment.unassessed else ""
    value = words.number(plain(assessment.entered_value)) if assessment.items or not document.items else ""
    return {
        "39": block("39", value, unknown if len(assessment.items) < len(document.items) else ""),
        "41": block("41", words.money(totals.duty), unknown),
        "42": block("42", words.money(totals.tax), unknown),
        "43": block("43", words.money(cents(other)), unknown),
        "44": block("44", words.money(totals.total), unknown),
    }


def other_fees(assessment: Assessment) -> list[dict[str, str]]:
    """The other fee summary by class code: fees owed, and the cash deposits 012 and 013."""
    kinds = {line.kind for item in assessment.items for line in item.lines}
    rows = {one.code: one.amount for one in assessment.fees}
    if ANTIDUMPING in kinds:
        rows["012"] = assessment.totals.antidumping
    if COUNTERVAILING in kinds:
        rows["013"] = assessment.totals.countervailing
    return [
        {"class": code, "name": words.CHARGES.get(code, ""), "amount": amount, "shown": words.money(amount)}
        for code, amount in sorted(rows.items())
    ]


def closing_blocks(
    document: Document, *, entry_number: str, signature: Signature | None, receipt: Receipt | None
) -> dict[str, dict[str, Any]]:
    """Block 40 and blocks 45 to 47."""
    chosen, contact = document.declarant_statement, document.contact
    signed = f"Signed electronically {words.moment(signature.signed_at)}" if signature else ""
    filer = entry_number[:3] if entry_number else ""
    return {
        "40": block(
            "40",
            words.CAPACITIES.get(chosen.capacity or "", chosen.capacity) if chosen else "",
            words.OBTAINED.get(chosen.obtained_by or "", chosen.obtained_by) if chosen else "",
        ),
        "45": block("45", signature.name if signature else "", signature.title if signature else "", signed),
        "46": block(
            "46",
            f"Filer code {filer}" if filer else "",
            f"Sent by {receipt.transmitter}" if receipt else "",
            *((contact.name, contact.phone, contact.email) if contact else ()),
        ),
        "47": block("47", document.functional_reference_id),
    }


def _joined(*parts: str | None) -> str:
    return " ".join(one for one in parts if one)
