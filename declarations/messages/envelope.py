"""The envelope of all WCO messages, `MetaData`, and the one door through which their bytes come in."""

import re
from typing import NamedTuple

from lxml import etree

from declarations.decoding import Fault
from portal.errors import DomainError
from portal.xml import XmlRefused, local_name, parse

MD = "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
DEC = "urn:wco:datamodel:WCO:DEC-DMS:2"
DS = "urn:wco:datamodel:WCO:Declaration_DS:DMS:2"  # the namespace of DateTimeString in a declaration
MODEL, COUNTRY, AGENCY, PROFILE = "3.6", "US", "CBP", "1.0"
MAX_DEPTH = 40
MAX_ATTRIBUTES = 64
MAX_CHILDREN = 5_000  # of one element: naming the place of a fault among more of them takes too long
MAX_FAULTS = 200

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_SPACE = re.compile(r"\{[^{}]*\}")
_TOO_DEEP = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")
_TOO_WIDE = etree.XPath(f"boolean(//*/*[{MAX_CHILDREN + 1}])")  # by position: to count them takes far longer
_TOO_MANY = etree.XPath(f"boolean(//*/@*[{MAX_ATTRIBUTES + 1}])")


class MessageRefused(DomainError):
    """The bytes are not a message we read; `faults` lists the reasons, each with a code and the element's path."""

    code = "MESSAGE_REFUSED"

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{one.code} {one.pointer}: {one.message}" for one in faults[:5]))
        self.faults = tuple(faults[:MAX_FAULTS])


class Head(NamedTuple):
    """What the envelope says about its content."""

    model: str
    name: str
    country: str
    profile: str


def refused(code: str, message: str, where: str = "") -> MessageRefused:
    """A refusal with one fault."""
    return MessageRefused(Fault(code, where, message))


def open_message(raw: bytes, *, max_bytes: int) -> etree._Element:
    """The root element. Only UTF-8, no DOCTYPE, one document, bounded size, depth and width: else MessageRefused."""
    if not raw.strip():
        raise refused("MSG-EMPTY", "The message is empty.")
    if len(raw) > max_bytes:
        raise refused("MSG-SIZE", f"The message is larger than {max_bytes:,} bytes.")
    _check_charset(raw)
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise refused("MSG-DOCTYPE", "A document type or entity declaration is not accepted.")
    root = _parsed(raw, max_bytes)
    if _TOO_DEEP(root):
        raise refused("MSG-DEPTH", f"Elements are nested more than {MAX_DEPTH} deep.")
    if _TOO_WIDE(root) or _TOO_MANY(root):
        raise refused(
            "MSG-WIDTH", f"An element has over {MAX_ATTRIBUTES} attributes or {MAX_CHILDREN:,} elements in it."
        )
    return root


def _parsed(raw: bytes, max_bytes: int) -> etree._Element:
    try:
        return parse(raw, max_bytes=max_bytes)
    except XmlRefused as error:
        if getattr(error.__cause__, "code", None) == etree.ErrorTypes.ERR_DOCUMENT_END:
            raise refused("MSG-MULTIPLE", "There is more after the end of the document.") from None
        if "Excessive depth" in str(error):
            raise refused("MSG-DEPTH", f"Elements are nested more than {MAX_DEPTH} deep.") from None
        raise refused("MSG-XML", str(error)) from None


def _check_charset(raw: bytes) -> None:
    """All bodies are UTF-8: anything else could also hide a DOCTYPE from the look for one."""
    declared = _DECLARED.match(raw)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        raise refused("MSG-CHARSET", f"The message must be UTF-8, it says {declared[1].decode()}.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise refused("MSG-CHARSET", "The message is not UTF-8.") from None
    if "\0" in text:
        raise refused("MSG-CHARSET", "The message holds NUL characters: is it UTF-16?")


def head_of(root: etree._Element) -> Head:
    """What the envelope says, blanks trimmed, whatever its namespace."""
    names = (
        "WCODataModelVersionCode", "WCOTypeName", "ResponsibleCountryCode", "AgencyAssignedCustomizationVersionCode",
    )  # fmt: skip
    return Head(*((root.findtext(f"{{*}}{name}") or "").strip() for name in names))


def in_envelope(declaration: str) -> bytes:
    """The bytes of a message that carries this `Declaration`."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<md:MetaData xmlns:md="{MD}" xmlns:ds="{DS}" xmlns="{DEC}">'
        f"<md:WCODataModelVersionCode>{MODEL}</md:WCODataModelVersionCode><md:WCOTypeName>DEC</md:WCOTypeName>"
        f"<md:ResponsibleCountryCode>{COUNTRY}</md:ResponsibleCountryCode>"
        f"<md:ResponsibleAgencyName>{AGENCY}</md:ResponsibleAgencyName>"
        f"<md:AgencyAssignedCustomizationVersionCode>{PROFILE}</md:AgencyAssignedCustomizationVersionCode>"
        f"<Declaration>{declaration}</Declaration></md:MetaData>\n"
    ).encode()


def path_of(element: etree._Element) -> str:
    """`/MetaData/Declaration/.../GovernmentAgencyGoodsItem[2]`, for people: no prefixes, numbers where several."""
    tree = element.getroottree()
    below = _SPACE.sub("", tree.getelementpath(element))
    root = local_name(tree.getroot())
    return f"/{root}" if below == "." else f"/{root}/{below}"
