"""Parties and manufacturers."""

from datetime import date

from tests.declarations.rules.makers import GONE, Table, bad, good

IMPORTER, CONSIGNEE = "/parties/importer", "/parties/ultimate_consignee"
ID = f"{IMPORTER}/id"
SOLD = "/items/0/sold_to"
MAKER = "/items/0/manufacturer"
MID = f"{MAKER}/mid"
RELEASE_OFF = {"/filing/acts": ["summary"]}
CHINESE = {
    "/items/0/origin_country": "CN",
    MAKER: {
        "mid": "CNSHAHAP1601SHA",
        "name": "Shantou Happy Toys Co.",
        "address": {"street": "1601 Chenghai Road", "city": "Shantou", "postcode": "515041", "country": "CN"},
    },
}
CANADIAN = {
    "/items/0/origin_country": "CA",
    MAKER: {
        "mid": "XBMAPRID6200FLO",
        "name": "Maple Ridge Foods Inc.",
        "address": {"street": "6200 Highway 7", "city": "Florenceville", "subdivision": "NB", "country": "CA"},
    },
}

PARTIES: Table = {
    "PARTY-IMPORTER": (bad(ID, {ID: GONE}), bad(ID, {"/parties": GONE}), good()),
    "PARTY-IMPORTER-NAME": (bad(f"{IMPORTER}/name", {f"{IMPORTER}/name": " "}), good({"/parties": GONE}), good()),
    "PARTY-ID": (
        bad(ID, {ID: "123456789"}),
        bad(f"{SOLD}/id", {SOLD: {"id": "12-3456789"}}),
        bad(f"{CONSIGNEE}/id", {CONSIGNEE: {"id": "12-345678900 ", "name": "Other"}}),
        good({ID: "12-3456789AB"}),
        good({ID: "123-45-6789"}),
        good({ID: "260401-00001"}),
        good({ID: "1234-56789"}),
    ),
    "PARTY-ID-OLD": (bad(ID, {ID: "1234-56789"}), good()),
    "PARTY-PLACEHOLDER": (
        bad(ID, {ID: "00-000000000"}),
        bad(f"{CONSIGNEE}/id", {CONSIGNEE: {"id": "000-00-0000", "name": "Other"}}),
        bad(f"{SOLD}/id", {SOLD: {"id": "000-00-0000"}, "/entry_type": "11"}),
        good({CONSIGNEE: {"id": "000-00-0000", "name": "Other"}, "/entry_type": "11"}),
        good({CONSIGNEE: {"id": "00-000000000", "name": "Other"}, "/indicators/consolidated_summary": True}),
    ),
    "PARTY-SAME-AS": (
        bad(f"{SOLD}/same_as", {f"{SOLD}/same_as": "exporter"}),
        bad("/parties/buyer/same_as", {"/parties/buyer/same_as": "nobody"}),
        bad(
            ("/parties/ultimate_consignee/same_as", "/parties/buyer/same_as"),
            {f"{CONSIGNEE}/same_as": "buyer", "/parties/buyer/same_as": "ultimate_consignee"},
        ),
        good({"/parties/buyer/same_as": "ultimate_consignee"}),
    ),
    "PARTY-SELLER": (
        bad("/parties/seller/name", {"/parties/seller": GONE}),
        bad("/parties/seller/name", {"/parties/seller/name": ""}),
        good({"/parties/seller": GONE, **RELEASE_OFF}),
        good(),
    ),
    "PARTY-BUYER": (
        bad("/parties/buyer/name", {"/parties/buyer": GONE}),
        good({"/parties/buyer": GONE, **RELEASE_OFF}),
        good(),
    ),
    "PARTY-CONSIGNEE": (
        bad(f"{CONSIGNEE}/name", {CONSIGNEE: {"id": "12-345678900"}}),
        bad(f"{CONSIGNEE}/name", {CONSIGNEE: GONE}),
        good(),
    ),
    "PARTY-ADDRESS": (
        bad("/parties/seller/address/street", {"/parties/seller/address/street": GONE}),
        bad(
            tuple(f"/parties/seller/address/{one}" for one in ("street", "city", "country")),
            {"/parties/seller/address": GONE},
        ),
        good({"/parties/seller/address": GONE, **RELEASE_OFF}),
        good(),
    ),
    "PARTY-COUNTRY": (
        bad("/parties/seller/address/country", {"/parties/seller/address/country": "VIE"}),
        bad(f"{MAKER}/address/country", {f"{MAKER}/address/country": "XX"}),
        good({"/parties/seller/address/country": "MX"}),
    ),
    "PARTY-STATE": (
        bad(f"{IMPORTER}/address/subdivision", {f"{IMPORTER}/address/subdivision": "ZZ"}),
        good({f"{IMPORTER}/address/subdivision": "TX"}),
        good({"/parties/seller/address/subdivision": "BD"}),
    ),
    "STATE-UNKNOWN": (
        bad("/state_of_destination", {"/state_of_destination": "ZZ"}),
        good({"/state_of_destination": "TX"}),
        good({"/state_of_destination": GONE}),
    ),
    "PARTY-5106": (
        bad((ID,), facts={"importer_on_file": False}),
        bad(
            f"{CONSIGNEE}/id",
            {CONSIGNEE: {"id": "45-678901200", "name": "Other"}},
            facts={"consignee_on_file": False, "importer_on_file": True},
        ),
        good(
            {CONSIGNEE: {"id": "000-00-0000", "name": "Other"}, "/entry_type": "11"}, facts={"consignee_on_file": False}
        ),
        good(facts={"importer_on_file": True, "consignee_on_file": True}),
        good(),
    ),
    "PARTY-NAME-DIFF": (
        bad(f"{IMPORTER}/name", facts={"importer_name_on_file": "Example Exports LLC"}),
        good(facts={"importer_name_on_file": "EXAMPLE IMPORTS, LLC"}),
        good(),
    ),
    "PARTY-DORMANT": (
        bad(ID, facts={"last_entry_on": date(2025, 12, 29)}),
        bad(ID, facts={"last_entry_on": date(2025, 11, 24)}),
        good(facts={"last_entry_on": date(2025, 12, 30)}),
        good(facts={"last_entry_on": date(2025, 11, 23)}),
        good(),
    ),
    "PARTY-INACTIVE": (
        bad(ID, facts={"last_entry_on": date(2025, 11, 23)}),
        good(facts={"last_entry_on": date(2025, 11, 24)}),
        good(),
    ),
    "PARTY-EMBARGO": (
        bad("/parties/seller/address/country", {"/parties/seller/address/country": "CU"}),
        bad(f"{MAKER}/address/country", {f"{MAKER}/address/country": "KP"}),
        good(),
    ),
    "PARTY-DENIED": (
        bad(MAKER, facts={"screening_hits": {MAKER: "the UFLPA entity list"}}),
        good(facts={"screening_hits": {}}),
        good(),
    ),
    "PARTY-4811": (
        bad(
            "/parties/notify_4811/id",
            {"/parties/notify_4811": {"id": "45-678901200"}},
            facts={"notify_4811_agreed": False},
        ),
        good({"/parties/notify_4811": {"id": "45-678901200"}}, facts={"notify_4811_agreed": True}),
        good({"/parties/notify_4811": {"id": "45-678901200"}}),
        good(facts={"notify_4811_agreed": False}),
    ),
}

