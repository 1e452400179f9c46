"""The tariff: lines for words or the beginning of a number, one line with its rates and measures on a day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from msgspec import Struct
from rest_framework.request import Request

from declarations.filer.api.shared import BadCursor
from declarations.selectors import numbers_filed
from declarations.tariff import selectors
from declarations.tariff.view import Measure, TariffLine, TariffView
from portal.accounts.api import READ
from portal.api import Op, Operation, Query, actor_of, organization_of, respond
from portal.errors import DomainError
from portal.timezones import party_date

MOST = 100
DAY = "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"
WORDS = Query("q", "Words, a number or its beginning.", {"type": "string", "pattern": r"\S"}, True, "8507")
ON = Query("on", "The day; today where it is not given.", {"type": "string", "pattern": DAY})
ORIGIN = Query(
    "origin", "A country (two letters): only its measures.", {"type": "string", "pattern": "^([A-Za-z]{2})?$"}
)
MOST_LINES = Query("limit", "How many at most.", {"type": "integer", "minimum": 1, "maximum": MOST, "default": 20})


class NoTariff(DomainError):
    """No edition of the schedule is held for the day."""

    code = "NO_TARIFF"
    status = 404


class Line(Struct, frozen=True):
    """A line of the schedule in a list: its number, description, the lines above, units and general rate."""

    number: str
    description: str
    path: tuple[str, ...]
    units: tuple[str, ...]
    general: str
    declarable: bool


class Lines(Struct, frozen=True):
    """What was found, best first."""

    on: str
    edition: str | None
    results: tuple[Line, ...]


class MeasureShape(Struct, frozen=True):
    """A duty beside the column rate, or an exemption from one: rate as a share of the value (0.25 is 25 %)."""

    heading: str
    authority: str
    effect: str
    rate: str | None
    origins: tuple[str, ...]
    excluded_origins: tuple[str, ...]
    effective_from: str
    effective_to: str | None
    claimed_only: bool
    legal_basis: str
    note: str


class WholeLine(Struct, frozen=True):
    """A line with the three columns of rates and the measures on its number."""

    on: str
    edition: str | None
    number: str
    description: str
    path: tuple[str, ...]
    units: tuple[str, ...]
    general: str
    special: str
    column2: str
    declarable: bool
    measures: tuple[MeasureShape, ...]


class TariffLines(Operation):
    """Search."""

    ops = {
        "get": Op("search_tariff", "Lines for words, or for a number or its beginning", READ, {200: Lines},
                  problems=(400, 404), query=(WORDS, ON, MOST_LINES)),
    }  # fmt: skip

    def get(self, request: Request) -> HttpResponse:
        """Best first; numbers that the organization filed before count more."""
        on, text = _day(request), request.query_params.get("q", "").strip()[:100]
        view, limit = _view(on), _limit(request)
        if not text:
            raise BadCursor("q is what you look for: words, a number or its beginning.")
        filed = numbers_filed(actor_of(request), organization_of(request))
        hits = selectors.search(text, on, limit, filed)
        rows = tuple(
            Line(one.number, one.description, one.path, one.units, one.general, one.declarable) for one in hits
        )
        return respond(Lines(on.isoformat(), view.editions.tariff, rows))


class OneTariffLine(Operation):
    """One line."""

    ops = {
        "get": Op("get_tariff_line", "One line with its rates and measures on a day, of one origin where it is given",
                  READ, {200: WholeLine}, problems=(400, 404), query=(ON, ORIGIN)),
    }  # fmt: skip

    def get(self, request: Request, number: str) -> HttpResponse:
        """404 for a number that is not in force on the day."""
        on, origin = _day(request), request.query_params.get("origin", "").strip().upper()
        if origin and not (len(origin) == 2 and origin.isascii() and origin.isalpha()):
            raise BadCursor("origin is a country of two letters, such as CN.")
        view = _view(on)
        line = view.line(number.replace(".", ""))
        if line is None:
            raise Http404
        return respond(_whole(line, view, on, _measures(line, view, origin, on)))


def _whole(line: TariffLine, view: TariffView, on: date, rows: Iterable[Measure]) -> WholeLine:
    return WholeLine(
        on=on.isoformat(), edition=view.editions.tariff, number=line.number, description=line.description,
        path=line.path, units=line.units, general=line.general, special=line.special, column2=line.column2,
        declarable=line.declarable, measures=tuple(map(_measure, rows)),
    )  # fmt: skip


def _measures(line: TariffLine, view: TariffView, origin: str, on: date) -> Iterable[Measure]:
    """Rows on the number: those of an origin, or of any."""
    if origin:
        return view.measures_of(line.number, origin=origin, on=on)
    return [
        one
        for one in view.all_measures
        if one.effective_from <= on
        and (one.effective_to is None or one.effective_to >= on)
        and line.number.startswith(one.scope or ("",))
        and not (one.excluded_scope and line.number.startswith(one.excluded_scope))
    ]


def _measure(one: Measure) -> MeasureShape:
    return MeasureShape(
        heading=one.heading, authority=one.authority, effect=one.effect,
        rate=None if one.rate is None else format(one.rate, "f"), origins=tuple(sorted(one.origins)),
        excluded_origins=tuple(sorted(one.excluded_origins)), effective_from=one.effective_from.isoformat(),
        effective_to=one.effective_to.isoformat() if one.effective_to else None, claimed_only=one.claimed_only,
        legal_basis=one.legal_basis, note=one.note,
    )  # fmt: skip


def _view(on: date) -> TariffView:
    try:
        return selectors.current_view(on)
    except selectors.NoEdition:
        raise NoTariff(f"No edition of the schedule is held for {on}.") from None


def _day(request: Request) -> date:
    text: Any = request.query_params.get("on", "")
    try:
        return date.fromisoformat(text) if text else party_date(timezone.now())
    except ValueError:
        raise BadCursor("on is a day such as 2026-11-24.") from None


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", "20")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST):
        raise BadCursor(f"limit is a number from 1 to {MOST}.")
    return int(text)
