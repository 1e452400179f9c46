"""Transport, ports, places, containers, security filing, bills."""

from decimal import Decimal

from tests.declarations.rules.makers import GONE, Table, bad, good

MODE, CARRIER = "/transport/mode", "/transport/carrier/code"
TRUCK = {MODE: "30", "/ports/unlading": None, "/transport/equipment": []}
AIR = {MODE: "40", CARRIER: "AI", "/transport/equipment": []}
FIRMS = "/location_of_goods/firms"
NUMBER = "/transport/equipment/0/number"
ISF = "/isf/transaction_number"
BILL = "/transport/bills/0"
QUANTITY, UNIT = f"{BILL}/manifest_quantity/value", f"{BILL}/manifest_quantity/unit"
WAYBILL = {
    **AIR,
    BILL: {"master": {"number": "09812345675"}, "manifest_quantity": {"value": "6", "unit": "CTN"}},
}
FIRMS_PORTS = {"firms_ports": {"Y123": "2704", "S456": "2304"}}
CONSOLIDATOR = {"/parties/consolidator": {"name": "Demo Forwarding"}}

TRANSPORT: Table = {
    "MOT-UNKNOWN": (bad(MODE, {MODE: "99"}), good({MODE: "70"}), good({MODE: GONE})),
    "CARRIER-NONE": (
        bad(CARRIER, {CARRIER: GONE}),
        bad(CARRIER, {"/transport": {"mode": "30"}}),
        good({CARRIER: GONE, MODE: "60"}),
        good(),
    ),
    "CARRIER-FORM": (
        bad(CARRIER, {CARRIER: "demo"}),
        bad(CARRIER, {CARRIER: "DEMOX"}),
        good({CARRIER: "*C"}),
        good(AIR),
    ),
    "CARRIER-IATA": (bad(CARRIER, {**AIR, CARRIER: "AIR"}), good(AIR), good({**AIR, CARRIER: "6E"}), good()),
    "CONV-NAME": (
        bad("/transport/conveyance", {"/transport/conveyance": " "}),
        good({**AIR, "/transport/conveyance": GONE}),
        good(),
    ),
    "CONV-CODE": (
        bad("/transport/vessel_code", {**TRUCK, "/transport/vessel_code": "9321483"}),
        good({"/transport/vessel_code": "9321483"}),
        good(TRUCK),
    ),
    "CONV-TRIP": (
        bad("/transport/trip", {"/transport/trip": GONE}),
        good({"/transport/trip": GONE, MODE: "60"}),
        good({"/transport/trip": GONE, "/filing/acts": ["summary"]}),
    ),
    "PORT-ENTRY": (bad("/ports/entry", {"/ports/entry": GONE}), bad("/ports/entry", {"/ports": GONE}), good()),
    "PORT-UNKNOWN": (
        bad("/ports/entry", {"/ports/entry": "9999"}),
        bad("/ports/unlading", {"/ports/unlading": "27"}),
        bad("/ports/examination", {"/ports/examination": "27040"}),
        good({"/ports/entry": "2709"}),
    ),
    "PORT-UNLADING": (
        bad("/ports/unlading", {"/ports/unlading": GONE}),
        bad("/ports/unlading", {**AIR, "/ports/unlading": None}),
        good(TRUCK),
        good(),
    ),
    "PORT-UNLADING-ROAD": (bad("/ports/unlading", {**TRUCK, "/ports/unlading": "2304"}), good(TRUCK), good()),
    "FIRMS-FORM": (bad(FIRMS, {FIRMS: "y123"}), bad(FIRMS, {FIRMS: "Y12"}), good(), good({FIRMS: GONE})),
    "FIRMS-NONE": (
        bad(FIRMS, {FIRMS: GONE}),
        bad(FIRMS, {"/location_of_goods": GONE}),
        good({**TRUCK, FIRMS: GONE}),
        good({FIRMS: GONE, "/filing/acts": ["summary"]}),
    ),
    "FIRMS-PORT": (
        bad(FIRMS, {FIRMS: "S456"}, facts=FIRMS_PORTS),
        good(facts=FIRMS_PORTS),
        good({"/ports/entry": "2709"}, facts=FIRMS_PORTS),
        good({FIRMS: "S456"}),
    ),
    "FIRMS-UNKNOWN": (bad(FIRMS, {FIRMS: "Q999"}, facts=FIRMS_PORTS), good(facts=FIRMS_PORTS), good({FIRMS: "Q999"})),
    "CONT-CHECK": (bad(NUMBER, {NUMBER: "CSQU3054384"}), good({NUMBER: "EGSU 123456-6"}), good({NUMBER: "TRLR 7781"})),
    "CONT-FORM": (
        bad(NUMBER, {NUMBER: "CSQX3054383"}),
        bad(NUMBER, {NUMBER: "TRLR 7781"}),
        good({NUMBER: "TRLR 7781", MODE: "30"}),
        good({NUMBER: ""}),
        good(),
    ),
    "CONT-NUMBER": (bad(NUMBER, {NUMBER: GONE}), bad(NUMBER, {NUMBER: " "}), good()),
    "CONT-NONE": (
        bad("/transport/equipment", {"/transport/equipment": []}),
        good({"/transport/equipment": [], MODE: "10"}),
        good(),
    ),
    "CONT-DUP": (
        bad("/transport/equipment/1/number", {"/transport/equipment/1": {"number": "CSQU 305438-3"}}),
        good({"/transport/equipment/1": {"number": "EGSU1234566"}}),
    ),
    "ISF-NONE": (
        bad(ISF, {"/isf": GONE}),
        bad(ISF, {ISF: GONE}),
        good({"/isf": {"unified_with_release": True}}),
        good({"/isf": GONE, MODE: "10"}),
        good({"/isf": GONE, "/filing/acts": ["summary"]}),
        good(),
    ),
    "ISF-NONE-BULK": (bad(ISF, {"/isf": GONE, MODE: "10"}), good({"/isf": GONE}), good({MODE: "10"})),
    "ISF-STATUS": (
        bad("/isf/status", {"/isf/status": "rejected"}),
        good({"/isf/status": GONE}),
        good({"/isf": {"status": "rejected"}}),
        good(),
    ),
    "ISF-LATE": (
        bad("/isf/filed_at", {"/isf/filed_at": "2026-11-02T00:10:00Z"}),
        good({"/isf/filed_at": "2026-11-01T23:50:00Z"}),
        good({"/isf/filed_at": "2026-11-02T00:10:00Z", MODE: "40"}),
        good({"/isf/filed_at": "soon"}),
    ),
    "ISF-PARTIES": (
        bad(("/parties/consolidator", "/parties/stuffing_location"), {"/isf/unified_with_release": True}),
        good(
            {
                "/isf/unified_with_release": True,
                **CONSOLIDATOR,
                "/parties/stuffing_location": {"same_as": "consolidator"},
            }
        ),
        good(),
    ),
}

