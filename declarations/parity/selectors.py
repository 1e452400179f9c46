"""Read what was published, and count a month again from the filings themselves."""

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from declarations.models import ControlFact, DeclarationVersion, Request
from declarations.parity.counting import ACCEPTED, ALL, BROKER, REJECTED, SELF, Cell, Outcome, filer_type_of, tally
from declarations.parity.models import ParityFigure, ParityMonth
from declarations.parity.suppression import EXAMINED, FILED, OUTCOME, SMALL, TIMES
from declarations.standing import Kind
from portal.clocks.calendars import nth_business_day_of_month
from portal.parameters.selectors import find_value, value_of
from portal.timezones import ZONES, party_date

DECIDES = {
    Kind.ACCEPTED.value: ACCEPTED, Kind.RELEASED.value: ACCEPTED, Kind.CLEARED.value: ACCEPTED,
    Kind.REJECTED.value: REJECTED,
}  # fmt: skip
NO_PORT = "unknown"
LESS, KEPT_BACK = f"<{SMALL}", "hidden"
COLUMNS = (
    "month", "filer_type", "port", "lane", "filed", "accepted", "rejected", "examined", "error_share", "p50_seconds",
    "p90_seconds",
)  # fmt: skip
Facts = tuple[tuple[datetime, str] | None, bool]


class Shown(NamedTuple):
    """A cell as everybody may see it: None where a figure is not shown, `<5` where it is small."""

    filer_type: str
    port: str
    lane: str
    filed: int | None
    accepted: int | None
    rejected: int | None
    examined: int | None
    p50_seconds: int | None
    p90_seconds: int | None
    words: dict[str, str]
    decided: int  # for the ratio alone, never shown

    @property
    def suppressed(self) -> bool:
        """True where anything of it is not shown."""
        return bool(self.words)

    @property
    def error_share(self) -> Decimal | None:
        """Rejected ones in percent of those decided; None where that is not shown."""
        if self.accepted is None or self.rejected is None or not self.accepted + self.rejected:
            return None
        return (Decimal(100 * self.rejected) / (self.accepted + self.rejected)).quantize(Decimal("0.1"))

    @property
    def acceptance(self) -> Decimal | None:
        """Accepted ones in percent of those decided."""
        return None if self.error_share is None else 100 - self.error_share

    @property
    def is_total(self) -> bool:
        """True for the row over all ports and lanes."""
        return self.port == ALL and self.lane == ALL


class Ratio(NamedTuple):
    """Decision times of self-filers divided by those of brokers. `verdict`: equal, unequal, few, none."""

    name: str
    value: Decimal | None
    verdict: str


def month_of(text: str) -> date | None:
    """The first day of a month written as 2026-10; None for anything else."""
    if len(text) != 7 or text[4] != "-" or not (text[:4] + text[5:]).isdigit() or not text.isascii():
        return None
    try:
        return date(int(text[:4]), int(text[5:]), 1)
    except ValueError:
        return None


