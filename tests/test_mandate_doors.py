"""The pages and the desk of mandates by role and by organization."""

import pytest
from django.urls import reverse

from portal.accounts import roles
from portal.trail.models import TrailEntry
from tests.makers import PASSWORD, make_actor, make_agent, make_mandate, make_user
from tests.test_permissions import ROUTES, SIGNED_IN, said
from tests.visiting import officer, signed_in

pytestmark = pytest.mark.django_db
# What each page of a mandate takes; officers and strangers are refused above, other organizations see none of it.
MANDATE_PAGES = {
    "mandates": "mandate.read", "mandate": "mandate.read", "mandate_offer": "mandate.offer",
    "mandate_ask": "mandate.ask", "mandate_sign": "mandate.sign", "mandate_talk": "mandate.talk",
    "mandate_close": "mandate.revoke",
}  # fmt: skip
MANDATE_ROLES = {
    roles.IMPORTER_USER: {"mandate.read", "mandate.talk"},
    roles.IMPORTER_ADMIN: {"mandate.read", "mandate.offer", "mandate.sign", "mandate.revoke", "mandate.talk"},
    roles.BROKER: {"mandate.read", "mandate.ask", "mandate.talk"},
    roles.LICENSED_INDIVIDUAL: {"mandate.read", "mandate.ask", "mandate.talk"},
    roles.SERVICE_PROVIDER: {"mandate.read", "mandate.ask", "mandate.talk"},
    roles.LICENSING_OFFICER: {"mandate.read_all"},
}


def test_what_each_role_may_do_with_mandates():
    found = {role: {one for one in acts if one.startswith("mandate.")} for role, acts in roles.ACTIONS.items()}
    assert {role: acts for role, acts in found.items() if acts} == MANDATE_ROLES
    assert set(MANDATE_PAGES) == {name for name in SIGNED_IN if name.startswith("mandate")}


@pytest.mark.parametrize("role", sorted(roles.TRADER_ROLES))
def test_a_mandates_pages_by_role(role):
    agent = make_agent("provider" if role == roles.SERVICE_PROVIDER else "broker")
    given = make_mandate(agent=agent, until="offered")
    own = given.principal if role in roles.ROLES_OF_KIND["importer"] else agent
    client = signed_in(make_user(organization=own, role=role))
    before = TrailEntry.objects.count()
    for name, action in MANDATE_PAGES.items():
        page = reverse(name, kwargs={key: value for key, value in (("mandate", given.number), ("act", "revoke"))
                                     if key in {one for route in ROUTES[name] for one in route.pattern.converters}})  # fmt: skip
        found = client.get(page)
        if action in MANDATE_ROLES[role]:
            assert found.status_code == 200, (name, found.status_code)
        else:
            # an agent has no such step at all: it is sent back to the mandate
            assert found.status_code == (302 if name == "mandate_close" and own == agent else 403), name
            assert client.post(page, {"reason": "x", "password": PASSWORD, "payment": "true"}).status_code in (302, 403)
    assert TrailEntry.objects.count() == before
    given.refresh_from_db()
    assert given.state == "OFFERED"


@pytest.mark.parametrize("role", [roles.IMPORTER_ADMIN, roles.LICENSED_INDIVIDUAL, roles.SERVICE_PROVIDER])
def test_somebody_elses_mandate_does_not_exist(role):
    given = make_mandate()
    client = signed_in(make_actor(role=role).user)
    assert given.number not in client.get(reverse("mandates")).content.decode()
    for name, more in (("mandate", []), ("mandate_sign", []), ("mandate_talk", []), ("mandate_close", ["revoke"])):
        for method in ("get", "post"):
            found = getattr(client, method)(reverse(name, args=[given.number, *more]), {"reason": "mine"})
            missing = getattr(client, method)(reverse(name, args=["W000000000000", *more]), {"reason": "mine"})
            assert found.status_code == missing.status_code
            assert found.status_code in (404, 405), (name, method, found.status_code)
            if found.status_code == 404:
                assert said(found) == said(missing), name
    given.refresh_from_db()
    assert given.state == "LIVE"


def test_licensing_officers_read_every_mandate_and_change_none():
    given = make_mandate()
    page = f"/admin/brokers/mandate/{given.pk}/change/"
    client = signed_in(officer(roles.LICENSING_OFFICER))
    assert given.number in client.get("/admin/brokers/mandate/").content.decode()
    shown = client.get(page)
    assert shown.status_code == 200
    assert "appoints" in shown.content.decode()
    for place in (page, "/admin/brokers/mandate/add/", f"/admin/brokers/mandate/{given.pk}/delete/"):
        assert client.post(place, {"state": "REVOKED", "post": "yes"}).status_code == 403, place
    for role in (roles.CUSTOMS_OFFICER, roles.AEO_OFFICER):
        assert signed_in(officer(role)).get(page).status_code == 403
    given.refresh_from_db()
    assert given.state == "LIVE"
