"""Some lines of the schedule through all editions held: the tariff of any day for them, without the rest of it."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from declarations.assessment import Editions
from declarations.tariff import building
from declarations.tariff.load.hierarchy import SEPARATOR
from declarations.tariff.memory import InForce, NoEdition, editions_on
from declarations.tariff.models import HtsLine, TariffEdition
from declarations.tariff.view import (
    NOT_MEASURES,
    Measure,
    MeasureIndex,
    OriginStatus,
    TariffLine,
    TariffView,
    normal_number,
)

FIELDS = (
    "edition_id", "number", "description", "path", "units", "general", "special", "column2", "declarable",
    "heading_of_rate",
)  # fmt: skip
DAY = timedelta(days=1)
Lines = dict[str, TariffLine]


class Shelf:
    """Lines of given numbers, and of all numbers that begin with some digits, in every edition held.

    `known` is the tariff of any day: what a day shares with it (measures, programs, fees) is not read again.
    """

    def __init__(self, numbers: Collection[str] = (), *, beginnings: Collection[str] = (), known: TariffView) -> None:
        self._known = known
        self._numbers = {normal_number(one) for one in numbers}
        fields = ("pk", "source", "effective_from", "base", "absent")
        self._editions = {row[0]: row[1:] for row in TariffEdition.objects.values_list(*fields)}
        self._own = _own_lines(_lines_of(self._numbers, beginnings).filter(edition__in=list(self._editions)))
        self._lines: dict[int, Lines] = {}
        self._views: dict[date, TariffView] = {}
        self._indexes: dict[tuple[int, ...], MeasureIndex] = {}
        self._statuses: dict[tuple[int, ...], tuple[OriginStatus, ...]] = {}

    def view(self, on: date) -> TariffView:
        """The tariff of a day with these lines only. Raises NoEdition."""
        found = self._views.get(on)
        if found is None:
            found = self._views[on] = self._view(editions_on(on), on)
        return found

    def view_or_none(self, on: date) -> TariffView | None:
        """The same, or nothing where no edition is held for the day."""
        try:
            return self.view(on)
        except NoEdition:
            return None

    @property
    def first_day(self) -> date | None:
        """The first day for which an edition is held."""
        return min((one[1] for one in self._editions.values()), default=None)

    def days(self) -> list[date]:
        """First days of the editions in which one of the lines is not as in the edition before."""
        found: set[date] = set()
        before: dict[str, Lines] = {}
        for pk, (source, first, _base, _absent) in sorted(self._editions.items(), key=lambda one: one[1][1]):
            family, lines = source.split(" ")[0], self._lines_in(pk)
            if family not in before or before[family] != lines:
                found.add(first)
            before[family] = lines
        return sorted(found)

    def _lines_in(self, pk: int) -> Lines:
        found = self._lines.get(pk)
        if found is None:
            _source, _first, base, absent = self._editions[pk]
            gone = frozenset(absent)
            shared = {} if base is None else self._own.get(base, {})
            kept = {number: line for number, line in shared.items() if number not in gone}
            found = self._lines[pk] = kept | self._own.get(pk, {})
        return found

    def _view(self, editions: InForce, on: date) -> TariffView:
        known, lines = self._known, self._lines_in(editions.tariff.pk)
        fees = known.fees(on)
        return TariffView(
            on=on,
            editions=Editions(tariff=editions.tariff_name, measures=editions.measures_name),
            lines=lines,
            measures=self._measures(tuple(one.pk for one in editions.measures)),
            fee_years=(fees,) if fees else (),
            programs=known.programs(on),
            origins=self._origins(tuple(one.pk for one in dict(editions.references)["origins"])),
            successors={one: known.successors(one) for one in self._numbers if known.successors(one)},
            notes=known.notes,
            lines_from=editions.lines_from,
        )

    def _measures(self, ids: tuple[int, ...]) -> MeasureIndex:
        found = self._indexes.get(ids)
        if found is None:
            same = list(ids) == list(self._known.held.get("measures", ()))
            found = MeasureIndex(self._known.all_measures) if same else building.build_measures(ids)
            self._indexes[ids] = found
        return found

    def _origins(self, ids: tuple[int, ...]) -> tuple[OriginStatus, ...]:
        if ids not in self._statuses:
            self._statuses[ids] = building.build_origins(ids)
        return self._statuses[ids]


def lines_on(numbers: Collection[str], on: date) -> Lines:
    """The lines of some numbers as the edition in force on a day has them. Raises NoEdition."""
    wanted = {normal_number(one) for one in numbers}
    edition = TariffEdition.objects.only("base", "absent").get(pk=editions_on(on).tariff.pk)
    own = _own_lines(_lines_of(wanted).filter(edition__in=[edition.pk, edition.base_id or edition.pk]))
    gone = frozenset(edition.absent)
    shared = own.get(edition.base_id, {}) if edition.base_id else {}
    return {number: line for number, line in shared.items() if number not in gone} | own.get(edition.pk, {})


def rows_for(measures: Iterable[Measure], number: str, origin: str) -> list[Measure]:
    """Measures that name a number and an origin, whatever their days, in the order of their beginning."""
    found = [
        one
        for one in measures
        if one.effect not in NOT_MEASURES and names_number(one, number) and names_origin(one, origin)
    ]
    return sorted(found, key=lambda one: (one.effective_from, one.order, one.heading))


def names_number(one: Measure, number: str) -> bool:
    """Whether a number is in the scope of a measure."""
    return (not one.scope or number.startswith(one.scope)) and not (
        one.excluded_scope and number.startswith(one.excluded_scope)
    )


def names_origin(one: Measure, origin: str) -> bool:
    """Whether a measure falls on goods of an origin."""
    return (not one.origins or origin in one.origins) and origin not in one.excluded_origins


def turns(rows: Iterable[Measure]) -> set[date]:
    """Days on which one of these measures begins, or is in force no more."""
    return {one.effective_from for one in rows} | {one.effective_to + DAY for one in rows if one.effective_to}


def _lines_of(numbers: Collection[str], beginnings: Collection[str] = ()) -> QuerySet[HtsLine]:
    """Rows of numbers; a leaf that is printed with eight digits may stand under them."""
    short = {one[:8] for one in numbers if len(one) == 10 and one.endswith("00")}
    wanted = Q(number__in=[*numbers, *short])
    for one in beginnings:
        wanted |= Q(number__gte=one, number__lte=one.ljust(10, "9"))
    return HtsLine.objects.filter(wanted)


def _own_lines(rows: QuerySet[HtsLine]) -> dict[int, Lines]:
    found: dict[int, Lines] = {}
    for edition, number, text, path, units, general, special, column2, declarable, heading in _listed(rows):
        key, lines = normal_number(number), found.setdefault(edition, {})
        if key in lines and not declarable:
            continue
        lines[key] = TariffLine(
            number=key, description=text, path=tuple(path.split(SEPARATOR)) if path else (),
            units=tuple(units.split("|")) if units else (), general=general, special=special, column2=column2,
            declarable=declarable, heading_of_rate=heading,
        )  # fmt: skip
    return found


def _listed(rows: QuerySet[HtsLine]) -> Iterator[tuple]:
    return rows.exclude(number="").order_by("edition", "row").values_list(*FIELDS).iterator(chunk_size=2000)
