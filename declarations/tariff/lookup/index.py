"""The index of an edition: which words stand in or above each subheading, and which lines are below it."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import log
from typing import NamedTuple

from declarations.tariff.lookup.words import root, weighed_words
from declarations.tariff.view import TariffLine

# What a word says of a subheading: one of the heading, of a text between, of itself, of one line below it.
HEADING, BETWEEN, OWN, BELOW = 1.05, 0.9, 1.0, 0.72
PARTS = frozenset({"part", "accessory"})
GROUP = 6
USUAL_LENGTH, STRETCH = 8, 60  # a long text says less with each word
SCALE = 240  # weights are kept as bytes

Words = list[tuple[int, float]]


class Leaf(NamedTuple):
    """A line that can be declared, with its own words and those above it."""

    number: str
    terms: frozenset[int]


class Postings(NamedTuple):
    """Subheadings that hold a word, and how much it says of each."""

    groups: "array[int]"
    weights: "array[int]"


@dataclass
class Index:
    """Words of one edition by subheading. Built once, never changed."""

    terms: dict[str, int] = field(default_factory=dict)
    roots: dict[str, tuple[str, ...]] = field(default_factory=dict)
    postings: list[Postings] = field(default_factory=list)
    rarity: "array[float]" = field(default_factory=lambda: array("f"))
    unknown: float = 1.0  # the rarity of a word that no line has
    numbers: list[str] = field(default_factory=list)  # six digits of each subheading
    tops: list[str] = field(default_factory=list)  # the line that names it
    places: dict[str, int] = field(default_factory=dict)
    of_parts: bytearray = field(default_factory=bytearray)
    leaf_numbers: list[str] = field(default_factory=list)
    leaf_bounds: "array[int]" = field(default_factory=lambda: array("I", [0]))
    leaf_terms: "array[int]" = field(default_factory=lambda: array("I"))
    term_bounds: "array[int]" = field(default_factory=lambda: array("I", [0]))
    digits: list[str] = field(default_factory=list)  # of all lines, sorted
    keys: list[str] = field(default_factory=list)  # their numbers in the view

    def leaves(self, group: int) -> Iterator[Leaf]:
        """Lines of a subheading that can be declared, in schedule order."""
        for place in range(self.leaf_bounds[group], self.leaf_bounds[group + 1]):
            terms = self.leaf_terms[self.term_bounds[place] : self.term_bounds[place + 1]]
            yield Leaf(self.leaf_numbers[place], frozenset(terms))

    def size_of(self, group: int) -> int:
        """How many lines of a subheading can be declared."""
        return self.leaf_bounds[group + 1] - self.leaf_bounds[group]

    def below(self, digits: str) -> Iterator[str]:
        """Numbers of the view that begin with the digits, in schedule order."""
        for place in range(bisect_left(self.digits, digits), len(self.digits)):
            if not self.digits[place].startswith(digits):
                return
            yield self.keys[place]

    def knows(self, word: str) -> bool:
        """True where a line has the word, or another form of it."""
        return word in self.terms or root(word) in self.roots

    def forms(self, word: str) -> list[tuple[int, float]]:
        """The word itself, and at less weight its other forms."""
        found = [(self.terms[word], 1.0)] if word in self.terms else []
        other = 0.7 if found else 0.85
        return found + [(self.terms[one], other) for one in self.roots.get(root(word), ()) if one != word]

    def rarity_of(self, term: int | None) -> float:
        """High for a word of few subheadings."""
        return self.unknown if term is None else self.rarity[term]


def printed_digits(line: TariffLine) -> str:
    """The digits as they stand in the print: a view fills up eight of a line that cannot be declared itself."""
    return line.number[:8] if not line.declarable and len(line.number) == 10 else line.number


def build_index(lines: Mapping[str, TariffLine]) -> Index:
    """The index of the lines of an edition."""
    ordered = sorted((printed_digits(line), key) for key, line in lines.items())
    builder = _Builder()
    for digits, key in ordered:
        if len(digits) >= GROUP:
            builder.read(digits, lines[key])
    index = Index(terms=builder.terms, roots=_roots(builder.terms))
    index.digits, index.keys = [one for one, _ in ordered], [key for _, key in ordered]
    _put_groups(index, builder.groups.values())
    return index


class _Group:
    """A subheading while the index is being built."""

    def __init__(self, number: str, top: TariffLine) -> None:
        self.number = number
        self.top = top.number
        self.depth = len(top.path)
        self.weights: dict[int, float] = {}
        self.of_parts = False
        self.leaves: list[tuple[str, set[int]]] = []

    def add(self, words: Words, level: float) -> None:
        for term, weight in words:
            if weight * level > self.weights.get(term, 0):
                self.weights[term] = weight * level


class _Builder:
    """Reads the lines in schedule order."""

    def __init__(self) -> None:
        self.terms: dict[str, int] = {}
        self.groups: dict[str, _Group] = {}
        self._texts: dict[str, Words] = {}

    def read(self, digits: str, line: TariffLine) -> None:
        group = self.groups.get(digits[:GROUP])
        if group is None:
            group = self.groups[digits[:GROUP]] = _Group(digits[:GROUP], line)
        chain = [self._words(text) for text in (*line.path, line.description)]
        if len(line.path) <= group.depth:
            self._put_top(group, chain)
        else:
            for words in chain[group.depth :]:
                group.add(words, BELOW)
        if line.declarable:
            group.leaves.append((line.number, {term for words in chain for term, _ in words}))

    def _put_top(self, group: _Group, chain: list[Words]) -> None:
        for place, words in enumerate(chain):
            group.add(words, HEADING if place == 0 else OWN if place == len(chain) - 1 else BETWEEN)
        parts = {self.terms.get(one) for one in PARTS}
        group.of_parts = group.of_parts or any(words and words[0][0] in parts for words in chain[-3:])

    def _words(self, text: str) -> Words:
        held = self._texts.get(text)
        if held is None:
            weighed = weighed_words(text)
            length = 1 / (1 + max(0, len(weighed) - USUAL_LENGTH) / STRETCH)
            held = [(self.terms.setdefault(one.word, len(self.terms)), one.weight * length) for one in weighed]
            self._texts[text] = held
        return held


def _roots(terms: dict[str, int]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word in terms:
        found.setdefault(root(word), []).append(word)
    return {one: tuple(words) for one, words in found.items()}


def _put_groups(index: Index, groups: Iterable[_Group]) -> None:
    index.postings = [Postings(array("H"), array("B")) for _ in index.terms]
    for place, group in enumerate(groups):
        index.numbers.append(group.number)
        index.places[group.number] = place
        index.tops.append(group.top)
        index.of_parts.append(group.of_parts)
        for term, weight in group.weights.items():
            index.postings[term].groups.append(place)
            index.postings[term].weights.append(round(weight * SCALE))
        for number, terms in group.leaves:
            index.leaf_numbers.append(number)
            index.leaf_terms.extend(sorted(terms))
            index.term_bounds.append(len(index.leaf_terms))
        index.leaf_bounds.append(len(index.leaf_numbers))
    index.unknown = log(1 + len(index.numbers))
    index.rarity = array("f", (log(1 + len(index.numbers) / max(1, len(one.groups))) for one in index.postings))
