"""Plots as SVG: well-formed, told in words, every figure at its place."""

from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from declarations.public.plots import PHONE, Bar, Frame, Mark, Span, Step, bars, step_line, ticks

SVG = "{http://www.w3.org/2000/svg}"
FRAME = Frame(
    id="plot", title="Rates <of> batteries", description="A step line", first=date(2026, 1, 1), last=date(2026, 12, 31),
    marks=[Mark(date(2026, 7, 1), "1 Jul 2026")], label=lambda on: on.isoformat(), axis="Percent",
)  # fmt: skip


def drawn(text):
    return etree.fromstring(text.encode())


def texts(root):
    return [one.text for one in root.iter(f"{SVG}text")]


def of_class(root, name):
    return [one for one in root.iter() if name in (one.get("class") or "").split()]


def test_a_plot_is_told_to_those_who_do_not_see_it():
    root = drawn(step_line(FRAME, [Step(FRAME.first, FRAME.last, Decimal("3.4"))]))
    named = {one.get("id"): one.text for one in root if one.get("id")}
    assert root.get("role") == "img"
    assert [named[one] for one in root.get("aria-labelledby").split()] == ["Rates <of> batteries", "A step line"]


def test_steps_go_up_and_down_where_the_rate_does():
    steps = [
        Step(date(2026, 1, 1), date(2026, 6, 30), Decimal(10)),
        Step(date(2026, 7, 1), date(2026, 12, 31), Decimal(40)),
    ]
    root = drawn(step_line(FRAME, steps))
    (line,) = of_class(root, "portal-plot__line")
    start, middle, end = 64, 64 + (740 - 64) * 181 // 365, 740
    assert line.get("d") == f"M{start} {216 - 190 // 4}H{middle}V{26}H{end}"
    assert {"10 %", "40 %", "1 Jul 2026", "Percent"} <= set(texts(root))


def test_where_the_rate_is_not_known_there_is_no_line_but_the_reason():
    steps = [
        Step(date(2026, 1, 1), date(2026, 6, 30), None, "No schedule"),
        Step(date(2026, 7, 1), date(2026, 12, 31), Decimal(0)),
    ]
    root = drawn(step_line(FRAME, steps))
    (gap,) = of_class(root, "portal-plot__unknown")
    (line,) = of_class(root, "portal-plot__line")
    assert line.get("d").startswith(f"M{64 + int(gap.get('width'))} 216H740")
    assert "No schedule" in texts(root)


def test_bars_keep_to_their_days_and_an_open_end_has_an_arrow():
    rows = [
        Bar("9903.01.24", (Span(date(2025, 3, 4), date(2026, 3, 31), "+20 %", "add"),)),
        Bar("9903.05.90", (Span(date(2026, 7, 1), None, "frees", "free"),)),
    ]
    root = drawn(bars(FRAME, rows))
    first, second = of_class(root, "portal-plot__bar")
    assert (first.get("x"), int(first.get("width"))) == ("230", (740 - 230) * 90 // 365)
    assert int(second.get("x")) + int(second.get("width")) == 740
    assert "portal-plot__bar--free" in second.get("class")
    assert len(of_class(root, "portal-plot__on")) == 1
    assert {"9903.01.24", "+20 %", "frees"} <= set(texts(root))


def test_words_that_have_no_room_beside_the_next_bar_are_left_to_the_table():
    spans = (
        Span(date(2026, 3, 1), date(2026, 3, 5), "+84 %", "add"), Span(date(2026, 3, 6), date(2026, 12, 31), "+125 %", "add"),
    )  # fmt: skip
    assert [one for one in texts(drawn(bars(FRAME, [Bar("x", spans)]))) if "%" in one] == ["+125 %"]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 1, 15), date(2026, 4, 15), [date(2026, month, 1) for month in (2, 3, 4)]),
        (date(2025, 1, 1), date(2026, 12, 31), [date(year, month, 1) for year in (2025, 2026) for month in (1, 4, 7, 10)]),
        (date(2018, 7, 1), date(2027, 1, 15), [date(year, 1, 1) for year in range(2019, 2028)]),
    ],
)  # fmt: skip
def test_the_axis_is_as_fine_as_there_is_room(first, last, expected):
    assert ticks(first, last) == expected


def test_on_a_phone_names_stand_above_their_bars_and_nothing_is_cut_off():
    name = "9903.91.06 Section 301, China"
    root = drawn(bars(FRAME, [Bar(name, (Span(date(2026, 3, 1), None, "+25 %", "add"),))], PHONE))
    assert root.get("viewBox").split()[2] == "350"
    (title,), (bar,) = of_class(root, "portal-plot__name"), of_class(root, "portal-plot__bar")
    assert title.text == name
    assert int(title.get("y")) < int(bar.get("y"))
    assert int(bar.get("x")) + int(bar.get("width")) <= 350


def test_nothing_at_all_is_still_a_plot():
    assert texts(drawn(bars(FRAME, [])))
    assert texts(drawn(step_line(FRAME, [])))
