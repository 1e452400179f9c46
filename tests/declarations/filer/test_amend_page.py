"""A person corrects in the browser what customs accepted: change, read the differences, sign, ask (SF-22)."""

import pytest
from django.urls import reverse

from declarations.models import Request, Signature
from portal.accounts import roles
from portal.gateway.models import OutboundMessage
from tests.declarations.answers import envelope
from tests.declarations.filer.browsing import at, fill, send, signed_in, value_in, words_of
from tests.declarations.test_amending import fresh, hear, said
from tests.makers import PASSWORD, make_actor, make_declaration, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted(actor, clock):
    one = make_declaration("S01", actor=actor, until="submitted", now=clock())
    hear(envelope(said("01", one, 1)))
    return fresh(one)


def page(one, name="declaration_amend", *more):
    return reverse(name, args=[one.reference, *more])


def correct_contact(client, one, name="Robin Renamed"):
    answer = fill(client, page(one, "declaration_amend_step", "contact"), contact_name=name)
    assert answer["Location"] == page(one)
    return client.get(page(one))


def signed(client, shown, one, **typed):
    return send(client, shown, page(one), **{"reason": "Another person answers.", "password": PASSWORD} | typed)


def test_the_declaration_leads_to_it_and_the_amendment_is_asked_for(client, accepted, actor):
    assert page(accepted) in client.get(at(accepted, "declaration")).content.decode()
    assert "Sign and ask customs" not in words_of(client.get(page(accepted)))
    shown = correct_contact(client, accepted)
    words = words_of(shown)
    assert "Robin Renamed" in words and "Owed as corrected" in words
    assert not Request.objects.exists() and fresh(accepted).row_version == accepted.row_version
    answer = signed(client, shown, accepted)
    assert answer["Location"] == at(accepted, "declaration"), answer.content.decode()[-3000:]
    asked = Request.objects.get()
    assert (asked.kind, asked.state, asked.reason) == ("COR", "OPEN", "Another person answers.")
    signature = Signature.objects.get(version=asked.proposal)
    assert (signature.signatory, signature.method) == (actor.user, "password")
    assert OutboundMessage.objects.filter(subject=accepted.reference).count() == 2
    assert page(accepted) not in client.get(at(accepted, "declaration")).content.decode()
    assert client.get(page(accepted))["Location"] == at(accepted, "declaration")


def test_a_line_is_corrected_and_what_is_owed_with_it(client, accepted):
    line = page(accepted, "declaration_amend_line", "1")
    before = value_in(client.get(line), "description")
    assert before
    assert fill(client, line, description=f"{before} AND BOXES")["Location"] == page(accepted)
    shown = client.get(page(accepted))
    assert f"{before} AND BOXES" in words_of(shown)
    assert signed(client, shown, accepted)["Location"] == at(accepted, "declaration")
    assert client.get(page(accepted, "declaration_amend_line", "9")).status_code in (302, 404)


def test_nothing_is_asked_without_reason_password_or_what_was_read(client, accepted):
    shown = correct_contact(client, accepted)
    assert signed(client, shown, accepted, password="wrong").status_code == 422
    assert signed(client, shown, accepted, reason=" ").status_code == 422
    correct_contact(client, accepted, "Somebody Else")  # in another tab
    assert signed(client, shown, accepted).status_code == 409
    assert not Request.objects.exists()


def test_what_cannot_be_corrected_is_said_and_can_be_dropped(client, accepted):
    fill(client, page(accepted, "declaration_amend_step", "file"), functional_reference_id="OTHER1")
    words = words_of(client.get(page(accepted)))
    assert "cannot be corrected" in words and "Sign and ask customs" not in words
    assert client.post(page(accepted), {"act": "ask", "password": PASSWORD, "reason": "Why."}).status_code == 200
    assert not Request.objects.exists()
    assert client.post(page(accepted), {"act": "drop"})["Location"] == at(accepted, "declaration")
    assert "cannot be corrected" not in words_of(client.get(page(accepted)))


def test_what_cannot_be_read_stands_at_its_field(client, accepted):
    answer = fill(client, page(accepted, "declaration_amend_step", "contact"), contact_email="nobody")
    assert answer.status_code == 422 and "nobody" in answer.content.decode()


def test_only_who_may_sign_and_only_in_time(client, accepted, importer, actor, clock):
    stranger = signed_in(make_actor().user)
    staff = signed_in(make_user(organization=importer, role=roles.BROKER))
    for path in (page(accepted), page(accepted, "declaration_amend_step", "contact")):
        assert stranger.get(path).status_code == 404
        assert staff.get(path).status_code == 403
    early = make_declaration("S01", actor=actor, until="submitted", now=clock())
    assert client.get(page(early))["Location"] == at(early, "declaration")
    assert page(early) not in client.get(at(early, "declaration")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_it_is_asked_for_in_a_transaction_of_its_own(starter_committed, client, accepted):
    """As in a request: no test's transaction is around it."""
    shown = correct_contact(client, accepted)
    assert signed(client, shown, accepted)["Location"] == at(accepted, "declaration")
    assert Request.objects.get().state == "OPEN"
