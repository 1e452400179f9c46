"""Dates, clocks and in-bond movements."""

from datetime import date

import msgspec

from declarations.assessment import Unassessed
from tests.declarations.rules.makers import GONE, MEASURES, Table, bad, good, view

ARRIVAL, IMPORT = "/dates/estimated_arrival", "/dates/import"
ENTRY, ELECTION = "/dates/estimated_entry", "/dates/entry_date_election"
EXPORT = "/items/0/export_date"
IN_BOND = {
    "/in_bond": {"type": "61", "number": "123456782", "accepted_date": "2026-11-26", "origin_port": "2709"},
    "/ports/unlading": "2709",
}
NUMBER, ACCEPTED = "/in_bond/number", "/in_bond/accepted_date"
HEADING = "/items/0/tariffs/0/hts_number"

first = MEASURES[0]
STARTS = view(measures=(msgspec.structs.replace(first, effective_from=date(2026, 11, 25)),))
ENDS = view(measures=(msgspec.structs.replace(first, effective_to=date(2026, 11, 25)),))
RUNS = view(
    measures=(msgspec.structs.replace(first, effective_from=date(2026, 11, 24), effective_to=date(2026, 11, 26)),)
)

ITEM = "/items/0"
NOT_HELD = {"unassessed": (Unassessed("DUTY-EDITION", ITEM, "no schedule"),)}
ZONE = {"status": "P", "privileged_date": "2012-11-26"}

