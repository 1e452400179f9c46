"""Eight shipments as declaration documents. Firms, bills and papers are invented; numbers and rates are real.

Their money to the cent is in the tests: on an entry of 24 November 2026 S01 owes 18,617.13 US dollars.
"""

import copy
from datetime import date, timedelta
from typing import Any

Json = dict[str, Any]

IMPORTER = {
    "id": "12-345678900",
    "name": "Example Imports LLC",
    "address": {
        "street": "1 Harbor Way",
        "city": "Long Beach",
        "subdivision": "CA",
        "postcode": "90802",
        "country": "US",
    },
}
CONTACT = {"name": "Dana Clerk", "phone": "5625550142", "email": "clerk@importer.example"}
BOND = {"type": "8", "designation": "B", "surety": "036"}


def _maker(
    mid: str, name: str, street: str, city: str, country: str, postcode: str = "", subdivision: str = ""
) -> Json:
    address = {"street": street, "city": city, "subdivision": subdivision, "postcode": postcode, "country": country}
    return {"mid": mid, "name": name, "address": {key: value for key, value in address.items() if value}}


MAKERS = {
    "S01": _maker("CNSHEBAT123SHE", "Shenzhen Battery Co., Ltd.", "123 Longhua Road", "Shenzhen", "CN", "518109", "GD"),
    "S02": _maker(
        "MXPLARIO4500MON", "Plasticos Rio Bravo S.A. de C.V.", "Av. Industrias 4500", "Monterrey", "MX", "64102", "NLE"
    ),
    "S03": _maker(
        "CNDONHIL88DON", "Dongguan Hillside Furniture Co., Ltd.", "88 Houjie Avenue", "Dongguan", "CN", "523960", "GD"
    ),
    "S04": _maker("INKANLEA27KAN", "Kanpur Leather Works", "27 Jajmau Road", "Kanpur", "IN", "208010", "UP"),
    "S06": _maker("KRHANCOS315SEO", "Hanbit Cosmetics Co., Ltd.", "315 Teheran-ro", "Seoul", "KR", "06151"),
    "S07": _maker("VNBINDUO12DIA", "Binh Duong Footwear JSC", "Lot 12 Song Than Park", "Di An", "VN", "75000"),
    "S09": _maker(
        "XBMAPRID6200FLO", "Maple Ridge Foods Inc.", "6200 Highway 7", "Florenceville", "CA", "E7L 1A1", "NB"
    ),
    "S10": _maker("CNSHAHAP1601SHA", "Shantou Happy Toys Co.", "1601 Chenghai Road", "Shantou", "CN", "515800", "GD"),
}


def _line(
    ship: str, text: str, hts: str, value: str, quantities: list[tuple[str, str]], kg: str, day: date, **more: Any
) -> Json:
    maker = MAKERS[ship]
    country = maker["address"]["country"]
    line: Json = {
        "description": text,
        "origin_country": country,
        "export_country": country,
        "export_date": day.isoformat(),
        "tariffs": [
            {
                "hts_number": hts, "role": "classification",
                "quantities": [{"value": amount, "unit": unit} for amount, unit in quantities],
            }
        ],
        "gross_mass_kg": kg,
        "valuation": {
            "invoice": {"document": "D1", "line": "1", "value": value, "currency": "USD"}, "method": "1",
        },
        "charges": {"freight": "450", "insurance": "50", "other": "0", "currency": "USD", "total_whole_usd": "500"},
        "related_parties": False,
        "manufacturer": maker,
        "sold_to": {"same_as": "importer"},
        "documents": ["D1"],
    }  # fmt: skip
    return line | more


def _transport(
    mode: str, carrier: str, conveyance: str | None, trip: str, bills: list[Json], container: str = ""
) -> Json:
    scheme = "IATA" if mode.startswith("4") else "SCAC"
    found: Json = {"mode": mode, "carrier": {"code": carrier, "scheme": scheme}, "trip": trip, "bills": bills}
    if conveyance:
        found["conveyance"] = conveyance
    if container:
        found["equipment"] = [{"number": container, "seals": ["SL0099812"]}]
    return found


