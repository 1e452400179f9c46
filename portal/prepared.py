"""Statements whose text is made once: for the few that every filing runs.

Django builds the text of a statement anew each time, which costs more than running it. Here the text is
made from the model once and kept. Values still pass through the model's fields, both ways, so both
engines hold and give what the ORM would. Conditions are equalities; anything else is a query set's work.

`add` and `add_all` are an INSERT of what stands in the model object, and no more. A field's Python `default` is
there, since the object was made with it. What `create()` would do on saving is not done: fields do not work on
their values first (`auto_now` and `auto_now_add` have none, a file is not stored), no `db_default` (its mark is no
value for a statement), no expression as a value (see `Sql`), no generated column left out, no check that related
rows were saved, no `save()` of the model and no signals; and a key that the row was given is passed over, the
database gives one, or `reserve` gave it before. A model that needs any of these is made by `create()`.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection
from django.db.models import Field, Model

ROWS_AT_ONCE = 200
MOST_NAMED = 300  # values of a statement that the server keeps by name
MOST_NAMES = 400  # of a connection
LOCK_NUMBER = "SELECT pg_advisory_xact_lock(%s)"
M = TypeVar("M", bound=Model)


class Sql(NamedTuple):
    """A value that the database works out: an expression with its parameters."""

    text: str
    params: tuple[Any, ...] = ()


def add(row: Model, *, key: int | None = None, **worked_out: Sql) -> None:
    """The new row stands in its table and has its key, and the values that the database worked out.

    With a `key` from `reserve` it has that one. Within `together` nothing is read back: no key but a given one.
    """
    model = type(row)
    fields, columns = _columns(model)
    marks: list[str] = []
    values: list[Any] = []
    if key is not None:
        columns, row.pk = f'"id", {columns}', key
        marks.append("%s")
        values.append(key)
    for field in fields:
        said = worked_out.get(field.attname)
        marks.append(said.text if said else "%s")
        values.extend(said.params if said else (field.get_db_prep_save(getattr(row, field.attname), connection),))
    text = f"INSERT INTO {_table(model)} ({columns}) VALUES ({', '.join(marks)})"  # noqa: S608  (names of the model)
    if not _put_off(text, values):
        given = ("id", *worked_out)
        names = ", ".join(_name(model, name) for name in given)
        with connection.cursor() as cursor:
            execute(cursor, f"{text} RETURNING {names}", values)
            found = cursor.fetchone()
        for name, value in zip(given, found, strict=True):
            setattr(row, name, value)
    _mark_saved(row)


def add_all(rows: Iterable[Model], *, unless_there: bool = False) -> None:
    """The new rows stand in their table, without their keys; a row that is there already may be left as it is."""
    waiting, tail = iter(rows), " ON CONFLICT DO NOTHING" if unless_there else ""
    while batch := list(islice(waiting, ROWS_AT_ONCE)):
        model = type(batch[0])
        fields, columns = _columns(model)
        marks = ", ".join(["(" + ", ".join(["%s"] * len(fields)) + ")"] * len(batch))
        text = f"INSERT INTO {_table(model)} ({columns}) VALUES {marks}{tail}"  # noqa: S608  (names of the model)
        values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in batch for field in fields]
        run(text, values)
        for row in batch:
            _mark_saved(row)


def run(text: str, values: Sequence[Any]) -> None:
    """The statement is run, or put off to the end of `together`."""
    if not _put_off(text, values):
        with connection.cursor() as cursor:
            execute(cursor, text, values)


def execute(cursor: Any, text: str, values: Sequence[Any]) -> None:
    """The statement is run; a server that keeps plans by name is told its text once for each connection."""
    named = _named(cursor, text, len(values))
    cursor.execute(named or text, values)


@contextmanager
def together() -> Iterator[None]:
    """What is added within stands at the end of it: sent at once where the engine can, else one after the other.

    Reads within do not see it. Call it in a transaction; where the block raises, nothing is sent.
    """
    waiting: list[tuple[str, Sequence[Any]]] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            texts = [_named(cursor, text, len(values)) or text for text, values in waiting]
            cursor.execute("; ".join(texts), [one for _, values in waiting for one in values])
            return
        for text, values in waiting:
            cursor.execute(text, values)


def reserve(*models: type[Model]) -> list[int]:
    """A key for a new row of each model, which nobody else gets. Call it in a transaction."""
    ((*keys,),) = read(_reserve_text(connection.vendor, models))
    return keys


_waiting: ContextVar[list[tuple[str, Sequence[Any]]] | None] = ContextVar("statements that wait", default=None)


def _named(cursor: Any, text: str, count: int) -> str | None:
    """How to run a statement whose text the server has under a name; it is given one where it has none yet.

    None where the engine has no names, a pool in between may change the connection, or the statement is too long.
    """
    if connection.vendor != "postgresql" or not settings.NAMED_STATEMENTS or count > MOST_NAMED:
        return None
    names = _names_of.setdefault(connection.connection, {})
    name = names.get(text)
    if name is None:
        if len(names) >= MOST_NAMES:
            return None
        name = f"portal_{len(names)}"
        places = iter(range(1, count + 1))
        told = _PLACE.sub(lambda _: f"${next(places)}", text).replace("%%", "%")
        cursor.execute(f"PREPARE {name} AS {told}".replace("%", "%%"), [])
        names[text] = name
    return f"EXECUTE {name}" + (f" ({', '.join(['%s'] * count)})" if count else "")


_names_of: "WeakKeyDictionary[Any, dict[str, str]]" = WeakKeyDictionary()
_PLACE = re.compile("%s")


def _put_off(text: str, values: Sequence[Any]) -> bool:
    waiting = _waiting.get()
    if waiting is None:
        return False
    waiting.append((text, values))
    return True


@lru_cache(maxsize=16)
def _reserve_text(vendor: str, models: tuple[type[Model], ...]) -> str:
    tables = [model._meta.db_table for model in models]
    if vendor == "postgresql":
        return "SELECT " + ", ".join(f"nextval('{table}_id_seq')" for table in tables)
    last = "COALESCE((SELECT seq FROM sqlite_sequence WHERE name = '{}'), 0) + 1"
    return "SELECT " + ", ".join(last.format(table) for table in tables)


def change(model: type[Model], changes: Mapping[str, Any], **where: Any) -> int:
    """All rows that are as `where` says have the changes; gives how many they were."""
    fields = _fields(model)
    sets = [(fields[name], value.pk if isinstance(value, Model) else value) for name, value in changes.items()]
    text = _change_text(model, tuple(changes), _shape(where))
    values = [field.get_db_prep_save(value, connection) for field, value in sets]
    with connection.cursor() as cursor:
        execute(cursor, text, [*values, *_asked(model, where)])
        return int(cursor.rowcount)


def find(model: type[M], *, lock: bool = False, **where: Any) -> M | None:
    """The one row that is as `where` says, locked on demand, or None. `where` names what is unique."""
    found = _find(model, "", lock, where)
    return found[0] if found else None


def find_all(model: type[M], *, order: str, lock: bool = False, **where: Any) -> list[M]:
    """All rows that are as `where` says, in this order, locked on demand."""
    return _find(model, order, lock, where)


def find_joined(*steps: tuple[type[Model], str, str], **where: Any) -> list[Model] | None:
    """A row of the first model that is as `where` says, and the rows that it leads to, with one statement.

    Each step is a model and two columns that are equal: `(Client, "accounts_client.id", "...application_id")`; the
    first one's are not read. None where one of them is missing.
    """
    models = tuple(model for model, _, _ in steps)
    text = _joined_text(steps, _shape(where))
    with connection.cursor() as cursor:
        execute(cursor, text, _asked(models[0], where))
        row = cursor.fetchone()
    if row is None:
        return None
    found: list[Model] = []
    for model in models:
        names, converters = _reading(model, connection.vendor)
        own, row = row[: len(names)], row[len(names) :]
        found.append(model.from_db(connection.alias, names, _converted(own, converters)))
    return found


def read(text: str, *params: Any) -> list[tuple[Any, ...]]:
    """What a statement of one's own gives, as the engine gives it; for text, numbers and JSON texts."""
    with connection.cursor() as cursor:
        execute(cursor, text, params)
        return cursor.fetchall()