TIMING: Table = {
    "ENT-LAND-15": (
        bad(ENTRY, facts={"landed_on": date(2026, 11, 8)}),
        good(facts={"landed_on": date(2026, 11, 9)}),
        good({"/filing/acts": ["summary"]}, facts={"landed_on": date(2026, 11, 8)}),
        good(),
    ),
    "ENT-PREARR": (
        bad(ARRIVAL, {ARRIVAL: "2026-11-30"}),
        good({ARRIVAL: "2026-11-29"}),
        good({ARRIVAL: "2026-11-30", "/transport/mode": "40"}),
    ),
    "ENT-RATE-ET": (bad(ENTRY, tariff=STARTS), bad(ENTRY, tariff=ENDS), good(tariff=RUNS), good()),
    "ENT-IT-RATE": (bad(ACCEPTED, IN_BOND), good({**IN_BOND, NUMBER: GONE}), good()),
    "ENT-IT-OLD": (
        bad(ACCEPTED, {**IN_BOND, ACCEPTED: "2026-10-24"}),
        good({**IN_BOND, ACCEPTED: "2026-10-25"}),
        good({**IN_BOND, ACCEPTED: "2024-10-25"}),
    ),
    "IB-OLD": (
        bad(ACCEPTED, {**IN_BOND, ACCEPTED: "2024-11-23"}),
        good({**IN_BOND, ACCEPTED: "2024-11-25"}),
    ),
    "IB-DATE": (bad(ACCEPTED, {**IN_BOND, ACCEPTED: GONE}), good(IN_BOND), good()),
    "IB-NUMBER-NONE": (bad(NUMBER, {**IN_BOND, NUMBER: GONE}), good(IN_BOND), good({"/in_bond": {}})),
    "IB-NUMBER": (
        bad(NUMBER, {**IN_BOND, NUMBER: "1234567"}),
        bad(NUMBER, {**IN_BOND, NUMBER: "VX123456"}),
        good(IN_BOND),
        good({**IN_BOND, NUMBER: "12345678901"}),
        good({**IN_BOND, NUMBER: "ZZZ-1000001-9"}),
        good({**IN_BOND, NUMBER: "V1234567"}),
    ),
    "IB-CHECK": (
        bad(NUMBER, {**IN_BOND, NUMBER: "123456783"}),
        good(IN_BOND),
        good({**IN_BOND, NUMBER: "12345678901"}),
    ),
    "IB-TYPE": (
        bad("/in_bond/type", {**IN_BOND, "/in_bond/type": "62"}),
        good(IN_BOND),
        good({**IN_BOND, "/in_bond/type": GONE}),
    ),
    "IB-PORT": (bad("/ports/unlading", {**IN_BOND, "/ports/unlading": "2704"}), good(IN_BOND), good()),
    "IB-IMPORT": (
        bad(ACCEPTED, {**IN_BOND, ACCEPTED: "2026-11-24"}),
        good({**IN_BOND, ACCEPTED: "2026-11-25"}),
    ),
    "DATE-ARRIVAL": (
        bad(ARRIVAL, {ARRIVAL: GONE}),
        bad(ARRIVAL, {"/dates": GONE}),
        good({ARRIVAL: GONE, "/filing/acts": ["summary"]}),
        good(),
    ),
    "DATE-ENTRY": (bad(ENTRY, {ENTRY: GONE}), good({ENTRY: GONE, ELECTION: "2026-11-26"}), good()),
    "DATE-ELECTION": (bad(ELECTION, {ELECTION: "2026-11-24"}), good({ELECTION: "2026-11-25"})),
    "DATE-OUTSIDE": (
        bad(ARRIVAL, {ARRIVAL: "0001-01-01"}),
        bad(ARRIVAL, {ARRIVAL: "9999-12-31"}),
        bad(IMPORT, {IMPORT: "2027-11-27"}),
        bad(ENTRY, {ENTRY: "2021-11-18"}),
        bad(ELECTION, {ELECTION: "2126-11-26"}),
        bad(ACCEPTED, {**IN_BOND, ACCEPTED: "1926-11-26"}),
        bad(EXPORT, {EXPORT: "0001-01-01"}),
        good({IMPORT: "2027-11-20"}),
        good({ENTRY: "2021-12-01"}),
        good({EXPORT: "2012-11-26"}),
        good({"/dates": GONE}),
    ),
    "DATE-TARIFF": (
        bad(ENTRY, {ENTRY: "2025-11-26", IMPORT: GONE, ARRIVAL: GONE}, assessed=NOT_HELD),
        bad(IMPORT, {ENTRY: "2025-11-24", IMPORT: "2025-11-26", ARRIVAL: "2025-11-25"}, assessed=NOT_HELD),
        bad(ARRIVAL, {ENTRY: GONE, IMPORT: GONE, ARRIVAL: "2025-11-26"}, assessed=NOT_HELD),
        bad(ELECTION, {ELECTION: "2026-11-26"}, assessed=NOT_HELD),
        bad(ACCEPTED, IN_BOND, assessed=NOT_HELD),
        bad(f"{ITEM}/ftz/privileged_date", {f"{ITEM}/ftz": ZONE}, assessed=NOT_HELD),
        bad(ENTRY, assessed={"unassessed": (Unassessed("DUTY-FEE", "/dates", "no fees"),)}),
        good({"/filing/acts": ["release"]}, assessed={"unassessed": (Unassessed("DUTY-FEE", "/dates", "no fees"),)}),
        good({ENTRY: "2018-11-26", IMPORT: GONE, ARRIVAL: GONE}, assessed=NOT_HELD),  # DATE-OUTSIDE
        good(assessed={"unassessed": (Unassessed("DUTY-VALUE", ITEM, "no value"),)}),
        good(),
    ),
    "DATE-FAR": (
        bad(IMPORT, {IMPORT: "2024-11-01"}),
        good({IMPORT: "2024-12-01"}),
        good({ARRIVAL: "0001-01-01"}),
        good({IMPORT: "2029-11-25"}),
        good({"/dates": GONE}),
    ),
    "DATE-EXPORT": (
        bad(EXPORT, {EXPORT: "2026-11-26"}),
        good({EXPORT: "2026-11-25"}),
        good({EXPORT: "2026-11-26", IMPORT: GONE}),
    ),
    "DATE-EXPORT-BOND": (
        bad(EXPORT, {**IN_BOND, EXPORT: "2026-11-27"}),
        good({**IN_BOND, EXPORT: "2026-11-26"}),
        good({EXPORT: "2026-11-27"}),
    ),
    "SUM-DUE": (
        bad(ENTRY, {ENTRY: "2026-11-13"}),
        bad(ENTRY, {ENTRY: "2026-11-09"}),
        good({ENTRY: "2026-11-16"}),
        good({ENTRY: "2026-11-06"}),
        good({ENTRY: "2026-11-12", "/filing/acts": ["release"]}),
        good({"/dates": GONE}),
    ),
    "SUM-LATE": (
        bad(ENTRY, {ENTRY: "2026-11-06"}),
        good({ENTRY: "2026-11-09"}),
        good({ENTRY: "2026-11-06", "/correction": {"header_reasons": ["C01"]}}),
    ),
}