def _bill(
    issuer: str | None, number: str, packages: str, unit: str, house: tuple[str | None, str] | None = None
) -> Json:
    bill: Json = {
        "master": {"number": number} | ({"issuer": issuer} if issuer else {}),
        "manifest_quantity": {"value": packages, "unit": unit},
        "non_ams": False,
    }
    if house:
        bill["house"] = {"number": house[1]} | ({"issuer": house[0]} if house[0] else {})
    return bill


def _header(
    ship: str, own: str, entry_type: str, port: str, state: str, day: date, firms: str, transport: Json, **more: Any
) -> Json:
    seller = {key: value for key, value in MAKERS[ship].items() if key != "mid"}
    header: Json = {
        "entry_type": entry_type,
        "functional_reference_id": own,
        "filing": {"acts": ["release", "summary"], "release_certification": True},
        "contact": CONTACT,
        "declarant_statement": {"capacity": "importer_of_record", "obtained_by": "purchase"},
        "ports": {"entry": port} | ({} if transport["mode"] == "30" else {"unlading": port}),
        "state_of_destination": state,
        "dates": {
            "estimated_arrival": day.isoformat(), "import": day.isoformat(), "estimated_entry": day.isoformat(),
        },
        "transport": transport,
        "location_of_goods": {"firms": firms},
        "parties": {
            "importer": IMPORTER, "ultimate_consignee": {"same_as": "importer"}, "buyer": {"same_as": "importer"},
            "seller": seller, "ship_to": {"same_as": "importer"},
        },
        "bonds": [BOND],
        "payment": {"type": "1"},
        "currency": "USD",
        "terms": {"incoterm": "FCA", "place": MAKERS[ship]["address"]["city"]},
        "documents": [{"id": "D1", "type": "commercial_invoice", "number": f"INV-{own}", "date": (day - timedelta(days=25)).isoformat()}],
    }  # fmt: skip
    if transport["mode"] == "11":
        header["isf"] = {"transaction_number": f"ZZZ{own}"[:15], "status": "accepted"}
    return header | more


def _usmca(day: date) -> Json:
    return {
        "program": "S", "basis": "originating", "net_cost": False,
        "certification": {
            "document": "D3", "certifier": "exporter", "blanket_from": f"{day.year}-01-01", "blanket_to": f"{day.year}-12-31",
        },
    }  # fmt: skip


def shipment(ship: str, *, day: date, own: str | None = None) -> Json:
    """One shipment that lands on `day`, as a declaration document; `own` is the filer's reference."""
    return copy.deepcopy(_BUILDERS[ship](day, own or ship))


def _s01(day: date, own: str) -> Json:
    bill = _bill("MAEU", "263847519", "90", "CTN", ("DMOF", "SZX0117734"))
    sea = _transport("11", "MAEU", "DEMO PIONEER", "145E", [bill], "CSQU3054383")
    text = "Lithium-ion storage batteries, 48 V, for e-bikes"
    line = _line("S01", text, "8507600090", "45000.00", [("2500", "NO"), ("9000", "KG")], "9900",
                 day - timedelta(days=22), foreign_port_of_lading="57078")  # fmt: skip
    return _header("S01", own, "01", "2709", "CA", day, "Y123", sea) | {"items": [line]}


def _s02(day: date, own: str) -> Json:
    truck = _transport("30", "DEMT", "TRK 4471 TX", "DEMT20261124A", [_bill("DEMT", "00118842", "22", "PLT")], "")
    more = {"preference": _usmca(day)}
    lines = [
        _line("S02", "Moulded plastic housings for meters", "3926909989", "38400.00", [("64000", "NO"), ("5120", "KG")], "5600", day, **more),
        _line("S02", "Plastic closures (caps) for bottles", "3923500000", "9600.00", [("480000", "NO"), ("1440", "KG")], "1600", day, **more),
    ]  # fmt: skip
    header = _header("S02", own, "01", "2304", "TX", day, "S456", truck)
    header["documents"].append(
        {"id": "D3", "type": "usmca_certification", "number": f"COO-{own}", "date": f"{day.year}-01-02"}
    )
    return header | {"items": lines}


