"""Which files of measures are understood, each by its columns or its name, and who reads them."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from declarations.tariff.load import china_lists, goods_lists, hints, measure_rows, metal_lists, supplement
from declarations.tariff.load.files import FileNotUnderstood, Source, csv_header
from declarations.tariff.view import PRINTED, Measure

Reader = Callable[[Source], Iterator[tuple[Measure, str]]]


class Layout(NamedTuple):
    """A layout by its columns, or by the beginning of its name where these do not tell.

    It has the family of its sets, its reader, and the authorities it holds in full, with the first day of that.
    """

    columns: tuple[str, ...]
    source: str
    read: Reader
    complete_for: tuple[str, ...] = ()
    stem: str = ""


BRAZIL = hints.candidates(
    "s301_brazil", date(2026, 7, 22), None,
    "This number is on a list of goods that may be left out of the duty on Brazil (9903.05.02 to .09): the filer "
    "states the condition.",
)  # fmt: skip
FORCED_LABOR = hints.candidates(
    "s301_forced_labor", date(2026, 7, 24), None,
    "This number is on the proposal's list of goods left out; the final note sets a condition for most of them "
    "(9903.05.86 to .90): the filer states it.",
)  # fmt: skip
MEDICINES = hints.candidates(
    "s232_pharmaceuticals", date(2026, 7, 31), None,
    "Patented medicines of this number owe a duty under section 232 (9903.04.60 to .69) by company and origin.",
    "hts10",
)  # fmt: skip
SOLAR = hints.candidates(
    "s201_solar", date(2018, 2, 7), date(2026, 2, 6),
    "Solar cells and modules of this number were under the safeguard of section 201 (9903.45.21 to .27).", "hts10",
)  # fmt: skip
MORE_PARTS = hints.candidates(
    "s232_autos", date(2026, 4, 6), None,
    "Parts certified for vehicles made in the United States may owe a total of 15 % (US note 33(r)).", "hts_prefix",
)  # fmt: skip

DATES = ("effective_date_start", "effective_date_end")
LAYOUTS = (
    Layout(measure_rows.COLUMNS, "own", measure_rows.own_measures),
    Layout(supplement.COLUMNS, "chapter99-by-country", supplement.supplement_measures),
    Layout(("hts8", "list", "ch99_code"), "s301-china-lists", china_lists.china_measures, (china_lists.AUTHORITY,)),
    Layout(("ch99_code", "validity_start", "source_note"), "s301-china-exclusions", hints.exclusions),
    Layout(("ch99_code", "hts10", "n_revisions"), "s301-china-excluded-lines", hints.excluded_lines),
    Layout(("hts_prefix", "source_annex", "source_note"), "s232-vehicle-parts-certified", MORE_PARTS),
    Layout(
        ("hts_prefix", "annex", "metal_type", "effective_date"), "s232-metal-annexes", metal_lists.annex_measures,
        (f"{metal_lists.AUTHORITY} {metal_lists.ANNEXES_FROM}",),
    ),
    Layout(("hts_prefix", "metal_type", "kind"), "s232-metal-chapters", metal_lists.chapter_measures),
    Layout(("hts_prefix", "ch99_code", "derivative_type"), "s232-metal-content", metal_lists.content_measures),
    Layout(("hts10", "ch99_code"), "s232-copper-content", metal_lists.content_measures, stem="s232_copper"),
    Layout(("hts10", "ch99_code", "heading"), "s232-semiconductors", goods_lists.semiconductors, stem="s232_semi"),
    Layout(("hts10", "ch99_code", "heading"), "s201-solar", SOLAR, stem="s201"),
    Layout(("hts8", "ch99_code", "source"), "s232-aircraft-taiwan", goods_lists.aircraft_of_taiwan),
    Layout(("hts8", "category", "country_group"), "ieepa-agreements", goods_lists.left_out_by_agreement),
    Layout(("hts8", "ch99_code", "category"), "ieepa-energy-potash", goods_lists.energy_and_potash),
    Layout(("ch99_code", "hts10", *DATES), "ieepa-brazil-left-out", goods_lists.left_out_of_the_duties_on_brazil),
    Layout(("hts10", *DATES), "ieepa-left-out", goods_lists.left_out_of_the_reciprocal_duties),
    Layout(("hts8", *DATES), "s301-brazil-candidates", BRAZIL, stem="s301_brazil"),
    Layout(("hts8", *DATES), "s301-forced-labor-candidates", FORCED_LABOR, stem="s301fl"),
    Layout(("hts8",), "s122-left-out", goods_lists.left_out_of_the_surcharge, stem="s122"),
    Layout(("hts10",), "s232-medicines", MEDICINES, stem="s232_pharma"),
    Layout((), "s232-vehicle-parts", goods_lists.vehicle_parts, ("s232_autos",), stem="s232_auto_parts"),
    Layout((), "s232-truck-parts", goods_lists.truck_parts, stem="s232_mhd_parts"),
    Layout(("hts_number", "ref", "footnote_columns"), "schedule-footnotes", hints.footnotes, ("column2_russia",)),
    Layout(("hts_number", "authority_guess", "adder_pct"), PRINTED, hints.printed),
    Layout(("authority", "program", "census_code", "rate_fraction"), "dated-table", hints.dated_table),
)  # fmt: skip


def layout_of(content: Source) -> Layout:
    """The layout that a file is in. Raises FileNotUnderstood."""
    header = set(csv_header(content))
    for one in LAYOUTS:
        if set(one.columns) <= header and content.name.startswith(one.stem) and (one.columns or one.stem):
            return one
    raise FileNotUnderstood(f"{content.name} is in no layout of measures that is known here.", file=content.name)
