"""Rows of what was measured, their bars, and how both are printed."""

import json
from typing import Any, NamedTuple


class Row(NamedTuple):
    """One figure. With a bar it is held (PASS) or missed (FAIL)."""

    group: str
    what: str
    value: float
    unit: str
    detail: str = ""
    bar: float | None = None
    at_least: bool = False

    @property
    def verdict(self) -> str:
        if self.bar is None:
            return ""
        held = self.value >= self.bar if self.at_least else self.value <= self.bar
        return "PASS" if held else "FAIL"

    @property
    def bar_text(self) -> str:
        return "" if self.bar is None else f"{'>=' if self.at_least else '<='} {self.bar:g}"


def as_text(rows: list[Row]) -> str:
    """Rows under the headings of their groups."""
    lines: list[str] = []
    group = ""
    for row in rows:
        if row.group != group:
            group = row.group
            lines += ["", group, "-" * len(group)]
        value = f"{row.value:,.0f}" if abs(row.value) >= 1000 else f"{row.value:.3g}"
        tail = "  ".join(part for part in (row.bar_text, row.verdict, row.detail) if part)
        lines.append(f"{row.what:<58} {value:>10} {row.unit:<8} {tail}".rstrip())
    return "\n".join(lines)


def as_json(rows: list[Row], about: dict[str, Any]) -> str:
    found = [
        {
            "group": row.group, "what": row.what, "value": row.value, "unit": row.unit, "detail": row.detail,
            "bar": row.bar_text, "verdict": row.verdict,
        }
        for row in rows
    ]  # fmt: skip
    return json.dumps({"about": about, "rows": found}, indent=1)
