"""Every published file of measures beside the starter: what it adds, and that none of its defects does harm."""

from collections import Counter
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from declarations.tariff.calculate.stack import propose
from declarations.tariff.load import FileNotUnderstood, load_measures, load_tariff
from declarations.tariff.models import MeasureSet
from declarations.tariff.selectors import current_view
from declarations.tariff.view import MeasureIndex
from tests.declarations.tariff.makers import NOW, amounts, document, item, owed
from tests.declarations.tariff.test_starter_lists import DAYS, ORIGINS, SHARES, TODAY, Subject, numbers

__all__ = ["numbers"]

CONTENT = {"99038191", "99038198", "99038508", "99038515", "99037801"}
BORDER = {"99030101", "99030110"}  # duties on Mexico and Canada that goods under section 232 did not owe (EO 14289)
LIFTED = {"99030306": {"99030301"}, "99030133": {"99030125"}}  # goods under section 232: what they owe no more


EXCLUDED_LINES = [("99038869", "3923500000"), ("99038870", "8486100000")]
HELD = {}  # the view of everything, made once: it needs no database


@pytest.fixture
def published(starter, reference_data):
    if not HELD:
        data = reference_data / "data"
        call_command("load_measures", data, stdout=StringIO(), stderr=StringIO())
        load_tariff(path=data / "hts.csv.gz", effective_from=date(2026, 6, 8), now=NOW, name="rev-10")
        HELD["view"] = current_view(TODAY)
    return HELD["view"]


def stack(tariff, number, origin, on=TODAY, share=SHARES[0], claimed=()):
    subject = Subject(number=number, origin=origin, on=on, share=share)
    return tuple(one.measure.heading for one in propose(subject, tariff, frozenset(claimed)).applied)


def test_all_files_change_no_proposal_but_those_on_the_metal_in_the_goods(numbers, starter, reference_data):
    """Of the starter's numbers: 9 origins, 4 days, 3 shares of duty.

    The one difference: until 2026-04-05 derivative goods owed on the value of the steel, aluminum or copper in them
    (US notes 16(n), 19(k), 36(b)). The starter says that it does not hold that; the lists of derivative goods do.
    With such a duty goods are under section 232: what yields to that (9903.01.33, 9903.03.06) takes the surcharge
    away, and the duties on the borders fall away.
    """
    keys = [(number, origin, on, share) for number in numbers for origin in ORIGINS for on in DAYS for share in SHARES]
    before = current_view(TODAY)
    held = {key: stack(before, *key) for key in keys}
    call_command("load_measures", reference_data / "data")
    after = current_view(TODAY)
    different = {key: (held[key], new) for key in keys if (new := stack(after, *key)) != held[key]}
    assert len(different) > 1000
    assert {on for _, _, on, _ in different} == {DAYS[0], DAYS[1]}
    for old, new in different.values():
        added, gone = set(new) - set(old), set(old) - set(new)
        assert added & CONTENT
        assert added <= CONTENT | set(LIFTED)
        assert gone - BORDER == {one for heading in added & set(LIFTED) for one in LIFTED[heading]}


def test_a_folder_is_loaded_in_order_and_the_rest_is_named(starter, reference_data, capsys):
    call_command("load_measures", reference_data / "data")
    out, err = capsys.readouterr()
    assert out.count("Loaded ") == 25
    for name in ("countries.csv", "policy_params.yaml", "us_measure_status_2026.csv", "chapter99_notes_2026_rev_6"):
        assert f"Passed over {name}" in err
    assert "Passed over s232_annex_products.csv: A set of s232-metal-annexes" in err  # the one whose goods are in doubt
    call_command("load_measures", reference_data / "data")
    assert "Loaded " not in capsys.readouterr().out
    assert MeasureSet.objects.exclude(source__startswith="starter").count() == 25


