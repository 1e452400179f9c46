"""What officers see at their desk and what they may do there."""

import pytest
from django.urls import reverse

from declarations.models import Declaration, FilerCode, GoodsItem
from portal.accounts import roles
from portal.gateway.models import InboundMessage, OutboundMessage
from portal.trail.models import TrailEntry
from tests.makers import NOW, make_actor, make_authority, make_declaration, make_user
from tests.visiting import officer, signed_in, stored


@pytest.fixture(autouse=True)
def _ground(db, monkeypatch, settings):
    settings.WHITENOISE_AUTOREFRESH = True  # no list of all static files for every client
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


def test_officers_see_what_was_filed_and_change_nothing():
    filed, draft = make_declaration("S01", until="submitted"), make_declaration("S10")
    client = signed_in(officer(roles.CUSTOMS_OFFICER))
    listing = client.get("/admin/declarations/declaration/")
    assert listing.status_code == 200
    assert filed.entry_number[3:10] in listing.content.decode()
    assert draft.reference not in listing.content.decode()
    page = f"/admin/declarations/declaration/{filed.pk}/change/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"goods": "changed"}).status_code == 403
    assert client.post(f"/admin/declarations/declaration/{filed.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"/admin/declarations/declaration/{draft.pk}/change/").status_code in (302, 404)


def test_what_is_typed_after_a_rejection_is_not_shown_to_officers():
    actor = make_actor()
    filed = make_declaration("S01", actor=actor, until="submitted")
    Declaration.objects.filter(pk=filed.pk).update(legal="REJECTED")
    page = signed_in(actor.user)
    page.post(reverse("declaration_correct", args=[filed.reference]))
    GoodsItem.objects.filter(declaration=filed).update(description="secret", content={"description": "SECRET CHANGE"})
    client = signed_in(officer(roles.CUSTOMS_OFFICER))
    shown = client.get(f"/admin/declarations/declaration/{filed.pk}/change/").content.decode()
    assert "SECRET" not in shown
    assert "Lithium-ion storage batteries" in shown
    assert "8507.60.00" in shown
    assert "11,250.00" in shown
    printed = client.get(f"/admin/declarations/declaration/{filed.pk}/entry-summary.pdf")
    assert printed["Content-Type"] == "application/pdf"


def test_the_desk_says_what_waits_and_shows_no_tables_of_libraries():
    make_declaration("S01", until="submitted")
    OutboundMessage.objects.update(state="DEAD")
    text = signed_in(officer(roles.OPERATOR)).get("/admin/").content.decode()
    assert "Outbound messages: dead" in text
    assert "Sent and not answered by customs" in text
    root = make_user(organization=make_authority(), role=roles.OPERATOR)
    root.is_superuser = True
    root.save()
    whole = signed_in(root).get("/admin/").content.decode()
    for word in ("Groups", "Axes", "OAuth", "Email addresses", "Access attempts", "Authenticators"):
        assert word not in whole, word


def test_a_range_is_added_and_an_unused_number_voided_by_operators_alone():
    actor = make_actor()
    ready = make_declaration("S01", actor=actor, until="ready")
    code = FilerCode.objects.get(organization=actor.organization)
    form = {"filer_code": code.pk, "first": 100_000, "last": 100_999}
    place = "/admin/declarations/numberrange/add/"
    assert signed_in(officer(roles.CUSTOMS_OFFICER)).post(place, form).status_code == 403
    client = signed_in(officer(roles.OPERATOR))
    assert client.post(place, form).status_code == 302
    assert client.post(place, form).status_code == 200  # it meets the one just added
    assert code.ranges.get(first=100_000).next_number == 100_000
    number = ready.numbers.get()
    void = f"/admin/declarations/entrynumber/{number.pk}/void/"
    client.post(void, {"reason": "not needed"})
    number.refresh_from_db()
    assert number.voided_at is None  # its declaration is in hand
    page = signed_in(actor.user)
    page.post(reverse("declaration_reopen", args=[ready.reference]))
    page.post(reverse("declaration_discard", args=[ready.reference]))
    number.refresh_from_db()
    assert number.void_reason == "The draft was withdrawn."
    entry = TrailEntry.objects.get(kind="entry_number.void")
    assert entry.subject == ready.reference


def test_a_trader_does_not_enter_the_officers_desk():
    assert signed_in(make_actor().user).get("/admin/").status_code == 302


def test_only_an_operator_sends_a_dead_message_again_and_says_why():
    make_declaration("S01", until="submitted")
    message = OutboundMessage.objects.get()
    OutboundMessage.objects.update(state="DEAD")
    page = f"/admin/gateway/outboundmessage/{message.pk}/retry/"
    for role in (roles.CUSTOMS_OFFICER, roles.AUDITOR):
        client = signed_in(officer(role))
        assert client.get(page).status_code == 403
        assert client.post(page, {"reason": "line is up"}).status_code == 403
    assert signed_in(make_actor().user).post(page, {"reason": "line is up"}).status_code == 302  # to sign in
    client = signed_in(officer(roles.OPERATOR))
    assert "message" in client.get(page).content.decode()
    assert client.get(f"/admin/gateway/outboundmessage/{message.pk}/change/").status_code == 200
    assert client.post(page, {"reason": ""}).status_code == 200
    assert OutboundMessage.objects.get().state == "DEAD"
    assert client.post(page, {"reason": "the line is up again"}).status_code == 302
    assert OutboundMessage.objects.get().state == "PENDING"
    entry = TrailEntry.objects.get(kind="message.retry")
    assert entry.subject == message.subject
    assert "the line is up again" in entry.body
    assert client.post(page, {"reason": "once more"}).status_code == 302
    assert TrailEntry.objects.filter(kind="message.retry").count() == 1, "what goes on by itself is left alone"


@pytest.mark.parametrize("role", [roles.OPERATOR, roles.CUSTOMS_OFFICER, roles.AUDITOR, roles.OMBUDSMAN])
def test_nothing_filed_is_changed_in_the_admin(role):
    filed = make_declaration("S01", until="submitted")
    message = OutboundMessage.objects.get()
    client = signed_in(officer(role))
    before = stored(), FilerCode.objects.count()
    rows = {
        "declarations/declaration": filed.pk, "gateway/outboundmessage": message.pk,
        "declarations/filercode": FilerCode.objects.get(organization=filed.filer).pk,
    }  # fmt: skip
    for place, pk in rows.items():
        for page, sent in (
            ("add/", {}), (f"{pk}/change/", {"goods": "changed", "state": "DEAD"}), (f"{pk}/delete/", {"post": "yes"}),
            ("", {"action": "delete_selected", "_selected_action": pk, "post": "yes"}),
        ):  # fmt: skip
            answer = client.post(f"/admin/{place}/{page}", sent)
            # a list without such an act is only shown again; an operator's empty form for a filer code likewise
            wanted = (302, 403) if page and page != "add/" else (200, 302, 403)
            assert answer.status_code in wanted, (place, page, answer.status_code)
    assert (stored(), FilerCode.objects.count()) == before


def test_an_unmatched_answer_is_tried_again_by_an_operator():
    row = InboundMessage.objects.create(
        channel="rehearsal", external_id="x", sha256="0" * 64, state="UNMATCHED", not_before=NOW, received_at=NOW
    )
    page = f"/admin/gateway/inboundmessage/{row.pk}/adopt/"
    assert signed_in(officer(roles.OPERATOR)).post(page, {"reason": "the filer was added"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "RECEIVED"
