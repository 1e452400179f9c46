"""The authority's file: what arrived, what it became, what is to be answered.

Every write is a transaction that is on the disk when it returns (WAL, synchronous FULL), so that
nothing that was acknowledged can be lost to a kill or a power cut.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

Row = sqlite3.Row
Value = str | int | bytes | None

SCHEMA = """
CREATE TABLE IF NOT EXISTS received (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, client TEXT NOT NULL, message_id TEXT NOT NULL,
    correlation_id TEXT NOT NULL, lrn TEXT NOT NULL DEFAULT '', sha256 TEXT NOT NULL, body BLOB NOT NULL,
    outcome TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS received_lrn ON received (client, lrn);
CREATE TABLE IF NOT EXISTS declarations (
    id INTEGER PRIMARY KEY, client TEXT NOT NULL, number TEXT NOT NULL, lrn TEXT NOT NULL,
    conversation_id TEXT NOT NULL, acts TEXT NOT NULL, state TEXT NOT NULL, stage TEXT NOT NULL DEFAULT 'filed',
    final INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT 1,
    content INTEGER NOT NULL REFERENCES received (id));
CREATE INDEX IF NOT EXISTS live_filings ON declarations (number) WHERE state = 'live';
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, client TEXT NOT NULL, lrn TEXT NOT NULL, number TEXT NOT NULL, function TEXT NOT NULL,
    type TEXT NOT NULL, sha256 TEXT NOT NULL, message_id TEXT NOT NULL, conversation_id TEXT NOT NULL,
    received_at INTEGER NOT NULL, declaration INTEGER REFERENCES declarations (id));
CREATE INDEX IF NOT EXISTS messages_lrn ON messages (client, lrn);
CREATE TABLE IF NOT EXISTS effects (
    id INTEGER PRIMARY KEY, message INTEGER NOT NULL REFERENCES messages (id), at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS effects_message ON effects (message);
CREATE TABLE IF NOT EXISTS answers (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, client TEXT NOT NULL, lrn TEXT NOT NULL,
    declaration INTEGER REFERENCES declarations (id), request INTEGER REFERENCES messages (id),
    conversation_id TEXT NOT NULL, due_at INTEGER NOT NULL, parts TEXT NOT NULL, layout TEXT NOT NULL,
    repeat_of TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT 'planned', body BLOB, given_at INTEGER,
    pulled_at INTEGER, push_at INTEGER NOT NULL DEFAULT 0, pushes INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS answers_due ON answers (state, due_at);
CREATE INDEX IF NOT EXISTS answers_waiting ON answers (client, due_at, seq) WHERE state = 'given' AND pulled_at IS NULL;
CREATE INDEX IF NOT EXISTS answers_declaration ON answers (declaration);
CREATE TABLE IF NOT EXISTS tokens (digest TEXT PRIMARY KEY, client TEXT NOT NULL, expires_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


class Store:
    """One connection, used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        self._connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(SCHEMA)
        self.write("UPDATE received SET outcome = 'interrupted' WHERE outcome = 'arrived'")

    def close(self) -> None:
        """The file is closed; nothing can be read or written any more."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside stand or fall together, and are on the disk at the end; nesting joins the outer one."""
        with self._lock:
            self._depth += 1
            if self._depth == 1:
                self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._depth == 1:
                    self._connection.execute("ROLLBACK")
                raise
            else:
                if self._depth == 1:
                    self._connection.execute("COMMIT")
            finally:
                self._depth -= 1

    def write(self, statement: str, *values: Value) -> int:
        """The statement has run; the id of the row it inserted."""
        with self._lock:
            return self._connection.execute(statement, values).lastrowid or 0

    def rows(self, query: str, *values: Value) -> list[Row]:
        """All rows of the query."""
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def row(self, query: str, *values: Value) -> Row | None:
        """The first row of the query."""
        with self._lock:
            found: Row | None = self._connection.execute(query, values).fetchone()
            return found

    def setting(self, name: str, default: int = 0) -> int:
        """A number kept over restarts."""
        found = self.row("SELECT value FROM settings WHERE name = ?", name)
        return int(found["value"]) if found else default

    def set(self, name: str, value: int) -> None:
        """The number is kept over restarts."""
        self.write("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", name, value)
