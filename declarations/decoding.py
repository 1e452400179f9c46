"""From bytes to a document: one fast pass, and on failure a slow one that lists every fault."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

from declarations.document import Document
from declarations.document.canonical import DECIMAL_MEMBERS
from portal.errors import DomainError
from portal.money import is_decimal

MAX_BYTES = 8_000_000
MAX_FAULTS = 200
MAX_DEPTH = 50
WHOLE_DIGITS = 18
TOO_DEEP = "The nesting is too deep."


class Fault(NamedTuple):
    """One thing that cannot be read: a code, where, and the words for a person, with {names} for its values."""

    code: str
    pointer: str
    words: str
    values: Mapping[str, object] = {}

    @property
    def message(self) -> str:
        """The words with their values."""
        return self.words.format_map(self.values) if self.values else self.words


class DocumentRefused(DomainError):
    """The bytes are not a declaration; `faults` lists all reasons with their pointers."""

    code = "DOCUMENT_REFUSED"
    status = 422

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{one.pointer or '/'}: {one.message}" for one in faults[:5]))
        self.faults = tuple(faults[:MAX_FAULTS])


TWICE = "The member {names} is given twice in one object."


class Duplicate(ValueError):
    """A member given twice in one object."""

    def __init__(self, names: str) -> None:
        super().__init__(TWICE.format(names=names))
        self.names = names


# Escaped control characters and surrogates, and digit runs beyond 15: rare, so only then the value is walked.
_ESCAPED = re.compile(rb"\\u(00[01]|[dD][89a-fA-F])")
_DIGITS = bytes(ord("0") if chr(one) in "0123456789." else ord(" ") for one in range(256))
_LONG_RUN = b"0" * 16
_DATES = re.compile(r'"([0-9]{4}-[0-9]{2}-[0-9]{2})"')


def decode(raw: bytes, *, max_bytes: int = MAX_BYTES) -> Document:
    """A document from JSON bytes. Raises DocumentRefused with every fault found."""
    value = _parse(raw, max_bytes)
    try:
        found = msgspec.json.decode(raw, type=Document)
    except (msgspec.DecodeError, RecursionError):
        raise _refusal(value) from None
    if _look_closer(raw) or not all(map(_is_real_date, set(_DATES.findall(raw.decode())))):
        faults = list(_value_faults(value, "", ""))
        if faults:
            raise DocumentRefused(faults)
    return with_lines_apart(found)


def decode_value(value: Any) -> Document:
    """A document from a JSON value that was parsed already. Raises DocumentRefused."""
    try:
        found = msgspec.convert(value, Document)
    except (msgspec.ValidationError, RecursionError):
        raise _refusal(value) from None
    if _is_suspect(value):
        faults = list(_value_faults(value, "", ""))
        if faults:
            raise DocumentRefused(faults)
    return found


def with_lines_apart(document: Document) -> Document:
    """The document, where no two lines say that they are the same one. Raises DocumentRefused naming all of them."""
    given = Counter(item.sequence for item in document.items if item.sequence is not None)
    if len(given) < given.total():
        raise DocumentRefused(
            [
                Fault(
                    "DOC-LINE",
                    f"/items/{place}/sequence",
                    "Several lines have the number {number}.",
                    {"number": item.sequence},
                )
                for place, item in enumerate(document.items)
                if item.sequence is not None and given[item.sequence] > 1
            ]
        )
    return document


def _look_closer(raw: bytes) -> bool:
    """Something may be in it that only a walk over the value finds."""
    return (b"\\u" in raw and _ESCAPED.search(raw) is not None) or _LONG_RUN in raw.translate(_DIGITS)


def _is_suspect(value: Any) -> bool:
    """Something may be in it that the types let through: only then is every member walked."""
    try:
        raw = msgspec.json.encode(value)
    except (ValueError, TypeError):  # half a surrogate pair, or what no JSON parser gives
        return True
    return _look_closer(raw) or not all(map(_is_real_date, set(_DATES.findall(raw.decode()))))


def _refusal(value: Any) -> DocumentRefused:
    return DocumentRefused(list(faults_of(value)) or [Fault("DOC-SHAPE", "", "This is not a declaration.")])


def faults_of(value: Any) -> Iterator[Fault]:
    """Every fault of a JSON value, in reading order: unknown members, wrong kinds, impossible values."""
    yield from _type_faults(value, inspect.type_info(Document), "")
    yield from _value_faults(value, "", "")


def text_faults(value: Any) -> Iterator[Fault]:
    """Texts in a JSON value that hold what cannot be printed."""
    return (one for one in _value_faults(value, "", "") if one.code == "DOC-TEXT")


def _parse(raw: bytes, max_bytes: int) -> Any:
    if len(raw) > max_bytes:
        raise DocumentRefused(
            [Fault("DOC-SIZE", "", "The declaration is larger than {most} bytes.", {"most": f"{max_bytes:,}"})]
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise DocumentRefused([Fault("DOC-ENCODING", "", "The text is not UTF-8.")]) from None
    if text.startswith("\ufeff"):
        raise DocumentRefused([Fault("DOC-ENCODING", "", "Leave out the byte order mark at the start.")])
    try:
        return parse_json(text)
    except Duplicate as error:
        raise DocumentRefused([duplicate_fault(error)]) from None
    except RecursionError:
        raise DocumentRefused([Fault("DOC-DEPTH", "", TOO_DEEP)]) from None
    except ValueError as error:
        raise DocumentRefused([json_fault(error)]) from None


def parse_json(text: str) -> Any:
    """A JSON value as people give it: no member twice, no number that is none.

    Raises ValueError (see `why_not_json`), among them Duplicate, and RecursionError.
    """
    return json.loads(
        text,
        object_pairs_hook=_members,
        parse_constant=_refuse_constant,
        parse_float=_Number,
        parse_int=lambda digits: int(digits) if len(digits) <= WHOLE_DIGITS else _Number(digits),
    )


def why_not_json(error: Exception) -> str:
    """What is wrong with a text that is not JSON, for a person, with the place where it shows."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if not isinstance(error, json.JSONDecodeError):
        return str(error)
    return f"{_told(error)} (line {error.lineno}, column {error.colno})"


