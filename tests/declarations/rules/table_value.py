"""Value: entered, invoiced, adjusted, exchanged."""

from tests.declarations.rules.makers import GONE, Table, bad, good
from tests.declarations.rules.table_goods import ITEM, MAIN, paper

VALUE = f"{ITEM}/valuation"
ENTERED, INVOICE, EXCHANGE = f"{VALUE}/entered_value", f"{VALUE}/invoice", f"{VALUE}/exchange"
DEDUCTIONS, ADDITIONS = f"{VALUE}/deductions", f"{VALUE}/additions"
PESOS = {
    f"{INVOICE}/value": "831793",
    f"{INVOICE}/currency": "MXN",
    EXCHANGE: {"rate": "0.0541", "rate_date": "2026-11-02", "basis": "quarterly"},
}


def adjusted(code: str, value: str | None = "150") -> dict[str, object]:
    return {"code": code, "value": value, "currency": "USD"}


VALUATION: Table = {
    "VAL-PART": (
        bad(f"{ITEM}/measures", {f"{MAIN}/hts_number": "9102111000", f"{ITEM}/measures": {"case": "99999"}}),
        good({f"{MAIN}/hts_number": "9102111000", f"{ITEM}/measures": {"case": "100"}}),
        good({f"{ITEM}/measures": {"case": "99999"}}),
    ),
    "QTY-DEGREES": (
        bad(f"{ITEM}/measures", {f"{ITEM}/measures": {"degrees": "100.5"}}),
        good({f"{ITEM}/measures": {"degrees": "100"}}),
        good(),
    ),
    "VAL-NONE": (
        bad(ENTERED, {VALUE: GONE, f"{MAIN}/value": GONE}),
        bad(ENTERED, {ENTERED: GONE, f"{INVOICE}/value": GONE, f"{MAIN}/value": GONE}),
        good({ENTERED: GONE, f"{MAIN}/value": GONE}),
        good({VALUE: GONE}),
    ),
    "VAL-ZERO": (bad(ENTERED, {ENTERED: "0.00"}), good({ENTERED: "1"}), good({ENTERED: GONE})),
    "VAL-WHOLE": (
        bad((f"{MAIN}/value", ENTERED), {ENTERED: "45000.50", f"{MAIN}/value": "45000.50"}),
        good({ENTERED: "45000.00"}),
    ),
    "VAL-SUM": (
        bad(ENTERED, {ENTERED: "45002"}),
        bad(ENTERED, {ADDITIONS: [adjusted("packing")]}),
        bad(ENTERED, {**PESOS, ENTERED: "44990"}),
        good({ENTERED: "45001"}),
        good({ADDITIONS: [adjusted("packing")], DEDUCTIONS: [adjusted("international_freight")]}),
        good(PESOS),
        good({**PESOS, EXCHANGE: GONE, ENTERED: "1"}),
    ),
    "VAL-NEGATIVE": (
        bad(DEDUCTIONS, {DEDUCTIONS: [adjusted("international_freight", "45000")]}),
        good({DEDUCTIONS: [adjusted("international_freight", "44999")]}),
    ),
    "VAL-METHOD": (
        bad(f"{VALUE}/method", {f"{VALUE}/method": GONE}),
        bad(f"{VALUE}/method", {f"{VALUE}/method": "7"}),
        good({f"{VALUE}/method": "6"}),
        good({VALUE: GONE}),
    ),
    "VAL-INVOICE": (
        bad(f"{INVOICE}/document", {f"{INVOICE}/document": GONE}),
        bad(f"{INVOICE}/document", {INVOICE: GONE}),
        good({INVOICE: GONE, f"{VALUE}/method": "5"}),
        good(),
    ),
    "VAL-CURRENCY": (
        bad(f"{INVOICE}/currency", {f"{INVOICE}/currency": "XYZ"}),
        bad(f"{INVOICE}/currency", {f"{INVOICE}/currency": GONE, "/currency": GONE}),
        good({f"{INVOICE}/currency": GONE}),
    ),
    "FX-NONE": (
        bad(f"{EXCHANGE}/rate", {**PESOS, EXCHANGE: GONE}),
        bad(f"{EXCHANGE}/rate", {**PESOS, f"{EXCHANGE}/rate": "0"}),
        good(PESOS),
        good(),
    ),
    "FX-DATE": (
        bad(f"{EXCHANGE}/rate_date", {**PESOS, f"{EXCHANGE}/rate_date": "2026-10-28"}),
        good(PESOS),
        good({**PESOS, f"{EXCHANGE}/rate_date": GONE}),
    ),
    "FX-DATE-NONE": (
        bad(f"{EXCHANGE}/rate_date", {**PESOS, f"{EXCHANGE}/rate_date": GONE}),
        good(PESOS),
        good({EXCHANGE: {"rate": "1"}}),
    ),
    "FX-BASIS": (
        bad(f"{EXCHANGE}/basis", {**PESOS, f"{EXCHANGE}/basis": "bank"}),
        bad(f"{EXCHANGE}/basis", {**PESOS, f"{EXCHANGE}/basis": GONE}),
        good({**PESOS, f"{EXCHANGE}/basis": "reference"}),
        good(PESOS),
    ),
    "FX-REFERENCE": (bad(f"{EXCHANGE}/basis", {**PESOS, f"{EXCHANGE}/basis": "reference"}), good(PESOS)),
    "FX-RATE": (
        bad(f"{EXCHANGE}/rate", {**PESOS, f"{EXCHANGE}/rate": "0.05411"}),
        good(PESOS),
        good({**PESOS, f"{EXCHANGE}/rate": "0.05411", f"{EXCHANGE}/basis": "daily"}),
        good({**PESOS, f"{EXCHANGE}/rate": "0.05411", f"{ITEM}/export_date": "2026-11-03"}),
    ),
    "VAL-CIF": (
        bad(DEDUCTIONS, {"/terms/incoterm": "CIF"}),
        bad(DEDUCTIONS, {"/terms/incoterm": "DDP", DEDUCTIONS: [adjusted("duty")]}),
        good({"/terms/incoterm": "CIF", DEDUCTIONS: [adjusted("international_freight")]}),
        good(),
    ),
    "VAL-INLAND": (
        bad(f"{DEDUCTIONS}/0", {DEDUCTIONS: [adjusted("foreign_inland_freight")]}),
        good({DEDUCTIONS: [adjusted("foreign_inland_freight")], **paper("through_bill")}),
        good({DEDUCTIONS: [adjusted("international_freight")]}),
    ),
    "VAL-COMM": (
        bad(f"{DEDUCTIONS}/0", {DEDUCTIONS: [adjusted("selling_commission")]}),
        good({DEDUCTIONS: [adjusted("buying_commission")]}),
        good({ADDITIONS: [adjusted("selling_commission")]}),
    ),
    "VAL-DISC": (
        bad(f"{DEDUCTIONS}/0", {DEDUCTIONS: [adjusted("discount")]}),
        good({DEDUCTIONS: [adjusted("international_freight")]}),
    ),
    "VAL-REL": (
        bad(f"{ITEM}/related_parties", {f"{ITEM}/related_parties": True}),
        good({f"{ITEM}/related_parties": True, f"{VALUE}/method": "4"}),
        good(),
    ),
    "VAL-ADJ": (
        bad(f"{ADDITIONS}/0/code", {ADDITIONS: [adjusted("packages")]}),
        bad(f"{DEDUCTIONS}/1/code", {DEDUCTIONS: [adjusted("duty"), {"value": "1"}]}),
        good({ADDITIONS: [adjusted("assist")], DEDUCTIONS: [adjusted("duty")]}),
    ),
    "VAL-ADJ-AMOUNT": (
        bad(f"{ADDITIONS}/0/value", {ADDITIONS: [adjusted("packing", None)]}),
        bad(f"{DEDUCTIONS}/0/value", {DEDUCTIONS: [adjusted("duty", "-5")]}),
        bad(f"{DEDUCTIONS}/0/value", {DEDUCTIONS: [adjusted("duty", "0")]}),
        good({ADDITIONS: [adjusted("packing", "0.01")]}),
    ),
}