MAKERS: Table = {
    "MID-FORM": (
        bad(MID, {MID: "VN12"}),
        bad(MID, {MID: "VNEXABAT12DIANO1"}),
        bad(MID, {MID: "vnexabat12dia"}),
        good({MID: "VNBER1BO"}),
        good({MID: GONE}),
    ),
    "MID-CANADA": (bad(MID, {**CANADIAN, MID: "CAMAPRID6200FLO"}), good(CANADIAN)),
    "MID-ORIGIN": (
        bad(MID, {MID: "CNEXABAT12DIA"}),
        bad(MID, {**CANADIAN, MID: "CAMAPRID6200FLO"}),
        good({**CANADIAN, "/items/0/origin_country": "XO"}),
        good({"/items/0/origin_country": "**"}),
        good(),
    ),
    "MID-BUILT": (
        bad(MID, {MID: "VNEXABAT21DIA"}),
        good({MID: "VNEXABAT21DIA", f"{MAKER}/address": GONE}),
        good({MID: "not one"}),
        good(CANADIAN),
        good({**CANADIAN, "/items/0/origin_country": "XB"}),
        good(),
    ),
    "MID-CN-POST": (
        bad(f"{MAKER}/address/postcode", {**CHINESE, f"{MAKER}/address/postcode": GONE}),
        bad(f"{MAKER}/address/postcode", {**CHINESE, f"{MAKER}/address/postcode": "51504"}),
        bad(f"{MAKER}/address/postcode", {**CHINESE, f"{MAKER}/address": GONE}),
        good(CHINESE),
        good(),
    ),
    "MID-NAME": (
        bad(f"{MAKER}/name", {f"{MAKER}/name": GONE}),
        bad(f"{MAKER}/name", {MAKER: GONE}),
        good({MAKER: {"same_as": "seller"}}),
        good({MAKER: GONE, **RELEASE_OFF}),
    ),
    "MID-EXPORTER": (
        bad("/items/0/foreign_exporter/mid", {"/items/0/foreign_exporter": {"mid": "VN12"}}),
        bad("/items/0/foreign_exporter/mid", {"/items/0/foreign_exporter": {"mid": "CAMAPRID6200FLO"}}),
        good({"/items/0/foreign_exporter": {"mid": "VNEXABAT12DIA"}}),
        good(),
    ),
}
