"""From a question to slots: each holds the ways in which one of its words can be read."""

from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from declarations.tariff.lookup.index import Index
from declarations.tariff.lookup.synonyms import Synonyms
from declarations.tariff.lookup.words import asked_words

MOST_WORDS = 12
MOST_ENDINGS = 12
SHORTEST_BEGINNING = 3
SHORTEST_SPELLING = 4
SHORT, LONG = 5, 10  # letters: up to five one may be wrong, from ten three
SENSE, ENDING, LATER_ENDING, SPELLING = 0.95, 0.85, 0.02, 0.9
HEAD = 1.4


class Why(NamedTuple):
    """What made a line match where its own words do not show it: `synonym`, `spelling`, `beginning` or `filed`."""

    kind: str
    typed: str
    read: str


class Way(NamedTuple):
    """One way to read a word: terms of the index that should all be there."""

    terms: tuple[tuple[tuple[int, float], ...], ...]  # of each word its forms; none for a word no line has
    weight: float
    why: Why | None = None


class Slot(NamedTuple):
    """A word or a name of the question, how much it says, and the ways to read it."""

    ways: tuple[Way, ...]
    worth: float


class Asked(NamedTuple):
    """A question as it was understood."""

    slots: tuple[Slot, ...]
    words: frozenset[str]


class _Read(NamedTuple):
    word: str
    why: Why | None = None


def understand(text: str, index: Index, table: Synonyms) -> Asked:
    """The slots of a question; none where it has no word that says anything."""
    typed, head = asked_words(text)
    typed = typed[:MOST_WORDS]
    named = typed[head] if 0 <= head < len(typed) else ""
    read = _repaired(typed, index, table)
    words = [one.word for one in read]
    notes = {one.word: one.why for one in read if one.why}
    slots: list[Slot] = []
    taken: set[str] = set()
    for key in table.keys_in(words):
        if not key & taken:
            taken |= key
            slots.append(_name_slot(key, words, notes, index, table, named))
    slots += [_word_slot(one, index, named) for one in read if one.word not in taken]
    return Asked(tuple(slots), frozenset(words))


def not_understood(text: str, index: Index, table: Synonyms) -> list[str]:
    """Words of a question that no line and no everyday name has, one letter wrong or the rest of a word left out."""
    typed = asked_words(text)[0][:MOST_WORDS]
    found = []
    for place, word in enumerate(typed):
        is_begun = place == len(typed) - 1 and len(word) >= SHORTEST_BEGINNING and _endings(word, index)
        if not _known(word, index, table) and not is_begun and not _nearest(word, 1, index, table):
            found.append(word)
    return found if 2 * len(found) >= len(typed) else []


def _name_slot(
    key: frozenset[str], words: list[str], notes: dict[str, Why], index: Index, table: Synonyms, named: str
) -> Slot:
    """An everyday name: its senses, and its own words where lines have them."""
    ordered = sorted(key, key=words.index)
    note = next((notes[one] for one in ordered if one in notes), None)
    shown = " ".join(notes[one].typed if one in notes else one for one in ordered)
    ways = [Way(tuple(tuple(index.forms(one)) for one in ordered), 1.0, note)]
    for sense in table.senses[key]:
        forms = tuple(tuple(index.forms(one)) for one in sense.words)
        ways.append(Way(forms, SENSE, Why("synonym", shown, sense.text)))
    return Slot(tuple(ways), _worth(ways, index) * (HEAD if named in key or _was(notes, key, named) else 1.0))


def _was(notes: dict[str, Why], key: frozenset[str], named: str) -> bool:
    return any(notes[one].typed == named for one in key if one in notes)


def _word_slot(read: _Read, index: Index, named: str) -> Slot:
    why = read.why
    if why and why.kind == "beginning":
        ways = [
            Way((((index.terms[one], 1.0),),), ENDING - place * LATER_ENDING, Why("beginning", why.typed, one))
            for place, one in enumerate(_endings(why.typed, index))
        ]
    else:
        ways = [Way((tuple(index.forms(read.word)),), SPELLING if why else 1.0, why)]
    is_head = named in (read.word, why.typed if why else "")
    return Slot(tuple(ways), _worth(ways, index) * (HEAD if is_head else 1.0))


def _worth(ways: list[Way], index: Index) -> float:
    """As much as the rarest word that it can be read as."""
    rarities = [index.rarity_of(forms[0][0]) for way in ways for forms in way.terms if forms]
    return max(rarities, default=index.unknown)


def _repaired(typed: list[str], index: Index, table: Synonyms) -> list[_Read]:
    """Words that nobody knows, read as one that was written apart, joined, begun or misspelled."""
    found: list[_Read] = []
    place = 0
    while place < len(typed):
        word = typed[place]
        joined = word + typed[place + 1] if place + 1 < len(typed) else ""
        if joined and (joined in table.keys_with or joined in index.terms):
            found.append(_Read(joined))
            place += 2
            continue
        found += [_Read(word)] if _known(word, index, table) else _read(word, place == len(typed) - 1, index, table)
        place += 1
    return found


def _known(word: str, index: Index, table: Synonyms) -> bool:
    return word in table.keys_with or index.knows(word)


def _read(word: str, is_last: bool, index: Index, table: Synonyms) -> list[_Read]:
    if is_last and len(word) >= SHORTEST_BEGINNING and _endings(word, index):
        return [_Read(word, Why("beginning", word, ""))]
    near = _nearest(word, 1, index, table)
    if near:
        return [_Read(near, Why("spelling", word, near))]
    for cut in range(3, len(word) - 2):
        if _known(word[:cut], index, table) and _known(word[cut:], index, table):
            return [_Read(word[:cut]), _Read(word[cut:])]
    near = _nearest(word, 2 if len(word) < LONG else 3, index, table) if len(word) > SHORT else ""
    return [_Read(near, Why("spelling", word, near)) if near else _Read(word)]


def _endings(word: str, index: Index) -> list[str]:
    """Words that begin so, those of most lines first."""
    found = [one for one in index.terms if one.startswith(word)]
    return sorted(found, key=lambda one: index.rarity[index.terms[one]])[:MOST_ENDINGS]


def _nearest(word: str, allowed: int, index: Index, table: Synonyms) -> str:
    """The known word with the fewest letters wrong; one of the same beginning before another."""
    if len(word) < SHORTEST_SPELLING:
        return ""
    choices = [*table.keys_with, *index.terms]
    near = process.extract(word, choices, scorer=OSA.distance, score_cutoff=allowed, limit=12)
    ranked = sorted(near, key=lambda one: (one[1], one[0][0] != word[0], one[0] not in table.keys_with, one[2]))
    return ranked[0][0] if ranked else ""
