"""Files of measures: our layout, rows by country, the China lists; sets beside each other."""

from datetime import date
from decimal import Decimal as D

import pytest

from declarations.tariff.load import FileNotUnderstood, LoadOverlap, load_measures, measure_sets
from declarations.tariff.load.supplement import headings_of
from declarations.tariff.models import MeasureSet, TradeMeasure
from declarations.tariff.selectors import current_view
from tests.declarations.tariff.makers import DAY, NOW

HEADER = "heading,authority,effect,rate_percent,origins,excluded_origins,scope,excluded_scope,program,requires,exempts,claimed_only,effective_from,effective_to,order,legal_basis,note,certainty"
ROW = "9903.88.03,s301_china,add,25,CN,,9403,,,,,,2019-05-10,,10,US note 20(f),China list 3,read"
SUPPLEMENT = """heading,countries_iso2,pct,effect,measure,note
9903.05.29,CA,10,add_pct,Section 301 forced labor (U.S. note 52),except 9903.05.93
9903.05.38,EU,0,floor_met,Section 301 forced labor (U.S. note 52),column 1 rate (AVE) >= 10%: no additional duty
9903.05.39,EU,10,floor_total,Section 301 forced labor (U.S. note 52),column 1 rate (AVE) < 10%: total
9903.05.79,TR?,,unknown,Section 301 forced labor (U.S. note 52),number missing
9903.05.85-92,*,0,no_additional_duty,Section 301 forced labor (U.S. note 52),common exemptions
9903.05.93,CA,0,no_additional_duty,Section 301 forced labor (U.S. note 52),USMCA
"9903.05.99, 9903.06.01",MY,0,no_additional_duty,Section 301 forced labor (U.S. note 52),note 52(j)(4)
9903.03.12,CA,50,add_pct,Section 338 Canada (U.S. note 51),list not available
9903.04.62,JP EU,15,replace_pct,Section 232 patented pharmaceuticals (U.S. note 40),
"""
CHINA = """hts8,list,ch99_code
01012100,4A,9903.88.15
39269099,4A,9903.88.15
39269099,4B,9903.88.16
85076000,4B,9903.88.16
85076000,biden_jan26,9903.91.06
95030000,4B,9903.88.16
85176200,3,9903.88.03
85176200,3_addl,9903.88.04
85011040,1,9903.88.01
85011040,3,9903.88.03
84433210,3,9903.88.03
84433210,4A,9903.88.15
87169030,note31_chassis,9903.91.12
"""


