"""The benchmark runs from beginning to end and leaves no figure out; how fast is another question."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GROUPS = {
    "Submit through the services, beside a bare DRF insert (CPU ms = process + database backend)": 28,
    "Statements and commits": 24,
    "Ratios of filing": 10,
    "POST filings through the whole stack, beside a bare DRF insert (CPU ms = process + database backend)": 6,
    "Duty and rules (lines a second of CPU)": 8,
    "Pages (CPU ms; whole request through the test client, and its template alone)": 15,
    "A law change over what was filed": 1,
    "As declarations pile up (CPU ms, and wall ms)": 10,
    "Tariff view": 3,
    "Resident memory of a process by the tariff it holds": 1,
    "Batches beside filings one by one": 6,
    "Inbound XML (CPU ms a declaration)": 6,
}
BARS = {"R1", "R2", "R2b", "R2c", "R3", "R5", "R6", "R8", "R9", "R9b", "R10", "lines", "resident", "memory,"}


@pytest.mark.bench
def test_the_table_has_every_row(tmp_path):
    told = tmp_path / "figures.json"
    command = [sys.executable, "-m", "tests.bench", "--quick", "--sqlite", "--json", str(told)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(told.read_text())
    rows = found["rows"]
    assert found["about"]["engine"] == "sqlite"
    assert {group: sum(row["group"] == group for row in rows) for group in GROUPS} == GROUPS
    assert len(rows) == sum(GROUPS.values())
    assert {row["what"].split()[0] for row in rows if row["verdict"]} == BARS
    assert all(row["value"] > 0 for row in rows if row["unit"] not in ("stmts", ""))
    assert all(row["what"] in done.stdout for row in rows)
