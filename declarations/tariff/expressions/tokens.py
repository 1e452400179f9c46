"""A rate text cut into numbers, words and marks."""

import re
from decimal import Decimal
from typing import NamedTuple

# Nine digits before the point and ten after it are more than any rate has; more is not read.
DECIMALS = 10
NUMBER = rf"(?:[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,2}}|[0-9]{{1,9}})(?:\.[0-9]{{1,{DECIMALS}}})?|\.[0-9]{{1,{DECIMALS}}}"
TOKEN = re.compile(
    rf" ?(?:(?P<number>(?:{NUMBER})(?![0-9.]))|(?P<word>[A-Za-z][A-Za-z0-9²³.'-]*)|(?P<mark>[$¢%/+,()]))"
)


class Token(NamedTuple):
    """One piece of a text; `kind` is number, word or mark."""

    kind: str
    text: str

    @property
    def number(self) -> Decimal:
        return Decimal(self.text.replace(",", ""))


def tokens_of(text: str) -> tuple[Token, ...] | None:
    """The tokens of a tidy text, or None where it holds anything else."""
    found: list[Token] = []
    place = 0
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            return None
        found.append(Token(match.lastgroup or "", match[match.lastgroup or 0]))
        place = match.end()
    return tuple(found)
