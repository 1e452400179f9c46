"""Mandates over the API: written by a program of either side, signed by a person, taken back at once (SF-16)."""

import pytest
from django.utils import timezone

from brokers.models import Mandate
from portal.accounts import roles
from portal.trail.models import TrailEntry
from tests.makers import make_actor, make_agent, make_filing_agent, make_importer, make_mandate, sign_mandate
from tests.support.programs import Program, own_document
from tests.visiting import stored

pytestmark = pytest.mark.django_db
ACTIONS = ["prepare", "sign", "transmit"]
NOBODY = "W000000000000"
WHY = {"reason": "We work with somebody else from now on."}
ACTS = ("signature", "revocation", "withdrawal", "declination")


@pytest.fixture(autouse=True)
def _no_broker_rings(monkeypatch):
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)


@pytest.fixture
def importer():
    return Program(make_importer(), role=roles.IMPORTER_ADMIN)


@pytest.fixture
def broker():
    return Program(make_filing_agent(), role=roles.LICENSED_INDIVIDUAL)


def wanted(other, **more):
    return {"other": other.organization.reference, "actions": ACTIONS, **more}


def numbers(program, query=""):
    return [one["number"] for one in program.get(f"mandates{query}").json()["results"]]


def sign(number, importer):
    """As the page does, for a person of the importer."""
    one = Mandate.objects.get(number=number)
    sign_mandate(
        one, actor=make_actor(organization=importer.organization, role=roles.IMPORTER_ADMIN), now=timezone.now()
    )


def test_from_asking_to_filing_and_back(importer, broker):
    """Asked for by the broker's program, signed by a person, filed under, revoked by the importer's program."""
    asked = broker.post("mandates", wanted(importer, document_types=["01"], value_limit="250000.50", ports=["2709"]))
    assert asked.status_code == 201, asked.content
    made = asked.json()
    number = made["number"]
    assert asked["Location"] == f"/api/v1/mandates/{number}"
    assert (made["state"], made["in_force"], made["is_genuine"], made["sign_at"]) == ("ASKED", False, None, None)
    assert made["actions"] == ["draft", *ACTIONS, "read"] and made["may"] == ["end"]
    assert (made["document_types"], made["ports"], made["value_limit"]) == (["01"], ["2709"], "250000.50")
    assert made["importer"]["reference"] == importer.organization.reference
    assert broker.file(own_document(importer)).json()["code"] == "NO_MANDATE"

    seen = importer.get(f"mandates/{number}").json()
    assert seen["sign_at"] == f"/brokers/mandates/{number}/sign/" and seen["may"] == ["decline"]
    assert "appoints" in seen["words"] and seen["law"].startswith("19 CFR 111.36")
    sign(number, importer)
    assert broker.get(f"mandates/{number}").json()["in_force"] is True
    assert broker.get(f"mandates/{number}").json()["is_genuine"] is True
    filed = broker.file(own_document(importer))
    assert filed.status_code == 202, filed.content

    over = importer.post(f"mandates/{number}/revocation", WHY)
    assert over.status_code == 200, over.content
    assert (over.json()["state"], over.json()["in_force"], over.json()["reason"]) == ("REVOKED", False, WHY["reason"])
    again = own_document(importer, functional_reference_id="AFTERWARDS")
    assert broker.file(again).json()["code"] == "NO_MANDATE"
    assert [one["kind"] for one in broker.get("events").json()["results"] if one["reference"] == number] == [
        "mandate.ask", "mandate.sign", "mandate.revoke",
    ]  # fmt: skip
    entry = TrailEntry.objects.filter(subject=number).order_by("seq").last()
    assert f"client:{importer.client.client_id}" in entry.body


def test_an_importer_offers_and_may_take_it_back_before_it_is_signed(importer, broker):
    made = importer.post("mandates", wanted(broker, ends_on="2099-12-31", partners=[])).json()
    assert (made["state"], made["agent"]["name"]) == ("OFFERED", broker.organization.name)
    assert Mandate.objects.get().offered_by == importer.signatory
    assert broker.get(f"mandates/{made['number']}").json()["may"] == ["decline"]
    assert importer.post(f"mandates/{made['number']}/revocation", WHY).json()["state"] == "REVOKED"


