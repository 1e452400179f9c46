"""Answers from customs: every `Response` of a message as a frozen value.

Elements are found by local name, whatever the namespaces. What the envelope forbids refuses the whole
message; what cannot be read inside one answer is one of its `faults`, so that no other is lost with it.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from lxml import etree
from msgspec import Struct

from declarations.decoding import Fault
from declarations.messages.envelope import MAX_FAULTS, head_of, open_message, path_of, refused
from declarations.messages.moments import Moment, read_moment
from portal.money import is_decimal
from portal.xml import local_name

MAX_BYTES = 5_000_000
MAX_RESPONSES = 1_000
CORRECTED = "07"
ROOT_SECTIONS = frozenset({"42A", "07B"})
REFERENCES = frozenset(
    {"AcceptanceDateTime", "CancellationDateTime", "RejectionDateTime", "FunctionalReferenceID", "ID", "VersionID"}
)


class ResponseError(Struct, frozen=True):
    """One error or warning: its code, words if any, and WCO pointers as text."""

    code: str
    description: str
    pointers: tuple[str, ...]


class Information(Struct, frozen=True):
    """One statement of customs."""

    code: str
    description: str
    type: str
    limit_at: datetime | None
    pointers: tuple[str, ...]


class Amendment(Struct, frozen=True):
    """What customs changed, and why."""

    reason: str
    pointers: tuple[str, ...]


class DutyRow(Struct, frozen=True):
    """One duty, tax or fee; `sequence` 0 is the whole declaration."""

    sequence: int
    type: str
    base: Decimal | None
    rate: Decimal | None
    assessed: Decimal | None
    payable: Decimal | None
    currency: str


class Response(Struct, frozen=True, kw_only=True):
    """One answer. `assumed_utc`: its time came without an offset. `declaration`: bytes of the corrected one."""

    position: int
    response_id: str
    function_code: str
    issued_at: datetime | None
    assumed_utc: bool
    lrn: str
    mrn: str
    version: str
    accepted_at: datetime | None
    errors: tuple[ResponseError, ...]
    statuses: tuple[str, ...]
    information: tuple[Information, ...]
    amendments: tuple[Amendment, ...]
    duties: tuple[DutyRow, ...]
    declaration: bytes | None
    faults: tuple[Fault, ...]


def decode(raw: bytes) -> tuple[Response, ...]:
    """All answers in a message, in their order. Raises MessageRefused, and nothing else."""
    root = open_message(raw, max_bytes=MAX_BYTES)
    if local_name(root) != "MetaData":
        raise refused("MSG-DIALECT", "The message does not begin with MetaData.", f"/{local_name(root)[:40]}")
    found = list(_named(root, "Response"))
    if not found:
        kind = "MSG-KIND" if next(_named(root, "Declaration"), None) is not None else "MSG-SHAPE"
        said = head_of(root).name[:20] or "no type"
        raise refused(kind, f"There is no Response in this message; it says {said}.", "/MetaData")
    if len(found) > MAX_RESPONSES:
        raise refused("MSG-SHAPE", f"There are more than {MAX_RESPONSES} answers in one message.", "/MetaData")
    return tuple(_response(one, position) for position, one in enumerate(found))


def _response(element: etree._Element, position: int) -> Response:
    faults: list[Fault] = []
    function = _text(element, "FunctionCode")
    if not function:
        _fault(faults, "RES-FUNCTION", element, "The answer has no function code.")
    declarations = list(_named(element, "Declaration"))
    corrected = _corrected(declarations) if function.zfill(2) == CORRECTED else None
    named = next((one for one in declarations if _text(one, "FunctionalReferenceID") or _text(one, "ID")), None)
    issued, accepted = _moment(element, "IssueDateTime", faults), _moment(named, "AcceptanceDateTime", faults)
    return Response(
        position=position,
        response_id=_text(element, "FunctionalReferenceID"),
        function_code=function.zfill(2) if function else "",
        issued_at=issued.at if issued else None,
        assumed_utc=bool(issued and issued.assumed_utc),
        lrn=_text(named, "FunctionalReferenceID"),
        mrn="".join(_text(named, "ID").upper().split()),
        version=_text(named, "VersionID"),
        accepted_at=accepted.at if accepted else None,
        errors=tuple(_error(one) for one in _named(element, "Error")),
        statuses=tuple(_text(one, "NameCode") for one in _named(element, "Status")),
        information=tuple(_information(one, faults) for one in _named(element, "AdditionalInformation")),
        amendments=tuple(_amendment(one) for one in _named(element, "Amendment")),
        duties=tuple(row for one in declarations if one is not corrected for row in _duties(one, faults)),
        declaration=None if corrected is None else etree.tostring(corrected, encoding="UTF-8", with_tail=False),
        faults=tuple(faults),
    )


def _corrected(declarations: list[etree._Element]) -> etree._Element | None:
    """The declaration that says more than which one is meant."""
    for one in declarations:
        if any(local_name(child) not in REFERENCES for child in one):
            return one
    return None


def _error(element: etree._Element) -> ResponseError:
    return ResponseError(_text(element, "ValidationCode"), _text(element, "Description"), _pointers(element))


def _amendment(element: etree._Element) -> Amendment:
    return Amendment(_text(element, "ChangeReasonCode"), _pointers(element))


def _information(element: etree._Element, faults: list[Fault]) -> Information:
    limit = _moment(element, "LimitDateTime", faults)
    return Information(
        _text(element, "StatementCode"),
        _text(element, "StatementDescription"),
        _text(element, "StatementTypeCode"),
        limit.at if limit else None,
        _pointers(element),
    )


def _pointers(element: etree._Element) -> tuple[str, ...]:
    """The chains of `Pointer` elements as text, `42A/67A/68A[1]/23A/21A[3]/145`; a root section begins a chain."""
    chains: list[list[str]] = []
    for one in _named(element, "Pointer"):
        section, number, tag = (_text(one, name) for name in ("DocumentSectionCode", "SequenceNumeric", "TagID"))
        if not chains or section in ROOT_SECTIONS:
            chains.append([])
        if section:
            chains[-1].append(f"{section}[{number}]" if number else section)
        if tag:
            chains[-1].append(tag)
    return tuple("/".join(chain) for chain in chains if chain)


def _duties(declaration: etree._Element, faults: list[Fault]) -> Iterator[DutyRow]:
    """Rows of the whole declaration, sequence 0, then rows of its lines."""
    for duty in _named(declaration, "DutyTaxFee"):
        yield from _duty_rows(duty, 0, faults)
    for shipment in _named(declaration, "GoodsShipment"):
        for position, line in enumerate(_named(shipment, "GovernmentAgencyGoodsItem"), 1):
            sequence = _sequence(line, position, faults)
            for goods in _named(line, "Commodity"):
                for duty in _named(goods, "DutyTaxFee"):
                    yield from _duty_rows(duty, sequence, faults)


def _sequence(line: etree._Element, position: int, faults: list[Fault]) -> int:
    said = _text(line, "SequenceNumeric")
    if said.isascii() and said.isdecimal() and len(said) <= 5:
        return int(said)
    _fault(faults, "RES-SEQUENCE", line, "The line has no number; its position is taken.")
    return position


def _duty_rows(duty: etree._Element, sequence: int, faults: list[Fault]) -> Iterator[DutyRow]:
    """One row for each payment of the duty; one without payment where there is none."""
    base = _first(duty, "AdValoremTaxBaseAmount", "SpecificTaxBaseQuantity")
    payments: list[etree._Element | None] = [*_named(duty, "Payment")]
    for payment in payments or [None]:
        assessed, payable = _first(payment, "TaxAssessedAmount"), _first(payment, "PaymentAmount")
        currency = next((one.get("currencyID") for one in (assessed, payable, base) if one is not None), None)
        yield DutyRow(
            sequence,
            _text(duty, "TypeCode"),
            _amount(base, faults),
            _amount(_first(duty, "TaxRateNumeric"), faults),
            _amount(assessed, faults),
            _amount(payable, faults),
            (currency or "").strip().upper(),
        )


def _fault(faults: list[Fault], code: str, element: etree._Element, message: str) -> None:
    """Something in the answer cannot be read; the path of an element among many is dear, so not more than so many."""
    if len(faults) < MAX_FAULTS:
        faults.append(Fault(code, path_of(element), message))


def _amount(element: etree._Element | None, faults: list[Fault]) -> Decimal | None:
    said = (element.text or "").strip() if element is not None else ""
    if element is None or not said:
        return None
    if is_decimal(said):
        return Decimal(said)
    _fault(faults, "RES-AMOUNT", element, f"{said[:40]!r} is not an amount.")
    return None


def _moment(element: etree._Element | None, name: str, faults: list[Fault]) -> Moment | None:
    """The moment in an element of this name, or in the `DateTimeString` within it."""
    found = _first(element, name)
    if found is None:
        return None
    said = _text(found, "DateTimeString") or (found.text or "").strip()
    moment = read_moment(said)
    if moment is None and said:
        _fault(faults, "RES-MOMENT", found, f"{said[:40]!r} is not a moment.")
    return moment


def _named(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Children of this local name."""
    return element.iterchildren(f"{{*}}{name}")


def _first(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first child with one of these names, in the order of the names."""
    if element is None:
        return None
    return next((found for name in names for found in _named(element, name)), None)


def _text(element: etree._Element | None, name: str) -> str:
    """The trimmed text of the first child of this name, empty where there is none."""
    found = _first(element, name)
    return "" if found is None else (found.text or "").strip()
