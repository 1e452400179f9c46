"""Examples of the description of the API: declarations of the demonstration that can be sent as they stand."""

import json
from datetime import date, timedelta
from typing import Any

from audits.demonstration.shipments import shipment
from declarations.decoding import decode_value
from declarations.messages.wco_xml import encode
from declarations.statements import statement_on

Json = dict[str, Any]
JSON, XML, PATCH = "application/json", "application/xml", "application/merge-patch+json"
LINES, TABLE = "application/x-ndjson", "text/csv"
SHOWN = {
    "S01": ("ocean", "Batteries by sea from China, duty and additional duties"),
    "S02": ("truck", "Plastic parts by truck from Mexico, free under the USMCA"),
    "S03": ("antidumping", "Beds by sea from China, with an antidumping case (type 03)"),
    "S04": ("informal", "Wallets by air from India (type 11)"),
}
CHANGES = {"state_of_destination": "NV", "terms": {"incoterm": "FOB"}}


def examples(day: date) -> dict[str, dict[str, Json]]:
    """By the name that operations use, then by kind of body."""
    documents = {name: (words, shipment(ship, day=day, own=f"API{ship}")) for ship, (name, words) in SHOWN.items()}
    _, first = documents["ocean"]
    patch = {"draft": _example("Another destination and other terms", CHANGES)}
    signed = {"statement": statement_on(day).id}
    reason = {"reason_code": "08", "reason": "The goods were not shipped."}
    amended = {"changes": {"contact": {"name": "Robin Clerk"}}, "reason": "Another person answers.", **signed}
    limits = {"ends_on": (day + timedelta(days=364)).isoformat(), "document_types": ["01"], "value_limit": "50000"}
    wanted = {"other": "G000000000000", "actions": ["prepare", "sign", "transmit"], **limits}
    over = {"reason": "We work with somebody else from now on."}
    talk = {"on": day.isoformat(), "means": "phone", "whom": "Robin Clerk", "words": "What is imported next month."}
    pushed = {"url": "https://feed.example.com/customs", "kinds": ["declaration.*"]}
    lines = "\n".join(
        json.dumps(one | {"functional_reference_id": f"APIS01{n}"}) for n, one in enumerate((first, first))
    )
    table = "functional_reference_id,entry_type,items/description\nAPIS01,01,Batteries\n"
    return {
        "amendment": {JSON: {"contact": _example("Another person to ask", amended)}},
        "webhook": {JSON: {"declarations": _example("What happens to declarations", pushed)}},
        "mandate": {JSON: {"offer": _example("For type 01 up to 50,000 dollars a filing, for a year", wanted)}},
        "mandate-talk": {JSON: {"call": _example("A telephone call of today", talk)}},
        "mandate-reason": {JSON: {"why": _example("Why, for the other side to read", over)}},
        "sandbox-clock": {JSON: {"hour": _example("An hour later", {"advance_seconds": 3600})}},
        "batch": {
            LINES: {"two": _example("Two declarations, one a line", lines)},
            TABLE: {"one": _example("A table of one declaration, for mode=draft", table)},
        },
        "a-declaration": {
            JSON: {name: _example(words, value) for name, (words, value) in documents.items()},
            XML: {
                "wco": _example(
                    "The first one as a WCO declaration",
                    encode(
                        decode_value(first), assessment=None, lrn=first["functional_reference_id"], version=1
                    ).decode(),
                )
            },
        },
        "patch": {PATCH: patch, JSON: patch},
        "submission": {JSON: {"sign": _example("Sign the statement of today and send", signed)}},
        "cancellation": {JSON: {"not-shipped": _example("The goods did not come", reason)}},
    }


def _example(words: str, value: Any) -> Json:
    return {"summary": words, "value": value}
