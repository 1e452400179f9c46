"""Files of a batch that are no plain table, or no good one: refused as a whole, or at the row that is at fault."""

import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from django.utils import timezone

from declarations.filer.batches import xlsx_rows
from declarations.filer.batches.columns import columns_of
from declarations.models import Batch, Declaration
from declarations.tasks import work_batches
from portal.timezones import party_date
from tests.support.programs import Program, own_document
from tests.support.tables import CSV, XLSX, as_xlsx, rows_of, workbook

pytestmark = pytest.mark.django_db
OWN = "functional_reference_id"
DOCS = Path(__file__).resolve().parents[3] / "docs" / "batches.md"


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


@pytest.fixture
def program():
    return Program()


def send(program, body, media=CSV, mode="file"):
    return program.ask("POST", f"batches?mode={mode}", body, key="once", media=media)


def refused(program, body, media=CSV):
    answer = send(program, body, media)
    assert (answer.status_code, answer.json()["code"]) == (422, "BATCH_REFUSED"), answer.content
    assert not Batch.objects.exists()
    return " ".join(one["message"] for one in answer.json()["violations"])


def outcomes(program, body, media=CSV, mode="file"):
    answer = send(program, body, media, mode)
    assert answer.status_code == 202, answer.content
    while work_batches():
        pass
    return program.get(f"batches/{answer.json()['reference']}/results").json()["results"]


