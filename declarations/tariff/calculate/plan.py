"""What lines of the same numbers, origin, claim and day share, whatever their value: worked out once, kept in the view.

A plan holds everything of a line but its amounts: rates, law, words, the chapter 99 numbers. The side of a mark on
which the share of the base duty stands (a total in lieu of it) chooses among the outcomes of a plan.
"""

from bisect import bisect_right
from datetime import date, datetime
from decimal import Decimal
from functools import partial

import msgspec
import pycountry
from msgspec import Struct

from declarations.assessment import ADDITIONAL, EXEMPTION, REPLACEMENT, StackedTariff, Unassessed
from declarations.document import Item
from declarations.tariff.calculate import reading
from declarations.tariff.calculate.base import Rated, asked_by, rate_line
from declarations.tariff.calculate.follow import followed
from declarations.tariff.calculate.provision import Provision, provision_of
from declarations.tariff.calculate.reading import Numbers, Placed, numbers_of, unassessed
from declarations.tariff.calculate.stack import (
    FLOOR,
    FLOOR_MET,
    SCHEDULE,
    Applied,
    Stack,
    Subject,
    applied_as,
    judge,
    propose,
)
from declarations.tariff.view import TariffLine, TariffView, country_of
from portal.money import ZERO, plain
from portal.tariff_numbers import dotted

HUNDRED = Decimal(100)
METALS = "s232_metals"  # under 9802.00.60 on the full value (US note 16(b))
COUNTRIES = frozenset(one.alpha_2 for one in pycountry.countries) | {"XK"}  # Kosovo: in lists of chapter 99
KINDS = {"additional": ADDITIONAL, "replacement": REPLACEMENT, "exemption": EXEMPTION}


class Extra(Struct, frozen=True):
    """A chapter 99 number on the line: `working` follows the value, or is all of it for an exemption."""

    kind: str
    code: str
    rate: Decimal
    shown: str
    legal_basis: str
    working: str
    on_full_value: bool
    content: str = ""  # the duty is on this value, stated under the line's measures


class Outcome(Struct, frozen=True):
    """What chapter 99 does to a line: its duties and numbers in wire order, or why nothing can be told."""

    troubles: tuple[Unassessed, ...] = ()
    extras: tuple[Extra, ...] = ()
    tariffs: tuple[StackedTariff, ...] = ()
    instead: str | None = None  # the working of the base duty where another duty replaces it
    reason: str | None = None  # remarks that stand with the classification
    split: str = ""  # an exemption that holds only as far as duties on a content reach
    notices: tuple[Unassessed, ...] = ()  # what cannot be told beside that


class Plan(Struct, frozen=True):
    """Everything of a line but its amounts. Pointers are relative to the item."""

    obstacles: tuple[Unassessed, ...] = ()
    unclear: Unassessed | None = None  # a provision of chapter 98 whose effect cannot be told
    partial: bool = False  # duty is on the part of the value stated with each number
    provisions: tuple[tuple[int, str], ...] = ()  # places and numbers of chapter 98
    rated: tuple[Rated, ...] = ()
    marks: tuple[Decimal, ...] = ()  # shares at which the outcome changes
    outcomes: tuple[Outcome, ...] = ()  # below the first mark, from it, from the next; at the end for no known share
    mpf_exempt: bool = False
    line: TariffLine | None = None  # of the number that leads, where its duties are computed

    def outcome(self, share: Decimal | None) -> Outcome:
        """The outcome for a share of the base duty in the value."""
        return self.outcomes[-1 if share is None else bisect_right(self.marks, share)]


def plan_of(item: Item, tariff: TariffView, on: date, at: datetime | None = None) -> Plan:
    """The plan of a line on a day; `at` is the time of entry, where it is known."""
    numbers = tuple([one.hts_number for one in item.tariffs])
    key = (numbers, item.origin_country, asked_by(item), on, at)
    found: Plan = tariff.plans.get(key, partial(_plan, item, tariff, on, at))
    return found


