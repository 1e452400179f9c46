"""How the goods cross the border: mode, carrier, conveyance, ports, place of the goods, containers, ISF."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule
from declarations.rules.entry_number import CONTAINER, container_check

_SCAC = re.compile(r"([A-Z]{2,4}|\*[A-Z])\Z")
_IATA = re.compile(r"([A-Z0-9]{2}|\*[A-Z])\Z")
_PORT = re.compile(r"[0-9]{4}\Z")
_FIRMS = re.compile(r"[A-Z0-9]{4}\Z")
_CONTAINER_MODES = frozenset({"11", "21"})
ISF_ACCEPTED = "accepted"


@rule("MOT-UNKNOWN", "error", "CATAIR AE table 3; ACE condition 165")
def mode_unknown(case: Case) -> Iterator[Finding]:
    """There is no mode of transport {mode}. Use for example 10 or 11 for vessels, 20 for rail, 30 for trucks, 40
    for air."""
    if case.mode and case.mode not in reading.MODES:
        yield "/transport/mode", {"mode": case.mode}


@rule("CARRIER-NONE", "error", "CATAIR AE record 20, positions 3-6; ACE condition 176")
def carrier_missing(case: Case) -> Iterator[Finding]:
    """The carrier is missing. Give its code: SCAC, four letters, for sea, rail and road, or IATA, two characters,
    for air."""
    transport = case.document.transport
    if case.mode in reading.CARRIED and not (transport and transport.carrier and transport.carrier.code):
        yield "/transport/carrier/code"


@rule("CARRIER-FORM", "error", "CATAIR AE record 20, positions 3-6; ACE condition 178")
def carrier_form(case: Case) -> Iterator[Finding]:
    """{code} is not a carrier code (SCAC) for sea, rail or road: that has two to four capital letters. Copy it
    from the bill of lading."""
    code = _carrier_code(case)
    if code and case.mode in reading.CARRIED - reading.AIR and not _SCAC.match(code):
        yield "/transport/carrier/code", {"code": code}


@rule("CARRIER-IATA", "error", "CATAIR AE record 20, positions 3-6; ACE condition 179")
def carrier_air(case: Case) -> Iterator[Finding]:
    """{code} is not an airline code (IATA): that has two capital letters or digits. Copy it from the flight number."""
    code = _carrier_code(case)
    if code and case.mode in reading.AIR and not _IATA.match(code):
        yield "/transport/carrier/code", {"code": code}


@rule("CONV-NAME", "error", "CBP Form 7501, block 8; ACE condition 181")
def vessel_name(case: Case) -> Iterator[Finding]:
    """The name of the vessel is missing. Copy it from the arrival notice or the bill of lading."""
    transport = case.document.transport
    if case.mode in reading.VESSEL and not (transport and (transport.conveyance or "").strip()):
        yield "/transport/conveyance"


@rule("CONV-CODE", "error", "CATAIR AE record 20, positions 41-47; ACE condition 180")
def vessel_code(case: Case) -> Iterator[Finding]:
    """A vessel code is given, and the goods do not come by vessel. Take it out, or correct the mode of transport."""
    transport = case.document.transport
    if transport and transport.vessel_code and case.mode in reading.MODES - reading.WATER:
        yield "/transport/vessel_code"


@rule("CONV-TRIP", "warning", "CATAIR cargo release, record SE11, positions 40-44")
def trip(case: Case) -> Iterator[Finding]:
    """The voyage, flight or trip number is missing, so the release may not match the carrier's manifest. Copy it
    from the arrival notice."""
    transport = case.document.transport
    if case.files_release and case.mode in reading.CARRIED and not (transport and transport.trip):
        yield "/transport/trip"


@rule("PORT-ENTRY", "error", "CBP Form 7501, block 6; ACE condition B03")
def port_missing(case: Case) -> Iterator[Finding]:
    """The port of entry is missing. Give its four digits (Schedule D), for example 2709 for Long Beach."""
    if not (case.document.ports and case.document.ports.entry):
        yield "/ports/entry"


@rule("PORT-UNKNOWN", "error", "Schedule D; ACE conditions B04, 166")
def port_unknown(case: Case) -> Iterator[Finding]:
    """{port} is not a port we know. Ports have four digits (Schedule D): search by name and choose one."""
    ports, known = case.document.ports, case.facts.codes.ports
    for member in ("entry", "unlading", "examination") if ports else ():
        found = getattr(ports, member)
        if found and (not _PORT.match(found) or (known and found not in known)):
            yield f"/ports/{member}", {"port": found}


@rule("PORT-UNLADING", "error", "CBP Form 7501, block 20; ACE condition 167")
def unlading_missing(case: Case) -> Iterator[Finding]:
    """Goods that come by sea, rail or air need the port where they leave the conveyance. Give the port of
    unlading, which may be the port of entry."""
    ports = case.document.ports
    if case.mode in reading.VESSEL | reading.RAIL | reading.AIR and not (ports and ports.unlading):
        yield "/ports/unlading"


@rule("PORT-UNLADING-ROAD", "warning", "CBP Form 7501, block 20")
def unlading_by_road(case: Case) -> Iterator[Finding]:
    """Goods that come by truck have no port of unlading. Leave it out."""
    ports = case.document.ports
    if case.mode in reading.TRUCK and ports and ports.unlading:
        yield "/ports/unlading"


@rule("FIRMS-FORM", "error", "CATAIR AE record 20, positions 17-20; ACE condition 172")
def firms_form(case: Case) -> Iterator[Finding]:
    """{firms} is not a FIRMS code: that has four capital letters or digits. Copy the code of the terminal or
    warehouse from the arrival notice."""
    firms = _firms(case)
    if firms and not _FIRMS.match(firms):
        yield "/location_of_goods/firms", {"firms": firms}


@rule("FIRMS-NONE", "warning", "CBP Form 7501, block 25; CATAIR cargo release, record SE11")
def firms_missing(case: Case) -> Iterator[Finding]:
    """The release does not say where the goods are. Give the FIRMS code of the terminal or warehouse where customs
    can look at them."""
    if case.files_release and case.mode in reading.VESSEL | reading.AIR and not _firms(case):
        yield "/location_of_goods/firms"


@rule("FIRMS-PORT", "error", "CATAIR AE record 20, positions 17-20; ACE conditions 172 to 175")
def firms_port(case: Case) -> Iterator[Finding]:
    """The place {firms} belongs to port {at}, outside the district of your port of entry {port}. Give the place
    where the goods really are, or change the port."""
    firms, ports, known = _firms(case), case.document.ports, case.facts.firms_ports
    if firms and ports and ports.entry and known:
        at = known.get(firms)
        if at and at[:2] != ports.entry[:2]:
            yield "/location_of_goods/firms", {"firms": firms, "at": at, "port": ports.entry}


@rule("FIRMS-UNKNOWN", "error", "CATAIR AE record 20, positions 17-20; ACE condition 172")
def firms_unknown(case: Case) -> Iterator[Finding]:
    """{firms} is not a place that customs lists. Copy the FIRMS code from the arrival notice again."""
    firms, known = _firms(case), case.facts.firms_ports
    if firms and known and _FIRMS.match(firms) and firms not in known:
        yield "/location_of_goods/firms", {"firms": firms}


@rule("CONT-CHECK", "warning", "ISO 6346")
def container_digit(case: Case) -> Iterator[Finding]:
    """The last digit of container {number} should be {expected}. Compare it with the bill of lading: a character
    may be mistyped."""
    for at, number in _equipment(case):
        if CONTAINER.match(number) and int(number[-1]) != container_check(number):
            yield at, {"number": number, "expected": str(container_check(number))}


@rule("CONT-FORM", "warning", "ISO 6346; CATAIR cargo release, record SE17")
def container_form(case: Case) -> Iterator[Finding]:
    """{number} does not look like a container number: four capital letters, the last of them U, J or Z, and seven
    digits. Copy it from the bill of lading."""
    for at, number in _equipment(case) if case.mode in _CONTAINER_MODES else ():
        if number and not CONTAINER.match(number):
            yield at, {"number": number}


@rule("CONT-NUMBER", "error", "CATAIR cargo release, record SE17, positions 5-24")
def container_number(case: Case) -> Iterator[Finding]:
    """A container or trailer is listed without its number. Give the number, or remove it."""
    for at, number in _equipment(case):
        if not number:
            yield at


@rule("CONT-NONE", "warning", "CATAIR cargo release, record SE17")
def container_missing(case: Case) -> Iterator[Finding]:
    """The goods come in a container, and none is named. Give the container numbers and seals, or change the mode
    of transport to one without containers."""
    transport = case.document.transport
    if case.mode in _CONTAINER_MODES and not (transport and transport.equipment):
        yield "/transport/equipment"


@rule("CONT-DUP", "warning", "CATAIR cargo release, record SE17")
def container_twice(case: Case) -> Iterator[Finding]:
    """Container {number} is listed twice. Remove one of them."""
    seen: set[str] = set()
    for at, number in _equipment(case):
        if number and number in seen:
            yield at, {"number": number}
        seen.add(number)


@rule("ISF-NONE", "error", "19 CFR 149.2, 113.62(j)")
def isf_missing(case: Case) -> Iterator[Finding]:
    """Goods in containers by sea need an importer security filing 24 hours before they are laden, and none is
    named. File it, or file it together with the release, and give its number; without one expect damages of 5,000
    dollars."""
    if case.mode == "11" and _wants_isf(case):
        yield "/isf/transaction_number"


@rule("ISF-NONE-BULK", "warning", "19 CFR 149.2, 113.62(j)")
def isf_missing_without_container(case: Case) -> Iterator[Finding]:
    """No importer security filing is named for these goods by sea. Give its number, unless they come in bulk and
    need none."""
    if case.mode == "10" and _wants_isf(case):
        yield "/isf/transaction_number"


@rule("ISF-STATUS", "warning", "19 CFR 149.2")
def isf_status(case: Case) -> Iterator[Finding]:
    """Your importer security filing is not accepted yet: its status is {status}. See that it is accepted before
    the goods are laden."""
    isf = case.document.isf
    if isf and isf.transaction_number and isf.status not in (None, ISF_ACCEPTED):
        yield "/isf/status", {"status": isf.status or ""}


@rule("ISF-LATE", "warning", "19 CFR 149.2, 113.62(j)")
def isf_late(case: Case) -> Iterator[Finding]:
    """The importer security filing was made on {filed}, and the goods left on {exported}: it is due 24 hours
    before they are laden. Check both dates, and expect damages if it was late."""
    isf = case.document.isf
    filed = reading.day((isf.filed_at or "")[:10]) if isf and isf.transaction_number else None
    exported: list[date] = [found for line in case.lines if (found := reading.day(line.item.export_date))]
    if filed and exported and case.mode in reading.VESSEL and filed > min(exported) - timedelta(days=1):
        yield "/isf/filed_at", {"filed": reading.shown(filed), "exported": reading.shown(min(exported))}


@rule("ISF-PARTIES", "error", "19 CFR 149.2; CATAIR cargo release, records SF10 to SF36")
def isf_parties(case: Case) -> Iterator[Finding]:
    """The security filing goes with this release, and one of its parties is missing. Give ship-to party,
    consolidator and place of stuffing; each may be the same as another party."""
    isf = case.document.isf
    if isf and isf.unified_with_release:
        for role in ("ship_to", "consolidator", "stuffing_location"):
            if case.party(role) is None:
                yield f"/parties/{role}"


def _wants_isf(case: Case) -> bool:
    isf = case.document.isf
    return case.files_release and not (isf and (isf.transaction_number or isf.unified_with_release))


def _carrier_code(case: Case) -> str:
    transport = case.document.transport
    return (transport.carrier.code if transport and transport.carrier else None) or ""


def _firms(case: Case) -> str:
    place = case.document.location_of_goods
    return (place.firms if place else None) or ""


def _equipment(case: Case) -> Iterator[tuple[str, str]]:
    transport = case.document.transport
    for place, one in enumerate(transport.equipment if transport else ()):
        yield f"/transport/equipment/{place}/number", reading.compact(one.number)


RULES = (
    mode_unknown, carrier_missing, carrier_form, carrier_air, vessel_name, vessel_code, trip, port_missing,
    port_unknown, unlading_missing, unlading_by_road, firms_form, firms_missing, firms_port, firms_unknown,
    container_digit, container_form, container_number, container_missing, container_twice, isf_missing,
    isf_missing_without_container, isf_status, isf_late, isf_parties,
)  # fmt: skip
