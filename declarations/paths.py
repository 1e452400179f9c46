"""Read and write a JSON value by a path such as `ports/entry`; drafts and forms keep to these. Pure."""

import copy
from collections.abc import Mapping
from typing import Any

EMPTY: tuple[Any, ...] = (None, "", [], {})


def at(value: Any, pointer: str) -> Any:
    """The member that the path leads to; None where there is none."""
    for part in pointer.split("/"):
        if isinstance(value, list):
            value = value[int(part)] if part.isdigit() and int(part) < len(value) else None
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
    return value


def put(value: dict[str, Any], pointer: str, wanted: Any) -> None:
    """The member at the path is as wanted; what is missing on the way is made."""
    *parents, last = pointer.split("/")
    here: Any = value
    for part, following in zip(parents, [*parents, last][1:], strict=True):
        if isinstance(here, list):
            here = _place(here, int(part))
            continue
        if not isinstance(here.get(part), dict | list):
            here[part] = [] if following.isdigit() else {}
        here = here[part]
    if isinstance(here, list):
        _place(here, int(last))
        here[int(last)] = wanted
    else:
        here[last] = wanted


def without_empty(value: Any) -> Any:
    """The value without members that say nothing."""
    if isinstance(value, Mapping):
        pairs = {name: without_empty(one) for name, one in value.items()}
        return {name: one for name, one in pairs.items() if one not in EMPTY}
    if isinstance(value, list):
        return [one for one in map(without_empty, value) if one not in EMPTY]
    return value


def duplicate(value: Any) -> Any:
    """A copy that may be changed."""
    return copy.deepcopy(value)


def _place(here: list[Any], number: int) -> Any:
    while len(here) <= number:
        here.append({})
    if here[number] is None:
        here[number] = {}
    return here[number]
