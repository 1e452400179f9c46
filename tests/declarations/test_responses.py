"""Customs' answers: every order and repetition gives the same end, duty and notices; what is odd goes to a person."""

import itertools

import pytest
from django.utils import timezone

from declarations.models import ControlFact, Declaration, Request
from declarations.services import filing, requests, responses
from declarations.tasks import apply_responses
from portal.clocks.models import Deadline
from portal.desk.models import Notice, Task
from portal.gateway.inbound import receive
from portal.gateway.models import InboundMessage, OutboundMessage
from portal.trail.verification import verify
from tests.declarations.answers import answer, envelope
from tests.makers import NOW, make_actor, make_declaration

pytestmark = pytest.mark.usefixtures("starter")


@pytest.fixture
def actor():
    return make_actor()


@pytest.fixture
def filed(actor):
    return make_declaration("S01", actor=actor, until="submitted", now=NOW)


def hear(*messages):
    for number, raw in enumerate(messages):
        receive(
            channel="rehearsal", external_id=f"n{number}-{InboundMessage.objects.count()}", raw=raw, now=timezone.now()
        )
    apply_responses()


def state(declaration):
    declaration.refresh_from_db()
    money = (declaration.standing.get("money") or {}).get("amount")
    notices = sorted(Notice.objects.filter(subject=declaration.reference).values_list("words", flat=True))
    return declaration.legal, money, notices, declaration.has_hold


def script(lrn):
    own = {"lrn": lrn, "mrn": "ZZZ"}
    acc = answer("01", id_="a", second=1, **own)
    tax67 = answer("13", id_="b", second=1, status="67", total="18617.13", **own)
    tax4 = answer("13", id_="c", second=4, status="4", total="18617.13", **own)
    cle = answer("09", id_="d", second=5, **own)
    rej = answer(
        "03",
        id_="e",
        second=1,
        errors=[("US20002", "origin unknown", (1, "42A", ""), (1, "67A", ""), (1, "68A", ""), (1, "92A", "063"))],
        **own,
    )
    return {"A01": [acc, tax67, tax4, cle], "A02": [acc, cle], "A03": [rej], "A05": [tax67, acc, tax4, cle]}


def forget(declaration):
    ControlFact.objects.all().delete()
    InboundMessage.objects.all().delete()
    Notice.objects.all().delete()
    Task.objects.all().delete()
    Declaration.objects.filter(pk=declaration.pk).update(legal="NONE", standing={}, has_hold=False)


@pytest.mark.parametrize("name", ["A01", "A02", "A03", "A05"])
def test_every_permutation_and_duplication_ends_in_the_same_place(filed, name):
    answers = script(filed.live_version.lrn)[name]
    ends = set()
    for order in itertools.permutations(answers):
        forget(filed)
        hear(*(envelope(one) for one in order), envelope(*order), envelope(order[0].replace("><", ">\n<")))
        ends.add(repr(state(filed)))
    assert len(ends) == 1
    wanted = {
        "A01": ("CLEARED", "18617.13"),
        "A02": ("CLEARED", None),
        "A03": ("REJECTED", None),
        "A05": ("CLEARED", "18617.13"),
    }
    assert state(filed)[:2] == wanted[name]
    assert not InboundMessage.objects.exclude(state="APPLIED").exists()
    assert list(verify()) == []


def test_two_answers_in_one_envelope_are_both_applied(filed):
    hear(envelope(*script(filed.live_version.lrn)["A01"]))
    assert state(filed)[:2] == ("CLEARED", "18617.13")
    assert ControlFact.objects.count() == 4


def test_an_answer_is_matched_by_entry_number_too_blanks_and_case_aside(filed):
    number = filed.entry_number
    hear(envelope(answer("01", id_="x", mrn=f" {number.lower()} ")))
    assert state(filed)[0] == "ACCEPTED"


def test_an_answer_before_the_202_is_recorded_settles_the_message(filed):
    OutboundMessage.objects.update(state="UNKNOWN")
    hear(envelope(script(filed.live_version.lrn)["A01"][0]))
    assert OutboundMessage.objects.get().state == "DELIVERED"


def test_customs_errors_keep_their_pointers(filed):
    hear(envelope(*script(filed.live_version.lrn)["A03"]))
    (error,) = ControlFact.objects.get().body["errors"]
    assert (error["code"], error["pointers"]) == ("US20002", ["42A[1]/67A[1]/68A[1]/92A[1]/063"])
    assert Task.objects.get().words.startswith("Correct declaration")


def test_a_rejected_declaration_is_corrected_under_the_same_number(filed, actor):
    hear(envelope(*script(filed.live_version.lrn)["A03"]))
    filed.refresh_from_db()
    number = filed.entry_number
    filing.return_to_draft(declaration=filed, actor=actor, now=NOW)
    version = filing.prepare(declaration=Declaration.objects.get(pk=filed.pk), actor=actor, now=NOW)
    filing.sign(version=version, signatory=actor.user, digest=version.digest, actor=actor, now=NOW, method="password")
    version.refresh_from_db()
    filing.submit(version=version, actor=actor, now=NOW)
    assert version.entry_number == number
    assert version.lrn.endswith("-2")
    hear(envelope(answer("01", id_="z", lrn=version.lrn, second=90)))
    assert state(filed)[0] == "ACCEPTED"
    hear(envelope(answer("03", id_="late", lrn=version.lrn.removesuffix("-2"), second=2)))
    assert state(filed)[0] == "ACCEPTED", "an answer to the earlier version no longer counts"


