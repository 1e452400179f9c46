"""JSON Pointer to WCO pointer and back; numbers count in the document as filed."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from declarations.document import PARTY_ROLES, Document
from declarations.pointers.filed import at, members_of
from declarations.pointers.table import FIELDS, Field, find_field, shape

# Elements that say a member a second time, or a figure drawn from it.
ALIASES = {
    "42A/D014": "/entry_number", "42A/228": "/items", "42A/017": "/function",
    "42A/57B/R123": "/entry_number/filer_code", "42A/67A/99B/465": "/state_of_destination",
    "42A/67A/28A/10A/T034": "/transport/vessel_code",
    "42A/67A/68A/23A/50A/164": "/items/{item}/preference/program", "42A/67A/68A/23A/65A/130": "/items/{item}/tariffs",
}  # fmt: skip
_SEGMENT = re.compile(r"([0-9A-Z]{2,4})(?:\[([0-9]{1,5})\])?")
_PLACE = re.compile(r"([0-9A-Z]+)\[\{?(\w+|\*)\}?\]")
_NAME = re.compile(r"\{(\w+)\}")


class _Read(NamedTuple):
    """A WCO pointer taken apart: codes joined, and the number given for each section path."""

    key: str
    numbers: dict[str, int]


def to_wco(pointer: str, document: Document | None = None) -> str | None:
    """The WCO pointer of a member, None where there is no such member.

    A member that travels as national statement gives `.../03A/225` without a number, and so do
    sections shared by several lists while no document is given.
    """
    field = find_field(pointer)
    if field is None:
        return None
    template = field.wco or ("42A/67A/68A[{item}]/03A/225" if field.pointer.startswith("/items/") else "42A/03A/225")
    for part, number in zip(field.pointer.split("/"), pointer.split("/"), strict=False):
        if part.startswith("{") and number.isdigit():
            template = template.replace(f"[{part}]", f"[{int(number) + 1}]")
    return _with_shared_number(template, pointer, document) if "[*]" in template else template


def _with_shared_number(template: str, pointer: str, document: Document | None) -> str:
    if document is None:
        return template.replace("[*]", "")
    section = re.sub(r"\[.*?\]", "", template.partition("[*]")[0])
    bases = members_of(section, document, _line_of(pointer))
    number = next((n for n, one in enumerate(bases, 1) if pointer == one or pointer.startswith(f"{one}/")), None)
    return template.replace("[*]", f"[{number}]" if number else "")


def from_wco(text: str, document: Document) -> str | None:
    """The JSON Pointer that a WCO pointer means in this document as filed; None where it leads nowhere we know."""
    read = _take_apart(text)
    if read is None:
        return None
    shared = next((one for one in SHARED if read.key == one or read.key.startswith(f"{one}/")), None)
    if shared is not None:
        return _in_shared_section(read, shared, document)
    template = ALIASES.get(read.key) or _template(read.key)
    if template is None:
        return None
    found = _filled(template, read, document)
    return None if found is None else _followed(found, document)


def _take_apart(text: str) -> _Read | None:
    codes: list[str] = []
    numbers: dict[str, int] = {}
    for part in text.strip().strip("/").split("/"):
        match = _SEGMENT.fullmatch(part.strip())
        if match is None:
            return None
        codes.append(match[1])
        if match[2]:
            numbers["/".join(codes)] = int(match[2])
    return _Read("/".join(codes), numbers)


def _template(key: str) -> str | None:
    """The member with this tag, or what all members below this section have in common."""
    if key in BY_WCO:
        return BY_WCO[key][0].pointer
    below = [one.pointer.split("/") for name, ones in BY_WCO.items() if name.startswith(f"{key}/") for one in ones]
    if not below:
        return None
    common = []
    for parts in zip(*below, strict=False):
        if len(set(parts)) > 1:
            break
        common.append(parts[0])
    return "/".join(common)


def _filled(template: str, read: _Read, document: Document) -> str | None:
    """The template with numbers from the WCO pointer; a number left out is 1 where there is only one.

    A member of a line that the message says once for all lines (date of export) means the first line.
    """
    by_name = {NUMBERED[path]: number for path, number in read.numbers.items() if path in NUMBERED}
    expected = {name for path, name in NUMBERED.items() if read.key == path or read.key.startswith(f"{path}/")}
    pointer = template
    while match := _NAME.search(pointer):
        name, count = match[1], len(at(document, pointer[: match.start() - 1]) or ())
        number = by_name.get(name, 1 if name not in expected or count == 1 else 0)
        if not 1 <= number <= count:
            return None
        pointer = f"{pointer[: match.start()]}{number - 1}{pointer[match.end() :]}"
    return pointer


def _in_shared_section(read: _Read, section: str, document: Document) -> str | None:
    line = _filled("/items/{item}", read, document) if section.startswith("42A/67A/68A") else ""
    if line is None:
        return None
    bases = members_of(section, document, line)
    number = read.numbers.get(section, 1 if len(bases) == 1 else 0)
    if not 1 <= number <= len(bases):
        return None
    base, wanted = bases[number - 1], shape(bases[number - 1])
    for field in BY_WCO.get(read.key, ()):
        name = shape(field.pointer)
        if name == wanted or name.startswith(f"{wanted}/"):
            return base + name[len(wanted) :]
    return base


def _followed(pointer: str, document: Document) -> str:
    """A party that is the same as another is mended at the other."""
    parts = pointer.split("/")
    seen: set[str] = set()
    while parts[1:2] == ["parties"] and len(parts) > 3 and parts[2] not in seen:
        seen.add(parts[2])
        other = at(document, f"/parties/{parts[2]}/same_as")
        if other not in PARTY_ROLES:
            break
        parts[2] = other
    return "/".join(parts)


def _line_of(pointer: str) -> str:
    parts = pointer.split("/")
    return "/".join(parts[:3]) if parts[1:2] == ["items"] else ""


def _places() -> Iterator[tuple[str, str]]:
    """Each numbered section of the table: its path without numbers, and the name of its number."""
    for field in FIELDS:
        codes: list[str] = []
        for part in (field.wco or "").split("/"):
            match = _PLACE.fullmatch(part)
            codes.append(match[1] if match else part)
            if match:
                yield "/".join(codes), match[2]


def _by_tag() -> dict[str, list[Field]]:
    found: dict[str, list[Field]] = {}
    for field in FIELDS:
        if field.wco:
            found.setdefault(re.sub(r"\[.*?\]", "", field.wco), []).append(field)
    return found


NUMBERED = {path: name for path, name in _places() if name != "*"}
SHARED = tuple(sorted({path for path, name in _places() if name == "*"}))
BY_WCO = _by_tag()
