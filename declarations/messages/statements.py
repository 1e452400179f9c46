"""National statements from a declaration in plain form, and back into it."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

from msgspec import inspect

from declarations.document import Document
from declarations.messages.national import HEADER, ITEM, PARTY, Row, Rows
from declarations.messages.text import ABSENT, mark, pieces, unmark

_BOOLS = {"true": True, "false": False}


class Statement(NamedTuple):
    """A short name and its parts joined; as read, with its element."""

    code: str
    description: str
    element: Any = None


class Unreadable(ValueError):
    """A statement that does not fit its row."""

    def __init__(self, statement: Statement, message: str) -> None:
        super().__init__(message)
        self.statement = statement


class Plan(NamedTuple):
    """A row with its paths taken apart, once: the first member, the rest of the way, and the way to each part."""

    row: Row
    first: str
    way: tuple[str, ...]
    parts: tuple[tuple[str, str, tuple[str, ...]], ...]  # whole, first member, rest
    exact: bool  # every part is said, whatever the WCO message says
    single: bool  # one member: said in the WCO message, or else here
    alone: bool  # what is said depends on the value alone, not on what elements say


def plan(rows: tuple[Row, ...], in_elements: Collection[str]) -> tuple[Plan, ...]:
    """The table as `statements_of` walks it; `in_elements` are the first members that elements may say."""
    found = []
    for row in rows:
        first, *way = row.path.split(".")
        parts = tuple((part, part.split(".")[0], tuple(part.split(".")[1:])) for part in row.parts)
        exact = row.sent is Rows.WHOLE
        single = row.parts == ("",) and not row.many and not exact
        found.append(Plan(row, first, tuple(way), parts, exact, single, exact or single or first not in in_elements))
    return tuple(found)


def statements_of(plans: tuple[Plan, ...], plain: dict[str, Any], placed: set[str]) -> Iterator[Statement]:
    """All that is given and not `placed` in the WCO message, in the order of the table."""
    for one, value in given_in(plans, plain, placed):
        yield from statements_about(one, value, placed)


def given_in(plans: tuple[Plan, ...], plain: dict[str, Any], placed: set[str]) -> Iterator[tuple[Plan, Any]]:
    """Rows of which something is given, with what stands at their path; single members that are `placed` are not."""
    for one in plans:
        value: Any = plain.get(one.first)
        if value is None or (one.single and one.row.path in placed):
            continue
        for step in one.way:
            value = value.get(step)
            if value is None:
                break
        else:
            yield one, value


def statements_about(one: Plan, value: Any, placed: set[str]) -> Iterator[Statement]:
    """The statements of one row about its value."""
    if one.single:
        yield Statement(one.row.code, _written(value))
    else:
        yield from _row_statements(one, value, placed)


def in_pieces(statement: Statement) -> Iterator[Statement]:
    """The statement as it is sent: what is longer than one can hold goes on in `name+2`, `name+3`."""
    for number, piece in enumerate(pieces(statement.description), 1):
        yield Statement(statement.code if number == 1 else f"{statement.code}+{number}", piece)


def _row_statements(one: Plan, value: Any, placed: set[str]) -> Iterator[Statement]:
    row = one.row
    if not row.many:
        description, said = _described(one, value, row.path, placed)
        if said:
            yield Statement(row.code, description)
    elif isinstance(value, dict):
        yield from (Statement(row.code, f"{mark(key)}|{mark(said)}") for key, said in value.items())
    else:
        lines = [_described(one, said, f"{row.path}.{index}", placed) for index, said in enumerate(value)]
        if row.numbered:
            yield from (Statement(row.code, f"{number}|{text}") for number, (text, said) in enumerate(lines, 1) if said)
        elif row.sent is not Rows.IF_NEEDED or any(said for _, said in lines):
            if row.parts == ("",):  # plain codes: a statement with nothing in it is none
                lines = [_described(one, said, "", set()) for said in value]
            yield from (Statement(row.code, text) for text, _ in lines)


def _described(one: Plan, value: Any, path: str, placed: set[str]) -> tuple[str, bool]:
    """The parts between bars, and whether they say anything."""
    texts, said = [], False
    for part, first, way in one.parts:
        found = value.get(first) if first else value
        if found is not None and way:
            for step in way:
                found = found.get(step)
                if found is None:
                    break
        if found is None or (placed and not one.exact and (f"{path}.{part}" if part else path) in placed):
            texts.append("")
        else:
            texts.append(found if type(found) is str and found.isalnum() else _written(found))
            said = True
    return "|".join(texts), said


@lru_cache(maxsize=4096)
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split(".")) if path else ()


def _at(value: Any, path: str) -> Any:
    for step in _steps(path):
        value = value.get(step)
        if value is None:
            return None
    return value


def _written(value: Any) -> str:
    if type(value) is str:
        return mark(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return ",".join([_quantity(one) if isinstance(one, dict) else mark(one, in_list=True) for one in value])


def _quantity(one: dict[str, str]) -> str:
    unit, amount = one.get("unit"), one.get("value")
    said_unit = "" if unit is None else mark(unit, in_list=True)
    return f"{said_unit}={'' if amount is None else mark(amount, in_list=True)}"


def joined(statements: Iterable[Statement]) -> list[Statement]:
    """Statements with their continuations put together again. Raises Unreadable for one out of order."""
    found: list[tuple[Statement, list[str]]] = []
    for one in statements:
        code, plus, count = one.code.partition("+")
        if not plus:
            found.append((one, [one.description]))
        elif found and found[-1][0].code == code and count == str(len(found[-1][1]) + 1):
            found[-1][1].append(one.description)
        else:
            raise Unreadable(one, f"{one.code} does not follow the statement that it continues")
    return [one if len(parts) == 1 else one._replace(description="".join(parts)) for one, parts in found]


def read_into(plain: dict[str, Any], rows: tuple[Row, ...], statements: Iterable[Statement]) -> None:
    """Put what the statements say into the plain declaration or line; they go before the WCO elements."""
    by_code: dict[str, list[Statement]] = {}
    known = {row.code for row in rows}
    for one in joined(statements):
        if one.code not in known:
            raise Unreadable(one, f"there is no statement {one.code!r} here")
        by_code.setdefault(one.code, []).append(one)
    for row in rows:
        if row.code in by_code:
            (_read_list if row.many else _read_single)(plain, row, by_code[row.code])


def _read_single(plain: dict[str, Any], row: Row, ones: list[Statement]) -> None:
    if len(ones) > 1:
        raise Unreadable(ones[1], f"the statement {row.code} is there more than once")
    parts = _parts(row, ones[0], ones[0].description)
    if row.sent is Rows.TOGETHER or (row.parts is PARTY and parts[0]):
        _put(plain, row.path, {})  # the elements show a whole, or the party that this one is the same as
    for part, text in zip(row.parts, parts, strict=False):
        if text:
            _read_part(plain, row, part, f"{row.path}.{part}" if part else row.path, text, ones[0])


def _read_list(plain: dict[str, Any], row: Row, ones: list[Statement]) -> None:
    if row.path == "measures":
        plain["measures"] = dict(_measure(one) for one in ones)
        return
    before = [] if row.sent is Rows.WHOLE and not row.numbered else (_at(plain, row.path) or [])
    if not row.numbered and before and len(before) != len(ones):
        raise Unreadable(ones[0], f"there are {len(ones)} statements {row.code} for {len(before)} elements")
    elements = before or [None if row.parts == ("",) else {} for _ in ones]
    for index, one in enumerate(ones):
        position, description = index, one.description
        if row.numbered:
            number, _, description = description.partition("|")
            position = int(number) - 1 if number.isdecimal() and number.isascii() and len(number) < 6 else -1
        if not 0 <= position < len(elements):
            raise Unreadable(one, f"the statement {row.code} names no element that is there")
        for part, text in zip(row.parts, _parts(row, one, description), strict=False):
            if part:
                _read_part(elements[position], row, part, part, text, one)
            elif text:
                elements[position] = _meant(row, part, text, one)
    _put(plain, row.path, [one for one in elements if one is not None])


def _parts(row: Row, statement: Statement, description: str) -> list[str]:
    parts = description.split("|")
    if len(parts) > len(row.parts):
        raise Unreadable(statement, f"the statement {row.code} has more than {len(row.parts)} parts")
    return parts


def _read_part(into: dict[str, Any], row: Row, part: str, path: str, text: str, statement: Statement) -> None:
    if text == ABSENT:
        _put(into, path, None)
    elif text:
        _put(into, path, _meant(row, part, text, statement))


def _put(plain: dict[str, Any], path: str, value: Any) -> None:
    *way, last = _steps(path)
    for step in way:
        plain = plain.setdefault(step, {})
    plain[last] = value


def _meant(row: Row, part: str, text: str, statement: Statement) -> Any:
    kind = _KINDS[row.code, part]
    try:
        if kind == "bool":
            return _BOOLS[text]
        if kind == "codes":
            return [unmark(one) for one in text.split(",")]
        if kind == "quantities":
            return [_read_quantity(one) for one in text.split(",")]
        return int(text) if kind == "int" else unmark(text)
    except (KeyError, ValueError) as error:
        raise Unreadable(statement, f"{text[:60]!r} cannot be read in the statement {row.code}: {error}") from None


def _read_quantity(text: str) -> dict[str, str]:
    unit, equals, amount = text.partition("=")
    if not equals:
        raise ValueError("a quantity is UNIT=amount")
    return {name: unmark(said) for name, said in (("unit", unit), ("value", amount)) if said}


def _measure(one: Statement) -> tuple[str, str]:
    name, bar, amount = one.description.partition("|")
    with suppress(ValueError):
        if bar:
            return unmark(name), unmark(amount)
    raise Unreadable(one, "a measure is name|amount")


def _kind(info: Any, path: str) -> str:
    """How the member at this path is written: text, bool, int, codes or quantities."""
    for step in path.split("."):
        if isinstance(info, inspect.VarTupleType):
            info = info.item_type
        if step:
            info = _given(next(field.type for field in info.fields if field.encode_name == step))
    return _KIND_NAMES.get(type(info), "text") if not isinstance(info, inspect.VarTupleType) else _list_kind(info)


def _given(info: Any) -> Any:
    if isinstance(info, inspect.UnionType):
        return next(one for one in info.types if not isinstance(one, inspect.NoneType))
    return info


def _list_kind(info: inspect.VarTupleType) -> str:
    return "quantities" if isinstance(info.item_type, inspect.StructType) else "codes"


_KIND_NAMES: dict[Any, str] = {inspect.BoolType: "bool", inspect.IntType: "int"}


def _kinds(rows: tuple[Row, ...], info: Any) -> dict[tuple[str, str], str]:
    """The kind of each part. Of a list of codes with a row for each, one element is text."""
    found = {}
    for row in rows:
        for part in row.parts:
            single_code = row.many and not part
            found[row.code, part] = "text" if single_code else _kind(info, f"{row.path}.{part}" if part else row.path)
    return found


_DOCUMENT = inspect.type_info(Document)
_LINE = _given(next(field.type for field in _DOCUMENT.fields if field.encode_name == "items")).item_type  # type: ignore[attr-defined]  # a list, which has it
_KINDS = _kinds(HEADER, _DOCUMENT) | _kinds(ITEM, _LINE)
