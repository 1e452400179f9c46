"""The cases worked out by hand from the law's text: who declares what on which day, and what it owes.

`numbers` are the chapter 99 numbers in wire order with their roles: `+` adds, `=` stands in lieu of the base rate,
`-` is a zero line that says why a duty is not owed.
"""

import csv
from pathlib import Path
from typing import NamedTuple

from declarations.tariff.view import MeasureIndex
from tests.declarations.tariff.makers import document, item

FILE = Path(__file__).resolve().parents[1] / "declarations" / "tariff" / "hand_cases.csv"
SIGNS = {"additional": "+", "replacement": "=", "exemption": "-"}


class Case(NamedTuple):
    """One row of the file."""

    reasoning: str
    day: str
    number: str
    origin: str
    value: str
    claim: str
    declared: str
    provision: str
    dutiable: str
    quantity: str
    unit: str
    numbers: str
    duty: str
    processing_fee: str  # due, none, or empty where the case is not about it


def hand_cases():
    with FILE.open(encoding="utf-8", newline="") as handle:
        return [Case(**row) for row in csv.DictReader(handle)]


def document_for(case):
    """The declaration of a case: one line, by truck, formal entry."""
    numbers = [*case.provision.split(), *case.declared.split(), case.number]
    goods = item(
        *numbers,
        value=case.value,
        origin=case.origin,
        claim=case.claim or None,
        quantities=[(case.quantity, case.unit)] if case.quantity else [],
        values=[*(["0"] * (len(numbers) - 1)), case.dutiable] if case.dutiable else None,
    )
    return document(goods, mode="30", entry=case.day)


def view_of_any_day(view, measures=None):
    """The view for earlier days too: what the cases need of its lines was the same then. Other measures may be given."""
    found = view.with_measures(MeasureIndex(view.all_measures if measures is None else measures))
    found.lines_from = None
    return found


def numbers_found(assessment):
    """The chapter 99 numbers of the only line, as `Case.numbers` writes them."""
    return " ".join(
        f"{one.hts_number[:4]}.{one.hts_number[4:6]}.{one.hts_number[6:]}{SIGNS[one.role]}"
        for one in assessment.item(1).tariffs
        if one.role in SIGNS
    )