@pytest.mark.parametrize(
    ("number", "origin", "on", "headings"),
    [
        # annex 1a, aluminum sheet: 50 % of the full value, and no duty for forced labor
        ("7606113060", "VN", TODAY, {"99030590", "99038202"}),
        # annex 1a, steel pipe of Russia: its own heading
        ("7304110020", "RU", TODAY, {"99030590", "99038214"}),
        # annex 1b since April: fork-lift trucks, on annex 1c since June: a total of 15 % where it was agreed
        ("8427108010", "DE", date(2026, 5, 1), {"99030306", "99038209"}),
        ("8427108010", "DE", TODAY, {"99030590", "99038222"}),
        ("8427108010", "VN", TODAY, {"99030590", "99038209"}),
        # annex 1b since April, annex 3 since June: ploughs
        ("8432100020", "VN", date(2026, 5, 1), {"99030306", "99038209"}),
        ("8432100020", "VN", TODAY, {"99030590", "99038225"}),
        # a part of passenger vehicles that is also on annex 1b: the duty on vehicle parts alone
        ("8708401110", "VN", TODAY, {"99030590", "99039405"}),
        # an electric motor: a vehicle part only if the filer says so
        ("8501324500", "VN", TODAY, {"99030584"}),
        # coffee in 2025: left out of the reciprocal duties from 2025-11-13
        ("0901210055", "VN", date(2025, 11, 12), {"99030269"}),
        ("0901210055", "VN", date(2025, 11, 13), {"99030132"}),
        # China lists for any number
        ("8501324500", "CN", TODAY, {"99038801", "99030531"}),
    ],
)
def test_goods_that_the_starter_does_not_hold(published, number, origin, on, headings):
    assert set(stack(published, number, origin, on)) == headings


def test_a_motor_is_a_vehicle_part_where_the_filer_says_so(published):
    gaps = published.gaps_of("8501324500", origin="VN", on=TODAY)
    assert [one.note for one in gaps if one.authority == "s232_autos"] == [
        "Parts of passenger vehicles and light trucks of this number owe a duty under section 232: declare its heading."
    ]
    assert set(stack(published, "8501324500", "VN", claimed=["99039405"])) == {"99030590", "99039405"}


def test_metal_lists_held_in_full_close_the_end_of_the_list(published):
    def authorities(on):
        return {one.authority for one in published.gaps_of("8482105044", origin="VN", on=on)}

    assert "s232_metals" not in authorities(TODAY)
    gaps = published.gaps_of("8453100000", origin="VN", on=date(2026, 4, 5))
    assert "s232_metals" in {one.authority for one in gaps}
    assert "s232_metals" not in {
        one.authority for one in published.gaps_of("8453100000", origin="VN", on=date(2026, 4, 6))
    }


def test_footnotes_on_column_2_hold_the_goods_of_russia(published):
    found = owed(document(item("7208390090", origin="RU", quantities=[("100", "KG")])), published)
    assert {code: amounts(found)[code] for code in ("99039009", "99038214", "7208390090")} == {
        "99039009": "7000.00", "99038214": "5000.00", "7208390090": "0.00",
    }  # fmt: skip
    assert "99039008" in stack(published, "2512000000", "RU")
    assert not {"99039008", "99039009"} & set(stack(published, "7208390090", "BY"))
    assert "column2_russia" not in {one.authority for one in published.gaps_of("0101210010", origin="RU", on=TODAY)}


@pytest.mark.parametrize(
    ("number", "origin", "words"),
    [
        ("0406100800", "CA", "Section 338"),
        ("3004909240", "IE", "Patented medicines"),
        ("6810990020", "IN", "Quartz surface goods"),
    ],
)
def test_the_assessment_says_where_the_lists_end(published, number, origin, words):
    goods = item(number, origin=origin, quantities=[("100", "KG")])
    found = owed(document(goods), published).notices
    assert [one.pointer for one in found if one.code == "DUTY-LIST" and words in one.reason] == [
        "/items/0/tariffs/0/hts_number"
    ]


