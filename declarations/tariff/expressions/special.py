"""The special column: `Free (A*,AU,BH) 2.5% (KR)` is a rate for each program."""

import re
from functools import lru_cache

GROUP = re.compile(r"([^()]*)\(([^()]*)\)")
SYMBOL = re.compile(r"[A-Z]{1,2}[*+]?\Z")

# A claim may use its own symbol and the one that excludes some countries; a plus is a program of its own.
WIDER = {"A": ("A", "A*"), "E": ("E", "E*"), "J": ("J", "J*")}


@lru_cache(maxsize=20_000)
def parse_special(text: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Pairs of rate text and program symbols, as printed. A group that is no list of symbols is left out."""
    pairs = []
    for rate, inside in GROUP.findall(text):
        symbols = [one for one in re.split(r"[,\s]+", inside) if one]
        if symbols and all(SYMBOL.match(one) for one in symbols):
            pairs.append((" ".join(rate.split()), frozenset(symbols)))
    return tuple(pairs)


def claim_rate(text: str, program: str) -> str | None:
    """The rate text that a claim for a program opens, or None where the column does not name it.

    `A` opens `A` and `A*`; `A+` and `S+` are named apart and open only themselves.
    """
    wanted = WIDER.get(program, (program,))
    return next((rate for rate, symbols in parse_special(text) if any(one in symbols for one in wanted)), None)
