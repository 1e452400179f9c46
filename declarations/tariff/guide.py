"""The way down from a chapter to a number: one page a step, the texts between the numbers as they stand."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import gettext as _

from declarations.tariff.chapters import TITLES
from declarations.tariff.lookup import index_of, printed_digits
from declarations.tariff.selectors import Hit, children_of, current_view, search
from declarations.tariff.view import TariffLine, TariffView

WHOLE = 25  # lines that are shown at once, however deep they stand
MOST = 120  # rows of a page; more are gathered by the next digits
_OTHER = re.compile(r"other\b[^a-z]*\Z", re.IGNORECASE)


class Place(NamedTuple):
    """Something above: a number with a page of its own, or a text between two numbers."""

    number: str
    text: str


class Node(NamedTuple):
    """A row to choose from; texts between numbers have none. `size` lines below it can be declared."""

    number: str
    text: str
    depth: int
    general: str
    declarable: bool
    size: int


class Step(NamedTuple):
    """A number, what stands above it, and what there is to choose from below it."""

    number: str
    title: str
    above: tuple[Place, ...]
    nodes: tuple[Node, ...]


def step_of(number: str, on: date) -> Step | None:
    """The step of a chapter, heading or subheading; None where nothing is below it. Raises NoEdition."""
    view = current_view(on)
    count = len(list(index_of(view.lines).below(number)))
    hits = search(number, on, WHOLE) if len(number) >= 4 and count <= WHOLE else children_of(number, on)
    hits = [one for one in hits if one.number != number]
    if not hits:
        return None
    title, above = _standing(number, view, hits)
    if len(hits) > MOST and len(number) < 6:
        return Step(number, title, above, tuple(_gathered(hits, len(number) + 2)))
    return Step(number, title, above, tuple(_nodes(hits, _depth(number, view, hits), view)))


def name_of(description: str, path: Sequence[str]) -> tuple[str, str]:
    """What the line is called, with the words above it where it is only "other", and the rest of what is above."""
    chain = [tidy(one) for one in (*path, description)]
    start = len(chain) - 1
    while start > 0 and _OTHER.match(chain[start]):
        start -= 1
    name = chain[start] if start == len(chain) - 1 else _("%(name)s, other") % {"name": chain[start]}
    return name, " › ".join(chain[:start])


def tidy(text: str) -> str:
    """Without the colon that leads on to the lines below."""
    return text.strip().removesuffix(":").strip()


def _depth(number: str, view: TariffView, hits: list[Hit]) -> int:
    own = _line_of(number, view)
    return 0 if len(number) < 4 else min(len(one.path) for one in hits) if own is None else len(own.path) + 1


def _line_of(number: str, view: TariffView) -> TariffLine | None:
    found = (view.lines[key] for key in index_of(view.lines).below(number))
    return next((one for one in found if printed_digits(one) == number), None)


def _standing(number: str, view: TariffView, hits: list[Hit]) -> tuple[str, tuple[Place, ...]]:
    """The title of a number and what is above it, each with its own number where it has one."""
    if len(number) < 4:
        return str(TITLES.get(number, "")), ()
    own = _line_of(number, view)
    chain = (*own.path, own.description) if own else _shared(hits)
    if not chain:
        return "", ()
    numbers = {}
    for length in range(4, len(number), 2):
        line = _line_of(number[:length], view)
        if line is not None:
            numbers[len(line.path)] = number[:length]
    places = tuple(Place(numbers.get(depth, ""), tidy(text)) for depth, text in enumerate(chain[:-1]))
    return name_of(chain[-1], chain[:-1])[0], places


def _shared(hits: list[Hit]) -> tuple[str, ...]:
    """The texts above a number that the schedule does not print: what stands above everything below it."""
    first, last = hits[0], hits[-1]
    whole = (*first.path, first.description)
    if all(one.path[: len(whole)] == whole for one in hits[1:]):
        return whole
    return tuple(text for text, other in zip(first.path, last.path, strict=False) if text == other)


def _nodes(hits: Iterable[Hit], start: int, view: TariffView) -> Iterable[Node]:
    shown: list[str] = []
    index = index_of(view.lines)
    for hit in hits:
        for depth, text in enumerate(hit.path[start:]):
            if shown[depth : depth + 1] != [text]:
                shown = [*shown[:depth], text]
                yield Node("", tidy(text), depth, "", declarable=False, size=0)
        depth = len(hit.path) - start
        shown = [*hit.path[start:], hit.description]
        count = 1 if hit.declarable else sum(view.lines[key].declarable for key in index.below(hit.number))
        yield Node(hit.number, tidy(hit.description), depth, hit.general, hit.declarable, count)


def _gathered(hits: list[Hit], length: int) -> Iterable[Node]:
    """Numbers by their first digits, where a chapter prints no headings above them."""
    for number, group in groupby(hits, key=lambda one: one.number[:length]):
        held = list(group)
        alone = len(held) == 1
        if alone:
            one = held[0]
            yield Node(one.number, name_of(one.description, one.path)[0], 0, one.general, one.declarable, 1)
        else:
            ends = {"first": held[0].printed_number, "last": held[-1].printed_number}
            yield Node(number, _("%(first)s to %(last)s") % ends, 0, "", declarable=False, size=len(held))
