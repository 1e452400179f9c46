"""Public registers: open to everybody, true to what the portal knows, and nothing private in them."""

from datetime import timedelta

import pytest
from django.test import Client as HttpClient
from django.utils import timezone

from declarations.models import FilerCode
from declarations.services import sandboxes
from portal.accounts import roles
from portal.accounts.models import Membership
from portal.people.services import switch_organization
from tests.makers import make_actor, make_agent, make_filing_agent, make_importer
from tests.visiting import officer

pytestmark = pytest.mark.django_db


def asked(path):
    answer = HttpClient().get(f"/api/v1/register/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def operator():
    from portal.accounts.actors import actor_for

    user = officer(roles.OPERATOR)
    return actor_for(user, user.memberships.get().organization, correlation_id="test-correlation")


def test_brokers_and_nobody_else_are_in_it_newest_first():
    first, second = make_agent(name="Harbor Test Brokers"), make_filing_agent(name="Quay Test Brokers")
    make_importer(), make_agent("provider")
    licensed = make_actor(organization=second, role=roles.LICENSED_INDIVIDUAL)
    sandboxes.make_sandbox(organization=second, actor=licensed, now=timezone.now())
    told = asked("brokers")
    assert [one["name"] for one in told["results"]] == ["Quay Test Brokers", "Harbor Test Brokers"]
    newest, oldest = told["results"]
    assert newest["filer_codes"] == [FilerCode.objects.get(organization=second).code] and oldest["filer_codes"] == []
    assert (newest["has_licensed_individual"], oldest["has_licensed_individual"]) == (True, False)
    assert oldest["since"] == first.created_at.isoformat().replace("+00:00", "Z")
    assert set(newest) == {
        "reference", "name", "state", "since", "has_licensed_individual", "filer_codes", "licence_number",
        "permit_number", "district",
    }  # fmt: skip
    assert {newest[name] for name in ("licence_number", "permit_number", "district")} == {None}
    assert "does not hold them" in told["note"]
    Membership.objects.filter(user=licensed.user).update(is_active=False)
    assert asked("brokers")["results"][0]["has_licensed_individual"] is False


def test_who_was_switched_off_stays_in_it_with_the_moment():
    broker, now = make_agent(name="Harbor Test Brokers"), timezone.now()
    for place, on in enumerate((False, True, False)):
        later = now + timedelta(minutes=place)
        switch_organization(organization=broker, on=on, reason="Licence revoked.", actor=operator(), now=later)
    [told] = asked("brokers")["results"]
    assert (told["state"], told["since"]) == ("off", later.isoformat().replace("+00:00", "Z"))
    assert "Licence revoked" not in HttpClient().get("/api/v1/register/brokers").content.decode()


def test_it_comes_in_pages():
    made = [make_agent(name=f"Test Brokers {number}") for number in range(3)]
    first = asked("brokers?limit=2")
    second = asked(f"brokers?limit=2&after={first['next']}")
    assert [one["reference"] for one in first["results"] + second["results"]] == [one.reference for one in made[::-1]]
    assert second["next"] is None
    assert HttpClient().get("/api/v1/register/brokers?limit=1000").json()["code"] == "BAD_CURSOR"


def test_there_is_no_register_of_trusted_traders_and_it_says_so():
    told = asked("aeo")
    assert (told["results"], told["next"]) == ([], None) and "no register" in told["note"]
