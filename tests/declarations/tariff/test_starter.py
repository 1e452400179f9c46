"""The starter data: what it holds, that it loads once, and that its rates are those of the schedule."""

import csv
import re
from datetime import date

import pytest

from declarations.tariff.expressions import Unparsed, parse, parse_special
from declarations.tariff.load import read_source
from declarations.tariff.load.hierarchy import lines_of
from declarations.tariff.load.hts_rows import schedule_rows
from declarations.tariff.models import HtsLine, MeasureSet, ReferenceSet, TariffEdition
from declarations.tariff.selectors import current_view
from declarations.tariff.starter import FOLDER, load_starter
from declarations.tariff.units import CODES
from tests.declarations.tariff.makers import DAY, NOW, amounts, document, fees, item, owed

KNOWN_CODES = {code for codes in CODES.values() for code in codes}


def starter_lines():
    return lines_of(schedule_rows(read_source(FOLDER / "hts.csv")))


def test_enough_numbers_over_enough_chapters():
    declarable = [one.number for one in starter_lines() if one.declarable and one.number[:2] < "98"]
    assert len(declarable) == len(set(declarable)) >= 420
    assert len({one[:2] for one in declarable}) >= 45


def test_every_rate_of_the_starter_is_understood_but_those_of_chapter_98():
    for one in starter_lines():
        if one.declarable and one.number[:2] < "98":
            assert not isinstance(parse(one.general), Unparsed), one
            assert not isinstance(parse(one.column2), Unparsed), one
            assert one.special == "" or parse_special(one.special), one


def test_units_are_codes_of_ace_or_stay_as_printed():
    printed = {unit for one in starter_lines() if one.declarable for unit in one.units} - KNOWN_CODES
    assert printed == {"kg cmsc"}


def test_it_loads_once(no_tariff):
    assert load_starter(now=NOW) is True
    counts = [model.objects.count() for model in (TariffEdition, HtsLine, MeasureSet, ReferenceSet)]
    assert load_starter(now=NOW) is False
    assert [model.objects.count() for model in (TariffEdition, HtsLine, MeasureSet, ReferenceSet)] == counts
    assert counts[0] == counts[2] == 1


def test_every_measure_says_when_from_and_by_what_law():
    with (FOLDER / "measures.csv").open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            assert re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", row["effective_from"]), row
            assert row["note"], row
            assert row["effect"] == "gap" or row["legal_basis"], row
            assert row["certainty"], row


RATES = ("general", "special", "column2")


def squeezed(text):
    return text.replace(" ", "")


def test_every_rate_and_unit_is_the_schedules(reference_data):
    schedule = {
        one.number: one
        for one in lines_of(schedule_rows(read_source(reference_data / "data" / "hts.csv.gz")))
        if one.declarable
    }
    compared = 0
    for one in starter_lines():
        if one.declarable:
            printed = schedule[one.number]
            assert one.units == printed.units, one.number
            for column in RATES:
                assert squeezed(getattr(one, column)) == squeezed(getattr(printed, column)), (one.number, column)
            compared += 1
    assert compared >= 420


def test_no_description_is_taken_over(reference_data):
    """Our words are short and our own; a word or two (`Nuts`, `Urea`) can only be said one way."""
    printed = {one.description for one in schedule_rows(read_source(reference_data / "data" / "hts.csv.gz"))}
    same = {one.description for one in starter_lines() if one.description in printed and len(one.description) > 25}
    assert same == set()


# ---- what it computes -------------------------------------------------------------------------------


def on(day, *goods, **more):
    return owed(document(*goods, entry=day, **more), current_view(date.fromisoformat(day)))


