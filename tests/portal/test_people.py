"""Organizations and people: made by operators, invited by administrators, switched off and on."""

import json
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
from tests.declarations.filer.browsing import error_at, fill, form_at, page_of, send, signed_in, words_of
from tests.declarations.filer.conftest import Clock
from tests.declarations.filer.test_story import filled_in, sent
from tests.declarations.filer.typed import TYPED
from tests.makers import PASSWORD, make_actor, make_authority, make_importer, make_user

pytestmark = pytest.mark.django_db
PEOPLE, INVITE = "/organization/people/", "/organization/people/invite/"
USERS, ORGANIZATIONS = "/admin/accounts/user/", "/admin/accounts/organization/"
CLERK = {
    "first_name": "Nora", "last_name": "New", "email": "Nora@New.example ", "title": "Import clerk",
    "role": "importer_user",
}  # fmt: skip
OWNER = {
    "first_name": "Olu", "last_name": "Owner", "email": "olu@new.example", "title": "President",
    "role": "importer_admin",
}  # fmt: skip
FORM_5106 = {
    "name": "New Importer LLC", "kind": "importer", "importer_number": "12-3456789ab", "on_file_since": "2024-01-15",
    "street": "1 First Street", "city": "Long Beach", "subdivision": "CA", "postcode": "90802", "country": "us",
    "contact_name": "Olu Owner", "contact_phone": "5625550100", "contact_email": "olu@new.example",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _ground(monkeypatch, settings):
    settings.WHITENOISE_AUTOREFRESH = True
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


@pytest.fixture
def importer():
    return make_importer()


@pytest.fixture
def administrator(importer):
    return make_user(organization=importer, role=roles.IMPORTER_ADMIN)


@pytest.fixture
def client(administrator):
    return signed_in(administrator)


@pytest.fixture
def operator():
    return make_user(organization=make_authority(), role=roles.OPERATOR)


@pytest.fixture
def desk(operator):
    return signed_in(operator)


def link_on(answer):
    """The address that is shown once, as a path."""
    found = re.findall(r"http://testserver(/accounts/password/reset/key/\S+?/)<", answer.content.decode())
    assert len(found) == 1, words_of(answer)
    return found[0]


def choose_password(link, password=PASSWORD):
    """Somebody follows the link, chooses a password and signs in with it."""
    client = Client()
    shown = client.get(link, follow=True)
    there = shown.redirect_chain[-1][0]
    done = send(client, shown, there, follow=True, password1=password, password2=password)
    assert "Your password is changed" in words_of(done)
    return client


def sign_in(client, email, password=PASSWORD):
    return fill(client, "/accounts/login/", login=email, password=password)


def told(subject, kind):
    """What the trail of a subject says of one kind of act."""
    return [json.loads(one.body) for one in TrailEntry.objects.filter(subject=subject, kind=kind).order_by("seq")]


def role_error(answer):
    """The words above the boxes, tied to their group and linked from the summary."""
    tree = page_of(answer)
    group = tree.xpath("//fieldset[.//input[@name='roles']]")[0]
    assert "id_roles_error" in group.get("aria-describedby").split()
    assert tree.xpath("//*[contains(@class, 'portal-errors')]//a[@href='#id_roles']")
    return " ".join(tree.xpath("//*[@id='id_roles_error']")[0].text_content().split()).removeprefix("Error: ")


def page_for(user, name="person"):
    return reverse(name, args=[user.reference])


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


# ---- the officers' desk -----------------------------------------------------------------------


def test_an_operator_invites_officers_and_brokers_and_nobody_raises_themselves(desk, operator):
    authority = operator.memberships.get().organization
    place = Organization.objects.create(name="Bay Brokers", kind="broker")
    link_on(fill(desk, f"{USERS}add/", **{**CLERK, "role": "broker"}, organization=str(place.pk)))
    officer = {**CLERK, "email": "o@new.example", "role": "customs_officer", "organization": str(authority.pk)}
    client = choose_password(link_on(fill(desk, f"{USERS}add/", **officer)))
    sign_in(client, "o@new.example")
    assert client.get("/admin/").status_code == 200
    assert client.get(USERS).status_code == 403
    again = fill(desk, f"{USERS}add/", **{**officer, "role": "auditor"})
    assert "cannot be held by one person" in words_of(again)
    wrong = fill(desk, f"{USERS}add/", **{**officer, "email": "x@new.example", "role": "importer_user"})
    assert "is no role of" in words_of(wrong)
    assert not User.objects.filter(email="x@new.example").exists()
    own = fill(desk, f"{USERS}add/", **{**officer, "email": operator.email, "role": "auditor"})
    assert "cannot give yourself a role" in words_of(own)
    assert operator.roles_in(authority) == {"operator"}


def test_an_account_is_switched_off_and_on_with_a_reason(desk, operator, importer):
    member = make_user(organization=importer)
    theirs = signed_in(member)
    page = f"{USERS}{member.pk}/act/switch/"
    assert "give a reason" in words_of(desk.post(page, {"reason": " "}))
    assert theirs.get("/").status_code == 200
    assert fill(desk, page, reason="left the firm").status_code == 302
    assert theirs.get("/").url == "/accounts/login/?next=/"
    assert told(f"user:{member.reference}", "user.off")[0]["data"] == {"reason": "left the firm"}
    assert fill(desk, page, reason="is back").status_code == 302
    member.refresh_from_db()
    assert member.is_active
    own = fill(desk, f"{USERS}{operator.pk}/act/switch/", reason="by mistake", follow=True)
    assert "cannot switch your own account" in words_of(own)
    operator.refresh_from_db()
    assert operator.is_active


def test_an_organization_is_corrected_and_switched_off_and_on(desk, importer, administrator):
    page = f"{ORGANIZATIONS}{importer.pk}/change/"
    shown = desk.get(page)
    assert administrator.email not in form_at(shown, page).fields
    assert str(administrator) in words_of(shown)
    assert send(desk, shown, page, name="Renamed Importer", city="Oakland").status_code == 302
    importer.refresh_from_db()
    assert (importer.name, importer.address["city"], importer.kind) == ("Renamed Importer", "Oakland", "importer")
    subject = f"organization:{importer.reference}"
    assert set(told(subject, "organization.correct")[0]["data"]) == {"name", "address"}
    theirs = signed_in(administrator)
    act = f"{ORGANIZATIONS}{importer.pk}/act/switch/"
    assert theirs.get(PEOPLE).status_code == 200
    assert fill(desk, act, reason="licence ended").status_code == 302
    assert theirs.get(PEOPLE).status_code == 403
    assert fill(desk, act, reason="licence is back").status_code == 302
    assert theirs.get(PEOPLE).status_code == 200
    assert told(subject, "organization.off")[0]["data"] == {"reason": "licence ended"}


def test_an_importer_has_a_number_of_its_own_in_the_form_of_customs(desk, importer):
    page = f"{ORGANIZATIONS}add/"
    for number, words in (("", "files under its number"), ("123", "NN-NNNNNNNXX"), ("123-45-6789", "NN-NNNNNNNXX"),
                          (importer.importer_number, "Another organization has this number")):  # fmt: skip
        assert words in words_of(fill(desk, page, **{**FORM_5106, "importer_number": number})), number
    assert not Organization.objects.filter(name="New Importer LLC").exists()


def test_a_membership_is_switched_off_at_the_desk(desk, importer):
    member = make_user(organization=importer)
    row = member.memberships.get()
    assert fill(desk, f"/admin/accounts/membership/{row.pk}/act/switch/", reason="asked by phone").status_code == 302
    assert member.roles_in(importer) == set()
    assert told(f"user:{member.reference}", "membership.off")[0]["data"]["reason"] == "asked by phone"


@pytest.mark.parametrize("role", [roles.CUSTOMS_OFFICER, roles.AUDITOR, roles.SPECIALIST, roles.OMBUDSMAN])
def test_other_officers_do_not_look_after_accounts(role, importer):
    member = make_user(organization=importer)
    client = signed_in(make_user(organization=make_authority(), role=role))
    pages = [
        USERS, ORGANIZATIONS, "/admin/accounts/membership/", f"{USERS}add/", f"{ORGANIZATIONS}add/",
        f"{USERS}{member.pk}/change/", f"{USERS}{member.pk}/act/switch/", f"{USERS}{member.pk}/link/",
        f"{ORGANIZATIONS}{importer.pk}/change/", f"{ORGANIZATIONS}{importer.pk}/act/switch/",
    ]  # fmt: skip
    for page in pages:
        assert client.get(page).status_code == 403, page
        assert client.post(page, {"reason": "because", **CLERK}).status_code == 403, page
    member.refresh_from_db()
    assert member.is_active


def test_no_password_and_no_right_is_set_at_the_desk(desk, importer):
    member = make_user(organization=importer)
    page = f"{USERS}{member.pk}/change/"
    shown = desk.get(page)
    assert "assword chosen" in words_of(shown)
    assert member.password not in shown.content.decode()
    assert desk.post(page, {"password": "x", "is_superuser": "on", "is_staff": "on"}).status_code == 403
    assert desk.get(f"{USERS}{member.pk}/password/").status_code in (302, 404)
    assert desk.post(f"{USERS}{member.pk}/delete/", {"post": "yes"}).status_code == 403
    member.refresh_from_db()
    assert (member.is_superuser, member.is_staff, member.check_password(PASSWORD)) == (False, False, True)


def test_a_lost_link_is_made_again_at_the_desk(desk, importer):
    fill(desk, f"{USERS}add/", organization=str(importer.pk), **CLERK)
    user = User.objects.get(email="nora@new.example")
    page = desk.get(f"{USERS}{user.pk}/change/")
    assert "Make another link" in words_of(page)
    choose_password(link_on(send(desk, page, f"{USERS}{user.pk}/link/")))
    assert "chosen a password yet" in words_of(desk.post(f"{USERS}{user.pk}/link/", follow=True))


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