def written(folder, text, name="measures.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def load(folder, text, name="measures.csv", **more):
    return load_measures(path=written(folder, text, name), now=NOW, **more)


def found(number, origin, on=DAY):
    return {one.heading: one for one in current_view(on).measures_of(number, origin=origin, on=on)}


def test_a_row_in_our_layout(tmp_path, starter):
    row = (
        "99030594,s301_forced_labor,exempt,,MX,,39 40,392350,S,s232_metals,s301_forced_labor,1,2026-07-24,2026-12-31,31,"
        "US note 52(h),USMCA,read"
    )
    made, loaded = load(tmp_path, f"{HEADER}\n{row}\n", source="test")
    assert loaded
    (one,) = made.measures.all()
    assert (one.heading, one.effect, one.rate, one.claimed_only) == ("99030594", "exempt", None, True)
    assert (one.scope, one.excluded_scope, one.program) == (["39", "40"], ["392350"], "S")
    assert (one.requires, one.exempts) == (["s232_metals"], ["s301_forced_labor"])
    assert (one.effective_from, one.effective_to, one.order) == (date(2026, 7, 24), date(2026, 12, 31), 31)
    assert (made.effective_from, made.name) == (date(2026, 7, 24), "measures")


def test_the_european_union_stands_for_its_members(tmp_path, starter):
    load(tmp_path, f"{HEADER}\n99030539,x,floor,10,EU,,,,,,,,2026-07-24,,30,,,\n", source="test")
    (one,) = TradeMeasure.objects.filter(measure_set__source="test")
    assert len(one.origins) == 27
    assert {"DE", "HR", "SK"} <= set(one.origins)
    assert "GB" not in one.origins


@pytest.mark.parametrize(
    "row",
    [
        "9903.88.03,s301_china,adds,25,CN,,,,,,,,2019-05-10,,10,,,",
        "9903.88,s301_china,add,25,CN,,,,,,,,2019-05-10,,10,,,",
        "9903.88.03,s301_china,add,,CN,,,,,,,,2019-05-10,,10,,,",
        "9903.88.03,s301_china,exempt,25,CN,,,,,,,,2019-05-10,,10,,,",
        "9903.88.03,s301_china,add,25,China,,,,,,,,2019-05-10,,10,,,",
        "9903.88.03,s301_china,add,25,CN,,,,,,,,10 May 2019,,10,,,",
        "9903.88.03,s301_china,add,much,CN,,,,,,,,2019-05-10,,10,,,",
    ],
)
def test_a_row_that_cannot_be_read_refuses_the_file_and_names_the_row(tmp_path, no_tariff, row):
    with pytest.raises(FileNotUnderstood, match="row 3"):
        load(tmp_path, f"{HEADER}\n{ROW}\n{row}\n")
    assert not MeasureSet.objects.exists()


def test_two_rows_for_the_same_days_are_refused(tmp_path, no_tariff):
    again = ROW.replace("2019-05-10", "2020-01-01")
    with pytest.raises(LoadOverlap, match="99038803"):
        load(tmp_path, f"{HEADER}\n{ROW}\n{again}\n")
    ended = ROW.replace("2019-05-10,,", "2019-05-10,2019-12-31,")
    assert load(tmp_path, f"{HEADER}\n{ended}\n{again}\n")[1]


def test_a_row_that_ends_before_it_begins_is_refused(tmp_path, no_tariff):
    with pytest.raises(LoadOverlap, match="ends before it begins"):
        load(tmp_path, f"{HEADER}\n{ROW.replace('2019-05-10,,', '2019-05-10,2019-01-01,')}\n")


def test_the_same_file_again_changes_nothing_and_another_for_the_day_is_refused(tmp_path, no_tariff):
    first, _ = load(tmp_path, f"{HEADER}\n{ROW}\n")
    again, loaded = load(tmp_path, f"{HEADER}\n{ROW}\n", name="copy.csv")
    assert (again.pk, loaded) == (first.pk, False)
    with pytest.raises(LoadOverlap):
        load(tmp_path, f"{HEADER}\n{ROW.replace(',25,', ',30,')}\n")
    assert TradeMeasure.objects.count() == 1


def test_a_load_that_breaks_leaves_nothing(tmp_path, no_tariff, monkeypatch):
    def fail(*_):
        raise RuntimeError("power cut")

    monkeypatch.setattr(measure_sets, "_row", fail)
    with pytest.raises(RuntimeError):
        load(tmp_path, f"{HEADER}\n{ROW}\n")
    assert not MeasureSet.objects.exists()


def test_an_unknown_layout_is_refused(tmp_path, no_tariff):
    with pytest.raises(FileNotUnderstood, match="no layout"):
        load(tmp_path, "a,b\n1,2\n")


def test_of_a_heading_the_set_loaded_last_speaks(tmp_path, starter):
    assert found("9403509045", "CN")["99038803"].rate == D("0.25")
    load(tmp_path, f"{HEADER}\n{ROW.replace(',25,', ',30,')}\n", source="newer")
    assert found("9403509045", "CN")["99038803"].rate == D("0.3")
    assert "99038803" not in found("4202316000", "CN")  # the newer scope is 9403 alone
    assert found("8507600090", "CN")["99039106"].rate == D("0.25")  # other headings still come from the starter


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("9903.05.20", ["99030520"]),
        ("9903.05.85-88", ["99030585", "99030586", "99030587", "99030588"]),
        ("9903.05.99, 9903.06.01", ["99030599", "99030601"]),
        ("9903.06.02-03", ["99030602", "99030603"]),
    ],
)
def test_headings_of_a_cell(text, headings):
    assert headings_of(text) == headings


