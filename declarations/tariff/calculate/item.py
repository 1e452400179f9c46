"""One item: its value, its ordered numbers, and every duty, deposit and tax of it. Fees come with the entry."""

from decimal import Decimal

import msgspec
from msgspec import Struct

from declarations.assessment import (
    ADDITIONAL,
    DUTY,
    EXEMPTION,
    REPLACEMENT,
    AssessmentLine,
    ItemAssessment,
    StackedTariff,
    Unassessed,
)
from declarations.document import Item
from declarations.tariff.calculate import reading
from declarations.tariff.calculate.base import Base, base_of
from declarations.tariff.calculate.dates import RateDay
from declarations.tariff.calculate.levies import levies_of
from declarations.tariff.calculate.provision import Provision, provision_of
from declarations.tariff.calculate.reading import Numbers, Placed, amount, dotted, numbers_of, unassessed
from declarations.tariff.calculate.stack import SCHEDULE, Applied, Stack, Subject, applied_as, judge, propose
from declarations.tariff.calculate.subject import subject_from
from declarations.tariff.calculate.value import ItemValue, value_of
from declarations.tariff.view import TariffView
from portal.money import ZERO, cents, plain, to_cent_half_up

HUNDRED = Decimal(100)
METALS = "s232_metals"  # under 9802.00.60 on the full value (US note 16(b))
KINDS = {"additional": ADDITIONAL, "replacement": REPLACEMENT, "exemption": EXEMPTION}


class Line(Struct, frozen=True):
    """What is known of an item before the fees of the entry."""

    index: int
    result: ItemAssessment | None  # None where not even the value is known
    troubles: tuple[Unassessed, ...] = ()
    counted: bool = False  # computed: its lines and fees are in the totals
    mpf_basis: Decimal | None = None  # None: exempt, or not computed
    hmf_basis: Decimal | None = None


class Draft(Struct, frozen=True):
    """The parts of an item that duty is computed from."""

    index: int
    item: Item
    rate: RateDay
    tariff: TariffView
    numbers: Numbers
    provision: Provision
    value: Decimal  # entered
    charged: Decimal  # what duty is on
    set_header: bool = False


def assess_item(
    index: int,
    item: Item,
    *,
    tariff: TariffView,
    rate: RateDay,
    currency: str | None = None,
    set_value: Decimal | None = None,
) -> Line:
    """The duties of one item. `set_value`: the value of a set's components, where the item is the set's header."""
    numbers = numbers_of(item)
    value: ItemValue | Unassessed = (
        value_of(item, tariff, currency=currency) if set_value is None else ItemValue(ZERO, "carried by the components")
    )
    provision = provision_of(numbers, tariff)
    troubles = _obstacles(item, numbers, tariff, rate)
    troubles += [one for one in (value, provision) if isinstance(one, Unassessed)]
    if isinstance(value, Unassessed):
        return Line(index, None, _placed(index, troubles))
    if troubles or isinstance(provision, Unassessed):
        return Line(index, _bare(index, item, rate, value.value), _placed(index, troubles))
    charged = value.value if set_value is None else set_value
    draft = Draft(index, item, rate, tariff, numbers, provision, value.value, charged, set_header=set_value is not None)
    return _compute(draft)


def component_line(index: int, item: Item, *, tariff: TariffView, rate: RateDay, currency: str | None = None) -> Line:
    """A component of a set: it carries its value, deposits and taxes; duty and processing fee stand on the header."""
    value = value_of(item, tariff, currency=currency)
    if isinstance(value, Unassessed):
        return Line(index, None, _placed(index, [value]))
    lines, troubles = levies_of(item, value.value)
    result = _bare(index, item, rate, value.value)
    stacked = tuple(
        StackedTariff(hts_number=one.number, role="classification", value=plain(value.value), reason="part of a set")
        for one in numbers_of(item).classifications[:1]
    )
    result = msgspec.structs.replace(result, tariffs=stacked, lines=tuple(lines))
    return Line(index, result, _placed(index, troubles), counted=True)


def _placed(index: int, troubles: list[Unassessed]) -> tuple[Unassessed, ...]:
    """Pointers that begin at the item, made to begin at the document."""
    return tuple(msgspec.structs.replace(one, pointer=f"/items/{index}{one.pointer}") for one in troubles)


def _bare(index: int, item: Item, rate: RateDay, value: Decimal) -> ItemAssessment:
    return ItemAssessment(
        sequence=item.sequence if item.sequence is not None else index + 1,
        rate_date=rate.day.isoformat(),
        entered_value=plain(value),
        estimated=rate.estimated,
    )


