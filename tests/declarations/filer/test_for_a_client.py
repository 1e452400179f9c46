"""A broker and a service provider at work for their clients, through the pages; each act under the mandate."""

from decimal import Decimal

import pytest
from django.urls import reverse

from brokers import services as mandates
from declarations.models import Declaration
from portal.accounts import roles
from tests.declarations.filer.browsing import at, fill, page_of, signed_in, step, value_in, words_of
from tests.makers import PASSWORD, make_actor, make_declaration, make_filing_agent, make_importer, make_mandate

pytestmark = pytest.mark.django_db
START, NEW = "/declarations/start/", "/declarations/new/"


@pytest.fixture
def desk(licensed):
    return signed_in(licensed.user)


@pytest.fixture
def given(importer, broker, clock):
    return make_mandate(principal=importer, agent=broker, now=clock())


@pytest.fixture
def owner(importer):
    return make_actor(organization=importer, role=roles.IMPORTER_ADMIN)


def begin(desk, importer):
    return desk.post(NEW, {"client": importer.reference})


def revoke(mandate, owner, clock):
    mandates.revoke(mandate=mandate, reason="No longer needed.", actor=owner, now=clock())


def test_a_broker_chooses_the_client_and_the_draft_is_the_clients(desk, importer, broker, given):
    shown = desk.get(START)
    assert importer.name in words_of(shown)
    assert page_of(shown).xpath(f"//button[@name='client'][@value='{importer.reference}']")
    answer = begin(desk, importer)
    one = Declaration.objects.get()
    assert answer["Location"].startswith(at(one, "declaration"))
    assert (one.importer, one.filer, one.transmitter) == (importer, broker, broker)
    party = one.header["parties"]["importer"]
    assert (party["id"], party["name"], party["address"]) == (importer.importer_number, importer.name, importer.address)
    assert one.header["bonds"][0]["surety"] == "036"
    assert value_in(desk.get(step(one, "statement")), "declarant_statement_capacity") == "agent"


def test_an_agent_without_choosing_is_asked_for_whom(desk, importer, given):
    assert desk.post(NEW)["Location"] == START
    assert "for whom" in words_of(desk.get(START)).lower()
    assert not Declaration.objects.exists()


def test_only_live_mandates_are_offered_and_a_stranger_does_not_exist(desk, importer, broker, given, clock, owner):
    other, over, asked = make_importer(), make_importer(), make_importer()
    make_mandate(principal=over, agent=broker, until="ended", now=clock())
    make_mandate(principal=asked, agent=broker, until="asked", now=clock())
    offered = page_of(desk.get(START)).xpath("//button[@name='client']/@value")
    assert offered == [importer.reference]
    assert begin(desk, other).status_code == 404
    for one in (over, asked):
        answer = begin(desk, one)
        assert answer.status_code == 403 and "no mandate in force" in words_of(answer)
    assert not Declaration.objects.exists()


def test_without_any_mandate_the_page_says_how_to_get_one(desk):
    assert "Ask an importer for a mandate" in words_of(desk.get(START))
    assert desk.post(NEW, {"client": "G000000000000"}).status_code == 404


def test_the_whole_story_of_a_broker_who_files_for_a_client(desk, licensed, importer, broker, given, clock):
    one = make_declaration("S01", actor=licensed, importer=importer, now=clock())
    assert "For " + importer.name in words_of(desk.get(at(one, "declaration")))
    fill(desk, step(one, "contact"), contact_name="Kim Bayline")
    assert desk.post(at(one, "declaration_check"))["Location"] == at(one, "declaration_sign")
    fill(desk, at(one, "declaration_sign"), password=PASSWORD)
    sent = desk.post(at(one, "declaration_submission"))
    assert sent["Location"] == at(one, "declaration_receipt")
    one.refresh_from_db()
    assert one.filing == "SUBMITTED" and one.entry_number.startswith(broker.filer_codes.get().code)
    said = words_of(desk.get(at(one, "declaration_receipt")))
    assert importer.name in said and broker.name in said


