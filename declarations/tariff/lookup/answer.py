"""The subheadings that fit a question best, each with the lines below it that fit best, and why."""

from collections.abc import Iterable
from heapq import nlargest
from typing import NamedTuple

from declarations.tariff.lookup.ask import Asked, Slot, Way, Why, not_understood, understand
from declarations.tariff.lookup.index import GROUP, PARTS, SCALE, Index, Leaf
from declarations.tariff.lookup.synonyms import synonyms
from declarations.tariff.lookup.words import asked_words

LOOKED_AT = 50  # subheadings whose lines are looked at one by one
MOST_LEAVES = 60
LEAST = 0.12  # the share of a question that must be there
NEAR_BEST = 0.5  # what scores less than this share of the best is left out
SENSE_AT_LEAST = 0.4  # a sense of which no line holds so much is not taken for found
OWN_WORDS = 0.2  # what the everyday words themselves add to a sense
FULL = 1.5  # how much more a name counts of which all words are there
SPECIAL = {"98": 0.5, "99": 0.25}  # provisions and duties, not kinds of goods
PARTS_ONLY = 0.75  # parts where the goods are asked for, or the other way round
TOGETHER = 0.3  # what is lost where the words stand in different lines
FILED_AND_FITS, FILED_WORDS = 0.15, 0.6  # a number filed before that fits; one whose goods were called so
FILED_LINE = 0.5


class Filed(NamedTuple):
    """A number that the importer filed before, and what the goods were called."""

    number: str
    description: str = ""


class Answer(NamedTuple):
    """A subheading: the line that names it, its lines with the best first, how many it has, and why it is here."""

    number: str
    top: str
    lines: tuple[str, ...]
    size: int
    score: float
    why: tuple[Why, ...]


class _Standing(NamedTuple):
    score: float
    group: int


def answer(text: str, index: Index, *, filed: Iterable[Filed] = (), limit: int = 20, lines: int = 5) -> list[Answer]:
    """At most `limit` subheadings, best first, each with at most `lines` of its lines."""
    asked = understand(text, index, synonyms())
    if not asked.slots:
        return []
    found, readings = _scored(asked, index)
    earlier = _earlier(asked, index, filed)
    for group, worth in earlier.groups.items():
        found[group] = found.get(group, 0.0) + (FILED_AND_FITS if found.get(group, 0) > LEAST else 0) + worth
    best = [_Standing(score, group) for group, score in found.items() if score > LEAST]
    looked = [_look(one, readings, index, earlier, lines) for one in nlargest(LOOKED_AT, best, key=_by_score)]
    ranked = sorted(looked, key=lambda one: -one.score)[:limit]
    return [one for one in ranked if one.score >= NEAR_BEST * ranked[0].score]


def few_understood(text: str, index: Index) -> list[str]:
    """The words that nobody knows, where they are half of a question or more: it may be of another language."""
    return not_understood(text, index, synonyms())


def _by_score(one: _Standing) -> tuple[float, int]:
    return one.score, -one.group


class _Reading(NamedTuple):
    slot: Slot
    best: dict[int, tuple[float, Way]]


def _scored(asked: Asked, index: Index) -> tuple[dict[int, float], list[_Reading]]:
    """Every subheading with a word of the question: the share of its worth that is there, from 0 to 1."""
    readings = [_Reading(slot, _best_ways(slot, index)) for slot in asked.slots]
    whole = sum(one.slot.worth for one in readings)
    found: dict[int, float] = {}
    for one in readings:
        share = one.slot.worth / whole
        for group, (score, _) in one.best.items():
            found[group] = found.get(group, 0.0) + share * score
    wants_parts = not PARTS.isdisjoint(asked.words)
    for group in found:
        found[group] *= SPECIAL.get(index.numbers[group][:2], 1.0)
        if bool(index.of_parts[group]) != wants_parts:
            found[group] *= PARTS_ONLY
    return found, readings


def _best_ways(slot: Slot, index: Index) -> dict[int, tuple[float, Way]]:
    own = _of_way(slot.ways[0], index)
    best = {group: (score * slot.ways[0].weight, slot.ways[0]) for group, score in own.items()}
    for way in slot.ways[1:]:
        found = _of_way(way, index)
        most = max((SENSE_AT_LEAST, *found.values()))
        for group, part in found.items():
            score = way.weight * part / most + OWN_WORDS * own.get(group, 0.0)
            if group not in best or score > best[group][0]:
                best[group] = (score, way)
    return best


