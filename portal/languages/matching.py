"""A sentence that was made from a template is recognized by its fixed words, and said again in another language.

Most refusals are made where they are raised, with their values in them already. So that each can be translated
without carrying its template along, the template is found again: the one with the most fixed words that fits.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from string import Formatter

INNER = "words"  # a place that holds a sentence of its own
LONGEST = 1000  # a longer sentence stays as it is: looking for its parts would take too long


def values_in(template: str, text: str) -> dict[str, str] | None:
    """The values with which the template says this text, or None where it does not."""
    found = _pattern(template).fullmatch(text) if len(text) <= LONGEST else None
    return found.groupdict() if found else None


def said_again(texts: Mapping[str, str], text: str) -> str | None:
    """The text in the language of a catalogue of templates; None where no template fits."""
    if (exact := texts.get(text)) is not None:
        return exact
    for template in _by_weight(frozenset(texts)):
        values = values_in(template, text)
        if values is not None and _places(texts[template]) <= values.keys():
            if INNER in values:
                values[INNER] = texts.get(values[INNER]) or said_again_once(texts, values[INNER])
            return texts[template].format_map(values)
    return None


def said_again_once(texts: Mapping[str, str], text: str) -> str:
    """The same for a sentence within another, which holds no further one; the text itself where nothing fits."""
    for template in _by_weight(frozenset(texts)):
        values = values_in(template, text)
        if values is not None and INNER not in values and _places(texts[template]) <= values.keys():
            return texts[template].format_map(values)
    return text


@lru_cache(maxsize=2048)
def _places(template: str) -> frozenset[str]:
    """What a text has to be given; a translation may ask for what the English sentence does not hold."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


@lru_cache(maxsize=16)
def _by_weight(templates: frozenset[str]) -> tuple[str, ...]:
    """Those with places to fill, the most fixed words first."""
    weights = {one: sum(len(fixed) for fixed, _, _, _ in Formatter().parse(one)) for one in templates}
    return tuple(sorted((one for one in templates if "{" in one), key=lambda one: (-weights[one], one)))


@lru_cache(maxsize=2048)
def _pattern(template: str) -> re.Pattern[str]:
    parts, seen = [], set()
    for fixed, name, _, _ in Formatter().parse(template):
        parts.append(re.escape(fixed))
        if name:
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.*?)")
            seen.add(name)
    return re.compile("".join(parts), re.DOTALL)
