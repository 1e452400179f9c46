"""Document order of JSON Pointers: members as the types list them, list entries by their index."""

from functools import lru_cache
from typing import Any

from msgspec import inspect

from declarations.document import Document

Place = tuple[tuple[int, str], ...]
_DOCUMENT = inspect.type_info(Document)


@lru_cache(maxsize=8192)
def place_of(pointer: str) -> Place:
    """A key that sorts pointers in the order in which the document is read."""
    place: list[tuple[int, str]] = []
    kind: Any = _DOCUMENT
    for token in pointer.split("/")[1:]:
        position, kind = _step(kind, token)
        place.append((position, token))
    return tuple(place)


def _step(kind: Any, token: str) -> tuple[int, Any]:
    """Position of a token in its parent, and the type below it."""
    if isinstance(kind, inspect.StructType):
        for position, field in enumerate(kind.fields):
            if field.encode_name == token:
                return position, _plain(field.type)
    elif isinstance(kind, inspect.VarTupleType) and token.isascii() and token.isdigit():
        return int(token), _plain(kind.item_type)
    elif isinstance(kind, inspect.DictType):
        return 0, _plain(kind.value_type)
    return 0, None


def _plain(kind: Any) -> Any:
    """The type without `or None`."""
    if isinstance(kind, inspect.UnionType):
        return next((one for one in kind.types if not isinstance(one, inspect.NoneType)), None)
    return kind
