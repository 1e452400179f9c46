"""Answers of customs as they come over the wire (docs/wire.md, section 3)."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import uuid4

from lxml import etree

from declarations.assessment import DUTY_KINDS, Assessment, ItemAssessment
from portal.money import ZERO, cents


class Problem(NamedTuple):
    """An error of a rejection; its place is the path of WCO classes and numbers, then the tag."""

    code: str
    words: str
    place: tuple[tuple[str, str], ...]
    tag: str


class Said(NamedTuple):
    """What one answer says. `of_request`: it answers the last request, not the declaration."""

    function: str
    status: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    of_request: bool = False


def build(said: Said, *, at: datetime, lrn: str, entry_number: str, assessment: Assessment | None = None) -> bytes:
    """One message with one answer; a duty statement asks for what the assessment says."""
    root = etree.Element("MetaData")
    _add(root, "WCODataModelVersionCode", "3.6")
    _add(root, "WCOTypeName", "RES")
    response = _add(root, "Response")
    _add(response, "FunctionCode", said.function)
    _add(response, "FunctionalReferenceID", uuid4().hex)
    stamp = _add(_add(response, "IssueDateTime"), "DateTimeString", at.strftime("%Y%m%d%H%M%SZ"))
    stamp.set("formatCode", "304")
    for code, text in said.notes:
        note = _add(response, "AdditionalInformation")
        _add(note, "StatementCode", code)
        _add(note, "StatementDescription", text)
        _add(note, "StatementTypeCode", "US")
    for problem in said.problems:
        _problem(response, problem)
    if said.status:
        _add(_add(response, "Status"), "NameCode", said.status)
    declaration = _add(response, "Declaration")
    _add(declaration, "FunctionalReferenceID", lrn)
    _add(declaration, "ID", entry_number)
    if assessment is not None:
        _statement(declaration, assessment)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _problem(response: etree._Element, problem: Problem) -> None:
    error = _add(response, "Error")
    _add(error, "Description", problem.words)
    _add(error, "ValidationCode", problem.code)
    for section, number in problem.place:
        pointer = _add(error, "Pointer")
        if number:
            _add(pointer, "SequenceNumeric", number)
        _add(pointer, "DocumentSectionCode", section)
    _add(pointer, "TagID", problem.tag)


def _statement(declaration: etree._Element, assessment: Assessment) -> None:
    """The duty of each line, then under 0 the fees of the entry and the total."""
    shipment = _add(declaration, "GoodsShipment")
    for item in assessment.items:
        _rows(shipment, item.sequence, [("DTY", _duty(item))])
    fees = [(one.code, Decimal(one.amount)) for one in assessment.fees]
    _rows(shipment, 0, [*fees, ("TOT", Decimal(assessment.totals.total))])


def _duty(item: ItemAssessment) -> Decimal:
    return sum((Decimal(one.amount) for one in item.lines if one.kind in DUTY_KINDS), start=ZERO)


def _rows(shipment: etree._Element, sequence: int, rows: list[tuple[str, Decimal]]) -> None:
    line = _add(shipment, "GovernmentAgencyGoodsItem")
    _add(line, "SequenceNumeric", str(sequence))
    goods = _add(line, "Commodity")
    for code, amount in rows:
        duty = _add(goods, "DutyTaxFee")
        _add(duty, "TypeCode", code)
        payment = _add(duty, "Payment")
        for name in ("TaxAssessedAmount", "PaymentAmount"):
            _add(payment, name, cents(amount)).set("currencyID", "USD")


def _add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    element = etree.SubElement(parent, name)
    if text:
        element.text = text
    return element
