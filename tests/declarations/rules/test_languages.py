"""The rule book speaks the languages of the three Parties: every rule, with the same values in the same words."""

import ast
import inspect
import json
from string import Formatter

import pytest

from declarations import decoding
from declarations.decoding import DocumentRefused, decode
from declarations.rules import RULES, Violation, languages, message
from portal.languages import API_LANGUAGES

OTHERS = [one for one in API_LANGUAGES if one != "en"]


def read(name):
    return json.loads((languages.HERE / name).read_text(encoding="utf-8"))


def names(template):
    return sorted(name for _, name, _, _ in Formatter().parse(template) if name)


@pytest.mark.parametrize("language", OTHERS)
def test_every_rule_is_translated_with_the_same_values(language):
    told = read(f"{language}.json")
    assert set(told) == {one.code for one in RULES}
    for one in RULES:
        assert names(told[one.code]) == names(one.message), one.code
        assert told[one.code].strip() not in ("", one.message), one.code


def test_no_two_languages_say_the_same():
    spanish, french = read("es.json"), read("fr.json")
    assert not [code for code in spanish if spanish[code] == french[code]]


@pytest.mark.parametrize("language", OTHERS)
def test_every_fixed_text_of_decoding_is_translated(language):
    told = read(f"{language}-faults.json")
    tree = ast.parse(inspect.getsource(decoding))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Fault"]
    texts = [call.args[2].value for call in calls if isinstance(call.args[2], ast.Constant)]
    assert len(texts) > 15
    json_words = [words for _, words in decoding._JSON_WORDS] + ["it cannot be read"]
    texts += [f"This is not JSON: {words} (line {{line}}, column {{column}})." for words in json_words]
    assert set(texts) | {decoding.TOO_DEEP, decoding.TWICE} <= set(told)
    for english, words in told.items():
        assert names(words) == names(english) and words != english, english


def test_a_message_is_joined_in_the_language():
    found = Violation("HDR-REF-LONG", "/functional_reference_id", {"length": "30", "most": "18"})
    assert message(found) == "Your reference has 30 characters; at most 18 can be sent. Shorten it."
    assert message(found, "es") == "Su referencia tiene 30 caracteres; se pueden enviar como máximo 18. Acórtela."
    assert (
        message(found, "fr") == "Votre référence compte 30 caractères; on peut en envoyer au plus 18. Raccourcissez-la."
    )
    assert message(found, "de") == message(found, "../es") == message(found)
    assert message(Violation("GONE", "", {}), "es") == "GONE"
    assert "…" in message(Violation("HDR-REF-LONG", "", {}), "fr")


@pytest.mark.parametrize(
    ("raw", "english", "spanish"),
    [
        (b'{"a', "This is not JSON: a text begins here and its closing quotation mark is missing (line 1, column 2).",
         "Esto no es JSON: aquí comienza un texto y faltan sus comillas de cierre (línea 1, columna 2)."),
        (b'{"a": 1, "a": 2}', "The member a is given twice in one object.",
         "El miembro a aparece dos veces en un mismo objeto."),
        (b'{"{x}": 1}', "There is no member called '{x}' here.", "Aquí no hay ningún miembro llamado '{x}'."),
        (b'{"profile": 1}', "Text in quotation marks is expected here, for amounts and dates too.",
         "Aquí se espera un texto entre comillas, también para importes y fechas."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_the_language(raw, english, spanish):
    with pytest.raises(DocumentRefused) as refused:
        decode(raw)
    (fault,) = refused.value.faults
    assert fault.message == english
    assert languages.fault_in("es", fault.message, fault.words, fault.values) == spanish
    assert languages.fault_in("de", fault.message, fault.words, fault.values) == english
