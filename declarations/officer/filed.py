"""A declaration as it was filed, for officers: its last filed version, never what the filer types now."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from declarations.assessment import Assessment
from declarations.document import Dates, Document, Item
from declarations.models import Declaration
from declarations.printing import words
from declarations.selectors import inbound_of, last_filed, messages_of, state_of, timeline
from declarations.services.filing import contents_of
from portal.codes.selectors import names_of
from portal.shown import day
from portal.tariff_numbers import dotted
from portal.timezones import party_date

Names = dict[tuple[str, str], str]

LINES = 50


def page_of(declaration: Declaration, after: int) -> dict[str, Any]:
    """What the page shows: state, the filed document with its duty, time line, messages. Fifty lines a page."""
    version = last_filed(declaration)
    context: dict[str, Any] = {
        "filed": version, "state": state_of(declaration), "steps": timeline(declaration),
        "sent": [(one, _address("outboundmessage", one.pk)) for one in messages_of(declaration)],
        "heard": [(one, _address("inboundmessage", one.pk)) for one in inbound_of(declaration)],
        "is_trial": any(one.sandbox_of_id is not None for one in (declaration.importer, declaration.filer)),
        "is_reopened": version is not None and declaration.live_version_id != version.pk,
    }  # fmt: skip
    if version is None:
        return context
    document, assessment = contents_of(version)
    names = names_of(_codes(document), party_date(version.submitted_at or version.created_at))
    rows = _lines(document, assessment, names)
    later = [one for one in rows if one["sequence"] > after]
    return context | {
        "facts": _facts(document, names), "totals": assessment.totals, "fees": assessment.fees, "lines": later[:LINES],
        "line_count": len(rows), "following": later[LINES - 1]["sequence"] if len(later) > LINES else None,
    }  # fmt: skip


def _address(model: str, pk: int) -> str:
    return reverse(f"admin:gateway_{model}_change", args=[pk])


def _lines(document: Document, assessment: Assessment, names: Names) -> list[dict[str, Any]]:
    assessed = {one.sequence: one for one in assessment.items}
    found = []
    for place, item in enumerate(document.items, start=1):
        sequence = item.sequence or place
        duty = assessed.get(sequence)
        found.append(
            {
                "sequence": sequence, "description": item.description or "",
                "origin": _named("countries", item.origin_country, names),
                "numbers": [dotted(one.hts_number or "") for one in item.tariffs], "claim": _claim(item),
                "quantities": _quantities(item), "value": duty.entered_value if duty else "",
                "rate_date": duty.rate_date if duty else "", "working": duty.lines if duty else (),
            }
        )  # fmt: skip
    return found


def _claim(item: Item) -> str:
    return (item.preference.program or "") if item.preference else ""


def _quantities(item: Item) -> str:
    given = [quantity for one in item.tariffs for quantity in one.quantities]
    return ", ".join(f"{one.value} {one.unit}" for one in given)


def _facts(document: Document, names: Names) -> list[tuple[str, str]]:
    ports, transport, dates = document.ports, document.transport, document.dates
    rows = [
        ("Entry type", words.named(document.entry_type, words.ENTRY_TYPES)),
        ("Filer's reference", document.functional_reference_id),
        ("Port of entry", _named("ports", ports.entry if ports else None, names)),
        ("Port of unlading", _named("ports", ports.unlading if ports else None, names)),
        ("Mode of transport", words.named(transport.mode if transport else None, words.MODES)),
        ("Estimated arrival", day(dates.estimated_arrival) if dates else None),
        ("Estimated entry", _entry(dates) if dates else None),
        ("State of destination", _named("states", document.state_of_destination, names)),
    ]
    return [(label, str(value)) for label, value in rows if value]


def _entry(dates: Dates) -> str:
    return f"{day(dates.estimated_entry)}{f', {dates.entry_time} Eastern time' if dates.entry_time else ''}"


def _codes(document: Document) -> Iterator[tuple[str, str]]:
    """The codes whose names the page shows."""
    ports = document.ports
    for code in (ports.entry, ports.unlading) if ports else ():
        yield "ports", code or ""
    yield "states", document.state_of_destination or ""
    for item in document.items:
        yield "countries", item.origin_country or ""


def _named(listed: str, code: str | None, names: Names) -> str:
    return f"{code or ''} {names.get((listed, code or ''), '')}".strip()
