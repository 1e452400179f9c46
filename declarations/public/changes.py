"""What changed in the tariff between two days: for one's own numbers, for numbers typed in, or for a chapter."""

import csv
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from declarations.public import duty
from declarations.public.asking import day_asked, today
from declarations.public.measures import authority_of
from declarations.public.trial import ROUND_VALUE, rate_of
from declarations.selectors import catalogue_of
from declarations.tariff import selectors
from declarations.tariff.differences import Difference, differences
from declarations.tariff.guide import name_of
from declarations.tariff.history import Shelf
from declarations.tariff.view import TariffLine, TariffView, normal_number
from portal.codes.selectors import list_codes
from portal.forms import FieldView
from portal.money import plain
from portal.shown import hts

MOST_TYPED, PAGE = 200, 50
MOST_CHAPTERS, MOST_CHAPTERS_OPEN = 3, 1  # signed in for an organization, and not
MOST_HEADINGS_OPEN = 40  # about as many as a chapter has
MOST_ORIGINS = 10  # of one number whose rates are told
YEAR = timedelta(days=365)
WHAT = {
    "added": gettext_lazy("New in the schedule"),
    "removed": gettext_lazy("No longer in the schedule"),
    "general rate": gettext_lazy("General rate"),
    "special rate": gettext_lazy("Special rate"),
    "column 2 rate": gettext_lazy("Column 2 rate"),
    "units": gettext_lazy("Units"),
    "description": gettext_lazy("Goods"),
    "use": gettext_lazy("How it is used"),
}
COLUMNS = ("number", "goods", "what", "before", "after", "origins", "from", "to")
FORMULAS = ("=", "+", "-", "@")  # a table program would compute a cell that begins so


class Change(NamedTuple):
    """One thing that changed for a number."""

    what: str
    before: str
    after: str
    origins: str
    heading: str  # digits of a number of chapter 99, for its page
    stated: bool = False  # counts only where the filer states its condition


class Group(NamedTuple):
    """All changes of one number; `rates` are its duties together, by origin."""

    number: str
    name: str
    rates: list[Change]
    changes: list[Change]
    is_there: bool
    stated: list[Change]  # those that count only where the filer states their condition


