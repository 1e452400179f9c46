"""Columns that lists show and filter on, read off what the filer wrote: they follow it, never lead it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from declarations.models import Declaration, GoodsItem
from declarations.paths import at


def mirror_header(row: Declaration) -> None:
    """The columns of the declaration are as its header says."""
    row.entry_type = (row.header.get("entry_type") or "")[:2]
    row.functional_reference_id = (row.header.get("functional_reference_id") or "")[:18]
    row.port_of_entry = (at(row.header, "ports/entry") or "")[:4]
    row.arrives_on = _day(at(row.header, "dates/estimated_arrival") or at(row.header, "dates/import"))


def mirror_item(item: GoodsItem) -> None:
    """The columns of the line are as its content says."""
    for name, value in mirrored(item.content).items():
        setattr(item, name, value)


def mirrored(content: Mapping[str, Any]) -> dict[str, str]:
    """The columns of a line with this content, by name."""
    tariffs = content.get("tariffs") or []
    plain = [one.get("hts_number") or "" for one in tariffs if one.get("role") in (None, "classification")]
    return {
        "hts_number": (plain[0] if plain else "")[:10],
        "description": (content.get("description") or "")[:120],
        "origin_country": (content.get("origin_country") or "")[:2],
    }


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
