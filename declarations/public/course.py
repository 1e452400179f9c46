"""How the rate of a number moved, and which measures stood when: figures for plots and for the tables beside them."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from declarations.assessment import Assessment
from declarations.public import plots
from declarations.public.measures import authority_of, effect_of
from declarations.public.trial import Trial
from declarations.tariff.history import DAY
from declarations.tariff.view import Measure
from portal.money import plain
from portal.shown import day, hts

ROOM = timedelta(days=45)  # after the last day that is known of
HUNDRED = Decimal(100)
FREES = ("exempt", "floor_met")


class Stretch(NamedTuple):
    """Days with one rate: from, to (None: no end is known), the rate, the numbers in it, or why it cannot be told."""

    first: date
    last: date | None
    rate: Decimal | None
    numbers: tuple[str, ...]
    why: str

    @property
    def shown(self) -> str:
        """The rate in percent."""
        return "" if self.rate is None else f"{plain(self.rate)} %"


class Standing(NamedTuple):
    """A measure in the table beside the time line."""

    heading: str
    name: str
    effect: str
    first: date
    last: date | None
    depends: bool


class Course(NamedTuple):
    """Both plots, as SVG, and their figures."""

    first: date
    held: date  # the first day for which a schedule is held: the rate is drawn from here
    stretches: list[Stretch]
    standing: list[Standing]
    rate_plot: SafeString
    bars_plot: SafeString  # measures that apply without a claim, twice: for a wide page and for a phone
    stated_plot: SafeString  # those that wait for a claim or a statement of the filer
    stated: int


def course_of(trial: Trial, today: date, country: str) -> Course:
    """The whole course of a number for goods of an origin: from the first thing held to the last that is known of."""
    rows = [one for one in trial.rows() if not (one.claimed_only and one.effect == "exempt")]
    held = trial.shelf.first_day or today
    first = min([one.effective_from for one in rows] + [held])
    turns = trial.turns()
    last = max([today, trial.asked.on, *(one - DAY for one in turns)]) + ROOM
    stretches = _stretches(trial, held, turns)
    standing = sorted((_standing(one) for one in rows), key=lambda one: one.depends)
    firm, stated = _bars(one for one in rows if not _waits(one)), _bars(one for one in rows if _waits(one))
    marks = [plots.Mark(trial.asked.on, day(trial.asked.on))]
    names = {"number": hts(trial.line.number), "country": country, "first": day(held), "last": day(last)}
    frame = plots.Frame(
        id="plot-rate", title=_("All duties on %(number)s from %(country)s, in percent of the value") % names,
        description=_("A step line from %(first)s to %(last)s. The table below has the same figures.") % names,
        first=held, last=last, marks=marks, label=_axis_label, axis=_("Percent of the value"),
    )  # fmt: skip
    names["first"] = day(first)
    below = frame._replace(
        id="plot-measures", first=first, title=_("Measures on %(number)s from %(country)s and their times") % names,
        description=_("A bar a measure from %(first)s to %(last)s. The table below has the same figures.") % names,
        axis="",
    )  # fmt: skip
    steps = [plots.Step(one.first, one.last or last, one.rate, one.why) for one in stretches]
    rate_plot = _svg(plots.step_line(frame, steps))
    apart = below._replace(
        id="plot-stated", title=_("Measures on a claim or a condition, on %(number)s from %(country)s") % names
    )
    return Course(first, held, stretches, standing, rate_plot, _both(below, firm), _both(apart, stated), len(stated))


def _both(frame: plots.Frame, bars: list[plots.Bar]) -> SafeString:
    return _svg(plots.bars(frame, bars) + plots.bars(frame, bars, plots.PHONE)) if bars else _svg("")


def _svg(text: str) -> SafeString:
    return mark_safe(text)  # noqa: S308  # made by us, every text in it escaped


def _axis_label(on: date) -> str:
    return str(on.year) if on.month == 1 else day(on).partition(" ")[2].rsplit(" ", 1)[0]


def _stretches(trial: Trial, first: date, turns: Iterable[date]) -> list[Stretch]:
    """Days with the same rate and the same numbers in it are one stretch."""
    days = sorted({first, *(one for one in turns if one >= first)})
    told = [(on, *_told(*trial.rate_on(on))) for on in days]
    found: list[Stretch] = []
    for (rate, numbers, why), group in groupby(told, key=lambda one: one[1:]):
        begun = next(group)[0]
        if found:
            found[-1] = found[-1]._replace(last=begun - DAY)
        found.append(Stretch(begun, None, rate, numbers, why))
    return found


def _told(rate: Decimal | None, assessment: Assessment | None) -> tuple[Decimal | None, tuple[str, ...], str]:
    if assessment is None:
        return None, (), _("No schedule is held for these days.")
    numbers = tuple(hts(one.code) for item in assessment.items for one in item.lines if one.kind != "fee")
    why = next((one.reason for one in assessment.unassessed), "") if rate is None else ""
    return rate, numbers, why


def _bars(rows: Iterable[Measure]) -> list[plots.Bar]:
    """One row a heading, in the order of their beginning."""
    by_heading: dict[str, list[Measure]] = {}
    for one in rows:
        by_heading.setdefault(one.heading, []).append(one)
    return [
        plots.Bar(f"{hts(heading)} {authority_of(found[0])}", _spans(found)) for heading, found in by_heading.items()
    ]


def _spans(rows: Iterable[Measure]) -> tuple[plots.Span, ...]:
    """What a heading does in its times; times that touch and say the same are one."""
    found: list[plots.Span] = []
    for one in rows:
        span = plots.Span(one.effective_from, one.effective_to, _label(one), _kind(one))
        before = found[-1] if found else None
        if before and before[2:] == span[2:] and (before.last is None or before.last + DAY >= span.first):
            found[-1] = before._replace(last=_later(before.last, span.last))
        else:
            found.append(span)
    return tuple(found)


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)


def _kind(one: Measure) -> str:
    if _waits(one):
        return "depends"
    return "free" if one.effect in FREES else "add"


def _waits(one: Measure) -> bool:
    """Whether it counts only with a claim, or where the filer states its condition."""
    return one.claimed_only or bool(one.program)


def _label(one: Measure) -> str:
    if one.effect in FREES:
        return _("frees (claim %(program)s)") % {"program": one.program} if one.program else _("frees")
    rate = f"{plain(one.rate * HUNDRED)} %" if one.rate is not None else ""
    signs = {"add": "+", "floor": _("total "), "replace": _("in place ")}
    return signs.get(one.effect, "") + rate


def _standing(one: Measure) -> Standing:
    depends = _waits(one) or bool(one.requires)
    return Standing(one.heading, authority_of(one), effect_of(one), one.effective_from, one.effective_to, depends)
