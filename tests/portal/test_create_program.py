"""Credentials at the command: shown once, good for a token, refused for whom nobody answers."""

import json
import stat
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as HttpClient
from django.utils import timezone

from audits.demonstration.people import make_people
from audits.demonstration.programs import credentials_file, make_programs
from portal.accounts.models import Client
from portal.timezones import party_date
from portal.trail.models import TrailEntry
from tests.makers import make_authority, make_importer, make_user

pytestmark = pytest.mark.django_db


def create(organization, signatory, scopes="read draft file", **more):
    out = StringIO()
    call_command(
        "create_program", organization=organization, signatory=signatory, name="Warehouse", scopes=scopes,
        stdout=out, stderr=StringIO(), **more,
    )  # fmt: skip
    return dict(line.split("=", 1) for line in out.getvalue().splitlines())


@pytest.mark.parametrize("by", ["reference", "name"])
def test_what_is_printed_gets_a_token(by):
    organization = make_importer()
    person = make_user(organization=organization)
    given = create(getattr(organization, by), person.email.upper(), "read draft")
    answer = HttpClient().post("/oauth/token/", {"grant_type": "client_credentials", **given})
    assert answer.status_code == 200 and answer.json()["scope"] == "read draft"
    kept = Client.objects.get(client_id=given["client_id"])
    assert kept.client_secret != given["client_secret"]
    entry = TrailEntry.objects.get(subject=f"organization:{organization.reference}", kind="program.create").body
    assert kept.client_id in entry and given["client_secret"] not in entry


def test_it_ends_with_its_last_day_where_one_is_given():
    organization = make_importer()
    person = make_user(organization=organization)
    today = party_date(timezone.now(), organization.party)
    given = create(organization.name, person.email, last_day=today + timedelta(days=1))
    kept = Client.objects.get(client_id=given["client_id"])
    assert party_date(kept.expires_at, organization.party) == today + timedelta(days=2)
    assert HttpClient().post("/oauth/token/", {"grant_type": "client_credentials", **given}).status_code == 200
    Client.objects.filter(pk=kept.pk).update(expires_at=timezone.now())
    assert HttpClient().post("/oauth/token/", {"grant_type": "client_credentials", **given}).status_code == 401
    assert Client.objects.get(client_id=create(organization.name, person.email)["client_id"]).expires_at is None
    for unfit in (today - timedelta(days=1), today + timedelta(days=1000)):
        with pytest.raises(CommandError, match="two years"):
            create(organization.name, person.email, last_day=unfit)
    assert Client.objects.count() == 2


def test_nobody_answers_for_it():
    organization, authority = make_importer(), make_authority()
    stranger, officer = make_user(organization=make_importer()), make_user(organization=authority)
    person = make_user(organization=organization)
    for where, who, scopes in (
        (organization.name, stranger.email, "read"), (authority.name, officer.email, "read"),
        (organization.name, "nobody@example.com", "read"), ("Nowhere Ltd", person.email, "read"),
        (organization.name, person.email, "read everything"), (organization.name, person.email, ""),
    ):  # fmt: skip
        with pytest.raises(CommandError):
            create(where, who, scopes)
    assert not Client.objects.exists()


def test_the_demonstration_has_two_whose_credentials_are_in_a_file(settings, tmp_path):
    from django.utils import timezone

    settings.VAR = tmp_path
    now = timezone.now()
    people = make_people(now=now)
    for _ in range(2):
        make_programs(people=people, now=now)
    told = json.loads(credentials_file().read_text())
    assert stat.S_IMODE(credentials_file().stat().st_mode) == 0o600
    assert {one["client_id"] for one in told.values()} == set(Client.objects.values_list("client_id", flat=True))
    credentials_file().unlink()
    make_programs(people=people, now=now)
    assert Client.objects.filter(closed_at=None).count() == 2, "the lost ones are closed"
