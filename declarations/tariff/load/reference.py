"""Loading fees, programs, origins, exchange rates and retired numbers."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import InvalidOperation
from pathlib import Path
from typing import NamedTuple

from django.db import models, transaction

from declarations.tariff.load import codes, exchange, reference_rows
from declarations.tariff.load.files import FileNotUnderstood, Source, csv_header, read_source
from declarations.tariff.load.overlap import Span, refuse_overlaps
from declarations.tariff.models import (
    ExchangeRate,
    FeeSchedule,
    NoteRate,
    OriginStatus,
    PreferenceProgram,
    ReferenceSet,
    RetiredNumber,
)

BATCH = 1000
NO_DAY = re.compile(r"isoformat string: '(.*)'")


class Kind(NamedTuple):
    """A layout by its columns: what it holds, its reader, and the members that make a row one of its kind."""

    columns: tuple[str, ...]
    kind: str
    read: Callable[[Source], Iterator[models.Model]]
    key: tuple[str, ...]


KINDS = (
    Kind(reference_rows.FEES, "fees", reference_rows.fees, ("fee_class",)),
    Kind(reference_rows.PUBLISHED_FEES, "fees", reference_rows.published_fees, ("fee_class",)),
    Kind(reference_rows.PROGRAMS, "programs", reference_rows.programs, ("code",)),
    Kind(reference_rows.PUBLISHED_PROGRAMS, "programs", reference_rows.published_programs, ("code",)),
    Kind(reference_rows.ORIGINS, "origins", reference_rows.origins, ("country", "status")),
    Kind(exchange.SPANS, "exchange", exchange.spans, ("currency",)),
    Kind(exchange.DAILY, "exchange", exchange.daily, ("currency",)),
    Kind(reference_rows.NOTES, "notes", reference_rows.notes, ("number", "column")),
    Kind(reference_rows.RETIRED, "retired", reference_rows.retired, ()),
)


def load_reference(*, path: Path, now: datetime, source: str = "file") -> tuple[ReferenceSet, bool]:
    """The set of a file is there; the flag says whether this call loaded it. For code lists see `load_codes`.

    The same content is the same set and changes nothing; rows of one key that share a day raise LoadOverlap;
    other layouts raise FileNotUnderstood. One transaction.
    """
    content = read_source(path)
    kind = _kind(content)
    with transaction.atomic():
        known = ReferenceSet.objects.filter(kind=kind.kind, source=source, sha256=content.sha256).first()
        if known is not None:
            return known, False
        rows = _read(kind, content)
        if kind.key:
            refuse_overlaps((_span(kind, one) for one in rows), f"The row of {kind.kind}")
        made = ReferenceSet.objects.create(
            kind=kind.kind,
            source=source,
            name=content.name,
            sha256=content.sha256,
            effective_from=min(_first(one) for one in rows),
            loaded_at=now,
        )
        for one in rows:
            one.reference_set = made  # type: ignore[attr-defined]  # each of these models has it
        type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)
        return made, True


def reference_layouts() -> list[str]:
    """The layouts that are understood, code lists among them, in words."""
    return [f"{one.kind} ({', '.join(one.columns)})" for one in KINDS] + list(codes.layouts())


def _kind(content: Source) -> Kind:
    header = set(csv_header(content))
    found = next((one for one in KINDS if set(one.columns) <= header), None)
    if found is None:
        raise FileNotUnderstood(f"{content.name} is in no layout of reference data known here.", file=content.name)
    return found


def _read(kind: Kind, content: Source) -> list[models.Model]:
    try:
        rows = list(kind.read(content))
    except (ValueError, KeyError, InvalidOperation) as error:
        words = f"{content.name} holds a row that cannot be read: {_why(error)}."
        raise FileNotUnderstood(words, file=content.name) from error
    if not rows:
        raise FileNotUnderstood(f"{content.name} holds no row.", file=content.name)
    return rows


def _why(error: Exception) -> str:
    """What is wrong with a row, for a person."""
    if isinstance(error, InvalidOperation):
        return "a number is not written as 1234.50"
    if isinstance(error, KeyError):
        return f"it has no cell for {error}"
    told = NO_DAY.search(str(error))
    return f"“{told[1]}” is not a day written as 2026-06-08" if told else str(error)


def _span(kind: Kind, row: models.Model) -> Span:
    key = tuple(getattr(row, one) for one in kind.key)
    return Span(key, _first(row), getattr(row, "effective_to", None))


def _first(row: models.Model) -> date:
    found: date = row.ended_on if isinstance(row, RetiredNumber) else row.effective_from  # type: ignore[attr-defined]  # the other kinds have it
    return found


__all__ = [
    "ExchangeRate",
    "FeeSchedule",
    "NoteRate",
    "OriginStatus",
    "PreferenceProgram",
    "load_reference",
    "reference_layouts",
]
