"""People: invited by administrators, given roles, switched off and on."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from declarations.models import Declaration, FilerCode
from portal.accounts import roles
from portal.accounts.models import Membership, Organization, User
from portal.gateway.models import OutboundMessage
from portal.trail.models import TrailEntry
from portal.trail.verification import verify
from tests.declarations.filer.browsing import error_at, fill, page_of, send, signed_in, words_of
from tests.declarations.filer.conftest import Clock
from tests.declarations.filer.test_story import filled_in, sent
from tests.declarations.filer.typed import TYPED
from tests.makers import make_actor, make_importer, make_user
from tests.portal.people.telling import (
    CLERK,
    FORM_5106,
    INVITE,
    ORGANIZATIONS,
    OWNER,
    PEOPLE,
    USERS,
    choose_password,
    link_on,
    page_for,
    role_error,
    sign_in,
    told,
)

pytestmark = pytest.mark.django_db


def test_from_a_new_importer_to_its_first_declaration(desk, monkeypatch):
    monkeypatch.setattr(timezone, "now", Clock())
    monkeypatch.setitem(TYPED, "bond", {"bonds_0_type": "8", "bonds_0_designation": "B", "bonds_0_surety": "036"})
    assert fill(desk, f"{ORGANIZATIONS}add/", **FORM_5106).status_code == 302
    place = Organization.objects.get(name="New Importer LLC")
    assert (place.importer_number, place.address["country"]) == ("12-3456789AB", "US")
    code = {"organization": str(place.pk), "code": "NEW"}
    assert fill(desk, "/admin/declarations/filercode/add/", **code).status_code == 302
    numbers = {"filer_code": str(FilerCode.objects.get(code="NEW").pk), "first": "1", "last": "500"}
    assert fill(desk, "/admin/declarations/numberrange/add/", **numbers).status_code == 302

    invited = fill(desk, f"{USERS}add/?organization={place.pk}", **OWNER)
    owner = choose_password(link_on(invited))
    assert sign_in(owner, OWNER["email"]).url == "/"
    home = owner.get("/")
    assert PEOPLE in [one.get("href") for one in page_of(home).xpath("//a")]
    clerk = choose_password(link_on(fill(owner, INVITE, **CLERK)))
    assert sign_in(clerk, "nora@new.example").url == "/"

    filed = filled_in(clerk)
    assert sent(clerk, filed).url == reverse("declaration_receipt", args=[filed.reference])
    declaration = Declaration.objects.get()
    assert (declaration.filing, declaration.importer) == ("SUBMITTED", place)
    assert declaration.entry_number.startswith("NEW0000001")
    assert OutboundMessage.objects.count() == 1
    assert not list(verify())


def test_a_new_person_has_no_password_until_the_link_is_followed_once(client, importer):
    answer = fill(client, INVITE, **CLERK)
    user = User.objects.get(email="nora@new.example")
    assert not user.has_usable_password()
    assert (user.get_full_name(), user.title, user.is_staff) == ("Nora New", "Import clerk", False)
    assert user.roles_in(importer) == {"importer_user"}
    assert "does not send mail" in words_of(answer)
    link = link_on(answer)
    message = mail.outbox[0]
    assert (message.to, message.subject) == (["nora@new.example"], f"[testserver] You can act for {importer.name}")
    assert f"http://testserver{link}" in message.body
    assert link not in client.get(PEOPLE).content.decode()
    assert "Invited, no password yet" in words_of(client.get(PEOPLE))
    choose_password(link)
    assert "does not work any more" in words_of(Client().get(link, follow=True))
    entry = told(f"user:{user.reference}", "user.invite")[0]
    assert entry["data"] == {"organization": importer.reference}
    assert told(f"user:{user.reference}", "membership.grant")[0]["data"]["role"] == "importer_user"


def test_with_a_mail_server_nobody_else_sees_the_link(client, settings, monkeypatch):
    sent_to = []
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    monkeypatch.setattr(
        "django.core.mail.backends.smtp.EmailBackend.send_messages", lambda self, messages: sent_to.extend(messages)
    )
    answer = fill(client, INVITE, **CLERK)
    assert "/password/reset/key/" in sent_to[0].body
    assert "/password/reset/key/" not in answer.content.decode()
    assert "is on its way" in words_of(answer)


def test_a_mail_server_that_is_away_leaves_the_link_to_be_passed_on(client, settings, monkeypatch):
    def away(self, messages):
        raise ConnectionRefusedError

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    monkeypatch.setattr("django.core.mail.backends.smtp.EmailBackend.send_messages", away)
    assert sign_in(choose_password(link_on(fill(client, INVITE, **CLERK))), "nora@new.example").url == "/"


def test_a_lost_link_is_made_again_for_those_without_a_password(client, importer):
    fill(client, INVITE, **CLERK)
    user = User.objects.get(email="nora@new.example")
    page = client.get(page_for(user))
    again = send(client, page, page_for(user, "person_link"))
    choose_password(link_on(again))
    assert client.post(page_for(user, "person_link")).status_code == 404
    assert len(told(f"user:{user.reference}", "user.link")) == 1


def test_somebody_with_an_account_gets_the_role_and_nothing_of_theirs_is_told(client, importer):
    elsewhere = make_importer(name="Secret Other Importer")
    other = make_user(organization=elsewhere, role=roles.IMPORTER_ADMIN)
    signed_in(other)
    before = (other.password, other.last_name)
    answer = fill(client, INVITE, **{**CLERK, "email": other.email.upper(), "last_name": "Changed"})
    other.refresh_from_db()
    assert (other.password, other.last_name) == before
    assert other.roles_in(importer) == {"importer_user"}
    assert other.roles_in(elsewhere) == {"importer_admin"}
    pages = [answer, client.get(PEOPLE), client.get(page_for(other))]
    for one in pages:
        assert "Secret" not in one.content.decode()
        assert "/password/reset/key/" not in one.content.decode()
    assert "Not yet" in words_of(pages[2]), "a sign-in before the membership is no business of this organization"
    assert "/password/reset/key/" not in mail.outbox[0].body


def test_the_link_of_a_person_whom_another_organization_made_is_not_shown(client, desk):
    first = make_importer()
    invited = fill(desk, f"{USERS}add/", organization=str(first.pk), **CLERK)
    link_on(invited)
    answer = fill(client, INVITE, **CLERK)
    assert "/password/reset/key/" not in answer.content.decode()
    user = User.objects.get(email="nora@new.example")
    again = send(client, client.get(page_for(user)), page_for(user, "person_link"))
    assert "/password/reset/key/" not in again.content.decode()


def test_an_officer_is_not_given_a_traders_role_and_the_page_does_not_say_why(client, operator, importer):
    answer = fill(client, INVITE, **{**CLERK, "email": operator.email})
    assert "cannot have this role here" in error_at(answer, "email")
    assert "fficer" not in error_at(answer, "email")
    assert not operator.roles_in(importer)


def test_what_is_missing_is_told_at_its_field(client):
    answer = fill(client, INVITE, first_name=" ", email="nobody")
    assert error_at(answer, "first_name") == "Give the first name."
    assert error_at(answer, "email") == "Write the address like name@example.com."
    assert error_at(answer, "role") == "Choose what they may do."
    for role in ("operator", "broker", "everything"):
        assert client.post(INVITE, {**CLERK, "role": role}).status_code == 200
    assert not User.objects.filter(email="nora@new.example").exists()


def test_a_member_is_not_invited_twice(client, importer):
    member = make_user(organization=importer)
    answer = fill(client, INVITE, **{**CLERK, "role": "importer_admin", "email": member.email})
    assert "among your people already" in error_at(answer, "email")
    assert member.roles_in(importer) == {"importer_user"}


def test_roles_are_given_and_taken(client, importer):
    member = make_user(organization=importer)
    page = page_for(member)
    assert client.post(page, {"roles": ["importer_user", "importer_admin"]}).url == PEOPLE
    assert member.roles_in(importer) == {"importer_user", "importer_admin"}
    assert client.post(page, {"roles": ["importer_admin"]}).url == PEOPLE
    assert member.roles_in(importer) == {"importer_admin"}
    subject = f"user:{member.reference}"
    assert told(subject, "membership.grant")[0]["data"] == {
        "organization": importer.reference,
        "role": "importer_admin",
    }
    assert told(subject, "membership.revoke")[0]["data"]["role"] == "importer_user"
    none = client.post(page, {})
    assert role_error(none) == "Choose at least one role."
    assert "is no role of" in words_of(client.post(page, {"roles": ["importer_admin", "operator"]}))
    assert member.roles_in(importer) == {"importer_admin"}


def test_the_last_administrator_stays_until_there_is_another(client, administrator, importer):
    own = page_for(administrator)
    refused = client.post(own, {"roles": ["importer_user"]})
    assert "needs one administrator at least" in role_error(refused)
    refused = client.post(page_for(administrator, "person_switch"))
    assert "needs one administrator at least" in words_of(refused)
    assert administrator.roles_in(importer) == {"importer_admin"}
    asleep = make_user(organization=importer, role=roles.IMPORTER_ADMIN)
    User.objects.filter(pk=asleep.pk).update(is_active=False)
    assert client.post(own, {"roles": ["importer_user"]}).status_code == 200, "one who cannot sign in does not count"
    make_user(organization=importer, role=roles.IMPORTER_ADMIN)
    assert client.post(own, {"roles": ["importer_user"]}).url == "/"
    assert administrator.roles_in(importer) == {"importer_user"}
    assert client.get(PEOPLE).status_code == 403


def test_a_membership_is_switched_off_at_once_and_on_again(client, importer):
    member = make_user(organization=importer)
    theirs = signed_in(member)
    page = page_for(member, "person_switch")
    asked = client.get(page)
    assert f"From now on {member} cannot act for {importer}." in words_of(asked)
    assert theirs.get("/").status_code == 200
    assert send(client, asked, page).url == PEOPLE
    assert theirs.get("/").status_code == 403
    assert member.roles_in(importer) == set()
    assert "Switched off" in words_of(client.get(PEOPLE))
    assert client.post(page_for(member), {"roles": ["importer_admin"]}).status_code == 200
    assert member.roles_in(importer) == set(), "what is switched off is not changed"
    again = fill(client, INVITE, **{**CLERK, "email": member.email})
    assert "among your people already" in error_at(again, "email")
    assert send(client, client.get(page), page).url == PEOPLE
    assert theirs.get("/").status_code == 200
    kinds = TrailEntry.objects.filter(subject=f"user:{member.reference}").order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["membership.off", "membership.on"]


def test_somebody_who_became_an_officer_meanwhile_is_not_switched_on(client, importer, desk, operator):
    member = make_user(organization=importer)
    client.post(page_for(member, "person_switch"))
    authority = operator.memberships.get().organization
    made = fill(desk, f"{USERS}add/", **{**CLERK, "email": member.email, "role": "auditor"}, organization=authority.pk)
    assert made.status_code == 200
    assert member.roles_in(authority) == {"auditor"}
    member.refresh_from_db()
    assert member.is_staff
    answer = client.post(page_for(member, "person_switch"))
    assert "cannot have this role here" in words_of(answer)
    assert member.roles_in(importer) == set()


@pytest.mark.parametrize("role", sorted(roles.TRADER_ROLES - {roles.IMPORTER_ADMIN}))
def test_nobody_but_an_administrator_looks_after_people(importer, role):
    member, other = make_user(organization=importer, role=role), make_user(organization=importer)
    client = signed_in(member)
    before = list(Membership.objects.order_by("pk").values())
    for page in (PEOPLE, INVITE, page_for(other), page_for(other, "person_switch"), page_for(other, "person_link")):
        assert {client.get(page).status_code, client.post(page, CLERK).status_code} <= {403, 405}, page
    assert list(Membership.objects.order_by("pk").values()) == before
    assert PEOPLE not in client.get("/").content.decode()


def test_people_of_others_do_not_exist(client):
    stranger = make_actor().user
    for name in ("person", "person_switch"):
        assert client.get(page_for(stranger, name)).status_code == 404
    for name in ("person", "person_switch", "person_link"):
        assert client.post(page_for(stranger, name), {"roles": ["importer_admin"]}).status_code == 404
    assert stranger.email not in client.get(PEOPLE).content.decode()


def test_who_has_no_account_reads_how_to_get_one():
    text = words_of(Client().get("/accounts/signup/"))
    assert "its administrator, on the page “People”" in text
    assert "an operator of this portal" in text


def test_somebody_invited_gets_a_new_link_by_the_forgotten_password(client):
    fill(client, INVITE, **CLERK)
    mail.outbox.clear()
    fill(Client(), "/accounts/password/reset/", email="nora@new.example")
    link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)[1]
    assert sign_in(choose_password(link), "nora@new.example").url == "/"
