"""A person corrects in the browser what customs accepted: change, read the differences, sign, ask (SF-22)."""

import pytest
from django.urls import reverse

from declarations.models import Request, Signature
from declarations.services.filing import contents_of
from portal.accounts import roles
from portal.gateway.models import OutboundMessage
from tests.declarations.answers import envelope
from tests.declarations.filer.browsing import at, fill, form_at, page_of, send, signed_in, value_in, values_of, words_of
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


@pytest.fixture
def two_lines(actor, clock):
    one = make_declaration("S02", actor=actor, until="submitted", now=clock())
    hear(envelope(said("01", one, 1)))
    return fresh(one)


def filed_lines(one):
    """Lines that customs is asked for, by their numbers."""
    document, _assessment = contents_of(Request.objects.get(version__declaration=one).proposal)
    return {line.sequence: line.description for line in document.items}


def test_a_line_is_taken_out_put_back_and_taken_out_for_good(client, two_lines):
    first, second = [item.content["description"] for item in two_lines.items.order_by("sequence")]
    place = page(two_lines)
    assert client.post(place, {"take_out": "1"})["Location"] == f"{place}#lines"
    shown = words_of(client.get(place))
    assert "Line 1 is taken out" in shown and "Owed as corrected" in shown
    assert client.get(page(two_lines, "declaration_amend_line", "1")).status_code == 404
    client.post(place, {"put_back": "1"})
    assert "Sign and ask customs" not in words_of(client.get(place)), "all is as it was filed"
    client.post(place, {"take_out": "1"})
    assert fresh(two_lines).row_version == two_lines.row_version and two_lines.items.count() == 2
    assert signed(client, client.get(place), two_lines)["Location"] == at(two_lines, "declaration")
    assert filed_lines(two_lines) == {1: second} and second != first


def test_a_line_is_added_and_another_that_was_added_is_forgotten(client, accepted):
    new = page(accepted, "declaration_amend_line", "new")
    assert page_of(client.get(page(accepted))).xpath(f"//a[@href='{new}']")
    typed = values_of(form_at(client.get(page(accepted, "declaration_amend_line", "1")),
                              page(accepted, "declaration_amend_line", "1")))  # fmt: skip
    for description in ("Spare parts of bicycles", "Not meant"):
        answer = client.post(new, typed | {"description": description, "act": "keep"})
        assert answer["Location"] == page(accepted), words_of(answer)
    assert "Not meant" in words_of(client.get(page(accepted)))
    client.post(page(accepted), {"take_out": "3"})
    shown = client.get(page(accepted))
    assert "Not meant" not in words_of(shown) and "Spare parts" in words_of(shown)
    assert value_in(client.get(page(accepted, "declaration_amend_line", "2")), "description").startswith("Spare parts")
    assert signed(client, shown, accepted)["Location"] == at(accepted, "declaration"), words_of(shown)
    assert filed_lines(accepted)[2] == "Spare parts of bicycles"
    totals = Request.objects.get().proposal.totals
    assert totals.get(kind="total").amount > accepted.total_due


def test_the_last_line_is_not_taken_out_and_the_problem_leads_to_the_lines(client, accepted):
    client.post(page(accepted), {"take_out": "1"})
    shown = client.get(page(accepted))
    assert "has no line of goods" in words_of(shown) and "Sign and ask customs" not in words_of(shown)
    assert page_of(shown).xpath(f"//a[@href='{page(accepted)}#lines']")
    assert client.post(page(accepted), {"reason": "x", "password": PASSWORD}).status_code == 200
    assert not Request.objects.exists()


def test_a_problem_leads_to_the_line_as_people_know_it(client, two_lines):
    """After line 1 is taken out, the second stands first, and is still line 2 on these pages."""
    line = page(two_lines, "declaration_amend_line", "2")
    client.post(page(two_lines), {"take_out": "1"})
    assert fill(client, line, origin_country="")["Location"] == page(two_lines)
    shown = client.get(page(two_lines))
    assert page_of(shown).xpath(f"//a[@href='{line}' and contains(., 'Mend')]"), words_of(shown)


@pytest.mark.parametrize("said_", [{"take_out": "0"}, {"take_out": "99"}, {"take_out": "x"}, {"put_back": "7"}])
def test_what_is_no_line_is_not_taken_out(client, accepted, said_):
    client.post(page(accepted), said_)
    assert "Sign and ask customs" not in words_of(client.get(page(accepted)))


def test_each_problem_of_an_empty_line_names_the_line_and_the_field(client, two_lines):
    """The words of many rules begin with `This line`; the number is the one of these pages, a line gone before it."""
    client.post(page(two_lines), {"take_out": "1"})
    client.post(page(two_lines, "declaration_amend_line", "new"), {"description": "", "act": "keep"})
    shown = client.get(page(two_lines))
    line = page(two_lines, "declaration_amend_line", "3")
    said = [one.text_content() for one in page_of(shown).xpath(f"//a[@href='{line}' and contains(., 'Mend it')]")]
    assert len(said) > 5, words_of(shown)
    assert [one for one in said if not one.startswith("Mend it: Line 3: ")] == []
    assert len(set(said)) > 3 and any("Description" in one for one in said), said
