"""The words of an edition, indexed where the engine can: FTS5 on SQLite; PostgreSQL indexes the rows themselves."""

from collections.abc import Iterable

from django.db import connection

from declarations.tariff.load.hierarchy import Line

TABLE = "tariff_hts_words"
GIN = "tariff_line_words"
BATCH = 2000


def has_index() -> bool:
    """True where the full-text table stands (SQLite built with FTS5)."""
    return connection.vendor == "sqlite" and TABLE in connection.introspection.table_names()


def index_lines(edition_id: int, lines: Iterable[Line]) -> None:
    """Put the words of the numbered lines into the index, in the transaction of the load."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # else the first searches read the whole table
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [GIN])
            cursor.execute("ANALYZE tariff_htsline")
    if not has_index():
        return
    rows = [(edition_id, one.row, f"{one.description} {one.path}") for one in lines if one.number and one.description]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            cursor.executemany(
                f"INSERT INTO {TABLE} (edition_id, line_row, words) VALUES (%s, %s, %s)",  # noqa: S608
                rows[start : start + BATCH],
            )
