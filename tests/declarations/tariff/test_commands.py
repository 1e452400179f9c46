"""The commands at their door: exit codes and what they print."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from declarations.tariff.models import MeasureSet, ReferenceSet, TariffEdition
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
        call_command("load_tariff", str(path), "--effective", "2026-06-08", "--name", "2026-rev-10")
        assert words in capsys.readouterr().out
    (tmp_path / "other.json").write_text(as_json()[:-40] + "}]")
    with pytest.raises(CommandError, match="TARIFF_") as refusal:
        call_command("load_tariff", str(tmp_path / "other.json"), "--effective", "2026-06-08")
    assert refusal.value.returncode == 2
    assert TariffEdition.objects.count() == 1


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
    (tmp_path / "ports_us.csv").write_text("port_code\n2709\n")
    call_command("load_reference", str(tmp_path))
    said = capsys.readouterr()
    assert "Loaded fees_us.csv (fees)." in said.out
    assert "Passed over ports_us.csv" in said.err
    assert ReferenceSet.objects.count() == 1


def test_a_folder_without_anything_known_is_refused(no_tariff, tmp_path):
    (tmp_path / "readme.txt").write_text("words")
    for command in ("load_measures", "load_reference"):
        with pytest.raises(CommandError, match="No file"):
            call_command(command, str(tmp_path))
