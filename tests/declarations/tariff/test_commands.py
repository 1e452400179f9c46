"""The commands at their door: exit codes and what they print."""

import io
import json
import sys
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from declarations.tariff.models import MeasureSet, ReferenceSet, TariffEdition
from declarations.tariff.units import CODES as UNITS
from portal.codes.models import Code
from portal.codes.selectors import all_codes, list_codes
from tests.declarations.tariff.test_load_measures import CHINA, HEADER, ROW
from tests.declarations.tariff.test_load_reference import PUBLISHED_FEES
from tests.declarations.tariff.test_load_schedule import as_json, as_official_csv

BATTERY = {
    "entry_type": "01",
    "transport": {"mode": "11"},
    "dates": {"estimated_entry": "2026-11-24"},
    "items": [
        {
            "sequence": 1,
            "origin_country": "CN",
            "tariffs": [{"hts_number": "8507600090"}],
            "valuation": {"entered_value": "45000"},
        }
    ],
}
PORTS = """port_code,name,state,district_name,kind,in_bts_list
2709,"LONG BEACH, CA",CA,"Los Angeles, CA",port_of_entry,1
9901,"NEWTOWN, CA",CA,"Los Angeles, CA",port_of_entry,1
9902,"OLDTOWN, CA",CA,"Los Angeles, CA",port_of_entry,0
"""
NO_VALUE = {**BATTERY, "items": [{**BATTERY["items"][0], "valuation": None}]}


def assess(capsys, monkeypatch, raw: bytes, name="-"):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    with pytest.raises(SystemExit) as end:
        call_command("assess", name)
    return end.value.code, [json.loads(one) for one in capsys.readouterr().out.splitlines()]


def test_one_document_from_standard_input(starter, capsys, monkeypatch):
    code, (found,) = assess(capsys, monkeypatch, json.dumps(BATTERY, indent=2).encode())
    assert code == 0
    assert found["totals"]["total"] == "18617.13"
    assert found["unassessed"] == []
    assert [one["hts_number"] for one in found["items"][0]["tariffs"]] == ["99039106", "99030531", "8507600090"]


def test_one_document_from_a_file(starter, capsys, monkeypatch, tmp_path):
    path = tmp_path / "one.json"
    path.write_text(json.dumps(BATTERY))
    assert assess(capsys, monkeypatch, b"", str(path))[0] == 0


def test_one_answer_for_each_line_and_the_worst_code(starter, capsys, monkeypatch):
    raw = b"\n".join([json.dumps(BATTERY).encode(), b"", json.dumps(NO_VALUE).encode()])
    code, found = assess(capsys, monkeypatch, raw)
    assert code == 1
    assert [one["totals"]["total"] for one in found] == ["18617.13", "0.00"]
    assert found[1]["unassessed"][0]["pointer"] == "/items/0/valuation"
    code, found = assess(capsys, monkeypatch, raw + b'\n{"items": 3}\nnot json')
    assert code == 2
    assert [one.get("readable", True) for one in found] == [True, True, False, False]


def test_a_document_that_cannot_be_read(starter, capsys, monkeypatch):
    code, (found,) = assess(capsys, monkeypatch, b'{"items": [{"colour": "red"}]}')
    assert code == 2
    assert found["violations"][0]["pointer"] == "/items/0/colour"


def test_a_day_without_a_schedule_is_an_answer_too(no_tariff, capsys, monkeypatch):
    code, (found,) = assess(capsys, monkeypatch, json.dumps(BATTERY).encode())
    assert code == 1
    assert found["unassessed"][0]["code"] == "TARIFF_NO_EDITION"


def test_a_file_that_is_not_there(db):
    with pytest.raises(CommandError) as refusal:
        call_command("assess", "/nowhere/one.json")
    assert refusal.value.returncode == 2


