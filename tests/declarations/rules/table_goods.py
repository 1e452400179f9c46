"""Lines of goods, tariff numbers, chapters 98 and 99, value."""

from tests.declarations.rules.makers import (
    BASE,
    GONE,
    Table,
    bad,
    good,
    make_document,
    make_item,
    replaced,
)

ITEM = "/items/0"
SEQUENCE, DESCRIPTION = f"{ITEM}/sequence", f"{ITEM}/description"
TARIFFS = f"{ITEM}/tariffs"
MAIN, EXTRA = f"{TARIFFS}/1", f"{TARIFFS}/0"
QUANTITY = f"{MAIN}/quantities/0"
CHARGES = f"{ITEM}/charges/total_whole_usd"
FREE_TEXT = {"/filing/acts": ["summary"]}
GOODS = BASE["items"][0]["tariffs"][1]
SECOND = {"/items/1": make_item(2)}


def of_set(*roles: str | None) -> dict[str, object]:
    """Lines with these roles in the set `1`."""
    changes: dict[str, object] = {}
    for place, role in enumerate(roles):
        changes[f"/items/{place}"] = make_item(
            place + 1, {"/article_set": {"role": role, "set": "1"} if role else None}
        )
    return changes


def many(count: int):
    document = make_document()
    return replaced(document, items=document.items * count)


ITEMS: Table = {
    "ITEM-NONE": (bad("/items", {"/items": []}), good()),
    "ITEM-MANY": (bad("/items/999", document=many(1000)), good(document=many(999))),
    "ITEM-SEQ": (
        bad(SEQUENCE, {SEQUENCE: GONE}),
        bad(SEQUENCE, {SEQUENCE: 0}),
        bad(SEQUENCE, {SEQUENCE: 1000}),
        good({SEQUENCE: 999}),
    ),
    "ITEM-SEQ-DUP": (bad("/items/1/sequence", {"/items/1": make_item(1)}), good(SECOND)),
    "ITEM-SEQ-GAP": (
        bad("/items/1/sequence", {"/items/1": make_item(3)}),
        bad(SEQUENCE, {SEQUENCE: 2}),
        good(SECOND),
        good({SEQUENCE: GONE, **SECOND}),
    ),
    "ITEM-DESC": (bad(DESCRIPTION, {DESCRIPTION: GONE}), bad(DESCRIPTION, {DESCRIPTION: " "}), good()),
    "ITEM-DESC-VAGUE": (
        bad(DESCRIPTION, {DESCRIPTION: "Various parts"}),
        bad(DESCRIPTION, {DESCRIPTION: "Goods of all"}),
        good({DESCRIPTION: "Bicycle parts"}),
        good({DESCRIPTION: " "}),
    ),
    "ITEM-DESC-LONG": (
        bad(DESCRIPTION, {DESCRIPTION: "x" * 71}),
        good({DESCRIPTION: "x" * 70}),
        good({DESCRIPTION: "x" * 71, **FREE_TEXT}),
    ),
    "ITEM-WEIGHT": (
        bad(f"{ITEM}/gross_mass_kg", {f"{ITEM}/gross_mass_kg": GONE}),
        good({f"{ITEM}/gross_mass_kg": GONE, "/filing/acts": ["release"]}),
        good(),
    ),
    "ITEM-WEIGHT-NET": (
        bad(f"{MAIN}/quantities/1/value", {f"{ITEM}/gross_mass_kg": "8999"}),
        good({f"{ITEM}/gross_mass_kg": "9000"}),
        good({f"{ITEM}/gross_mass_kg": GONE}),
    ),
    "ITEM-NEGATIVE": (
        bad(f"{ITEM}/gross_mass_kg", {f"{ITEM}/gross_mass_kg": "-1"}),
        bad(f"{ITEM}/charges/freight", {f"{ITEM}/charges/freight": "-2050.00"}),
        bad(f"{MAIN}/value", {f"{MAIN}/value": "-45000"}),
        bad(f"{QUANTITY}/value", {f"{QUANTITY}/value": "-0.01"}),
        bad(f"{ITEM}/valuation/entered_value", {f"{ITEM}/valuation/entered_value": "-5"}),
        good({f"{ITEM}/charges/other": "-0.00"}),
    ),
    "ITEM-CHARGES": (
        bad(CHARGES, {CHARGES: GONE}),
        bad(CHARGES, {f"{ITEM}/charges": GONE}),
        good({CHARGES: "0"}),
        good({CHARGES: GONE, "/transport/mode": "30"}),
    ),
    "ITEM-CHARGES-WHOLE": (bad(CHARGES, {CHARGES: "2150.50"}), good({CHARGES: "2150.00"})),
    "ITEM-CHARGES-SUM": (
        bad(CHARGES, {CHARGES: "2152"}),
        good({CHARGES: "2151"}),
        good({CHARGES: "9", f"{ITEM}/charges/currency": "MXN"}),
        good({f"{ITEM}/charges": {"total_whole_usd": "2152"}}),
    ),
    "ITEM-FEE-EXEMPT": (
        bad(f"{ITEM}/fee_exemption", {f"{ITEM}/fee_exemption": "3"}),
        good({f"{ITEM}/fee_exemption": "2"}),
        good(),
    ),
    "CLS-SET": (
        bad("/items/0/article_set", of_set("header", "header", "component")),
        bad("/items/0/article_set", of_set("component")),
        bad("/items/1/article_set", of_set(None, "header")),
        bad("/items/1/article_set", of_set(None, "header", None)),
        bad("/items/0/article_set/role", of_set("X")),
        bad("/items/1/article_set", {**of_set("header", "component", "component"), "/items/1/article_set/set": "2"}),
        good(of_set("header", "component", "component", None)),
        good(of_set("header", "component", "header", "component")),
        good(),
    ),
    "FTZ-STATUS": (
        bad(f"{ITEM}/ftz/status", {f"{ITEM}/ftz": {"zone_id": "202"}}),
        bad(f"{ITEM}/ftz/status", {f"{ITEM}/ftz": {"status": "Z"}}),
        good({f"{ITEM}/ftz": {"status": "D"}}),
        good(),
    ),
    "FTZ-DATE": (
        bad(f"{ITEM}/ftz/privileged_date", {f"{ITEM}/ftz": {"status": "P"}}),
        good({f"{ITEM}/ftz": {"status": "P", "privileged_date": "2026-08-01"}}),
        good({f"{ITEM}/ftz": {"status": "N"}}),
    ),
    "CENSUS-OVERRIDE": (
        bad(f"{ITEM}/census_overrides/0/override", {f"{ITEM}/census_overrides": [{"warning": "25A"}]}),
        good({f"{ITEM}/census_overrides": [{"warning": "25A", "override": "02"}]}),
        good(),
    ),
}

