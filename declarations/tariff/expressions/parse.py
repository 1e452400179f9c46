"""From the printed text of a rate to its tree. What is not understood is `Unparsed`, never guessed.

Amounts are read by the grammar of `amounts.py`; what points elsewhere by the productions of `places.py`.
"""

import re
from functools import lru_cache

from declarations.tariff.expressions.amounts import read_amount
from declarations.tariff.expressions.places import read_place
from declarations.tariff.expressions.printed import tidy
from declarations.tariff.expressions.tree import Rate, Unparsed

MENTION = re.compile(r"(?:see|the rate|the duty|no change|the same rate)\b", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def parse(text: str) -> Rate:
    """The tree of a rate text. Never raises: what is not understood comes back as `Unparsed` with its reason."""
    clean = tidy(text)
    if not clean:
        return Unparsed(text, "empty")
    found: Rate | None = read_amount(clean)
    if found is None:
        found = read_place(text, clean)
    return Unparsed(text, _why(clean)) if found is None else found


def _why(text: str) -> str:
    if MENTION.match(text):
        return "reference"
    return "condition" if " but " in text or ", " in text else "unknown"
