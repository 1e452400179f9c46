"""The tariff of a day, kept in the memory of the process by the ids of its editions."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

from django.db.models import CharField, F, Value

from declarations.assessment import Editions
from declarations.tariff import building
from declarations.tariff.models import MeasureSet, ReferenceSet, TariffEdition
from declarations.tariff.view import PRINTED, TariffLine, TariffView
from portal import prepared
from portal.errors import DomainError

STARTER = "starter"
KEPT_VIEWS = 32
KEPT_CHOICES = 64  # which editions are in force on a day
NAMED_SETS = 4
DIGITS = 8  # of the digest of many sets: enough to tell states of one installation apart
KEPT_EDITIONS = 4
KEPT_WHOLES = 2  # editions that others are kept as differences from
KEPT_PARTS = 6
REFERENCE_KINDS = ("fees", "programs", "origins", "exchange", "retired", "notes")

Part = TypeVar("Part")


class NoEdition(DomainError):
    """No edition of the schedule is in force on the day."""

    code = "TARIFF_NO_EDITION"


class Held(NamedTuple):
    """One edition or set: its id, and the digest of the file it was read from."""

    pk: int
    sha256: str


class InForce(NamedTuple):
    """The editions of a day; reference sets with the one loaded last first."""

    tariff: Held
    tariff_name: str
    lines_from: date
    earlier: tuple[Held, ...]
    measures: tuple[Held, ...]  # of a heading, the last one speaks
    measures_name: str | None
    references: tuple[tuple[str, tuple[Held, ...]], ...]

    @property
    def ids(self) -> dict[str, list[int]]:
        """The ids by table: what a version keeps to be computed again."""
        tables = {"tariff": (self.tariff, *self.earlier), "measures": self.measures, **dict(self.references)}
        return {table: [one.pk for one in held] for table, held in tables.items()}


class _Row(NamedTuple):
    table: str
    pk: int
    source: str
    name: str
    sha256: str
    effective_from: date
    loaded_at: datetime

    @property
    def held(self) -> Held:
        return Held(self.pk, self.sha256)


# What stands in the tables of loads, which only grow: how many rows each has, and which is the last one.
LOADS = (
    "SELECT"
    " (SELECT count(*) FROM tariff_tariffedition), (SELECT count(*) FROM tariff_measureset),"
    " (SELECT count(*) FROM tariff_referenceset),"
    " (SELECT id || ' ' || source || ' ' || sha256 || ' ' || effective_from || ' ' || loaded_at"
    "  FROM tariff_tariffedition ORDER BY id DESC LIMIT 1),"
    " (SELECT id || ' ' || source || ' ' || sha256 || ' ' || effective_from || ' ' || loaded_at"
    "  FROM tariff_measureset ORDER BY id DESC LIMIT 1),"
    " (SELECT id || ' ' || source || ' ' || sha256 || ' ' || kind || ' ' || loaded_at"
    "  FROM tariff_referenceset ORDER BY id DESC LIMIT 1)"
)


class _Cache:
    """The few most used things of a process; built once, under one lock."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.RLock()
        self._held: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, build: Callable[[], Part]) -> Part:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                found: Part = self._held[key]
                return found
            made = build()
            self._held[key] = made
            while len(self._held) > self._size:
                self._held.popitem(last=False)
            return made

    def clear(self) -> None:
        with self._lock:
            self._held.clear()


_choices = _Cache(KEPT_CHOICES)
_views = _Cache(KEPT_VIEWS)
_lines = _Cache(KEPT_EDITIONS)
_wholes = _Cache(KEPT_WHOLES)
_parts = _Cache(KEPT_PARTS * len(REFERENCE_KINDS))


def forget_views() -> None:
    """Empty the memory of this process: for tests, whose databases come and go under the same ids."""
    for cache in (_choices, _views, _lines, _wholes, _parts):
        cache.clear()


def current_view(on: date) -> TariffView:
    """The tariff in force on a day. One small query reads which editions those are; the rest is kept in memory.

    Raises NoEdition where no edition of the schedule is in force.
    """
    return view_for(editions_on(on), on)


def editions_on(on: date) -> InForce:
    """Which editions are in force on a day; one that was loaded goes before the starter. Raises NoEdition."""
    return _choices.get((on, *prepared.read(LOADS)), lambda: _chosen(_rows(on), on))


def editions_among(held: Mapping[str, Sequence[int]], on: date) -> InForce:
    """The same choice among editions by their ids (`InForce.ids`), whatever was loaded since. Raises NoEdition."""
    return _chosen([one for one in _rows(on) if one.pk in held.get(one.table, ())], on)


