"""POST filings: one call from the declaration to the receipt, once for a key."""

import json

import pytest

from declarations.filer.api import writing
from declarations.models import Declaration, DeclarationVersion, EntryNumber, GoodsItem, Receipt, Signature
from declarations.services import filing
from portal.desk.models import Event
from portal.gateway.models import OutboundMessage
from portal.idempotency.models import KeptAnswer
from portal.records.services import read_bytes
from portal.trail.models import TrailEntry
from portal.trail.verification import verify
from tests.makers import make_actor, make_declaration
from tests.support.programs import Program, own_document

pytestmark = pytest.mark.django_db
KEPT = (Declaration, GoodsItem, DeclarationVersion, Signature, Receipt, EntryNumber, OutboundMessage, TrailEntry, Event,
        KeptAnswer)  # fmt: skip


def counts():
    return [model.objects.count() for model in KEPT]


@pytest.fixture
def program():
    return Program()


def test_a_declaration_is_filed_in_one_call(program):
    answer = program.file(own_document(program))
    assert answer.status_code == 202, answer.content
    filed = answer.json()
    one = Declaration.objects.get(reference=filed["reference"])
    assert (one.filing, one.live_version.state) == ("SUBMITTED", "SUBMITTED")
    assert one.entry_number == filed["entry_number"]
    assert filed["receipt"]["is_genuine"] is True
    assert filed["receipt"]["transmitter"] == filed["receipt"]["declarant"] == program.organization.name
    assert filed["assessment"]["totals"]["total"] == f"{one.total_due:.2f}"
    assert one.live_version.signature.signatory == program.signatory
    assert filing.digest_of(one.live_version) == filed["digest"]
    message = OutboundMessage.objects.get(subject=one.reference)
    assert message.state == "PENDING" and filed["entry_number"].encode() in read_bytes(message.sha256)


def test_it_leaves_what_the_four_steps_of_a_person_leave(program):
    document = own_document(program, "S03", own="SAME00001")
    by_program = Declaration.objects.get(reference=program.file(document).json()["reference"])
    actor = make_actor(organization=program.organization)
    by_person = make_declaration("S03", actor=actor, until="submitted", own="SAME00002")

    def left(one):
        version = one.live_version
        content = json.loads(read_bytes(version.content_sha256).replace(b"SAME00002", b"SAME00001"))
        for name in ("entry_number", "functional_reference_id"):
            content.pop(name)
        trail = list(TrailEntry.objects.filter(subject=one.reference).order_by("seq").values_list("kind", flat=True))
        feed = Event.objects.filter(reference=one.reference).order_by("seq").values_list("kind", flat=True)
        lines = list(one.items.order_by("sequence").values_list("sequence", "description", "hts_number", "content"))
        lines = json.loads(json.dumps(lines).replace("SAME00002", "SAME00001"))
        columns = [
            getattr(one, name)
            for name in ("entry_type", "port_of_entry", "arrives_on", "goods", "item_count", "total_due")
        ]
        totals = sorted(version.totals.values_list("kind", "amount"))
        edits = ("declaration.edit",)
        return (
            content,
            [k for k in trail if k not in edits],
            [k for k in feed if k not in edits],
            lines,
            columns,
            totals,
        )

    for program_left, person_left in zip(left(by_program), left(by_person), strict=True):
        assert program_left == person_left
    assert json.loads(read_bytes(by_program.live_version.assessment_sha256)) == json.loads(
        read_bytes(by_person.live_version.assessment_sha256)
    )
    assert not list(verify(by_program.reference))


def test_errors_come_all_at_once_and_nothing_is_kept(program):
    document = own_document(program)
    document["ports"]["entry"] = "9999"
    document["items"][0]["origin_country"] = None
    before = counts()
    answer = program.file(document)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "HAS_ERRORS" and problem["correlation_id"] == answer["X-Correlation-ID"]
    pointers = {one["pointer"] for one in problem["violations"] if one["severity"] == "error"}
    assert {"/ports/entry", "/items/0/origin_country"} <= pointers
    assert all(one["message"] and one["legal_basis"] for one in problem["violations"])
    assert counts() == before


def test_unknown_members_are_refused_by_name(program):
    document = own_document(program) | {"status": "CLEARED", "is_staff": True}
    document["items"][0]["duty_total"] = "0"
    answer = program.file(document)
    assert answer.status_code == 422
    found = {one["pointer"]: one["message"] for one in answer.json()["violations"]}
    assert set(found) == {"/status", "/is_staff", "/items/0/duty_total"}
    assert "'duty_total'" in found["/items/0/duty_total"]


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"{", "application/json", 400), (b"\xff\xfe{\x00", "application/json", 400), (b" ", "application/json", 400),
        (b'{"profile": "US", "profile": "US"}', "application/json", 400), (b"[]", "application/json", 422),
        (b"[" * 3000 + b"]" * 3000, "application/json", 400), (b"{}", "text/plain", 415), (b"{}", "", 415),
        (b'{"items": [{"gross_mass_kg": "NaN"}]}', "application/json", 422),
        (b'{"items": [{"gross_mass_kg": 1.5}]}', "application/json", 422),
        (b'{"items": [{"gross_mass_kg": "\xd9\xa1"}]}', "application/json", 422),
        (b'{"contact": {"name": "\\u0000"}}', "application/json", 422),
        (b'{"contact": {"name": "\\ud800"}}', "application/json", 422),
        (b"<x/>", "application/xml", 400), (b"<!DOCTYPE x><x/>", "application/xml", 400),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_says_where(program, body, media, status):
    answer = program.ask("POST", "filings", body, key="k", media=media)
    assert answer.status_code == status, answer.content
    assert answer.json()["code"]


