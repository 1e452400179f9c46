"""The duty of chapters 1 to 97: the column, the claim for a preference, and the rate applied."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from declarations.assessment import Unassessed
from declarations.document import Item
from declarations.tariff.calculate.reading import (
    LIMIT,
    QUANTITY,
    RATE,
    Amount,
    measures_of,
    quantities_of,
    unassessed,
)
from declarations.tariff.expressions import (
    FREE,
    Missing,
    Percent,
    Rate,
    Reference,
    Sum,
    Unparsed,
    apply,
    claim_rate,
    is_free,
    lacks,
    parse,
)
from declarations.tariff.expressions.places import ABSENT, ASSEMBLED, EACH, GOODS, HIGHEST, NOTE, WHOLE
from declarations.tariff.notes import COLUMN_2, GENERAL, NoteRate
from declarations.tariff.view import Program, TariffLine, TariffView
from portal.money import MAX_DIGITS, ZERO
from portal.tariff_numbers import dotted

NOTED = {"column 1 general": GENERAL, "column 2": COLUMN_2}  # columns that name notes
OTHERS = (EACH, HIGHEST, WHOLE, ASSEMBLED, GOODS, ABSENT)  # kinds of reference to the rate of another article
HINT = "Give the number whose rate it takes on the same line, with the value of each."
ONE, HUNDRED = Decimal(1), Decimal(100)


class Claim(Struct, frozen=True):
    """A preference claim as far as it goes: `program` is set only where it is honoured."""

    asked: str | None = None
    program: str | None = None
    rate: str | None = None  # the text it opens; None where the general rate is Free anyway
    refusal: str = ""
    row: Program | None = None


class Rated(Struct, frozen=True):
    """What a classification number owes by, whatever the value: rate, law, claim; `index` is its place on the line."""

    index: int
    number: str
    text: str  # the rate as printed
    rate: Rate
    shown: str
    legal_basis: str
    claim: Claim
    remark: str = ""  # why a claim is not counted; follows the working
    free: str | None = None  # the whole working, where nothing is owed whatever the value
    percent: Decimal | None = None  # where a plain percentage of the value is all that is owed
    in_parts: bool = False  # each article pays its own rate, under the other numbers of the line
    times: str = ""  # then: what follows the value in the working, ` x 3.4 %`


class Base(Struct, frozen=True, gc=False):
    """The duty of one classification number, unrounded."""

    rated: Rated
    value: Amount
    duty: Decimal
    working: str


def claim_of(item: Item, line: TariffLine, *, tariff: TariffView, on: date) -> Claim:
    """Whether the claim of the item holds for a line on a day, and which rate it opens."""
    return judge_claim(asked_by(item), item.origin_country or "", line, tariff=tariff, on=on)


def asked_by(item: Item) -> str | None:
    """The program that the item claims."""
    return item.preference.program if item.preference else None


def judge_claim(asked: str | None, origin: str, line: TariffLine, *, tariff: TariffView, on: date) -> Claim:
    """Whether a claim holds for a line on a day, and which rate it opens.

    An empty special column with a general rate of Free allows a claim that changes no duty; with any other
    general rate it refuses it. Column 2 countries have no preference.
    """
    if not asked:
        return Claim()
    row = tariff.program(asked, on=on)
    refusal = _refusal(asked, row, origin, tariff, on)
    if refusal:
        return Claim(asked=asked, refusal=refusal)
    if row is not None and row.by_note:
        return Claim(asked=asked, program=asked, rate="Free", row=row)
    rate = claim_rate(line.special, asked)
    if rate is not None:
        return Claim(asked=asked, program=asked, rate=rate, row=row)
    if is_free(parse(line.general)):
        return Claim(asked=asked, program=asked, row=row)
    return Claim(asked=asked, refusal=f"the special column does not name {asked}")


def _refusal(asked: str, row: Program | None, origin: str, tariff: TariffView, on: date) -> str:
    if tariff.origin_status(origin, "column2", on):
        return f"goods of {origin} are under column 2"
    if row is None:
        if tariff.program(asked):
            return f"the program is not in force on {on}"
        return "there is no such program" if tariff.programs(on) else ""
    if row.countries and origin not in row.countries:
        return f"{origin or 'this origin'} is not in the program"
    return ""


def rate_line(index: int, line: TariffLine, *, origin: str, asked: str | None, tariff: TariffView, on: date) -> Rated:
    """The rate of a line for goods of an origin on a day: column 2, the column of an honoured claim, or the general."""
    claim = judge_claim(asked, origin, line, tariff=tariff, on=on)
    if tariff.origin_status(origin, "column2", on):
        text, column = line.column2, "column 2"
    elif claim.rate is not None:
        text, column = claim.rate, f"column 1 special ({claim.program})"
    else:
        text, column = line.general, "column 1 general"
    law = f"HTS {dotted((line.heading_of_rate or line.number)[:8])}, {column}"
    rate = parse(text)
    if isinstance(rate, Reference) and (note := _note_of(line, rate, column, tariff, on)):
        text, rate, law = note.text, parse(note.text), f"{law}; {note.legal_basis}" if note.legal_basis else law
    percent, times = _percentage(rate)
    return Rated(
        index=index,
        number=line.number,
        text=text,
        rate=rate,
        shown="Free" if rate == FREE else text,
        legal_basis=law,
        claim=claim,
        remark=f"; {claim.asked} claim not counted: {claim.refusal}" if claim.refusal else "",
        free="Free" if is_free(rate) else None,
        percent=percent,
        times=times,
    )


def _note_of(line: TariffLine, rate: Reference, column: str, tariff: TariffView, on: date) -> NoteRate | None:
    """The rate that a note states for a column which only names the note, where it is held for the day."""
    place = NOTED.get(column)
    if rate.kind != NOTE or place is None:
        return None
    return tariff.notes.find(line.heading_of_rate or line.number, place, on)


def _percentage(rate: Rate) -> tuple[Decimal | None, str]:
    """The percentage of a rate on the value and nothing else, with what follows the value in its working.

    A fraction without end (33 1/3 %) is left to `apply`, which knows it exactly.
    """
    term = rate.terms[0] if isinstance(rate, Sum) else None
    if not isinstance(term, Percent) or rate != Sum((Percent(term.rate),)):
        return None, ""
    found = apply(rate, value=ONE, quantities={}, measures={})
    if isinstance(found, Missing) or len(term.rate.as_tuple().digits) > MAX_DIGITS:
        return None, ""
    return term.rate, found.working.removeprefix("1")


def duty_under(rated: Rated, item: Item, value: Amount) -> Base | Unassessed:
    """The duty of one number on its value, unrounded, or why it cannot be computed (pointer relative to the item)."""
    if rated.free is not None:
        return Base(rated, value, ZERO, rated.free + rated.remark)
    if rated.in_parts and not value.number:
        return Base(rated, value, ZERO, "each article under its own number" + rated.remark)
    if rated.percent is not None:
        duty, working = value.number * rated.percent / HUNDRED, value.text + rated.times
    else:
        tariff = item.tariffs[rated.index]
        quantities, measures = quantities_of(tariff), measures_of(item)
        found = apply(rated.rate, value=value.number, quantities=quantities, measures=measures)
        if isinstance(found, Missing):
            return _missing(found, rated, lacks(rated.rate, quantities=quantities, measures=measures))
        duty, working = found.amount, found.working
    if duty >= LIMIT:
        where = f"/tariffs/{rated.index}/quantities"
        return unassessed(QUANTITY, where, "The quantity gives a duty larger than an entry can hold.")
    return Base(rated, value, duty, working + rated.remark)


def _missing(lack: Missing, rated: Rated, every: tuple[Missing, ...]) -> Unassessed:
    number, text = dotted(rated.number), rated.text
    if lack.kind == "unit":
        where = f"/tariffs/{rated.index}/quantities"
        return unassessed(QUANTITY, where, f"The rate of {number} is {text}: give the quantity in {lack.name}.")
    if lack.kind == "measure":
        *others, last = [f"'{one.name}'" for one in every if one.kind == "measure"]
        names = f"measures {', '.join(others)} and {last}" if others else f"measure {last}"
        return unassessed(QUANTITY, "/measures", f"The rate of {number} is {text}: give the {names}.")
    detail = rated.rate.text if isinstance(rated.rate, Unparsed) and rated.rate.text else lack.name
    where = f"/tariffs/{rated.index}/hts_number"
    hint = f" {HINT}" if isinstance(rated.rate, Reference) and rated.rate.kind in OTHERS else ""
    return unassessed(RATE, where, f"The rate of {number} cannot be computed from the schedule alone: {detail}.{hint}")
