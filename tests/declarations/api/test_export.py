"""An importer reads and takes away all that was filed under its number, by brokers too (SF-32)."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from brokers import services as mandates
from declarations.filer.api import exports
from declarations.services import sandboxes, takeover
from portal.accounts import roles
from portal.accounts.models import Membership
from tests.declarations.filer.browsing import signed_in, words_of
from tests.makers import make_actor, make_declaration, make_importer, make_mandate
from tests.support.programs import Program, own_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def importer(starter):
    return make_importer()


@pytest.fixture
def mandate(importer, broker):
    return make_mandate(principal=importer, agent=broker, now=timezone.now())


@pytest.fixture
def filed(mandate, importer, licensed):
    return make_declaration("S01", actor=licensed, importer=importer, until="submitted")


def exported(program):
    answer = program.get("declarations/export")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/x-ndjson")
    *lines, end = [json.loads(one) for one in answer.getvalue().splitlines()]
    assert end == {"lines": len(lines)}
    return lines


def test_the_importer_reads_whatever_its_broker_filed(importer, broker, filed):
    program = Program(importer)
    base = f"declarations/{filed.reference}"
    told = program.get(base).json()
    assert (told["summary"]["filer"]["name"], told["summary"]["importer"]["name"]) == (broker.name, importer.name)
    assert told["declaration"]["items"] and told["declaration"]["transport"]
    assert program.get(f"{base}/receipt").json()["is_genuine"] is True
    [message] = program.get(f"{base}/messages").json()["results"]
    assert (message["direction"], "8507600090" in message["body"]) == ("out", True)
    assert program.get(f"{base}/entry-summary.pdf").content.startswith(b"%PDF")
    assert program.get(f"{base}/assessment").json() and program.get(f"{base}/events").json()["results"]


def test_the_export_holds_own_and_broker_filed_entries_whole_and_nothing_of_others(importer, broker, filed):
    program, stranger = Program(importer), Program()
    own = program.file(own_document(program)).json()
    program.post("declarations", own_document(program))  # a draft is no filing
    stranger.file(own_document(stranger))
    lines = exported(program)
    assert [one["reference"] for one in lines] == [filed.reference, own["reference"]]
    assert lines[0]["filing"] == program.get(f"declarations/{filed.reference}").json()
    assert lines[0]["messages"] == program.get(f"declarations/{filed.reference}/messages").json()["results"]
    [version] = lines[0]["versions"]
    assert version["filer"]["name"] == broker.name and version["declaration"]["items"]
    assert version["receipt"] == program.get(f"declarations/{filed.reference}/receipt").json()
    assert version["assessment"] == program.get(f"declarations/{filed.reference}/assessment").json()


def test_it_is_read_some_at_a_time_and_tells_its_end(importer, licensed, mandate, monkeypatch):
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    made = [make_declaration("S01", actor=licensed, importer=importer, until="submitted") for _ in range(5)]
    assert [one["reference"] for one in exported(Program(importer))] == [one.reference for one in made]
    assert exported(Program()) == []


def test_after_a_take_over_the_broker_takes_away_its_own_versions_only(importer, broker, licensed, mandate, filed):
    owner, now = make_actor(organization=importer, role=roles.IMPORTER_ADMIN), timezone.now()
    mandates.revoke(mandate=mandate, reason="Enough.", actor=owner, now=now)
    takeover.take_over(declaration=filed, actor=make_actor(organization=importer), now=now)
    [line] = exported(Program(broker, role=roles.LICENSED_INDIVIDUAL))
    assert set(line) == {"reference", "versions"} and line["reference"] == filed.reference
    assert line["versions"][0]["reference"] == filed.versions.get().reference
    assert "filing" in exported(Program(importer))[0]


def test_a_sandbox_exports_its_own_filings_only(importer, filed):
    owner = make_actor(organization=importer, role=roles.IMPORTER_ADMIN)
    twin = sandboxes.make_sandbox(organization=importer, actor=owner, now=timezone.now())
    trial = Program(twin)
    Membership.objects.filter(user=trial.signatory).update(organization=importer)
    tried = trial.file(own_document(trial)).json()["reference"]
    assert [one["reference"] for one in exported(trial)] == [tried]
    assert [one["reference"] for one in exported(Program(importer))] == [filed.reference]


def test_on_the_page_there_is_a_link_to_it(importer, filed):
    person = signed_in(make_actor(organization=importer).user)
    listed = person.get(reverse("declaration_list"))
    assert reverse("declaration_export") in listed.content.decode() and "Download all filings" in words_of(listed)
    answer = person.get(reverse("declaration_export"))
    assert answer["Content-Disposition"] == 'attachment; filename="filings.ndjson"'
    first, end = answer.getvalue().splitlines()
    assert json.loads(first)["reference"] == filed.reference and json.loads(end) == {"lines": 1}