def test_load_tariff(no_tariff, tmp_path, capsys):
    path = tmp_path / "rev.csv"
    path.write_text(as_official_csv())
    for words in ("Loaded 2026-rev-10: 8 rows, in force from 2026-06-08.", "2026-rev-10 is loaded already"):
        call_command("load_tariff", str(path), "--effective", "2026-06-08", "--name", "2026-rev-10", "--force")
        assert words in capsys.readouterr().out
    (tmp_path / "other.json").write_text(as_json()[:-40] + "}]")
    with pytest.raises(CommandError, match="TARIFF_") as refusal:
        call_command("load_tariff", str(tmp_path / "other.json"), "--effective", "2026-06-08")
    assert refusal.value.returncode == 2
    assert TariffEdition.objects.count() == 1


@pytest.mark.parametrize("raw", [b"<?xml version='1.0'?><a/>", b"[" * 100_000, b"\x1b[31m\x00\xff", b"", b'[{"a": 1}]'])
def test_what_is_no_schedule_is_told_in_one_line_with_the_layouts(no_tariff, tmp_path, raw):
    path = tmp_path / "schedule"
    path.write_bytes(raw)
    with pytest.raises(CommandError) as refusal:
        call_command("load_tariff", str(path), "--effective", "2026-06-08")
    told = str(refusal.value)
    assert refusal.value.returncode == 2
    assert told.isprintable()
    assert told.startswith("schedule")
    assert "HTS Number, Indent, Description" in told


@pytest.mark.parametrize("text", ["01/01/2026", "20260608", "2026-13-01", "tomorrow"])
def test_a_day_is_written_one_way(db, tmp_path, text):
    with pytest.raises(CommandError, match="Write it as 2026-06-08"):
        call_command("load_tariff", str(tmp_path), "--effective", text)


def test_a_part_of_the_schedule_or_a_far_day_is_taken_only_on_purpose(no_tariff, tmp_path, capsys):
    path = tmp_path / "rev.csv"
    path.write_text(as_official_csv())
    far = (date.today() + timedelta(days=800)).isoformat()  # noqa: DTZ011  (far ahead in any zone)
    for day, words in (("2026-06-08", "8 rows only"), (far, "more than two years ahead")):
        with pytest.raises(CommandError, match=words) as refusal:
            call_command("load_tariff", str(path), "--effective", day)
        assert refusal.value.returncode == 2
        assert TariffEdition.objects.count() == 0
        call_command("load_tariff", str(path), "--effective", day, "--force")
        assert TariffEdition.objects.filter(effective_from=day).exists()
        TariffEdition.objects.all().delete()


def test_load_measures_from_a_file_and_a_folder(no_tariff, tmp_path, capsys):
    (tmp_path / "lists.csv").write_text(CHINA)
    (tmp_path / "own.csv").write_text(f"{HEADER}\n{ROW}\n")
    (tmp_path / "readme.txt").write_text("words")
    call_command("load_measures", str(tmp_path))
    said = capsys.readouterr()
    assert "Loaded lists" in said.out
    assert "Passed over readme.txt" in said.err
    assert MeasureSet.objects.count() == 2
    call_command("load_measures", str(tmp_path / "own.csv"))
    assert "loaded already" in capsys.readouterr().out
    with pytest.raises(CommandError, match="NOT_UNDERSTOOD"):
        call_command("load_measures", str(tmp_path / "readme.txt"))


def test_load_reference_from_a_file_and_a_folder(no_tariff, tmp_path, capsys):
    (tmp_path / "fees_us.csv").write_text(PUBLISHED_FEES)
    (tmp_path / "notes_us.csv").write_text("port_code\n2709\n")
    (tmp_path / "ports_us.csv").write_text(PORTS)
    call_command("load_reference", str(tmp_path))
    said = capsys.readouterr()
    assert "Loaded fees_us.csv (fees)." in said.out
    assert "Loaded ports_us.csv (ports)" in said.out
    assert "Passed over notes_us.csv" in said.err
    assert ReferenceSet.objects.count() == 1


def test_what_is_in_no_layout_is_told_with_the_layouts_that_are(db, tmp_path):
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    (tmp_path / "blob.csv").write_text("x" * 200_000)
    for name in ("notes.csv", "blob.csv"):
        with pytest.raises(CommandError) as refusal:
            call_command("load_reference", str(tmp_path / name))
        told = str(refusal.value)
        assert refusal.value.returncode == 2
        assert told.startswith(name)
        assert "ports (port_code, name, state)" in told
        assert "fees (fee_class, rate_percent" in told


