"""What is kept is sealed with the current key: what stood in clear, and what an older key sealed. In steps.

Each step is a short transaction of its own, so that others go on meanwhile, and a run that was stopped is begun
again. What is kept reads as before: digests and the trail's hashes are those of the text below the seal.
Run as the owner of the tables: the portal's own role may not write what is written once.
"""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Field, Model

from portal import keys, personal
from portal.accounts.models import Organization
from portal.records.models import Blob
from portal.records.services import is_kept_well, resealed
from portal.sealed import Sealed
from portal.trail.models import TrailEntry
from portal.trail.protection import lifted

AT_ONCE, BLOBS_AT_ONCE = 200, 50


def reseal() -> Iterator[tuple[str, int]]:
    """Everything is sealed with the current keys; gives each table and how many of its rows were written."""
    for model in apps.get_models():
        fields = [one for one in model._meta.concrete_fields if isinstance(one, Sealed)]
        if fields and not model._meta.proxy:
            yield model._meta.db_table, _in_steps(model, fields)
    yield Blob._meta.db_table, _blobs()
    yield f"{Organization._meta.db_table}, index", _indexes()


def _in_steps(model: type[Model], fields: "Sequence[Field[Any, Any]]") -> int:
    done = last = 0
    while True:
        stale, seen = _stale(model, fields, last)
        if stale:
            done += _write(model, fields, stale)
        if seen is None:
            return done
        last = seen


def _stale(model: type[Model], fields: "Sequence[Field[Any, Any]]", after: int) -> tuple[list[int], int | None]:
    """Keys of the rows of a step that are to be written, and the last key that was looked at; None at the end."""
    names = ", ".join(f'"{one.column}"' for one in fields)
    text = f'SELECT id, {names} FROM "{model._meta.db_table}" WHERE id > %s ORDER BY id LIMIT {AT_ONCE}'  # noqa: S608  (names from the model)
    with connection.cursor() as cursor:
        cursor.execute(text, [after])
        rows = cursor.fetchall()
    stale = [key for key, *values in rows if any(_is_stale(one) for one in values)]
    return stale, rows[-1][0] if len(rows) == AT_ONCE else None


def _is_stale(value: Any) -> bool:
    if value is None:
        return False
    raw = value.encode() if isinstance(value, str) else bytes(value)
    return personal.is_in_clear(raw) or bool(personal.sealed_with(raw) - {keys.current_key(personal.PURPOSE).id})


@transaction.atomic
def _write(model: type[Model], fields: "Sequence[Field[Any, Any]]", stale: list[int]) -> int:
    with lifted() if model is TrailEntry else contextlib.nullcontext():
        rows = list(model._default_manager.select_for_update(of=("self",)).filter(pk__in=stale))
        for row in rows:
            written = {one.name: getattr(row, one.attname) for one in fields}
            model._default_manager.filter(pk=row.pk).update(**written)
    return len(rows)


def _blobs() -> int:
    left: list[str] = []
    done = last = 0
    while True:
        current = keys.current_key(personal.PURPOSE).id
        step = list(Blob.objects.filter(pk__gt=last).exclude(key_id=current).order_by("pk")[:BLOBS_AT_ONCE])
        for one in step:
            if is_kept_well(one):
                continue
            with transaction.atomic():
                row = Blob.objects.select_for_update().get(pk=one.pk)
                fresh = resealed(row)
                Blob.objects.filter(pk=row.pk).update(data=fresh.data, file=fresh.file, key_id=fresh.key_id)
            done += 1
            left += [row.file] if row.file not in ("", fresh.file) else []
        if len(step) < BLOBS_AT_ONCE:
            break
        last = step[-1].pk
    for name in left:  # last, so that whoever read its name before has read the file too
        default_storage.delete(name)
    return done


def _indexes() -> int:
    done = 0
    rows = Organization.objects.exclude(number_index="").order_by("pk")
    for pk, number, index in rows.values_list("pk", "importer_number", "number_index"):
        if personal.index_of(number) == index:
            continue
        with transaction.atomic():
            row = Organization.objects.select_for_update(of=("self",)).get(pk=pk)
            fresh = personal.index_of(row.importer_number)
            done += Organization.objects.filter(pk=pk).update(number_index=fresh)
    return done