@pytest.mark.parametrize(("until", "act", "state"), [
    ("asked", "withdrawal", "ENDED"), ("live", "withdrawal", "ENDED"), ("offered", "declination", "DECLINED"),
])  # fmt: skip
def test_who_acts_for_an_importer_gives_up_or_declines(broker, until, act, state):
    one = make_mandate(agent=broker.organization, until=until)
    told = broker.post(f"mandates/{one.number}/{act}", WHY)
    assert (told.status_code, told.json()["state"]) == (200, state)
    again = broker.post(f"mandates/{one.number}/{act}", WHY)
    assert (again.status_code, again.json()["code"]) == (409, "MANDATE_ACT_REFUSED")
    assert again.json()["detail"] == f"The mandate has been {state.lower()} already. Nothing more can be done with it."


def test_what_a_side_may_not_do_with_a_mandate_that_waits_is_said_plainly(broker):
    one = make_mandate(agent=broker.organization, until="asked")
    told = broker.post(f"mandates/{one.number}/declination", WHY)
    words = "The mandate waits for the importer's signature. It cannot be declined by you."
    assert (told.status_code, told.json()["detail"]) == (409, words)


def test_a_program_never_signs(importer, broker):
    one = make_mandate(principal=importer.organization, agent=broker.organization, until="asked")
    before = stored()
    told = importer.post(f"mandates/{one.number}/signature", {})
    assert (told.status_code, told.json()["code"]) == (403, "MANDATE_SIGNED_BY_A_PERSON")
    assert f"/brokers/mandates/{one.number}/sign/" in told.json()["detail"]
    assert "persona" in importer.post(f"mandates/{one.number}/signature", {}, Accept_Language="es").json()["detail"]
    assert broker.post(f"mandates/{one.number}/signature", {}).json()["code"] == "AGENT_CANNOT_SIGN"
    assert stored() == before
    sign(one.number, importer)
    assert importer.post(f"mandates/{one.number}/signature", {}).json()["code"] == "MANDATE_ACT_REFUSED"


def test_a_list_holds_ones_own_newest_first_by_page_and_state(importer, broker):
    own = [make_mandate(principal=importer.organization, until=until) for until in ("live", "offered", "revoked")]
    make_mandate()
    expected = [one.number for one in reversed(own)]
    assert numbers(importer) == expected
    first = importer.get("mandates?limit=2").json()
    assert [one["number"] for one in first["results"]] == expected[:2]
    rest = importer.get(f"mandates?limit=2&after={first['next']}").json()
    assert ([one["number"] for one in rest["results"]], rest["next"]) == (expected[2:], None)
    assert numbers(importer, "?state=LIVE") == [own[0].number]
    assert importer.get("mandates?state=live").json()["code"] == "BAD_STATE"
    assert numbers(broker) == []


@pytest.mark.parametrize("reason", ["\x00", "a\x00b"])
def test_a_reason_that_cannot_be_printed_is_none(broker, reason):
    one = make_mandate(agent=broker.organization, until="offered")
    before = stored()
    told = broker.post(f"mandates/{one.number}/declination", {"reason": reason})
    (fault,) = told.json()["violations"]
    assert (told.status_code, fault["code"], fault["pointer"]) == (422, "DOC-TEXT", "/reason")
    assert stored() == before


def test_a_member_given_twice_is_one_plain_fault(importer, broker):
    told = importer.post("mandates", f'{{"other": "{NOBODY}", "other": "{NOBODY}"}}')
    (fault,) = told.json()["violations"]
    assert (told.status_code, fault["code"]) == (400, "DOC-DUPLICATE")
    assert fault["message"] == "The member other is given twice in one object."


@pytest.mark.parametrize(("said", "pointer"), [
    ({"other": "G000000000000"}, "/other"), ({"actions": []}, "/actions"), ({"actions": ["rule"]}, "/actions/0"),
    ({"starts_on": "0001-01-01"}, "/starts_on"), ({"starts_on": "9999-12-31"}, "/starts_on"),
    ({"starts_on": "0001-01-01", "ends_on": "9999-12-31"}, "/starts_on"), ({"ends_on": "9999-12-31"}, "/ends_on"),
    ({"ends_on": "2020-01-01"}, "/ends_on"), ({"ends_on": "soon"}, "/ends_on"), ({"ports": ["9999"]}, "/ports"),
    ({"document_types": ["77"]}, "/document_types"), ({"value_limit": "0"}, "/value_limit"),
    ({"value_limit": "many"}, "/value_limit"), ({"partners": ["Alone"]}, "/partners"), ({"state": "LIVE"}, "/state"),
])  # fmt: skip
def test_what_it_cannot_say_is_refused_at_its_member(importer, broker, said, pointer):
    before = stored()
    told = importer.post("mandates", wanted(broker) | said)
    assert told.status_code == 422, told.content
    assert [one["pointer"] for one in told.json()["violations"]] == [pointer]
    assert stored() == before


