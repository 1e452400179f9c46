"""Build the answers of the authority: Responses in one MetaData, as section 3 of the wire describes them."""

import re
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from portal.rehearsal.checks import Finding
from portal.rehearsal.clock import format_304
from portal.rehearsal.duty import Charge, Statement
from portal.rehearsal.scripts import ACC, INV, REJ, TAX, Part

LIVE = {
    "md": "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2",
    "res": "urn:wco:datamodel:WCO:RES-DMS:2",
    "ds": "urn:wco:datamodel:WCO:Response_DS:DMS:2",
}
LAYOUTS = ("plain", "spaced", "live", "garbage")
GARBAGE = b"\x00\x01 502 upstream said nothing <html><p>this is no XML & never was"
_CLASS = re.compile(r"([0-9A-Z]{2,3})(?:\[(\d+)\])?")


@dataclass(frozen=True)
class Issued:
    """One Response ready to be written: its part, id, instant, and the declaration it is about."""

    part: Part
    response_id: str
    at: int
    lrn: str
    number: str
    version: int
    statement: Statement | None = None


def build(responses: list[Issued], layout: str) -> bytes:
    """The body of one answer in one of the layouts that are met in practice."""
    if layout == "garbage":
        return GARBAGE
    root = etree.Element("MetaData")
    _add(root, "WCODataModelVersionCode", "3.6")
    _add(root, "WCOTypeName", "RES")
    for response in responses:
        _response(root, response)
    return lay_out(root, layout)


def lay_out(root: etree._Element, layout: str) -> bytes:
    """The tree as bytes; `spaced` differs in blanks only, `live` carries the namespaces of a live service."""
    if layout == "live":
        root = _with_namespaces(root)
    elif layout == "spaced":
        etree.indent(root, space="\t")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def respaced(body: bytes) -> bytes:
    """The same answer with other blanks between its elements."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    return lay_out(etree.fromstring(body, parser), "spaced")


def _response(root: etree._Element, issued: Issued) -> None:
    part = issued.part
    response = _add(root, "Response")
    _add(response, "FunctionCode", part.function)
    _add(response, "FunctionalReferenceID", issued.response_id)
    _date(response, "IssueDateTime", issued)
    notes = [(note.code, note.text, note.kind) for note in part.notes]
    if issued.statement:
        notes += [
            ("not_computed", f"{line.number}|{line.not_computed}", "US")
            for line in issued.statement.lines
            if line.not_computed
        ]
    for code, text, kind in notes:
        note_element = _add(response, "AdditionalInformation")
        _add(note_element, "StatementCode", code)
        _add(note_element, "StatementDescription", text)
        _add(note_element, "StatementTypeCode", kind)
    for finding in part.errors:
        _error(response, finding)
    if part.status:
        _add(_add(response, "Status"), "NameCode", part.status)
    _declaration(response, issued)


def _declaration(response: etree._Element, issued: Issued) -> None:
    function = issued.part.function
    declaration = _add(response, "Declaration")
    if function == ACC:
        _date(declaration, "AcceptanceDateTime", issued)
    if function == INV:
        _date(declaration, "CancellationDateTime", issued)
    _add(declaration, "FunctionalReferenceID", issued.lrn)
    if issued.number:
        _add(declaration, "ID", issued.number)
    if function == REJ:
        _date(declaration, "RejectionDateTime", issued)
    _add(declaration, "VersionID", str(issued.version))
    if function == TAX and issued.statement:
        shipment = _add(declaration, "GoodsShipment")
        for line in issued.statement.lines:
            if not line.not_computed:
                _charges(shipment, line.number, line.charges)
        _charges(shipment, 0, issued.statement.entry)


def _charges(shipment: etree._Element, number: int, charges: tuple[Charge, ...]) -> None:
    item = _add(shipment, "GovernmentAgencyGoodsItem")
    _add(item, "SequenceNumeric", str(number))
    commodity = _add(item, "Commodity")
    for charge in charges:
        row = _add(commodity, "DutyTaxFee")
        _money(row, "AdValoremTaxBaseAmount", charge.basis)
        if charge.percent is not None:
            _add(row, "TaxRateNumeric", f"{charge.percent.normalize():f}")
        _add(row, "TypeCode", charge.code)
        payment = _add(row, "Payment")
        _money(payment, "TaxAssessedAmount", charge.assessed)
        _money(payment, "PaymentAmount", charge.payable)


def _error(response: etree._Element, finding: Finding) -> None:
    error = _add(response, "Error")
    _add(error, "Description", finding.text)
    _add(error, "ValidationCode", finding.code)
    steps = finding.pointer.split("/") if finding.pointer else []
    tag = steps.pop() if len(steps) > 1 and not re.fullmatch(r"\d\d[A-Z](\[\d+\])?", steps[-1]) else ""
    for index, step in enumerate(steps):
        found = _CLASS.fullmatch(step)
        pointer = _add(error, "Pointer")
        if found and found[2]:
            _add(pointer, "SequenceNumeric", found[2])
        _add(pointer, "DocumentSectionCode", found[1] if found else step)
        if tag and index == len(steps) - 1:
            _add(pointer, "TagID", tag)


def _add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    element = etree.SubElement(parent, name)
    if text:
        element.text = text
    return element


def _date(parent: etree._Element, name: str, issued: Issued) -> None:
    stamp = _add(_add(parent, name), "DateTimeString", format_304(issued.at, issued.part.offset))
    stamp.set("formatCode", "304")


def _money(parent: etree._Element, name: str, amount: Decimal) -> None:
    _add(parent, name, f"{amount:.2f}").set("currencyID", "USD")


def _with_namespaces(root: etree._Element) -> etree._Element:
    def copy(element: etree._Element, parent: etree._Element | None, inside: bool) -> etree._Element:
        inside = inside or element.tag == "Response"
        space = LIVE["ds" if element.tag == "DateTimeString" else "res" if inside else "md"]
        name = f"{{{space}}}{element.tag}"
        made = etree.Element(name, nsmap=LIVE) if parent is None else etree.SubElement(parent, name)
        made.text = element.text
        made.attrib.update(element.attrib)
        for child in element:
            copy(child, made, inside)
        return made

    return copy(root, None, inside=False)
