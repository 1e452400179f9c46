"""Schemas by authority, message, edition and day: what we send and read is checked against our own profile.

Schemas of the publisher, where there are any beside the project, are a second check (`published`).
A schema is compiled once a process; checking with one is done by one thread at a time.
"""

import re
import threading
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from declarations.decoding import Fault
from declarations.messages.envelope import DEC, DS, MAX_FAULTS, MD, open_message, path_of
from portal.errors import DomainError
from portal.xml import MAX_BYTES, local_name, parse

HERE = Path(__file__).parent / "schemas"
RES = "urn:wco:datamodel:WCO:RES-DMS:2"
XS = "http://www.w3.org/2001/XMLSchema"
_SPACE_NAME = re.compile(r"\{[^{}\s]*\}")


class UnknownMessage(DomainError):
    """No edition of a schema is in force for this authority, message and day."""

    code = "UNKNOWN_MESSAGE"


class Entry(NamedTuple):
    """One edition of the schema of one message; `files` is the schema of each namespace."""

    authority: str
    message: str
    version: str
    valid_from: date
    files: tuple[tuple[str, str], ...]


def _ours(message: str) -> Entry:
    files = ((MD, "envelope-profile.xsd"), (DS, "dates-profile.xsd"), (DEC, f"{message}-profile.xsd"))
    return Entry("US", message, "1.0", date(2026, 1, 1), files)


ENTRIES = (
    _ours("declaration"),
    _ours("cancellation"),
    _ours("presentation"),
    Entry("US", "response", "1.0", date(2026, 1, 1), (("", "response-profile.xsd"),)),
)
# Where the publisher keeps the same things, by message: folder, then file of each namespace.
PUBLISHED = {
    "declaration": ("declaration", ((MD, "DocumentMetaData_2_DMS.xsd"), (DEC, "WCO_DEC_2_DMS.xsd"))),
    "cancellation": ("declaration", ((MD, "CANCEL_METADATA.xsd"), (DEC, "CANCEL.xsd"))),
    "response": ("notification", ((MD, "DocumentMetaData_2_DMS.xsd"), (RES, "WCO_RES_2_DMS.xsd"))),
}
PUBLISHED["presentation"] = PUBLISHED["declaration"]


class Validator:
    """A compiled schema."""

    def __init__(self, files: tuple[tuple[str, Path], ...]) -> None:
        self._schema = etree.XMLSchema(parse(_driver(files)).getroottree())
        self._lock = threading.Lock()

    def faults(self, root: etree._Element) -> tuple[Fault, ...]:
        """What the schema says against the message, with the path of each element."""
        with self._lock:
            if self._schema.validate(root):
                return ()
            log: Iterable[Any] = self._schema.error_log  # type: ignore[assignment]  # it can be iterated over; the stubs do not say so
            found = [(one.path or "", one.message) for one in islice(log, MAX_FAULTS)]
        return tuple(Fault("WCO-SCHEMA", _where(root, path), _words(said)) for path, said in found)


def entry_for(authority: str, message: str, on: date) -> Entry:
    """The edition in force on a day. Raises UnknownMessage."""
    found = [one for one in ENTRIES if (one.authority, one.message) == (authority, message) and one.valid_from <= on]
    if not found:
        raise UnknownMessage(f"There is no schema for {message} to {authority} on {on}.")
    return max(found, key=lambda one: one.valid_from)


def validate(raw: bytes, authority: str, message: str, on: date) -> tuple[Fault, ...]:
    """All faults against our profile, none where it holds. Raises MessageRefused for what is no XML at all."""
    entry = entry_for(authority, message, on)
    root = open_message(raw, max_bytes=MAX_BYTES)
    if message == "response":
        _without_namespaces(root)
    return _compiled(tuple((space, HERE / name) for space, name in entry.files)).faults(root)


def published(reference_data: Path | str | None, message: str = "declaration") -> Validator | None:
    """The publisher's schema, or None where it is not beside the project."""
    if reference_data is None or message not in PUBLISHED:
        return None
    folder, files = PUBLISHED[message]
    found = tuple((space, Path(reference_data) / "wco" / "schemas" / folder / name) for space, name in files)
    return _compiled(found) if all(path.is_file() for _, path in found) else None


_compiling = threading.Lock()


def _compiled(files: tuple[tuple[str, Path], ...]) -> Validator:
    with _compiling:
        return _validator(files)


@lru_cache(maxsize=16)
def _validator(files: tuple[tuple[str, Path], ...]) -> Validator:
    return Validator(files)


def _driver(files: tuple[tuple[str, Path], ...]) -> bytes:
    """A schema that brings the others together: an envelope is checked with its content or not at all."""
    lines = (
        f'<xs:import namespace="{space}" schemaLocation="{path.resolve().as_uri()}"/>'
        if space
        else f'<xs:include schemaLocation="{path.resolve().as_uri()}"/>'
        for space, path in files
    )
    return f'<xs:schema xmlns:xs="{XS}">{"".join(lines)}</xs:schema>'.encode()


def _without_namespaces(root: etree._Element) -> None:
    for element in root.iter(etree.Element):
        element.tag = local_name(element)


def _where(root: etree._Element, path: str) -> str:
    """The path of the element in our manner; the schema gives `*` for names in a default namespace."""
    try:
        found = root.xpath(path, namespaces={prefix: space for prefix, space in root.nsmap.items() if prefix})
    except etree.XPathError:
        return path
    element = found[0] if isinstance(found, list) and found else None
    return path_of(element) if isinstance(element, etree._Element) else path


def _words(message: str) -> str:
    """The message without namespaces."""
    return _SPACE_NAME.sub("", message)