def _s03(day: date, own: str) -> Json:
    sea = _transport("11", "EGLV", "EVER DEMO", "0912E", [_bill("EGLV", "149600771234", "120", "CTN")], "EGSU1234566")
    line = _line("S03", "Wooden beds, queen size, of birch plywood", "9403509045", "26150.00", [("120", "NO")], "6600",
                 day - timedelta(days=34), foreign_port_of_lading="57078")  # fmt: skip
    line["valuation"]["deductions"] = [
        {"code": "international_freight", "value": "2000.00", "currency": "USD"},
        {"code": "international_insurance", "value": "150.00", "currency": "USD"},
    ]
    line["foreign_exporter"] = {"mid": MAKERS["S03"]["mid"]}
    line["adcvd"] = [
        {
            "case_number": "A570890000", "security": "cash", "rate": "216.01", "rate_type": "ad_valorem", "value": "24000",
            "deposit": "51842.40", "non_reimbursement": {"statement": True},
        }
    ]  # fmt: skip
    return _header("S03", own, "03", "1401", "VA", day, "L789", sea, terms={"incoterm": "CIF", "place": "Norfolk"}) | {
        "items": [line]
    }


def _s04(day: date, own: str) -> Json:
    air = _transport("40", "AI", None, "AI101", [_bill(None, "09812345675", "6", "CTN", (None, "DEL558120"))])
    line = _line("S04", "Men's wallets, outer surface of bovine leather", "4202316000", "2140.00", [("428", "NO")], "62",
                 day - timedelta(days=1))  # fmt: skip
    header = _header("S04", own, "11", "4701", "NY", day, "E012", air)
    header.pop("bonds")
    return header | {"bond_waiver": {"indicator": "0"}, "items": [line]}


def _s06(day: date, own: str) -> Json:
    sea = _transport(
        "11", "HDMU", "HANBIT BRIDGE", "072W", [_bill("HDMU", "SELA12345678", "610", "CTN")], "HMMU1234560"
    )
    preference = {"program": "KR", "basis": "originating", "certification": {"document": "D3", "certifier": "producer"}}
    line = _line("S06", "Skin cream in jars", "3304995000", "72318.00", [("6100", "KG")], "8900",
                 day - timedelta(days=16), foreign_port_of_lading="58023", preference=preference)  # fmt: skip
    header = _header("S06", own, "01", "3001", "WA", day, "W210", sea)
    header["documents"].append(
        {"id": "D3", "type": "korus_certification", "number": f"KR-{own}", "date": f"{day.year}-02-01"}
    )
    return header | {"items": [line]}


def _s07(day: date, own: str) -> Json:
    sea = _transport("11", "ONEY", "DEMO MEKONG", "031E", [_bill("ONEY", "HCMV12345600", "250", "CTN")], "ONEU1234566")
    line = _line("S07", "Men's sports shoes, textile upper, rubber sole, over 12 dollars a pair", "6404119020", "55500.00",
                 [("3000", "PRS")], "3450", day - timedelta(days=24), foreign_port_of_lading="55206")  # fmt: skip
    return _header("S07", own, "01", "2704", "CA", day, "Z145", sea) | {"items": [line]}


def _s09(day: date, own: str) -> Json:
    truck = _transport("30", "DEMC", "NB 20 4471", "DEMC20261124A", [_bill("DEMC", "00770031", "24", "PLT")])
    line = _line("S09", "Frozen french fries, in retail packs", "2004108020", "31680.00", [("24000", "KG")], "25400", day,
                 preference=_usmca(day))  # fmt: skip
    header = _header("S09", own, "01", "0106", "ME", day, "A033", truck)
    header["documents"].append(
        {"id": "D3", "type": "usmca_certification", "number": f"COO-{own}", "date": f"{day.year}-01-02"}
    )
    return header | {"items": [line]}


def _s10(day: date, own: str) -> Json:
    sea = _transport("11", "COSU", "DEMO SHANTOU", "118E", [_bill("COSU", "6390112233", "365", "CTN")], "CSNU1234560")
    line = _line("S10", "Wooden and plastic toys, for ages 3 to 12", "9503000073", "18250.00", [("9125", "NO")], "4000",
                 day - timedelta(days=21), foreign_port_of_lading="57035")  # fmt: skip
    return _header("S10", own, "01", "2811", "CA", day, "Y987", sea) | {"items": [line]}


_BUILDERS = {
    "S01": _s01, "S02": _s02, "S03": _s03, "S04": _s04, "S06": _s06, "S07": _s07, "S09": _s09, "S10": _s10,
}  # fmt: skip
SHIPMENTS = tuple(_BUILDERS)
