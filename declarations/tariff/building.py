"""From rows to the parts of a view. Each part is immutable and shared by all views of a process."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from sys import intern
from typing import Any

import msgspec

from declarations.tariff.load.hierarchy import SEPARATOR
from declarations.tariff.models import (
    ExchangeRate,
    FeeSchedule,
    HtsLine,
    MeasureSet,
    NoteRate,
    OriginStatus,
    PreferenceProgram,
    RetiredNumber,
    TariffEdition,
    TradeMeasure,
)
from declarations.tariff.notes import NoteRate as Note
from declarations.tariff.notes import NoteRates
from declarations.tariff.view import (
    COLUMN_2,
    GAP,
    UNLISTED,
    ExchangeQuote,
    ExchangeSpan,
    FeeYear,
    Measure,
    MeasureIndex,
    Program,
    TariffLine,
    normal_number,
)
from declarations.tariff.view import OriginStatus as Origin

LINE_FIELDS = (
    "number", "description", "path", "units", "general", "special", "column2", "declarable", "heading_of_rate",
)  # fmt: skip
MEASURE_MEMBERS = (
    "heading", "authority", "effect", "rate", "origins", "excluded_origins", "scope", "excluded_scope", "program",
    "requires", "exempts", "claimed_only", "content", "gives_way", "effective_from", "effective_to", "effective_at",
    "ends_at", "order", "legal_basis", "note",
)  # fmt: skip
MEASURE_FIELDS = ("measure_set_id", *MEASURE_MEMBERS)
CHUNK = 5000
ONE_DAY = timedelta(days=1)
OLDEST_EXPORT = timedelta(days=500)  # rates of exports longer ago are not kept in memory


OwnLines = Callable[[int, str], dict[str, TariffLine]]


def build_lines(edition_id: int, own_lines: OwnLines) -> dict[str, TariffLine]:
    """All numbered lines of an edition; equal texts are one object. A later edition's lines fill those it shares.

    `own_lines` gives what is stored with an edition by its id and digest: kept, editions of one base share its lines.
    """
    edition = TariffEdition.objects.select_related("base").get(pk=edition_id)
    if edition.base is None:
        return own_lines(edition_id, edition.sha256)
    absent = frozenset(edition.absent)
    base = own_lines(edition.base.pk, edition.base.sha256)
    return {number: line for number, line in base.items() if number not in absent} | stored_lines(edition_id)


def stored_lines(edition_id: int) -> dict[str, TariffLine]:
    """The numbered lines that are stored with an edition: all of it, or what differs from its base."""
    rows = HtsLine.objects.filter(edition_id=edition_id).exclude(number="").order_by("row").values_list(*LINE_FIELDS)
    paths: dict[str, tuple[str, ...]] = {"": ()}
    units: dict[str, tuple[str, ...]] = {"": ()}
    found: dict[str, TariffLine] = {}
    for number, text, path, printed, general, special, column2, declarable, heading in rows.iterator(chunk_size=CHUNK):
        key = normal_number(number)
        if key in found and not declarable:
            continue
        found[key] = TariffLine(
            number=key,
            description=intern(text),
            path=paths.get(path) or paths.setdefault(path, tuple(intern(one) for one in path.split(SEPARATOR))),
            units=units.get(printed) or units.setdefault(printed, tuple(printed.split("|"))),
            general=intern(general),
            special=intern(special),
            column2=intern(column2),
            declarable=declarable,
            heading_of_rate=intern(heading),
        )
    return found


def build_measures(set_ids: tuple[int, ...]) -> MeasureIndex:
    """Measures of all sets; of a heading the last set speaks. A list held in full closes its gap.

    A set that knows of a heading neither its goods nor a duty to propose is silent where another does.
    """
    sets = MeasureSet.objects.filter(pk__in=set_ids)
    place_of = {pk: place for place, pk in enumerate(set_ids)}
    complete = {text.partition(" ")[0]: (place_of[one.pk], text) for one in sets for text in one.complete_for}
    rows: list[tuple[int, Measure]] = []
    speaker: dict[str, tuple[bool, int]] = {}
    kept: dict[tuple[str, ...], frozenset[str]] = {}
    found = TradeMeasure.objects.filter(measure_set__in=set_ids).order_by("pk").values_list(*MEASURE_FIELDS)
    for set_id, *values in found.iterator(chunk_size=CHUNK):
        measure = _measure(values, kept)
        place = place_of[set_id]
        speaks = (any(one != UNLISTED for one in measure.scope) or not measure.claimed_only, place)
        speaker[measure.heading] = max(speaks, speaker.get(measure.heading, speaks))
        rows.append((place, measure))
    standing = ((place, row) for place, row in rows if not row.heading or speaker[row.heading][1] == place)
    return MeasureIndex(row for place, one in standing if (row := _closed(one, place, complete)) is not None)


def _closed(row: Measure, place: int, complete: Mapping[str, tuple[int, str]]) -> Measure | None:
    """A gap as far as no list that is held in full, in another set, closes it; any other row as it is."""
    closer, text = complete.get(row.authority, (place, ""))
    if row.effect != GAP or closer == place:
        return row
    begun = text.partition(" ")[2]
    first = date.fromisoformat(begun) if begun else date.min
    if row.effective_to is not None and row.effective_to < first:
        return row
    if first <= row.effective_from:
        return None
    return msgspec.structs.replace(row, effective_to=first - timedelta(days=1))


def _measure(values: list[Any], kept: dict[tuple[str, ...], frozenset[str]]) -> Measure:
    """A measure of a row; equal sets of origins and authorities are one object."""
    row = dict(zip(MEASURE_MEMBERS, values, strict=True))
    for name in ("origins", "excluded_origins", "requires", "exempts", "gives_way"):
        listed = tuple(row[name])
        row[name] = kept.get(listed) or kept.setdefault(listed, frozenset(listed))
    for name in ("scope", "excluded_scope"):  # thousands of numbers that the indexes of other days hold too
        row[name] = tuple(intern(one) for one in row[name])
    row |= {"rate": None if row["rate"] is None else row["rate"].normalize(), "program": row["program"] or None}
    return Measure(**row)


def build_fee_years(set_ids: tuple[int, ...]) -> tuple[FeeYear, ...]:
    """The fees from each day on which one of them changes. Of two sets the one loaded last speaks."""
    rows = list(FeeSchedule.objects.filter(reference_set__in=set_ids))
    rows.sort(key=lambda one: set_ids.index(one.reference_set_id))
    days = sorted({one.effective_from for one in rows})
    years = [year for day in days if (year := _fee_year(rows, day)) is not None]
    ends = [one.effective_from - ONE_DAY for one in years[1:]]
    cut = [
        msgspec.structs.replace(one, effective_to=min(end, one.effective_to or end))
        for one, end in zip(years, ends, strict=False)
    ]
    return (*cut, *years[-1:])


def _fee_year(rows: list[FeeSchedule], day: date) -> FeeYear | None:
    """All fees as they are on a day, or None where one is missing."""

    def held(fee_class: str, member: str) -> Any:
        for one in rows:
            begun = one.effective_from <= day and (one.effective_to is None or day <= one.effective_to)
            if one.fee_class == fee_class and begun and getattr(one, member) is not None:
                return getattr(one, member)
        return None

    rate, harbor = held("499", "rate"), held("501", "rate")
    others = {code: held(code, "amount") for code in ("311", "496", "500")}
    if rate is None or harbor is None or None in others.values():
        return None
    stated = {"mpf_not_on": held("499", "not_on"), "hmf_not_on": held("501", "not_on")}
    return FeeYear(
        mpf_rate=rate,
        mpf_minimum=held("499", "minimum") or Decimal(0),
        mpf_maximum=held("499", "maximum") or Decimal(0),
        informal_automated=others["311"],
        dutiable_mail=others["496"],
        manual_surcharge=others["500"],
        hmf_rate=harbor,
        effective_from=day,
        effective_to=held("499", "effective_to"),
        source=held("499", "source") or "",
        **{name: frozenset(kinds) for name, kinds in stated.items() if kinds is not None},
    )


def build_programs(set_ids: tuple[int, ...]) -> tuple[Program, ...]:
    """Programs of the set loaded last; earlier sets fill in codes that it does not hold."""
    found: dict[str, list[Program]] = {}
    for set_id in set_ids:
        rows = PreferenceProgram.objects.filter(reference_set=set_id).order_by("code", "effective_from")
        held: dict[str, list[Program]] = {}
        for one in rows:
            held.setdefault(one.code, []).append(
                Program(
                    code=one.code,
                    name=one.name,
                    countries=frozenset(one.countries),
                    effective_from=one.effective_from,
                    effective_to=one.effective_to,
                    mpf_exempt=one.mpf_exempt,
                    certification_needed=one.certification_needed,
                    legal_basis=one.legal_basis,
                    by_note=one.by_note,
                )
            )
        found = {**held, **found}
    return tuple(one for code in sorted(found) for one in found[code])


def build_origins(set_ids: tuple[int, ...]) -> tuple[Origin, ...]:
    """What goods are by their origin, from the set loaded last; column 2 as in the general notes where none is held."""
    rows = OriginStatus.objects.filter(reference_set__in=set_ids[:1]).order_by("country", "status")
    found = tuple(
        Origin(
            country=one.country,
            status=one.status,
            ground=one.ground,
            effective_from=one.effective_from,
            effective_to=one.effective_to,
            legal_basis=one.legal_basis,
        )
        for one in rows
    )
    return found if any(one.status == "column2" for one in found) else (*COLUMN_2, *found)


def build_notes(set_ids: tuple[int, ...]) -> NoteRates:
    """Rates that stand in notes; of two sets that hold one, the set loaded last speaks."""
    rows = sorted(
        NoteRate.objects.filter(reference_set__in=set_ids), key=lambda one: set_ids.index(one.reference_set_id)
    )
    return NoteRates(
        Note(
            number=one.number,
            column=one.column,
            text=one.text,
            effective_from=one.effective_from,
            effective_to=one.effective_to,
            legal_basis=one.legal_basis,
        )
        for one in rows
    )


def build_spans(set_ids: tuple[int, ...], on: date) -> tuple[Mapping[str, tuple[ExchangeSpan, ...]], ...]:
    """Exchange rates as layers, the set loaded last first."""
    layers = []
    for set_id in set_ids:
        rows = ExchangeRate.objects.filter(reference_set=set_id, effective_to__gte=on - OLDEST_EXPORT)
        layer: dict[str, list[ExchangeSpan]] = {}
        fields = ("currency", "rate", "effective_from", "effective_to", "basis", "source")
        for currency, rate, first, last, basis, source in rows.order_by("currency", "effective_from").values_list(
            *fields
        ):
            quote = ExchangeQuote(
                currency=intern(currency),
                rate=rate.normalize(),
                rate_date=first,
                basis=intern(basis),
                source=intern(source),
            )
            layer.setdefault(currency, []).append(ExchangeSpan(quote=quote, first=first, last=last))
        layers.append({currency: tuple(spans) for currency, spans in layer.items()})
    return tuple(layers)


def build_successors(
    edition_id: int, earlier: Iterable[int], retired_sets: Iterable[int]
) -> dict[str, tuple[str, ...]]:
    """Numbers that are gone and what stands in their place: as listed, else what is under the same eight digits."""
    held = set(_declarable(edition_id))
    by_subheading: dict[str, list[str]] = {}
    for number in sorted(held):
        by_subheading.setdefault(number[:8], []).append(number)
    found: dict[str, tuple[str, ...]] = {}
    for older in earlier:
        for number in _declarable(older):
            if number not in held and number[:8] in by_subheading:
                found[number] = tuple(by_subheading[number[:8]])
    for one in RetiredNumber.objects.filter(reference_set__in=list(retired_sets)):
        successors = tuple(number for number in one.successors if number in held)
        if one.number not in held and successors:
            found[one.number] = successors
    return found


def _declarable(edition_id: int) -> Iterable[str]:
    rows = HtsLine.objects.filter(edition_id=edition_id, declarable=True)
    return rows.values_list("number", flat=True).iterator(chunk_size=CHUNK)
