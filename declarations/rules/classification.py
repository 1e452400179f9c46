"""Tariff numbers of chapters 1 to 97 and how they stand on a line; quantities in the units the tariff asks for."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import chain

from declarations.document import MAX_TARIFFS
from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule
from declarations.rules.lines import Line, Number
from declarations.tariff.expressions import units_asked
from portal.tariff_numbers import dotted

ROLES = ("provision", "additional", "replacement", "exemption", "classification")
MEASURE_ROLES = frozenset({"additional", "replacement", "exemption"})
NO_UNIT = "X"
QUANTITY_PLACES = 2
MAX_QUANTITIES = 3
COMPONENT = "component"
_ACE_UNIT = re.compile(r"[A-Z0-9]{1,3}\Z")  # a print of the schedule that we could not translate is not judged


@rule("CLS-NONE", "error", "CATAIR AE record 50; ACE conditions 431, 432")
def no_number(case: Case) -> Iterator[Finding]:
    """This line has no tariff number of chapters 1 to 97. Search the tariff by what the goods are and choose the
    ten-digit number."""
    for line in case.lines:
        if not line.goods:
            yield f"{line.at}/tariffs"


@rule("CLS-EMPTY", "error", "CATAIR AE record 50; ACE condition 432")
def empty_number(case: Case) -> Iterator[Finding]:
    """A tariff number is missing here. Give it, or remove the row."""
    for line in case.lines:
        if len(line.numbers) < len(line.item.tariffs):
            for place, one in enumerate(line.item.tariffs):
                if not one.hts_number:
                    yield f"{line.at}/tariffs/{place}/hts_number"


@rule("CLS-LENGTH", "error", "CATAIR AE record 50, positions 3-12; ACE condition 433")
def number_length(case: Case) -> Iterator[Finding]:
    """{number} stops at a heading: goods are declared with ten digits, eight of the tariff and two of statistics.
    Choose one of the numbers under it."""
    for number in _numbers(case):
        if len(number.tariff.hts_number or "") not in (8, 10):
            yield f"{number.at}/hts_number", {"number": dotted(number.tariff.hts_number)}


@rule("CLS-UNKNOWN", "error", "HTS edition in force; ACE condition 433")
def unknown_number(case: Case) -> Iterator[Finding]:
    """The tariff in force on {on} has no number {number}. Look for a mistyped digit, or search by what the goods
    are."""
    for line in case.lines:
        for number in line.goods:
            if number.hts is None and len(number.number) == 10 and not case.tariff.successors(number.number):
                params = {"number": dotted(number.number), "on": reading.shown(line.rate_date)}
                yield f"{number.at}/hts_number", params


@rule("CLS-RETIRED", "error", "HTS revisions; ACE condition 434")
def retired_number(case: Case) -> Iterator[Finding]:
    """The number {number} is no longer in the tariff; its goods are now under {successors}. Choose the one that
    fits your goods."""
    for number in _numbers(case):
        if number.hts is None:
            found = case.tariff.successors(number.number)
            if found:
                params = {"number": dotted(number.number), "successors": ", ".join(map(dotted, found))}
                yield f"{number.at}/hts_number", params


@rule("CLS-NOT-DECLARABLE", "error", "CATAIR AE record 50, positions 3-12; ACE condition 433")
def not_declarable(case: Case) -> Iterator[Finding]:
    """{number} has further numbers below it, so it cannot be declared itself. Choose the number below it that
    names your goods."""
    for number in _numbers(case):
        if number.hts is not None and not number.hts.declarable:
            yield f"{number.at}/hts_number", {"number": dotted(number.number)}


@rule("CLS-TWICE", "error", "ACE condition 436")
def number_twice(case: Case) -> Iterator[Finding]:
    """The number {number} stands twice on this line. Remove one of them, or make two lines."""
    for line in case.lines:
        if len({one.number for one in line.numbers}) < len(line.numbers):
            seen: set[str] = set()
            for one in line.numbers:
                if one.number in seen:
                    yield f"{one.at}/hts_number", {"number": dotted(one.number)}
                seen.add(one.number)


@rule("CLS-MANY", "error", "CATAIR cargo release, record SE60")
def too_many_numbers(case: Case) -> Iterator[Finding]:
    """This line has {count} tariff numbers, and at most {most} can be sent. Remove those that do not apply."""
    for line in case.lines:
        if len(line.item.tariffs) > MAX_TARIFFS:
            params = {"count": str(len(line.item.tariffs)), "most": str(MAX_TARIFFS)}
            yield f"{line.at}/tariffs/{MAX_TARIFFS}", params


@rule("CLS-ROLE", "error", "Format of this portal")
def role(case: Case) -> Iterator[Finding]:
    """{role} is not a role of a tariff number. Use classification, additional, replacement, exemption or
    provision, or leave it out."""
    for number in _numbers(case):
        if number.tariff.role not in (None, *ROLES):
            yield f"{number.at}/role", {"role": number.tariff.role or ""}


@rule("CLS-ROLE-CHAPTER", "warning", "CSMS 69668138; ACE condition 852")
def role_against_chapter(case: Case) -> Iterator[Finding]:
    """{number} cannot have the role {role}: numbers of chapter 98 are provisions, those of chapter 99 add, replace
    or exempt, and all others classify. Correct the role."""
    for number in _numbers(case):
        found = number.tariff.role
        if found is None or found not in ROLES:
            continue
        if number.chapter == "99":
            fits = found in MEASURE_ROLES
        else:
            fits = found == ("provision" if number.chapter == "98" else "classification")
        if not fits:
            yield f"{number.at}/role", {"number": dotted(number.number), "role": found}


@rule("QTY-MISSING", "error", "CATAIR AE record 50, positions 36-80; ACE conditions 439, 443, 444")
def quantity_missing(case: Case) -> Iterator[Finding]:
    """The tariff wants the quantity of {number} in {unit}, and it is missing. Give it."""
    for number in _measured(case):
        given = number.tariff.quantities
        for place, unit in enumerate(_units(number)):
            if place >= len(given):
                yield f"{number.at}/quantities/{place}", {"number": dotted(number.number), "unit": unit}
            elif not given[place].value:
                yield f"{number.at}/quantities/{place}/value", {"number": dotted(number.number), "unit": unit}


@rule("QTY-UNIT", "error", "CATAIR AE record 50, positions 48-80; ACE conditions 441, 442")
def quantity_unit(case: Case) -> Iterator[Finding]:
    """The tariff counts {number} in {unit} here, and you give {given}. Convert the quantity, and keep the order of
    the units."""
    for number in _measured(case):
        for place, (unit, quantity) in enumerate(zip(_units(number), number.tariff.quantities, strict=False)):
            if quantity.unit != unit and (quantity.unit or quantity.value) and _ACE_UNIT.match(unit):
                params = {"number": dotted(number.number), "unit": unit, "given": quantity.unit or "–"}
                yield f"{number.at}/quantities/{place}/unit", params


@rule("QTY-EXTRA", "error", "CATAIR AE record 50, positions 36-80; ACE conditions 441, 442")
def quantity_not_wanted(case: Case) -> Iterator[Finding]:
    """The tariff asks for {count} quantities of {number}, and this is one more. Remove it; other measurements
    belong under measures."""
    for number in _measured(case):
        count = len(_units(number)) or len(_needed(number))
        for place in range(count, len(number.tariff.quantities)):
            params = {"number": dotted(number.number), "count": str(count)}
            yield f"{number.at}/quantities/{place}", params


@rule("QTY-COUNT", "error", "CATAIR AE record 50, positions 36-80")
def too_many_quantities(case: Case) -> Iterator[Finding]:
    """A tariff number carries at most three quantities. Remove this one; other measurements belong under measures."""
    for number in _numbers(case):
        if len(number.tariff.quantities) > MAX_QUANTITIES:
            yield f"{number.at}/quantities/{MAX_QUANTITIES}"


@rule("QTY-PLACES", "error", "CATAIR AE record 50, positions 36-47; ACE condition 440")
def quantity_places(case: Case) -> Iterator[Finding]:
    """A quantity has at most two decimals, and this is {quantity}. Round it."""
    for number in _numbers(case):
        for place, quantity in enumerate(number.tariff.quantities):
            written = quantity.value or ""
            if len(written.partition(".")[2].rstrip("0")) > QUANTITY_PLACES:
                yield f"{number.at}/quantities/{place}/value", {"quantity": written}


@rule("QTY-ZERO", "warning", "CBP Form 7501, block 35")
def quantity_zero(case: Case) -> Iterator[Finding]:
    """The quantity of {number} is zero, and the goods have a value. Give how much there is."""
    for line in case.lines:
        if line.main is not None and line.value > 0:
            for place, quantity in enumerate(line.main.tariff.quantities):
                if quantity.value and reading.amount(quantity.value) == 0:
                    yield f"{line.main.at}/quantities/{place}/value", {"number": dotted(line.main.number)}


@rule("QTY-UNIT-UNKNOWN", "error", "CATAIR AE record 50, positions 48-50; ACE condition 441")
def unit_unknown(case: Case) -> Iterator[Finding]:
    """{unit} is not a unit customs knows. Use its code, such as NO for number, KG, L, PRS for pairs or DOZ."""
    known = case.facts.codes.units
    for number in _numbers(case) if known else ():
        for place, quantity in enumerate(number.tariff.quantities):
            if quantity.unit and quantity.unit not in known:
                yield f"{number.at}/quantities/{place}/unit", {"unit": quantity.unit}


@rule("CLS-VALUE-SPLIT", "error", "CATAIR AE record 50, positions 25-34; ACE condition 437")
def value_of_numbers(case: Case) -> Iterator[Finding]:
    """The values of the tariff numbers come to {sum} dollars, and the entered value of the line is {entered}. Let
    them agree: the value stands on the numbers of chapters 1 to 97."""
    for line in case.lines:
        given = [found for one in line.numbers if (found := reading.amount(one.tariff.value)) is not None]
        on_goods = any(one.tariff.value is not None for one in line.goods)
        if on_goods and line.entered is not None and sum(given, Decimal(0)) != line.entered:
            params = {"sum": reading.dollars(sum(given, Decimal(0))), "entered": reading.dollars(line.entered)}
            yield f"{line.goods[0].at}/value", params


def _numbers(case: Case) -> Iterator[Number]:
    return chain.from_iterable(line.numbers for line in case.lines)


def _measured(case: Case) -> Iterator[Number]:
    """Numbers whose units the tariff names; those of chapters 98 and 99 have none of their own here."""
    for line in case.lines:
        if _is_component(line):
            continue
        for number in line.goods:
            if number.hts is not None and number.hts.declarable:
                yield number


def _is_component(line: Line) -> bool:
    return bool(line.item.article_set and line.item.article_set.role == COMPONENT)


def _units(number: Number) -> tuple[str, ...]:
    return _wanted(number.hts.units) if number.hts else ()


def _needed(number: Number) -> tuple[str, ...]:
    """Units that the rates of a number without a unit are charged on, such as 44 cents each on a watch."""
    return units_asked(number.hts) if number.hts and not number.hts.units else ()


@lru_cache(maxsize=1024)
def _wanted(units: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(unit for unit in units[:MAX_QUANTITIES] if unit and unit != NO_UNIT)


RULES = (
    no_number, empty_number, number_length, unknown_number, retired_number, not_declarable, number_twice,
    too_many_numbers, role, role_against_chapter, quantity_missing, quantity_unit, quantity_not_wanted,
    too_many_quantities, quantity_places, quantity_zero, unit_unknown, value_of_numbers,
)  # fmt: skip
