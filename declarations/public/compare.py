"""One number on two days, or from two origins, or with two claims, side by side."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from declarations.assessment import Assessment
from declarations.public import duty
from declarations.public.asking import day_asked, today
from declarations.public.measures import authority_of, effect_of
from declarations.public.trial import Trial
from declarations.tariff import selectors
from declarations.tariff.guide import name_of
from declarations.tariff.view import Measure, TariffLine, TariffView
from portal.codes.selectors import CodeRow, list_codes
from portal.forms import FieldView
from portal.money import cents
from portal.shown import day, hts, money

NONE = "–"


class Side(NamedTuple):
    """One of the two: what was asked, the number and the tariff of its day, and what is owed."""

    asked: duty.Question
    country: str
    view: TariffView | None
    line: TariffLine | None
    assessment: Assessment | None
    instead: tuple[str, ...] = ()  # numbers that stood, or stand, in the place of one that is not there on the day

    @property
    def is_whole(self) -> bool:
        """Whether everything that is owed could be computed."""
        return self.assessment is not None and not self.assessment.unassessed

    @property
    def owes(self) -> str:
        """The total in words; of what could not be computed, that it could not."""
        if self.assessment is None:
            return _("no schedule is held")
        if self.is_whole:
            return money(self.assessment.totals.total)
        if not Decimal(self.assessment.totals.duty):
            return _("could not be computed")
        return _("%(total)s and a part that could not be computed") % {"total": money(self.assessment.totals.total)}


class Row(NamedTuple):
    """One thing on both sides. `differs` is said in words beside the mark."""

    name: str
    left: str
    right: str
    differs: bool
    difference: str = ""
    note: str = ""
    href: str = ""


class Table(NamedTuple):
    """Rows under one heading; `amounts` where the last column is a difference in dollars."""

    title: str
    rows: list[Row]
    amounts: bool = False
    stated: Sequence[Row] = ()  # measures that count only where the filer states their condition


@require_safe
def tariff_compare(request: HttpRequest, number: str) -> HttpResponse:
    """A form for two sides, and what differs between them."""
    digits = "".join(ch for ch in number if ch in "0123456789")
    if not 8 <= len(digits) <= 10 or set(number) - set("0123456789.") or digits[:2] == "99":
        raise Http404
    if digits != number:
        return redirect("tariff_compare", digits)
    on, left_day = day_asked(request.GET, "on", _("Day"), today())
    other, right_day = day_asked(request.GET, "on2", _("Day"), on)
    trial, countries = _trial(request, digits, on, other), list_codes("countries", on)
    right = _right(request, trial.asked, other, {one.code for one in countries})
    sides = [_side(trial, one, countries) for one in (trial.asked, right)]
    name, above = name_of(trial.line.description, trial.line.path)
    context: dict[str, Any] = {
        "number": digits, "line": trial.line, "name": name, "above": above, "sides": sides,
        "left_fields": [left_day, *_choices("", sides[0], countries)],
        "right_fields": [right_day, *_choices("2", sides[1], countries)],
        "common": _common(request, trial, countries), "back": _back(request),
        "same": sides[0].asked == sides[1].asked, "is_asked": bool(trial.asked.origin),
    }  # fmt: skip
    for field in (left_day, right_day):
        if field.error:
            trial.asked.errors[field.name] = str(field.error)
    context["errors"] = trial.asked.errors
    if trial.asked.can_be_told and right.origin:
        context["tables"] = tables_of(*sides)
        context["sums"] = _sums(*sides)
    return render(request, "public/compare.html", context)


def _trial(request: HttpRequest, digits: str, on: date, other: date) -> Trial:
    """The question of the left side. A number that is not in force on its day is looked up on another."""
    for one in dict.fromkeys((on, other, today())):
        try:
            view = selectors.current_view(one)
        except selectors.NoEdition:
            continue
        line = view.line(digits)
        if line is not None and line.declarable:
            asked = duty.read_question(request.GET, line, on, list_codes("countries", on))
            return Trial(asked, line, view, timezone.now())
    raise Http404


def _right(request: HttpRequest, left: duty.Question, on: date, countries: set[str]) -> duty.Question:
    """The other side: like the left one, but for what is asked of it."""
    given = request.GET
    origin = given.get("origin2", left.origin)
    program = given.get("program2", left.program).strip().upper()[:2]
    return replace(left, on=on, origin=origin if origin in countries else left.origin, program=program)


def _side(trial: Trial, asked: duty.Question, countries: list[CodeRow]) -> Side:
    view = trial.tariff_on(asked.on)
    country = next((one.name for one in countries if one.code == asked.origin), "")
    line = view.line(trial.line.number) if view else None
    return Side(
        asked, country, view, line,
        trial.answer(on=asked.on, origin=asked.origin, program=asked.program) if asked.origin else None,
        _instead(trial, asked.on) if view and line is None else (),
    )  # fmt: skip


def _instead(trial: Trial, on: date) -> tuple[str, ...]:
    """Numbers that stood before the one asked for, or came after it, and are there on the day."""
    view, number = selectors.current_view(on), trial.line.number
    known = trial.view.predecessors(number) if on < trial.view.on else view.successors(number)
    return tuple(one for one in known if (line := view.line(one)) is not None and line.declarable)


def _choices(mark: str, side: Side, countries: list[CodeRow]) -> list[FieldView]:
    by_name = sorted(countries, key=lambda one: one.name)
    fields = [
        FieldView(f"origin{mark}", _("Country of origin"), kind="select", value=side.asked.origin,
                  choices=[(one.code, one.name) for one in by_name])
    ]  # fmt: skip
    if side.view is not None and side.line is not None and side.asked.origin:
        programs = duty.programs_for(side.line, side.asked.origin, side.view, side.asked.on)
        if programs:
            fields.append(FieldView(f"program{mark}", _("Preference claimed"), kind="select",
                                    choices=[("", _("No claim")), *programs], value=side.asked.program))  # fmt: skip
    return fields


def _common(request: HttpRequest, trial: Trial, countries: list[CodeRow]) -> list[FieldView]:
    units = {one.code: one.name for one in list_codes("units", trial.asked.on)}
    fields = duty.fields_of(trial.asked, trial.line, countries, [], units)
    return [one for one in fields if one.name not in ("origin", "program")]


def _back(request: HttpRequest) -> str:
    kept = request.GET.copy()
    for name in ("on2", "origin2", "program2"):
        kept.pop(name, None)
    return f"?{kept.urlencode()}" if kept else ""


def tables_of(left: Side, right: Side) -> list[Table]:
    """What the schedule says, which measures are in force, and what is owed, on both sides."""
    return [
        Table(_("What you would owe"), _owed(left, right), amounts=True),
        Table(_("Measures in force"), _measures(left, right), stated=_measures(left, right, stated=True)),
        Table(_("In the schedule"), _schedule(left, right)),
    ]


def _schedule(left: Side, right: Side) -> list[Row]:
    missing, none = _("Not in the schedule"), _("No schedule is held")
    there = [hts(one.line.number) if one.line else missing if one.view else none for one in (left, right)]
    rows = [_row(_("Number"), there[0], there[1])]
    for name, member in (
        (_("Goods"), "description"), (_("General rate"), "general"), (_("Special rate"), "special"),
        (_("Column 2"), "column2"), (_("Units"), "units"),
    ):  # fmt: skip
        rows.append(_row(name, _text(left.line, member), _text(right.line, member)))
    editions = [one.view.editions.tariff or NONE if one.view else _("None held") for one in (left, right)]
    return [*rows, _row(_("Edition"), editions[0], editions[1])]


def _text(line: TariffLine | None, member: str) -> str:
    value = getattr(line, member, "")
    return (value if isinstance(value, str) else ", ".join(value)) or NONE


def _row(name: str, left: str, right: str) -> Row:
    return Row(name, left, right, left != right)


def _measures(left: Side, right: Side, *, stated: bool = False) -> list[Row]:
    """Measures that name the goods; apart, the duties on a condition that the filer states."""
    sides = [_in_force(one) for one in (left, right)]
    rows = []
    for heading in dict.fromkeys((*sides[0], *sides[1])):
        pair = [side.get(heading) for side in sides]
        measure = pair[0] or pair[1]
        words = [_said(one) for one in pair]
        if measure is not None and measure.claimed_only is stated:
            rows.append(_row(hts(heading), words[0], words[1])._replace(note=authority_of(measure), href=heading))
    return rows


def _in_force(side: Side) -> dict[str, Measure]:
    if side.view is None or side.line is None:
        return {}
    found = side.view.measures_of(side.line.number, origin=side.asked.origin, on=side.asked.on)
    return {one.heading: one for one in found if not (one.claimed_only and one.effect == "exempt")}


def _said(one: Measure | None) -> str:
    if one is None:
        return NONE
    words = effect_of(one)
    if one.claimed_only:
        words = _("%(words)s (where you state it)") % {"words": words}
    elif one.program:
        words = _("%(words)s (claim %(program)s)") % {"words": words, "program": one.program}
    return words[:1].upper() + words[1:]


def _owed(left: Side, right: Side) -> list[Row]:
    sides = [_lines(one.assessment) for one in (left, right)]
    rows = []
    for key in sorted(dict.fromkeys((*sides[0], *sides[1])), key=_place):
        pair = [side.get(key) for side in sides]
        words = [_amount(one, side) for one, side in zip(pair, (left, right), strict=True)]
        amounts = [Decimal(one[1]) if one else Decimal(0) for one in pair]
        known = all(one or side.is_whole for one, side in zip(pair, (left, right), strict=True))
        kind, code = key
        row = _row(_fee_name(code) if kind == "fee" else hts(code), words[0], words[1])
        rows.append(
            row._replace(
                difference=_signed(amounts[1] - amounts[0]) if known else "",
                href=code[:8] if kind != "fee" and code[:2] == "99" else "",
            )
        )
    return rows


def _amount(line: tuple[str, str] | None, side: Side) -> str:
    """An amount with its rate; nothing where nothing is owed, and not so where it is not known."""
    if line is None:
        return NONE if side.is_whole else _("not computed")
    rate, amount = line
    return f"{money(amount)} ({rate})" if rate else money(amount)


def _place(key: tuple[str, str]) -> int:
    """Chapter 99 stands before the number of the goods, the fees of the entry after it; within them as assessed."""
    return 2 if key[0] == "fee" else 0 if key[1][:2] == "99" else 1


def _lines(assessment: Assessment | None) -> dict[tuple[str, str], tuple[str, str]]:
    """Duties by number with their rates, then the fees of the entry."""
    if assessment is None:
        return {}
    duties = {
        (one.kind, one.code): (one.rate, one.amount)
        for item in assessment.items
        for one in item.lines
        if one.kind != "fee"
    }
    ordered: dict[tuple[str, str], tuple[str, str]] = {("line", code): found for (_k, code), found in duties.items()}
    return ordered | {("fee", one.code): ("", one.amount) for one in assessment.fees}


def _fee_name(code: str) -> str:
    names = {"499": _("Merchandise processing fee"), "501": _("Harbor maintenance fee")}
    return names.get(code, _("Fee %(code)s") % {"code": code})


def _signed(amount: Decimal) -> str:
    return ("+" if amount > 0 else "") + money(cents(amount)) if amount else money("0")


def _sums(left: Side, right: Side) -> dict[str, Any]:
    """Totals of both, what could not be computed, and the difference where both are known in whole."""
    found: dict[str, Any] = {"left": left.owes, "right": right.owes}
    found["troubles"] = [
        (_label(one), [trouble.reason for trouble in one.assessment.unassessed], one)
        for one in (left, right)
        if one.assessment and one.assessment.unassessed
    ]
    if left.assessment and right.assessment and left.is_whole and right.is_whole:
        more = Decimal(right.assessment.totals.total) - Decimal(left.assessment.totals.total)
        found |= {"difference": _signed(more), "more": more, "apart": cents(abs(more))}
    return found


def _label(side: Side) -> str:
    return f"{side.country}, {day(side.asked.on)}"
