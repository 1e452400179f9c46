"""What would I owe: the whole stack of a number in legal order, why each part counts or not, what would change it."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from declarations.assessment import DUTY_KINDS, Assessment
from declarations.public.measures import authority_of, effect_of
from declarations.public.trial import Trial
from declarations.public.why import known_end, what_changes, why_not
from declarations.tariff.explain import Explained, codes_of, explain_item
from declarations.tariff.history import DAY
from declarations.tariff.view import Measure, normal_number
from portal.money import ZERO, cents
from portal.shown import hts, money

NEAR = timedelta(days=30)  # a day within so many of a change shows what is owed on both sides of it
RECENT = timedelta(days=400)  # measures that ended or begin within so many days are named
SEA, LAND = "11", "30"


class Part(NamedTuple):
    """One line of the stack: in words, and what would change it."""

    said: Explained
    heading: str  # digits of a number of chapter 99, for its page
    authority: str
    effect: str
    changes: list[str]


class Absent(NamedTuple):
    """A measure that names the goods and does not count here, and why."""

    heading: str
    authority: str
    effect: str
    note: str
    law: str
    why: str


class Claim(NamedTuple):
    """What a claim for preference would do, against no claim."""

    code: str
    name: str
    duty: Decimal
    fees: Decimal
    total: str
    certification: bool
    law: str
    chosen: bool
    refusal: str

    @property
    def saves(self) -> Decimal:
        """Duty and fees together."""
        return self.duty + self.fees


class Turn(NamedTuple):
    """A day near the one asked for on which what is owed changes."""

    last: date  # the last day of the old
    first: date  # the first day of the new
    before: str  # what is owed, or why it cannot be told
    after: str
    difference: Decimal | None
    changes: list[str]
    is_past: bool

    @property
    def fall(self) -> Decimal:
        """How much less it is."""
        return -(self.difference or ZERO)


class Answer(NamedTuple):
    """Everything that the page says about one question."""

    parts: list[Part]
    absent: list[Absent]
    elsewhen: list[Absent]
    gaps: list[Measure]
    footnotes: list[Measure]
    claims: list[Claim]
    turns: list[Turn]
    mode_words: str


def answer_of(trial: Trial, assessment: Assessment | None, programs: list[tuple[str, str]]) -> Answer:
    """The stack of an assessment with its reasons; without one, only what is in force."""
    asked, view = trial.asked, trial.view
    in_force = view.measures_of(trial.line.number, origin=asked.origin, on=asked.on)
    codes = {one.hts_number[:8] for item in assessment.items for one in item.tariffs} if assessment else set()
    counted = [one for one in in_force if one.heading in codes and _is_used(one, asked.program)]
    used = {one.heading for one in counted}
    others = [one for one in in_force if one.heading not in used]
    others.sort(key=lambda one: (one.claimed_only, one.effect == "exempt"))
    return Answer(
        parts=_parts(assessment, counted, in_force, trial, {code for code, _name in programs}) if assessment else [],
        absent=[_absent(one, why_not(one, counted, asked.program)) for one in _once(others)],
        elsewhen=_elsewhen(trial, used),
        gaps=list(view.gaps_of(trial.line.number, origin=asked.origin, on=asked.on)),
        footnotes=list(view.footnotes_of(trial.line.number, origin=asked.origin, on=asked.on)),
        claims=_claims(trial, programs) if assessment else [],
        turns=_turns(trial) if assessment else [],
        mode_words=_mode_words(trial, assessment) if assessment else "",
    )


def _is_used(one: Measure, program: str) -> bool:
    return not one.program or one.program == program


def _parts(
    assessment: Assessment, counted: list[Measure], in_force: tuple[Measure, ...], trial: Trial, claimable: set[str]
) -> list[Part]:
    view, by_heading = trial.view, {one.heading: one for one in counted}
    found = {code: view.line(code) for code in map(normal_number, codes_of(assessment.items))}
    lines = {code: one for code, one in found.items() if one is not None}
    parts = []
    for item in assessment.items:
        said = explain_item(
            item, editions=assessment.editions, lines=lines, item=trial.item, fees=view.fees(trial.asked.on)
        )
        for line, words in zip(item.lines, said, strict=True):
            measure = by_heading.get(line.code[:8]) if line.kind in DUTY_KINDS else None
            parts.append(_part(words, measure, in_force, claimable))
    return parts


def _part(said: Explained, measure: Measure | None, in_force: tuple[Measure, ...], claimable: set[str]) -> Part:
    if measure is None:
        return Part(said, "", "", "", [])
    changes = what_changes(measure, in_force, claimable)
    return Part(said, measure.heading, authority_of(measure), effect_of(measure), changes)


def _absent(one: Measure, why: str) -> Absent:
    return Absent(one.heading, authority_of(one), effect_of(one), one.note, one.legal_basis, why)


def _once(rows: list[Measure]) -> list[Measure]:
    """Of rows of one heading that differ in the program alone, the first."""
    return list({(one.heading, one.note): one for one in rows}.values())


def _elsewhen(trial: Trial, used: set[str]) -> list[Absent]:
    """Duties that ended not long ago, or will begin."""
    on = trial.asked.on
    rows = [
        one
        for one in trial.rows()
        if one.effect != "exempt"
        and one.heading not in used
        and (on < one.effective_from <= on + RECENT or (one.effective_to and on - RECENT <= one.effective_to < on))
    ]
    last = {one.heading: one for one in rows}
    return [_absent(one, known_end(one, on)) for one in last.values()]


def _claims(trial: Trial, programs: list[tuple[str, str]]) -> list[Claim]:
    """Each program that may be claimed, against no claim at all."""
    without = trial.answer(program="")
    if without is None:
        return []
    found = []
    for code, name in programs:
        with_it, row = trial.answer(program=code), trial.view.program(code, on=trial.asked.on)
        if with_it is None or row is None:
            continue
        working = [line.working for item in with_it.items for line in item.lines if "claim not counted" in line.working]
        found.append(
            Claim(
                code=code, name=name, duty=_less(without.totals.duty, with_it.totals.duty),
                fees=_less(without.totals.fees, with_it.totals.fees), total=with_it.totals.total,
                certification=row.certification_needed, law=row.legal_basis, chosen=code == trial.asked.program,
                refusal=working[0].partition("; ")[2] if working else "",
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (-one.saves, one.code))


def _less(old: str, new: str) -> Decimal:
    return Decimal(old) - Decimal(new)


def _turns(trial: Trial) -> list[Turn]:
    """Changes near the day asked for, each with what is owed before and after."""
    on = trial.asked.on
    days = sorted({one for one in (*trial.turns(), *trial.fee_turns()) if abs(one - on) <= NEAR})
    found = []
    for first in days:
        before, after = trial.answer(on=first - DAY), trial.answer(on=first)
        if before is None or after is None or _amounts(before) == _amounts(after):
            continue
        known = not before.unassessed and not after.unassessed
        difference = _less(after.totals.total, before.totals.total) if known else None
        changes = list(_changes(before, after)) if known else []
        found.append(Turn(first - DAY, first, _total(before), _total(after), difference, changes, first <= on))
    return found


def _total(assessment: Assessment) -> str:
    if assessment.unassessed:
        return " ".join(one.reason for one in assessment.unassessed)
    return money(assessment.totals.total)


def _amounts(assessment: Assessment) -> dict[str, tuple[str, str]]:
    lines = {one.code: (one.rate, one.amount) for item in assessment.items for one in item.lines}
    return lines | {f"fee {one.code}": ("", one.amount) for one in assessment.fees}


def _changes(before: Assessment, after: Assessment) -> Iterator[str]:
    """In words: numbers that come, go, or owe something else."""
    old, new = _amounts(before), _amounts(after)
    for code in dict.fromkeys((*old, *new)):
        if code.startswith("fee ") or old.get(code) == new.get(code):
            continue
        names = {"number": hts(code), "old": money(old.get(code, ("", "0"))[1]),
                 "new": money(new.get(code, ("", "0"))[1])}  # fmt: skip
        is_free = {old.get(code, ("", "0.00"))[1], new.get(code, ("", "0.00"))[1]} == {"0.00"}
        if code not in old:
            yield (_("%(number)s begins") if is_free else _("%(number)s begins: %(new)s")) % names
        elif code not in new:
            yield (_("%(number)s ends") if is_free else _("%(number)s ends: %(old)s")) % names
        else:
            yield _("%(number)s: %(old)s becomes %(new)s") % names


def _mode_words(trial: Trial, assessment: Assessment) -> str:
    """What another way of transport would change: the harbor fee is for ships alone."""
    is_sea = trial.asked.mode == SEA
    other = trial.answer(mode=LAND if is_sea else SEA)
    if other is None:
        return ""
    difference = _less(other.totals.total, assessment.totals.total)
    if difference == ZERO:
        return ""
    amount = money(cents(abs(difference)))
    if is_sea:
        return _("By truck or by air there is no harbor maintenance fee: %(amount)s less.") % {"amount": amount}
    return _("By ship a harbor maintenance fee comes on top: %(amount)s more.") % {"amount": amount}