def _plan(item: Item, tariff: TariffView, on: date, at: datetime | None) -> Plan:
    numbers, origin = numbers_of(item), country_of(item.origin_country)
    provision = provision_of(numbers, tariff, origin=origin, on=on)
    obstacles = _obstacles(origin, numbers, tariff, on)
    if obstacles or isinstance(provision, Unassessed):
        return Plan(obstacles, provision if isinstance(provision, Unassessed) else None)
    rated = followed([_rated(one, provision, origin, asked_by(item), tariff, on) for one in numbers.classifications])
    honoured = all(one.claim.program for one in rated)
    subject = Subject(rated[0].number, origin, on, rated[0].claim.program if honoured else None, at=at)
    if at is None and tariff.turns_within(subject.number, origin=origin, on=on):
        return Plan((_time_needed(subject),))
    marks = _marks(subject, tariff)
    shares = (marks[0] - 1, *marks, None) if marks else (None,)
    return Plan(
        partial=provision.kind == "partial",
        provisions=tuple((one.index, one.number) for one in numbers.provisions),
        rated=rated,
        marks=marks,
        outcomes=tuple(
            _outcome(msgspec.structs.replace(subject, share=one), rated[0].index, numbers, provision, tariff)
            for one in shares
        ),
        line=tariff.line(rated[0].number),
        mpf_exempt=provision.mpf_exempt or _mpf_exempt(rated, subject, tariff),
    )


def _obstacles(origin: str, numbers: Numbers, tariff: TariffView, on: date) -> tuple[Unassessed, ...]:
    """All that stands in the way of a computation, not the first alone."""
    found: list[Unassessed] = []
    if tariff.lines_from is not None and on < tariff.lines_from:
        found.append(unassessed(reading.EDITION, "", f"We hold no tariff schedule that was in force on {on}."))
    if origin not in COUNTRIES:
        strange = "" if origin in ("", "**") else f" {origin} is no country of ISO 3166."
        text = f"The duty depends on the country of origin: name it.{strange}"
        found.append(unassessed(reading.ORIGIN, "/origin_country", text))
    if not numbers.classifications:
        found.append(unassessed(reading.NUMBER, "/tariffs", "There is no tariff number of chapters 1 to 97."))
    found += [one for placed in numbers.classifications if (one := _unknown(placed, tariff))]
    return tuple(found)


def _time_needed(subject: Subject) -> Unassessed:
    day = f"{subject.on.day} {subject.on:%b %Y}"
    text = f"The duties on {dotted(subject.number)} change within {day}: the time of entry decides."
    return unassessed(reading.TIME, "", text)


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


def _rated(placed: Placed, provision: Provision, origin: str, asked: str | None, tariff: TariffView, on: date) -> Rated:
    """The rate of a number that is held. A provision that frees the line stands instead of its columns."""
    line = tariff.lines[placed.number]
    if provision.kind != "free":
        rated = rate_line(placed.index, line, origin=origin, asked=asked, tariff=tariff, on=on)
        law = f"{rated.legal_basis}; HTS {dotted(provision.number)}"
        return msgspec.structs.replace(rated, legal_basis=law) if provision.kind == "same" else rated
    freed = msgspec.structs.replace(line, general="Free", special="", column2="Free")
    rated = rate_line(placed.index, freed, origin=origin, asked=asked, tariff=tariff, on=on)
    under = dotted(provision.number)
    return msgspec.structs.replace(rated, free=f"Free under {under}", remark="", legal_basis=f"HTS {under}")


def _marks(subject: Subject, tariff: TariffView) -> tuple[Decimal, ...]:
    """Rates of totals in lieu of the base duty, ascending: on them it depends which measures apply."""
    rows = tariff.measures_of(subject.number, origin=subject.origin, on=subject.on, at=subject.at)
    found = {one.rate for one in rows if one.effect in (FLOOR, FLOOR_MET) and one.rate is not None}
    return tuple(sorted(found))


def _outcome(subject: Subject, leading: int, numbers: Numbers, provision: Provision, tariff: TariffView) -> Outcome:
    claimed = frozenset(one.number for one in numbers.extras)
    stack = Stack() if provision.kind == "free" else propose(subject, tariff, claimed)
    if stack.barred:
        text = f"The import is barred under {dotted(stack.barred[0].heading)}: {stack.barred[0].note}"
        return Outcome(troubles=(unassessed(reading.BARRED, f"/tariffs/{leading}/hts_number", text),))
    declared = _declared(numbers, subject, stack, tariff)
    if declared.unknown:
        return Outcome(troubles=declared.unknown)
    applied = (*stack.applied, *declared.held_as_lines)
    ends = [] if provision.kind == "free" else _ends(subject, applied, tariff)
    at = f"/tariffs/{leading}/hts_number"
    replaced = next((one.measure.heading for one in applied if one.role == "replacement"), None)
    return Outcome(
        extras=tuple(_extra(one, provision) for one in applied),
        tariffs=tuple(StackedTariff(one.measure.heading, one.role, "0", one.reason) for one in applied),
        instead=f"replaced by {dotted(replaced)}" if replaced else None,
        reason="; ".join(
            one for one in (declared.remark, *(f"not known here: {end.rstrip('.')}" for end in ends)) if one
        )
        or None,
        split=_split(applied, subject, tariff),
        notices=(*declared.unlisted, *(unassessed(reading.LISTS, at, one) for one in ends)),
    )


