"""Fees of the entry: merchandise processing (19 CFR 24.23) and harbor maintenance (24.24), line by line and in sum."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from declarations.assessment import FEE, AssessmentLine, FeeTotal, Unassessed
from declarations.document import Document
from declarations.tariff.calculate import reading
from declarations.tariff.calculate.dates import RateDay
from declarations.tariff.calculate.item import Line
from declarations.tariff.calculate.reading import Amount, unassessed
from declarations.tariff.view import FeeYear, TariffView
from portal.money import ZERO, cents, plain, to_cent_half_up

FORMAL = ("01", "02", "03", "06", "07", "21", "22", "31", "32", "34", "38", "51", "52")
INFORMAL = ("11", "12")
WAREHOUSE = ("21", "22")
VESSEL_MODES = ("10", "11", "12")
SMALL = Decimal("3.00")  # harbor fee that need not be paid where nothing else is owed (19 CFR 24.24(e))
HUNDRED = Decimal(100)
MPF_LAW = "19 CFR 24.23(b)(1)"
HMF_LAW = "19 CFR 24.24(a)"
LATER = "; reported now, due on withdrawal for consumption (19 CFR 24.23(a)(2))"


class Fees(Struct, frozen=True):
    """Fee lines by place of the item, fees owed on the entry, and what could not be told."""

    lines: Mapping[int, tuple[AssessmentLine, ...]]
    totals: tuple[FeeTotal, ...]
    troubles: tuple[Unassessed, ...]


def fees_of(
    document: Document,
    lines: Sequence[Line],
    *,
    tariff: TariffView,
    entry: RateDay,
    harbor_fee: bool | None,
    owed: Decimal,
) -> Fees:
    """Fees on the items that could be computed. `owed`: duties, deposits and taxes of them.

    `harbor_fee` is False where the port is not in the list of 19 CFR 24.24(b)(1).
    """
    counted = [one for one in lines if one.counted]
    year = tariff.fees(entry.day)
    if not counted:
        return Fees({}, (), ())
    if year is None:
        trouble = unassessed(reading.FEE, reading.DAYS, f"We hold no fees for {entry.day}.")
        return Fees({}, (), (trouble,))
    processing = _processing(document, counted, year)
    stated = _stated(counted)
    harbor = _harbor(document, counted, year, harbor_fee)
    others = owed + sum((Decimal(one.amount) for one in (*processing.totals, *stated)), ZERO)
    if harbor.totals and Decimal(harbor.totals[0].amount) <= SMALL and others == ZERO:
        harbor = Fees({}, (), harbor.troubles)
    merged = {one.index: (*processing.lines.get(one.index, ()), *harbor.lines.get(one.index, ())) for one in counted}
    return Fees(merged, (*processing.totals, *harbor.totals, *stated), (*processing.troubles, *harbor.troubles))


def _processing(document: Document, counted: list[Line], year: FeeYear) -> Fees:
    kind = document.entry_type
    charged = {one.index: one.mpf_basis for one in counted if one.mpf_basis is not None}
    if kind in year.mpf_not_on:
        return Fees({}, (), ())
    if kind in INFORMAL:
        if not charged:
            return Fees({}, (), ())
        total = FeeTotal(code="311", amount=cents(year.informal_automated), working="informal entry, automated")
        return Fees({}, (total,), ())
    if kind not in FORMAL:
        reason = (
            "The processing fee depends on the entry type." if kind is None else f"Type {kind} is not computed here."
        )
        return Fees({}, (), (unassessed(reading.FEE, "/entry_type", reason),))
    if not charged:
        return Fees({}, (), ())
    lines, owed = _charged("499", charged, year.mpf_rate, MPF_LAW)
    owed = min(max(owed, year.mpf_minimum), year.mpf_maximum)
    working = f"sum of lines, between {cents(year.mpf_minimum)} and {cents(year.mpf_maximum)}"
    working += LATER if kind in WAREHOUSE else ""
    return Fees(lines, (FeeTotal(code="499", amount=cents(owed), working=working),), ())


def _harbor(document: Document, counted: list[Line], year: FeeYear, harbor_fee: bool | None) -> Fees:
    if document.entry_type in year.hmf_not_on or harbor_fee is False:
        return Fees({}, (), ())
    mode = document.transport.mode if document.transport else None
    if mode is None:
        trouble = unassessed(
            reading.FEE, "/transport/mode", "The harbor maintenance fee depends on the mode of transport."
        )
        return Fees({}, (), (trouble,))
    charged = {one.index: one.hmf_basis for one in counted if one.hmf_basis is not None}
    if mode not in VESSEL_MODES or not charged:
        return Fees({}, (), ())
    lines, total = _charged("501", charged, year.hmf_rate, HMF_LAW)
    return Fees(lines, (FeeTotal(code="501", amount=cents(total), working="sum of lines"),), ())


def _charged(
    code: str, charged: Mapping[int, Amount], rate: Decimal, law: str
) -> tuple[dict[int, tuple[AssessmentLine, ...]], Decimal]:
    """The line of a fee on each basis, to the cent, and their sum."""
    percent = plain(rate * HUNDRED)
    shown, times = f"{percent}%", f" x {percent} %"
    lines: dict[int, tuple[AssessmentLine, ...]] = {}
    total = ZERO
    for index, basis in charged.items():
        owed = to_cent_half_up(basis.number * rate)
        total += owed
        lines[index] = (AssessmentLine(FEE, code, basis.text, shown, str(owed), law, basis.text + times),)
    return lines, total


def _stated(counted: list[Line]) -> tuple[FeeTotal, ...]:
    """Sums of the fees that filers state on their lines, by class."""
    sums: dict[str, Decimal] = {}
    for one in counted:
        for line in one.result.lines if one.result else ():
            if line.kind == FEE:
                sums[line.code] = sums.get(line.code, ZERO) + Decimal(line.amount)
    return tuple(
        FeeTotal(code=code, amount=cents(total), working="sum of lines") for code, total in sorted(sums.items())
    )