@dataclass
class Asked:
    """What is asked: two days, an origin, and numbers, beginnings of numbers, or the own ones with their origins."""

    first: date
    last: date
    origin: str = ""
    mine: bool = False
    typed: str = ""
    numbers: dict[str, list[str]] = field(default_factory=dict)
    beginnings: list[str] = field(default_factory=list)
    error: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether there is anything to look at."""
        return not self.error and bool(self.numbers or self.beginnings)


@require_safe
def tariff_changes(request: HttpRequest) -> HttpResponse:
    """The form, and what changed; as a table file where it is asked for."""
    last, last_field = day_asked(request.GET, "to", _("To"), today())
    first, first_field = day_asked(request.GET, "from", _("From"), last - YEAR)
    asked = _asked(request, first, last)
    context: dict[str, Any] = {"asked": asked, "fields": _fields(asked, first_field, last_field, request)}
    context |= {"may_own": _organization(request) is not None}
    if asked.is_ready and not (first_field.error or last_field.error):
        work = Work(asked, timezone.now())
        if work.missing:
            context["missing"] = work.missing
        elif request.GET.get("format") == "csv":
            return _file(asked, work)
        else:
            context |= _page(request, work)
    return render(request, "public/changes.html", context)


def _organization(request: HttpRequest) -> Any:
    actor = getattr(request, "actor", None)
    return actor.organization if actor is not None else None


def _asked(request: HttpRequest, first: date, last: date) -> Asked:
    given = request.GET
    asked = Asked(first, last, typed=given.get("numbers", "")[:4000].strip(), mine=given.get("mine") in ("1", "true"))
    origin = given.get("origin", "")
    asked.origin = origin if origin in {one.code for one in list_codes("countries", last)} else ""
    organization = _organization(request)
    if asked.mine and organization is not None:
        asked.numbers = catalogue_of(request.actor, organization)  # type: ignore[attr-defined]  # the middleware sets it
    if asked.origin:
        asked.numbers = {number: [asked.origin] for number in asked.numbers}
    _read_typed(asked)
    if not asked.error:
        asked.error = _too_much(asked, is_open=organization is None)
    if first > last:
        asked.error = _("The first day is after the second: exchange them.")
    return asked


def _read_typed(asked: Asked) -> None:
    words = [one.replace(".", "") for one in asked.typed.replace(",", " ").replace(";", " ").split()]
    for one in words:
        if not (one.isascii() and one.isdigit() and 2 <= len(one) <= 10):
            asked.error = _("Write numbers like 8507.60.00.90, or the beginning of one: 8507 or 85.")
        elif len(one) == 10:
            asked.numbers.setdefault(one, [asked.origin] if asked.origin else [])
        else:
            asked.beginnings.append(one)
    if len(words) > MOST_TYPED:
        asked.error = _("Write at most %(n)d numbers.") % {"n": MOST_TYPED}


def _too_much(asked: Asked, *, is_open: bool) -> str:
    """Why this is more than is computed at once; less for those who are not signed in."""
    chapters = sum(len(one) < 4 for one in asked.beginnings)
    most = {"n": MOST_CHAPTERS, "headings": MOST_HEADINGS_OPEN}
    if chapters > MOST_CHAPTERS:
        return _("Ask for at most %(n)d chapters at once.") % most
    if is_open and chapters > MOST_CHAPTERS_OPEN:
        return _("Ask for one chapter at a time, or sign in to ask for up to %(n)d.") % most
    if is_open and len(asked.beginnings) - chapters > MOST_HEADINGS_OPEN:
        return _("Ask for at most %(headings)d headings at a time, or sign in to ask for more.") % most
    return ""


def _fields(asked: Asked, first: FieldView, last: FieldView, request: HttpRequest) -> list[FieldView]:
    by_name = sorted(list_codes("countries", asked.last), key=lambda one: one.name)
    first.error = first.error or (asked.error if asked.first > asked.last else "")
    rows = [
        FieldView("numbers", _("Numbers, or a chapter"), _("For example 8507.60.00.90, 8542.31 or 85."),
                  value=asked.typed, autocomplete="off", error="" if asked.first > asked.last else asked.error),
        first, last,
        FieldView("origin", _("Country of origin"), kind="select", value=asked.origin,
                  choices=[("", _("Any")), *((one.code, one.name) for one in by_name)]),
    ]  # fmt: skip
    if _organization(request) is not None:
        rows.append(FieldView("mine", _("The numbers that my organization drafted or filed"), kind="checkbox",
                              value=asked.mine))  # fmt: skip
    return rows


class Work:
    """The comparison of two days for what was asked."""

    def __init__(self, asked: Asked, now: datetime) -> None:
        self.asked = asked
        self.now = now
        self.missing: date | None = None
        shelf = self._shelf()
        views = [shelf.view_or_none(on) if shelf else None for on in (asked.first, asked.last)]
        self.before, self.after = views
        self.missing = next((on for on, view in zip((asked.first, asked.last), views, strict=True) if not view), None)

    def _shelf(self) -> Shelf | None:
        try:
            known = selectors.current_view(self.asked.last)
        except selectors.NoEdition:
            return None
        return Shelf(self.asked.numbers, beginnings=self.asked.beginnings, known=known)

    def numbers(self) -> list[str]:
        """Numbers that can be declared on one of the days, in the order of the schedule."""
        if self.before is None or self.after is None:
            return []
        found = {*self.before.lines, *self.after.lines}
        return [one for one in sorted(found) if any(_declarable(view, one) for view in (self.before, self.after))]

    def found(self) -> Iterator[tuple[str, list[Difference]]]:
        """Numbers that differ, each with its differences."""
        if self.before is None or self.after is None:
            return
        for number in self.numbers():
            rows = list(differences(self.before, self.after, [number], self.origins(number)))
            rows = [one for one in rows if not self._is_conditional(one)]
            if rows:
                yield number, rows

    def origins(self, number: str) -> list[str]:
        """Origins whose duties are told for a number."""
        own = next((found for one, found in self.asked.numbers.items() if normal_number(one) == number), [])
        return [self.asked.origin] if self.asked.origin else own[:MOST_ORIGINS]

    def _is_conditional(self, one: Difference) -> bool:
        """An exemption whose condition is the filer's to state changes nothing by itself."""
        rows = self.after.measure_rows(one.what) if self.after and one.what.isdigit() else ()
        return bool(rows) and all(row.claimed_only and row.effect == "exempt" for row in rows)

    def _is_stated(self, one: Difference) -> bool:
        """Whether it counts only where the filer states its condition."""
        rows = self.after.measure_rows(one.what) if self.after and one.what.isdigit() else ()
        return bool(rows) and all(row.claimed_only for row in rows)

    def in_common(self, found: Collection[tuple[str, list[Difference]]]) -> list[Change]:
        """Changes of measures that hit all numbers that changed, where there are several."""
        if len(found) < 2:
            return []
        sets = [{_parts(one) for one in rows if one.what.isdigit()} for _number, rows in found]
        shared, first = set.intersection(*sets), next(iter(found))[1]
        return [self._change(one) for one in first if _parts(one) in shared]

    def group(self, number: str, rows: Collection[Difference], shown: Collection[Change] = ()) -> Group:
        """The differences of a number in words, but for those shown already; with the sum of its duties by origin."""
        before, after = self._line(self.before, number), self._line(self.after, number)
        line = after or before
        name = name_of(line.description, line.path)[0] if line else ""
        firm, stated = _apart(one for one in (self._change(row) for row in rows) if one not in shown)
        return Group(number, name, list(self._rates(number)), firm, after is not None, stated)

    def _line(self, view: TariffView | None, number: str) -> TariffLine | None:
        return view.line(number) if view else None

    def _rates(self, number: str) -> Iterator[Change]:
        for origin in self.origins(number):
            old, new = (self._rate(view, number, origin) for view in (self.before, self.after))
            if old != new:
                yield Change(_("All duties, percent of the value"), old, new, origin, "")

    def _rate(self, view: TariffView | None, number: str, origin: str) -> str:
        line = self._line(view, number)
        if view is None or line is None or not line.declarable:
            return ""
        asked = duty.Question(on=view.on, origin=origin, value=ROUND_VALUE)
        found = duty.answer(asked, line, view, self.now)
        rate = rate_of(found) if found else None
        return f"{plain(rate)} %" if rate is not None else _("depends on the quantity")

    def _change(self, one: Difference) -> Change:
        if not one.what.isdigit():
            after = ", ".join(hts(part) for part in one.after.split(", ")) if one.what == "removed" else one.after
            return Change(str(WHAT.get(one.what, one.what)), one.before, after, "", "")
        rows = self.after.measure_rows(one.what) if self.after else ()
        name = f"{hts(one.what)} {authority_of(rows[0])}" if rows else hts(one.what)
        stated = self._is_stated(one)
        if stated:
            name = _("%(words)s (where you state it)") % {"words": name}
        return Change(name, one.before, one.after, ", ".join(one.origins), one.what, stated)


