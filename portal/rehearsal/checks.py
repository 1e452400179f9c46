"""What the authority finds wrong in a well-formed declaration, each finding with a code and a WCO pointer."""

import re
from dataclasses import dataclass

from portal.rehearsal.duty import tariffs_of
from portal.rehearsal.reading import Item, Message

ITEM = "42A/67A/68A[{}]"
LETTERS = {letter: place % 9 + 1 for place, letter in enumerate("ABCDEFGHIJKLMNOPQR")} | {
    letter: place for place, letter in enumerate("STUVWXYZ", start=2)
}
_NUMBER = re.compile(r"(?!77)(0[1-9]|[1-8]\d|9[0-7])\d{8}|9[89]\d{6}(\d\d)?")


@dataclass(frozen=True)
class Finding:
    """One error: code, text, and the place as a chain of WCO classes, for example 42A/67A/68A[2]/92A/063."""

    code: str
    text: str
    pointer: str = ""


def check(declaration: Message) -> list[Finding]:
    """All that is wrong with the content; an empty list means that the declaration can be accepted."""
    found = []
    if not check_digit_fits(declaration.number):
        found.append(Finding("US10001", "The check digit of the entry number does not fit.", "42A/D014"))
    if declaration.items_said != len(declaration.items):
        found.append(Finding("US10001", "The number of lines differs from the lines present.", "42A/228"))
    seen: set[int] = set()
    for position, item in enumerate(declaration.items, start=1):
        if item.sequence in seen:
            place = f"{ITEM.format(position)}/006"
            found.append(Finding("US10001", f"Line number {item.sequence} is used twice.", place))
        seen.add(item.sequence)
        found += _check_item(position, item)
    return found


def check_digit_fits(number: str) -> bool:
    """True where the last digit of an entry number of 11 characters fits the ten before it.

    Letters become digits, every second one from the left is doubled, a product over nine loses nine.
    """
    digits = [LETTERS.get(sign) or int(sign) for sign in number[:10]]
    doubled = [digit if place % 2 == 0 else 2 * digit for place, digit in enumerate(digits)]
    total = sum(digit - 9 if digit > 9 else digit for digit in doubled)
    return str(-total % 10) == number[10:]


def _check_item(position: int, item: Item) -> list[Finding]:
    place, found = ITEM.format(position), []
    if not re.fullmatch("[A-Z]{2}", item.origin):
        found.append(Finding("US20002", "The country of origin is missing or unknown.", f"{place}/92A/063"))
    if not item.value:
        found.append(Finding("US20003", "The value is missing or zero.", f"{place}/108"))
    numbers = [row.number for row in tariffs_of(item)]
    for index, number in enumerate(numbers, start=1):
        if not _NUMBER.fullmatch(number):
            text = "The tariff number is malformed: chapters 1 to 97 have ten digits, 98 and 99 eight or ten."
            found.append(Finding("US20001", text, f"{place}/23A/21A[{index}]/145"))
    if not numbers:
        found.append(Finding("US20001", "The tariff number is missing.", f"{place}/23A/21A[1]/145"))
    return found