def _obstacles(item: Item, numbers: Numbers, tariff: TariffView, rate: RateDay) -> list[Unassessed]:
    """All that stands in the way of a computation, not the first alone."""
    found: list[Unassessed] = []
    if tariff.lines_from is not None and rate.day < tariff.lines_from:
        found.append(unassessed(reading.EDITION, "", f"We hold no tariff schedule that was in force on {rate.day}."))
    if not item.origin_country or item.origin_country == "**":
        found.append(
            unassessed(reading.ORIGIN, "/origin_country", "The duty depends on the country of origin: name it.")
        )
    if not numbers.classifications:
        found.append(unassessed(reading.NUMBER, "/tariffs", "There is no tariff number of chapters 1 to 97."))
    found += [one for placed in numbers.classifications if (one := _unknown(placed, tariff))]
    return found


def _unknown(placed: Placed, tariff: TariffView) -> Unassessed | None:
    where = f"/tariffs/{placed.index}/hts_number"
    number = dotted(placed.number)
    line = tariff.line(placed.number)
    if line is None:
        after = ", ".join(dotted(one) for one in tariff.successors(placed.number))
        hint = f" It was replaced by {after}." if after else ""
        return unassessed(reading.NUMBER, where, f"{number} is not in the schedule held.{hint}")
    if not line.declarable:
        return unassessed(reading.NUMBER, where, f"{number} is divided further: give the full ten digits.")
    return None


def _compute(draft: Draft) -> Line:
    shares = _shares(draft)
    if isinstance(shares, Unassessed):
        return _failed(draft, [shares])
    found = [_base(draft, placed, value) for placed, value in shares]
    bases = tuple(one for one in found if isinstance(one, Base))
    if len(bases) < len(found):
        return _failed(draft, [one for one in found if isinstance(one, Unassessed)])
    subject = subject_from(draft.item, bases, draft.rate.day)
    claimed = frozenset(one.number for one in draft.numbers.extras)
    stack = Stack() if draft.provision.kind == "free" else propose(subject, draft.tariff, claimed)
    if stack.barred:
        text = f"The import is barred under {dotted(stack.barred[0].heading)}: {stack.barred[0].note}"
        return _failed(draft, [unassessed(reading.BARRED, f"/tariffs/{bases[0].placed.index}/hts_number", text)])
    declared = _declared(draft, subject, stack)
    if declared.unknown:
        return _failed(draft, declared.unknown)
    return _finished(draft, bases, (*stack.applied, *declared.held_as_lines), declared.remark)


def _failed(draft: Draft, troubles: list[Unassessed]) -> Line:
    result = _bare(draft.index, draft.item, draft.rate, draft.value)
    return Line(draft.index, result, _placed(draft.index, troubles))


def _shares(draft: Draft) -> list[tuple[Placed, Decimal]] | Unassessed:
    """The value that each number of chapters 1 to 97 carries."""
    placed = draft.numbers.classifications
    if len(placed) == 1 and draft.provision.kind != "partial":
        return [(placed[0], draft.charged)]
    shares: list[tuple[Placed, Decimal]] = []
    for one in placed:
        stated = amount(one.tariff.value)
        if stated is None or stated < 0:
            where = f"/tariffs/{one.index}/value"
            return unassessed(reading.VALUE, where, f"Say which part of the value is under {dotted(one.number)}.")
        shares.append((one, stated))
    return shares


def _base(draft: Draft, placed: Placed, value: Decimal) -> Base | Unassessed:
    line = draft.tariff.line(placed.number)
    if line is None:  # found before; the view does not change
        return unassessed(reading.NUMBER, f"/tariffs/{placed.index}/hts_number", "The number is not held.")
    if draft.provision.kind == "free":
        free = msgspec.structs.replace(line, general="Free", special="", column2="Free")
        base = base_of(draft.item, placed, free, value, tariff=draft.tariff, on=draft.rate.day)
        if isinstance(base, Base):
            under = dotted(draft.provision.number)
            return msgspec.structs.replace(base, working=f"Free under {under}", legal_basis=f"HTS {under}")
        return base
    return base_of(draft.item, placed, line, value, tariff=draft.tariff, on=draft.rate.day)


class Declared(Struct, frozen=True):
    """What the declared chapter 99 numbers add to the proposal: unknown ones, ones we hold as lines only, a remark."""

    unknown: list[Unassessed]
    held_as_lines: tuple[Applied, ...] = ()
    remark: str = ""


