"""What the filer's own statements add to a line: antidumping and countervailing deposits, excise tax, fees."""

from decimal import Decimal

import msgspec

from declarations.assessment import ANTIDUMPING, COUNTERVAILING, FEE, TAX, AssessmentLine, Unassessed
from declarations.document import AdCvd, IrTax, Item, ItemFee
from declarations.tariff.calculate import reading
from declarations.tariff.calculate.reading import LIMIT, amount, unassessed
from declarations.tariff.view import TariffLine
from portal.money import cents, plain
from portal.tariff_numbers import dotted

HUNDRED = Decimal(100)
COMPUTED = ("311", "496", "499", "500", "501")  # fees that are ours to compute, never taken from the line
SPECIFIC = ("specific", "S")
BOND = ("bond", "B")
TOO_LARGE = "The amount is larger than an entry can hold."

TAXED = ("2203", "2204", "2205", "2206", "2208", "2402", "2403")  # alcohol and tobacco (26 USC 5001 to 5041, 5701)
COTTON = "056"  # 7 CFR 1205.510
COTTON_CHAPTERS = ("52", "60", "61", "62", "63")

Found = tuple[list[AssessmentLine], list[Unassessed]]


def levies_of(item: Item, value: Decimal) -> Found:
    """Deposits, taxes and stated fees of an item of `value` US dollars. Pointers are relative to the item."""
    if not (item.adcvd or item.ir_tax or item.fees):
        return [], []
    found: list[AssessmentLine | Unassessed] = [
        *(_deposit(one, f"/adcvd/{place}", value) for place, one in enumerate(item.adcvd)),
        *(_tax(one, f"/ir_tax/{place}") for place, one in enumerate(item.ir_tax)),
        *(_fee(one, f"/fees/{place}") for place, one in enumerate(item.fees) if one.fee_class not in COMPUTED),
    ]
    lines = [one for one in found if isinstance(one, AssessmentLine)]
    return lines, [one for one in found if isinstance(one, Unassessed)]


def open_of(item: Item, line: TariffLine | None) -> tuple[Unassessed, ...]:
    """Taxes and fees that goods of a line may owe, that are not computed here and that the filer does not state."""
    if line is None:
        return ()
    number, found = dotted(line.number), []
    if line.number.startswith(TAXED) and not item.ir_tax:
        text = f"{number} may owe internal revenue tax, which is not computed here: declare it."
        found.append(unassessed(reading.TAX_OPEN, "/ir_tax", text))
    words = " ".join((*line.path, line.description)).lower()
    is_cotton = line.number[:2] in COTTON_CHAPTERS and "cotton" in words
    if is_cotton and not any(one.fee_class == COTTON for one in item.fees):
        text = f"{number} may owe the cotton fee (class {COTTON}), which is not computed here: declare it."
        found.append(unassessed(reading.FEE_OPEN, "/fees", text))
    return tuple(found)


def _deposit(case: AdCvd, pointer: str, line_value: Decimal) -> AssessmentLine | Unassessed:
    """The cash deposit of a case, exact to the cent (19 CFR 351.107, 351.211)."""
    number = (case.case_number or "").upper()
    if number[:1] not in ("A", "C"):
        return unassessed(reading.CASE, f"{pointer}/case_number", "A case number begins with A or C.")
    rate = amount(case.rate)
    if rate is None or rate < 0:
        return unassessed(reading.CASE, f"{pointer}/rate", f"Give the deposit rate of case {number}.")
    if case.rate_type in SPECIFIC:
        basis = amount(case.quantity)
        if basis is None or basis < 0:
            return unassessed(reading.CASE, f"{pointer}/quantity", f"Case {number} is per unit: give the quantity.")
        owed, shown, working = basis * rate, f"${plain(rate)}", f"{plain(basis)} x ${plain(rate)}"
    else:
        stated = amount(case.value)
        basis = line_value if stated is None else stated
        owed, shown, working = basis * rate / HUNDRED, f"{plain(rate)}%", f"{plain(basis)} x {plain(rate)} %"
    if owed >= LIMIT:
        return unassessed(reading.CASE, f"{pointer}/rate", TOO_LARGE)
    bonded = case.security in BOND
    return AssessmentLine(
        kind=ANTIDUMPING if number[0] == "A" else COUNTERVAILING,
        code=number,
        basis=plain(basis),
        rate=shown,
        amount="0.00" if bonded else cents(owed),
        legal_basis="19 USC 1673" if number[0] == "A" else "19 USC 1671",
        working=f"{working} = {cents(owed)}, secured by bond" if bonded else working,
    )


def _tax(tax: IrTax, pointer: str) -> AssessmentLine | Unassessed:
    """The tax as the filer states it: its amount, or basis times rate."""
    blank = AssessmentLine(
        kind=TAX, code=tax.tax_class or "", basis="", rate="", amount="", working="",
        legal_basis="26 USC 5001 to 5041, 5701",
    )  # fmt: skip
    missing = unassessed(reading.TAX, pointer, "Give the amount of the tax, or its basis and rate.")
    return _stated(tax.basis, tax.rate, tax.amount, blank=blank, missing=missing)


def _fee(fee: ItemFee, pointer: str) -> AssessmentLine | Unassessed:
    """A fee of the line that the filer states (7 CFR parts 1150 to 1260): its amount, or quantity times rate."""
    blank = AssessmentLine(
        kind=FEE, code=fee.fee_class or "", basis="", rate="", amount="", working="",
        legal_basis="7 CFR parts 1150 to 1260",
    )  # fmt: skip
    missing = unassessed(reading.FEE, pointer, "Give the amount of the fee, or its quantity and rate.")
    return _stated(fee.quantity, fee.rate, fee.amount, blank=blank, missing=missing)


def _stated(
    basis_text: str | None,
    rate_text: str | None,
    stated_text: str | None,
    *,
    blank: AssessmentLine,
    missing: Unassessed,
) -> AssessmentLine | Unassessed:
    """The line with the amount the filer states, or else basis times rate; `missing` where neither can be told."""
    basis, rate, stated = amount(basis_text), amount(rate_text), amount(stated_text)
    if stated is None and (basis is None or rate is None):
        return missing
    owed = stated if stated is not None else (basis or Decimal(0)) * (rate or Decimal(0))
    if abs(owed) >= LIMIT:
        return msgspec.structs.replace(missing, reason=TOO_LARGE)
    known = basis is not None and rate is not None
    return msgspec.structs.replace(
        blank,
        basis=plain(basis) if basis is not None else "",
        rate=f"${plain(rate)}" if rate is not None else "",
        amount=cents(owed),
        working=f"{plain(basis or Decimal(0))} x ${plain(rate or Decimal(0))}" if known else "as stated by the filer",
    )