BILLS: Table = {
    "BILL-NONE": (
        bad("/transport/bills", {"/transport/bills": []}),
        good({"/transport/bills": [], MODE: "60"}),
        good(),
    ),
    "BILL-CHAIN": (
        bad(f"{BILL}/master/number", {f"{BILL}/master": GONE}),
        bad(f"{BILL}/house/number", {f"{BILL}/house": GONE, f"{BILL}/sub_house": {"issuer": "DMOF", "number": "S1"}}),
        bad(f"{BILL}/master/number", {f"{BILL}/master": GONE, f"{BILL}/house": GONE}),
        good({f"{BILL}/house": GONE}),
        good(),
    ),
    "BILL-ISSUER": (
        bad(f"{BILL}/master/issuer", {f"{BILL}/master/issuer": GONE}),
        good({**TRUCK, f"{BILL}/master/issuer": GONE}),
        good(),
    ),
    "BILL-ISSUER-AIR": (
        bad(f"{BILL}/master/issuer", {**WAYBILL, f"{BILL}/master/issuer": "AI"}),
        good(WAYBILL),
        good(),
    ),
    "BILL-HOUSE-ISSUER": (
        bad(f"{BILL}/house/issuer", {f"{BILL}/house/issuer": GONE}),
        good({**WAYBILL, f"{BILL}/house": {"number": "DEL558120"}}),
        good(),
    ),
    "BILL-HOUSE": (
        bad(f"{BILL}/house/number", {f"{BILL}/house": GONE, **CONSOLIDATOR}),
        good({f"{BILL}/house": GONE}),
        good(CONSOLIDATOR),
    ),
    "BILL-FORM": (
        bad(f"{BILL}/master/number", {f"{BILL}/master/number": "2638-47519"}),
        bad(f"{BILL}/house/number", {f"{BILL}/house/number": "hcm0117734"}),
        good(),
    ),
    "BILL-AWB": (
        bad(f"{BILL}/master/number", {**WAYBILL, f"{BILL}/master/number": "09812345676"}),
        bad(f"{BILL}/master/number", {**WAYBILL, f"{BILL}/master/number": "0981234567"}),
        good({**WAYBILL, f"{BILL}/master/number": "589-81140743"}),
        good(WAYBILL),
        good(),
    ),
    "BILL-DUP": (
        bad(
            "/transport/bills/1/house/number",
            {
                "/transport/bills/1": {
                    "master": {"issuer": "DEMO", "number": "263847519"},
                    "house": {"issuer": "DMOF", "number": "HCM0117734"},
                }
            },
        ),
        good(
            {
                "/transport/bills/1": {
                    "master": {"issuer": "DEMO", "number": "263847519"},
                    "house": {"issuer": "DMOF", "number": "HCM0117735"},
                }
            }
        ),
    ),
    "BILL-SPLIT": (bad(f"{BILL}/split", {f"{BILL}/split": "3"}), good({f"{BILL}/split": "2"}), good()),
    "BILL-QTY-NONE": (
        bad(QUANTITY, {f"{BILL}/manifest_quantity": GONE}),
        bad(QUANTITY, {QUANTITY: GONE}),
        good(),
    ),
    "BILL-QTY-WHOLE": (
        bad(QUANTITY, {QUANTITY: "90.5"}),
        bad(QUANTITY, {QUANTITY: "0"}),
        bad(QUANTITY, {QUANTITY: "100000000"}),
        good({QUANTITY: "90.00"}),
        good({QUANTITY: GONE}),
    ),
    "BILL-QTY": (
        bad(QUANTITY, facts={"manifested": {"HCM0117734": Decimal(91)}}),
        good(facts={"manifested": {"HCM0117734": Decimal(90), "263847519": Decimal(400)}}),
        good(),
    ),
    "BILL-UNIT": (bad(UNIT, {UNIT: "CNT"}), bad(UNIT, {UNIT: "XYZ"}), good({UNIT: "PLT"}), good({UNIT: GONE})),
    "BILL-UNIT-NONE": (bad(UNIT, {UNIT: GONE}), good({f"{BILL}/manifest_quantity": GONE}), good()),
}
