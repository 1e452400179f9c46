"""Header rules and entry rules: what breaks them and what keeps them."""

from datetime import date
from decimal import Decimal

from declarations.facts import EarlierFiling
from tests.declarations.rules.makers import GONE, Table, bad, good, make_item

RECON = "/indicators/reconciliation/issue"
NO_BOND = {"/bonds": []}

HEADER: Table = {
    "HDR-PROFILE": (bad("/profile", {"/profile": GONE}), bad("/profile", {"/profile": "CA"}), good()),
    "HDR-SCHEMA": (bad("/schema", {"/schema": "2025-01"}), good({"/schema": GONE}), good()),
    "HDR-FUNCTION": (
        bad("/function", {"/function": "add"}),
        good({"/function": "amendment"}),
        good({"/function": None}),
    ),
    "HDR-ACTS": (
        bad("/filing/acts", {"/filing/acts": []}),
        bad("/filing/acts", {"/filing": GONE}),
        bad("/filing/acts/1", {"/filing/acts/1": "payment"}),
        bad("/filing/acts/1", {"/filing/acts/1": "release"}),
        good({"/filing/acts": ["summary"]}),
    ),
    "HDR-RELCERT": (
        bad("/filing/release_certification", {"/filing/acts": ["summary"]}),
        good({"/filing/acts": ["summary"], "/filing/release_certification": False}),
        good(),
    ),
    "HDR-RELCERT-NONE": (
        bad("/filing/release_certification", {"/filing/release_certification": False}),
        good(),
        good({"/filing/acts": ["release"], "/filing/release_certification": False}),
    ),
    "HDR-RELCERT-MANY": (
        bad("/filing/release_certification", {"/indicators/consolidated_summary": True}),
        good({"/indicators/consolidated_summary": True, "/filing/release_certification": False}),
    ),
    "HDR-EINVOICE": (
        bad("/filing/electronic_invoice", {"/filing/electronic_invoice": True}),
        good({"/filing/electronic_invoice": True, "/filing/release_certification": False}),
    ),
    "HDR-EINVOICE-PAY": (
        bad("/payment/type", {"/filing/electronic_invoice": True, "/payment": {"type": "1"}}),
        bad("/payment/type", {"/filing/electronic_invoice": True, "/payment": GONE}),
        good({"/filing/electronic_invoice": True}),
    ),
    "HDR-EINVOICE-BOND": (
        bad("/bonds", {"/filing/electronic_invoice": True, "/bonds/0/type": "9"}),
        good({"/filing/electronic_invoice": True}),
    ),
    "HDR-REF": (
        bad("/functional_reference_id", {"/functional_reference_id": GONE}),
        bad("/functional_reference_id", {"/functional_reference_id": "  "}),
        good(),
    ),
    "HDR-REF-LONG": (
        bad("/functional_reference_id", {"/functional_reference_id": "A" * 19}),
        good({"/functional_reference_id": "A" * 18}),
    ),
    "HDR-REF-BLANK": (
        bad("/functional_reference_id", {"/functional_reference_id": "PO4711 "}),
        bad("/functional_reference_id", {"/functional_reference_id": "\tPO4711"}),
        good({"/functional_reference_id": "PO 4711"}),
        good({"/functional_reference_id": " "}),
    ),
    "HDR-REF-ABI": (
        bad("/functional_reference_id", {"/functional_reference_id": "A" * 10}),
        bad("/functional_reference_id", {"/functional_reference_id": "po4711"}),
        good({"/functional_reference_id": "A" * 9}),
        good({"/functional_reference_id": "A" * 19}),
    ),
    "HDR-REF-TAKEN": (
        bad("/functional_reference_id", facts={"reference_taken_by": "D0123456789AB"}),
        good(),
    ),
    "HDR-CONTACT": (
        bad(("/contact/name", "/contact/phone"), {"/contact": GONE}),
        bad("/contact/phone", {"/contact/phone": ""}),
        good({"/contact": GONE, "/filing/acts": ["summary"]}),
        good(),
    ),
    "HDR-USAGE": (bad("/indicators/usage", {"/indicators/usage": "Q"}), good({"/indicators/usage": "X"}), good()),
    "HDR-REMOTE": (
        bad(
            "/filing/remote_location_filing/preparer_filer",
            {"/filing/remote_location_filing": {"preparer_port": "2704"}},
        ),
        good({"/filing/remote_location_filing": {"preparer_port": "2704", "preparer_filer": "ZZZ"}}),
        good(),
    ),
    "HDR-EXAM-PORT": (
        bad("/ports/examination", {"/ports/examination": "2704"}),
        good({"/ports/examination": "2704", "/filing/remote_location_filing": {"preparer_port": "2304"}}),
    ),
    "HDR-RECON-ISSUE": (bad(RECON, {RECON: "008"}), good({RECON: "001"})),
    "HDR-RECON-BOND": (
        bad("/bonds", {RECON: "001", "/bonds/0/type": "9"}),
        bad("/bonds", {"/indicators/reconciliation/trade_agreement": True, **NO_BOND}),
        good({RECON: "001"}),
        good({"/bonds/0/type": "9"}),
    ),
    "HDR-TIB": (
        bad("/indicators/tib_declaration", {"/entry_type": "23"}),
        good({"/entry_type": "23", "/indicators/tib_declaration": True}),
        good(),
    ),
    "HDR-TIB-NOT": (
        bad("/indicators/tib_declaration", {"/indicators/tib_declaration": True}),
        good({"/entry_type": "23", "/indicators/tib_declaration": True}),
        good({"/indicators/tib_declaration": False}),
    ),
    "HDR-MISSING-DOC": (
        bad("/missing_documents/1", {"/missing_documents": ["01", "1"]}),
        good({"/missing_documents": ["01", "98"]}),
    ),
    "HDR-MISSING-DOC-TWICE": (
        bad("/missing_documents/1", {"/missing_documents": ["01", "01"]}),
        good({"/missing_documents": ["01", "02"]}),
    ),
    "HDR-MISSING-DOC-99": (
        bad("/missing_documents/0", {"/missing_documents": ["99", "01"]}),
        good({"/missing_documents": ["01", "99"]}),
    ),
    "HDR-MISSING-DOC-MANY": (
        bad("/missing_documents/2", {"/missing_documents": ["01", "02", "03"]}),
        good({"/missing_documents": ["01", "99"]}),
    ),
    "HDR-CURRENCY": (bad("/currency", {"/currency": "XYZ"}), good({"/currency": "MXN"}), good({"/currency": GONE})),
    "HDR-INCOTERM": (
        bad("/terms/incoterm", {"/terms/incoterm": "FOO"}),
        good({"/terms/incoterm": "EXW"}),
        good({"/terms": GONE}),
    ),
}

