"""Plots as SVG: a rate over time as steps, measures as bars on a time line, figures by month as lines.

Pure text, no script, no framework.

Every plot has a title and a description for those who do not see it; a table with the same figures is the page's
to give. Shapes tell kinds apart, colour only helps: classes are styled in the style sheet.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from html import escape
from typing import NamedTuple

WIDTH = 760
NARROW = 350  # on a phone: names stand above their bars
LEFT, RIGHT, TOP, FOOT = 64, 20, 26, 34  # around the drawing: labels of the axes, words of the marks
HEIGHT = 190  # of the drawing of a step line
ROW = 30  # of one bar
NAMES = 230  # room for the names of bars
LETTER = 7  # width of a letter in bold, about
THIN = 6  # and of a thin one
LETTER_HEIGHT = 15
BESIDE = 150  # room for the names of lines behind their last dot
DOTS = {
    "round": "M{x} {y}m-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0",
    "square": "M{x} {y}m-5 -5h10v10h-10z",
    "pointed": "M{x} {y}m0 -6l6 11h-12z",
}
MOST_TICKS, FEW_TICKS = 9, 4
STEPS = tuple(
    Decimal(one) for one in ("0.5", "1", "2", "5", "10", "20", "25", "50", "100", "200", "500", "1000", "10000")
)
DAY = timedelta(days=1)
Label = Callable[[date], str]


class Step(NamedTuple):
    """A rate in percent from a day to a day, both included; None where it cannot be told, with the words why."""

    first: date
    last: date
    rate: Decimal | None
    why: str = ""


class Span(NamedTuple):
    """What a measure does from a day to a day (None: no end is known). `kind`: add, free, depends."""

    first: date
    last: date | None
    label: str
    kind: str


class Bar(NamedTuple):
    """One row of the time line: a measure, and what it does in its times."""

    name: str
    spans: tuple[Span, ...]


class Line(NamedTuple):
    """One thing by month: its name, a figure a month (None where there is none to show), and the shape of its dots."""

    name: str
    points: Sequence[tuple[date, Decimal | None]]
    kind: str


class Shape(NamedTuple):
    """How wide bars are drawn, how much of it is for their names, and how high a row and the name above a bar are."""

    width: int = WIDTH
    names: int = NAMES
    row: int = ROW
    above: int = 0
    style: str = "wide"


WIDE, PHONE = Shape(), Shape(NARROW, 0, ROW + 18, 18, "narrow")


class Mark(NamedTuple):
    """A day that is named on the plot."""

    on: date
    words: str


class Frame(NamedTuple):
    """What a plot is called, the days it spans, the days it names, and how a day of the axis is written."""

    id: str
    title: str
    description: str
    first: date
    last: date
    marks: Sequence[Mark]
    label: Label
    axis: str = ""


def step_line(frame: Frame, steps: Sequence[Step]) -> str:
    """A rate over time: level lines from day to day, with the rate written on those that have room for it."""
    top = _ceiling(max((one.rate for one in steps if one.rate is not None), default=Decimal(0)))
    scale = _Scale(frame.first, frame.last, LEFT, WIDTH - RIGHT)
    bottom = TOP + HEIGHT
    parts = [_text(0, TOP - 12, frame.axis, "portal-plot__axis")]
    for level in _levels(top):
        y = _height(level, top)
        parts.append(_line(LEFT, y, WIDTH - RIGHT, y, "portal-plot__grid"))
        parts.append(_text(LEFT - 8, y + 4, f"{level.normalize():f} %", "portal-plot__tick", "end"))
    parts += _days(frame, scale, bottom)
    parts += _marks(frame, scale, bottom)
    parts += _steps(steps, scale, top)
    return _svg(frame, bottom + FOOT, parts)


def bars(frame: Frame, rows: Sequence[Bar], shape: Shape = WIDE) -> str:
    """Measures on a time line, one row each, with what each does written on or beside it."""
    scale = _Scale(frame.first, frame.last, shape.names, shape.width - RIGHT)
    bottom = TOP + shape.row * max(1, len(rows))
    most = FEW_TICKS if shape.above else MOST_TICKS
    parts = [*_days(frame, scale, bottom, most), *_marks(frame, scale, bottom)]
    for place, one in enumerate(rows):
        parts += _bar(one, TOP + shape.row * place, scale, frame, shape)
    return _svg(frame, bottom + FOOT, parts, shape)


def lines(frame: Frame, rows: Sequence[Line], *, unit: str = "", least: Decimal | None = None) -> str:
    """Figures by month, one line a thing with dots of its own shape and its name at the last of them."""
    found = [value for one in rows for _on, value in one.points if value is not None]
    top = max(_ceiling(max(found, default=Decimal(0))), least or Decimal(0))
    scale = _Scale(frame.first, frame.last, LEFT, WIDTH - BESIDE)
    bottom = TOP + HEIGHT
    parts = [_text(0, TOP - 12, frame.axis, "portal-plot__axis")]
    for level in _levels(top):
        y = _height(level, top)
        parts.append(_line(LEFT, y, WIDTH - BESIDE, y, "portal-plot__grid"))
        parts.append(_text(LEFT - 8, y + 4, f"{level.normalize():f}{unit}", "portal-plot__tick", "end"))
    parts += _days(frame, scale, bottom)
    taken: list[int] = []
    for one in rows:
        parts += _months(one, scale, top, taken)
    return _svg(frame, bottom + FOOT, parts)


def _months(one: Line, scale: "_Scale", top: Decimal, taken: list[int]) -> list[str]:
    """The line of one thing, broken where a month has no figure, its dots, and its name where no other stands."""
    parts, path, pen, last = [], "", False, (0, 0)
    for on, value in one.points:
        if value is None:
            pen = False
            continue
        x, y = scale.at(on), _height(value, top)
        path += f"{'L' if pen else 'M'}{x} {y}"
        pen, last = True, (x, y)
        parts.append(
            f'<path class="portal-plot__dot portal-plot__dot--{one.kind}" d="{DOTS[one.kind].format(x=x, y=y)}"/>'
        )
    if not path:
        return []
    y = last[1]
    while any(abs(y - other) < LETTER_HEIGHT for other in taken):
        y += 1
    taken.append(y)
    line = f'<path class="portal-plot__line portal-plot__line--{one.kind}" d="{path}"/>'
    return [line, *parts, _text(last[0] + 12, y + 4, one.name, f"portal-plot__value portal-plot__value--{one.kind}")]


class _Scale(NamedTuple):
    """Days on the width of the drawing."""

    first: date
    last: date
    left: int
    right: int

    def at(self, on: date) -> int:
        """The place of the beginning of a day, never outside the drawing."""
        span = max(1, (self.last - self.first).days + 1)
        days = min(max(0, (on - self.first).days), span)
        return self.left + (self.right - self.left) * days // span

    def after(self, on: date | None) -> int:
        """The place of the end of a day; the end of the drawing for none."""
        return self.right if on is None or on >= self.last else self.at(on + DAY)


def _ceiling(rate: Decimal) -> Decimal:
    """A round rate that is a little more than the highest."""
    step = next((one for one in STEPS if one * 4 >= rate), STEPS[-1])
    return step * (rate / step).to_integral_value(ROUND_CEILING) if rate else step


def _levels(top: Decimal) -> list[Decimal]:
    step = next((one for one in STEPS if one * 4 >= top), STEPS[-1])
    return [step * place for place in range(int(top / step) + 1)]


def _height(rate: Decimal, top: Decimal) -> int:
    return TOP + HEIGHT - int(HEIGHT * rate / top)


def _steps(steps: Sequence[Step], scale: _Scale, top: Decimal) -> list[str]:
    parts: list[str] = []
    path: list[str] = []
    pen = False
    for one in steps:
        left, right = scale.at(one.first), scale.after(one.last)
        if one.rate is None:
            pen = False
            parts.append(_box(left, TOP, right - left, HEIGHT, "portal-plot__unknown"))
            if right - left > len(one.why) * LETTER:
                parts.append(_text((left + right) // 2, TOP + HEIGHT // 2, one.why, "portal-plot__tick", "middle"))
            continue
        y = _height(one.rate, top)
        path.append(f"V{y}H{right}" if pen else f"M{left} {y}H{right}")
        pen = True
        words = f"{one.rate.normalize():f} %"
        if right - left > len(words) * LETTER:
            parts.append(_text((left + right) // 2, y - 7, words, "portal-plot__value", "middle"))
    line = f'<path class="portal-plot__line" d="{"".join(path)}"/>' if path else ""
    return [*parts, line]


def _bar(one: Bar, y: int, scale: _Scale, frame: Frame, shape: Shape) -> list[str]:
    room = (shape.names or shape.width) // THIN
    name = one.name if len(one.name) <= room else one.name[: room - 1] + "…"
    parts = [_line(0, y, shape.width - RIGHT, y, "portal-plot__grid"), _text(0, y + 19, name, "portal-plot__name")]
    for place, span in enumerate(one.spans):
        beside = shape.width if place == len(one.spans) - 1 else scale.at(one.spans[place + 1].first)
        parts += _span(span, y + shape.above, scale, frame, (beside, shape.width))
    return parts


def _span(one: Span, y: int, scale: _Scale, frame: Frame, room_to_right: tuple[int, int]) -> list[str]:
    """The bar of a span, its words in it, beside it, before it at the right edge, or nowhere."""
    free_until, end = room_to_right
    left, right = scale.at(one.first), scale.after(one.last)
    width = max(3, right - left)
    parts = [_box(left, y + 6, width, ROW - 12, f"portal-plot__bar portal-plot__bar--{one.kind}")]
    if one.last is None or one.last > frame.last:
        half = (ROW - 12) // 2
        parts.append(f'<path class="portal-plot__on" d="M{right} {y + 6}l8 {half}l-8 {half}"/>')
    room = len(one.label) * LETTER
    if width > room + 8:
        parts.append(_text(left + 6, y + 19, one.label, f"portal-plot__in portal-plot__in--{one.kind}"))
    elif left + width + room + 12 < free_until:
        parts.append(_text(left + width + 11, y + 19, one.label, "portal-plot__beside"))
    elif free_until == end and left - room - 6 > scale.left:
        parts.append(_text(left - 6, y + 19, one.label, "portal-plot__beside", "end"))
    return parts


def _days(frame: Frame, scale: _Scale, bottom: int, most: int = MOST_TICKS) -> list[str]:
    parts = [_line(scale.left, bottom, scale.right, bottom, "portal-plot__base")]
    for one in ticks(frame.first, frame.last, most):
        x = scale.at(one)
        parts.append(_line(x, bottom, x, bottom + 5, "portal-plot__base"))
        parts.append(_text(x, bottom + 20, frame.label(one), "portal-plot__tick", "middle"))
    return parts


def _marks(frame: Frame, scale: _Scale, bottom: int) -> list[str]:
    parts: list[str] = []
    for one in frame.marks:
        if frame.first <= one.on <= frame.last:
            x = scale.at(one.on)
            side = "end" if x > (scale.left + scale.right) // 2 else "start"
            parts.append(_line(x, TOP - 8, x, bottom, "portal-plot__mark"))
            parts.append(_text(x + (-4 if side == "end" else 4), TOP - 12, one.words, "portal-plot__words", side))
    return parts


def ticks(first: date, last: date, most: int = MOST_TICKS) -> list[date]:
    """First days of months, of quarters, of half years or of years: as fine as there is room."""
    for months in (1, 3, 6, 12, 24, 60, 120):
        found = list(_every(months, first, last))
        if len(found) <= most:
            return found
    return []


def _every(months: int, first: date, last: date) -> Iterable[date]:
    for year in range(first.year, last.year + 1):
        for month in range(1, 13, min(months, 12)):
            one = date(year, month, 1)
            if first <= one <= last and (months <= 12 or year % (months // 12) == 0):
                yield one


def _svg(frame: Frame, height: int, parts: Iterable[str], shape: Shape | None = None) -> str:
    name = f"{frame.id}-{shape.style}" if shape else frame.id
    title, description, width = f"{name}-title", f"{name}-desc", shape.width if shape else WIDTH
    style = f"portal-plot portal-plot--{shape.style}" if shape else "portal-plot"
    return (
        f'<svg class="{style}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="{title} {description}" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{title}">{escape(frame.title)}</title><desc id="{description}">{escape(frame.description)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def _line(x1: int, y1: int, x2: int, y2: int, style: str) -> str:
    return f'<line class="{style}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'


def _box(x: int, y: int, width: int, height: int, style: str) -> str:
    return f'<rect class="{style}" x="{x}" y="{y}" width="{max(1, width)}" height="{height}"/>'


def _text(x: int, y: int, words: str, style: str, anchor: str = "start") -> str:
    return f'<text class="{style}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>' if words else ""
