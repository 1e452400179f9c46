"""Bills of lading and air waybills as keys, to notice a shipment that was filed before. Pure."""

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from declarations.document import Document
from declarations.rules import reading

MOST_VALUE = Decimal(10) ** 13 - 1  # what the column holds


def lowest_bills(document: Document) -> Iterator[tuple[str, str]]:
    """Issuer and number of the lowest bill of each chain, compact; the issuer may be blank."""
    for chain in document.transport.bills if document.transport else ():
        for bill in (chain.sub_house, chain.house, chain.master):
            if bill is not None and bill.number:
                yield reading.compact(bill.issuer), reading.compact(bill.number)
                break


def filed_keys(document: Document) -> set[str]:
    """The keys under which these bills are kept once they are filed."""
    return {bill_key(issuer + number) for issuer, number in lowest_bills(document)}


def asked_keys(document: Document) -> dict[str, str]:
    """What these bills may have been filed as before, with issuer or without: keys and the numbers they stand for."""
    return {bill_key(text): text for issuer, number in lowest_bills(document) for text in (number, issuer + number)}


def bill_key(text: str) -> str:
    """SHA-256 of a compact number, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def arrival(document: Document) -> date | None:
    """The day on which the goods are to arrive."""
    return reading.day(document.dates.estimated_arrival) if document.dates else None


def entered_value(document: Document) -> Decimal:
    """Values of all lines of a completed document, US dollars."""
    amounts = (reading.amount(one.valuation.entered_value) for one in document.items if one.valuation)
    return min(sum((one for one in amounts if one is not None), Decimal(0)), MOST_VALUE)
