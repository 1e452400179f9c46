"""Messages of the filing API come in the language that `Accept-Language` asks for; all else stays the same."""

import pytest
from django.utils import timezone

from declarations.tasks import work_batches
from portal.accounts import roles
from portal.idempotency.models import KeptAnswer
from tests.makers import make_filing_agent, make_importer, make_mandate
from tests.support.programs import Program, own_document

pytestmark = pytest.mark.django_db
WORDS = {
    "en": "9999 is not a port we know. Ports have four digits (Schedule D): search by name and choose one.",
    "es": "9999 no es un puerto que conozcamos. Los puertos tienen cuatro dígitos (Schedule D): "
          "busque por nombre y elija uno.",
    "fr": "9999 n'est pas un port que nous connaissons. Les ports ont quatre chiffres (Schedule D) : "
          "cherchez par nom et choisissez-en un.",
}  # fmt: skip
TITLES = {
    "en": "Cannot be filed as it stands", "es": "No se puede presentar tal como está",
    "fr": "Ne peut être produite telle quelle",
}  # fmt: skip
ASKED = [({"Accept_Language": "es-MX, en;q=0.5"}, "es"), ({"Accept_Language": "fr-CA"}, "fr"),
         ({"Accept_Language": "de"}, "en"), ({"Accept_Language": ";q=x,,*=\u00e9"}, "en"), ({}, "en")]  # fmt: skip


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


@pytest.fixture
def program():
    return Program()


def spoiled(program):
    document = own_document(program)
    document["ports"]["entry"] = "9999"
    return document


def words_on_the_port(answer):
    return [one["message"] for one in answer.json()["violations"] if one["code"] == "PORT-UNKNOWN"]


@pytest.mark.parametrize(("headers", "language"), ASKED)
def test_a_filing_and_a_dry_run_speak_the_language(program, headers, language):
    document = spoiled(program)
    refused = program.post("filings", document, key="k", **headers)
    tried = program.post("dry-runs", document, **headers)
    assert (refused.status_code, tried.status_code) == (422, 200)
    for answer in (refused, tried):
        assert words_on_the_port(answer) == [WORDS[language]]
        assert answer["Content-Language"] == language and "Accept-Language" in answer["Vary"]
    assert refused.json()["code"] == "HAS_ERRORS" and refused.json()["title"] == TITLES[language]
    assert tried.json()["violations"] == refused.json()["violations"]


def test_only_words_change_with_the_language(program):
    document = spoiled(program)
    english, spanish = (
        program.post("dry-runs", document, Accept_Language=one).json()["violations"] for one in ("en", "es")
    )
    for one, other in zip(english, spanish, strict=True):
        assert one.pop("message") != other.pop("message")
        assert one == other


def test_a_body_that_cannot_be_read_is_refused_in_spanish(program):
    answer = program.post("dry-runs", '{"profile": ', Accept_Language="es")
    assert (answer.status_code, answer["Content-Language"]) == (400, "es")
    problem = answer.json()
    assert problem["title"] == "No se entiende" and problem["code"] == "UNREADABLE"
    assert problem["detail"] == "El contenido no se puede leer como una declaración."
    assert problem["violations"][0]["message"] == (
        "Esto no es JSON: falta un valor o no está escrito como lo exige JSON (línea 1, columna 13)."
    )
    answer = program.post("dry-runs", {"status": "CLEARED"}, Accept_Language="fr")
    assert answer.json()["violations"][0]["message"] == "Aucun membre ne s'appelle 'status' ici."


def test_refusals_of_the_door_speak_the_language(program):
    document = own_document(program)
    keyless = program.post("filings", document, Accept_Language="es").json()
    assert keyless["code"] == "IDEMPOTENCY_KEY_REQUIRED"
    assert keyless["detail"] == "Envíe un encabezado Idempotency-Key creado por usted, de 80 caracteres como máximo."
    missing = program.get("declarations/D000000000000", Accept_Language="fr").json()
    assert (missing["title"], missing["detail"]) == ("Introuvable.", "Il n'y a rien pour vous à cette adresse.")
    program.token = "nonsense"
    unknown = program.get("declarations", Accept_Language="es")
    assert unknown.status_code == 401
    assert unknown.json()["detail"] == "El token de acceso es desconocido. Solicite uno nuevo."


