"""What differs between two documents, as people see it: a line that was taken out does not change those behind it."""

from difflib import SequenceMatcher
from typing import Any

import msgspec

from declarations.services.rewriting import differences


def differences_in_lines(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """Each difference; lines are compared with those that they were, wherever they stand now.

    A line that changed or went has the place that it had, one that came the place that it has. A program that puts the
    changes of a feed in place needs `rewriting.differences` instead, which go by place.
    """
    old, new = list(before.get("items", ())), list(after.get("items", ()))
    found = list(differences(_head(before), _head(after), ""))
    matcher = SequenceMatcher(None, [_mark(one) for one in old], [_mark(one) for one in new], autojunk=False)
    for kind, at, to, begin, end in matcher.get_opcodes():
        if kind == "equal":
            continue
        both = min(to - at, end - begin)
        for place in range(both):
            found += differences(_told(old[at + place]), _told(new[begin + place]), f"/items/{at + place}")
        found += [{"pointer": f"/items/{place}", "from": old[place], "to": None} for place in range(at + both, to)]
        found += [{"pointer": f"/items/{place}", "from": None, "to": new[place]} for place in range(begin + both, end)]
    return found


def _head(document: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in document.items() if name != "items"}


def _told(line: Any) -> Any:
    """The line without its number, which tells only where it stands."""
    return {name: one for name, one in line.items() if name != "sequence"} if isinstance(line, dict) else line


def _mark(line: Any) -> bytes:
    return msgspec.json.encode(_told(line), order="sorted")
