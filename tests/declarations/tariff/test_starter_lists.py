"""The starter against the published files: whatever number it holds stands on the lists it is really on.

Two ways: loading the published files beside the starter changes no proposal for its numbers; and the lists of
the notes of chapter 99, read here on their own, name the same goods.
"""

import csv
import re
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from declarations.tariff.calculate.stack import Subject, propose
from declarations.tariff.expressions import parse
from declarations.tariff.load import load_measures, load_tariff, read_source
from declarations.tariff.load.hierarchy import lines_of
from declarations.tariff.load.hts_rows import schedule_rows
from declarations.tariff.selectors import current_view
from declarations.tariff.starter import FOLDER
from tests.declarations.tariff.makers import NOW

ORIGINS = ("CN", "MX", "CA", "DE", "VN", "IN", "BR", "JP", "GB")
DAYS = (date(2025, 6, 15), date(2026, 3, 15), date(2026, 8, 10), date(2026, 11, 24))
TODAY = DAYS[-1]
SHARES = (Decimal(0), Decimal("0.11"), Decimal("0.2"))  # base duty over value: below, between and above all totals
NUMBER = re.compile(r"(?<![\d.])\d{4}(?:\.\d{2}(?:\.\d{2,4}(?:\.\d{2})?)?)?(?![\d.])")


@pytest.fixture(scope="module")
def numbers():
    lines = lines_of(schedule_rows(read_source(FOLDER / "hts.csv")))
    return [one.number for one in lines if one.declarable and one.number[:2] < "98"]


def test_rates_of_every_kind(numbers):
    lines = {one.number: one for one in lines_of(schedule_rows(read_source(FOLDER / "hts.csv")))}
    kinds = Counter(type(parse(lines[one].general)).__name__ for one in numbers)
    assert {"Free", "Sum"} <= set(kinds)
    rates = {lines[one].general for one in numbers} | {lines[one].column2 for one in numbers}
    for sign in ("%", "¢/kg", "+", "less", "on the case", "each", "/liter", "/pf.liter", "/m3", "/bbl", "drained"):
        assert any(sign in one for one in rates), sign
    programs = {code for one in numbers for code in re.findall(r"[A-Z]{1,2}[+*]?", lines[one].special)}
    assert {
        "A",
        "A*",
        "A+",
        "B",
        "C",
        "D",
        "E",
        "E*",
        "AU",
        "BH",
        "CL",
        "CO",
        "IL",
        "JO",
        "JP",
        "KR",
        "MA",
        "NP",
    } < programs
    assert {"OM", "P", "P+", "PA", "PE", "R", "S", "S+", "SG"} < programs


def proposals(numbers):
    """Chapter 99 numbers by the measures held today, each row with its own dates."""
    found = {}
    view = current_view(TODAY)
    for day in DAYS:
        for number in numbers:
            for origin in ORIGINS:
                for share in SHARES:
                    stack = propose(Subject(number=number, origin=origin, on=day, share=share), view)
                    found[number, origin, day, share] = tuple(one.measure.heading for one in stack.applied)
    return found


def test_the_published_files_propose_what_the_starter_proposes(numbers, starter, reference_data):
    held = proposals(numbers)
    assert sum(map(len, held.values())) > 50_000
    ours = {number: current_view(TODAY).line(number) for number in numbers}
    data = reference_data / "data"
    load_tariff(path=data / "hts.csv.gz", effective_from=date(2026, 6, 8), now=NOW, name="2026-rev-10")
    load_measures(path=data / "us_measures" / "s301_product_lists.csv", now=NOW)
    load_measures(path=data / "hts_chapter99_rev20_supplement.csv", now=NOW)
    assert "2026-rev-10" in current_view(TODAY).editions.tariff
    published = proposals(numbers)
    different = {key: (held[key], published[key]) for key in held if held[key] != published[key]}
    assert different == {}
    for number, line in ours.items():
        printed = current_view(TODAY).line(number)
        assert (line.units, line.heading_of_rate) == (printed.units, printed.heading_of_rate), number
        for column in ("general", "special", "column2"):
            assert getattr(line, column).replace(" ", "") == getattr(printed, column).replace(" ", ""), number


