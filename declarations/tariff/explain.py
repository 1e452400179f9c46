"""A line of an assessment as a person would explain it: the rule, its inputs, the rounding, the words of the law."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from declarations.assessment import (
    ADDITIONAL,
    ANTIDUMPING,
    COUNTERVAILING,
    DUTY,
    EXEMPTION,
    FEE,
    REPLACEMENT,
    TAX,
    AssessmentLine,
    Editions,
    ItemAssessment,
)
from declarations.document import Item
from declarations.tariff.calculate.reading import measures_of, quantities_of
from declarations.tariff.expressions import Applicable, Computed, apply, parse
from declarations.tariff.guide import tidy
from declarations.tariff.view import FeeYear, TariffLine, normal_number
from portal.money import CENT, decimal, is_decimal, plain, to_cent_half_up
from portal.shown import dollars, hts, money, number

HUNDRED = Decimal(100)
NAMES = {
    DUTY: lazy("Ordinary duty"),
    ADDITIONAL: lazy("Additional duty"),
    REPLACEMENT: lazy("Duty in place of the ordinary rate"),
    EXEMPTION: lazy("Exemption"),
    ANTIDUMPING: lazy("Antidumping duty"),
    COUNTERVAILING: lazy("Countervailing duty"),
    TAX: lazy("Tax"),
    FEE: lazy("Fee"),
}
PROCESSING, HARBOR = "499", "501"


class Explained(NamedTuple):
    """One line in words. `text` is what the schedule itself says, where the edition held prints it."""

    code: str
    kind: str
    name: str
    rule: str
    rate: str
    basis: str
    working: str
    rounding: str
    amount: str
    law: str
    text: str
    source: str


def explain_item(
    found: ItemAssessment,
    *,
    editions: Editions,
    lines: Mapping[str, TariffLine],
    item: Item | None = None,
    fees: FeeYear | None = None,
) -> list[Explained]:
    """Every line of an item in words, in the order of the assessment.

    `lines` are the numbers as the schedule prints them; `item` gives the quantities of a rate that is not a
    percentage; `fees` gives the bounds of the processing fee.
    """
    reasons = {normal_number(one.hts_number): one.reason or "" for one in found.tariffs}
    return [_explained(one, reasons, editions, lines, item, fees) for one in found.lines]


def _explained(
    one: AssessmentLine,
    reasons: Mapping[str, str],
    editions: Editions,
    lines: Mapping[str, TariffLine],
    item: Item | None,
    fees: FeeYear | None,
) -> Explained:
    exact, is_extra = _exact(one, item), one.kind in (ADDITIONAL, REPLACEMENT, EXEMPTION)
    source = editions.measures if is_extra else editions.tariff if one.kind == DUTY else None
    return Explained(
        code=hts(one.code),
        kind=one.kind,
        name=_name(one),
        rule=_rule(one, reasons.get(normal_number(one.code), ""), fees),
        rate=one.rate,
        basis=dollars(one.basis),
        working=_working(one, exact),
        rounding=_rounding(one, exact),
        amount=money(one.amount),
        law=one.legal_basis,
        text=_legal_text(lines.get(normal_number(one.code))) if one.kind == DUTY or is_extra else "",
        source=source or "",
    )


def _name(one: AssessmentLine) -> str:
    if one.kind == FEE and one.code == PROCESSING:
        return _("Merchandise processing fee")
    if one.kind == FEE and one.code == HARBOR:
        return _("Harbor maintenance fee")
    return str(NAMES.get(one.kind, one.kind))


def _rule(one: AssessmentLine, reason: str, fees: FeeYear | None) -> str:
    if one.kind == DUTY:
        return _column(one)
    if one.kind == FEE:
        return _fee(one, fees)
    words = {
        ADDITIONAL: _("Comes on top of the ordinary duty: %(reason)s."),
        REPLACEMENT: _("Stands in place of the ordinary duty: %(reason)s."),
        EXEMPTION: _("Nothing is owed under this number: %(reason)s."),
        ANTIDUMPING: _("A deposit at the rate of the case; the duty is settled when the case is reviewed."),
        COUNTERVAILING: _("A deposit at the rate of the case; the duty is settled when the case is reviewed."),
        TAX: _("As you state it on the line."),
    }
    return words.get(one.kind, "%(reason)s") % {"reason": reason.rstrip(".") or one.legal_basis}


def _column(one: AssessmentLine) -> str:
    where, _comma, column = one.legal_basis.partition(", ")
    where = where.removeprefix("HTS ")
    if one.working.startswith("replaced by"):
        return _("Not owed: another duty stands in place of the rate of %(where)s.") % {"where": where}
    if column.startswith("column 1 special"):
        program = column.partition("(")[2].rstrip(")")
        words = _("Your claim under %(program)s opens the special rate printed at %(where)s.")
        return words % {"program": program, "where": where}
    if column == "column 2":
        return _("Goods of this origin are under column 2; the rate is printed at %(where)s.") % {"where": where}
    if not column:
        return _("%(where)s frees the goods from the ordinary rate.") % {"where": where}
    words = _("The general rate, for goods of most countries, as printed at %(where)s.")
    return words % {"where": where}


def _fee(one: AssessmentLine, fees: FeeYear | None) -> str:
    if one.code == PROCESSING and fees is not None:
        words = _("A fee on the value of goods; on a whole entry at least %(low)s and at most %(high)s.")
        return words % {"low": money(fees.mpf_minimum), "high": money(fees.mpf_maximum)}
    if one.code == PROCESSING:
        return _("A fee on the value of goods, with a least and a most on a whole entry.")
    if one.code == HARBOR:
        return _("A fee on the value of goods that are unloaded from a ship.")
    return _("As you state it on the line.")


def _exact(one: AssessmentLine, item: Item | None) -> Decimal | None:
    """The amount before it was rounded; None where the line alone does not tell."""
    basis = decimal(one.basis) if is_decimal(one.basis) else None
    share = one.rate.removesuffix("%").strip()
    if one.kind == EXEMPTION or basis is None or one.working.startswith(("replaced by", "Free")):
        return None
    if one.rate.endswith("%") and is_decimal(share):
        return basis * Decimal(share) / HUNDRED
    return _compound(one, basis, item) if one.kind == DUTY and item is not None else None


def _compound(one: AssessmentLine, basis: Decimal, item: Item) -> Decimal | None:
    tariff = next((row for row in item.tariffs if normal_number(row.hts_number or "") == one.code), None)
    rate = parse(one.rate)
    if tariff is None or not isinstance(rate, Applicable):
        return None
    found = apply(rate, value=basis, quantities=quantities_of(tariff), measures=measures_of(item))
    return found.amount if isinstance(found, Computed) else None


def _working(one: AssessmentLine, exact: Decimal | None) -> str:
    if one.kind == EXEMPTION:
        return _("Nothing is owed")
    if exact is None:
        return _("Free: nothing is owed") if one.working == "Free" else one.working
    share = one.rate.removesuffix("%").strip()
    if one.rate.endswith("%") and is_decimal(share):
        rest = one.working.partition(";")[2]
        words = _("%(rate)s of %(basis)s is %(exact)s") % {
            "rate": one.rate, "basis": dollars(one.basis), "exact": _dollars(exact),
        }  # fmt: skip
        return f"{words};{rest}" if rest else words
    return f"{one.working} = {_dollars(exact)}"


def _dollars(amount: Decimal) -> str:
    """Dollars with all the decimals that there are, and two at least."""
    return money(amount) if amount == amount.quantize(CENT) else "$" + number(plain(amount))


def _rounding(one: AssessmentLine, exact: Decimal | None) -> str:
    if exact is None:
        return "" if one.amount == "0.00" else _("To the cent; half a cent and more goes up.")
    if exact == exact.quantize(CENT):
        return _("Whole cents: nothing to round.")
    owed = to_cent_half_up(exact)
    words = _("Rounded up to the cent: %(owed)s.") if owed > exact else _("Rounded down to the cent: %(owed)s.")
    return words % {"owed": money(owed)} + " " + _("Half a cent and more goes up.")


def _legal_text(line: TariffLine | None) -> str:
    if line is None:
        return ""
    place = " › ".join(tidy(one).rstrip(":") for one in (*line.path, line.description))
    rate = line.general if line.number[:2] == "99" else ""
    return f"{place}: {rate}" if rate else place


def codes_of(items: Iterable[ItemAssessment]) -> set[str]:
    """Numbers of the schedule that the lines of some items name."""
    kinds = (DUTY, ADDITIONAL, REPLACEMENT, EXEMPTION)
    return {line.code for item in items for line in item.lines if line.kind in kinds}
