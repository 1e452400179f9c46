"""Documents, partner agencies, corrections, statement and signature, text."""

from typing import Any

from tests.declarations.rules.makers import GONE, Table, bad, good, make_item

ITEM = "/items/0"
DOCUMENT = "/documents/0"
LICENCE, RULING, PGA = f"{ITEM}/licences/0", f"{ITEM}/rulings/0", f"{ITEM}/pga/0"
CERTIFICATION = f"{ITEM}/preference"

DOCUMENTS: Table = {
    "DOC-ID": (bad(f"{DOCUMENT}/id", {f"{DOCUMENT}/id": GONE}), good()),
    "DOC-ID-TWICE": (
        bad("/documents/1/id", {"/documents/1": {"id": "D1", "type": "packing_list"}}),
        good({"/documents/1": {"id": "D2", "type": "packing_list"}}),
    ),
    "DOC-REF": (
        bad(f"{ITEM}/documents/1", {f"{ITEM}/documents": ["D1", "D9"]}),
        bad(
            f"{CERTIFICATION}/certification/document",
            {CERTIFICATION: {"program": "S", "certification": {"document": "D9"}}},
        ),
        good({CERTIFICATION: {"program": "S", "certification": {"document": "D1"}}}),
        good(),
    ),
    "DOC-KIND": (bad(f"{DOCUMENT}/type", {f"{DOCUMENT}/type": GONE}), good()),
    "DOC-INVOICE": (
        bad("/documents", {f"{DOCUMENT}/type": "packing_list"}),
        bad("/documents", {"/documents": []}),
        good({f"{DOCUMENT}/type": "proforma_invoice"}),
    ),
    "INV-DOC": (
        bad(f"{ITEM}/valuation/invoice/document", {f"{ITEM}/valuation/invoice/document": "INV-4712"}),
        good({f"{ITEM}/valuation/invoice/document": "D1"}),
        good({f"{ITEM}/valuation/invoice/document": GONE}),
        good(),
    ),
    "DOC-DATE": (
        bad(f"{DOCUMENT}/date", {f"{DOCUMENT}/date": "2026-11-26"}),
        good({f"{DOCUMENT}/date": "2026-11-25"}),
        good({f"{DOCUMENT}/date": GONE}),
    ),
    "DOC-YEAR": (
        bad(f"{DOCUMENT}/date", {f"{DOCUMENT}/date": "9999-12-31"}),
        bad(f"{DOCUMENT}/date", {f"{DOCUMENT}/date": "0001-01-01"}),
        bad(f"{DOCUMENT}/date", {f"{DOCUMENT}/date": "1900-01-01"}),
        good({f"{DOCUMENT}/date": "1990-01-01"}),
        good({f"{DOCUMENT}/date": "2027-11-24"}),  # DOC-DATE
        good({f"{DOCUMENT}/date": GONE}),
    ),
    "DOC-DIS": (
        bad(f"{DOCUMENT}/dis/control_number", {f"{DOCUMENT}/dis": {"sent_at": "2026-11-20"}}),
        good({f"{DOCUMENT}/dis": {"sent_at": "2026-11-20", "control_number": "1"}}),
        good({f"{DOCUMENT}/dis": {"code": "CBP01"}}),
    ),
    "LIC-NUMBER": (
        bad(f"{LICENCE}/number", {LICENCE: {"type": "11"}}),
        bad((f"{LICENCE}/type", f"{LICENCE}/number"), {LICENCE: {}}),
        good({LICENCE: {"type": "11", "number": "1"}}),
    ),
    "LIC-MANY": (
        bad(f"{ITEM}/licences/1", {f"{ITEM}/licences": [{"type": "11", "number": "1"}, {"type": "11", "number": "2"}]}),
        good({f"{ITEM}/licences": [{"type": "11", "number": "1"}]}),
    ),
    "RUL-TYPE": (
        bad(f"{RULING}/type", {RULING: {"type": "B", "number": "N312345"}}),
        good({RULING: {"type": "P"}}),
    ),
    "RUL-NUMBER": (
        bad(f"{RULING}/number", {RULING: {"type": "R"}}),
        bad(f"{RULING}/number", {RULING: {"type": "R", "number": "my ruling"}}),
        good({RULING: {"type": "R", "number": "N312345"}}),
        good({RULING: {"type": "C"}}),
    ),
    "PGA-AGENCY": (bad(f"{PGA}/agency", {PGA: {"program": "FOO"}}), good({PGA: {"agency": "FDA", "program": "FOO"}})),
    "PGA-EMPTY": (
        bad(f"{PGA}/program", {PGA: {"agency": "FDA"}}),
        good({PGA: {"agency": "FDA", "disclaim": "A"}}),
        good({PGA: {"program": "FOO"}}),
    ),
    "PGA-BOTH": (
        bad(f"{PGA}/disclaim", {PGA: {"agency": "FDA", "disclaim": "A", "processing": "NSF"}}),
        good({PGA: {"agency": "FDA", "disclaim": "A", "program": "FOO"}}),
    ),
    "PGA-CANNOT": (
        bad(f"{PGA}/agency", {PGA: {"agency": "FDA", "program": "FOO"}}, facts={"pga_agencies": frozenset({"EPA"})}),
        good({PGA: {"agency": "FDA", "disclaim": "A"}}, facts={"pga_agencies": frozenset()}),
        good({PGA: {"agency": "EPA", "program": "TS1"}}, facts={"pga_agencies": frozenset({"EPA"})}),
        good({PGA: {"agency": "FDA", "program": "FOO"}}),
    ),
}

