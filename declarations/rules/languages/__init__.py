"""The words of the rule book and of what cannot be read, in other languages than English, as data.

`es.json` and `fr.json` hold the words of rules by their code, with the same {names} as the English ones;
`es-faults.json` and `fr-faults.json` the words for what cannot be read, by the English text; `-messages` those for a
message in XML, `-batches` those for the cells of a table.
"""

from collections.abc import Mapping
from pathlib import Path

from portal.languages import texts_of
from portal.languages.matching import said_again

HERE = Path(__file__).parent


def template_of(code: str, language: str) -> str | None:
    """The words of a rule in a language, or None."""
    return texts_of(HERE, language).get(code)


def fault_in(language: str, words: str, template: str, values: Mapping[str, object]) -> str:
    """The words for what cannot be read, in a language; where it has none, `words`, the English."""
    texts = texts_of(HERE, language)
    found = texts.get(template)
    return found.format_map(values) if found is not None else said_again(texts, words) or words