CLASSIFICATION: Table = {
    "CLS-NONE": (bad(TARIFFS, {TARIFFS: []}), bad(TARIFFS, {TARIFFS: [BASE["items"][0]["tariffs"][0]]}), good()),
    "CLS-EMPTY": (
        bad(f"{EXTRA}/hts_number", {f"{EXTRA}/hts_number": GONE}),
        good(),
    ),
    "CLS-LENGTH": (
        bad(f"{MAIN}/hts_number", {f"{MAIN}/hts_number": "850760"}),
        bad(f"{MAIN}/hts_number", {f"{MAIN}/hts_number": "850760009"}),
        good({f"{MAIN}/hts_number": "85076000"}),
        good(),
    ),
    "CLS-UNKNOWN": (
        bad(f"{MAIN}/hts_number", {f"{MAIN}/hts_number": "8507600091"}),
        good({f"{MAIN}/hts_number": "8507600020"}),
        good({f"{MAIN}/hts_number": "850760"}),
        good(),
    ),
    "CLS-RETIRED": (
        bad(f"{MAIN}/hts_number", {f"{MAIN}/hts_number": "8507600020"}),
        good({f"{MAIN}/hts_number": "8507600091"}),
        good(),
    ),
    "CLS-NOT-DECLARABLE": (bad(f"{MAIN}/hts_number", {f"{MAIN}/hts_number": "85076000"}), good()),
    "CLS-TWICE": (
        bad(f"{TARIFFS}/2/hts_number", {f"{TARIFFS}/2": GOODS}),
        bad(f"{TARIFFS}/2/hts_number", {f"{TARIFFS}/2": {"hts_number": "9903058400"}}),
        good({f"{TARIFFS}/2": {"hts_number": "8471300100"}}),
    ),
    "CLS-MANY": (
        bad(
            f"{TARIFFS}/32",
            document=replaced(
                make_document(),
                items=(replaced(make_document().items[0], tariffs=make_document().items[0].tariffs * 17),),
            ),
        ),
        good({TARIFFS: [GOODS] * 32}),
    ),
    "CLS-ROLE": (bad(f"{MAIN}/role", {f"{MAIN}/role": "main"}), good({f"{MAIN}/role": GONE}), good()),
    "CLS-ROLE-CHAPTER": (
        bad(f"{EXTRA}/role", {f"{EXTRA}/role": "classification"}),
        bad(f"{MAIN}/role", {f"{MAIN}/role": "additional"}),
        bad(f"{EXTRA}/role", {EXTRA: {"hts_number": "98010010", "role": "exemption"}}),
        good({f"{EXTRA}/role": "replacement"}),
        good({EXTRA: {"hts_number": "98010010", "role": "provision"}}),
        good({f"{EXTRA}/role": "other"}),
    ),
    "QTY-MISSING": (
        bad(f"{MAIN}/quantities/1", {f"{MAIN}/quantities/1": GONE}),
        bad((f"{MAIN}/quantities/0", f"{MAIN}/quantities/1"), {f"{MAIN}/quantities": []}),
        bad(f"{QUANTITY}/value", {f"{QUANTITY}/value": GONE}),
        good({f"{MAIN}/hts_number": "2710124500", f"{MAIN}/quantities": []}),
        good({f"{MAIN}/quantities": [], f"{ITEM}/article_set": {"role": "component"}}),
        good(),
    ),
    "QTY-UNIT": (
        bad(f"{QUANTITY}/unit", {f"{QUANTITY}/unit": "DOZ"}),
        bad(f"{QUANTITY}/unit", {f"{QUANTITY}/unit": GONE}),
        bad(
            (f"{MAIN}/quantities/0/unit", f"{MAIN}/quantities/1/unit"),
            {f"{QUANTITY}/unit": "KG", f"{MAIN}/quantities/1/unit": "NO"},
        ),
        good({QUANTITY: {}}),
        good(),
    ),
    "QTY-EXTRA": (
        bad(f"{MAIN}/quantities/2", {f"{MAIN}/quantities/2": {"value": "1", "unit": "L"}}),
        bad(
            f"{MAIN}/quantities/0",
            {f"{MAIN}/hts_number": "2710124500", f"{MAIN}/quantities": [{"value": "1", "unit": "X"}]},
        ),
        good(),
    ),
    "QTY-COUNT": (
        bad(f"{MAIN}/quantities/3", {f"{MAIN}/quantities": [{"value": "1", "unit": "NO"}] * 4}),
        good({f"{MAIN}/quantities": [{"value": "1", "unit": "NO"}] * 3}),
    ),
    "QTY-PLACES": (
        bad(f"{QUANTITY}/value", {f"{QUANTITY}/value": "2500.125"}),
        good({f"{QUANTITY}/value": "2500.1200"}),
    ),
    "QTY-ZERO": (
        bad(f"{QUANTITY}/value", {f"{QUANTITY}/value": "0.00"}),
        good({f"{QUANTITY}/value": "0.01"}),
        good({f"{QUANTITY}/value": "0", f"{ITEM}/valuation/entered_value": "0"}),
    ),
    "QTY-UNIT-UNKNOWN": (bad(f"{QUANTITY}/unit", {f"{QUANTITY}/unit": "PCS"}), good({f"{QUANTITY}/unit": "PFL"})),
    "CLS-VALUE-SPLIT": (
        bad(f"{MAIN}/value", {f"{MAIN}/value": "44999"}),
        bad(f"{MAIN}/value", {f"{EXTRA}/value": "1"}),
        good({f"{MAIN}/value": "45000.00"}),
        good({f"{MAIN}/value": GONE}),
        good({EXTRA: {"hts_number": "98020080", "value": "15000"}, f"{MAIN}/value": "30000"}),
    ),
}

