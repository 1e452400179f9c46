"""Counts of requests: kept in the process, written every few seconds with one statement.

A request pays for one addition under a lock. The first count after a write starts a timer, whose thread writes what
came together until then. What a killed process had not written is lost, a few seconds at most, and so is what
cannot be written: these are figures to look at; nothing is decided or charged by them.
"""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, connections

from portal.programs.models import ApiTraffic

log = structlog.get_logger(__name__)
BANDS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000)
KEPT_FOR = timedelta(days=40)
ROWS_AT_ONCE = 100
COLUMNS = ("client_id", "hour", "operation", "status", "code", "band", "count", "total_ms", "max_ms")


class Key(NamedTuple):
    """What is counted together."""

    client: int
    hour: int  # hours since 1970
    operation: str
    status: int
    code: str
    band: int


_lock = threading.Lock()
_writing = threading.Lock()
_counts: dict[Key, tuple[int, int, int]] = {}
_timer: threading.Timer | None = None


def count(*, client: int, operation: str, status: int, code: str, took_ms: int, now: datetime) -> None:
    """One more request is counted, and will be written."""
    band = next((one for one in BANDS if took_ms <= one), 0)
    key = Key(client, int(now.timestamp()) // 3600, operation[:60], status, code[:60], band)
    with _lock:
        number, total, longest = _counts.get(key, (0, 0, 0))
        _counts[key] = number + 1, total + took_ms, max(longest, took_ms)
        _start_timer()


def flush() -> int:
    """What was counted stands in the table; gives how many rows it came to."""
    with _writing:
        with _lock:
            taken = list(_counts.items())
            _counts.clear()
        try:
            for first in range(0, len(taken), ROWS_AT_ONCE):
                _write(taken[first : first + ROWS_AT_ONCE])
        except DatabaseError as error:
            log.warning("counts of requests were lost", rows=len(taken), error=f"{type(error).__name__}: {error}"[:200])
            return 0
    return len(taken)


def forget_old(*, now: datetime) -> int:
    """Counts older than forty days are gone; gives how many rows they were."""
    gone, _ = ApiTraffic.objects.filter(hour__lt=now - KEPT_FOR).delete()
    return gone


def _start_timer() -> None:
    global _timer
    seconds = settings.TRAFFIC_FLUSH_SECONDS
    if seconds and _timer is None:
        _timer = threading.Timer(seconds, _flush_in_thread)
        _timer.daemon = True
        _timer.start()


def _flush_in_thread() -> None:
    global _timer
    with _lock:
        _timer = None
    try:
        flush()
    finally:
        connections.close_all()


def _write(rows: list[tuple[Key, tuple[int, int, int]]]) -> None:
    values: list[Any] = []
    for key, numbers in rows:
        hour = connection.ops.adapt_datetimefield_value(datetime.fromtimestamp(key.hour * 3600, UTC))
        values += [key.client, hour, *key[2:], *numbers]
    marks = ", ".join(["(" + ", ".join(["%s"] * len(COLUMNS)) + ")"] * len(rows))
    table = ApiTraffic._meta.db_table
    text = (
        f"INSERT INTO {table} ({', '.join(COLUMNS)}) VALUES {marks}"  # noqa: S608  (names of our own; values are parameters)
        " ON CONFLICT (client_id, hour, operation, status, code, band) DO UPDATE SET"
        f" count = {table}.count + excluded.count, total_ms = {table}.total_ms + excluded.total_ms,"
        f" max_ms = CASE WHEN excluded.max_ms > {table}.max_ms THEN excluded.max_ms ELSE {table}.max_ms END"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, values)
