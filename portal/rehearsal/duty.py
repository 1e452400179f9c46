"""What the authority charges for a declaration: its own computation, from its own tariff.

Base duty of the classification numbers, measures of chapter 99 that add to it or replace it,
deposits in antidumping and countervailing cases, and the user fees. Everything is rounded half up
to the cent where it arises. A line whose number or quantity the authority does not know is not
computed: it is named, left out of the statement, and then no total is given.
"""

from dataclasses import dataclass
from decimal import Decimal

from portal.rehearsal.fees import cents, entry_fees, line_fees, processing_free
from portal.rehearsal.reading import Case, Item, Message, Tariff
from portal.rehearsal.tariff import Entry, Rate, claim_holds, look_up

HUNDRED = Decimal(100)
DUTIES = ("DTY", "AD", "CVD")
CHARGING = ("add", "replace")
Row = tuple[Tariff, Entry]
PROCESSED_ABROAD = ("98020060", "98020080")
GRAMS = {"G": Decimal(1), "KG": Decimal(1000), "T": Decimal(1_000_000)}


class NotComputedError(Exception):
    """The authority cannot compute a line; the text says why."""


@dataclass(frozen=True)
class Charge:
    """One row of a statement: what is charged, on which basis, at which percent where there is one."""

    code: str
    basis: Decimal
    percent: Decimal | None
    assessed: Decimal
    payable: Decimal


@dataclass(frozen=True)
class Line:
    """The charges of one line, or why there are none."""

    number: int
    charges: tuple[Charge, ...]
    not_computed: str = ""


@dataclass(frozen=True)
class Statement:
    """A duty statement: lines, and the amounts owed for the entry as a whole."""

    lines: tuple[Line, ...]
    entry: tuple[Charge, ...]

    @property
    def total(self) -> Decimal | None:
        """What is to be paid; None where a line was not computed."""
        return next((charge.payable for charge in self.entry if charge.code == "TOT"), None)


def assess(declaration: Message, day: str) -> Statement:
    """The statement for a declaration whose rates are those of `day`, an ISO date."""
    day = declaration.estimated_entry or day
    lines = [_line(item, declaration, day) for item in declaration.items]
    complete = not any(line.not_computed for line in lines)
    duty_owed = not complete or any(one.payable for line in lines for one in line.charges if one.code in DUTIES)
    owed = entry_fees(declaration, day, [_fee_basis(item) for item in declaration.items], duty_owed)
    if "501" not in owed:
        lines = [_without(line, "501") for line in lines]
    entry = [Charge(code, basis, percent, amount, amount) for code, (basis, percent, amount) in owed.items()]
    if complete:
        entry.append(_total(lines, entry))
    return Statement(tuple(lines), tuple(entry))


def goods_value(item: Item) -> Decimal:
    """The value of a line: that of its classification numbers, else the customs value of the line."""
    given = [row.value for row in item.tariffs if _is_goods(row.number) and row.value is not None]
    return sum(given, Decimal(0)) if given else item.value or Decimal(0)


def tariffs_of(item: Item) -> tuple[Tariff, ...]:
    """The numbers of a line with their values; plain classifications serve where no detail was filed."""
    rows = item.tariffs or tuple(Tariff(number) for number in item.classifications)
    goods = [row for row in rows if _is_goods(row.number)]
    if len(goods) == 1 and goods[0].value is None:
        whole = Tariff(goods[0].number, goods[0].role, item.value, goods[0].quantities)
        return tuple(whole if row is goods[0] else row for row in rows)
    return rows


def _line(item: Item, declaration: Message, day: str) -> Line:
    try:
        charges = [_duty(item, day, declaration.entry_time), *(_deposit(case) for case in item.cases)]
    except NotComputedError as problem:
        return Line(item.sequence, (), str(problem))
    for code, percent, amount in line_fees(declaration, _fee_basis(item)):
        charges.append(Charge(code, goods_value(item), percent, amount, amount))
    return Line(item.sequence, tuple(charges))


def _duty(item: Item, day: str, time: str) -> Charge:
    rows = _standing([(row, _known(row, day, time)) for row in tariffs_of(item)])
    if not any(_is_goods(row.number) for row, _ in rows):
        raise NotComputedError("no number of chapters 1 to 97")
    value = goods_value(item)
    _refuse_halves(item, rows, value)
    replaced = any(entry.effect == "replace" for _, entry in rows)
    amount, percent, plain = Decimal(0), Decimal(0), True
    for row, entry in rows:
        if entry.effect in CHARGING:
            amount += cents(_basis(item, entry, value) * entry.general.percent / HUNDRED)
            percent += entry.general.percent
            plain = plain and not entry.content
        elif entry.effect == "base" and not replaced:
            rate = entry.rate_for(item.origin, item.program)
            amount += _base_duty(rate, row)
            percent += rate.percent
            plain = plain and not rate.unit
    several = sum(entry.effect == "base" for _, entry in rows) > 1
    return Charge("DTY", value, percent if plain and not several else None, amount, amount)