def test_a_missing_mandate_is_named_in_the_language():
    broker, importer = make_filing_agent(), make_importer()
    program = Program(broker, role=roles.LICENSED_INDIVIDUAL)
    document = own_document(program)
    document["parties"]["importer"] = {"id": importer.importer_number, "name": importer.name}
    problem = program.post("dry-runs", document, Accept_Language="fr").json()
    assert problem["code"] == "NO_MANDATE"
    assert problem["detail"] == f"Aucun mandat en vigueur ne permet à {broker.name} d'agir pour {importer.name}."


def test_a_number_that_is_not_ones_own_and_a_note_are_told_in_the_language(program):
    other = own_document(Program())
    told = program.post("dry-runs", other, Accept_Language="es").json()
    number = other["parties"]["importer"]["id"]
    assert told["code"] == "NOT_YOUR_NUMBER"
    assert told["detail"] == told["violations"][0]["message"]
    assert told["detail"].startswith(f"{number} no es su número de importador; el suyo es ")
    broker = Program(make_filing_agent(), role=roles.LICENSED_INDIVIDUAL)
    make_mandate(principal=program.organization, agent=broker.organization, now=timezone.now())
    for language, words in (
        ("en", "You file for another firm"),
        ("es", "Usted presenta por otra empresa"),
        ("fr", "Vous déclarez pour"),
    ):
        (note,) = broker.post("dry-runs", own_document(program), Accept_Language=language).json()["notes"]
        assert note["code"] == "CAPACITY" and note["message"].startswith(words)


def test_a_kept_answer_is_given_again_as_it_was_kept(program):
    document = own_document(program)
    first = program.post("filings", document, key="once", Accept_Language="es")
    assert (first.status_code, first["Content-Language"]) == (202, "es")
    again = program.post("filings", document, key="once", Accept_Language="fr")
    assert again.content == first.content == bytes(KeptAnswer.objects.get().body)
    assert again["Content-Language"] == "und" and again["Idempotent-Replayed"] == "true"


def test_a_message_in_xml_that_cannot_be_read_is_refused_in_the_language(program):
    raw = b"<!DOCTYPE x><a/>"
    for language, words in (
        ("es", "No se acepta una declaración de tipo"),
        ("fr", "Une déclaration de type de document"),
    ):
        answer = program.ask("POST", "dry-runs", raw, media="application/xml", Accept_Language=language)
        (told,) = answer.json()["violations"]
        assert (answer.status_code, told["code"]) == (400, "MSG-DOCTYPE") and told["message"].startswith(words)


def test_the_rows_of_a_batch_are_told_in_the_language_that_asks(program):
    """They are kept in English: a rule, a cell, a whole row, and a file that is refused at once."""
    headings = "functional_reference_id,entry_type,filing/release_certification\n"
    table = headings + "ROW1,01,perhaps\nROW2,99,yes\nROW1,02,no\n"
    made = program.ask("POST", "batches", table, key="t", media="text/csv").json()
    work_batches()
    told = {}
    for language in ("en", "es", "fr"):
        answer = program.get(f"batches/{made['reference']}/results", Accept_Language=language)
        assert answer["Content-Language"] == language
        told[language] = [one["message"] for row in answer.json()["results"] for one in row["violations"]]
        assert not any(one["detail"] in told["en"] for one in answer.json()["results"])
    assert any(one.startswith("Fila 2, columna filing/release_certification: Escriba yes") for one in told["es"])
    assert any(one.startswith("Rangée 2, colonne filing/release_certification : Écrivez yes") for one in told["fr"])
    for language in ("es", "fr"):
        same = [one for one, other in zip(told["en"], told[language], strict=True) if one == other]
        assert same == [], same
    details = {
        language: {row["detail"] for row in program.get(
            f"batches/{made['reference']}/results", Accept_Language=language).json()["results"]}
        for language in ("en", "es")
    }  # fmt: skip
    assert not details["en"] & details["es"]
    refused = program.ask(
        "POST", "batches", b"functional_reference_id\n", key="u", media="text/csv", Accept_Language="fr"
    )
    assert refused.json()["violations"][0]["message"] == "Le fichier a des en-têtes mais aucune rangée."
    assert refused.json()["detail"] == "Le fichier a des en-têtes mais aucune rangée."


def test_pages_stay_english(client):
    answer = client.get("/", headers={"Accept-Language": "es-MX"}, follow=True)
    assert answer["Content-Language"] == "en" and b'lang="en' in answer.content