def test_rows_by_country(tmp_path, starter):
    load(tmp_path, SUPPLEMENT, "supplement.csv")
    canada = found("2004108020", "CA")
    assert canada["99030529"].rate == D("0.1")
    assert {one.program for one in current_view(DAY).measure_rows("99030593")} == {"S", "S+"}
    assert found("2004108020", "TR")["99030579"].rate == D("0.125")
    german = found("2004108020", "DE")
    assert (german["99030538"].effect, german["99030538"].rate) == ("floor_met", D("0.1"))
    assert (german["99030539"].effect, german["99030539"].rate) == ("floor", D("0.1"))
    assert german["99030591"].claimed_only
    assert german["99030590"].requires
    assert not german["99030590"].claimed_only
    assert canada["99030312"].claimed_only  # the goods of section 338 are not in the file
    (malaysian,) = current_view(DAY).measure_rows("99030599")
    assert (malaysian.claimed_only, malaysian.scope) == (True, ("?",))  # goods of a list that is not in the file


def test_a_measure_nobody_knows_refuses_the_file(tmp_path, no_tariff):
    with pytest.raises(FileNotUnderstood, match="Section 999"):
        load(tmp_path, SUPPLEMENT + "9903.99.01,CN,5,add_pct,Section 999,\n", "supplement.csv")


def test_the_china_lists(tmp_path, starter):
    load(tmp_path, CHINA, "lists.csv")

    def china(number, on=DAY):
        rows = current_view(on).measures_of(number, origin="CN", on=on)
        return {one.heading for one in rows if one.authority == "s301_china" and not one.claimed_only}

    assert china("0101210010") == {"99038815"}
    assert china("3926909989") == {"99038815"}  # on 4A and 4B: the suspended list is nothing
    assert china("9503000073") == set()  # on 4B alone
    assert china("8507600090") == {"99039106"}
    assert china("8501104040") == {"99038801"}  # named again on list 3 by its exclusions
    assert china("8443321010") == {"99038815"}
    assert china("8517620020") == {"99038804"}  # one subheading, two lists, by statistical number
    assert china("8517620090") == {"99038815"}
    assert china("6307909850") == {"99039107"}
    assert current_view(DAY).measure("99038816", on=DAY) is None
    chassis = found("8716903000", "CN")["99039112"]
    assert chassis.claimed_only
    assert chassis.effective_from == date(2026, 11, 10)


def test_lists_held_in_full_close_the_gap_of_the_starter(tmp_path, starter):
    def authorities():
        return {one.authority for one in current_view(DAY).gaps_of("8501534000", origin="CN", on=DAY)}

    assert authorities() == {"s301_china", "s232_metals", "s232_autos"}
    load(tmp_path, CHINA, "lists.csv")
    assert authorities() == {"s232_metals", "s232_autos"}


SEVEN = "heading,authority,effect,rate_percent,origins,scope,effective_from\n"


def test_seven_columns_are_enough(tmp_path, no_tariff):
    made, _ = load(tmp_path, SEVEN + "9903.99.01,s999,add,5,CN,3926,2026-01-01\n")
    (row,) = made.measures.all()
    assert (row.heading, row.rate, row.scope, row.effective_to) == ("99039901", D("0.05"), ["3926"], None)


def test_a_rate_below_zero_is_refused_by_name(tmp_path, no_tariff):
    with pytest.raises(FileNotUnderstood, match="row 2: -5 is below zero"):
        load(tmp_path, SEVEN + "9903.99.01,s999,add,-5,CN,3926,2026-01-01\n")
