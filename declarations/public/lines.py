"""Lines of the schedule as pages show them: hits of a search, the tree below a number, the rates of a line."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from declarations.tariff.expressions.special import parse_special
from declarations.tariff.selectors import Hit
from declarations.tariff.view import TariffLine, TariffView

_OTHER = re.compile(r"other\b[^a-z]*\Z", re.IGNORECASE)


class Found(NamedTuple):
    """One hit: a name that says something where the line only says "other", and where it stands."""

    number: str
    name: str
    above: str
    general: str
    units: tuple[str, ...]
    declarable: bool


class Node(NamedTuple):
    """A row of the tree; texts between numbers have none."""

    number: str
    text: str
    depth: int
    general: str
    declarable: bool


class Programs(NamedTuple):
    """One rate of the special column, and whom it is for."""

    rate: str
    programs: list[tuple[str, str]]


def found(hits: Iterable[Hit]) -> list[Found]:
    """Hits with names."""
    return [_found(one) for one in hits]


def _found(hit: Hit) -> Found:
    name, above = name_of(hit.description, hit.path)
    return Found(hit.number, name, above, hit.general, hit.units, hit.declarable)


def name_of(description: str, path: tuple[str, ...]) -> tuple[str, str]:
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


def tree(hits: Iterable[Hit], number: str) -> list[Node]:
    """Hits below a number in schedule order, with the texts between them, as deep as they stand."""
    rows: list[Node] = []
    shown: list[str] = []
    for hit in hits:
        for depth, text in enumerate(hit.path):
            if shown[depth : depth + 1] != [text]:
                shown = [*shown[:depth], text]
                rows.append(Node("", tidy(text), depth, "", False))
        depth = len(hit.path)
        shown = [*hit.path, hit.description]
        if hit.number != number:  # its own words are the title of the page
            rows.append(Node(hit.number, tidy(hit.description), depth, hit.general, hit.declarable))
    return rows


def specials(line: TariffLine, view: TariffView) -> list[Programs]:
    """The special column by rate, each program with its name."""
    return [
        Programs(rate, [(code, _program_name(view, code)) for code in sorted(symbols)])
        for rate, symbols in parse_special(line.special)
    ]


def _program_name(view: TariffView, code: str) -> str:
    row = view.program(code)
    return row.name if row else ""


def hierarchy(line: TariffLine) -> list[dict[str, Any]]:
    """What stands above the line, outermost first, and the line itself."""
    chain = [*(tidy(one) for one in line.path), tidy(line.description)]
    return [{"text": text, "depth": depth} for depth, text in enumerate(chain)]
