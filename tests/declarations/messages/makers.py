"""Documents for the codecs: one with every member given, and any document that the types allow."""

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from declarations.document import PARTY_ROLES, Document

ROOT = Path(__file__).parents[3]
GOLDEN = Path(__file__).parent / "golden"
REFERENCE_DATA = Path(os.environ.get("REFERENCE_DATA") or ROOT.parent / "shared")

# Values that fit the place of their member in the WCO message.
FITTING = {
    "country": "MX", "origin_country": "MX", "export_country": "CA", "currency": "USD", "incoterm": "FOB", "mode": "11",
    "entry_type": "01", "filer_code": "ZZZ", "sequence": "1000001", "check_digit": "9", "hts_number": "8507600090",
    "basis": "originating", "role": "additional", "entry": "2704",
    "subdivision": "CA", "state_of_destination": "CA", "surety": "036",
}  # fmt: skip
# Members that the message says once for all lines, if all say the same.
COMMON = {"export_date": "2026-11-20", "foreign_port_of_lading": "57035", "document": "INV-1", "rate": "1.25"}


def _given(info: Any) -> Any:
    if isinstance(info, inspect.UnionType):
        return next(one for one in info.types if not isinstance(one, inspect.NoneType))
    return info


def _pattern(info: Any) -> str:
    return info.pattern or ""


def _leaf(name: str, info: Any, numbers: Iterator[int]) -> Any:
    if isinstance(info, inspect.BoolType):
        return True
    if isinstance(info, inspect.IntType):
        return next(numbers)
    if (name in FITTING or name in COMMON) and not (name == "basis" and _pattern(info)):
        return FITTING.get(name) or COMMON[name]
    if "{4}-" in _pattern(info):
        return COMMON.get(name) or f"2026-{next(numbers) % 12 + 1:02}-{next(numbers) % 28 + 1:02}"
    if "{1,15}" in _pattern(info):
        return f"{next(numbers)}.25"
    if ":" in _pattern(info):
        return f"{next(numbers) % 24:02}:{next(numbers) % 60:02}"
    return f"{next(numbers):03X}"


def _filled(name: str, info: Any, numbers: Iterator[int]) -> Any:
    info = _given(info)
    if isinstance(info, inspect.StructType):
        return {one.encode_name: _filled(one.encode_name, one.type, numbers) for one in info.fields}
    if isinstance(info, inspect.VarTupleType):
        return [_filled(name, info.item_type, numbers) for _ in range(2)]
    if isinstance(info, inspect.DictType):
        return {"lead content": f"{next(numbers)}.5", "degrees | at 15=C": "7"}
    return _leaf(name, info, numbers)


def full_plain(*, same_as: bool) -> dict[str, Any]:
    """Every member of a declaration of two lines, in plain form, each value another where it may be."""
    plain = _filled("", inspect.type_info(Document), count(16))
    for number, item in enumerate(plain["items"], 1):
        item["sequence"] = number
    if not same_as:
        plain = without(plain, lambda name: name == "same_as")
    else:
        for role, other in zip(PARTY_ROLES, [*PARTY_ROLES[1:], "importer"], strict=True):
            plain["parties"][role]["same_as"] = other
    return plain


def without(value: Any, unwanted: Callable[[str], bool]) -> Any:
    """A plain value without the members of these names."""
    if isinstance(value, dict):
        return {name: without(one, unwanted) for name, one in value.items() if not unwanted(name)}
    return [without(one, unwanted) for one in value] if isinstance(value, list) else value


def as_document(plain: dict[str, Any]) -> Document:
    return msgspec.convert(plain, Document)


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf of a plain value with its JSON Pointer."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from leaves(one, f"{pointer}/{name}")
    elif isinstance(value, list | tuple):
        for index, one in enumerate(value):
            yield from leaves(one, f"{pointer}/{index}")
    else:
        yield pointer, value