def test_sides_and_kinds_are_kept(importer, broker):
    """No importer is asked by an importer, no broker is offered a broker, a provider gets what it may hold."""
    other = Program(make_importer(), role=roles.IMPORTER_ADMIN)
    assert other.post("mandates", wanted(importer)).json()["violations"][0]["pointer"] == "/other"
    agent = Program(make_agent(), role=roles.BROKER, scopes="read draft")
    assert agent.post("mandates", wanted(broker)).json()["violations"][0]["pointer"] == "/other"
    provider = Program(make_agent("provider"), role=roles.SERVICE_PROVIDER)
    refused = provider.post("mandates", wanted(importer))
    assert (refused.status_code, refused.json()["code"]) == (422, "PROVIDER_MAY_NOT")
    assert provider.post("mandates", wanted(importer) | {"actions": ["transmit"]}).status_code == 201


def test_the_role_of_the_signatory_decides(broker):
    """A clerk's program reads the importer's mandates and writes, revokes or declines none."""
    clerk = Program(make_importer(), role=roles.IMPORTER_USER)
    one = make_mandate(principal=clerk.organization, agent=broker.organization)
    assert numbers(clerk) == [one.number] and clerk.get(f"mandates/{one.number}").json()["may"] == []
    before = stored()
    for told in (clerk.post("mandates", wanted(broker)), clerk.post(f"mandates/{one.number}/revocation", WHY)):
        assert (told.status_code, told.json()["code"]) == (403, "MANDATE_NOT_YOURS")
    assert stored() == before and one.is_live(timezone.now().date())


def test_the_other_side_cannot_revoke_nor_the_importer_withdraw(importer, broker):
    one = make_mandate(principal=importer.organization, agent=broker.organization)
    assert broker.post(f"mandates/{one.number}/revocation", WHY).json()["code"] == "MANDATE_ACT_REFUSED"
    assert importer.post(f"mandates/{one.number}/withdrawal", WHY).json()["code"] == "MANDATE_ACT_REFUSED"
    assert importer.get(f"mandates/{one.number}").json()["in_force"] is True


@pytest.mark.parametrize("until", ["offered", "live"])
def test_somebody_elses_mandate_does_not_exist(until):
    one = make_mandate(until=until)
    others = (Program(role=roles.IMPORTER_ADMIN), Program(make_agent(), role=roles.LICENSED_INDIVIDUAL))
    before = stored()
    for program in others:
        assert one.number not in program.get("mandates").content.decode()
        for path in ("", *(f"/{act}" for act in ACTS)):
            told = [
                program.ask("POST" if path else "GET", f"mandates/{number}{path}", WHY if path else None)
                for number in (one.number, NOBODY)
            ]
            assert [answer.status_code for answer in told] == [404, 404], path
            assert told[0].json() | {"correlation_id": ""} == told[1].json() | {"correlation_id": ""}
    assert stored() == before


def test_a_key_writes_one_mandate_and_a_reason_is_needed(importer, broker):
    first = importer.post("mandates", wanted(broker), key="mandate-1")
    again = importer.post("mandates", wanted(broker), key="mandate-1")
    assert first.status_code == again.status_code == 201 and again["Idempotent-Replayed"] == "true"
    assert again.json() == first.json() and Mandate.objects.count() == 1
    assert importer.post("mandates", wanted(broker)).json()["code"] == "MANDATE_WAITING"
    address = f"mandates/{first.json()['number']}/revocation"
    assert importer.post(address, {}).json()["violations"][0]["pointer"] == "/reason"
    assert importer.post(address, {"reason": "   "}).json()["code"] == "MANDATE_REASON_MISSING"
    assert Mandate.objects.get().state == "OFFERED"