@pytest.mark.parametrize(
    ("cell", "new", "words"),
    [("2026-10-01", "10/01/2026", "“10/01/2026” is not a day"), ("35.00", "thirty", "a number is not written")],
)
def test_a_row_that_cannot_be_read_is_told_in_words(no_tariff, tmp_path, cell, new, words):
    (tmp_path / "fees_us.csv").write_text(PUBLISHED_FEES.replace(cell, new))
    with pytest.raises(CommandError, match=words):
        call_command("load_reference", str(tmp_path / "fees_us.csv"))


def ports_on(day):
    return {one.code: one for one in list_codes("ports", day)}


def test_ports_are_added_from_a_day_and_what_stands_stays(starter, tmp_path, capsys):
    path, first = tmp_path / "ports_us.csv", date(2026, 12, 1)
    path.write_text(PORTS)
    before = ports_on(first)
    held = list(Code.objects.order_by("pk").values())
    call_command("load_reference", str(path), "--effective", "2026-12-01")
    assert "1 new from 2026-12-01, 1 say more from then, 0 unchanged" in capsys.readouterr().out
    ports = ports_on(first)
    assert (ports["9901"].name, ports["9901"].data["state"]) == ("NEWTOWN", "CA")
    assert set(ports) - set(before) == {"9901"}  # 9902 is in an old list only
    known = ports["2709"]
    assert known.name == before["2709"].name
    assert known.data == before["2709"].data | {"district": "Los Angeles, CA"}
    assert "9901" not in ports_on(date(2026, 11, 30))
    assert list(Code.objects.order_by("pk").values())[: len(held)] == held
    for day in ("2026-12-01", "2026-12-20"):
        call_command("load_reference", str(path), "--effective", day)
        assert "loaded already; nothing changed" in capsys.readouterr().out
    assert Code.objects.count() == len(held) + 2


def test_countries_and_lists_of_our_own_layout(starter, tmp_path, capsys):
    (tmp_path / "countries.csv").write_text("iso2,iso3,name\nXK,XKX,Kosovo\nCU,CUB,Cuba\n")
    (tmp_path / "currencies-2027.csv").write_text("code,name\nXDR,Drawing rights\nQQQ,A new one\n")
    call_command("load_reference", str(tmp_path), "--effective", "2026-12-01")
    lists = all_codes(date(2026, 12, 1))
    countries = {one.code: one for one in lists["countries"]}
    assert countries["XK"].name == "Kosovo"
    assert (countries["CU"].data["iso3"], bool(countries["CU"].data["embargoed"])) == ("CUB", True)
    assert "QQQ" in [one.code for one in lists["currencies"]]
    assert len(countries) == len(lists["countries"])


def test_printed_units_without_a_code_are_named(starter, tmp_path, capsys):
    (tmp_path / "hts_units.csv").write_text("unit_as_printed,occurrences\nkg,13165\nthousands,43\nkg cmsc,257\n")
    call_command("load_reference", str(tmp_path / "hts_units.csv"))
    said = capsys.readouterr().out
    assert "Printed units without a code here (1): “kg cmsc”." in said


@pytest.mark.parametrize("row", ["27,LOS ANGELES,CA", "270x,LOS ANGELES,CA", "2709,,CA"])
def test_a_row_that_is_no_port_refuses_the_file(starter, tmp_path, row):
    (tmp_path / "ports.csv").write_text(f"port_code,name,state\n9901,NEWTOWN,CA\n{row}\n")
    with pytest.raises(CommandError, match="holds a row that is no code"):
        call_command("load_reference", str(tmp_path / "ports.csv"))
    assert "9901" not in ports_on(date(2030, 1, 1))


def test_every_unit_that_a_line_can_ask_for_is_in_the_list_of_units(starter):
    known = {one.code for one in list_codes("units", date(2026, 11, 24))}
    assert {code for codes in UNITS.values() for code in codes} <= known


def test_a_folder_without_anything_known_is_refused(no_tariff, tmp_path):
    (tmp_path / "readme.txt").write_text("words")
    for command in ("load_measures", "load_reference"):
        with pytest.raises(CommandError, match="No file"):
            call_command(command, str(tmp_path))
