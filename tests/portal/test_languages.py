"""Which language an Accept-Language asks for, and the portal's own words in it."""

import json
from string import Formatter

import pytest

from portal import languages
from portal.languages import language_of, say


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"), ("", "en"), ("es", "es"), ("es-MX, en;q=0.5", "es"), ("fr-CA", "fr"), ("FR-ca", "fr"),
        ("de", "en"), ("de, fr;q=0.3", "fr"), ("en;q=0.4, fr;q=0.8, es;q=0.6", "fr"), ("es;q=0, fr;q=0.1", "fr"),
        ("es;q=0", "en"), ("*", "en"), ("es, *;q=0.1", "es"), ("fr;q=1.5", "en"), ("fr;q=nan", "en"), ("fr;q=", "en"),
        ("fr;level=1", "en"), (";;;,,,=", "en"), ("esperanto", "en"), ("es , en;q=0.9", "es"), ("en, es", "en"),
        ("es, en", "es"), ("fr;q=\u0661", "en"), ("es," * 100, "en"),
    ],
)  # fmt: skip
def test_the_language_that_is_wanted_most(header, language):
    assert language_of(header) == language


def test_both_catalogues_say_the_same_things():
    spanish, french = (json.loads((languages.HERE / f"{one}.json").read_text("utf-8")) for one in ("es", "fr"))
    assert set(spanish) == set(french)
    for english, words in spanish.items():
        assert english not in (words, french[english])
        used = [sorted(name for _, name, _, _ in Formatter().parse(one) if name) for one in (words, french[english])]
        assert used[0] == used[1], english


def test_what_has_no_translation_stays_english():
    assert say("Not found", "es") == "No encontrado"
    assert say("Not found", "en") == say("Not found", "de") == "Not found"
    assert say("A text that nobody translated {x}.", "es") == "A text that nobody translated {x}."
    assert say("Wait 3.", "fr", {"s": 3}, "Wait {s}.") == "Wait 3."


def test_every_text_that_is_translated_is_still_said_somewhere():
    """A sentence that is changed in the code falls back to English in silence: here it is noticed."""
    root = languages.HERE.parents[1]
    code = "".join(
        " ".join(one.read_text("utf-8").split()).replace('" "', "").replace('" f"', "")
        for room in ("portal", "declarations", "brokers") for one in sorted((root / room).rglob("*.py"))
    )  # fmt: skip
    said_by_the_framework = (
        "Authentication credentials", "Incorrect authentication", "You do not have permission", "Not found.",
    )  # fmt: skip
    spanish = json.loads((languages.HERE / "es.json").read_text("utf-8"))
    written = {one: one.replace("Idempotency-Key", "{KEY}").replace("80", "{LONGEST_KEY}") for one in spanish}
    missing = [
        one for one in spanish
        if one not in code and written[one] not in code and not one.startswith(said_by_the_framework)
    ]  # fmt: skip
    assert missing == []