# ---- known defects of the data -----------------------------------------------------------------------


def test_candidates_for_an_exemption_exempt_nothing(published):
    """The flat list of the proposal would free batteries, lamps, shelves and plastic parts."""
    for number in ("8507600090", "3926909989", "9403200050", "8504409550", "8517140020"):
        assert "99030531" in stack(published, number, "CN"), number
        notes = [one.note for one in published.footnotes_of(number, origin="CN", on=TODAY)]
        assert any("proposal's list" in one for one in notes), number
        assert set(stack(published, number, "CN", claimed=["99030588"])) & {"99030588"}


def test_brazils_candidates_exempt_nothing(published):
    notes = [one.note for one in published.footnotes_of("0201100500", origin="BR", on=TODAY)]
    assert any("9903.05.02 to .09" in one for one in notes)
    assert "99030501" in stack(published, "0201100500", "BR")


@pytest.mark.parametrize("folder", ["suspect", "us_measures"])
def test_words_of_descriptions_are_no_listings(starter, reference_data, folder):
    """21 rows of the suspect file would put 25 % on computers and motors."""
    load_measures(path=reference_data / "data" / folder / "s232_annex_products.csv", now=NOW)
    for number in ("8471500150", "8501324500", "8703220110", "8704210100", "8430410000"):
        assert not set(stack(current_view(TODAY), number, "VN")) & {"99038202", "99038209", "99038210", "99038222"}, (
            number
        )
    assert "99038209" in stack(current_view(TODAY), "8428330000", "VN") or "99038210" in stack(
        current_view(TODAY), "8428330000", "VN"
    )


def test_list_4b_is_never_a_duty(published):
    assert not published.measure_rows("99038816")
    assert not {one for one in stack(published, "9503000073", "CN") if one.startswith("990388")}


def test_a_stale_footnote_is_a_hint(published):
    notes = [one.note for one in published.footnotes_of("8507600090", origin="CN", on=TODAY)]
    assert "The schedule's footnote names 9903.88.15." in notes
    assert set(stack(published, "8507600090", "CN")) == {"99039106", "99030531"}


def test_turkey_is_the_heading_that_the_print_left_out(published):
    assert set(stack(published, "2004108020", "TR")) == {"99030579"}


@pytest.mark.parametrize(("heading", "number"), EXCLUDED_LINES)
def test_exclusions_ended_and_are_for_the_lines_they_name(published, heading, number):
    last = date(2026, 11, 9)
    assert heading in stack(published, number, "CN", last, claimed=[heading])
    assert heading not in stack(published, number, "CN", last + timedelta(days=1), claimed=[heading])
    assert heading not in stack(published, number, "CN", last)
    assert "99039106" in stack(published, "8507600090", "CN", last, claimed=[heading])


@pytest.mark.parametrize(
    "heading",
    ["99038805", "99038810", "99038841", "99038869", "99039109", "99039113", "99039115", "99039116", "99038201"],
)
def test_an_exemption_of_other_goods_lifts_nothing(published, heading):
    assert stack(published, "8507600090", "CN", claimed=[heading, "99030531"]) == ("99039106", "99030531")


@pytest.mark.parametrize(
    "heading", ["99039601", "99039602", "99038213", "99038201", "99038221", "99038224", "99038220"]
)
def test_steel_owes_whatever_exemption_is_declared(published, heading):
    assert "99038202" in stack(published, "7208390090", "DE", claimed=[heading])


def test_a_declared_exemption_whose_list_is_not_held_is_said(published):
    goods = item("99038805", "99039106", "99030531", "8507600090")
    found = owed(document(goods), published)
    assert amounts(found)["99039106"] == "2500.00"
    assert ("DUTY-EXEMPTION", "/items/0/tariffs/0/hts_number") in [(one.code, one.pointer) for one in found.notices]
    british = owed(document(item("99039601", "99038202", "7208390090", origin="DE")), published)
    assert "9903.96.01 is declared and not counted: it is not for goods of DE" in british.item(1).tariffs[-1].reason
    assert "whether it covers 7208.39.00.90 cannot be told" in (
        owed(document(item("99039601", "99038202", "7208390090", origin="GB")), published).notices[0].reason
    )


