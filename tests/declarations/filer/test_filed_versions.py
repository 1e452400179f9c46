"""What a broker filed stays its own to read after the importer carries it on; what comes later does not (BR-44)."""

import pytest
from django.urls import reverse

from brokers import services as mandates
from declarations.models import Declaration
from declarations.services import takeover
from portal.accounts import roles
from tests.declarations.filer.browsing import at, signed_in, step, words_of
from tests.makers import PASSWORD, make_actor, make_declaration, make_mandate
from tests.support.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(broker):
    return Program(broker, role=roles.LICENSED_INDIVIDUAL)


@pytest.fixture
def taken_over(importer, actor, broker, licensed, clock):
    given = make_mandate(principal=importer, agent=broker, now=clock())
    filed = make_declaration("S01", actor=licensed, importer=importer, until="submitted", now=clock())
    owner = make_actor(organization=importer, role=roles.IMPORTER_ADMIN)
    mandates.revoke(mandate=given, reason="Enough.", actor=owner, now=clock())
    return takeover.take_over(declaration=filed, actor=actor, now=clock())


def corrected(client, declaration):
    """The importer files a version of its own after a rejection."""
    Declaration.objects.filter(pk=declaration.pk).update(legal="REJECTED")
    client.post(at(declaration, "declaration_correct"))
    capacity = {
        "declarant_statement_capacity": "importer_of_record",
        "declarant_statement_obtained_by": "purchase",
    }
    client.post(step(declaration, "statement"), capacity)
    client.post(at(declaration, "declaration_check"))
    one = Declaration.objects.select_related("live_version").get(pk=declaration.pk)
    client.post(at(one, "declaration_sign"), {"password": PASSWORD, "digest": one.live_version.digest})
    client.post(at(one, "declaration_submission"))
    one.refresh_from_db()
    assert (one.filing, one.live_version.number) == ("SUBMITTED", 2)
    return one


def test_over_the_api_the_former_broker_reads_its_own_version_and_no_other(client, importer, program, taken_over):
    own = taken_over.versions.get()
    theirs = corrected(client, taken_over).live_version
    listed = program.get("filed-versions").json()
    assert [one["reference"] for one in listed["results"]] == [own.reference] and listed["next"] is None
    assert listed["results"][0]["importer"]["name"] == importer.name and "declaration" not in listed["results"][0]
    told = program.get(f"filed-versions/{own.reference}").json()
    assert (told["entry_number"], told["digest"], told["number"]) == (own.entry_number, own.digest, 1)
    assert told["declaration"]["items"] and told["assessment"]["totals"]["total"] != "0.00"
    assert told["receipt"]["digest"] == own.digest and told["receipt"]["is_genuine"] is True
    assert program.get(f"filed-versions/{own.reference}/entry-summary.pdf").content.startswith(b"%PDF")
    for path in (f"filed-versions/{theirs.reference}", f"filed-versions/{theirs.reference}/entry-summary.pdf"):
        assert program.get(path).status_code == 404
    for path in ("", "/messages", "/events", "/receipt", "/assessment", "/entry-summary.pdf"):
        assert program.get(f"declarations/{taken_over.reference}{path}").status_code == 404


def test_a_new_mandate_gives_no_hand_in_what_the_importer_files_now(importer, broker, program, taken_over, clock):
    make_mandate(principal=importer, agent=broker, now=clock())
    assert program.get(f"filed-versions/{taken_over.versions.get().reference}").status_code == 200
    for path in ("submission", "cancellation"):
        body = {"reason_code": "08"} if path == "cancellation" else {}
        assert program.post(f"declarations/{taken_over.reference}/{path}", body, key=path).status_code == 404


def test_neither_the_importer_nor_a_stranger_has_it_in_their_list(importer, program, taken_over):
    own = taken_over.versions.get()
    for other in (Program(importer), Program()):
        assert other.get("filed-versions").json()["results"] == []
        assert other.get(f"filed-versions/{own.reference}").status_code == 404
    assert Program(program.organization, role=roles.LICENSED_INDIVIDUAL, scopes="draft").get(
        "filed-versions"
    ).json()["code"] == "SCOPE_MISSING"  # fmt: skip


def test_on_the_page_it_is_the_same(client, licensed, broker, taken_over):
    own = taken_over.versions.get()
    page = signed_in(licensed.user)
    assert reverse("filed_versions") in page.get(reverse("declaration_list")).content.decode()
    listed = page.get(reverse("filed_versions"))
    assert reverse("filed_version", args=[own.reference]) in listed.content.decode()
    assert "The importer carries it on" in words_of(listed)
    shown = words_of(page.get(reverse("filed_version", args=[own.reference])))
    assert own.digest in shown and "The receipt is true" in shown
    printed = page.get(reverse("filed_summary", args=[own.reference]))
    assert printed.status_code == 200 and printed.content.startswith(b"%PDF")
    for name in ("filed_version", "filed_summary"):
        assert client.get(reverse(name, args=[own.reference])).status_code == 404
    assert own.entry_number not in client.get(reverse("filed_versions")).content.decode()
    told = page.get(reverse("declaration", args=[taken_over.reference]), follow=True)  # where its notice leads to
    assert told.redirect_chain == [(reverse("filed_versions"), 302)] and "stays yours to read" in words_of(told)
    stranger = signed_in(make_actor().user)
    assert stranger.get(reverse("declaration", args=[taken_over.reference])).status_code == 404


def test_what_was_never_sent_is_not_in_it_and_pages_have_an_end(program, licensed, importer, broker, clock):
    make_mandate(principal=importer, agent=broker, now=clock())
    make_declaration("S01", actor=licensed, importer=importer, until="signed", now=clock())
    sent = [make_declaration("S01", actor=licensed, importer=importer, until="submitted", now=clock()) for _ in "ab"]
    first = program.get("filed-versions?limit=1").json()
    second = program.get(f"filed-versions?limit=1&after={first['next']}").json()
    got = [one["declaration_reference"] for one in first["results"] + second["results"]]
    assert (got, second["next"]) == ([sent[1].reference, sent[0].reference], None)
    assert program.get("filed-versions?limit=0").json()["code"] == "BAD_CURSOR"