def json_fault(error: Exception) -> Fault:
    """What is wrong with a text that is not JSON, as a fault."""
    if isinstance(error, json.JSONDecodeError):
        place = {"line": error.lineno, "column": error.colno}
        return Fault("DOC-JSON", "", f"This is not JSON: {_told(error)} (line {{line}}, column {{column}}).", place)
    if isinstance(error, Duplicate):
        return duplicate_fault(error)
    return Fault("DOC-JSON", "", "This is not JSON: {why}.", {"why": why_not_json(error)})


def duplicate_fault(error: Duplicate) -> Fault:
    """A member that is given twice, as a fault."""
    return Fault("DOC-DUPLICATE", "", TWICE, {"names": error.names})


def _told(error: json.JSONDecodeError) -> str:
    return next((words for begin, words in _JSON_WORDS if error.msg.startswith(begin)), "it cannot be read")


_JSON_WORDS = (
    ("Expecting value", "a value is missing or is not written as JSON has it"),
    ("Expecting property name", "the name of a member in quotation marks is expected"),
    ("Expecting ':'", "a colon is expected"),
    ("Expecting ','", "a comma or a closing bracket is expected"),
    ("Extra data", "the value ends and something follows it"),
    ("Unterminated string", "a text begins here and its closing quotation mark is missing"),
    ("Invalid control character", "a text holds a line break or another character that cannot be printed"),
    ("Invalid \\", "a backslash is followed by what JSON does not know"),
)


