"""Texts that would break a page, or run on it, if they were anything but text."""

import msgspec

from declarations.assessment import Assessment
from declarations.document import Document
from tests.declarations.printing.makers import document, header, item, ocean

MARKUP = (
    '#import "x.typ": * #panic("ran") #read("/etc/passwd") #eval("1+1") $ x^2 $ *bold* _it_ `raw` <label> @ref '
    "\\ \\u{41} {{ name }} {% now %} // no /* comment */ = head - item + item / term: ~ -- --- ... \"quoted\" 'single' "
    "& <b>html</b>"
)
CONTROLS = "a\x00b\x07c\x1bd\u202ee\u200bf\ufeffg\U000e0041h"
CONTROLS_SHOWN = "a[U+0000]b[U+0007]c[U+001B]d[U+202E]e[U+200B]f[U+FEFF]g[U+E0041]h"
FOREIGN = "José Núñez Łódź Čapek Søren Ñandú Ελλάδα Київ Việt Nam e\u0323\u0301 עברית 深圳 😀 ع"
FOREIGN_SHOWN = "José Núñez Łódź Čapek Søren Ñandú Ελλάδα Київ Việt Nam ẹ"
LONG = "W" * 500
AMOUNT = "123456789012345.12345678"
CODE = "M" * 40


def hostile() -> tuple[Document, Assessment]:
    """Every text as long as the document allows, or full of markup."""
    address = {"street": MARKUP, "city": LONG, "subdivision": CODE, "postcode": CODE, "country": CODE}
    party = {"id": CODE, "name": LONG, "address": address}
    bill = {
        "master": {"issuer": CODE, "number": CODE},
        "house": {"issuer": CODE, "number": CODE},
        "manifest_quantity": {"value": AMOUNT, "unit": CODE},
    }
    transport = {
        "mode": CODE,
        "carrier": {"code": CODE},
        "conveyance": LONG,
        "trip": CODE,
        "vessel_code": CODE,
        "bills": [bill] * 20,
    }
    made = header(
        items=[_goods(), item(sequence=2, description=MARKUP), item(sequence=3, description=f"{CONTROLS} {FOREIGN}")],
        parties={"importer": party, "ultimate_consignee": {"same_as": "importer"}, "notify_4811": {"id": CODE}},
        contact={"name": LONG, "phone": CODE, "email": LONG},
        ports={"entry": CODE, "unlading": CODE},
        missing_documents=[CODE] * 20,
        location_of_goods={"firms": CODE, "general_order_number": CODE},
        bonds=[{"type": CODE, "surety": f"{CODE[:-1]}{place}", "amount": "123456789012345.12"} for place in range(5)],
        in_bond={"number": CODE, "accepted_date": "2026-02-31"},
        transport=transport,
        entry_type=CODE,
        state_of_destination=CODE,
        declarant_statement={"capacity": CODE, "obtained_by": CODE},
    )
    return document(**made), _money()


def _goods() -> dict:
    quantity = {"value": AMOUNT, "unit": CODE}
    return item(
        description=LONG,
        manufacturer={"mid": CODE},
        visa=CODE,
        gross_mass_kg=AMOUNT,
        tariffs=[{"hts_number": "8507600090", "role": "classification", "value": AMOUNT, "quantities": [quantity] * 3}],
        importer_declarations=[{"type": "08", "country": CODE, "text": LONG}] * 3,
        licences=[{"type": CODE, "number": CODE}],
        rulings=[{"type": CODE, "number": CODE}],
        pga=[{"agency": CODE, "program": CODE, "disclaim": CODE}] * 4,
    )


def _money() -> Assessment:
    _, money = ocean()
    one = money.items[0]
    rows = tuple(
        msgspec.structs.replace(
            row, working=MARKUP, legal_basis=LONG, basis=AMOUNT, rate=CODE, amount="123456789012345.12"
        )
        for row in one.lines
    )
    fees = tuple(msgspec.structs.replace(fee, working=f"{MARKUP} {LONG}") for fee in money.fees)
    return msgspec.structs.replace(
        money,
        items=(msgspec.structs.replace(one, lines=rows, tariffs=()),),
        fees=fees,
        editions=msgspec.structs.replace(money.editions, tariff=LONG),
    )