def type_leaves(info: Any = None, pointer: str = "") -> Iterator[str]:
    """Every leaf that the types know, lists and measures with `#`."""
    info = _given(info if info is not None else inspect.type_info(Document))
    if isinstance(info, inspect.StructType):
        for one in info.fields:
            yield from type_leaves(one.type, f"{pointer}/{one.encode_name}")
    elif isinstance(info, inspect.VarTupleType):
        yield from type_leaves(info.item_type, f"{pointer}/#")
    elif isinstance(info, inspect.DictType):
        yield f"{pointer}/#"
    else:
        yield pointer


def changed(plain: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """A copy with another value at a pointer; None takes the member away (in a list: leaves it in place)."""
    copy = msgspec.json.decode(msgspec.json.encode(plain))
    *way, last = pointer.split("/")[1:]
    inner: Any = copy
    for step in way:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    if isinstance(inner, list):
        if value is None:
            del inner[int(last)]
        else:
            inner[int(last)] = value
    elif value is None:
        del inner[last]
    else:
        inner[last] = value
    return copy


def only(plain: dict[str, Any], pointer: str) -> dict[str, Any]:
    """The document in which only this leaf is given; elements before it in its list are there, and empty."""
    steps = pointer.split("/")[1:]

    def build(value: Any, rest: list[str]) -> Any:
        if not rest:
            return value
        if isinstance(value, list):
            index = int(rest[0])
            before = [one if isinstance(one, str) else {} for one in value[:index]]
            return [*before, build(value[index], rest[1:])]
        return {rest[0]: build(value[rest[0]], rest[1:])}

    return build(plain, steps)


# -- any document ------------------------------------------------------------------------------

NASTY = st.sampled_from(
    ["", " ", "  ", "\n", "\\", "|", "a|b", "=", ",", "\\p", "\\e", "\\-", "&<>\"'", "]]>", "é", "\U0001f600"]
)
CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"
) | st.sampled_from("\t\n\r")


def _texts(longest: int) -> st.SearchStrategy[str]:
    return (
        NASTY.filter(lambda one: len(one) <= longest)
        | st.text(CHARACTERS, max_size=longest)
        | st.from_regex(r"[A-Z0-9]{1,4}", fullmatch=True)
    )


@st.composite
def _some_of(draw: st.DrawFn, members: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(list(members)), max_size=4, unique=True))
    return {name: draw(members[name]) for name in names}


def _any(info: Any, name: str = "") -> st.SearchStrategy[Any]:
    info = _given(info)
    if isinstance(info, inspect.StructType):
        return _some_of({one.encode_name: _any(one.type, one.encode_name) for one in info.fields})
    if isinstance(info, inspect.VarTupleType):
        return st.lists(_any(info.item_type), max_size=3)
    if isinstance(info, inspect.DictType):
        return st.dictionaries(_texts(30), _decimals(), max_size=3)
    if isinstance(info, inspect.BoolType):
        return st.booleans()
    if isinstance(info, inspect.IntType):
        return st.integers(-(10**12), 10**12) | st.integers(1, 3)
    if name == "basis" and not _pattern(info):
        return st.sampled_from(["originating", "net_cost", "quarterly"])
    return _any_text(info)


def _decimals() -> st.SearchStrategy[str]:
    return st.from_regex(r"-?[0-9]{1,7}(\.[0-9]{1,8})?", fullmatch=True, alphabet=st.characters(codec="ascii"))


def _any_text(info: Any) -> st.SearchStrategy[str]:
    if "{4}-" in _pattern(info):
        return st.dates().map(lambda day: day.isoformat())
    if "{1,15}" in _pattern(info):
        return _decimals()
    if ":" in _pattern(info):
        return st.times().map(lambda time: f"{time:%H:%M}")
    if "{4,10}" in _pattern(info):
        return st.from_regex(r"[0-9]{4,10}", fullmatch=True, alphabet=st.characters(codec="ascii"))
    return _texts(info.max_length or 40)


def any_plain() -> st.SearchStrategy[dict[str, Any]]:
    """Any declaration the types allow, small, with what is dearest to a codec: empty, blank, marked, long."""
    return _any(inspect.type_info(Document))
