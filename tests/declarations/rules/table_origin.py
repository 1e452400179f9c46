"""Origin, export and preference."""

import msgspec

from tests.declarations.rules.makers import GONE, PROGRAMS, Table, bad, good, make_item, view

ITEM = "/items/0"
FROM, EXPORT, PORT = f"{ITEM}/origin_country", f"{ITEM}/export_country", f"{ITEM}/foreign_port_of_lading"
NUMBER = f"{ITEM}/tariffs/1/hts_number"
CLAIM = f"{ITEM}/preference"
PROGRAM, CERTIFICATION = f"{CLAIM}/program", f"{CLAIM}/certification"
MANY = {"/indicators/consolidated_summary": True}

ORIGIN: Table = {
    "ORG-NONE": (bad(FROM, {FROM: GONE}), good()),
    "ORG-UNKNOWN": (bad(FROM, {FROM: "VIE"}), good({FROM: "XQ"}), good({FROM: "**"}), good({FROM: GONE})),
    "ORG-EMBARGO": (
        bad(FROM, {FROM: "CU"}),
        bad(EXPORT, {EXPORT: "KP"}),
        good({FROM: "RU"}),
    ),
    "ORG-COLUMN-2": (bad(FROM, {FROM: "RU"}), good()),
    "ORG-MADE-UNKNOWN": (
        bad(FROM, {FROM: "**", CLAIM: {"program": "S"}}),
        good({FROM: "**"}),
        good({FROM: "MX", CLAIM: {"program": "S"}}),
    ),
    "EXP-UNKNOWN": (
        bad(EXPORT, {EXPORT: "**"}),
        bad(EXPORT, {EXPORT: "XQ"}),
        bad(EXPORT, {EXPORT: "VIE"}),
        good({EXPORT: "CA"}),
        good({EXPORT: GONE}),
    ),
    "EXP-HOME": (bad(EXPORT, {EXPORT: "US"}), good({EXPORT: "US", "/entry_type": "21"}), good()),
    "EXP-PORT": (
        bad(PORT, {PORT: GONE}),
        good({PORT: GONE, "/transport/mode": "30"}),
        good({PORT: GONE, "/filing/acts": ["release"]}),
    ),
    "EXP-PORT-FORM": (bad(PORT, {PORT: "VNCLI"}), good()),
    "EXP-MIXED": (
        bad(
            ("/items/1/origin_country", "/items/1/export_country"),
            {**MANY, "/items/1": make_item(2, {"/origin_country": "MX", "/export_country": "MX"})},
        ),
        good({**MANY, "/items/1": make_item(2)}),
        good({"/items/1": make_item(2, {"/origin_country": "MX"})}),
    ),
    "UFLPA-RISK": (
        bad(FROM, {FROM: "CN"}),
        good({FROM: "CN", NUMBER: "8471300100"}),
        good(),
    ),
}

MEXICAN = {FROM: "MX", EXPORT: "MX", NUMBER: "3926909989"}
USMCA = {**MEXICAN, PROGRAM: "S", CERTIFICATION: {"document": "D1", "certifier": "exporter"}}
YEAR = {f"{CERTIFICATION}/blanket_from": "2026-01-01", f"{CERTIFICATION}/blanket_to": "2026-12-31"}
SMALL = {f"{ITEM}/valuation/entered_value": "2500"}
FREE = {FROM: "KR", NUMBER: "8471300100", PROGRAM: "KR"}
NEVER_ENDING = view(programs=(msgspec.structs.replace(PROGRAMS[2], effective_to=None), *PROGRAMS[:2]))