CN = {f"{ITEM}/origin_country": "CN", f"{EXTRA}/hts_number": "99038803"}
METAL = {f"{EXTRA}/hts_number": "99038202", f"{MAIN}/hts_number": "7208100000"}
DECLARED = f"{ITEM}/importer_declarations"
RETURNED = {EXTRA: {"hts_number": "98010010", "role": "provision", "value": "0"}}
ASSEMBLED = {EXTRA: {"hts_number": "98020080", "role": "provision", "value": "15000"}, f"{MAIN}/value": "30000"}
STACK = (("99030584", "additional"), ("8507600090", "classification"))


def paper(kind: str) -> dict[str, object]:
    return {"/documents/1": {"id": "D2", "type": kind}, f"{ITEM}/documents": ["D1", "D2"]}


CHAPTERS: Table = {
    "C98-VALUE": (
        bad(f"{EXTRA}/value", {**RETURNED, f"{EXTRA}/value": "45000", f"{MAIN}/value": "0"}),
        good(RETURNED),
        good(ASSEMBLED),
    ),
    "C98-9801-DOC": (
        bad(f"{ITEM}/documents", RETURNED),
        good({**RETURNED, **paper("returned_goods_declaration")}),
        good({**RETURNED, f"{ITEM}/valuation/entered_value": "2500"}),
        good(),
    ),
    "C98-9802-DECL": (
        bad(f"{ITEM}/documents", ASSEMBLED),
        good({**ASSEMBLED, **paper("assembly_declaration")}),
        good(),
    ),
    "C98-TIB": (
        bad(TARIFFS, {"/entry_type": "23"}),
        good({"/entry_type": "23", EXTRA: {"hts_number": "98130005", "role": "provision"}}),
        good(),
    ),
    "C98-TIB-TYPE": (
        bad(f"{EXTRA}/hts_number", {EXTRA: {"hts_number": "98130005", "role": "provision"}}),
        good({"/entry_type": "23", EXTRA: {"hts_number": "98130005", "role": "provision"}}),
    ),
    "C98-DEFENCE": (
        bad(TARIFFS, {"/entry_type": "51"}),
        good({"/entry_type": "51", EXTRA: {"hts_number": "98080030", "role": "provision"}}),
        good(),
    ),
    "ORG-US": (
        bad(f"{ITEM}/origin_country", {f"{ITEM}/origin_country": "US"}),
        good({f"{ITEM}/origin_country": "US", **RETURNED}),
        good(),
    ),
    "C99-ORDER": (
        bad(f"{MAIN}/hts_number", {f"{EXTRA}/hts_number": "8507600090", f"{MAIN}/hts_number": "99030584"}),
        bad(f"{MAIN}/hts_number", {f"{MAIN}/hts_number": "98010010", f"{TARIFFS}/2": GOODS}),
        good({EXTRA: {"hts_number": "98010010"}, MAIN: {"hts_number": "99030584"}, f"{TARIFFS}/2": GOODS}),
        good(),
    ),
    "C99-ORDER-AUTHORITY": (
        bad(f"{MAIN}/hts_number", {f"{EXTRA}/hts_number": "99038202", MAIN: {"hts_number": "99030584"}}),
        good({MAIN: {"hts_number": "99038202"}, f"{TARIFFS}/2": GOODS}),
        good({f"{EXTRA}/hts_number": "99038203", MAIN: {"hts_number": "99030584"}}),
    ),
    "C99-VALUE": (
        bad(f"{EXTRA}/value", {f"{EXTRA}/value": "45000"}),
        good({f"{EXTRA}/value": "0.00"}),
        good({f"{EXTRA}/value": GONE}),
    ),
    "C99-QTY": (
        bad(f"{EXTRA}/quantities/0/value", {f"{EXTRA}/quantities": [{"value": "9001", "unit": "KG"}]}),
        good({f"{EXTRA}/quantities": [{"value": "9000", "unit": "KG"}]}),
        good({f"{EXTRA}/quantities": [{"value": "9001", "unit": "L"}]}),
    ),
    "C99-EXEMPT-LINE": (
        bad(TARIFFS, stack=(*STACK, ("99030586", "exemption"))),
        good(stack=STACK),
        good({f"{TARIFFS}/0": GOODS, f"{TARIFFS}/1": GONE}, stack=(*STACK, ("99030586", "exemption"))),
    ),
    "C99-STACK-MISSING": (
        bad(TARIFFS, stack=(("99038803", "additional"), *STACK)),
        bad(TARIFFS, stack=(("99030571", "replacement"), ("99030584", "additional"))),
        good(stack=STACK),
        good({f"{TARIFFS}/0": GOODS, f"{TARIFFS}/1": GONE}, stack=STACK),
    ),
    "C99-STACK-EXTRA": (
        bad(f"{EXTRA}/hts_number", stack=(("8507600090", "classification"),)),
        good(stack=STACK),
        good(stack=(("9903058400", "additional"),)),
        good(stack=()),
    ),
    "C99-ENDED": (
        bad(f"{EXTRA}/hts_number", {f"{EXTRA}/hts_number": "99039101"}),
        bad(f"{EXTRA}/hts_number", {"/dates/estimated_entry": "2026-07-23"}),
        good({f"{EXTRA}/hts_number": "99039101", "/dates/estimated_entry": "2026-11-24"}),
        good({f"{EXTRA}/hts_number": "99039999"}),
        good({f"{EXTRA}/hts_number": "99038869"}),
    ),
    "C99-EXCL-ENDED": (
        bad(f"{EXTRA}/hts_number", {f"{EXTRA}/hts_number": "99038869"}),
        good({f"{EXTRA}/hts_number": "99038870", "/dates/estimated_entry": "2026-11-09"}),
        good(),
    ),
    "C99-SUSPENDED": (bad(f"{EXTRA}/hts_number", {f"{EXTRA}/hts_number": "99038816"}), good()),
    "C99-IEEPA": (
        bad(f"{EXTRA}/hts_number", {f"{EXTRA}/hts_number": "99030125"}),
        good({f"{EXTRA}/hts_number": "99030125", "/dates/estimated_entry": "2026-02-23"}),
        good(),
    ),
    "C99-S122": (
        bad(f"{EXTRA}/hts_number", {f"{EXTRA}/hts_number": "99030301"}),
        good({f"{EXTRA}/hts_number": "99030301", "/dates/estimated_entry": "2026-07-23"}),
        good({f"{EXTRA}/hts_number": "99030312"}),
    ),
    "C99-UNKNOWN": (
        bad(f"{EXTRA}/hts_number", {f"{EXTRA}/hts_number": "99039999"}),
        bad(f"{EXTRA}/hts_number", {f"{EXTRA}/hts_number": "98019999"}),
        good({f"{EXTRA}/hts_number": "99039101"}),
        good({f"{EXTRA}/hts_number": "99038816"}),
        good(),
    ),
    "C99-ORIGIN": (
        bad(f"{EXTRA}/hts_number", {f"{EXTRA}/hts_number": "99038803"}),
        bad(f"{EXTRA}/hts_number", {f"{EXTRA}/hts_number": "99038202", f"{ITEM}/origin_country": "GB"}),
        good(CN),
        good({f"{EXTRA}/hts_number": "99038202"}),
    ),
    "C99-PROGRAM": (
        bad(
            f"{ITEM}/preference/program",
            {f"{EXTRA}/hts_number": "99030594", f"{ITEM}/origin_country": "MX"},
        ),
        good(
            {
                f"{EXTRA}/hts_number": "99030594",
                f"{ITEM}/origin_country": "MX",
                f"{ITEM}/preference": {"program": "S+"},
            }
        ),
        good(),
    ),
    "C99-PROHIBIT": (
        bad(f"{ITEM}/origin_country", {f"{ITEM}/origin_country": "CA", f"{MAIN}/hts_number": "3926909989"}),
        bad(f"{ITEM}/origin_country", {f"{ITEM}/origin_country": "XO", f"{MAIN}/hts_number": "3926909989"}),
        good(
            {
                f"{ITEM}/origin_country": "CA",
                f"{MAIN}/hts_number": "3926909989",
                "/dates/estimated_entry": "2026-09-28",
            }
        ),
        good({f"{ITEM}/origin_country": "CA"}),
        good({f"{MAIN}/hts_number": "3926909989"}),
    ),
    "C99-232-ORIG": (
        bad(DECLARED, METAL),
        bad(DECLARED, {**METAL, DECLARED: [{"type": "07", "country": "VN"}]}),
        good({**METAL, DECLARED: [{"type": "08", "country": "VN"}]}),
        good({f"{EXTRA}/hts_number": "99038202", DECLARED: [{"type": "12", "country": "VN"}]}),
        good({f"{EXTRA}/hts_number": "99038203"}),
        good(),
    ),
    "C99-232-COUNTRY": (
        bad(f"{DECLARED}/0/country", {DECLARED: [{"type": "08"}]}),
        good({DECLARED: [{"type": "08", "country": "VN"}, {"type": "10", "text": "301STS CERT"}]}),
    ),
    "C99-232-SMELT": (
        bad(f"{DECLARED}/0/country", {DECLARED: [{"type": "07", "country": "**"}]}),
        good({DECLARED: [{"type": "07", "country": "**"}], f"{EXTRA}/hts_number": "99038568"}),
        good({DECLARED: [{"type": "07", "country": "VN"}]}),
    ),
    "C99-232-15PCT": (bad(f"{EXTRA}/hts_number", {f"{EXTRA}/hts_number": "99038203"}), good()),
    "C99-FTZ-PF": (
        bad(f"{ITEM}/ftz/status", {f"{ITEM}/ftz": {"status": "N"}}),
        good({f"{ITEM}/ftz": {"status": "P", "privileged_date": "2026-08-01"}}),
        good({f"{ITEM}/ftz": {"status": "N"}, f"{EXTRA}/hts_number": "99038203"}),
    ),
}

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
