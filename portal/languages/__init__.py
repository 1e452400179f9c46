"""Languages in which the API speaks to people: those of the three Parties, English where nothing else is asked for.

A catalogue is data: English text, or template with {names}, to the same in another language, in files beside
its reader that are named after the language (`es.json`, or `es-faults.json`). What has no translation stays
English. Codes, pointers and members are the same in every language. Pages are in English.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from portal.languages.matching import said_again

ENGLISH = "en"
API_LANGUAGES = (ENGLISH, "es", "fr")
LONGEST_HEADER = 200
HERE = Path(__file__).parent


def language_of(header: str | None) -> str:
    """The language that an `Accept-Language` wants most of those there are (RFC 9110, 12.5.4)."""
    if not header or len(header) > LONGEST_HEADER:
        return ENGLISH
    return _chosen(header)


def say(text: str, language: str, values: Mapping[str, object] | None = None, template: str = "") -> str:
    """A text of the portal in a language. `text` is its English; `template` what it was made from with `values`."""
    if language == ENGLISH:
        return text
    texts = texts_of(HERE, language)
    found = texts.get(template or text)
    if found is None:
        return said_again(texts, text) or text
    return found.format_map(values or {}) if template else found


@lru_cache(maxsize=16)
def texts_of(folder: Path, language: str) -> Mapping[str, str]:
    """All texts that a folder has in a language; none for a language that is not there."""
    if language not in API_LANGUAGES or language == ENGLISH:
        return {}
    found: dict[str, str] = {}
    for path in sorted(folder.glob(f"{language}*.json")):
        found |= json.loads(path.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=256)
def _chosen(header: str) -> str:
    wanted: dict[str, float] = {}
    for part in header.split(","):
        tag, *more = (one.strip().lower() for one in part.split(";"))
        quality = _quality(more)
        name = ENGLISH if tag == "*" else tag.partition("-")[0]
        if name in API_LANGUAGES and quality > wanted.get(name, 0):
            wanted[name] = quality
    return max(wanted, key=wanted.__getitem__, default=ENGLISH)


def _quality(more: list[str]) -> float:
    """The weight of a part, 1 where none is given; nothing for one that cannot be read."""
    if not more:
        return 1.0
    name, _, value = more[0].partition("=")
    digits = value.strip()
    if name.strip() != "q" or not digits.isascii() or not digits.replace(".", "", 1).isdigit() or len(digits) > 5:
        return 0.0
    return float(digits) if float(digits) <= 1 else 0.0