PREFERENCE: Table = {
    "SPI-UNKNOWN": (
        bad(PROGRAM, {PROGRAM: "QQ"}),
        good({PROGRAM: "QQ"}, tariff=view(programs=())),
        good({PROGRAM: "A"}),
        good(USMCA),
    ),
    "SPI-EMPTY": (bad(PROGRAM, {CLAIM: {"basis": "originating"}}), good(USMCA), good({CLAIM: None})),
    "SPI-LAPSE": (
        bad(PROGRAM, {PROGRAM: "A"}),
        good({PROGRAM: "A"}, tariff=NEVER_ENDING),
        good({PROGRAM: "A", "/dates/estimated_entry": "2020-12-31"}),
        good({PROGRAM: "QQ"}),
    ),
    "SPI-ORIGIN": (
        bad(PROGRAM, {**USMCA, FROM: "VN"}),
        good({**USMCA, FROM: "XQ"}),
        good(USMCA),
        good({PROGRAM: "A"}),
    ),
    "SPI-COLUMN": (
        bad(PROGRAM, {**USMCA, NUMBER: "7208100000"}),
        bad(PROGRAM, {FROM: "JM", NUMBER: "7208100000", PROGRAM: "E"}),
        good({**USMCA, NUMBER: "8471300100"}),
        good({NUMBER: "3926909989", PROGRAM: "A"}),
        good({**USMCA, NUMBER: "7208100000", PROGRAM: "N"}),
        good({**FREE, NUMBER: "3926909989"}),
        good(USMCA),
    ),
    "SPI-MPFONLY": (bad(PROGRAM, FREE), good(USMCA), good({NUMBER: "8471300100"})),
    "SPI-CERT": (
        bad(f"{CERTIFICATION}/document", {**USMCA, CERTIFICATION: GONE}),
        bad(f"{CERTIFICATION}/document", {**USMCA, f"{CERTIFICATION}/document": GONE}),
        good({**USMCA, CERTIFICATION: GONE, **SMALL}),
        good(FREE),
        good(USMCA),
    ),
    "SPI-CERT-DATE": (
        bad(f"{CERTIFICATION}/blanket_to", {**USMCA, **YEAR, f"{CERTIFICATION}/blanket_to": "2026-11-24"}),
        bad(f"{CERTIFICATION}/blanket_from", {**USMCA, **YEAR, f"{CERTIFICATION}/blanket_from": "2026-11-26"}),
        good({**USMCA, **YEAR, f"{CERTIFICATION}/blanket_to": "2026-11-25"}),
        good(USMCA),
    ),
    "SPI-CERT-YEAR": (
        bad(f"{CERTIFICATION}/blanket_to", {**USMCA, **YEAR, f"{CERTIFICATION}/blanket_to": "2027-01-03"}),
        good({**USMCA, **YEAR}),
        good(USMCA),
    ),
    "SPI-CERT-OLD": (
        bad(f"{CERTIFICATION}/document", {**USMCA, "/documents/0/date": "2022-11-23"}),
        good({**USMCA, "/documents/0/date": "2022-11-26"}),
        good({**USMCA, "/documents/0/date": GONE}),
    ),
    "SPI-CERTIFIER": (
        bad(f"{CERTIFICATION}/certifier", {**USMCA, f"{CERTIFICATION}/certifier": GONE}),
        bad(f"{CERTIFICATION}/certifier", {**USMCA, f"{CERTIFICATION}/certifier": "broker"}),
        good({**USMCA, CERTIFICATION: {}}),
        good(USMCA),
    ),
    "SPI-LOWVAL": (
        bad(CERTIFICATION, {**USMCA, CERTIFICATION: GONE, **SMALL}),
        good({**USMCA, **SMALL}),
        good({**USMCA, CERTIFICATION: GONE, f"{ITEM}/valuation/entered_value": "2501"}),
        good(
            {
                **USMCA,
                CERTIFICATION: GONE,
                **SMALL,
                "/items/1": make_item(2, {"/valuation/entered_value": "1"}),
            }
        ),
    ),
    "SPI-DIRECT": (
        bad(PROGRAM, {PROGRAM: "A", EXPORT: "MX"}),
        good({PROGRAM: "A"}),
        good({**USMCA, EXPORT: "VN"}),
    ),
    "SPI-LATER": (
        bad(CLAIM, MEXICAN),
        bad(CLAIM, {**MEXICAN, FROM: "XO"}),
        good({**MEXICAN, NUMBER: "8471300100"}),
        good({**MEXICAN, NUMBER: "7208100000"}),
        good({**MEXICAN, FROM: "VN"}),
        good(USMCA),
    ),
}
