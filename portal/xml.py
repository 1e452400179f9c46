"""The one XML parser of the house: no entities, no network, no DOCTYPE, bounded size and depth."""

import re

from lxml import etree

from portal.errors import DomainError

MAX_BYTES = 20_000_000
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class XmlRefused(DomainError):
    """The bytes are not an XML document we read; `reason` says why."""

    code = "XML_REFUSED"


def parse(raw: bytes, *, max_bytes: int = MAX_BYTES) -> etree._Element:
    """The root element of a document, or XmlRefused. Nothing outside the bytes is ever read."""
    if len(raw) > max_bytes:
        raise XmlRefused(f"The document is larger than {max_bytes} bytes.")
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise XmlRefused("A document type or entity declaration is not accepted.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True, remove_comments=True
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmlRefused(f"The document is not well-formed XML: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise XmlRefused("A document type declaration is not accepted.")
    return root


def clean_text(text: str) -> str:
    """Text without the characters XML 1.0 cannot carry."""
    return _ILLEGAL.sub("", text)


def local_name(element: etree._Element) -> str:
    """Name without namespace; answers come with any prefix, or none."""
    return etree.QName(element).localname


def readable(raw: bytes) -> str:
    """The text of a message for people: indented where it is XML, as it came where it is not."""
    try:
        root = parse(raw)
    except XmlRefused:
        return raw.decode("utf-8", "replace")
    etree.indent(root, space="  ")
    return etree.tostring(root, encoding="unicode")
