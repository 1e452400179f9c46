"""A whole published edition: every rate, every unit, and what it costs to hold."""

import csv
import gzip
from collections import Counter
from datetime import date
from decimal import Decimal as D

import pytest

from declarations.tariff.expressions import Free, Money, Percent, Sum, Unparsed, parse, parse_special
from declarations.tariff.load import load_measures, load_tariff, read_source
from declarations.tariff.load.hierarchy import lines_of
from declarations.tariff.load.hts_rows import schedule_rows
from declarations.tariff.selectors import current_view, search
from declarations.tariff.units import CODES
from tests.declarations.tariff.makers import DAY, NOW, amounts, document, item, owed

CODES_KNOWN = {code for codes in CODES.values() for code in codes}


@pytest.fixture(scope="module")
def lines(reference_data):
    return lines_of(schedule_rows(read_source(reference_data / "data" / "hts.csv.gz")))


def in_97(lines):
    return [one for one in lines if one.number and one.number[:2] < "98"]


def test_nearly_every_general_rate_is_understood(lines, reference_data):
    rows = schedule_rows(read_source(reference_data / "data" / "hts.csv.gz"))
    texts = [one.general for one in rows if one.general and one.number and one.number.replace(".", "")[:2] < "98"]
    trees = [parse(one) for one in texts]
    unread = Counter(f"{one.reason}: {one.text}" for one in trees if isinstance(one, Unparsed))
    share = 1 - unread.total() / len(texts)
    print(f"{share:.2%} of {len(texts):,} rated lines are understood; not: {dict(unread)}")
    assert len(texts) > 11_000
    assert share >= 0.98
    assert {text.split(":")[0] for text in unread} <= {"reference", "condition"}


def test_every_leaf_has_a_rate(lines):
    leaves = [one for one in in_97(lines) if one.declarable]
    assert len(leaves) > 19_000
    assert all(one.general and one.heading_of_rate for one in leaves)
    assert len({one.number for one in leaves}) == len(leaves)
    assert {len(one.number) for one in leaves} == {10}


def test_every_special_column_is_read_to_its_end(lines):
    slips = {"0406909400"}  # printed as "(PA (PA)"
    for one in in_97(lines):
        if one.number not in slips:
            assert len(parse_special(one.special)) == one.special.count("("), one


def test_every_unit_is_a_code_or_stays_visible(lines):
    units = Counter(unit for one in in_97(lines) if one.declarable for unit in one.units)
    as_printed = {one for one in units if one not in CODES_KNOWN}
    assert sum(units[one] for one in as_printed) < 0.03 * units.total()
    assert {"KG", "NO", "DOZ", "PRS", "L", "M2", "PFL"} <= set(units)
    assert all(one.strip() == one and one for one in as_printed)
    assert next(one for one in lines if one.number == "3923500000").units == ("NO", "KG")


def test_parsed_rates_agree_with_the_published_reading(reference_data):
    """The commission's own parse of the same texts: Free, shares and first specific rates."""
    # Its specific rate is the second one here, or stands for a thousand.
    conventions = {"65050008", "92099240", "96089930"}
    checked = 0
    with (reference_data / "data" / "usitc_rate_parse.csv").open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            tree = parse(row["rev10_general"])
            if row["text_same"] != "1" or isinstance(tree, Unparsed) or row["hts8"] in conventions:
                continue
            if isinstance(tree, Free):
                assert row["mfn_rate_type_code"] == "0", row
            elif isinstance(tree, Sum):
                share = sum((one.rate for one in tree.terms if isinstance(one, Percent) and not one.of), D(0)) / 100
                money = next((one.amount / one.count for one in tree.terms if isinstance(one, Money)), D(0))
                assert abs(share - D(row["mfn_ad_val_rate"])) < D("0.000001"), row
                assert not money or abs(money - D(row["mfn_specific_rate"])) < D("0.00001"), row
            checked += 1
    assert checked > 11_000


@pytest.fixture
def whole(db, reference_data, starter):
    data = reference_data / "data"
    load_tariff(path=data / "hts.csv.gz", effective_from=date(2026, 6, 8), now=NOW, name="2026-rev-10")
    load_measures(path=data / "hts_chapter99_rev20_supplement.csv", now=NOW)
    load_measures(path=data / "us_measures" / "s301_product_lists.csv", now=NOW)
    return current_view(DAY)


def test_a_whole_edition_with_its_measures(whole):
    assert len(whole.lines) > 29_000
    assert whole.line("8507600090").path[-1] == "Other:"
    found = owed(document(item("8507600090", value="45000", quantities=[("2500", "NO")])), whole)
    assert found.totals.total == "18617.13"
    toys = owed(document(item("9503000073", value="18250")), whole)
    assert toys.totals.total == "2367.28"
    assert amounts(owed(document(item("0101300000", origin="CN")), whole))["99038815"] == "750.00"
    hits = [one.printed_number for one in search("lithium ion battery", DAY)]
    assert "8507.60.00.90" in hits


def test_china_headings_agree_with_the_footnotes_of_the_schedule(whole, reference_data):
    """Footnotes name the heading of the list; the few that differ are stale, or name a part of a subheading."""
    names = {"990388", "990391"}
    ended = {"99038869", "99038870", "99039109", "99039110", *(f"990388{last}" for last in range(21, 29))}
    footnotes: dict[str, set[str]] = {}
    with gzip.open(reference_data / "data" / "hts_chapter99_links.csv.gz", "rt", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            heading = row["ref"].replace(".", "")
            if heading[:6] in names and heading not in ended:
                footnotes.setdefault(row["hts_number"].replace(".", "")[:8], set()).add(heading)
    different = [
        number
        for number, line in whole.lines.items()
        if line.declarable
        and number[:2] < "98"
        and {
            one.heading
            for one in whole.measures_of(number, origin="CN", on=DAY)
            if one.authority == "s301_china" and one.effect == "add" and not one.claimed_only
        }
        != footnotes.get(number[:8], set())
    ]
    assert len(different) < 45
    assert {number[:4] for number in different} <= {"0403", "4901", "6307", "8507", "8517", "9401", "9403"}
