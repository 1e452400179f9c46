"""Editions of the schedule: three layouts, hierarchy, blocks of rates, repeated and broken loads."""

import gzip
import json
from datetime import date

import pytest

from declarations.tariff.load import FileNotUnderstood, LoadOverlap, editions, load_tariff, read_source
from declarations.tariff.load.hierarchy import lines_of
from declarations.tariff.load.hts_rows import RawRow, schedule_rows
from declarations.tariff.models import HtsLine, TariffEdition
from declarations.tariff.selectors import current_view
from tests.declarations.tariff.makers import NOW

JUNE = date(2026, 6, 8)
FREE_AU = "Free (AU,BH)"
# number, indent, description, units, general, special, column 2
PRINTED = [
    ("8507", 0, "Storage batteries, <i>with</i> parts:", [], "", "", ""),
    ("8507.60.00", 1, "Lithium-ion batteries", [], "3.4%", FREE_AU, "40%"),
    ("", 2, "Other:", [], "", "", ""),
    ("8507.60.00.90", 3, "Other", ["No.", "kg"], "", "", ""),
    ("9102", 0, "Watches", [], "", "", ""),
    ("9102.11.10", 1, "With a gilt case", [], "44¢ each + 6% on the case", "", "$1.90 each"),
    ("3923.50.00.00", 0, "Caps", ["No. and kg"], "5.3%", "", "80%"),
    ("9903.91.06", 0, "Goods of China", [], "The duty provided in the applicable subheading + 25%", "", ""),
]


def as_json(rows=PRINTED):
    names = ("htsno", "indent", "description", "units", "general", "special", "other")
    objects = [dict(zip(names, (one[0], str(one[1]), *one[2:]), strict=True)) for one in rows]
    for one in objects:
        one.update(
            superior="true" if not one["htsno"] else None, footnotes=[], quotaQuantity=None, units=one["units"] or None
        )
    return json.dumps(objects)


def quoted(text):
    return '"' + text.replace('"', '""') + '"'


def as_official_csv(rows=PRINTED):
    header = (
        "HTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Special Rate of Duty,"
        "Column 2 Rate of Duty,Quota Quantity,Additional Duties"
    )
    lines = [
        ",".join(quoted(str(cell)) for cell in (*one[:3], json.dumps(one[3]) if one[3] else "", *one[4:], "", ""))
        for one in rows
    ]
    return "\ufeff" + "\n".join([header, *lines]) + "\n"


def as_own_csv(rows=PRINTED):
    lines = [
        ",".join(
            quoted(str(cell)) for cell in (place, one[0], one[1], "", one[2], "|".join(one[3]), *one[4:], "", "", "")
        )
        for place, one in enumerate(rows, start=1)
    ]
    header = "row,hts_number,indent,superior,description,units,general,special,column2,quota_quantity,additional_duties,footnotes"
    return "\n".join([header, *lines]) + "\n"


LAYOUTS = {"json": as_json, "official.csv": as_official_csv, "own.csv": as_own_csv}


def written(folder, name, text, packed=False):
    path = folder / (name + (".gz" if packed else ""))
    raw = text.encode()
    path.write_bytes(gzip.compress(raw) if packed else raw)
    return path


def load(path, day=JUNE, **more):
    return load_tariff(path=path, effective_from=day, now=NOW, **more)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_gives_the_same_lines(tmp_path, layout, packed):
    lines = lines_of(schedule_rows(read_source(written(tmp_path, layout, LAYOUTS[layout](), packed))))
    found = {one.number: one for one in lines if one.declarable}
    assert set(found) == {"8507600090", "9102111000", "3923500000", "99039106"}
    battery = found["8507600090"]
    assert battery.units == ("NO", "KG")
    assert (battery.general, battery.special, battery.column2) == ("3.4%", FREE_AU, "40%")
    assert battery.heading_of_rate == "85076000"
    assert battery.path == "Storage batteries, with parts: > Lithium-ion batteries > Other:"
    assert found["3923500000"].units == ("NO", "KG")
    assert found["9102111000"].printed_number == "9102.11.10"
    assert found["99039106"].general == "The duty provided in the applicable subheading + 25%"
    assert [one.superior for one in lines] == [False, False, True, False, False, False, False, False]


def rates(*rows):
    raw = [RawRow(number, indent, False, "x", (), *cells) for number, indent, *cells in rows]
    return [(one.general, one.special, one.column2, one.heading_of_rate) for one in lines_of(raw)]


def test_all_three_rates_come_as_a_block_from_where_the_general_rate_is_printed():
    found = rates(
        ("0101", 0, "6.8%", "Free (AU)", "15%"),
        ("0101.21", 1, "Free", "", ""),
        ("0101.21.00.10", 2, "", "", ""),
        ("0101.29", 1, "", "", ""),
    )
    assert found[2] == ("Free", "", "", "010121")  # the empty special column is inherited too, never the one above
    assert found[3] == ("6.8%", "Free (AU)", "15%", "0101")


def test_a_row_that_prints_only_another_column_still_takes_the_block_above():
    found = rates(("0101", 0, "6.8%", "Free (AU)", "15%"), ("0101.21", 1, "", "Free (KR)", ""))
    assert found[1] == ("6.8%", "Free (AU)", "15%", "0101")