def next_month(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def month_before(month: date) -> date:
    """The first day of the month before."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def beginning(month: date) -> datetime:
    """The instant at which a month begins where the Party counts its days."""
    return datetime.combine(month, time(), ZONES[settings.PARTY])


def due_day(month: date) -> date | None:
    """The business day of the following month by which the figures of a month are out; None without a parameter."""
    after = next_month(month)
    found = find_value("publication_day", after, party=settings.PARTY)
    return nth_business_day_of_month(settings.PARTY, after.year, after.month, int(found)) if found else None


def count_month(month: date, *, as_of: datetime) -> list[Cell]:
    """The cells of a month counted from the filings and answers held at a moment."""
    return tally(_outcomes(month, as_of))


def _outcomes(month: date, as_of: datetime) -> Iterable[Outcome]:
    rows = _submissions(month, as_of)
    facts = _facts(rows, as_of)
    columns = ("pk", "filer__kind", "declaration__transmitter__kind", "declaration__port_of_entry", "submitted_at")
    for pk, filer, transmitter, port, submitted_at in rows.values_list(*columns).iterator(chunk_size=2000):
        first, examined = facts.get(pk, (None, False))
        decision = DECIDES[first[1]] if first else ""
        seconds = max(0, int((first[0] - submitted_at).total_seconds())) if first else None
        yield Outcome(filer_type_of(filer, transmitter), port or NO_PORT, ALL, decision, seconds, examined)


def _submissions(month: date, as_of: datetime) -> QuerySet[DeclarationVersion]:
    """Versions sent in the month, sandboxes aside; amendments of what was accepted are requests, not submissions."""
    request = Request.objects.filter(lrn=OuterRef("lrn"), version__declaration=OuterRef("declaration"))
    rows = DeclarationVersion.objects.filter(
        source="filer", submitted_at__gte=beginning(month), submitted_at__lt=beginning(next_month(month)),
        submitted_at__lte=as_of, filer__sandbox_of=None, declaration__importer__sandbox_of=None,
    )  # fmt: skip
    return rows.filter(~Exists(request)).order_by("pk")


def _facts(rows: QuerySet[DeclarationVersion], as_of: datetime) -> dict[int, Facts]:
    """The first decision on each version, and whether customs examined it. At one instant a rejection goes first."""
    found: dict[int, Facts] = {}
    facts = ControlFact.objects.filter(
        version__in=rows.values("pk"), request=None, kind__in=[*DECIDES, Kind.EXAM.value], received_at__lte=as_of
    )
    for pk, kind, at in facts.values_list("version", "kind", "issued_at").iterator(chunk_size=2000):
        first, examined = found.get(pk, (None, False))
        if kind == Kind.EXAM.value:
            examined = True
        elif first is None or _rank(at, kind) < _rank(*first):
            first = (at, kind)
        found[pk] = (first, examined)
    return found


def _rank(at: datetime, kind: str) -> tuple[datetime, bool]:
    return at, DECIDES[kind] != REJECTED


def published_months() -> list[ParityMonth]:
    """Months whose figures are out, the latest first."""
    return list(ParityMonth.objects.order_by("-month"))


def find_month(month: date | None) -> ParityMonth | None:
    """What was published for a month, if anything was."""
    return ParityMonth.objects.filter(month=month).first() if month else None


def figures_of(row: ParityMonth) -> list[Shown]:
    """The cells of a published month as everybody may see them, each filer type after its total."""
    found = [_shown(one) for one in row.figures.all()]
    return sorted(found, key=lambda one: (one.filer_type, not one.is_total, one.port, one.lane))


def totals_since(first: date) -> dict[date, list[Shown]]:
    """The totals of each filer type of the published months from a month on, in order."""
    totals = ParityFigure.objects.filter(port=ALL, lane=ALL).order_by("filer_type")
    rows = ParityMonth.objects.filter(month__gte=first).order_by("month")
    rows = rows.prefetch_related(Prefetch("figures", queryset=totals, to_attr="totals"))
    return {row.month: [_shown(one) for one in row.totals] for row in rows}


def _shown(row: ParityFigure) -> Shown:
    hidden = set(row.hidden.split(",")) - {""}
    words: dict[str, str] = {}
    values: dict[str, int | None] = {}
    for name, part in (("filed", FILED), ("accepted", OUTCOME), ("rejected", OUTCOME), ("examined", EXAMINED),
                       ("p50_seconds", TIMES), ("p90_seconds", TIMES)):  # fmt: skip
        values[name] = None if part in hidden else getattr(row, name)
        if part in hidden:
            small = row.filed < SMALL if FILED in hidden else part != TIMES and getattr(row, name) < SMALL
            words[name] = LESS if small and part != TIMES else KEPT_BACK
    return Shown(row.filer_type, row.port, row.lane, **values, words=words, decided=row.accepted + row.rejected)


def ratios_of(figures: Iterable[Shown], on: date) -> list[Ratio]:
    """Times of self-filers to those of brokers, over all ports: the middle one, and the one that 90 in 100 keep."""
    totals = {one.filer_type: one for one in figures if one.is_total}
    own, other = totals.get(SELF), totals.get(BROKER)
    names = ("p50_seconds", "p90_seconds")
    if own is None or other is None:
        return [Ratio(name, None, "none") for name in names]
    return [_ratio(name, own, other, on) for name in names]


def _ratio(name: str, own: Shown, other: Shown, on: date) -> Ratio:
    times = getattr(own, name), getattr(other, name)
    if min(own.decided, other.decided) < judged_from(on):
        return Ratio(name, None, "few")
    if times[0] is None or not times[1]:
        return Ratio(name, None, "none")
    value = (Decimal(times[0]) / times[1]).quantize(Decimal("0.01"))
    lowest, highest = bar(on)
    return Ratio(name, value, "equal" if lowest <= Decimal(times[0]) / times[1] <= highest else "unequal")


def bar(on: date) -> tuple[Decimal, Decimal]:
    """The lowest and the highest ratio that count as equal."""
    names = ("parity_ratio_min", "parity_ratio_max")
    lowest, highest = (Decimal(value_of(name, on, party=settings.PARTY)) for name in names)
    return lowest, highest


def judged_from(on: date) -> int:
    """How many decided filings on either side a ratio needs to be judged."""
    return int(value_of("parity_ratio_min_n", on, party=settings.PARTY))


def rows_of(row: ParityMonth) -> Iterable[list[Any]]:
    """The published figures of a month as rows of a table file, in the order of COLUMNS."""
    for one in figures_of(row):
        share = KEPT_BACK if "accepted" in one.words else "" if one.error_share is None else one.error_share
        yield [f"{row.month:%Y-%m}", one.filer_type, one.port, one.lane, *_cells(one), share, *_cells(one, times=True)]


def _cells(one: Shown, *, times: bool = False) -> list[Any]:
    names = ("p50_seconds", "p90_seconds") if times else ("filed", "accepted", "rejected", "examined")
    return [one.words.get(name, "" if getattr(one, name) is None else getattr(one, name)) for name in names]


def parity_json(month: str) -> dict[str, Any]:
    """The published figures of a month (2026-10) as programs read them; what is not shown is null."""
    row = find_month(month_of(month))
    names = (
        "filer_type", "port", "lane", "filed", "accepted", "rejected", "examined", "p50_seconds", "p90_seconds",
        "suppressed",
    )  # fmt: skip
    cells = [{name: getattr(one, name) for name in names} for one in figures_of(row)] if row else []
    return {"month": month, "published_at": row.published_at.isoformat() if row else None, "cells": cells}


def last_month(now: datetime) -> date:
    """The month before the one that runs, where the Party counts its days."""
    return month_before(party_date(now, settings.PARTY).replace(day=1))
