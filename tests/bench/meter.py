"""What a piece of work costs: CPU of this process and of its database backend, wall time, statements, commits."""

import gc
import statistics
from collections.abc import Callable
from pathlib import Path
from time import perf_counter_ns, process_time_ns
from typing import Any, NamedTuple

from django.db import connection
from django.test.utils import CaptureQueriesContext

CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE SAVEPOINT")
MILLION = 1_000_000


class Spent(NamedTuple):
    """Milliseconds: CPU here, CPU of the backend (0 where there is none), and on the clock."""

    python: float
    backend: float
    wall: float

    @property
    def cpu(self) -> float:
        return self.python + self.backend


class Statements(NamedTuple):
    """What went to the database: statements, savepoint statements, transactions that were opened and committed."""

    statements: int
    savepoints: int
    transactions: int
    commits: int  # of every kind, as the server counts them: a read outside of a transaction is one too


def backend_clock() -> Callable[[], int]:
    """Nanoseconds of CPU of this connection's backend; always 0 for the embedded engine or another machine."""
    if connection.vendor != "postgresql":
        return lambda: 0
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        path = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    if not path.exists():
        return lambda: 0
    return lambda: int(path.read_text().split()[0])


def spent_on(work: Callable[[], Any], *, times: int = 1) -> tuple[Spent, Any]:
    """The work done so many times, its mean cost, and what it gave last."""
    clock, given = backend_clock(), None
    gc.collect()
    backend, wall, python = clock(), perf_counter_ns(), process_time_ns()
    for _ in range(times):
        given = work()
    python, wall, backend = process_time_ns() - python, perf_counter_ns() - wall, clock() - backend
    return Spent(*(one / MILLION / times for one in (python, backend, wall))), given


def counted(work: Callable[[], Any]) -> Statements:
    """What the work sends to the database; measured apart from its cost, since keeping count costs too."""
    reading = _server_commits()
    before = _server_commits()
    with CaptureQueriesContext(connection) as captured:
        work()
    after = _server_commits()
    texts = [one["sql"].lstrip().upper() for one in captured.captured_queries]
    control = [text for text in texts if text.startswith(CONTROL)]
    outer = sum(text.startswith("COMMIT") for text in control)
    savepoints = sum("SAVEPOINT" in text for text in control)
    commits = after - before - (before - reading) if before >= 0 else outer  # less what reading the counter adds
    return Statements(len(texts) - len(control), savepoints, outer, commits)


def _server_commits() -> int:
    """Committed transactions of this database so far, -1 where the engine does not count them."""
    if connection.vendor != "postgresql":
        return -1
    with connection.cursor() as cursor:
        cursor.execute("select pg_stat_force_next_flush()")
        cursor.execute("select xact_commit from pg_stat_database where datname = current_database()")
        return int(cursor.fetchone()[0])


def median(values: list[float]) -> float:
    return statistics.median(values)


def spread(values: list[float]) -> str:
    """Lowest to highest, to show how far the rounds lie apart."""
    return f"{min(values):.3g}-{max(values):.3g}"
