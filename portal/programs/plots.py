"""Bars by the hour as SVG: pure text, no script. Shapes tell kinds apart, colour only helps.

The page gives a table with the same figures.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT = 760, 150
LEFT, RIGHT, TOP, FOOT = 64, 12, 28, 34
STEPS = (1, 2, 5)


class Bar(NamedTuple):
    """One hour: how it is written on the axis (may be empty), and how many were answered and refused."""

    label: str
    answered: int
    refused: int


def bars(key: str, title: str, description: str, axis: str, rows: Sequence[Bar]) -> str:
    """Answered requests as full bars, refused ones hatched on top of them."""
    top = ceiling(max((one.answered + one.refused for one in rows), default=0))
    parts = [_text(0, TOP - 12, axis, "portal-plot__axis")]
    for part in (0, 1, 2):
        y = TOP + HEIGHT - HEIGHT * part // 2
        parts.append(f'<line class="portal-plot__grid" x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{top * part // 2:,}", "portal-plot__tick", "end"))
    wide = (WIDTH - LEFT - RIGHT) // max(1, len(rows))
    for place, one in enumerate(rows):
        parts += _bar(one, LEFT + wide * place, wide, top)
    parts.append(
        f'<line class="portal-plot__base" x1="{LEFT}" y1="{TOP + HEIGHT}" x2="{WIDTH - RIGHT}" y2="{TOP + HEIGHT}"/>'
    )
    return (
        f'<svg class="portal-plot" viewBox="0 0 {WIDTH} {TOP + HEIGHT + FOOT}" role="img" '
        f'aria-labelledby="{key}-title {key}-desc" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(description)}</desc>'
        '<defs><pattern id="portal-hatch" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<rect class="portal-plot__paper" width="6" height="6"/>'
        f'<path class="portal-plot__hatch" d="M0 6L6 0"/></pattern></defs>{"".join(parts)}</svg>'
    )


def ceiling(most: int) -> int:
    """A round, even number that is not less than the highest bar."""
    size = 1
    while True:
        for step in STEPS:
            if step * size * 2 >= most:
                return step * size * 2
        size *= 10


def _bar(one: Bar, x: int, wide: int, top: int) -> list[str]:
    parts = []
    bottom = TOP + HEIGHT
    for number, style in ((one.answered, "answered"), (one.refused, "refused")):
        high = max(2, HEIGHT * number // top) if number else 0
        bottom -= high
        if high:
            parts.append(
                f'<rect class="portal-plot__count portal-plot__count--{style}" x="{x + 3}" y="{bottom}" '
                f'width="{max(2, wide - 6)}" height="{high}"/>'
            )
    if one.label:
        parts.append(_text(x + wide // 2, TOP + HEIGHT + 20, one.label, "portal-plot__tick", "middle"))
    return parts


def _text(x: int, y: int, words: str, style: str, anchor: str = "start") -> str:
    return f'<text class="{style}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'
