"""The chapter 99 numbers of a line: what we propose, and what a declared one is worth.

Order on the wire (CSMS 69668138): section 301, 338, 232, 201, replacement, then chapters 1 to 97.
"""

from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct

from declarations.tariff.expressions import Applicable, parse
from declarations.tariff.view import UNLISTED, Measure, TariffView
from portal.tariff_numbers import dotted

ADD, FLOOR, FLOOR_MET, REPLACE, EXEMPT, PROHIBIT = "add", "floor", "floor_met", "replace", "exempt", "prohibit"
DUTIES = (ADD, FLOOR, FLOOR_MET, REPLACE)
INSTEAD = (FLOOR, REPLACE)  # in lieu of the rate of the line
SCHEDULE = "schedule"  # authority of a heading that we hold as a line of the schedule only
LAST = 90  # its place among the numbers
HUNDRED = Decimal(100)


class Subject(Struct, frozen=True):
    """What measures look at: number, origin, day, the claim that holds, the share of the base duty in the value."""

    number: str
    origin: str
    on: date
    program: str | None = None
    share: Decimal | None = None  # base duty over value: the ad valorem (equivalent) rate of column 1
    at: datetime | None = None  # the time of entry, where the time of day matters


class Applied(Struct, frozen=True):
    """One measure on the line, its role and why it is there."""

    measure: Measure
    role: str
    reason: str


class Stack(Struct, frozen=True):
    """The chapter 99 numbers of a line in wire order, and prohibitions that no duty cures."""

    applied: tuple[Applied, ...] = ()
    barred: tuple[Measure, ...] = ()


class Judged(Struct, frozen=True):
    """A declared heading: the measure it stands for, or why it does not apply, or that nobody knows it.

    `unlisted`: whether it applies cannot be told, since the list of its goods is not held.
    """

    measure: Measure | None = None
    refusal: str = ""
    known: bool = True
    unlisted: bool = False


def propose(subject: Subject, tariff: TariffView, claimed: frozenset[str] = frozenset()) -> Stack:
    """The numbers that apply: duties, less those an exemption lifts, with its zero line.

    `claimed` holds the headings the filer declares: a measure whose condition is the filer's to state counts only
    then, and a claimed duty of known goods stands instead of the other duties of its authority (US note 16(a): one
    of them).
    """
    rows = [
        one
        for one in _rows_of(subject, tariff)
        if (not one.claimed_only or one.heading in claimed) and one.program in (None, subject.program)
    ]
    taken = {one.authority for one in rows if one.claimed_only and one.effect in DUTIES and one.scope}
    duties = [
        one
        for one in rows
        if one.effect in DUTIES and _floor_fits(one, subject.share) and (one.claimed_only or one.authority not in taken)
    ]
    exemptions, lifted = _lift([one for one in rows if one.effect == EXEMPT], duties)
    standing = _one_instead(_after_giving_way([one for one in duties if one.heading not in lifted]))
    applied = [applied_as(one, exemptions[one.heading]) for one in rows if one.heading in exemptions]
    applied += [applied_as(one) for one in standing]
    return Stack(
        applied=tuple(sorted(_once(applied), key=lambda one: (one.measure.order, one.measure.heading))),
        barred=tuple(one for one in rows if one.effect == PROHIBIT),
    )


def _rows_of(subject: Subject, tariff: TariffView) -> tuple[Measure, ...]:
    return tariff.measures_of(subject.number, origin=subject.origin, on=subject.on, at=subject.at)


def _after_giving_way(duties: list[Measure]) -> list[Measure]:
    """Duties less those that fall away beside a duty of another authority."""
    present = {one.authority for one in duties}
    return [one for one in duties if not one.gives_way & present]


def _once(applied: list[Applied]) -> list[Applied]:
    return list({one.measure.heading: one for one in applied}.values())


def _floor_fits(measure: Measure, share: Decimal | None) -> bool:
    """A total in lieu applies below its rate; at or above it the duty of the line is enough and a zero line says so."""
    if measure.effect not in (FLOOR, FLOOR_MET) or measure.rate is None:
        return True
    if share is None:
        return False
    return (share < measure.rate) == (measure.effect == FLOOR)


def _one_instead(duties: list[Measure]) -> list[Measure]:
    """A duty in lieu of the line's own can stand only once."""
    instead = [one for one in duties if one.effect in INSTEAD]
    return [one for one in duties if one.effect not in INSTEAD or one is instead[0]]


