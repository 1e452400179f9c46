"""Which language an Accept-Language asks for, and the portal's own words in it."""

import ast
import json
import re
import time
from string import Formatter

import pytest

from declarations.rules import RULES
from declarations.rules import languages as faults
from portal import languages
from portal.languages import language_of, say, texts_of
from portal.languages.matching import LONGEST, said_again, values_in


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


PLACE = re.compile(r"\{[^{}\"]*\}")


def test_every_text_that_is_translated_is_still_said_somewhere():
    """A sentence that is changed in the code falls back to English in silence: here it is noticed."""
    root = languages.HERE.parents[1]
    code = "".join(
        " ".join(one.read_text("utf-8").split()).replace('" "', "").replace('" f"', "")
        for room in ("portal", "declarations", "brokers") for one in sorted((root / room).rglob("*.py"))
    )  # fmt: skip
    code = PLACE.sub("{}", code)
    said_by_the_framework = (
        "Authentication credentials", "Incorrect authentication", "You do not have permission", "Not found.",
    )  # fmt: skip
    spanish = json.loads((languages.HERE / "es.json").read_text("utf-8"))
    written = {
        one: PLACE.sub("{}", one).replace("{{", "{").replace("Idempotency-Key", "{}").replace("80", "{}")
        for one in spanish
    }
    missing = [
        one for one in spanish
        if PLACE.sub("{}", one) not in code and written[one] not in code and not one.startswith(said_by_the_framework)
    ]  # fmt: skip
    assert missing == []


def sentences_of(names, calls):
    """What these calls in these files say, as templates with numbered places."""
    root = languages.HERE.parents[1]
    for name in names:
        for path in sorted(root.glob(name)):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in calls:
                    yield from (said for said in map(template_of, node.args) if said and " " in said)


def template_of(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(one.value if isinstance(one, ast.Constant) else "Z9" for one in node.values)
    return ""


@pytest.mark.parametrize("language", ["es", "fr"])
@pytest.mark.parametrize(("folder", "names", "calls"), [
    (faults.HERE, ["declarations/messages/envelope.py", "declarations/messages/*read*.py",
                   "declarations/messages/wco_shape.py", "portal/xml.py"], {"fault", "refused", "Fault", "XmlRefused"}),
    (faults.HERE, ["declarations/filer/batches/*.py"], {"CellRefused"}),
    (languages.HERE, ["declarations/filer/batches/*.py", "declarations/services/batch*.py"],
     {"BatchRefused", "TooManyDeclarations", "Verdict", "ProgramClosed", "SenderGone", "BlobDamaged"}),
])  # fmt: skip
def test_what_a_program_reads_of_messages_and_batches_is_translated(language, folder, names, calls):
    found = set(sentences_of(names, calls))
    assert len(found) > 2
    texts = texts_of(folder, language)
    untold = [one for one in found if one[:1].isupper() and said_again(texts, one) in (None, one)]
    assert untold == []


def test_a_sentence_is_recognized_by_its_fixed_words():
    texts = {
        "Row {line}: {words}": "Fila {line}: {words}", "Row {line} is bad.": "La fila {line} es mala.",
        "Write {a} and {a}.": "Escriba {a} y {a}.", "Write yes or no.": "Escriba yes o no.",
    }  # fmt: skip
    assert said_again(texts, "Row 3 is bad.") == "La fila 3 es mala."
    assert said_again(texts, "Row 3: Write yes or no.") == "Fila 3: Escriba yes o no."
    assert said_again(texts, "Row 3: Write b and b.") == "Fila 3: Escriba b y b."
    assert said_again(texts, "Row 3: what {nobody} knows") == "Fila 3: what {nobody} knows"
    assert said_again(texts, "Write b and b.") == "Escriba b y b."
    assert said_again(texts, "Write b and c.") is None
    assert said_again({"You may not {act}.": "Prohibido: {action}."}, "You may not sign.") is None
    assert said_again(texts, "Row 3 is bad. And more") is None
    assert said_again(texts, "Row " + "9" * 3000 + " is bad.") is None


def test_no_sentence_keeps_a_processor_busy():
    """Texts hold what somebody sent: none that nearly fits a template takes long to be seen not to (B14)."""
    texts = texts_of(languages.HERE, "es") | texts_of(faults.HERE, "es") | {one.message: "" for one in RULES}
    for template in texts:
        fixed = [one for one, _, _, _ in Formatter().parse(template)]
        for again in {"".join(fixed[1:-1]) or "a", *fixed[1:]} - {""}:
            nearly = (fixed[0] + again * LONGEST)[: LONGEST - 1] + "~"
            began = time.process_time()
            values_in(template, nearly)
            assert time.process_time() - began < 0.1, (template, again)
