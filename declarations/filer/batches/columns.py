"""Headings of a table of declarations: each is the path of a member, as `ports/entry` or `items/origin_country`."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from msgspec import inspect

from declarations.decoding import Fault
from declarations.document import Document
from declarations.filer.batches.refusing import BatchRefused

OWN = "functional_reference_id"
ITEMS = "items"
MOST_COLUMNS = 500
MOST_PLACES = 50  # of a list, as the 7 of items/fees/7/code
YES, NO = ("yes", "true", "1"), ("no", "false", "0")


class Column(NamedTuple):
    """A column: its heading, the path below the declaration or the line, how its cells are read."""

    name: str
    pointer: str
    of_item: bool
    kind: str  # text, bool, int


class CellRefused(ValueError):
    """A cell that cannot be read; the text says why."""


def columns_of(names: Sequence[str]) -> list[Column | None]:
    """The columns of these headings, None where a column has none. Raises BatchRefused with every fault."""
    while names and not names[-1].strip():
        names = names[:-1]
    if len(names) > MOST_COLUMNS:
        raise BatchRefused(f"There are {len(names):,} columns; a table has at most {MOST_COLUMNS}.")
    headings = [one.strip().lstrip("/") for one in names]
    faults = list(_faults(headings))
    if faults:
        raise BatchRefused(*faults)
    return [_column(one) if one else None for one in headings]


def read(column: Column, text: str) -> Any:
    """The value of a cell that says something. Raises CellRefused."""
    if text[0] in "=@":
        raise CellRefused("A formula is not taken: send its value.")
    if column.kind == "bool":
        word = text.lower()
        if word not in YES + NO:
            raise CellRefused("Write yes or no.")
        return word in YES
    if column.kind == "int":
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise CellRefused("Write a whole number.")
        return int(text)
    if column.pointer.endswith("hts_number"):
        return text.replace(".", "").replace(" ", "")
    return text


def fault_at(column: Column, line: int, item: int, words: str) -> Fault:
    """A fault of a cell: its row of the file, its column, and the member that it fills."""
    pointer = f"/{ITEMS}/{item}/{column.pointer}" if column.of_item else f"/{column.pointer}"
    return Fault("DOC-CELL", pointer, f"Row {line}, column {column.name}: {words}")


def _faults(headings: list[str]) -> Iterator[str]:
    for place, name in enumerate(headings, start=1):
        if name and _column(name) is None:
            yield f"Column {place}: there is no member {name[:80]!r} that one cell could hold."
        elif name and headings.index(name) != place - 1:
            yield f"Column {place}: the heading {name[:80]!r} stands twice."
    if OWN not in headings:
        yield f"The column {OWN} is missing: rows that have it in common are one declaration."


@lru_cache(maxsize=2048)
def _column(name: str) -> Column | None:
    of_item = name.startswith(f"{ITEMS}/")
    pointer = name.removeprefix(f"{ITEMS}/") if of_item else name
    kind = inspect.type_info(Document)
    parts = pointer.split("/")
    if of_item:
        kind = _below(_below(kind, ITEMS), "0")
    for part in parts:
        kind = _below(kind, part)
    leaf = _given(kind)
    if isinstance(leaf, inspect.BoolType):
        return Column(name, pointer, of_item, "bool")
    if isinstance(leaf, inspect.IntType):
        return Column(name, pointer, of_item, "int")
    return Column(name, pointer, of_item, "text") if isinstance(leaf, inspect.StrType) else None


def _below(kind: Any, part: str) -> Any:
    kind = _given(kind)
    if isinstance(kind, inspect.StructType):
        return next((one.type for one in kind.fields if one.encode_name == part), None)
    if isinstance(kind, inspect.VarTupleType):
        fits = part.isascii() and part.isdigit() and len(part) <= 2 and int(part) < MOST_PLACES
        return kind.item_type if fits else None
    if isinstance(kind, inspect.DictType):
        return kind.value_type if part and len(part) <= 40 else None
    return None


def _given(kind: Any) -> Any:
    """The type without `or None`."""
    if isinstance(kind, inspect.UnionType):
        return next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    return kind