INFORMAL = {"/entry_type": "11"}
VALUE = "/items/0/valuation/entered_value"


def earlier(**given: object) -> dict[str, object]:
    filing = {
        "reference": "D0123456789AB",
        "functional_reference_id": "OTHER1",
        "entry_type": "11",
        "bills": frozenset({"DMOFHCM0117734"}),
        "seller": "Example Battery, J.S.C.",
        "arrival": date(2026, 11, 25),
        "value": Decimal(2000),
        **given,
    }
    return {"earlier": (EarlierFiling(**filing),)}


RETURNED = {"/items/0/tariffs/0": {"hts_number": "98010010", "role": "provision", "value": "0"}}

ENTRY: Table = {
    "ENT-TYPE": (bad("/entry_type", {"/entry_type": GONE}), good()),
    "ENT-TYPE-UNKNOWN": (
        bad("/entry_type", {"/entry_type": "10"}),
        good({"/entry_type": GONE}),
        good({"/entry_type": "61"}),
        good({"/entry_type": "86"}),
        good(),
    ),
    "ENT-TYPE-ELSEWHERE": (
        bad("/entry_type", {"/entry_type": "61"}),
        bad("/entry_type", {"/entry_type": "13"}),
        good({"/entry_type": "10"}),
        good(),
    ),
    "ENT-TYPE-86": (bad("/entry_type", {"/entry_type": "86"}), good({"/entry_type": "11"})),
    "ENT-WAREHOUSE": (
        bad("/entry_type", {"/entry_type": "31"}),
        good({"/entry_type": "21"}),
        good({"/entry_type": "22", "/filing/acts": ["release"]}),
    ),
    "ENT-NUMBER": (
        bad("/entry_number/filer_code", {"/entry_number/filer_code": "000"}),
        bad("/entry_number/filer_code", {"/entry_number/filer_code": "zzz"}),
        bad("/entry_number/sequence", {"/entry_number/sequence": "100000"}),
        bad("/entry_number/sequence", {"/entry_number/sequence": "１000001"}),
        bad("/entry_number/check_digit", {"/entry_number/check_digit": GONE}),
        bad("/entry_number/check_digit", {"/entry_number/check_digit": "X"}),
        good({"/entry_number": GONE}),
        good(),
    ),
    "ENT-CHECK-DIGIT": (
        bad("/entry_number/check_digit", {"/entry_number/check_digit": "8"}),
        bad("/entry_number/check_digit", facts={"check_digit_offset": 5}),
        good({"/entry_number/check_digit": "4"}, facts={"check_digit_offset": 5}),
        good({"/entry_number/sequence": "1", "/entry_number/check_digit": "8"}),
        good(),
    ),
    "ENT-FILER": (
        bad("/entry_number/filer_code", facts={"filer_code": "ABC"}),
        good(facts={"filer_code": "ZZZ"}),
        good({"/entry_number": GONE}, facts={"filer_code": "ABC"}),
    ),
    "ENT-FILER-OFF": (
        bad("/entry_number/filer_code", facts={"filer_code_active": False}),
        good(facts={"filer_code_active": True}),
        good(),
    ),
    "ENT-INF-LIMIT": (
        bad(("/entry_type", VALUE), {**INFORMAL, VALUE: "2501"}),
        bad("/entry_type", {**INFORMAL, VALUE: "1300", "/items/1": make_item(2, {"/valuation/entered_value": "1300"})}),
        good({**INFORMAL, VALUE: "2500"}),
        good({**INFORMAL, **RETURNED, VALUE: "2501"}),
        good({VALUE: "2501"}),
    ),
    "ENT-INF-9801": (
        bad(VALUE, {**INFORMAL, **RETURNED, VALUE: "10001"}),
        good({**INFORMAL, **RETURNED, VALUE: "10000"}),
        good({**RETURNED, VALUE: "10001"}),
    ),
    "ENT-INF-SPLIT": (
        bad("/entry_type", {**INFORMAL, VALUE: "501"}, facts=earlier()),
        good({**INFORMAL, VALUE: "500"}, facts=earlier()),
        good({**INFORMAL, VALUE: "501"}, facts=earlier(seller="Somebody else")),
        good({**INFORMAL, VALUE: "501"}, facts=earlier(arrival=date(2026, 11, 26))),
        good({**INFORMAL, VALUE: "501"}, facts=earlier(entry_type="01")),
    ),
    "ENT-INF-FORMAL": (
        bad("/items/0/tariffs/0/hts_number", {**INFORMAL, "/items/0/tariffs/0/hts_number": "99038202"}),
        good({**INFORMAL, "/items/0/tariffs/0/hts_number": "99038203"}),
        good({"/items/0/tariffs/0/hts_number": "99038202"}),
        good(INFORMAL),
    ),
    "ENT-LIVE": (
        bad("/filing/live_entry", {"/entry_type": "02"}),
        bad("/filing/live_entry", facts={"live_entry_ordered": True}),
        good({"/entry_type": "02", "/filing/live_entry": True}),
        good({"/entry_type": "02", "/filing/acts": ["summary"]}),
        good(facts={"live_entry_ordered": False}),
    ),
    "ENT-DUP": (
        bad("/transport/bills/0/house/number", facts=earlier()),
        bad(
            "/transport/bills/0/master/number",
            {"/transport/bills/0/house": GONE},
            facts=earlier(bills=frozenset({"263847519"})),
        ),
        good(facts=earlier(bills=frozenset({"DEMO263847519"}))),
        good(),
    ),
    "ENT-NONRES": (
        bad("/parties/importer", facts={"importer_country": "MX", "resident_agent": False}),
        good(facts={"importer_country": "MX", "resident_agent": True}),
        good(facts={"importer_country": "US", "resident_agent": False}),
        good(facts={"importer_country": "MX"}),
    ),
    "ENT-FOREIGN-INF": (
        bad("/entry_type", {**INFORMAL, "/dates/estimated_entry": "2026-11-30"}, facts={"importer_country": "MX"}),
        good({**INFORMAL, "/dates/estimated_entry": "2026-11-29"}, facts={"importer_country": "MX"}),
        good({**INFORMAL, "/dates/estimated_entry": "2026-11-30"}, facts={"importer_country": "US"}),
        good({"/dates/estimated_entry": "2026-11-30"}, facts={"importer_country": "MX"}),
    ),
    "ENT-FOREIGN-CTPAT": (
        bad("/parties/importer", {"/dates/estimated_entry": "2026-11-30"}, facts={"importer_country": "MX"}),
        good({"/dates/estimated_entry": "2026-11-29"}, facts={"importer_country": "MX"}),
        good({"/dates/estimated_entry": "2026-11-30"}),
    ),
}
