"""Lines of goods and their tariff numbers."""

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


def paper(kind: str) -> dict[str, object]:
    return {"/documents/1": {"id": "D2", "type": kind}, f"{ITEM}/documents": ["D1", "D2"]}


ITEMS: Table = {
    "ITEM-NONE": (bad("/items", {"/items": []}), good()),
    "ITEM-MANY": (bad("/items/999", document=many(1000)), good(document=many(999))),
    "ITEM-SEQ": (
        bad(SEQUENCE, {SEQUENCE: GONE}),
        bad(SEQUENCE, {SEQUENCE: 0}),
        bad(SEQUENCE, {SEQUENCE: 1000}),
        good({SEQUENCE: 999}),
    ),
    "ITEM-SEQ-DUP": (bad((SEQUENCE, "/items/1/sequence"), {"/items/1": make_item(1)}), good(SECOND)),
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
        good({f"{MAIN}/hts_number": "9102111000", f"{MAIN}/quantities": [{"value": "100", "unit": "NO"}]}),
        bad(
            f"{MAIN}/quantities/1",
            {
                f"{MAIN}/hts_number": "9102111000",
                f"{MAIN}/quantities": [{"value": "100", "unit": "NO"}, {"value": "9", "unit": "KG"}],
            },
        ),
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
