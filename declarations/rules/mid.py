"""Manufacturer identification codes, built from name and address (19 CFR part 102, appendix)."""

import re
import unicodedata
from functools import lru_cache

MAX_LENGTH = 15
NAME_WORDS = 2
PART = 3
STREET_DIGITS = 4

# Canada is never CA: the province has its own two letters.
PROVINCES = {
    "AB": "XA", "BC": "XC", "MB": "XM", "NB": "XB", "NL": "XW", "NT": "XT", "NS": "XN",
    "NU": "XV", "ON": "XO", "PE": "XP", "QC": "XQ", "SK": "XS", "YT": "XY",
}  # fmt: skip
_DROPPED = frozenset({"A", "AN", "AND", "OF", "THE"})
_LATIN = str.maketrans({"ß": "SS", "ø": "O", "Ø": "O", "æ": "AE", "Æ": "AE", "ł": "L", "Ł": "L", "đ": "D", "Đ": "D"})
_NUMBER = re.compile(r"([0-9][0-9,\-]*)([A-Z]*)")
_ORDINALS = frozenset({"ST", "ND", "RD", "TH"})
_SHAPE = re.compile(r"[A-Z]{2}[A-Z0-9]{1,6}[0-9]{0,4}[A-Z]{1,3}\Z")


@lru_cache(maxsize=4096)
def propose_mid(
    name: str | None, street: str | None, city: str | None, country: str | None, subdivision: str | None = None
) -> str | None:
    """The code for a manufacturer, or None where name, city, country or a Canadian province is missing.

    `country` is the country of origin of the goods.
    """
    words = _words(name or "")[:NAME_WORDS]
    town = _town(city or "")
    prefix = PROVINCES.get((subdivision or "").upper()) if country == "CA" else country
    if not (words and town and prefix):
        return None
    return (prefix + "".join(word[:PART] for word in words) + _largest_number(street or "") + town)[:MAX_LENGTH]


@lru_cache(maxsize=4096)
def looks_like_mid(code: str) -> bool:
    """Two letters, one to six of the name, up to four digits, one to three letters of the city."""
    return len(code) <= MAX_LENGTH and bool(_SHAPE.match(code))


def _ascii(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.translate(_LATIN))
    return "".join(ch for ch in folded if ch.isascii()).upper()


def _words(name: str) -> list[str]:
    """Words of a name: hyphenated parts are one word, runs of initials too, articles are left out."""
    joined = re.sub(r"[.'\-]", "", re.sub(r"(?<=\w)[-'](?=\w)", "", _ascii(name)))
    merged: list[str] = []
    initials = ""
    for word in re.split(r"[^A-Z0-9]+", joined):
        if len(word) == 1 and word.isalpha():
            initials += word
            continue
        merged += [initials, word]
        initials = ""
    merged.append(initials)
    return [word for word in merged if word and word not in _DROPPED]


def _largest_number(street: str) -> str:
    """The largest number of the street line, its first four digits; numbers of streets (12th) do not count."""
    found = [re.sub(r"[,\-]", "", number) for number, tail in _NUMBER.findall(_ascii(street)) if tail not in _ORDINALS]
    return max(found, key=int, default="")[:STREET_DIGITS]


def _town(city: str) -> str:
    letters = re.sub(r"[^A-Z]", "", re.sub(r"^\s*THE\s+", "", _ascii(city)))
    return letters[:PART]
