"""Equal access, in figures, for everybody: the published month, and how it went over the months."""

import csv
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from declarations.parity import selectors
from declarations.parity.counting import BROKER, PROVIDER, SELF
from declarations.parity.models import ParityMonth
from declarations.parity.selectors import Ratio, Shown
from declarations.public import plots
from declarations.public.asking import today
from portal.codes.selectors import list_codes
from portal.complaints import selectors as complaints
from portal.forms import FieldView, Words
from portal.parameters.selectors import ParameterMissing

NAMES: dict[str, Words] = {
    SELF: gettext_lazy("Self-filers"),
    BROKER: gettext_lazy("Customs brokers"),
    PROVIDER: gettext_lazy("Service providers"),
}
ORDER = tuple(NAMES)
SHAPES = {SELF: "round", BROKER: "square", PROVIDER: "pointed"}
MONTHS = 12  # on a plot
UNITS = (
    (Decimal(2 * 86400), Decimal(86400), gettext_lazy("days")),
    (Decimal(2 * 3600), Decimal(3600), gettext_lazy("hours")),
    (Decimal(2 * 60), Decimal(60), gettext_lazy("minutes")),
    (Decimal(0), Decimal(1), gettext_lazy("seconds")),
)
RATIOS: dict[str, Words] = {
    "p50_seconds": gettext_lazy("Half of all decisions"),
    "p90_seconds": gettext_lazy("Nine decisions in ten"),
}


class Row(NamedTuple):
    """One row of a table: words for every figure."""

    name: str
    filed: str
    accepted: str
    rejected: str
    error_share: str
    examined: str
    half: str
    nine: str


class Place(NamedTuple):
    """A port, or a port and a lane, with a row for each kind of filer."""

    name: str
    rows: list[Row]