def read_alone(about: str, text: str, *params: Any) -> list[tuple[Any, ...]]:
    """As `read`, once nobody else who asks about the same thing has a transaction open; they wait for ours in turn.

    Call it in a transaction. PostgreSQL locks a number made of `about`, and reads what stands when it has the lock;
    on SQLite only one writes at a time.
    """
    if connection.vendor != "postgresql":
        return read(text, *params)
    number = int.from_bytes(hashlib.sha256(about.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        lock = _named(cursor, LOCK_NUMBER, 1) or LOCK_NUMBER
        cursor.execute(f"{lock}; {_named(cursor, text, len(params)) or text}", [number, *params])
        return cursor.fetchall()


def _find(model: type[M], order: str, lock: bool, where: Mapping[str, Any]) -> list[M]:
    text = _find_text(model, _shape(where), order, lock and connection.features.has_select_for_update)
    names, converters = _reading(model, connection.vendor)
    with connection.cursor() as cursor:
        execute(cursor, text, _asked(model, where))
        rows = cursor.fetchall()
    return [model.from_db(connection.alias, names, _converted(row, converters)) for row in rows]


def _converted(row: Sequence[Any], converters: Sequence[tuple[int, Any, Any]]) -> Sequence[Any]:
    if not converters:
        return row
    values = list(row)
    for place, convert, column in converters:
        values[place] = convert(values[place], column, connection)
    return values


def _asked(model: type[Model], where: Mapping[str, Any]) -> list[Any]:
    fields = _fields(model)
    return [fields[name].get_db_prep_save(value, connection) for name, value in where.items() if value is not None]


def _shape(where: Mapping[str, Any]) -> tuple[tuple[str, bool], ...]:
    """Names of a condition, and which of them ask for nothing at all."""
    return tuple((name, value is None) for name, value in where.items())


def _mark_saved(row: Model) -> None:
    row._state.adding = False
    row._state.db = connection.alias


@lru_cache(maxsize=256)
def _change_text(model: type[Model], names: tuple[str, ...], shape: tuple[tuple[str, bool], ...]) -> str:
    sets = ", ".join(f"{_name(model, name)} = %s" for name in names)
    return f"UPDATE {_table(model)} SET {sets} WHERE {_condition(model, shape)}"  # noqa: S608  (names from the models; values are parameters)


@lru_cache(maxsize=256)
def _find_text(model: type[Model], shape: tuple[tuple[str, bool], ...], order: str, lock: bool) -> str:
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    tail = (f" ORDER BY {_name(model, order)}" if order else "") + (" FOR UPDATE" if lock else "")
    return f"SELECT {columns} FROM {_table(model)} WHERE {_condition(model, shape)}{tail}"  # noqa: S608  (names from the models; values are parameters)


@lru_cache(maxsize=16)
def _joined_text(steps: tuple[tuple[type[Model], str, str], ...], shape: tuple[tuple[str, bool], ...]) -> str:
    columns = ", ".join(f'{_table(one)}."{field.column}"' for one, _, _ in steps for field in one._meta.concrete_fields)
    joins = " ".join(f"JOIN {_table(one)} ON {left} = {right}" for one, left, right in steps[1:])
    first = steps[0][0]
    wanted = " AND ".join(
        f"{_table(first)}.{_name(first, name)} {'IS NULL' if nothing else '= %s'}" for name, nothing in shape
    )
    return f"SELECT {columns} FROM {_table(first)} {joins} WHERE {wanted}"  # noqa: S608  (names of the models)


def _condition(model: type[Model], shape: tuple[tuple[str, bool], ...]) -> str:
    return " AND ".join(f"{_name(model, name)} {'IS NULL' if nothing else '= %s'}" for name, nothing in shape)


@lru_cache(maxsize=64)
def _fields(model: type[Model]) -> "dict[str, Field[Any, Any]]":
    """Fields by both of their names: `importer` and `importer_id`."""
    return {name: field for field in model._meta.concrete_fields for name in (field.name, field.attname)}


@lru_cache(maxsize=64)
def _columns(model: type[Model]) -> "tuple[tuple[Field[Any, Any], ...], str]":
    """What a new row is given: all fields but the key, and their columns in the same order."""
    fields = tuple(field for field in model._meta.concrete_fields if not field.primary_key)
    return fields, ", ".join(f'"{field.column}"' for field in fields)


@lru_cache(maxsize=64)
def _reading(model: type[Model], vendor: str) -> tuple[list[str], list[tuple[int, Any, Any]]]:
    """Names of the columns as they are read, and what turns an engine's value into the field's, by place."""
    fields = model._meta.concrete_fields
    found = []
    for place, field in enumerate(fields):
        column = field.get_col(model._meta.db_table)
        both = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
        found += [(place, convert, column) for convert in both]
    return [field.attname for field in fields], found


@lru_cache(maxsize=512)
def _name(model: type[Model], name: str) -> str:
    return f'"{_fields(model)[name].column}"'


def _table(model: type[Model]) -> str:
    return f'"{model._meta.db_table}"'
