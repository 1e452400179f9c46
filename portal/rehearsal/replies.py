"""What the doors reply with."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus

from lxml import etree


@dataclass
class Reply:
    """One HTTP reply; a dropped one resets the connection instead."""

    status: HTTPStatus
    body: bytes = b""
    content_type: str = "application/xml; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    dropped: bool = False


def json_reply(value: object, status: HTTPStatus = HTTPStatus.OK) -> Reply:
    """The value as JSON."""
    return Reply(status, json.dumps(value).encode(), "application/json")


def error(status: HTTPStatus, code: str, message: str, findings: Iterable[str] = ()) -> Reply:
    """An errorResponse, with one row for each finding about the structure."""
    root = etree.Element("errorResponse")
    etree.SubElement(root, "code").text = code
    etree.SubElement(root, "message").text = message
    rows = list(findings)
    if rows:
        errors = etree.SubElement(root, "errors")
        for row in rows:
            one = etree.SubElement(errors, "error")
            etree.SubElement(one, "code").text = "xml_validation_error"
            etree.SubElement(one, "message").text = "".join(sign for sign in row if sign.isprintable())
    return Reply(status, etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