def test_the_same_answer_with_other_content_changes_nothing_and_raises_an_alarm(filed):
    lrn = filed.live_version.lrn
    hear(envelope(answer("01", id_="same", lrn=lrn)))
    hear(envelope(answer("10", id_="same", lrn=lrn)))
    assert state(filed)[0] == "ACCEPTED"
    odd = InboundMessage.objects.get(state="FAILED")
    assert odd.conflict
    assert ControlFact.objects.count() == 1


def test_a_duplicate_reference_answer_is_no_rejection(filed):
    lrn = filed.live_version.lrn
    hear(
        envelope(answer("01", id_="a", lrn=lrn)),
        envelope(answer("03", id_="b", lrn=lrn, errors=[("US12003", "used before")])),
    )
    assert state(filed)[0] == "ACCEPTED"


def test_an_answer_for_nobody_waits_and_finds_its_declaration_later(filed):
    hear(envelope(answer("01", id_="a", lrn="NOBODY")))
    row = InboundMessage.objects.get()
    assert (row.state, "NOBODY" in row.reason) == ("UNMATCHED", True)
    type(filed.live_version).objects.filter(pk=filed.live_version_id).update(lrn="NOBODY")
    responses.adopt(inbound=row, now=timezone.now())
    apply_responses()
    assert state(filed)[0] == "ACCEPTED"


@pytest.mark.parametrize(
    "raw", [b"", b"not xml", b"<MetaData/>", b"<!DOCTYPE x><MetaData/>", b"\xff\xfe\x00", b"<a>" * 400]
)
def test_junk_is_kept_as_failed_and_stops_nobody(filed, raw):
    hear(raw, envelope(answer("01", id_="a", lrn=filed.live_version.lrn)))
    assert InboundMessage.objects.filter(state="FAILED").count() == 1
    assert state(filed)[0] == "ACCEPTED"


def test_an_unlisted_code_goes_to_a_person(filed):
    hear(envelope(answer("77", id_="a", lrn=filed.live_version.lrn)))
    assert ControlFact.objects.get().kind == "UNLISTED"
    assert Task.objects.get().words.startswith("Read the answer")


def test_a_hold_by_an_agency_and_its_lifting(filed):
    lrn = filed.live_version.lrn
    hear(envelope(answer("50", id_="h", lrn=lrn, second=2, notes=[("agency", "FDA"), ("hold", "opened")])))
    assert state(filed)[3] is True
    assert filed.standing["holds"][0]["ground"] == "FDA"
    hear(envelope(answer("50", id_="l", lrn=lrn, second=9, notes=[("agency", "FDA"), ("hold", "lifted")])))
    assert state(filed)[3] is False


def test_a_suspended_release_stops_the_goods(filed):
    lrn = filed.live_version.lrn
    hear(envelope(answer("08", id_="r", lrn=lrn, second=2)))
    assert state(filed)[0] == "RELEASED"
    hear(envelope(answer("05", id_="s", lrn=lrn, second=9, status="99", notes=[("release", "revoked")])))
    assert state(filed)[0] == "NONE"
    assert filed.standing["revoked"] is True
    assert Task.objects.filter(words__startswith="Keep the goods").exists()


def test_release_starts_the_ten_working_days(filed):
    hear(envelope(answer("08", id_="r", lrn=filed.live_version.lrn)))
    due = Deadline.objects.get(subject=filed.reference, kind="summary")
    assert due.due_on.isoformat() == "2026-12-09"  # Thanksgiving is not a working day
    assert Deadline.objects.get(subject=filed.reference, kind="entry").due_on.isoformat() == "2026-12-09"


def test_cancelling_before_release(filed, actor):
    request = requests.cancel(declaration=filed, reason_code="08", reason="never arrived", actor=actor, now=NOW)
    assert OutboundMessage.objects.get(local_reference=request.lrn).sequence == 2
    hear(
        envelope(answer("11", id_="q", lrn=request.lrn, status="39", second=3)),
        envelope(answer("10", id_="p", lrn=filed.live_version.lrn, second=3)),
    )
    assert state(filed)[0] == "CANCELLED"
    assert filed.filing == "WITHDRAWN"
    request.refresh_from_db()
    assert request.state == "GRANTED"


def test_a_refused_cancellation_leaves_the_declaration_alone(filed, actor):
    request = requests.cancel(declaration=filed, reason_code="01", reason="typo", actor=actor, now=NOW)
    hear(
        envelope(answer("01", id_="a", lrn=filed.live_version.lrn)),
        envelope(answer("11", id_="q", lrn=request.lrn, status="41", second=3)),
    )
    assert state(filed)[0] == "ACCEPTED"
    assert Request.objects.get().state == "REFUSED"


def test_applying_again_changes_nothing(filed):
    hear(envelope(*script(filed.live_version.lrn)["A01"]))
    before = state(filed)
    for row in InboundMessage.objects.all():
        responses.apply(inbound=row, now=NOW)
    assert state(filed) == before
    assert InboundMessage.objects.get().state == "APPLIED"