@pytest.mark.parametrize(
    ("day", "goods", "lines"),
    [
        ("2026-02-15", item("6109100012"), {"99038815": "750.00", "99030124": "1000.00", "99030125": "1000.00"}),
        ("2026-03-01", item("6109100012", origin="DE"), {"99030301": "1000.00"}),
        ("2026-03-01", item("8471300100", origin="DE"), {"99030303": "0.00"}),
        ("2026-03-01", item("6109100012", origin="MX", claim="S"), {"99030308": "0.00"}),
        ("2026-07-23", item("6109100012", origin="DE"), {"99030301": "1000.00"}),
        ("2026-07-24", item("6109100012", origin="DE"), {"99030538": "0.00"}),
        ("2026-07-21", item("0901110025", origin="BR"), {"99030303": "0.00"}),
        ("2026-07-22", item("6109100012", origin="BR"), {"99030501": "2500.00", "99030301": "1000.00"}),
        ("2026-11-24", item("6109100012", origin="BR"), {"99030501": "2500.00", "99030527": "1250.00"}),
        ("2026-11-24", item("7208370060"), {"99039101": "2500.00", "99030590": "0.00", "99038202": "5000.00"}),
        ("2026-11-24", item("7601106090", origin="CA", claim="S"), {"99030590": "0.00", "99038202": "5000.00"}),
        ("2026-11-24", item("8708305030", origin="CA", claim="S"), {"99030593": "0.00", "99039406": "0.00"}),
        ("2026-11-24", item("8708305030", origin="JP"), {"99030590": "0.00", "99039443": "1500.00"}),
        ("2026-11-24", item("9401614011", origin="VN"), {"99030590": "0.00", "99037602": "2500.00"}),
        ("2026-11-24", item("9401614011"), {"99038804": "2500.00", "99030590": "0.00", "99037602": "2500.00"}),
        ("2026-11-24", item("9403604000", origin="NO"), None),
        ("2026-11-24", item("6404119020", origin="KR", claim=None), {"99030570": "0.00"}),
        ("2026-11-24", item("8703800060", origin="KR"), {"99030590": "0.00", "99039461": "1500.00"}),
        ("2026-11-24", item("6109100012", origin="HN", claim="P"), {"99030595": "0.00"}),
        ("2026-11-24", item("3406000000", origin="RU"), {"99030566": "1250.00", "99039008": "3500.00"}),
    ],
)
def test_measures_of_the_day(starter, day, goods, lines):
    found = on(day, goods)
    if lines is None:
        assert [one.code for one in found.unassessed] == ["DUTY-NUMBER"]
        return
    assert found.unassessed == ()
    assert {code: one for code, one in amounts(found).items() if code.startswith("99")} == lines


def test_a_retired_number_names_what_came_after(starter):
    found = on("2026-11-24", item("8507600020"))
    assert "8507.60.00.30, 8507.60.00.90" in found.unassessed[0].reason


def test_origins_that_pay_no_processing_fee(starter):
    for origin, free in (("LS", True), ("JM", True), ("IL", True), ("GU", True), ("VN", False)):
        assert ("499" not in fees(on("2026-11-24", item("3304995000", origin=origin)))) is free


def test_seasons_and_specific_rates(starter):
    goods = item("0702006092", origin="MX", value="1000", quantities=[("1000", "KG")])
    assert amounts(on("2026-11-24", goods))["0702006092"] == "28.00"
    wine = item("2204215028", origin="CA", value="1000", quantities=[("100", "L")], claim="S")
    assert amounts(on("2026-11-24", wine))["2204215028"] == "0.00"


def test_where_the_starter_ends_is_said(starter):
    beer = on("2026-11-24", item("2203000030", origin="CA")).item(1).tariffs[-1]
    assert "Section 338" in beer.reason
    assert on("2026-11-24", item("8507600090")).item(1).tariffs[-1].reason is None
    assert current_view(DAY).gaps_of("6109100099", origin="CN", on=DAY) == ()  # its subheading is in the starter


def test_exchange_of_the_starter_is_marked_as_reference(starter):
    quote = current_view(DAY).exchange("EUR", date(2026, 10, 15))
    assert quote.basis == "reference"
    assert "ECB" in quote.source
    assert current_view(DAY).exchange("EUR", date(2025, 12, 31)) is None
