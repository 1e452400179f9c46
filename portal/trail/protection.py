"""Triggers that refuse any change or removal of what is written once, on both engines."""

import contextlib
from collections.abc import Iterator
from typing import Any

from django.db import connection

_TABLES = ("trail_trailentry", "trail_checkpoint")


def protect(**_: Any) -> None:
    """The triggers stand. Called after every migration and flush; harmless when called again."""
    tables = [name for name in _TABLES if name in connection.introspection.table_names()]
    with connection.cursor() as cursor:
        for table in tables:
            for statement in _create(table):
                cursor.execute(statement)


def unprotect() -> None:
    """The triggers are gone: for an empty test database only."""
    with connection.cursor() as cursor:
        for table in _TABLES:
            for statement in _drop(table):
                cursor.execute(statement)


@contextlib.contextmanager
def lifted() -> Iterator[None]:
    """Entries may be sealed anew, in a transaction that nobody else sees into; then the triggers stand again."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE trail_trailentry DISABLE TRIGGER trail_trailentry_no_update")
            yield
            cursor.execute("ALTER TABLE trail_trailentry ENABLE TRIGGER trail_trailentry_no_update")
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS trail_trailentry_no_update")
    yield
    with connection.cursor() as cursor:
        for statement in _create("trail_trailentry"):
            cursor.execute(statement)


def is_protected() -> bool:
    """True where every table has its triggers."""
    wanted = {f"{table}_no_{act}" for table in _TABLES for act in ("update", "delete")}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return wanted <= {row[0] for row in cursor.fetchall()}


def _create(table: str) -> list[str]:
    if connection.vendor == "postgresql":
        body = "BEGIN RAISE EXCEPTION 'entries of % are written once', TG_TABLE_NAME; END"
        return [
            f"CREATE OR REPLACE FUNCTION portal_write_once() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
            *(
                f"CREATE OR REPLACE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION portal_write_once()"
                for act in ("update", "delete")
            ),
        ]
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'entries of {table} are written once'); END"
        for act in ("update", "delete")
    ]


def _drop(table: str) -> list[str]:
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    return [f"DROP TRIGGER IF EXISTS {table}_no_{act}{on}" for act in ("update", "delete")]
