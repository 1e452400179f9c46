"""The reporting matrix, gone through for every element and every entry type."""

from typing import Any

import pytest

from declarations.rules.matrix import COLUMNS, MATRIX, RULES, use_of
from tests.declarations.rules.makers import GONE, Try, run

ITEM = "/items/0"
# How each element is given and taken away.
GIVEN: dict[str, dict[str, Any]] = {
    "MTX-WAIVER": {"/bond_waiver": {"indicator": "0"}},
    "MTX-WAIVER-REASON": {"/bond_waiver": {"reason": "999"}},
    "MTX-DEFERRED": {"/payment/deferred_tax": "1"},
    "MTX-RECON-AGREEMENT": {"/indicators/reconciliation": {"trade_agreement": True}},
    "MTX-RECON-ISSUE": {"/indicators/reconciliation": {"issue": "001"}},
    "MTX-CONSOLIDATED": {"/indicators/consolidated_summary": True},
    "MTX-FTZ": {f"{ITEM}/ftz": {"zone_id": "202"}},
    "MTX-PSC": {"/correction": {"header_reasons": ["C01"]}},
    "MTX-REIMBURSEMENT": {f"{ITEM}/adcvd": [{"non_reimbursement": {"statement": True}}]},
    "ADD-TYPE": {f"{ITEM}/adcvd": [{"case_number": "A570890000"}]},
}
TAKEN: dict[str, dict[str, Any]] = {
    "MTX-MOT": {"/transport/mode": GONE},
    "MTX-CONSIGNEE": {"/parties/ultimate_consignee": GONE},
    "MTX-ENTRY-DATE": {"/dates/estimated_entry": GONE},
    "MTX-IMPORT-DATE": {"/dates/import": GONE},
    "MTX-STATE": {"/state_of_destination": GONE},
    "MTX-BOND": {"/bonds": []},
    "MTX-CERT": {"/filing/release_certification": False},
    "MTX-BILLS": {"/transport/bills": []},
    "MTX-EXPORT-COUNTRY": {f"{ITEM}/export_country": GONE},
    "MTX-EXPORT-DATE": {f"{ITEM}/export_date": GONE},
    "MTX-RELATED": {f"{ITEM}/related_parties": GONE},
    "MTX-MID": {f"{ITEM}/manufacturer": GONE},
    "MTX-SOLD-TO": {f"{ITEM}/sold_to": GONE},
}


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.code)
def test_every_element_is_wanted_or_refused_as_its_letters_say(row):
    own = {one.code for one in RULES if one.code in (row.code, f"{row.code}-NOT")}
    for entry_type, letter in zip(COLUMNS, row.letters, strict=True):
        for present in (True, False):
            changes = (GIVEN if present else TAKEN).get(row.code, {})
            found = run(Try((), {**changes, "/entry_type": entry_type}, {}))
            hit = any(one.code in own for one in found)
            assert hit == ((letter == "N" and present) or (letter == "M" and not present)), (entry_type, present)


def test_rows_are_complete():
    assert len(MATRIX) >= 20
    for row in MATRIX:
        assert set(row.letters) <= set("MCAN")
        assert bool(row.missing) == ("M" in row.letters)
        assert bool(row.forbidden) == ("N" in row.letters)
        assert row.code in GIVEN or row.code in TAKEN


def test_an_unknown_entry_type_is_judged_by_no_row():
    assert use_of("MTX-MOT", "99") == ""
    codes = {one.code for one in RULES}
    assert not codes & {one.code for one in run(Try((), {"/entry_type": "99", "/transport/mode": GONE}, {}))}


@pytest.mark.parametrize(
    ("code", "entry_type", "letter"),
    [
        ("MTX-MOT", "01", "M"),
        ("MTX-MOT", "06", "A"),
        ("MTX-MOT", "38", "N"),
        ("MTX-WAIVER", "11", "A"),
        ("MTX-WAIVER", "34", "N"),
        ("MTX-CONSOLIDATED", "06", "A"),
        ("MTX-CONSOLIDATED", "07", "N"),
        ("MTX-IMPORT-DATE", "23", "M"),
        ("MTX-IMPORT-DATE", "22", "N"),
        ("MTX-STATE", "12", "A"),
        ("MTX-BOND", "03", "M"),
        ("MTX-CERT", "52", "A"),
        ("MTX-MID", "21", "M"),
        ("MTX-MID", "22", "C"),
        ("ADD-TYPE", "31", "N"),
        ("ADD-TYPE", "07", "C"),
    ],
)
def test_letters_stand_under_their_entry_types(code, entry_type, letter):
    assert use_of(code, entry_type) == letter
