"""Document order of JSON Pointers: members as the types list them, list entries by their index."""

from functools import cache, lru_cache
from typing import Any

from msgspec import inspect

from declarations.document import Document

Place = tuple[tuple[int, str], ...]
_DOCUMENT = inspect.type_info(Document)


@lru_cache(maxsize=8192)
def place_of(pointer: str) -> Place:
    """A key that sorts pointers in the order in which the document is read."""
    return _walk(pointer)[0]


@lru_cache(maxsize=8192)
def _walk(pointer: str) -> tuple[Place, Any]:
    """The key of a pointer, and the type of what stands there."""
    above, slash, token = pointer.rpartition("/")
    if not slash:
        return (), _DOCUMENT
    place, kind = _walk(above)
    position, below = _step(kind, token)
    return (*place, (position, token)), below


def _step(kind: Any, token: str) -> tuple[int, Any]:
    """Position of a token in its parent, and the type below it."""
    if isinstance(kind, inspect.StructType):
        return _members(kind.cls).get(token, (0, None))
    if isinstance(kind, inspect.VarTupleType) and token.isascii() and token.isdigit():
        return int(token), _plain(kind.item_type)
    if isinstance(kind, inspect.DictType):
        return 0, _plain(kind.value_type)
    return 0, None


@cache
def _members(part: type) -> dict[str, tuple[int, Any]]:
    """Position and type of each member of a part, by the name it is written under."""
    kind: Any = inspect.type_info(part)
    return {field.encode_name: (position, _plain(field.type)) for position, field in enumerate(kind.fields)}


def _plain(kind: Any) -> Any:
    """The type without `or None`."""
    if isinstance(kind, inspect.UnionType):
        return next((one for one in kind.types if not isinstance(one, inspect.NoneType)), None)
    return kind