def test_an_exemption_frees_the_goods_that_its_text_names(published):
    assert published.measure("99039115", on=TODAY).scope == ("84261900",)
    found = stack(published, "8426190000", "CN", claimed=["99039115", "99039114"])
    assert "99039115" in found
    assert "99039114" not in found


@pytest.mark.parametrize("name", ["chapter99_notes_2026_rev_6.txt.gz", "s232_metals_annexes_2026-04_text.txt.gz"])
def test_texts_in_other_encodings_are_refused_in_words(no_tariff, reference_data, name):
    with pytest.raises(FileNotUnderstood, match="no layout"):
        load_measures(path=reference_data / "data" / "us_measures" / name, now=NOW)


def test_a_table_without_headings_is_said_and_owes_nothing(starter, reference_data):
    load_measures(path=reference_data / "data" / "us_additional_tariffs_dated.csv", now=NOW)
    day = date(2026, 9, 29)
    notes = [one.note for one in current_view(TODAY).footnotes_of("3004909244", origin="FR", on=day)]
    assert any("pharmaceuticals, France: 15 % from 2026-09-29" in one for one in notes)
    assert not current_view(TODAY).footnotes_of("3004909244", origin="FR", on=day - timedelta(days=1))
    (made,) = MeasureSet.objects.filter(source="dated-table")
    assert set(made.measures.values_list("effect", flat=True)) == {"footnote"}


def test_headings_as_printed_are_known_and_never_proposed(starter, reference_data):
    made, _ = load_measures(path=reference_data / "data" / "hts_chapter99_measures.csv", now=NOW)
    assert all(made.measures.values_list("claimed_only", flat=True))
    assert not made.measures.filter(heading__in=["99038816", "99030163"]).exists()  # suspended
    rows = current_view(TODAY).measure_rows("99038202")
    assert not any(one.claimed_only for one in rows)  # the starter speaks for a heading that both hold
    (bus,) = current_view(TODAY).measure_rows("99037402")
    assert "99037402" not in stack(current_view(TODAY), "8702103100", "DE")
    assert (bus.claimed_only, str(bus.rate)) == (True, "0.1")
    counted = Counter(one[:4] for one in made.measures.values_list("heading", flat=True))
    assert set(counted) == {"9903"}


# ---- the metal in derivative goods -------------------------------------------------------------------


@pytest.mark.parametrize(("content", "amount"), [(None, None), ("10000", "5000.00")])
def test_derivative_goods_owed_on_the_metal_in_them(published, content, amount):
    """Knives of 2026-03-15: 50 % of the steel in them (US note 16(n)). Without its value nothing is computed."""
    tariff = published.with_measures(MeasureIndex(published.all_measures))
    tariff.lines_from = date(2026, 1, 1)
    stated = {"steel content value": content} if content else {}
    goods = item("8211922000", origin="DE", quantities=[("100", "NO")], measures=stated)
    found = owed(document(goods, entry="2026-03-15"), tariff)
    assert amounts(found).get("99038191") == amount if content else amounts(found) == {}
    reasons = [one.reason for one in found.unassessed]
    assert any("steel content value" in one for one in reasons) is (content is None)


def test_parts_of_the_lists_are_claimed_by_a_declared_heading(published):
    found = owed(document(item("99039405", "8501324500", origin="VN")), published)
    assert amounts(found)["99039405"] == "2500.00"


def test_nothing_understood_is_said(tmp_path, starter):
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(CommandError, match="No file"):
        call_command("load_measures", tmp_path)