def _chosen(rows: list[_Row], on: date) -> InForce:
    tariffs = sorted((one for one in rows if one.table == "tariff"), key=_rank)
    if not tariffs:
        raise NoEdition(f"No edition of the tariff schedule is in force on {on}.", day=on.isoformat())
    chosen = tariffs[-1]
    measures = _newest_of_each_source([one for one in rows if one.table == "measures"])
    references = tuple(
        (kind, tuple(one.held for one in reversed(_by_load([one for one in rows if one.table == kind]))))
        for kind in REFERENCE_KINDS
    )
    return InForce(
        tariff=chosen.held,
        tariff_name=chosen.name,
        lines_from=chosen.effective_from,
        earlier=tuple(one.held for one in tariffs[:-1]),
        measures=tuple(one.held for one in measures),
        measures_name=_names(measures),
        references=references,
    )


def _names(sets: list[_Row]) -> str | None:
    """The names of sets; of many, the day of the newest, how many they are, and a digest of all in their order."""
    if len(sets) <= NAMED_SETS:
        return ", ".join(one.name for one in sets) or None
    digest = sha256("\n".join(one.sha256 for one in sets).encode()).hexdigest()
    return f"{max(one.effective_from for one in sets)}, {len(sets)} sets, {digest[:DIGITS]}"


def view_for(editions: InForce, on: date) -> TariffView:
    """The view of given editions for a day: the same editions give the same figures, whatever was loaded since."""
    return _views.get((editions, on), lambda: _build(editions, on))


def _build(editions: InForce, on: date) -> TariffView:
    references = dict(editions.references)
    month = on.replace(day=1)  # rates in memory reach back from here
    tariff, measures, exchange, retired = (
        editions.tariff,
        editions.measures,
        references["exchange"],
        references["retired"],
    )
    return TariffView(
        on=on,
        editions=Editions(tariff=editions.tariff_name, measures=editions.measures_name),
        lines=_lines.get(tariff, lambda: building.build_lines(tariff.pk, _whole)),
        measures=_parts.get(("measures", measures), lambda: building.build_measures(_ids(measures))),
        fee_years=_part("fees", references, building.build_fee_years),
        programs=_part("programs", references, building.build_programs),
        origins=_part("origins", references, building.build_origins),
        notes=_part("notes", references, building.build_notes),
        spans=_parts.get(("exchange", exchange, month), lambda: building.build_spans(_ids(exchange), month)),
        successors=_parts.get(
            ("successors", tariff, editions.earlier, retired),
            lambda: building.build_successors(tariff.pk, _ids(editions.earlier), _ids(retired)),
        ),
        lines_from=editions.lines_from,
        held=editions.ids,
    )


def _whole(pk: int, sha256: str) -> dict[str, TariffLine]:
    return _wholes.get(Held(pk, sha256), lambda: building.stored_lines(pk))


def _ids(held: tuple[Held, ...]) -> tuple[int, ...]:
    return tuple(one.pk for one in held)


def _part(kind: str, references: dict[str, tuple[Held, ...]], build: Callable[[tuple[int, ...]], Part]) -> Part:
    held = references[kind]
    return _parts.get((kind, held), lambda: build(_ids(held)))


def _rows(on: date) -> list[_Row]:
    fields = ("table", "pk", "source", "name", "sha256", "effective_from", "loaded_at")
    tables = [
        (TariffEdition.objects.filter(effective_from__lte=on), Value("tariff", output_field=CharField())),
        (MeasureSet.objects.filter(effective_from__lte=on), Value("measures", output_field=CharField())),
        (ReferenceSet.objects.all(), F("kind")),
    ]
    first, *others = [rows.annotate(table=table).values_list(*fields) for rows, table in tables]
    return [_Row(*row) for row in first.union(*others, all=True)]


def _family(one: _Row) -> str:
    return one.source.split(" ")[0]


def _rank(one: _Row) -> tuple[bool, date, datetime, int]:
    return (_family(one) != STARTER, one.effective_from, one.loaded_at, one.pk)


def _by_load(rows: list[_Row]) -> list[_Row]:
    """Oldest load first, and the starter before anything that was loaded on purpose but headings as printed."""
    return sorted(rows, key=lambda one: (_weight(_family(one)), one.loaded_at, one.pk))


def _weight(family: str) -> int:
    return {PRINTED: 0, STARTER: 1}.get(family, 2)


def _newest_of_each_source(rows: list[_Row]) -> list[_Row]:
    newest: dict[str, _Row] = {}
    for one in sorted(rows, key=lambda one: (one.effective_from, one.loaded_at, one.pk)):
        newest[_family(one)] = one
    return _by_load(list(newest.values()))