def test_a_mandate_revoked_in_another_session_refuses_the_next_page(desk, licensed, importer, given, clock, owner):
    one = make_declaration("S01", actor=licensed, importer=importer, now=clock())
    page = step(one, "contact")
    assert desk.get(page).status_code == 200
    theirs = signed_in(owner.user)
    assert (
        fill(
            theirs, reverse("mandate_close", args=[given.number, "revoke"]), reason="We file ourselves now."
        ).status_code
        == 302
    )
    for method, address in (
        ("get", page), ("post", page), ("get", at(one, "declaration_lines")), ("get", at(one, "declaration_check")),
        ("post", at(one, "declaration_check")), ("post", at(one, "declaration_discard")),
    ):  # fmt: skip
        answer = getattr(desk, method)(address)
        assert answer.status_code == 403, (method, address)
        assert "no mandate in force" in words_of(answer) and importer.name in words_of(answer)
    assert begin(desk, importer).status_code == 403
    shown = desk.get(at(one, "declaration"))
    assert shown.status_code == 200 and at(one, "declaration_check") not in shown.content.decode()
    one.refresh_from_db()
    assert one.filing == "DRAFT" and one.row_version == Declaration.objects.get().row_version


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        ({"document_types": ["11"]}, "does not let Harbor Test Brokers file entry type “01”"),
        ({"ports": ["4701"]}, "does not let Harbor Test Brokers file at port"),
        ({"value_limit": Decimal(100)}, "goods of this value"),
        ({"actions": frozenset({"prepare", "transmit"})}, "sign declarations in the importer's name"),
    ],
)
def test_what_a_mandate_does_not_cover_is_said_plainly(desk, licensed, importer, broker, clock, scope, words):
    wide = make_mandate(principal=importer, agent=broker, now=clock())
    one = make_declaration("S01", actor=licensed, importer=importer, until="ready", now=clock())
    revoke(wide, make_actor(organization=importer, role=roles.IMPORTER_ADMIN), clock)
    make_mandate(principal=importer, agent=broker, now=clock(), **scope)
    page = {"password": PASSWORD, "digest": one.live_version.digest}
    answer = desk.post(at(one, "declaration_sign"), page)
    assert answer.status_code == 403
    assert words in words_of(answer)
    one.refresh_from_db()
    assert one.filing == "READY"


def test_a_broker_cannot_name_another_importer_under_a_clients_mandate(desk, licensed, importer, given, clock):
    other = make_importer()
    one = make_declaration("S01", actor=licensed, importer=importer, now=clock())
    one.header["parties"]["importer"] |= {"id": other.importer_number, "name": importer.name}
    one.save()
    answer = desk.post(at(one, "declaration_check"))
    assert answer.status_code == 403 and "names another importer" in words_of(answer)
    one.refresh_from_db()
    assert (one.filing, one.entry_number) == ("DRAFT", "")


def test_a_provider_begins_it_and_the_importer_fills_it_in(client, importer, clock):
    agent = make_filing_agent("provider")
    make_mandate(principal=importer, agent=agent, now=clock(), actions=frozenset({"draft", "transmit"}))
    desk = signed_in(make_actor(organization=agent, role=roles.SERVICE_PROVIDER).user)
    answer = begin(desk, importer)
    one = Declaration.objects.get()
    assert answer["Location"] == at(one, "declaration")
    assert (one.importer, one.filer, one.transmitter) == (importer, importer, agent)
    assert "declarant_statement" not in one.header
    assert desk.get(at(one, "declaration")).status_code == 200
    assert desk.get(step(one, "contact")).status_code == 403
    assert client.get(step(one, "contact")).status_code == 200


def test_a_provider_sends_what_the_importer_signed(actor, importer, clock):
    agent = make_filing_agent("provider")
    make_mandate(principal=importer, agent=agent, now=clock(), actions=frozenset({"draft", "transmit"}))
    one = make_declaration("S01", actor=actor, until="signed", now=clock())
    Declaration.objects.filter(pk=one.pk).update(transmitter=agent)
    desk = signed_in(make_actor(organization=agent, role=roles.SERVICE_PROVIDER).user)
    shown = desk.get(at(one, "declaration_sign"))
    assert "Send to customs" in words_of(shown) and at(one, "declaration_reopen") not in shown.content.decode()
    assert desk.post(at(one, "declaration_submission"))["Location"] == at(one, "declaration_receipt")
    one.refresh_from_db()
    assert (one.filing, one.transmitter) == ("SUBMITTED", agent)


def test_broker_staff_prepare_but_do_not_sign(importer, broker, given, clock, licensed):
    one = make_declaration("S01", actor=licensed, importer=importer, until="ready", now=clock())
    desk = signed_in(make_actor(organization=broker, role=roles.BROKER).user)
    assert 'name="password"' not in desk.get(at(one, "declaration_sign")).content.decode()
    desk.post(at(one, "declaration_sign"), {"password": PASSWORD, "digest": one.live_version.digest})
    one.refresh_from_db()
    assert one.filing == "READY"


def test_an_importer_still_starts_at_once(client, importer):
    assert client.get(START)["Location"] == reverse("declaration_list")
    assert client.post(NEW).status_code == 302
    one = Declaration.objects.get()
    assert (one.importer, one.filer, one.transmitter) == (importer, importer, None)
    assert "declarant_statement" not in one.header
