"""Which figures are not shown, so that nobody reads out of them what became of a single filing. Pure.

A count under five is not shown. Neither is any other from which it could be computed: rejected ones say what
was accepted of those filed, and the other ports say what a total leaves for one. A part that is hidden always has at
least two values that fit everything that is shown; where no other port can be hidden for it, the total is.
"""

from collections.abc import Callable, Iterable, Sequence

from declarations.parity.counting import Cell

SMALL = 5
FILED, OUTCOME, EXAMINED, TIMES = "filed", "outcome", "examined", "times"
PARTS = (FILED, OUTCOME, EXAMINED, TIMES)
Bounds = tuple[int, int | None]
Hidden = dict[Cell, set[str]]


def hidden_parts(cells: Iterable[Cell]) -> dict[Cell, frozenset[str]]:
    """The parts of each cell that are not shown."""
    by_type: dict[str, list[Cell]] = {}
    for one in cells:
        by_type.setdefault(one.filer_type, []).append(one)
    found: dict[Cell, frozenset[str]] = {}
    for group in by_type.values():
        hidden: Hidden = {one: _small_parts(one) for one in group}
        total = next(one for one in group if one.is_total)
        parts = [one for one in group if not one.is_total]
        _complete(FILED, total, parts, hidden, (_filed,))
        _complete(OUTCOME, total, parts, hidden, (_rejected, _accepted))
        _complete(EXAMINED, total, parts, hidden, (_examined,))
        found |= {cell: frozenset(names) for cell, names in hidden.items()}
    return found


def _small_parts(cell: Cell) -> set[str]:
    if cell.filed < SMALL:
        return set(PARTS)
    found = set()
    if min(cell.accepted, cell.rejected) < SMALL:
        found.add(OUTCOME)
    if cell.examined < SMALL:
        found.add(EXAMINED)
    if cell.decided < SMALL:
        found.add(TIMES)
    return found


Measure = Callable[[Cell, set[str]], tuple[int, Bounds]]


def _complete(name: str, total: Cell, parts: Sequence[Cell], hidden: Hidden, measures: tuple[Measure, ...]) -> None:
    """Hide more of a part, the smallest cell first, until what is hidden cannot be computed from the total."""
    shown = sorted((one for one in parts if name not in hidden[one]), key=lambda one: (-one.filed, one.port, one.lane))
    while name not in hidden[total]:
        rows = [one for one in parts if name in hidden[one]]
        if not any(_is_exposed([measure(one, hidden[one]) for one in rows]) for measure in measures):
            return
        chosen = shown.pop() if shown else total
        hidden[chosen] |= set(PARTS) if name == FILED else {name}


def _is_exposed(rows: list[tuple[int, Bounds]]) -> bool:
    """True where the sum, which the reader knows, leaves a single value for one of them."""
    left = sum(value for value, _ in rows)
    bounds = [one for _, one in rows]
    lowest = sum(low for low, _ in bounds)
    highest = [high for _, high in bounds]
    for place, (low, high) in enumerate(bounds):
        others = [one for other, one in enumerate(highest) if other != place]
        most = left - (lowest - low)
        if high is not None:
            most = min(most, high)
        if None not in others:
            low = max(low, left - sum(one or 0 for one in others))
        if most <= low:
            return True
    return False


def _filed(cell: Cell, hidden: set[str]) -> tuple[int, Bounds]:
    return cell.filed, (1, SMALL - 1) if cell.filed < SMALL else (SMALL, None)


def _rejected(cell: Cell, hidden: set[str]) -> tuple[int, Bounds]:
    return cell.rejected, _bounds(cell, hidden, cell.rejected, cell.accepted)


def _accepted(cell: Cell, hidden: set[str]) -> tuple[int, Bounds]:
    return cell.accepted, _bounds(cell, hidden, cell.accepted, cell.rejected)


def _bounds(cell: Cell, hidden: set[str], own: int, other: int) -> Bounds:
    """What a reader knows of one of accepted and rejected where both are hidden."""
    if FILED in hidden:
        return _of_a_hidden_row(cell)
    if own < SMALL:
        return 0, SMALL - 1
    is_all_decided = cell.decided == cell.filed
    if other < SMALL:
        return (cell.filed - SMALL + 1 if is_all_decided else SMALL), cell.filed
    return SMALL, cell.filed - SMALL


def _examined(cell: Cell, hidden: set[str]) -> tuple[int, Bounds]:
    if FILED in hidden:
        return cell.examined, _of_a_hidden_row(cell)
    return cell.examined, (0, SMALL - 1) if cell.examined < SMALL else (SMALL, cell.filed)


def _of_a_hidden_row(cell: Cell) -> Bounds:
    return (0, SMALL - 1) if cell.filed < SMALL else (0, None)
