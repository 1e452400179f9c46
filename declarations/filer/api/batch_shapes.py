"""What the API gives of batches, as typed values."""

from typing import Any

from msgspec import Struct


class Batch(Struct, frozen=True):
    """A file of declarations and how far it is. `filed`, `passed` (dry run) or `kept` (draft) by its mode."""

    reference: str
    state: str
    mode: str
    format: str
    sha256: str
    rows: int
    filed: int
    passed: int
    kept: int
    refused: int
    unreadable: int
    waiting: int
    rows_per_second: str | None
    created_at: str
    started_at: str | None
    finished_at: str | None
    links: dict[str, str]


class BatchResult(Struct, frozen=True):
    """What became of a row: filed, passed, kept, refused or unreadable, and why."""

    row: int
    line: int
    own_reference: str | None
    outcome: str
    reference: str | None
    entry_number: str | None
    total_due: str | None
    code: str | None
    detail: str | None
    violations: tuple[dict[str, Any], ...]
