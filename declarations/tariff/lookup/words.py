"""Words of the schedule and of people in one form: lower case, singular, without what a text only excludes."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

IRREGULAR = {
    "feet": "foot", "teeth": "tooth", "mice": "mouse", "geese": "goose", "children": "child", "oxen": "ox",
    "knives": "knife", "leaves": "leaf", "loaves": "loaf", "shelves": "shelf", "scarves": "scarf", "wolves": "wolf",
    "calves": "calf", "halves": "half", "gases": "gas", "lenses": "lens", "clothes": "clothing", "buses": "bus",
    "dice": "die", "axes": "axe", "movies": "movie", "skies": "ski",
}  # fmt: skip
_SINGULAR = """
gas lens canvas christmas atlas brass series species molasses news chess physics bias pancreas cannabis
"""
_STOP = """
a an and any are as at be but by each either etc from has have having her his if into is it its kind kinds my no nor
of on only or other others our per put said same so some such that the their them there thereof therefor therewith
these they this those to type types up use used using very was were which whose you your nesoi nes elsewhere specified
included provided subheading heading chapter note section item described principally chiefly suitable whether not
than including excluding except more less exceeding
"""
_QUALIFIES = "for with in to used containing on having of incorporating designed put its their"
SINGULAR, STOP, _TURN = (frozenset(one.split()) for one in (_SINGULAR, _STOP, _QUALIFIES))
_NEUTRAL = re.compile(r"whether or not|not (?:more|less|over|exceeding)(?: than)?|not including|(?:but|and) not")
_EXCLUDED = re.compile(r"\b(?:other than|excluding|except(?: for)?|without|not)\b[^,;:()]*")
_BETWEEN = re.compile(r"[;:()]")
_TOKEN = re.compile(r"[a-z0-9]+")
_HYPHENATED = re.compile(r"\bman-made\b")
_INITIAL = re.compile(r"\b([a-z])-(?=[a-z]{3,})|\b([b-hj-z]) (?=[a-z]{3,})")
_OWNER = re.compile(r"['’]s?\b")
_ENDING = re.compile(r"(?:ings?|ers?|ed|or|e)$")
_VOWEL = re.compile(r"[aeiouy]")
LATER, FOLLOWING = 0.6, 0.85  # words after "for" or "with" only qualify; the first word names the goods


class Weighed(NamedTuple):
    """A word, and how much it says of the goods themselves."""

    word: str
    weight: float


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """One form for singular and plural."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word in SINGULAR or len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + ("ie" if word[:-3] in ("cook", "brown", "hood", "zomb", "smooth", "coll", "birk") else "y")
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")) or (word.endswith("oes") and len(word) > 5):
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=65_536)
def root(word: str) -> str:
    """What the forms of a word have in common: print of printer, printed, printing."""
    short = _ENDING.sub("", word)
    if len(short) < 3 or not _VOWEL.search(short) or word.endswith("eed"):
        return word
    if len(short) > 3 and short[-1] == short[-2] and short[-1] not in "lsz":
        short = short[:-1]
    return short[:-1] + "y" if short.endswith("i") else short


def words_in(text: str) -> list[str]:
    """All words of a text in order, folded; stop words and bare figures among them."""
    return [fold(word) for word in _TOKEN.findall(_plain(text))]


def asked_words(text: str) -> tuple[list[str], int]:
    """The words that a question is made of, and the place of the one that names the goods.

    English names them last (phone charger), or before "of" and "for" (charger for a phone).
    """
    found: list[str] = []
    head = -1
    for word in words_in(text):
        if word in _TURN and head < 0 and found:
            head = len(found) - 1
        if _says(word) and word not in _TURN:
            found.append(word)
    return found, head if head >= 0 else len(found) - 1


def weighed_words(text: str) -> list[Weighed]:
    """Words of a line with their weights: less after "for" or "with", none for what the text excludes."""
    kept = _EXCLUDED.sub(" ", _NEUTRAL.sub(" ", _plain(text)))
    found = []
    for place, part in enumerate(_BETWEEN.split(kept)):
        weight = FOLLOWING if place else 1.0
        for word in _TOKEN.findall(part):
            if word in _TURN:
                weight = LATER
            elif word not in STOP and _says(folded := fold(word)):
                found.append(Weighed(folded, weight))
                weight = min(weight, FOLLOWING)
    return found


def _says(word: str) -> bool:
    return word not in STOP and not word.isdigit() and len(word) > 1


def _plain(text: str) -> str:
    """Lower case without accents; "T-shirt" and "X ray" are one word each."""
    bare = text.lower()
    if not bare.isascii():
        bare = "".join(one for one in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(one))
    return _INITIAL.sub(r"\1\2", _HYPHENATED.sub("manmade", _OWNER.sub("", bare)))
