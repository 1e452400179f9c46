"""The special column: `Free (A*,AU,BH) 2.5% (KR)` is a rate for each program (HTS general note 3(c)(i))."""

import re
from functools import lru_cache

from msgspec import Struct

from declarations.tariff.expressions.parse import parse
from declarations.tariff.expressions.tree import Rate

GROUP = re.compile(r"\(([^()]*)\)")
SYMBOL = re.compile(r"[A-Z]{1,2}[*+]?\Z")
DOUBLED = re.compile(r"\(([A-Z]{1,2}[*+]?) \(\1\)")  # printed once: `(PA (PA)`

# A claim may use its own symbol and the one that excludes some countries; a plus is a program of its own.
WIDER = {"A": ("A", "A*"), "E": ("E", "E*"), "J": ("J", "J*")}


class ProgramRate(Struct, frozen=True):
    """The rate that claims for certain programs open."""

    rate: Rate
    text: str
    programs: frozenset[str]

    def opens(self, program: str) -> bool:
        """Whether a claim for a program has this rate."""
        return any(one in self.programs for one in WIDER.get(program, (program,)))


class Special(Struct, frozen=True):
    """A special column, read to its end."""

    rates: tuple[ProgramRate, ...] = ()
    general: Rate | None = None  # chapters 98 and 99: a rate printed for no program by name holds for all of them
    unread: str = ""  # what is left behind a list of programs, and belongs to none

    def rate_for(self, program: str) -> Rate | None:
        """The rate that a claim for a program opens, or None where the column does not name it."""
        return next((one.rate for one in self.rates if one.opens(program)), self.general)


@lru_cache(maxsize=20_000)
def read_special(text: str) -> Special:
    """The special column as programs with their rates as trees."""
    pairs, rest = _groups(text)
    rates = tuple(ProgramRate(parse(rate), rate, symbols) for rate, symbols in pairs)
    return Special(rates, unread=rest) if pairs or not rest else Special(general=parse(rest))


@lru_cache(maxsize=20_000)
def parse_special(text: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Pairs of rate text and program symbols, as printed. A group that is no list of symbols is part of a text."""
    return _groups(text)[0]


def _groups(text: str) -> tuple[tuple[tuple[str, frozenset[str]], ...], str]:
    """The pairs of a column and what is left behind the last of them."""
    column = DOUBLED.sub(r"(\1)", text)
    pairs, start = [], 0
    for group in GROUP.finditer(column):
        symbols = [one for one in re.split(r"[,\s]+", group[1]) if one]
        if symbols and all(SYMBOL.match(one) for one in symbols):
            pairs.append((" ".join(column[start : group.start()].split()), frozenset(symbols)))
            start = group.end()
    return tuple(pairs), " ".join(column[start:].split())


def claim_rate(text: str, program: str) -> str | None:
    """The rate text that a claim for a program opens, or None where the column does not name it.

    `A` opens `A` and `A*`; `A+` and `S+` are named apart and open only themselves.
    """
    wanted = WIDER.get(program, (program,))
    return next((rate for rate, symbols in parse_special(text) if any(one in symbols for one in wanted)), None)