def test_a_shallower_row_ends_the_ones_before_it():
    rows = [
        RawRow("8507", 0, False, "a", (), "1%", "", ""),
        RawRow("8507.60.00", 2, False, "b", (), "", "", ""),
        RawRow("8507.90.00", 1, False, "c", (), "", "", ""),
        RawRow("8508.11.00.00", 0, False, "d", (), "2%", "", ""),
    ]
    lines = lines_of(rows)
    assert [one.parent_row for one in lines] == [None, 1, 1, None]
    assert [one.declarable for one in lines] == [False, True, True, True]
    assert [one.general for one in lines] == ["1%", "1%", "1%", "2%"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("letter.txt", "Dear customs,\nplease find enclosed"),
        ("broken.json", '[{"htsno": "8507",'),
        ("numbers.json", "[1, 2]"),
        ("empty.json", "[]"),
        ("indent.json", '[{"htsno": "8507", "indent": "deep"}]'),
        ("headings.json", '[{"htsno": "8507", "indent": "0", "description": "Batteries"}]'),
        ("nothing.csv", ""),
    ],
)
def test_what_is_no_schedule_is_refused(tmp_path, no_tariff, name, text):
    with pytest.raises(FileNotUnderstood, match=name.split(".")[0]):
        load(written(tmp_path, name, text))
    assert not TariffEdition.objects.exists()


def test_a_damaged_archive_is_refused(tmp_path, no_tariff):
    path = tmp_path / "cut.json.gz"
    path.write_bytes(gzip.compress(as_json().encode())[:40])
    with pytest.raises(FileNotUnderstood, match="cannot be read"):
        load(path)
    with pytest.raises(FileNotUnderstood, match="cannot be read"):
        load(tmp_path / "absent.csv")


def test_the_same_file_again_changes_nothing(tmp_path, no_tariff):
    first, loaded = load(written(tmp_path, "rev.json", as_json()), name="2026-rev-10")
    again, reloaded = load(written(tmp_path, "rev-packed.json", as_json(), packed=True), name="other name")
    assert (loaded, reloaded) == (True, False)
    assert (again.pk, again.name) == (first.pk, "2026-rev-10")
    assert TariffEdition.objects.count() == 1
    assert HtsLine.objects.count() == len(PRINTED)


def test_other_content_for_the_same_day_is_refused(tmp_path, no_tariff):
    load(written(tmp_path, "a.json", as_json()))
    changed = [*PRINTED[:1], ("8507.60.00", 1, "Lithium-ion batteries", [], "4%", FREE_AU, "40%"), *PRINTED[2:]]
    other = written(tmp_path, "b.json", as_json(changed))
    with pytest.raises(LoadOverlap) as refusal:
        load(other)
    assert refusal.value.code == "TARIFF_LOAD_OVERLAP"
    later, loaded = load(other, date(2026, 10, 1))
    assert loaded
    assert current_view(date(2026, 9, 30)).line("8507600090").general == "3.4%"
    assert current_view(date(2026, 10, 1)).line("8507600090").general == "4%"
    assert later.name == "b-2026-10-01"


@pytest.mark.parametrize("broken", ["gather_statistics", "_row"])
def test_a_load_that_breaks_in_the_middle_leaves_the_old_edition_whole(tmp_path, no_tariff, monkeypatch, broken):
    load(written(tmp_path, "a.json", as_json()), name="old")
    calls = []

    def fail(*_):
        calls.append(1)
        if broken == "gather_statistics" or len(calls) > 3:
            raise RuntimeError("power cut")
        return real(*_)

    real = getattr(editions, broken)
    monkeypatch.setattr(editions, broken, fail)
    with pytest.raises(RuntimeError, match="power cut"):
        load(written(tmp_path, "b.csv", as_official_csv()), date(2026, 10, 1))
    assert calls
    assert [one.name for one in TariffEdition.objects.all()] == ["old"]
    assert HtsLine.objects.count() == len(PRINTED)
    assert current_view(date(2026, 11, 24)).line("8507600090").general == "3.4%"


def test_an_edition_that_was_loaded_goes_before_the_starter(tmp_path, starter):
    assert current_view(date(2026, 11, 24)).line("3304995000")
    load(written(tmp_path, "a.json", as_json()), date(2026, 3, 1), name="rev")
    assert current_view(date(2026, 11, 24)).editions.tariff == "rev"
    assert current_view(date(2026, 11, 24)).line("3304995000") is None
    assert current_view(date(2026, 2, 28)).line("3304995000")


def test_numbers_that_a_later_edition_lacks_have_successors(tmp_path, no_tariff):
    load(written(tmp_path, "a.json", as_json()), JUNE)
    split = [
        *PRINTED[:3],
        ("8507.60.00.80", 3, "In a housing", ["No."], "", "", ""),
        ("8507.60.00.95", 3, "Other", ["No."], "", "", ""),
        *PRINTED[4:],
    ]
    load(written(tmp_path, "b.json", as_json(split)), date(2026, 10, 1))
    assert current_view(date(2026, 11, 24)).successors("8507.60.0090") == ("8507600080", "8507600095")
    assert current_view(date(2026, 9, 1)).successors("8507.60.0090") == ()