def _split(applied: tuple[Applied, ...], subject: Subject, tariff: TariffView) -> str:
    """A duty that duties on a content alone lift: it falls away from that content, and not from the rest."""
    duties = [one.measure for one in applied if one.role != "exemption"]
    contents = {one.authority for one in duties if one.content} - {one.authority for one in duties if not one.content}
    if not contents:
        return ""
    opened = (one.measure for one in applied if one.measure.requires & contents)
    rows = tariff.measures_of(subject.number, origin=subject.origin, on=subject.on, at=subject.at)
    given_way = (one for one in rows if one.gives_way & contents and not one.claimed_only)
    return next((one.heading for one in (*opened, *given_way)), "")


class Declared(Struct, frozen=True):
    """What the declared chapter 99 numbers add to the proposal: unknown ones, ones we hold as lines only, a remark.

    `unlisted`: those of which we cannot tell whether they cover the goods.
    """

    unknown: tuple[Unassessed, ...]
    unlisted: tuple[Unassessed, ...]
    held_as_lines: tuple[Applied, ...]
    remark: str


def _declared(numbers: Numbers, subject: Subject, stack: Stack, tariff: TariffView) -> Declared:
    """Declared numbers outside the proposal. One that does not apply is not counted, and the remark says why."""
    proposed = {one.measure.heading for one in stack.applied}
    duties = tuple(one.measure for one in stack.applied)
    judged = [(one, judge(one.number, subject, tariff, duties)) for one in numbers.extras if one.number not in proposed]
    return Declared(
        unknown=tuple(
            unassessed(
                reading.NUMBER,
                f"/tariffs/{one.index}/hts_number",
                f"{dotted(one.number)}: {verdict.refusal or 'no such heading is held'}.",
            )
            for one, verdict in judged
            if not verdict.known
        ),
        unlisted=tuple(_unlisted(one, subject) for one, verdict in judged if verdict.unlisted),
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


def _unlisted(one: Placed, subject: Subject) -> Unassessed:
    text = (
        f"{dotted(one.number)} is declared, and the list of its goods is not held here: whether it covers "
        f"{dotted(subject.number)} cannot be told, and the duty is computed without it."
    )
    return unassessed(reading.CLAIMED, f"/tariffs/{one.index}/hts_number", text)


def _extra(one: Applied, provision: Provision) -> Extra:
    measure, exempt = one.measure, one.role == "exemption"
    rate = measure.rate if measure.rate is not None and not exempt else ZERO
    percent = plain(rate * HUNDRED)
    instead = " in lieu of column 1" if one.role == "replacement" else ""
    return Extra(
        kind=KINDS[one.role],
        code=measure.heading,
        rate=rate,
        shown="Free" if exempt else f"{percent}%",
        legal_basis=measure.legal_basis or f"HTS {dotted(measure.heading)}",
        working=one.reason if exempt else f" x {percent} %{instead}",
        on_full_value=measure.authority == METALS and provision.number.startswith("98020060"),
        content="" if exempt else measure.content,
    )


def _ends(subject: Subject, applied: tuple[Applied, ...], tariff: TariffView) -> list[str]:
    """Additional duties that may exist although our lists do not hold them: said, since it would look like zero."""
    held = {one.measure.authority for one in applied}
    gaps = tariff.gaps_of(subject.number, origin=subject.origin, on=subject.on)
    return [one.note for one in gaps if one.authority not in held]


def _mpf_exempt(rated: tuple[Rated, ...], subject: Subject, tariff: TariffView) -> bool:
    """By claim (19 CFR 24.23(c)(3) and the agreements), or by origin, claim or not (24.23(c)(1), (2))."""
    rows = [one.claim.row for one in rated]
    if all(row is not None and row.mpf_exempt for row in rows):
        return True
    return tariff.origin_status(subject.origin, "mpf_exempt", subject.on) is not None
