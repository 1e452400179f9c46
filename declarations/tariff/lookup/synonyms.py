"""Everyday words and what the schedule calls the goods: a table of our own, kept beside this file."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from declarations.tariff.lookup.words import asked_words, weighed_words, words_in

TABLE = Path(__file__).parent / "synonyms.csv"


class Sense(NamedTuple):
    """One thing that an everyday word may mean, as the schedule puts it."""

    text: str
    words: tuple[str, ...]


class Synonyms(NamedTuple):
    """Senses by the set of everyday words, and the words that are used in them."""

    senses: dict[frozenset[str], list[Sense]]
    keys_with: dict[str, list[frozenset[str]]]  # longest first

    def keys_in(self, words: list[str]) -> list[frozenset[str]]:
        """Everyday names whose words are all there, in whatever order; the longest first."""
        held = set(words)
        found = {key for word in held for key in self.keys_with.get(word, ()) if key <= held}
        return sorted(found, key=lambda key: (-len(key), min(words.index(one) for one in key)))


@cache
def synonyms() -> Synonyms:
    """The table, read once."""
    senses: dict[frozenset[str], list[Sense]] = {}
    with TABLE.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            key = frozenset(asked_words(row["everyday"])[0] or words_in(row["everyday"]))
            words = dict.fromkeys(one.word for one in weighed_words(row["schedule"]))
            senses.setdefault(key, []).append(Sense(row["schedule"], tuple(words)))
    keys_with: dict[str, list[frozenset[str]]] = {}
    for key in sorted(senses, key=len, reverse=True):
        for word in key:
            keys_with.setdefault(word, []).append(key)
    return Synonyms(senses, keys_with)
