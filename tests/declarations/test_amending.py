"""Amendments before release: whatever order the answers come in, the version that customs granted is in force."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from declarations.decoding import decode_value
from declarations.flow import ActRefused
from declarations.freeze import plain
from declarations.models import Declaration, Request
from declarations.parity.selectors import count_month
from declarations.services import amending, filing, requests, responses
from declarations.services.filing import HasErrors
from declarations.statements import STATEMENTS
from declarations.tasks import apply_outcomes, apply_responses
from portal.desk.models import Event, Notice, Task
from portal.gateway.inbound import receive
from portal.gateway.models import InboundMessage, OutboundMessage
from portal.records.services import read_bytes
from portal.timezones import party_date
from portal.trail.verification import verify
from tests.declarations.answers import answer, envelope
from tests.makers import NOW, make_actor, make_declaration

pytestmark = pytest.mark.usefixtures("starter")
WHY = "The contact is another person."


@pytest.fixture
def actor():
    return make_actor()


@pytest.fixture
def filed(actor):
    return make_declaration("S01", actor=actor, until="submitted", now=NOW)


@pytest.fixture
def accepted(filed):
    hear(envelope(said("01", filed, 1)))
    return fresh(filed)


def hear(*messages):
    for number, raw in enumerate(messages):
        receive(
            channel="rehearsal", external_id=f"n{number}-{InboundMessage.objects.count()}", raw=raw, now=timezone.now()
        )
    apply_responses()
    assert not InboundMessage.objects.exclude(state="APPLIED").exists()


def said(function, of, second, **more):
    lrn = of.lrn if isinstance(of, Request) else of.live_version.lrn
    return answer(function, id_=more.pop("id_", f"{function}-{lrn}-{second}"), lrn=lrn, second=second, **more)


def fresh(declaration):
    rows = Declaration.objects.select_related("importer", "filer", "transmitter", "live_version")
    return rows.get(pk=declaration.pk)


def amended(declaration, actor, name="Robin Renamed", *, now=NOW, **changes):
    value = plain(declaration)
    value["contact"] = {**value["contact"], "name": name}
    value |= changes
    return amending.amend(
        declaration=declaration, document=decode_value(value), reason_code="", reason=WHY, actor=actor, now=now,
        statement=STATEMENTS[-1].id, method="password",
    )  # fmt: skip


def two_lines(declaration):
    items = plain(declaration)["items"]
    return {"items": [*items, {**items[0], "description": "More of them"}]}


def end(declaration):
    one = fresh(declaration)
    contents = filing.contents_of(one.live_version)[0]
    notices = sorted(Notice.objects.filter(subject=one.reference).values_list("words", flat=True))
    states = list(Request.objects.filter(version__declaration=one).order_by("pk").values_list("state", flat=True))
    lines = list(one.items.order_by("sequence").values_list("description", flat=True))
    return (
        one.legal, one.filing, one.live_version.number, one.total_due, contents.contact.name, one.header["contact"]["name"],
        lines, one.item_count, states, notices, one.has_hold, one.standing.get("money"),
    )  # fmt: skip


def another(actor):
    """Another declaration like it, accepted and with its amendment asked for."""
    other = make_declaration("S01", actor=actor, until="submitted", now=NOW)
    hear(envelope(said("01", other, 1)))
    return other, amended(fresh(other), actor, **two_lines(other))


def test_nothing_changes_until_customs_decides(accepted, actor):
    before = end(accepted)
    request = amended(accepted, actor, **two_lines(accepted))
    assert end(accepted)[:8] == before[:8]
    version = request.proposal
    assert (version.number, version.state, version.entry_number) == (2, "SUBMITTED", accepted.entry_number)
    assert version.lrn == request.lrn == f"{accepted.functional_reference_id}-2"
    assert filing.digest_of(version) == version.digest == version.signature.digest
    assert filing.is_genuine(version.receipt)
    document = filing.contents_of(version)[0]
    assert (document.function, document.correction.explanation) == ("amendment", WHY)
    message = OutboundMessage.objects.get(local_reference=request.lrn)
    assert (message.sequence, b"<TypeCode>COR</TypeCode>" in read_bytes(message.sha256)) == (2, True)
    event = Event.objects.filter(reference=accepted.reference, kind="request.amend").get()
    was = plain(accepted)["contact"]["name"]
    assert {"pointer": "/contact/name", "from": was, "to": "Robin Renamed"} in event.changes
    assert list(verify()) == []


ANSWERS = {
    "granted": ([("11", {"status": "39"})], "GRANTED"),
    "accepted like a declaration": ([("01", {})], "GRANTED"),
    "received, then granted": ([("02", {}), ("11", {"status": "39"})], "GRANTED"),
    "denied": ([("11", {"status": "41"})], "REFUSED"),
    "rejected": ([("03", {"errors": [("US20002", "origin unknown")]})], "REFUSED"),
    "accepted and granted": ([("01", {}), ("11", {"status": "39"})], "GRANTED"),
    "denied, then granted after all": ([("11", {"status": "41", "id_": "no"}), ("11", {"status": "39"})], "GRANTED"),
    "granted, then denied after all": ([("11", {"status": "39", "id_": "yes"}), ("11", {"status": "41"})], "REFUSED"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_order_and_repetition_ends_in_the_same_place(actor, name):
    told, wanted = ANSWERS[name]
    ends = set()
    for order in itertools.permutations(range(len(told) + 1)):
        one, request = another(actor)
        mark = one.reference
        raws = [
            said(function, request, 10 + place, **({"id_": f"{function}{place}{mark}"} | more | (
                {"id_": more["id_"] + mark} if "id_" in more else {})))
            for place, (function, more) in enumerate(told)
        ]  # fmt: skip
        raws.append(said("13", one, 20, id_=f"tax{mark}", status="67", total="123.45"))
        hear(*(envelope(raws[place]) for place in order), envelope(*(raws[place] for place in order)))
        found = end(one)
        notices = len(found[9]) if "after all" not in name else 0
        ends.add(repr((*found[:9], notices, *found[10:])))
        assert found[8] == [wanted]
        in_force = ("Robin Renamed", 2) if wanted == "GRANTED" else (plain(one)["contact"]["name"], 1)
        assert (found[4], found[2]) == (found[5], found[2]) == in_force
        assert found[0] == "ACCEPTED" and found[7] == (2 if wanted == "GRANTED" else 1)
    assert len(ends) == 1
    assert list(verify()) == []


def test_a_grant_puts_lines_and_duty_of_the_new_version_in_force_and_tells_it(accepted, actor):
    keys = list(accepted.items.values_list("key", flat=True))
    request = amended(accepted, actor, **two_lines(accepted))
    hear(envelope(said("11", request, 5, status="39")))
    one = fresh(accepted)
    assert one.total_due == one.live_version.totals.get(kind="total").amount != accepted.total_due
    assert list(one.items.order_by("sequence").values_list("key", flat=True))[:1] == keys
    assert filing.contents_of(one.versions.get(number=1))[0].contact.name != "Robin Renamed"
    event = Event.objects.filter(reference=one.reference, kind="declaration.amend").get()
    assert "/items/1" in {change["pointer"] for change in event.changes}
    assert Notice.objects.filter(subject=one.reference, words__contains="granted the amendment").exists()
    assert not Task.objects.filter(subject=one.reference, state="OPEN", words__contains="amendment").exists()


def test_a_refusal_is_somebodys_to_look_at_and_no_rejection(accepted, actor):
    request = amended(accepted, actor)
    hear(envelope(said("03", request, 5, errors=[("US20002", "origin unknown")])))
    assert end(accepted)[0] == "ACCEPTED"
    task = Task.objects.get(subject=accepted.reference, words__contains="amendment")
    assert not Task.objects.filter(words__startswith="Correct declaration").exists()
    again = amended(fresh(accepted), actor, "Another Name")
    task.refresh_from_db()
    assert (task.state, again.proposal.number, again.version.number) == ("DONE", 3, 1)


def test_what_is_said_of_the_goods_under_the_new_reference_counts(accepted, actor):
    request = amended(accepted, actor)
    hear(envelope(said("11", request, 5, status="39")), envelope(said("08", request, 6)))
    assert end(accepted)[0] == "RELEASED"


def test_an_answer_by_number_alone_is_to_what_was_filed(accepted, actor):
    amended(accepted, actor)
    hear(envelope(answer("08", id_="by-number", mrn=accepted.entry_number, second=9)))
    assert accepted.facts.get(kind="RELEASED").version.number == 1


CLOSED = {
    "not yet accepted": [],
    "examination called": [("01", {}), ("05", {})],
    "examined and the hold lifted": [("01", {}), ("05", {}), ("50", {"notes": [("agency", ""), ("hold", "lifted")]})],
    "released": [("01", {}), ("08", {})],
    "accepted at once and for good": [("01", {}), ("09", {})],
    "release suspended": [("01", {}), ("08", {}), ("05", {"status": "99", "notes": [("release", "revoked")]})],
    "rejected": [("03", {})],
    "cancelled": [("01", {}), ("10", {})],
}


@pytest.mark.parametrize("name", CLOSED)
def test_outside_the_time_for_it_nothing_is_amended(filed, actor, name):
    hear(*(envelope(said(function, filed, second, **more)) for second, (function, more) in enumerate(CLOSED[name])))
    with pytest.raises(ActRefused):
        amended(fresh(filed), actor)
    assert not Request.objects.exists()
    assert filed.versions.count() == 1


def test_of_two_who_ask_at_once_one_is_heard(accepted, actor):
    proposals = [
        amending.propose(
            declaration=accepted, document=decode_value(plain(accepted) | {"contact": {"name": name, "phone": "5625550100"}}),
            actor=actor, now=NOW,
        )
        for name in ("First", "Second")
    ]  # fmt: skip
    more = {"reason_code": "", "reason": WHY, "statement": STATEMENTS[-1].id, "actor": actor, "now": NOW}
    amending.file_amendment(proposal=proposals[0], **more)
    with pytest.raises(requests.RequestPending):
        amending.file_amendment(proposal=proposals[1], **more)
    assert OutboundMessage.objects.filter(subject=accepted.reference).count() == 2


def test_what_was_looked_at_before_another_amendment_was_granted_is_not_filed(accepted, actor):
    late = amending.propose(
        declaration=accepted, document=decode_value(plain(accepted) | {"contact": {"name": "L", "phone": "5625550100"}}),
        actor=actor, now=NOW,
    )  # fmt: skip
    hear(envelope(said("11", amended(accepted, actor), 5, status="39")))
    more = {"reason_code": "", "reason": WHY, "statement": STATEMENTS[-1].id, "actor": actor, "now": NOW}
    with pytest.raises(ActRefused, match="Somebody else"):
        amending.file_amendment(proposal=late, **more)


def test_while_it_is_open_nothing_is_cancelled_and_the_other_way_round(accepted, actor):
    request = amended(accepted, actor)
    cancelling = {"reason_code": "08", "reason": "", "actor": actor, "now": NOW}
    with pytest.raises(requests.RequestPending):
        requests.cancel(declaration=accepted, **cancelling)
    hear(envelope(said("11", request, 5, status="41")))
    requests.cancel(declaration=fresh(accepted), **cancelling)
    with pytest.raises(requests.RequestPending):
        amended(fresh(accepted), actor)


@pytest.mark.parametrize("decision", ["39", "41", ""])
def test_where_customs_cancels_meanwhile_the_end_is_the_same_in_every_order(actor, decision):
    ends = set()
    for turned in (False, True):
        one, request = another(actor)
        mark = one.reference
        raws = [said("10", one, 8, id_=f"10{mark}")]
        raws += [said("11", request, 7, id_=f"11{mark}", status=decision)] if decision else []
        hear(*(envelope(raw) for raw in (reversed(raws) if turned else raws)))
        found = end(one)
        states = list(one.versions.order_by("number").values_list("state", flat=True))
        ends.add(repr((found[:9], states)))
        assert found[8] == ["GRANTED" if decision == "39" else "REFUSED"]
    assert len(ends) == 1


def test_a_rejection_ends_it_and_the_next_version_goes_on_from_what_is_in_force(accepted, actor):
    request = amended(accepted, actor)
    hear(envelope(said("03", accepted, 9)))
    request.refresh_from_db()
    assert (end(accepted)[0], request.state) == ("REJECTED", "REFUSED")
    filing.return_to_draft(declaration=fresh(accepted), actor=actor, now=NOW)
    version = filing.prepare(declaration=fresh(accepted), actor=actor, now=NOW)
    filing.sign(version=version, signatory=actor.user, digest=version.digest, actor=actor, now=NOW, method="password")
    version.refresh_from_db()
    filing.submit(version=version, actor=actor, now=NOW)
    hear(envelope(answer("01", id_="anew", lrn=version.lrn, second=60)))
    hear(envelope(said("11", request, 70, status="39", id_="late")))
    assert end(accepted)[:3] == ("ACCEPTED", "SUBMITTED", 3), "a late grant changes nothing of what was filed since"


def test_errors_come_all_at_once_and_nothing_is_kept(accepted, actor):
    with pytest.raises(HasErrors) as caught:
        amended(accepted, actor, "", ports={"entry": "9999"}, transport={"mode": "99"})
    assert {"/ports/entry", "/transport/mode"} <= {one.pointer for one in caught.value.review.errors}
    assert (accepted.versions.count(), Request.objects.count()) == (1, 0)


def test_one_that_the_authority_turns_away_at_the_door_was_never_made(accepted, actor):
    request = amended(accepted, actor)
    OutboundMessage.objects.filter(local_reference=request.lrn).update(state="REFUSED", outcome_text="400")
    apply_outcomes()
    request.refresh_from_db()
    assert request.state == "REFUSED"
    assert amended(fresh(accepted), actor, "Another Name").state == "OPEN"


def test_statistics_count_the_submission_and_not_its_amendment(accepted, actor):
    month = party_date(NOW).replace(day=1)
    before = count_month(month, as_of=NOW + timedelta(days=1))
    request = amended(accepted, actor)
    hear(envelope(said("01", request, 5)))
    assert count_month(month, as_of=NOW + timedelta(days=1)) == before != []


def test_applying_again_changes_nothing(accepted, actor):
    hear(envelope(said("11", amended(accepted, actor), 5, status="39")))
    before, seq = end(accepted), Event.objects.count()
    for row in InboundMessage.objects.all():
        responses.apply(inbound=row, now=NOW)
    assert (end(accepted), Event.objects.count()) == (before, seq)