def _lift(exemptions: list[Measure], duties: list[Measure]) -> tuple[dict[str, tuple[str, ...]], set[str]]:
    """Which exemptions bite: heading -> headings they lift. Each duty is lifted by the first that can."""
    needed = {authority for one in exemptions for authority in one.requires}
    lifted: set[str] = set()
    biting: dict[str, tuple[str, ...]] = {}
    for one in sorted(exemptions, key=lambda one: not one.exempts & needed):  # those that others look at come first
        standing = [duty for duty in duties if duty.heading not in lifted]
        if one.requires and not any(duty.authority in one.requires for duty in standing):
            continue
        hit = tuple(duty.heading for duty in standing if duty.authority in one.exempts)
        if hit:
            lifted.update(hit)
            biting[one.heading] = hit
    return biting, lifted


def applied_as(measure: Measure, lifts: tuple[str, ...] = ()) -> Applied:
    """The measure with its role on the line and its reason in words."""
    what = measure.note or measure.legal_basis or measure.authority.replace("_", " ")
    if measure.effect == EXEMPT:
        without = f"; {', '.join(dotted(one) for one in lifts)} does not apply" if lifts else ""
        return Applied(measure, "exemption", what + without)
    if measure.effect == FLOOR_MET:
        return Applied(measure, "exemption", what)
    return Applied(measure, "replacement" if measure.effect in INSTEAD else "additional", what)


def judge(heading: str, subject: Subject, tariff: TariffView, duties: tuple[Measure, ...] = ()) -> Judged:
    """Whether a declared chapter 99 heading applies. `duties` are those proposed, for conditions on them."""
    short = heading[:8]
    found = [one for one in _rows_of(subject, tariff) if one.heading == short]
    if not found:
        return _absent(short, subject, tariff)
    fitting = [one for one in found if one.program in (None, subject.program)]
    if not fitting:
        programs = " or ".join(sorted(one.program for one in found if one.program))
        return Judged(refusal=f"it needs a claim under {programs}")
    one = fitting[0]
    if one.requires and not any(duty.authority in one.requires for duty in duties):
        return Judged(refusal=f"it needs a duty of {', '.join(sorted(one.requires)).replace('_', ' ')} on the line")
    if not _floor_fits(one, subject.share):
        return Judged(refusal="the rate of column 1 is on the other side of its mark")
    return Judged(measure=one)


def _absent(heading: str, subject: Subject, tariff: TariffView) -> Judged:
    rows = tariff.measure_rows(heading)
    if rows:
        return Judged(refusal=_why_not(rows, subject), unlisted=any(_is_unlisted_for(one, subject) for one in rows))
    line = tariff.line(heading)
    if line is None:
        return Judged(known=False)
    rate = parse(line.general)
    if not isinstance(rate, Applicable):
        return Judged(known=False, refusal=f"the schedule prints '{line.general}', which needs a measure to be held")
    effect = ADD if rate.extra else EXEMPT
    basis = f"HTS {dotted(heading)}"
    return Judged(
        measure=Measure(
            heading=heading,
            authority=SCHEDULE,
            effect=effect,
            rate=rate.extra / HUNDRED,
            effective_from=date.min,
            order=LAST,
            legal_basis=basis,
        )
    )


def _is_unlisted_for(one: Measure, subject: Subject) -> bool:
    """A row of the day and the origin whose list of goods is not held, or not in full."""
    return UNLISTED in one.scope and _is_of_day(one, subject) and _is_of_origin(one, subject)


def _is_of_day(one: Measure, subject: Subject) -> bool:
    return one.effective_from <= subject.on and (one.effective_to is None or subject.on <= one.effective_to)


def _is_of_origin(one: Measure, subject: Subject) -> bool:
    return (not one.origins or subject.origin in one.origins) and subject.origin not in one.excluded_origins


def _why_not(rows: tuple[Measure, ...], subject: Subject) -> str:
    """The plainest reason why none of a heading's rows fits: its days, the origin, or the goods."""
    current = [one for one in rows if _is_of_day(one, subject)]
    if not current:
        started = [one for one in rows if one.effective_from <= subject.on]
        if started:
            return f"it ended on {max(one.effective_to for one in started if one.effective_to)}"
        return f"it begins on {min(one.effective_from for one in rows)}"
    if not any(_is_of_origin(one, subject) for one in current):
        return f"it is not for goods of {subject.origin}"
    if any(_is_unlisted_for(one, subject) for one in current):
        return f"the list of its goods is not held here: whether it covers {dotted(subject.number)} cannot be told"
    return f"it does not cover {dotted(subject.number)}"
