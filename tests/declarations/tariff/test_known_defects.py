"""The published files have known defects: each, loaded as it is published, does no harm."""

import csv
import gzip
from datetime import date

import pytest

from declarations.tariff.load import FileNotUnderstood, load_measures, load_reference, read_source
from declarations.tariff.load.hierarchy import lines_of
from declarations.tariff.load.hts_rows import schedule_rows
from declarations.tariff.selectors import current_view
from tests.declarations.tariff.makers import DAY, NOW, amounts, document, fees, item, owed


@pytest.fixture
def data(reference_data, starter):
    return reference_data / "data"


def rows(path):
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(one for one in handle if not one.startswith("#")))


def digits(text):
    return "".join(one for one in text if one in "0123456789")


def loaded_if_understood(load, *paths):
    """What the loaders take of these files; what is in no layout of theirs does no harm by itself."""
    for path in paths:
        try:
            load(path=path, now=NOW)
        except FileNotUnderstood:
            continue


def extras(number, origin, day=DAY, **more):
    """Chapter 99 numbers on one line, with their amounts on ten thousand dollars."""
    found = owed(document(item(number, origin=origin, **more), mode="30", entry=day.isoformat()), current_view(day))
    return {code: one for code, one in amounts(found).items() if code.startswith("99")}


def test_the_flat_list_of_the_proposal_exempts_nothing(data):
    """Batteries, plastic articles, shelves and power supplies are on it for civil aircraft only: the filer says so."""
    path = data / "suspect" / "s301fl_exempt_products.csv"
    named = {digits(one["hts8"]) for one in rows(path)}
    numbers = ("8507600090", "3926909989", "9403200086", "8504409510")
    assert named >= {one[:8] for one in numbers}
    loaded_if_understood(load_measures, path)
    for number in numbers:
        assert extras(number, "TH") == {"99030577": "1250.00"}
    aircraft = owed(document(item("99030588", "8507600090", origin="TH"), mode="30"), current_view(DAY))
    assert amounts(aircraft)["99030588"] == "0.00"


def test_words_of_descriptions_are_no_metal_lists(data):
    """`Machines of heading 8471` is no listing: computers and motors owe no duty of section 232."""
    paths = [data / "suspect" / "s232_annex_products.csv", data / "us_measures" / "s232_annex_products.csv"]
    words = {digits(one["hts_prefix"]) for one in rows(paths[0])} - {
        digits(one["hts_prefix"]) for one in rows(paths[1])
    }
    assert words >= {"8471", "8501", "8703"}
    numbers = ("8471300100", "8471500150", "8501104040", "8501314000", "8413309060")
    before = {one: extras(one, "TH") for one in numbers}
    assert before["8501104040"] == {"99030577": "1250.00"}
    loaded_if_understood(load_measures, paths[0])
    assert {one: extras(one, "TH") for one in numbers} == before


def test_list_4b_is_never_a_duty(data):
    path = data / "us_measures" / "s301_product_lists.csv"
    suspended = [one for one in rows(path) if digits(one["ch99_code"]) == "99038816"]
    assert len(suspended) == 1_519
    load_measures(path=path, now=NOW)
    assert not any(one.heading == "99038816" for one in current_view(DAY).all_measures)
    assert extras("9503000073", "CN") == {"99030531": "1250.00"}


def test_a_stale_footnote_is_no_duty(data):
    path = data / "hts_chapter99_links.csv.gz"
    named = [one for one in rows(path) if digits(one["hts_number"])[:8] == "85076000"]
    assert "99038815" in {digits(one) for row in named for one in row.values()}
    loaded_if_understood(load_measures, path, data / "us_measures" / "s301_product_lists.csv")
    assert extras("8507600090", "CN") == {"99039106": "2500.00", "99030531": "1250.00"}


def test_the_heading_left_out_of_the_supplement_is_that_of_turkey(data):
    path = data / "hts_chapter99_rev20_supplement.csv"
    assert [one["pct"] for one in rows(path) if one["heading"] == "9903.05.79"] == [""]
    load_measures(path=path, now=NOW)
    assert extras("6109100012", "TR") == {"99030579": "1250.00"}


def test_the_exclusions_from_section_301_are_over(data):
    """As printed they run through 2026-11-09: a claim for a line of theirs counts on that day and on no later one."""
    load_measures(path=data / "us_measures" / "s301_product_lists.csv", now=NOW)
    load_measures(path=data / "us_measures" / "s301_exclusion_headings.csv", now=NOW)
    for heading in ("99038869", "99038870"):
        for day in (date(2026, 11, 9), date(2026, 11, 10), DAY):
            goods = item(heading, "8536100040", value="10000")
            found = owed(document(goods, mode="30", entry=day.isoformat()), current_view(day))
            assert set(amounts(found)) & {heading, "99038801"} == {"99038801"}
            goods = item("99038869", "3923500000", value="10000")
            found = owed(document(goods, mode="30", entry=day.isoformat()), current_view(day))
            stands = "99038869" if day == date(2026, 11, 9) else "99038803"
            assert set(amounts(found)) & {"99038869", "99038803"} == {stands}


def test_two_units_in_one_print_are_two(data):
    lines = lines_of(schedule_rows(read_source(data / "hts.csv.gz")))
    printed = {digits(one["hts_number"]) for one in rows(data / "hts.csv.gz") if "No. and kg" in one["units"]}
    found = [one for one in lines if digits(one.printed_number) in printed]
    assert len(found) == 16
    assert {one.units for one in found} == {("NO", "KG")}


def test_notes_that_are_not_all_utf_8_are_read(data):
    paths = [*(data / "us_measures").glob("*.txt.gz"), *data.glob("**/s232_metals_annexes*.gz")]
    broken = []
    for path in paths:
        try:
            gzip.decompress(path.read_bytes()).decode("utf-8")
        except UnicodeDecodeError:
            broken.append(path)
    assert broken
    for path in broken:
        text = read_source(path).text
        assert "9903.82" in text
        assert len(text) > 10_000


def test_rates_of_the_central_bank_are_marked_as_no_certified_rates(data):
    load_reference(path=data / "fx_rates.csv.gz", now=NOW, source="test")
    quote = current_view(DAY).exchange("EUR", date(2026, 10, 14))
    assert quote.basis == "reference"
    stated = {"rate": "1.2", "basis": "certified"}
    invoice = {"invoice": {"value": "1000", "currency": "EUR"}, "exchange": stated}
    goods = item("6109100012", origin="DE", value=None, valuation=invoice, export_date="2026-10-14")
    assert owed(document(goods, mode="30"), current_view(DAY)).item(1).entered_value == "1200"


def test_what_is_absent_is_asked_for_and_never_zero(starter):
    """No cases and no rates of excise tax are published with the files: without them there is no figure."""
    case = item("9403509045", adcvd=[{"case_number": "A570890000"}])
    tax = item("2208303030", origin="GB", ir_tax=[{"class": "016"}])
    found = owed(document(case, tax), current_view(DAY))
    assert [one.code for one in found.unassessed] == ["DUTY-CASE", "DUTY-TAX"]
    assert set(fees(found)) == {"499", "501"}