# ---- the lists of the notes -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def notes(reference_data):
    path = reference_data / "data" / "us_measures" / "chapter99_notes_2026_rev_6.txt.gz"
    return read_source(path).text.replace("\u00ad", "-").replace("\x96", "-")


@pytest.fixture(scope="module")
def table(reference_data):
    def read(name):
        with (reference_data / "data" / "us_measures" / name).open(encoding="utf-8") as handle:
            return list(csv.DictReader(one for one in handle if not one.startswith("#")))

    return read


def digits(text):
    return "".join(one for one in text if one in "0123456789")


def listed(notes, start, end, after=0):
    """Numbers of chapters 1 to 97 between two places of the notes; and where the second place is."""
    first = notes.index(start, after)
    last = notes.index(end, first)
    found = {digits(one) for one in NUMBER.findall(notes[first:last])}
    return {one for one in found if one[:2] < "98"}, last


def on_list(number, prefixes):
    return number.startswith(tuple(prefixes))


def standing(numbers, day, origin, *headings):
    """Starter numbers that have a row of one of the headings, proposed or for the filer to state."""
    view = current_view(TODAY)
    return {
        one for one in numbers if any(row.heading in headings for row in view.measures_of(one, origin=origin, on=day))
    }


def among(numbers, prefixes):
    return {one for one in numbers if on_list(one, prefixes)}


def test_metals_by_their_annex(numbers, starter, notes):
    half, at = listed(notes, "(c) Headings 9903.82.02", "(vi) Derivative aluminum articles")
    half = {one for one in half if one[:2] in ("72", "73", "74", "76")}  # the rest is running text
    quarter, at = listed(notes, "(vi) Derivative aluminum articles", "(ix) Derivative aluminum articles", at)
    total, _ = listed(notes, "(ix) Derivative aluminum articles", "(d) Headings 9903.82.04", at)
    for day in (date(2026, 4, 6), TODAY):
        assert standing(numbers, day, "DE", "99038202") == among(numbers, half)
        assert standing(numbers, day, "DE", "99038209") == among(numbers, quarter)
        assert standing(numbers, day, "DE", "99038210") == among(numbers, total)
    assert len(among(numbers, half)) > 20
    assert len(among(numbers, quarter)) > 20
    assert among(numbers, total)


def test_metals_before_they_were_taxed_on_their_full_value(numbers, starter, table):
    chapters = table("s232_metal_chapter_products.csv")
    derivative = table("s232_derivative_products.csv")

    def prefixes(metal, kind):
        return [one["hts_prefix"] for one in chapters if (one["metal_type"], one["kind"]) == (metal, kind)]

    by_content = [digits(one["hts_prefix"]) for one in derivative if one["ch99_code"] in ("9903.85.08", "9903.81.91")]
    by_content += [digits(one["hts10"]) for one in table("s232_copper_products.csv")]
    for day in DAYS[:2]:
        assert standing(numbers, day, "DE", "99038187") == among(numbers, prefixes("steel", "mill"))
        assert standing(numbers, day, "DE", "99038190") == among(numbers, prefixes("steel", "derivative"))
        assert standing(numbers, day, "DE", "99038502") == among(numbers, prefixes("aluminum", "mill"))
        of_76 = [one for one in prefixes("aluminum", "derivative") if one.startswith("76")]
        assert standing(numbers, day, "DE", "99038507") == among(numbers, of_76)
        view = current_view(TODAY)
        open_ends = {
            one
            for one in numbers
            if any(gap.authority == "s232_metals" for gap in view.gaps_of(one, origin="DE", on=day))
        }
        vehicles = standing(numbers, day, "VN", "99039405")
        assert among(numbers, by_content) - vehicles <= open_ends


