"""Rows of a schedule from each layout it is published in: JSON export, CSV export, and our own CSV."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from declarations.tariff.load.files import FileNotUnderstood, Source, csv_header, csv_rows

TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
OFFICIAL = ("HTS Number", "Indent", "Description", "Unit of Quantity")
OWN = ("hts_number", "indent", "description", "units", "general", "special", "column2")


class RawRow(NamedTuple):
    """One printed row."""

    number: str
    indent: int
    superior: bool
    description: str
    units: tuple[str, ...]
    general: str
    special: str
    column2: str


def schedule_rows(source: Source) -> list[RawRow]:
    """All rows in schedule order. Raises FileNotUnderstood where the layout is none of the three."""
    text = source.text.lstrip()
    if text.startswith(("[", "{")):
        rows = list(_from_json(source))
    else:
        header = csv_header(source)
        if set(OFFICIAL) <= set(header):
            rows = list(_from_official(csv_rows(source), source))
        elif set(OWN) <= set(header):
            rows = list(_from_own(csv_rows(source), source))
        else:
            raise FileNotUnderstood(
                f"{source.name} is no schedule: its columns are {', '.join(header[:8])}.", file=source.name
            )
    if not any(row.number for row in rows):
        raise FileNotUnderstood(f"{source.name} holds no tariff number.", file=source.name)
    return rows


def _from_json(source: Source) -> Iterator[RawRow]:
    try:
        value = json.loads(source.text)
    except ValueError as error:
        raise FileNotUnderstood(f"{source.name} is damaged JSON: {error}.", file=source.name) from error
    if isinstance(value, dict):
        value = next((one for one in value.values() if isinstance(one, list)), [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise FileNotUnderstood(f"{source.name} is not a list of tariff rows.", file=source.name)
    for row in value:
        units = row.get("units")
        yield RawRow(
            number=_text(row.get("htsno")),
            indent=_indent(row.get("indent"), source),
            superior=_text(row.get("superior")).lower() in ("true", "1"),
            description=_text(row.get("description")),
            units=_units([_text(one) for one in units] if isinstance(units, list) else [_text(units)]),
            general=_text(row.get("general")),
            special=_text(row.get("special")),
            column2=_text(row.get("other")),
        )


def _from_official(rows: Iterable[dict[str, str]], source: Source) -> Iterator[RawRow]:
    for row in rows:
        yield RawRow(
            number=_text(row.get("HTS Number")),
            indent=_indent(row.get("Indent"), source),
            superior=not row.get("HTS Number"),
            description=_text(row.get("Description")),
            units=_units(_listed(row.get("Unit of Quantity", ""))),
            general=_text(row.get("General Rate of Duty")),
            special=_text(row.get("Special Rate of Duty")),
            column2=_text(row.get("Column 2 Rate of Duty")),
        )


def _from_own(rows: Iterable[dict[str, str]], source: Source) -> Iterator[RawRow]:
    for row in rows:
        yield RawRow(
            number=_text(row.get("hts_number")),
            indent=_indent(row.get("indent"), source),
            superior=row.get("superior", "").lower() in ("1", "true"),
            description=_text(row.get("description")),
            units=_units(row.get("units", "").split("|")),
            general=_text(row.get("general")),
            special=_text(row.get("special")),
            column2=_text(row.get("column2")),
        )


def _listed(text: str) -> list[str]:
    """A cell that holds one unit, or a JSON list of them."""
    if text.startswith("["):
        try:
            found = json.loads(text)
        except ValueError:
            return [text.strip("[]").replace('"', "")]
        return [_text(one) for one in found] if isinstance(found, list) else [_text(found)]
    return re.split(r"[|;]", text)


def _units(listed: list[str]) -> tuple[str, ...]:
    return tuple(one.strip() for one in listed if one and one.strip())


def _indent(value: Any, source: Source) -> int:
    try:
        return int(str(value).strip() or 0)
    except ValueError:
        raise FileNotUnderstood(f"{source.name}: {value!r} is no indent.", file=source.name) from None


def _text(value: Any) -> str:
    """Plain text of a cell: tags out, blanks squeezed."""
    if value is None:
        return ""
    return " ".join(TAG.sub("", str(value)).split())