class _Number:
    """A number with a fraction or many digits: never read, since amounts are text, so never rounded either."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number of JSON")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise Duplicate(", ".join(twice))
    return found


def _type_faults(value: Any, kind: Any, pointer: str) -> Iterator[Fault]:  # noqa: C901  (one branch a kind)
    if isinstance(kind, inspect.UnionType):
        if value is not None:
            yield from _type_faults(value, next(k for k in kind.types if not isinstance(k, inspect.NoneType)), pointer)
    elif isinstance(kind, inspect.StructType):
        yield from _struct_faults(value, kind, pointer)
    elif isinstance(kind, inspect.VarTupleType):
        if not isinstance(value, list):
            yield Fault("DOC-KIND", pointer, "A list is expected here.")
            return
        if kind.max_length is not None and len(value) > kind.max_length:
            counts = {"most": kind.max_length, "count": len(value)}
            yield Fault("DOC-COUNT", pointer, "At most {most} are allowed here; there are {count}.", counts)
        for index, one in enumerate(value[:1000]):
            yield from _type_faults(one, kind.item_type, f"{pointer}/{index}")
    elif isinstance(kind, inspect.DictType):
        if not isinstance(value, dict):
            yield Fault("DOC-KIND", pointer, "An object is expected here.")
            return
        for key, one in value.items():
            yield from _type_faults(one, kind.value_type, f"{pointer}/{escaped(key)}")
    elif isinstance(kind, inspect.BoolType):
        if not isinstance(value, bool):
            yield Fault("DOC-KIND", pointer, "true or false is expected here.")
    elif isinstance(kind, inspect.IntType):
        if isinstance(value, bool) or not isinstance(value, int):
            yield Fault("DOC-KIND", pointer, "A whole number is expected here.")
    elif isinstance(kind, inspect.StrType):
        yield from _text_faults(value, kind, pointer)


def _struct_faults(value: Any, kind: inspect.StructType, pointer: str) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault("DOC-KIND", pointer, "An object is expected here.")
        return
    known = {field.encode_name: field.type for field in kind.fields}
    for name, one in value.items():
        where = f"{pointer}/{escaped(name)}"
        if name not in known:
            yield no_such_member(name, where)
        elif one is not None:
            yield from _type_faults(one, known[name], where)


def _text_faults(value: Any, kind: inspect.StrType, pointer: str) -> Iterator[Fault]:
    if not isinstance(value, str):
        yield Fault("DOC-KIND", pointer, "Text in quotation marks is expected here, for amounts and dates too.")
        return
    if kind.max_length is not None and len(value) > kind.max_length:
        counts = {"most": kind.max_length, "count": len(value)}
        yield Fault("DOC-LENGTH", pointer, "At most {most} characters are allowed; there are {count}.", counts)
    elif kind.pattern and "{4}-" in kind.pattern and not _is_date_shape(value):
        yield Fault("DOC-DATE", pointer, "A date is written as 2026-11-24.")
    elif kind.pattern and ":" in kind.pattern and not re.fullmatch(kind.pattern.removesuffix(r"\Z"), value):
        yield Fault("DOC-TIME", pointer, "A time of day is written as 14:30, from 00:00 to 23:59.")
    elif (
        kind.pattern
        and "{4,10}" in kind.pattern
        and not (value.isascii() and value.isdigit() and 4 <= len(value) <= 10)
    ):
        yield Fault("DOC-NUMBER", pointer, "A tariff number is 4 to 10 digits, without dots.")


def _value_faults(value: Any, pointer: str, name: str, depth: int = 0) -> Iterator[Fault]:
    """What the types cannot say: real dates, at most 15 digits, no control characters."""
    if depth > MAX_DEPTH:
        yield Fault("DOC-DEPTH", pointer, TOO_DEEP)
    elif isinstance(value, dict):
        inner = "measures." if name == "measures" else ""
        for key, one in value.items():
            yield from _value_faults(one, f"{pointer}/{escaped(key)}", inner or key, depth + 1)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _value_faults(one, f"{pointer}/{index}", name, depth + 1)
    elif isinstance(value, str):
        if not value.isprintable() and _has_controls(value):
            yield Fault("DOC-TEXT", pointer, "The text holds a character that cannot be printed.")
        elif name in DECIMAL_MEMBERS and not is_decimal(value) and not _is_basis_word(name, value):
            yield Fault("DOC-DECIMAL", pointer, "An amount is plain digits, at most 15, with a point: 1234.50")
        elif name in DATE_MEMBERS and _is_date_shape(value) and not _is_real_date(value):  # its form is told elsewhere
            yield Fault("DOC-DATE", pointer, "There is no such day.")


DATE_MEMBERS = frozenset(
    {
        "estimated_arrival", "import", "estimated_entry", "entry_date_election", "accepted_date", "date",
        "statement_print_date", "blanket_from", "blanket_to", "export_date", "rate_date", "privileged_date",
    }
)  # fmt: skip


def _is_basis_word(name: str, value: str) -> bool:
    """`basis` is an amount under `ir_tax` and a word under `exchange` and `preference`."""
    return name == "basis" and value.isidentifier()


def _has_controls(value: str) -> bool:
    return any(ch < " " and ch not in "\t\n\r" for ch in value) or any("\ud800" <= ch <= "\udfff" for ch in value)


def _is_date_shape(value: str) -> bool:
    return len(value) == 10 and value[4] == value[7] == "-" and value.isascii() and value.replace("-", "").isdigit()


def _is_real_date(value: str) -> bool:
    if not _is_date_shape(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def escaped(name: str) -> str:
    """The name of a member as it stands in a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def no_such_member(name: str, pointer: str) -> Fault:
    """A member that is not known where it stands, as a fault."""
    return Fault("DOC-MEMBER", pointer, "There is no member called {name} here.", {"name": repr(name[:60])})
