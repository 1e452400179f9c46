"""Organizations and people at the officers' desk: made by operators, corrected, switched off and on."""

import pytest

from portal.accounts import roles
from portal.accounts.models import Organization, User
from tests.declarations.filer.browsing import fill, form_at, send, signed_in, words_of
from tests.makers import PASSWORD, make_authority, make_user
from tests.portal.people.telling import (
    CLERK,
    FORM_5106,
    ORGANIZATIONS,
    PEOPLE,
    USERS,
    choose_password,
    link_on,
    sign_in,
    told,
)

pytestmark = pytest.mark.django_db


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
    for number, words in (("", "files under its number"), ("123", "NN-NNNNNNNXX"), ("123-456-789", "NN-NNNNNNNXX"),
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