def _of_way(way: Way, index: Index) -> dict[int, float]:
    """How far each subheading holds the words of one way to read: all of them count more than each alone."""
    rarities = [index.rarity_of(forms[0][0] if forms else None) for forms in way.terms]
    whole = sum(rarities)
    found: dict[int, float] = {}
    for forms, rarity in zip(way.terms, rarities, strict=True):
        for group, weight in _of_forms(forms, index).items():
            found[group] = found.get(group, 0.0) + rarity * weight / whole
    return {group: score**FULL for group, score in found.items()} if len(way.terms) > 1 else found


def _of_forms(forms: tuple[tuple[int, float], ...], index: Index) -> dict[int, float]:
    found: dict[int, float] = {}
    for term, form in forms:
        groups, weights = index.postings[term]
        factor = form / SCALE
        for group, weight in zip(groups, weights, strict=True):
            score = weight * factor
            if score > found.get(group, 0.0):
                found[group] = score
    return found


class _Earlier(NamedTuple):
    groups: dict[int, float]
    numbers: dict[str, float]


def _earlier(asked: Asked, index: Index, filed: Iterable[Filed]) -> _Earlier:
    """What the importer's own words for goods filed before have in common with the question."""
    groups: dict[int, float] = {}
    numbers: dict[str, float] = {}
    for one in filed:
        group = index.places.get(one.number[:GROUP])
        if group is None:
            continue
        own = set(asked_words(one.description)[0])
        share = len(asked.words & own) / len(asked.words)
        groups[group] = max(groups.get(group, 0.0), share * FILED_WORDS)
        numbers[one.number] = max(numbers.get(one.number, 0.0), 0.01 + share)
    return _Earlier(groups, numbers)


def _look(one: _Standing, readings: list[_Reading], index: Index, earlier: _Earlier, lines: int) -> Answer:
    """The subheading with its lines ranked; a line that fits lifts it over one whose words are scattered."""
    leaves = list(index.leaves(one.group))[:MOST_LEAVES]
    ways = [(reading.slot.worth, reading.best[one.group][1]) for reading in readings if one.group in reading.best]
    wanted = _wanted(ways, sum(reading.slot.worth for reading in readings), index)
    ranked = []
    for place, leaf in enumerate(leaves):
        fits = sum(share for term, share in wanted.items() if term in leaf.terms)
        ranked.append((-fits - FILED_LINE * earlier.numbers.get(leaf.number, 0.0), place, leaf.number))
    ranked.sort()
    together = _together(wanted, leaves)
    own = {number for number in earlier.numbers if number.startswith(index.numbers[one.group])}
    why = [way.why for _, way in ways if way.why]
    if own:
        why.append(Why("filed", "", max(own, key=lambda number: earlier.numbers[number])))
    return Answer(
        number=index.numbers[one.group],
        top=index.tops[one.group],
        lines=tuple(number for _, _, number in ranked[:lines]),
        size=index.size_of(one.group),
        score=one.score * (TOGETHER * together + 1 - TOGETHER),
        why=tuple(why),
    )


def _wanted(ways: list[tuple[float, Way]], whole: float, index: Index) -> dict[int, float]:
    """Terms that a line should have, each with its share of the question."""
    wanted: dict[int, float] = {}
    for worth, way in ways:
        rarities = [index.rarity_of(forms[0][0] if forms else None) for forms in way.terms]
        for forms, rarity in zip(way.terms, rarities, strict=True):
            for term, form in forms:
                wanted[term] = max(wanted.get(term, 0.0), form * rarity / sum(rarities) * worth / whole)
    return wanted


def _together(wanted: dict[int, float], leaves: list[Leaf]) -> float:
    """How much of what the lines have among them stands in one of them."""
    everywhere = frozenset().union(*(one.terms for one in leaves)) & wanted.keys()
    whole = sum(wanted[term] for term in everywhere)
    best = max((sum(wanted[term] for term in one.terms & everywhere) for one in leaves), default=0.0)
    return best / whole if whole else 0.0