def _apart(changes: Iterable[Change]) -> tuple[list[Change], list[Change]]:
    """What applies by itself, and what only where the filer states its condition."""
    held = list(changes)
    return [one for one in held if not one.stated], [one for one in held if one.stated]


def _parts(one: Difference) -> tuple[str, str, str, tuple[str, ...]]:
    return one.what, one.before, one.after, one.origins


def _declarable(view: TariffView, number: str) -> bool:
    line = view.line(number)
    return line is not None and line.declarable


def _page(request: HttpRequest, work: Work) -> dict[str, Any]:
    """A page of numbers that changed, and the address of the file with all of them."""
    found = list(work.found())
    after = request.GET.get("after", "")[:10]
    rest = [one for one in found if one[0] > after] if after.isascii() and after.isdigit() else found
    query = request.GET.copy()
    query.pop("after", None)
    query["format"] = "csv"
    common = work.in_common(found)
    firm, stated = _apart(common)
    return {
        "common": firm, "common_stated": stated,
        "groups": [work.group(number, rows, common) for number, rows in rest[:PAGE]],
        "count": len(found), "looked": len(work.numbers()), "file": f"?{query.urlencode()}",
        "following": rest[PAGE - 1][0] if len(rest) > PAGE else "", "is_done": True,
        "by_origin": bool(work.asked.origin or any(work.asked.numbers.values())),
    }  # fmt: skip


def _file(asked: Asked, work: Work) -> HttpResponse:
    """The same as a table file, a row a change."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"tariff-changes-{asked.first}-{asked.last}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    days = (asked.first.isoformat(), asked.last.isoformat())
    for number, rows in work.found():
        group = work.group(number, rows)
        for one in (*group.rates, *group.changes, *group.stated):
            texts = (group.name, one.what, one.before, one.after, one.origins)
            writer.writerow([number, *(_cell(text) for text in texts), *days])
    return answer


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULAS) else text
