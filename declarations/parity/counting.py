"""Count what became of filings. Pure: the same filings give the same figures, on whatever database they are kept.

What is counted is a submission: a declaration that is corrected and sent again counts again. Its decision is the
first answer that accepts or rejects it. Percentiles are nearest-rank: always a time that was measured.
"""

from collections.abc import Iterable
from typing import NamedTuple

SELF, BROKER, PROVIDER = "self", "broker", "provider"
ALL = "all"
ACCEPTED, REJECTED = "accepted", "rejected"


class Outcome(NamedTuple):
    """One submission: who filed and where, its first decision ("" while there is none), and after how many seconds."""

    filer_type: str
    port: str
    lane: str
    decision: str = ""
    seconds: int | None = None
    examined: bool = False


class Cell(NamedTuple):
    """What all submissions of a kind of filer, at a port in a lane or at all of them, came to."""

    filer_type: str
    port: str
    lane: str
    filed: int
    accepted: int
    rejected: int
    examined: int
    p50_seconds: int | None = None
    p90_seconds: int | None = None

    @property
    def decided(self) -> int:
        """Accepted or rejected."""
        return self.accepted + self.rejected

    @property
    def is_total(self) -> bool:
        """True for the row over all ports and lanes."""
        return self.port == ALL and self.lane == ALL


def filer_type_of(filer_kind: str, transmitter_kind: str | None) -> str:
    """Who filed, for these statistics alone; no rule, duty, fee or queue ever asks."""
    if transmitter_kind == PROVIDER:
        return PROVIDER
    return BROKER if filer_kind == BROKER else SELF


def tally(outcomes: Iterable[Outcome]) -> list[Cell]:
    """Cells by filer type, port and lane, each filer type after its total, in order."""
    groups: dict[tuple[str, str, str], list[Outcome]] = {}
    for one in outcomes:
        groups.setdefault((one.filer_type, ALL, ALL), []).append(one)
        groups.setdefault((one.filer_type, one.port, one.lane), []).append(one)
    cells = [_cell(key, rows) for key, rows in groups.items()]
    return sorted(cells, key=lambda cell: (cell.filer_type, not cell.is_total, cell.port, cell.lane))


def _cell(key: tuple[str, str, str], rows: list[Outcome]) -> Cell:
    decisions = [one.decision for one in rows]
    seconds = sorted(one.seconds for one in rows if one.decision and one.seconds is not None)
    return Cell(
        *key, filed=len(rows), accepted=decisions.count(ACCEPTED), rejected=decisions.count(REJECTED),
        examined=sum(one.examined for one in rows), p50_seconds=percentile(seconds, 50),
        p90_seconds=percentile(seconds, 90),
    )  # fmt: skip


def percentile(in_order: list[int], percent: int) -> int | None:
    """The value that `percent` in a hundred do not exceed; None of nothing."""
    return in_order[max(1, -(-len(in_order) * percent // 100)) - 1] if in_order else None