def changed(archive, **parts):
    """The workbook with other parts, named without slashes and full stops."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            new.writestr(one.filename, parts.pop(one.filename, None) or old.read(one))
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def test_the_example_of_the_documentation_is_filed(program):
    text = re.search(r"```csv\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL).group(1)
    later = party_date(timezone.now()) - date(2026, 12, 1)
    text = re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda day: (date.fromisoformat(day[0]) + later).isoformat(), text)
    text = text.replace("12-345678900", program.organization.importer_number)
    rows = outcomes(program, text.encode())
    assert [(one["own_reference"], one["outcome"], one["code"]) for one in rows] == [
        ("PO2600001", "filed", None), ("PO2600002", "filed", None),
    ], [each for one in rows for each in one["violations"] if each["severity"] == "error"]  # fmt: skip
    assert [one.item_count for one in Declaration.objects.order_by("pk")] == [2, 1]


def test_every_column_of_the_documentation_is_one():
    table = DOCS.read_text(encoding="utf-8").split("| heading |")[1].split("\n\n")[0]
    named = re.findall(r"^\| `([a-z_0-9/]+)` \|", table, re.MULTILINE)
    assert len(named) > 20 and all(columns_of(named))


def test_headings_are_told_all_at_once(program):
    told = refused(program, b"entry_type,entry_type,items/nothing,ports,items/tariffs/99/role,items/sequence/x\nx,x\n")
    for words in ("'items/nothing'", "'ports'", "'items/tariffs/99/role'", "stands twice", f"{OWN} is missing"):
        assert words in told
    assert "10,000 columns" in refused(program, ",".join(f"c{n}" for n in range(10_000)).encode() + b"\n1\n")
    assert "501 columns" in refused(program, workbook([[f"c{n}" for n in range(501)]]), XLSX)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"), (f"{OWN}\n".encode(), "no rows"), (b"PK\x03\x04zip", "spreadsheet or ZIP"),
        (b"\xd0\xcf\x11\xe0", "old kind"), (b"%PDF-1.7", "PDF"), (b"<html>", "XML, HTML or JSON"),
        (b'{"a": 1}', "XML, HTML or JSON"), (f"{OWN}\nA\n\u00e9\n".encode() + b"\xe9\n", "row 4 is not UTF-8"),
        (f"{OWN}\nA\0B\n".encode(), "NUL"), (f'{OWN}\n"A\n'.encode(), "none closes it"),
        (f'{OWN}\n"A"B\n'.encode(), "separator"), (f"{OWN}\n{'x' * 140_000}\n".encode(), "131,072"),
        (f"{OWN}\n".encode() + b"A\n" * 50_001, "50,000 rows"), (b"\xff\xfeA", "not UTF-8"),
    ],
)  # fmt: skip
def test_what_is_no_csv_is_refused_with_the_reason(program, body, words):
    if not body:
        body = b"\n"
    assert words in refused(program, body)


def test_a_table_that_is_sent_as_json_lines_is_refused_whole(program):
    table = f"entry_type,{OWN}\n01,A\n11,B\n".encode()
    assert "no line begins with {" in refused(program, table, "application/x-ndjson")


@pytest.mark.parametrize(
    "body", [b"PK\x03\x04", b"functional_reference_id\nA\n", b"\xd0\xcf\x11\xe0" * 100, b"PK" * 50]
)
def test_what_is_no_workbook_is_refused(program, body):
    refused(program, body, XLSX)


def test_workbooks_with_more_than_values_are_refused(program, monkeypatch):
    good = workbook([[OWN, "entry_type"], ["A", "01"]])
    types = zipfile.ZipFile(io.BytesIO(good)).read("[Content_Types].xml")
    macro = types.replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")
    assert "macros" in refused(program, changed(good, **{"[Content_Types].xml": macro}), XLSX)
    for part in ("xl/vbaProject.bin", "xl/embeddings/a.bin", "xl/externalLinks/externalLink1.xml"):
        assert "not taken" in refused(program, changed(good, **{part: b"x"}), XLSX)
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert "document type" in refused(program, changed(good, **{"xl/worksheets/sheet1.xml": bomb}), XLSX)
    wide = '<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16")
    assert "not XML in UTF-8" in refused(program, changed(good, **{"xl/worksheets/sheet1.xml": wide}), XLSX)
    refused(program, changed(good, **{"xl/worksheets/sheet1.xml": b"<a>"}), XLSX)
    monkeypatch.setattr(xlsx_rows, "MOST_UNPACKED", 500_000)
    assert "unpacks to more" in refused(program, changed(good, **{"xl/big.xml": b"<a>" + b" " * 900_000}), XLSX)


def test_formulas_and_errors_are_refused_at_their_row_and_lose_no_other(program):
    given = [own_document(program, own=f"ROW{n}") for n in range(4)]
    names, rows = rows_of(given)
    place = names.index("items/description")
    rows[1][place], rows[2][place] = "=1+1", "#N/A"
    found = outcomes(program, workbook([names, *rows]), XLSX)
    assert [one["outcome"] for one in found] == ["filed", "unreadable", "unreadable", "filed"]
    assert found[1]["violations"][0]["pointer"] == "/items/0/description"
    assert "Row 3, column items/description: A formula" in found[1]["violations"][0]["message"]
    assert "#N/A" in found[2]["violations"][0]["message"]


def test_faults_of_cells_are_told_at_their_row(program):
    text = (
        f"{OWN},entry_type,ports/entry,items/description,items/related_parties\n"
        "A,01,2704,=cmd(),no,\nB,01,2704,x,perhaps,\nC,01,2704,x,no,,,more\n,01,2704,x,no\n"
        "D,01,2704,x,no\nD,03,,y,no\nE,01,2704,x,no\nE,01,2704,y,yes\n"
    )
    rows = outcomes(program, text.encode(), mode="draft")
    told = {one["own_reference"]: " ".join(each["message"] for each in one["violations"]) for one in rows}
    assert [one["outcome"] for one in rows] == ["unreadable"] * 5 + ["kept"]
    assert "Row 2, column items/description: A formula" in told["A"] and "yes or no" in told["B"]
    assert "more cells" in told["C"] and "Each row says" in told[None]
    assert "Row 7, column entry_type: Row 6 of the same declaration says something else." in told["D"]
    assert [one["line"] for one in rows] == [2, 3, 4, 5, 6, 8]
    kept = Declaration.objects.get()
    assert [one.content["related_parties"] for one in kept.items.order_by("sequence")] == [False, True]


def test_rows_of_a_declaration_need_not_stand_together_and_cells_of_a_workbook_may_be_typed(program):
    rows = [
        [OWN, "dates/estimated_arrival", "items/description", "items/gross_mass_kg", "items/tariffs/0/hts_number",
         "items/related_parties"],
        ["A", date(2026, 12, 1), "first", 12.5, "8507.60.00.90", True],
        ["B", datetime(2026, 12, 2), "other", 0.1 + 0.2, 8507600090, False],
        [],
        ["A", None, "second", 1200, None, None],
    ]  # fmt: skip
    found = outcomes(program, workbook(rows), XLSX, mode="draft")
    assert [(one["row"], one["line"], one["outcome"]) for one in found] == [(1, 2, "kept"), (2, 3, "kept")]
    one, other = Declaration.objects.order_by("pk")
    assert one.header["dates"]["estimated_arrival"] == "2026-12-01"
    assert [item.content["gross_mass_kg"] for item in one.items.order_by("sequence")] == ["12.5", "1200"]
    (item,) = other.items.all()
    assert (item.content["gross_mass_kg"], item.hts_number, item.content["related_parties"]) == (
        "0.3", "8507600090", False,
    )  # fmt: skip


def test_of_several_sheets_one_is_called_declarations(program):
    good = as_xlsx([own_document(program)])
    book = openpyxl.load_workbook(io.BytesIO(good))
    book.create_sheet("notes")
    out = io.BytesIO()
    book.save(out)
    assert outcomes(program, out.getvalue(), XLSX)[0]["outcome"] == "filed"
    book["declarations"].title = "other"
    book.save(out := io.BytesIO())
    answer = program.ask("POST", "batches", out.getvalue(), key="twice", media=XLSX)
    assert "2 sheets" in answer.json()["detail"]
