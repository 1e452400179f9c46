"""Canonical bytes and digests: what is signed is the bytes themselves."""

import hashlib
import re
import typing
import unicodedata
from collections.abc import Mapping
from typing import Any

import msgspec

from declarations.document import header, item, parts
from declarations.document.parts import DecimalText, Part
from portal.money import is_decimal, plain_text


def to_plain(value: Any) -> Any:
    """JSON-ready value without anything that was not given."""
    return msgspec.to_builtins(value)


def canonical(value: Any) -> bytes:
    """Canonical bytes: UTF-8 JSON, sorted members, NFC, no nulls, plain decimals, ISO dates.

    Two documents that say the same have the same bytes; these bytes are what is signed and kept.
    """
    return canonical_of(canonical_value(value))


def canonical_value(value: Any) -> Any:
    """The same as a JSON value, for those who also read it."""
    raw = msgspec.json.encode(value)
    plain = msgspec.json.decode(raw)
    if type(plain) is not dict or not raw.isascii():
        return tidy(plain)
    try:
        _tidy_decimals(plain)
    except _SaysNothing:
        return tidy(plain)
    return plain


class _SaysNothing(Exception):
    """There is a member to leave out."""


def _tidy_decimals(value: dict[str, Any], within: str = "") -> None:
    """What `tidy` does to ASCII, in place: most declarations need no more. Raises _SaysNothing where it takes more."""
    for name, one in value.items():
        kind = type(one)
        if kind is str:
            if (within or name) in DECIMAL_MEMBERS and not (one.isdigit() and one[0] != "0") and is_decimal(one):
                value[name] = plain_text(one)
        elif kind is list and one:
            if type(one[0]) is dict:
                for part in one:
                    _tidy_decimals(part)
            else:
                value[name] = tidy(one, name)
        elif kind is dict and one:
            _tidy_decimals(one, "measures." if name == "measures" else "")
        elif kind is list or kind is dict or one is None:
            raise _SaysNothing


def may_be_empty(raw: bytes) -> bool:
    """Something in this JSON without spaces may say nothing; False only where nothing does."""
    return b'""' in raw or b"[]" in raw or b"{}" in raw or b"null" in raw


def canonical_of(tidied: Any) -> bytes:
    """The bytes of a value that is in canonical form."""
    return msgspec.json.encode(tidied, order="sorted")


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def tidy(value: Any, name: str = "") -> Any:
    """A JSON value in canonical form: text in NFC, decimals without trailing zeros, no nulls, nothing empty."""
    kind = type(value)
    if kind is str:
        if name in DECIMAL_MEMBERS and not _PLAIN(value) and is_decimal(value):
            return plain_text(value)
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if kind is dict or isinstance(value, Mapping):
        inner = "measures." if name == "measures" else ""
        found = {}
        for key, one in value.items():
            if type(one) is str:  # most members: no call for them
                named = inner or key
                if named in DECIMAL_MEMBERS and not _PLAIN(one) and is_decimal(one):
                    one = plain_text(one)
                found[key] = one if one.isascii() else unicodedata.normalize("NFC", one)
                continue
            tidied = tidy(one, inner or key)
            if tidied is not None and tidied != [] and tidied != {}:
                found[key] = tidied
        return found
    if kind is list or kind is tuple:
        return [tidy(one, name) for one in value]
    return value


_PLAIN = re.compile(r"[1-9][0-9]{0,14}\Z", re.ASCII).match  # whole numbers are as they should be already


def _decimal_members() -> frozenset[str]:
    """Names of all members that hold decimals, read off the types themselves."""
    names = {"measures."}
    for module in (parts, header, item):
        for one in vars(module).values():
            if isinstance(one, type) and issubclass(one, Part):
                hints = typing.get_type_hints(one, include_extras=True)
                fields = msgspec.structs.fields(one)
                names |= {field.encode_name for field in fields if _is_decimal_hint(hints[field.name])}
    return frozenset(names)


def _is_decimal_hint(hint: Any) -> bool:
    return hint == DecimalText or DecimalText in typing.get_args(hint)


DECIMAL_MEMBERS = _decimal_members()