def test_a_body_that_is_too_large_is_refused(program):
    answer = program.ask("POST", "filings", b" " * 8_000_001, key="k")
    assert answer.status_code == 413


def test_a_key_is_needed_and_must_be_fit(program):
    document = own_document(program)
    assert program.post("filings", document).json()["code"] == "IDEMPOTENCY_KEY_REQUIRED"
    for key in ("x" * 81, "\u00e9", "a\tb"):
        assert program.post("filings", document, key=key).status_code == 400


def test_the_same_key_gives_the_same_answer_and_files_once(program):
    document = own_document(program)
    first = program.file(document, key="once")
    before = counts()
    second = program.file(document, key="once")
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert second["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first
    assert counts() == before


def test_a_request_that_its_twin_overtakes_gets_the_answer_of_the_twin(program, monkeypatch):
    body, look, answers = own_document(program), writing._looked, []

    def slow(*given):
        if not answers:
            answers.append(None)
            answers[0] = program.file(body, key="twins")
        return look(*given)  # finds the own reference taken

    monkeypatch.setattr(writing, "_looked", slow)
    mine = program.file(body, key="twins")
    assert (mine.status_code, mine.content) == (202, answers[0].content), mine.content
    assert mine["Idempotent-Replayed"] == "true"
    assert Declaration.objects.count() == 1


def test_an_own_reference_that_was_taken_in_the_meantime_is_filed_once(program, monkeypatch):
    """Two requests with keys of their own, both looked at before either was written."""
    body, done, real = own_document(program), [], writing.filing_now.look

    def look(**given):
        found = real(**given)
        if not done:
            done.append("the other")
            assert program.file(body).status_code == 202
        return found

    monkeypatch.setattr(writing.filing_now, "look", look)
    late = program.file(body)
    assert (late.status_code, late.json()["code"]) == (422, "HAS_ERRORS")
    assert "HDR-REF-TAKEN" in {one["code"] for one in late.json()["violations"]}
    assert DeclarationVersion.objects.filter(declaration__importer=program.organization).count() == 1


def test_the_words_that_are_signed_are_told_whole(program):
    told = program.post("dry-runs", own_document(program)).json()["statement"]["text"]
    assert "{" not in told and "the importer of record" in told


def test_the_same_key_with_another_body_is_refused(program):
    program.file(own_document(program), key="once")
    before = counts()
    answer = program.file(own_document(program), key="once")
    assert (answer.status_code, answer.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert counts() == before


def test_a_refusal_is_not_kept_so_the_mended_body_may_come_under_the_same_key(program):
    document = own_document(program)
    assert program.file(document | {"entry_type": "77"}, key="once").status_code == 422
    assert program.file(document, key="once").status_code == 202


def test_the_key_of_another_organization_is_another_key(program):
    other = Program()
    assert program.file(own_document(program), key="once").status_code == 202
    assert other.file(own_document(other), key="once").status_code == 202


def test_a_number_of_ones_own_is_used_and_never_twice(program):
    first = program.file(own_document(program)).json()["entry_number"]
    code = first[:3]
    from declarations.rules.entry_number import check_digit

    wanted = {"filer_code": code, "sequence": "0000002", "check_digit": str(check_digit(code, "0000002", 0))}
    own = program.file(own_document(program) | {"entry_number": wanted})
    assert own.status_code == 202, own.content
    assert own.json()["entry_number"][3:10] == "0000002"
    again = program.file(own_document(program) | {"entry_number": wanted})
    assert (again.status_code, again.json()["code"]) == (409, "ENTRY_NUMBER_TAKEN")
    assert program.file(own_document(program)).json()["entry_number"][3:10] == "0000003"


def test_a_wco_declaration_does_what_the_json_does(program):
    from declarations.assessment import Assessment, Editions
    from declarations.decoding import decode_value
    from declarations.messages.wco_xml import encode

    document = own_document(program, "S03", own="XMLFILED1")
    body = encode(
        decode_value(document), assessment=Assessment(currency="USD", editions=Editions()), lrn="XMLFILED1", version=1
    )
    by_xml = program.ask("POST", "filings", body, key="xml", media="application/xml")
    assert by_xml.status_code == 202, by_xml.content
    by_json = Program()
    twin = own_document(by_json, "S03", own="XMLFILED1")
    answer = by_json.file(twin)
    assert by_xml.json()["assessment"] == answer.json()["assessment"]
