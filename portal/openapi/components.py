"""Types as schemas: what msgspec says of them, under short names, in the dialect of OpenAPI 3.1."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

Json = dict[str, Any]
REF = "#/components/schemas/"


class Components:
    """Schemas of all types of a description; `schema_of` refers to one of them."""

    def __init__(self, types: Iterable[Any]) -> None:
        kinds = list({repr(one): one for one in types}.values())
        refs, found = msgspec.json.schema_components(kinds, ref_template=REF + "{name}")
        names = _short(found)
        self.schemas: Json = {names[name]: _ours(one, names) for name, one in sorted(found.items())}
        self._of = {repr(kind): _ours(ref, names) for kind, ref in zip(kinds, refs, strict=True)}

    def schema_of(self, kind: Any) -> Json:
        """The schema of a type, mostly a reference."""
        if kind is bytes:
            return {"type": "string", "format": "binary"}
        return dict(self._of[repr(kind)])

    def patch_of(self, kind: Any) -> Json:
        """A merge patch of an object (RFC 7386): any of its members, null takes one out."""
        name = self.schema_of(kind)["$ref"].removeprefix(REF)
        patch = f"{name}Patch"
        words = f"Members of {name} to change. Objects are merged, lists replaced, and null takes a member out."
        members = {member: {"description": f"As in {name}, or null."} for member in self.schemas[name]["properties"]}
        self.schemas[patch] = {"title": patch, "description": words, "type": "object", "properties": members}
        return {"$ref": REF + patch}


def _short(found: Iterable[str]) -> dict[str, str]:
    """`module_path_Page_Summary_` becomes `PageOfSummary`; two of one name get the last part of their module."""
    short: dict[str, str] = {}
    for name in sorted(found):
        words = re.sub(r"\[(.*)\]", lambda part: "Of" + "And".join(_last(one) for one in part[1].split(",")), name)
        plain = _last(words) if "[" in name or "." in name else words.strip("_")
        plain = re.sub(r"_(\w+?)_?$", r"Of\1", plain)
        if plain in short.values():
            plain = "".join(part.capitalize() for part in name.split(".")[-2:-1]) + plain
        short[name] = plain
    return short


def _last(name: str) -> str:
    return name.strip().rpartition(".")[2]


def _ours(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _one(key, one, names) for key, one in value.items() if not (key == "required" and one == [])}
    if isinstance(value, list):
        return [_ours(one, names) for one in value]
    return value


def _one(key: str, value: Any, names: dict[str, str]) -> Any:
    if key == "$ref" and isinstance(value, str):
        return REF + names[value.removeprefix(REF)]
    if key == "pattern" and isinstance(value, str):
        return value.replace(r"\Z", "$")  # the end, in the words of ECMA 262
    return _ours(value, names)
