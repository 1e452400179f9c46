"""Read a message of the portal: bytes to a safe tree, a safe tree to a small frozen value.

Nothing here judges the content; what is missing stays empty and is judged in `checks.py`.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from lxml import etree

METADATA = "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
DECLARATION = "urn:wco:datamodel:WCO:DEC-DMS:2"
ACTS = frozenset(["release", "summary"])
LARGEST = 20 * 1024 * 1024
DEEPEST = 32

_ENCODING = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_NUMBER = re.compile(r"\d{1,15}(\.\d{1,6})?")


class UnreadableError(Exception):
    """The body is refused before anything in it is believed: not XML, not UTF-8, or not safe."""


@dataclass(frozen=True)
class Tariff:
    """One tariff number of a line, as filed."""

    number: str
    role: str = ""
    value: Decimal | None = None
    quantities: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One antidumping or countervailing case of a line, as filed."""

    number: str
    security: str
    rate: Decimal | None
    rate_type: str
    value: Decimal | None
    quantity: Decimal | None


@dataclass(frozen=True)
class Item:
    """One line of goods, as filed."""

    sequence: int
    value: Decimal | None
    origin: str
    classifications: tuple[str, ...]
    tariffs: tuple[Tariff, ...]
    program: str
    cases: tuple[Case, ...]
    measures: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """One message, as filed: a declaration or a request about one."""

    function: str
    lrn: str
    number: str
    kind: str
    entry_type: str
    acts: frozenset[str]
    items_said: int
    mode: str
    estimated_entry: str
    items: tuple[Item, ...]
    entry_time: str = ""


def parse(body: bytes, content_type: str = "") -> etree._Element:
    """The root element of a body that is UTF-8, small, shallow and free of a document type."""
    if len(body) > LARGEST:
        raise UnreadableError("the body is over 20 MB")
    charset = re.search(r"charset\s*=\s*\"?([\w.-]+)", content_type, re.IGNORECASE)
    declared = _ENCODING.match(body)
    for name in (charset[1] if charset else "utf-8", declared[1].decode() if declared else "utf-8"):
        if name.lower() not in ("utf-8", "utf8", "us-ascii"):
            raise UnreadableError(f"the encoding must be UTF-8, not {name}")
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError("the body is not UTF-8") from error
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise UnreadableError("a document type or an entity is not allowed")
    try:
        root = etree.fromstring(body, _parser())
    except etree.XMLSyntaxError as error:
        raise UnreadableError(f"the body is not well-formed XML: {error.msg}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableError("a document type is not allowed")
    if _deeper_than(root, DEEPEST):
        raise UnreadableError(f"the body is nested deeper than {DEEPEST} levels")
    return root


def read(root: etree._Element) -> Message:
    """The message as a value; the tree has passed the structure check."""
    declaration = next(child for child in root if local(child) == "Declaration")
    national = _national(declaration)
    kind = text(declaration, "TypeCode")
    means = child_of(declaration, "BorderTransportMeans")
    return Message(
        function=text(declaration, "FunctionCode"),
        lrn=text(declaration, "FunctionalReferenceID"),
        number=text(declaration, "ID").upper(),
        kind=kind,
        entry_type=_first(national, "entry_type") or (kind if kind.isdigit() else ""),
        acts=ACTS & set(_first(national, "acts").split(",")) or ACTS,
        items_said=_whole(text(declaration, "GoodsItemQuantity")),
        mode=_first(national, "mode") or (text(means, "ModeCode") if means is not None else ""),
        estimated_entry=_first(national, "estimated_entry"),
        items=tuple(_item(item) for item in goods_items(declaration)),
        entry_time=time if _TIME.fullmatch(time := _first(national, "entry_time")) else "",
    )


def goods_items(declaration: etree._Element) -> list[etree._Element]:
    """The line elements of a declaration, in their order."""
    shipment = child_of(declaration, "GoodsShipment")
    if shipment is None:
        return []
    return [child for child in shipment if local(child) == "GovernmentAgencyGoodsItem"]


def local(element: etree._Element) -> str:
    """The name of the element without its namespace; empty for comments."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def child_of(parent: etree._Element, name: str) -> etree._Element | None:
    """The first child of that name."""
    return next((child for child in parent if local(child) == name), None)


def text(parent: etree._Element, name: str) -> str:
    """The text of the first child of that name, without blanks around it; empty where there is none."""
    child = child_of(parent, name)
    return (child.text or "").strip() if child is not None else ""


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _deeper_than(root: etree._Element, limit: int) -> bool:
    level = [root]
    for _ in range(limit):
        level = [child for element in level for child in element]
        if not level:
            return False
    return True


def _item(item: etree._Element) -> Item:
    commodity = child_of(item, "Commodity")
    rows = [] if commodity is None else [child for child in commodity if local(child) == "Classification"]
    national = _national(item)
    origin = child_of(item, "Origin")
    return Item(
        sequence=_whole(text(item, "SequenceNumeric")),
        value=decimal(text(item, "CustomsValueAmount")),
        origin=text(origin, "CountryCode").upper() if origin is not None else "",
        classifications=tuple(text(row, "ID") for row in rows),
        tariffs=tuple(_tariff(row) for row in national.get("tariff", ())),
        program=_first(national, "preference").upper(),
        cases=tuple(_case(row) for row in national.get("adcvd", ())),
        measures=dict(_measure(row) for row in national.get("measure", ())),
    )


def _national(parent: etree._Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for child in parent:
        if local(child) == "AdditionalInformation" and text(child, "StatementTypeCode") == "US":
            found.setdefault(text(child, "StatementCode"), []).append(text(child, "StatementDescription"))
    return found


def _first(national: dict[str, list[str]], name: str) -> str:
    return national.get(name, [""])[0]


def _tariff(row: str) -> Tariff:
    number, role, value, amounts = [*row.split("|"), "", "", "", ""][:4]
    quantities: dict[str, Decimal] = {}
    for pair in amounts.split(","):
        unit, _, amount = pair.partition("=")
        quantity = decimal(amount)
        if unit.strip() and quantity is not None:
            quantities[unit.strip().upper()] = quantity
    return Tariff(number.strip(), role.strip(), decimal(value), quantities)


def _measure(row: str) -> tuple[str, Decimal]:
    name, _, amount = row.rpartition("|")
    return name.strip(), decimal(amount) or Decimal(0)


def _case(row: str) -> Case:
    number, security, rate, rate_type, value, quantity, _ = [*row.split("|"), *[""] * 7][:7]
    return Case(number.strip(), security, decimal(rate), rate_type, decimal(value), decimal(quantity))


def decimal(value: str) -> Decimal | None:
    """The number that plain digits mean; None for anything else."""
    value = value.strip()
    return Decimal(value) if _NUMBER.fullmatch(value) and value.isascii() else None


def _whole(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() else 0