def test_vehicles_their_parts_and_wood(numbers, starter, notes, reference_data):
    folder = reference_data / "data" / "us_measures"
    parts = (folder / "s232_auto_parts.txt").read_text().split()
    heavy = (folder / "s232_mhd_parts.txt").read_text().split()
    vehicles, at = listed(notes, "33. (a)", "(c) Heading 9903.94.02 applies")
    wood, _ = listed(notes, "9903.76.01", "\n38.", notes.index("\n37.", at))
    assert standing(numbers, TODAY, "VN", "99039401") == among(numbers, {one for one in vehicles if len(one) == 8})
    assert standing(numbers, TODAY, "VN", "99039405") == among(numbers, parts)
    assert standing(numbers, TODAY, "VN", "99037408") == among(numbers, heavy)
    of_wood = {one for one in wood if len(one) >= 8 and one[:2] in ("44", "94")}
    assert standing(numbers, TODAY, "VN", "99037601", "99037602", "99037603") == among(numbers, of_wood)


def test_what_the_surcharge_of_2026_left_out(numbers, starter, notes):
    free, _ = listed(notes, "(ii) As provided in heading 9903.03.03", "(iii) As provided in heading 9903.03.04")
    free = {one for one in free if len(one) >= 8}
    assert standing(numbers, DAYS[1], "DE", "99030303") == among(numbers, free)
    assert len(among(numbers, free)) > 40


def in_force(row, day):
    first, last = row["effective_date_start"], row.get("effective_date_end", "NA")
    return (first == "NA" or first <= day.isoformat()) and (last == "NA" or last >= day.isoformat())


def test_what_the_reciprocal_duties_left_out(numbers, starter, notes, table):
    """The table also names goods that are free only for a purpose; the list of the note is without condition."""
    start = notes.index("(a) As provided for in heading 9903.01.32")
    last = notes.index("\n", notes.index("(b) ", start))
    free = {digits(one) for one in NUMBER.findall(notes[start:last])}
    rows = table("ieepa_exempt_products.csv")
    for day in (DAYS[0], date(2025, 8, 20), date(2025, 9, 20), date(2025, 12, 15)):
        named = {
            one["hts10"]
            for one in rows
            if in_force(one, day) and (one["effective_date_end"] != "NA" or on_list(one["hts10"], free))
        }
        assert standing(numbers, day, "VN", "99030132") == set(numbers) & named, day


def test_what_the_duties_on_brazil_left_out(numbers, starter, notes, table):
    """Fertilizers were free from the first day (EO 14323, section 3), though the table dates them by a later annex."""
    free, _ = listed(notes, "(a) As provided in heading 9903.01.81", "(b) As provided in heading 9903.01.90")
    first = {
        digits(one["hts10"]): one["effective_date_start"]
        for one in table("country_eo_exempt_products.csv")
        if one["ch99_code"] == "9903.01.77"
    }
    first |= {one: "2025-08-06" for one in first if one.startswith("31")}
    for day in (date(2025, 9, 15), date(2025, 12, 15)):
        named = {
            one for one in numbers if on_list(one, {x for x in free if len(x) >= 8}) and first[one[:8]] <= str(day)
        }
        assert standing(numbers, day, "BR", "99030181") == named


def test_goods_of_russia(numbers, starter, notes):
    low, at = listed(notes, "(b) Heading 9903.90.08 applies", "(c) For the purposes of heading 9903.90.09")
    high, _ = listed(notes, "(d) Heading 9903.90.09 applies", "\n31. ", at)
    assert standing(numbers, TODAY, "RU", "99039008") == among(numbers, {one for one in low if len(one) == 8})
    assert standing(numbers, TODAY, "RU", "99039009") == among(numbers, {one for one in high if len(one) == 8})


def test_energy_of_canada(numbers, starter, table):
    named = {digits(one["hts8"]) for one in table("fentanyl_carveout_products.csv") if one["category"] == "energy_ca"}
    found = standing(numbers, DAYS[0], "CA", "99030113")
    assert found == among(numbers, named)
    assert not found & standing(numbers, DAYS[0], "CA", "99030110")


def test_the_lists_end_nowhere_within_the_starter(numbers, starter):
    """What may still owe a duty that no row holds, today: named authorities only."""
    view = current_view(TODAY)
    gaps = Counter(
        gap.authority
        for number in numbers
        for origin in ORIGINS
        for gap in view.gaps_of(number, origin=origin, on=TODAY)
    )
    assert set(gaps) <= {
        "s232_pharmaceuticals", "s232_drones", "s232_trucks", "s338_canada", "canada_exclusion", "s201_quartz",
    }  # fmt: skip