def _declared(draft: Draft, subject: Subject, stack: Stack) -> Declared:
    """Declared numbers outside the proposal. One that does not apply is not counted, and the remark says why."""
    proposed = {one.measure.heading for one in stack.applied}
    duties = tuple(one.measure for one in stack.applied)
    judged = [
        (one, judge(one.number, subject, draft.tariff, duties))
        for one in draft.numbers.extras
        if one.number not in proposed
    ]
    return Declared(
        unknown=[
            unassessed(
                reading.NUMBER,
                f"/tariffs/{one.index}/hts_number",
                f"{dotted(one.number)}: {verdict.refusal or 'no such heading is held'}.",
            )
            for one, verdict in judged
            if not verdict.known
        ],
        held_as_lines=tuple(
            applied_as(verdict.measure)
            for _, verdict in judged
            if verdict.measure and verdict.measure.authority == SCHEDULE
        ),
        remark="; ".join(
            f"{dotted(one.number)} is declared and not counted: {verdict.refusal or 'another number stands instead'}"
            for one, verdict in judged
            if verdict.known and (verdict.measure is None or verdict.measure.authority != SCHEDULE)
        ),
    )


def _finished(draft: Draft, bases: tuple[Base, ...], applied: tuple[Applied, ...], remark: str) -> Line:
    charged = sum((one.value for one in bases), ZERO)
    replaced = next((one.measure.heading for one in applied if one.role == "replacement"), None)
    full = draft.value if draft.provision.number.startswith("98020060") else charged
    lines = [_extra_line(one, full if one.measure.authority == METALS else charged) for one in applied]
    lines += [_base_line(one, replaced) for one in bases]
    levies, troubles = levies_of(draft.item, draft.value if not draft.set_header else charged)
    result = msgspec.structs.replace(
        _bare(draft.index, draft.item, draft.rate, draft.value),
        tariffs=_stacked(draft, bases, applied, remark),
        lines=(*lines, *levies),
    )
    spared = draft.provision.mpf_exempt or _mpf_exempt(draft, bases)
    return Line(
        draft.index,
        result,
        _placed(draft.index, troubles),
        counted=True,
        mpf_basis=None if spared else charged,
        hmf_basis=charged if draft.set_header else draft.value,
    )


def _extra_line(one: Applied, value: Decimal) -> AssessmentLine:
    measure = one.measure
    rate = measure.rate if measure.rate is not None and one.role != "exemption" else ZERO
    percent = plain(rate * HUNDRED)
    owed = to_cent_half_up(value * rate)
    instead = " in lieu of column 1" if one.role == "replacement" else ""
    return AssessmentLine(
        kind=KINDS[one.role],
        code=measure.heading,
        basis=plain(value),
        rate="Free" if one.role == "exemption" else f"{percent}%",
        amount=cents(owed),
        legal_basis=measure.legal_basis or f"HTS {dotted(measure.heading)}",
        working=one.reason if one.role == "exemption" else f"{plain(value)} x {percent} %{instead}",
    )


def _base_line(base: Base, replaced: str | None) -> AssessmentLine:
    owed = ZERO if replaced else base.duty
    return AssessmentLine(
        kind=DUTY,
        code=base.line.number,
        basis=plain(base.value),
        rate=base.rate,
        amount=cents(owed),
        legal_basis=base.legal_basis,
        working=f"replaced by {dotted(replaced)}" if replaced else base.working,
    )


def _stacked(
    draft: Draft, bases: tuple[Base, ...], applied: tuple[Applied, ...], remark: str
) -> tuple[StackedTariff, ...]:
    """The numbers in wire order: chapter 98, chapter 99, then 1 to 97 with the value."""
    provisions = [
        StackedTariff(hts_number=one.number, role="provision", value=one.tariff.value or "0")
        for one in draft.numbers.provisions
    ]
    extras = [
        StackedTariff(hts_number=one.measure.heading, role=one.role, value="0", reason=one.reason) for one in applied
    ]
    leading = [
        StackedTariff(
            hts_number=one.line.number,
            role="classification",
            value=plain(ZERO if draft.set_header else one.value),
            reason="; ".join(one for one in (remark, *_gaps(draft, bases, applied)) if one) or None,
        )
        for one in bases
    ]
    return (*provisions, *extras, *leading)


def _gaps(draft: Draft, bases: tuple[Base, ...], applied: tuple[Applied, ...]) -> list[str]:
    """Additional duties that may exist although our lists do not hold them: said, since it would look like zero."""
    if draft.provision.kind == "free":
        return []
    held = {one.measure.authority for one in applied}
    origin, on = draft.item.origin_country or "", draft.rate.day
    gaps = draft.tariff.gaps_of(bases[0].line.number, origin=origin, on=on)
    return [f"not known here: {one.note.rstrip('.')}" for one in gaps if one.authority not in held]


def _mpf_exempt(draft: Draft, bases: tuple[Base, ...]) -> bool:
    """By claim (19 CFR 24.23(c)(3) and the agreements), or by origin, claim or not (24.23(c)(1), (2))."""
    rows = [one.claim.row for one in bases]
    if all(row is not None and row.mpf_exempt for row in rows):
        return True
    origin = draft.item.origin_country or ""
    return draft.tariff.origin_status(origin, "mpf_exempt", draft.rate.day) is not None
