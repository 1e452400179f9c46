"""Chapters 98 and 99."""

from declarations.assessment import Unassessed
from tests.declarations.rules.makers import GONE, Table, bad, good
from tests.declarations.rules.table_goods import EXTRA, GOODS, ITEM, MAIN, TARIFFS, paper

CN = {f"{ITEM}/origin_country": "CN", f"{EXTRA}/hts_number": "99038803"}
METAL = {f"{EXTRA}/hts_number": "99038202", f"{MAIN}/hts_number": "7208100000"}
DECLARED = f"{ITEM}/importer_declarations"
RETURNED = {EXTRA: {"hts_number": "98010010", "role": "provision", "value": "0"}}
ASSEMBLED = {EXTRA: {"hts_number": "98020080", "role": "provision", "value": "15000"}, f"{MAIN}/value": "30000"}
STACK = (("99030584", "additional"), ("8507600090", "classification"))

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
        good(
            stack=(("8507600090", "classification"),),
            assessed={"notices": (Unassessed("DUTY-EXEMPTION", f"{EXTRA}/hts_number", "no list"),)},
        ),
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