@require_safe
def parity(request: HttpRequest) -> HttpResponse:
    """The figures of a month, by kind of filer and by port; plots over the months; what complaints came to."""
    months = selectors.published_months()
    row = _chosen(request, months)
    context: dict[str, Any] = {
        "months": months, "row": row, "field": _month_field(months, row), "outcomes": complaints.published_outcomes(),
        "tally": complaints.tally(), "first_due": _first_due(), "may_complain": _is_trader(request),
        "promised": complaints.promised_days(today()),
    }  # fmt: skip
    if row is not None:
        context |= _figures(row) | _plots(row)
    return render(request, "public/parity.html", context)


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The published figures of a month as a table file; without a month, those of the latest."""
    row = _chosen(request, selectors.published_months())
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"parity-{row.month:%Y-%m}.csv" if row else "parity.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(answer)
    writer.writerow(selectors.COLUMNS)
    writer.writerows(selectors.rows_of(row) if row else [])
    return answer


def _chosen(request: HttpRequest, months: Sequence[ParityMonth]) -> ParityMonth | None:
    """The month asked for; the latest where none is, None where nothing is out. A month that is not out is a 404."""
    asked = request.GET.get("month", "")
    if not asked:
        return months[0] if months else None
    found = next((one for one in months if f"{one.month:%Y-%m}" == asked), None)
    if found is None:
        raise Http404
    return found


def _month_field(months: Sequence[ParityMonth], row: ParityMonth | None) -> FieldView:
    choices = [(f"{one.month:%Y-%m}", month_words(one.month)) for one in months]
    return FieldView("month", _("Month"), kind="select", choices=choices, value=f"{row.month:%Y-%m}" if row else "")


def month_words(month: date) -> str:
    """A month as people read it: `October 2026`."""
    return date_format(month, "F Y")


def _first_due() -> date | None:
    """The day by which the figures of the last month are out."""
    return selectors.due_day(selectors.last_month(timezone.now()))


def _is_trader(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", None)
    return bool(actor and actor.organization and actor.organization.kind != "authority")


def _figures(row: ParityMonth) -> dict[str, Any]:
    shown = selectors.figures_of(row)
    totals = {one.filer_type: one for one in shown if one.is_total}
    found: dict[str, Any] = {
        "title": month_words(row.month), "due_on": selectors.due_day(row.month),
        "totals": [_row(totals[kind]) for kind in ORDER if kind in totals], "places": _places(shown, row.month),
        "is_hidden": any(one.suppressed for one in shown),
    }  # fmt: skip
    try:
        found["ratios"] = [(RATIOS[one.name], one) for one in selectors.ratios_of(shown, row.month)]
        found["bar"], found["judged_from"] = selectors.bar(row.month), selectors.judged_from(row.month)
        found["tone"] = _tone({one.verdict for _words, one in found["ratios"]})
    except ParameterMissing:
        found["ratios"] = list[Ratio]()
    return found


def _tone(verdicts: set[str]) -> str:
    """Good only where all was judged and equal."""
    if "unequal" in verdicts:
        return "bad"
    return "good" if verdicts == {"equal"} else "none"


def _places(shown: Sequence[Shown], on: date) -> list[Place]:
    names = {one.code: one.name for one in list_codes("ports", on)}
    found: dict[tuple[str, str], list[Shown]] = {}
    for one in sorted((one for one in shown if not one.is_total), key=lambda one: ORDER.index(one.filer_type)):
        found.setdefault((one.port, one.lane), []).append(one)
    return [Place(_place(key, names), [_row(one) for one in rows]) for key, rows in sorted(found.items())]


def _place(key: tuple[str, str], names: dict[str, str]) -> str:
    port, lane = key
    where = _("Port not given") if port == selectors.NO_PORT else f"{port} {names.get(port, '')}".strip()
    return where if lane == "all" else f"{where}, {lane}"


def _row(one: Shown) -> Row:
    share = "–" if one.error_share is None else f"{one.error_share} %"
    if "rejected" in one.words:
        share = _("not shown")
    return Row(
        name=str(NAMES[one.filer_type]), filed=_count(one, "filed"), accepted=_count(one, "accepted"),
        rejected=_count(one, "rejected"), error_share=share, examined=_count(one, "examined"),
        half=_time(one, "p50_seconds"), nine=_time(one, "p90_seconds"),
    )  # fmt: skip


def _count(one: Shown, name: str) -> str:
    words = one.words.get(name)
    if words:
        return words if words == selectors.LESS else _("not shown")
    return f"{getattr(one, name):,}"


def _time(one: Shown, name: str) -> str:
    if name in one.words:
        return _("not shown")
    seconds = getattr(one, name)
    if seconds is None:
        return "–"
    size, unit = _unit(Decimal(seconds))
    return f"{_in(seconds, size)} {unit}"


def _unit(seconds: Decimal) -> tuple[Decimal, Words]:
    return next((size, words) for least, size, words in UNITS if seconds >= least)


def _in(seconds: int, size: Decimal) -> Decimal:
    places = Decimal(1) if size == 1 else Decimal("0.1")
    return (seconds / size).quantize(places, ROUND_HALF_UP)


def _plots(row: ParityMonth) -> dict[str, Any]:
    """Three plots up to the chosen month, each with one message, and the table of their figures."""
    first = row.month
    for _step in range(MONTHS - 1):
        first = selectors.month_before(first)
    totals = {month: found for month, found in selectors.totals_since(first).items() if month <= row.month}
    if len(totals) < 2:
        return {}
    by_kind = {month: {one.filer_type: one for one in found} for month, found in totals.items()}
    seconds = [
        value for found in totals.values() for one in found for value in (one.p50_seconds, one.p90_seconds) if value
    ]
    size, unit = _unit(Decimal(max(seconds, default=0)))
    table = [
        (month_words(month), [_row(found[kind]) for kind in ORDER if kind in found]) for month, found in by_kind.items()
    ]
    drawn = [
        _plot("plot-half", _("Half of all filings are decided within"), str(unit), by_kind, "p50_seconds", size),
        _plot("plot-nine", _("Nine filings in ten are decided within"), str(unit), by_kind, "p90_seconds", size),
        _plot("plot-accepted", _("Accepted at the first answer"), "%", by_kind, "acceptance", Decimal(1)),
    ]
    return {"plots": drawn, "by_month": table}


def _plot(
    name: str, title: str, unit: str, totals: dict[date, dict[str, Shown]], figure: str, size: Decimal
) -> tuple[str, SafeString]:
    months = list(totals)
    axis = _("Percent of those decided") if unit == "%" else unit.capitalize()
    frame = plots.Frame(
        id=name, title=f"{title} ({unit})", first=months[0], last=months[-1], marks=(), label=_month_label, axis=axis,
        description=_("A line for each kind of filer, a dot a month. The table below has the same figures."),
    )  # fmt: skip
    rows = [
        plots.Line(
            str(NAMES[kind]),
            [(on, _value(found.get(kind), figure, size)) for on, found in totals.items()],
            SHAPES[kind],
        )
        for kind in ORDER
    ]
    if unit == "%":
        drawn = plots.lines(frame, rows, unit=" %", least=Decimal(100))
    else:
        drawn = plots.lines(frame, rows)
    return title, mark_safe(drawn)  # noqa: S308  # made by us, every text in it escaped


def _value(one: Shown | None, figure: str, size: Decimal) -> Decimal | None:
    value = getattr(one, figure) if one is not None else None
    return None if value is None else Decimal(value) / size


def _month_label(on: date) -> str:
    return date_format(on, "M Y" if on.month == 1 else "M")
