"""The reporting matrix: a case for each code; all entry types are gone through in test_matrix."""

from tests.declarations.rules.makers import GONE, Table, bad, good

ITEM = "/items/0"
RECON = "/indicators/reconciliation"
RELEASE = {"/filing/acts": ["release"]}
CASE = {f"{ITEM}/adcvd": [{"case_number": "A570890000", "non_reimbursement": {"statement": True}}]}

MATRIX: Table = {
    "MTX-MOT": (
        bad("/transport/mode", {"/transport/mode": GONE}),
        bad("/transport/mode", {"/transport": GONE}),
        good({"/transport/mode": GONE, "/entry_type": "11"}),
        good({"/transport/mode": GONE, **RELEASE}),
    ),
    "MTX-MOT-NOT": (bad("/transport/mode", {"/entry_type": "31"}), good()),
    "MTX-WAIVER": (
        bad("/bond_waiver/indicator", {"/bond_waiver": {"indicator": "0"}, "/entry_type": "03"}),
        good({"/bond_waiver": {"indicator": "0"}}),
    ),
    "MTX-WAIVER-REASON": (
        bad("/bond_waiver/reason", {"/bond_waiver": {"reason": "999"}, "/entry_type": "11"}),
        good({"/bond_waiver": {"reason": "999"}}),
    ),
    "MTX-DEFERRED": (
        bad("/payment/deferred_tax", {"/payment/deferred_tax": "1", "/entry_type": "12"}),
        good({"/payment/deferred_tax": "1"}),
    ),
    "MTX-RECON-AGREEMENT": (
        bad(f"{RECON}/trade_agreement", {RECON: {"trade_agreement": True}, "/entry_type": "03"}),
        good({RECON: {"trade_agreement": True}}),
        good({RECON: {"trade_agreement": False}, "/entry_type": "03"}),
    ),
    "MTX-RECON-ISSUE": (
        bad(f"{RECON}/issue", {RECON: {"issue": "001"}, "/entry_type": "23"}),
        good({RECON: {"issue": "001"}}),
    ),
    "MTX-CONSOLIDATED": (
        bad("/indicators/consolidated_summary", {"/indicators/consolidated_summary": True, "/entry_type": "02"}),
        good({"/indicators/consolidated_summary": True}),
        good({"/entry_type": "02"}),
    ),
    "MTX-CONSIGNEE": (
        bad("/parties/ultimate_consignee/id", {"/parties/ultimate_consignee": {"name": "Other"}}),
        good({"/parties/ultimate_consignee": {"name": "Other"}, "/entry_type": "11"}),
        good(),
    ),
    "MTX-ENTRY-DATE": (
        bad("/dates/estimated_entry", {"/dates/estimated_entry": GONE, "/entry_type": "31"}),
        good({"/dates/estimated_entry": GONE}),
    ),
    "MTX-IMPORT-DATE": (
        bad("/dates/import", {"/dates/import": GONE, "/entry_type": "21"}),
        good({"/dates/import": GONE}),
    ),
    "MTX-IMPORT-DATE-NOT": (bad("/dates/import", {"/entry_type": "22"}), good({"/entry_type": "21"})),
    "MTX-FTZ": (
        bad(f"{ITEM}/ftz/zone_id", {"/entry_type": "06"}),
        good({"/entry_type": "06", f"{ITEM}/ftz": {"zone_id": "202", "status": "D"}}),
    ),
    "MTX-FTZ-NOT": (
        bad(f"{ITEM}/ftz/zone_id", {f"{ITEM}/ftz": {"zone_id": "202"}}),
        good({f"{ITEM}/ftz": {"status": "D"}}),
    ),
    "MTX-STATE": (
        bad("/state_of_destination", {"/state_of_destination": GONE}),
        good({"/state_of_destination": GONE, "/entry_type": "11"}),
    ),
    "MTX-BOND": (bad("/bonds", {"/bonds": [], "/entry_type": "03"}), good({"/bonds": []}), good({"/entry_type": "03"})),
    "MTX-CERT": (
        bad("/filing/release_certification", {"/entry_type": "51"}),
        good({"/entry_type": "51", "/filing/release_certification": False}),
        good(),
    ),
    "MTX-PSC": (
        bad("/correction", {"/correction": {"header_reasons": ["C01"]}, "/entry_type": "11"}),
        good({"/correction": {"header_reasons": ["C01"]}}),
    ),
    "MTX-BILLS": (
        bad("/transport/bills", {"/entry_type": "31"}),
        good({"/entry_type": "31", "/transport/bills": []}),
        good(),
    ),
    "MTX-EXPORT-COUNTRY": (
        bad(f"{ITEM}/export_country", {f"{ITEM}/export_country": GONE}),
        good({f"{ITEM}/export_country": GONE, "/entry_type": "06"}),
    ),
    "MTX-EXPORT-DATE": (
        bad(f"{ITEM}/export_date", {f"{ITEM}/export_date": GONE}),
        good({f"{ITEM}/export_date": GONE, "/entry_type": "06"}),
    ),
    "MTX-RELATED": (
        bad(f"{ITEM}/related_parties", {f"{ITEM}/related_parties": GONE}),
        good({f"{ITEM}/related_parties": GONE, "/entry_type": "11"}),
        good({f"{ITEM}/related_parties": True}),
        good(),
    ),
    "MTX-REIMBURSEMENT": (
        bad(f"{ITEM}/adcvd/0/non_reimbursement", CASE),
        good({**CASE, "/entry_type": "03"}),
        good({f"{ITEM}/adcvd": [{"case_number": "A570890000"}]}),
    ),
    "MTX-MID": (
        bad(f"{ITEM}/manufacturer/mid", {f"{ITEM}/manufacturer/mid": GONE}),
        bad(f"{ITEM}/manufacturer/mid", {f"{ITEM}/manufacturer": GONE}),
        good({f"{ITEM}/manufacturer/mid": GONE, "/entry_type": "11"}),
        good(),
    ),
    "MTX-SOLD-TO": (
        bad(f"{ITEM}/sold_to", {f"{ITEM}/sold_to": GONE}),
        good({f"{ITEM}/sold_to": GONE, "/entry_type": "11"}),
        good(),
    ),
    "ADD-TYPE": (
        bad(f"{ITEM}/adcvd", CASE),
        good({**CASE, "/entry_type": "03"}),
        good({**CASE, **RELEASE}),
    ),
}