CORRECTED: dict[str, Any] = {
    "/function": "correction",
    "/payment": GONE,
    "/location_of_goods": GONE,
    "/filing/release_certification": False,
    "/correction": {"header_reasons": ["C01"], "explanation": "The value of line 1 was too low."},
}
REASONS = "/correction/header_reasons"

CORRECTION: Table = {
    "PSC-NONE": (bad("/correction", {**CORRECTED, "/correction": GONE}), good(CORRECTED), good()),
    "PSC-FUNCTION": (
        bad("/correction", {**CORRECTED, "/function": "original"}),
        bad("/correction", {**CORRECTED, "/function": GONE}),
        good(CORRECTED),
        good(),
    ),
    "PSC-REASON": (
        bad(REASONS, {**CORRECTED, REASONS: []}),
        bad(REASONS, {**CORRECTED, REASONS: ["C01"] * 6}),
        good({**CORRECTED, REASONS: ["C01"] * 5}),
        good(),
    ),
    "PSC-REASON-FORM": (bad(f"{REASONS}/0", {**CORRECTED, REASONS: ["value"]}), good(CORRECTED)),
    "PSC-EXPLAIN": (
        bad("/correction/explanation", {**CORRECTED, "/correction/explanation": "n/a"}),
        bad("/correction/explanation", {**CORRECTED, "/correction/explanation": GONE}),
        good(CORRECTED),
        good(),
    ),
    "PSC-PAYMENT": (bad("/payment/type", {**CORRECTED, "/payment": {"type": "1"}}), good(CORRECTED), good()),
    "PSC-OMIT": (
        bad("/filing/release_certification", {**CORRECTED, "/filing/release_certification": True}),
        bad("/location_of_goods/firms", {**CORRECTED, "/location_of_goods": {"firms": "Y123"}}),
        bad("/filing/live_entry", {**CORRECTED, "/filing/live_entry": True}),
        bad("/indicators/consolidated_summary", {**CORRECTED, "/indicators/consolidated_summary": True}),
        good(CORRECTED),
        good(),
    ),
    "PSC-ACCELERATE": (
        bad("/correction/accelerated_liquidation", {**CORRECTED, "/correction/accelerated_liquidation": True}),
        good(CORRECTED),
    ),
}

CAPACITY, OBTAINED = "/declarant_statement/capacity", "/declarant_statement/obtained_by"

SIGNING: Table = {
    "DECL-STATEMENT": (
        bad((CAPACITY, OBTAINED), {"/declarant_statement": GONE}),
        bad(OBTAINED, {OBTAINED: GONE}),
        good(),
    ),
    "DECL-CHOICE": (
        bad((CAPACITY, OBTAINED), {CAPACITY: "owner", OBTAINED: "gift"}),
        good({CAPACITY: "agent", OBTAINED: "otherwise"}),
    ),
    "SIGN-AUTH": (
        bad("/declarant_statement", facts={"signatory_authorised": False}),
        bad("/declarant_statement", facts={"signatory_authorised": False}, stage="sign"),
        bad("/declarant_statement", stage="sign"),
        good(facts={"signatory_authorised": True}, stage="sign"),
        good(),
    ),
}

NAME, CITY = f"{ITEM}/manufacturer/name", f"{ITEM}/manufacturer/address/city"

TEXTS: Table = {
    "TEXT-ABI": (
        bad(f"{ITEM}/description", {f"{ITEM}/description": "Batteries « 48 V »"}),
        bad("/parties/seller/name", {"/parties/seller/name": "Società Esempio"}),
        bad(f"{ITEM}/description", {f"{ITEM}/description": "Batteries\n48 V"}),
        bad("/items/1/description", {"/items/1": make_item(2, {"/description": "Batteries, 48 V, ±1"})}),
        good({f"{ITEM}/description": "Batteries ~48 V \\n"}),
    ),
    "TEXT-NAME": (
        bad(NAME, {NAME: "x" * 36}),
        bad("/parties/seller/name", {"/parties/seller/name": "x" * 36}),
        good({NAME: "x" * 35}),
        good({NAME: "x" * 36, "/filing/acts": ["summary"]}),
    ),
    "TEXT-CITY": (bad(CITY, {CITY: "x" * 36}), good({CITY: "x" * 35})),
    "TEXT-CONVEYANCE": (
        bad("/transport/conveyance", {"/transport/conveyance": "x" * 21}),
        good({"/transport/conveyance": "x" * 20}),
        good({"/transport/conveyance": GONE}),
    ),
}