def _standing(rows: list[Row]) -> list[Row]:
    """The numbers of a line without those that fall away beside a duty of another group."""
    groups = {entry.group for _, entry in rows if entry.effect in CHARGING}
    return [row for row in rows if not row[1].yields_to & groups]


def _basis(item: Item, entry: Entry, value: Decimal) -> Decimal:
    """What a measure is charged on: the value of the line, or the part of it that the line states by name."""
    if not entry.content:
        return value
    if entry.content not in item.measures:
        raise NotComputedError(f"tariff number {entry.number} needs the {entry.content}")
    if item.measures[entry.content] > value:
        raise NotComputedError(f"the {entry.content} is more than the value of the line")
    return item.measures[entry.content]


def _refuse_halves(item: Item, rows: list[Row], value: Decimal) -> None:
    """A number that falls away beside a duty on a content alone still stands on the rest: that is another line."""
    contents = [entry for _, entry in rows if entry.content]
    if sum((_basis(item, entry, value) for entry in contents), Decimal(0)) >= value:
        return
    for number in (row.number for row in tariffs_of(item)):
        entry = look_up(number)
        if entry and entry.yields_to & {one.group for one in contents}:
            raise NotComputedError(f"tariff number {number} needs the content and the rest on two lines")


def _base_duty(rate: Rate, row: Tariff) -> Decimal:
    """The parts of a compound rate are added unrounded and rounded once."""
    amount = (row.value or Decimal(0)) * rate.percent / HUNDRED
    if rate.unit:
        amount += _quantity(row, rate.unit) * rate.dollars
    return cents(amount)


def _quantity(row: Tariff, unit: str) -> Decimal:
    if unit in row.quantities:
        return row.quantities[unit]
    for filed, amount in row.quantities.items():
        if filed in GRAMS and unit in GRAMS:
            return amount * GRAMS[filed] / GRAMS[unit]
    raise NotComputedError(f"tariff number {row.number} needs a quantity in {unit}")


def _known(row: Tariff, day: str, time: str) -> Entry:
    entry = look_up(row.number, day, time)
    if entry is None:
        raise NotComputedError(f"tariff number {row.number} is not in this authority's table")
    if entry.turns_on(day) and not time:
        raise NotComputedError(f"tariff number {row.number} changes within {day}: the time of entry decides")
    if not entry.in_force(day, time):
        raise NotComputedError(f"tariff number {row.number} is not in force on {day}")
    return entry


def _deposit(case: Case) -> Charge:
    """A deposit is the declared rate on the declared value or quantity; a bond is assessed, not paid."""
    specific = case.rate_type == "specific"
    basis = case.quantity if specific else case.value
    if case.rate is None or (basis is None and case.rate):
        raise NotComputedError(f"case {case.number} has no rate or no basis")
    basis = basis or Decimal(0)
    amount = cents(basis * case.rate if specific else basis * case.rate / HUNDRED)
    payable = Decimal("0.00") if case.security.lower() in ("bond", "b") else amount
    code = "CVD" if case.number.upper().startswith("C") else "AD"
    return Charge(code, basis, None if specific else case.rate, amount, payable)


def _fee_basis(item: Item) -> tuple[Decimal, bool]:
    """The value of a line for the fees, and whether its claim or origin frees it of the processing fee."""
    special = any(row.number[:2] == "98" and row.number[:8] not in PROCESSED_ABROAD for row in tariffs_of(item))
    return goods_value(item), special or processing_free(item.program, item.origin, _claim_counts(item))


def _claim_counts(item: Item) -> bool:
    """A claim counts where it holds for the origin and the number is free for all or for this program."""
    if not claim_holds(item.program, item.origin):
        return False
    entries = [look_up(row.number) for row in tariffs_of(item) if _is_goods(row.number)]
    return all(entry is None or _allows(entry, item.program) for entry in entries)


def _allows(entry: Entry, program: str) -> bool:
    return entry.general == Rate() or program in entry.free_for or program in entry.reduced


def _is_goods(number: str) -> bool:
    return not number.startswith(("98", "99"))


def _without(line: Line, code: str) -> Line:
    return Line(line.number, tuple(charge for charge in line.charges if charge.code != code), line.not_computed)


def _total(lines: list[Line], entry: list[Charge]) -> Charge:
    """Duties and deposits of the lines, and the fees of the entry; the fees of the lines are its parts."""
    rows = [one for line in lines for one in line.charges if one.code in DUTIES] + entry
    assessed = sum((one.assessed for one in rows), Decimal("0.00"))
    payable = sum((one.payable for one in rows), Decimal("0.00"))
    return Charge("TOT", assessed, None, assessed, payable)
