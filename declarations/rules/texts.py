"""What ABI records can carry: plain characters, and as many as there is room for."""

from collections.abc import Iterator
from typing import Any

import msgspec

from declarations.document import Party
from declarations.rules import reading
from declarations.rules.base import Case, Finding, rule

ROOM = 35  # a name or a line of an address
CITY_ROOM = 35
CONVEYANCE_ROOM = 20
_BREAKS = (b"\\n", b"\\t", b"\\r")


@rule("TEXT-ABI", "warning", "CATAIR, class X data; ACE condition X40")
def characters(case: Case) -> Iterator[Finding]:
    """This text has characters that a filing in ABI cannot carry: {characters}. Write it with the plain letters,
    digits and signs of a keyboard, or they are replaced."""
    raw = msgspec.json.encode(case.document)
    if raw.isascii() and b"\x7f" not in raw and (b"\\" not in raw or not any(mark in raw for mark in _BREAKS)):
        return
    for at, text in _texts(msgspec.to_builtins(case.document), ""):
        odd = {ch for ch in text if not " " <= ch <= "~"}
        if odd:
            yield at, {"characters": " ".join(_shown(ch) for ch in sorted(odd))}


@rule("TEXT-NAME", "information", "CATAIR cargo release, record SE30, positions 8-42")
def long_name(case: Case) -> Iterator[Finding]:
    """The release has room for {room} characters of a name, and this one has {length}. The rest is cut off: put
    the part that names the firm first."""
    for at, party in _released_parties(case):
        length = len(party.name or "")
        if length > ROOM:
            yield f"{at}/name", {"room": str(ROOM), "length": str(length)}


@rule("TEXT-CITY", "information", "CATAIR cargo release, record SE36, positions 5-39")
def long_city(case: Case) -> Iterator[Finding]:
    """The release has room for {room} characters of a city, and this one has {length}. The rest is cut off:
    shorten it."""
    for at, party in _released_parties(case):
        length = len((party.address.city if party.address else None) or "")
        if length > CITY_ROOM:
            yield f"{at}/address/city", {"room": str(CITY_ROOM), "length": str(length)}


@rule("TEXT-CONVEYANCE", "information", "CATAIR AE record 20, positions 21-40")
def long_conveyance(case: Case) -> Iterator[Finding]:
    """There is room for {room} characters of a vessel or vehicle, and this one has {length}. The rest is cut off:
    shorten it."""
    transport = case.document.transport
    length = len((transport.conveyance if transport else None) or "")
    if length > CONVEYANCE_ROOM:
        yield "/transport/conveyance", {"room": str(CONVEYANCE_ROOM), "length": str(length)}


def _released_parties(case: Case) -> Iterator[tuple[str, Party]]:
    """Parties whose name and address a release sends."""
    if not case.files_release:
        return
    for _, at, party in reading.header_parties(case.document):
        yield at, party
    for line in case.lines:
        if line.item.manufacturer is not None:
            yield f"{line.at}/manufacturer", line.item.manufacturer


def _texts(value: Any, at: str) -> Iterator[tuple[str, str]]:
    """All texts of a document with their pointers."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _texts(one, f"{at}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list | tuple):
        for place, one in enumerate(value):
            yield from _texts(one, f"{at}/{place}")


def _shown(character: str) -> str:
    return character if character.isprintable() else f"U+{ord(character):04X}"


RULES = (characters, long_name, long_city, long_conveyance)
