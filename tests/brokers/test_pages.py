"""The pages of mandates, as people use them: written, read, signed, revoked, looked up."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brokers.models import Mandate
from portal.accounts import roles
from portal.trail.models import TrailEntry
from tests.declarations.filer.browsing import error_at, fill, page_of, send, signed_in, value_in, words_of
from tests.declarations.filer.conftest import Clock
from tests.makers import NOW, PASSWORD, make_agent, make_importer, make_mandate, make_user

LIST, OFFER, ASK, CHECK = (reverse(name) for name in ("mandates", "mandate_offer", "mandate_ask", "mandate_check"))
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    found = Clock()
    monkeypatch.setattr(timezone, "now", found)
    return found


@pytest.fixture(autouse=True)
def by_password(settings):
    """The second factor has tests of its own, below and in portal/security/test_second_factor.py."""
    settings.SECOND_FACTOR_FOR = []


@pytest.fixture
def importer():
    return make_importer()


@pytest.fixture
def owner(importer):
    return make_user(organization=importer, role=roles.IMPORTER_ADMIN)


@pytest.fixture
def broker():
    return make_agent()


@pytest.fixture
def client(owner):
    return signed_in(owner)


@pytest.fixture
def agent(broker):
    return signed_in(make_user(organization=broker, role=roles.LICENSED_INDIVIDUAL))


def page_for(mandate, name="mandate", *more):
    return reverse(name, args=[mandate.number, *more])


def words_at(answer, name):
    """The words at a field, or at a group of boxes, tied to it and linked from the summary."""
    tree = page_of(answer)
    group = tree.xpath(f"//fieldset[.//input[@type='checkbox'][@name='{name}']]")
    if not group:
        return error_at(answer, name)
    assert f"id_{name}_error" in group[0].get("aria-describedby").split()
    assert tree.xpath(f"//*[contains(@class, 'portal-errors')]//a[@href='#id_{name}']")
    return " ".join(tree.xpath(f"//*[@id='id_{name}_error']")[0].text_content().split())


def signed(client, mandate, **typed):
    return fill(client, page_for(mandate, "mandate_sign"), **{"password": PASSWORD, "payment": "true"} | typed)


def test_an_importer_gives_a_mandate_and_revokes_it(client, agent, importer, broker, owner):
    assert "Nobody acts for you" in words_of(client.get(LIST))
    asked = {
        "other": broker.name.upper(), "actions": ["prepare", "transmit"], "document_types": ["01", "11"],
        "ports": "2704, 5301", "value_limit": "$50,000", "ends_on": "31 Dec 2027",
    }  # fmt: skip
    answer = fill(client, OFFER, **asked)
    mandate = Mandate.objects.get()
    assert answer.url == page_for(mandate, "mandate_sign")
    assert (mandate.principal, mandate.agent, mandate.offered_by) == (importer, broker, owner)
    assert mandate.actions == ["draft", "prepare", "transmit", "read"]
    assert str(mandate.value_limit) == "50000.00"
    shown = client.get(answer.url)
    for words in (
        "appoints",
        "entry types 01 and 11",
        "the ports 2704 and 5301",
        "31 Dec 2027",
        "does not discharge",
        "19 CFR 111.29(b)",
    ):
        assert words in words_of(shown), words
    done = send(client, shown, answer.url, follow=True, password=PASSWORD, payment="true")
    said = words_of(done)
    for words in ("In force", "Unaltered since it was signed", "Signed: it holds", "Offered", "Clerk"):
        assert words in said, words
    assert "In force" in words_of(agent.get(LIST))
    assert importer.name in words_of(agent.get(page_for(mandate)))

    page = page_for(mandate, "mandate_close", "revoke")
    missing = fill(client, page, reason=" ")
    assert missing.status_code == 422
    assert "Say why" in error_at(missing, "reason")
    done = fill(client, page, follow=True, reason="We file ourselves.")
    assert "Revoked: it holds no more" in words_of(done)
    assert "The mandate is revoked; it holds no more." in words_of(done)
    assert "We file ourselves." in words_of(agent.get(page_for(mandate)))
    assert not page_of(done).xpath("//a[contains(@href, '/revoke/')]")


def test_a_broker_asks_and_the_importer_signs_or_declines(client, agent, importer):
    done = fill(agent, ASK, follow=True, other=importer.reference.lower(), actions="transmit")
    mandate = Mandate.objects.get()
    assert "Waits for the importer" in words_of(done)
    assert not page_of(done).xpath("//a[contains(@href, '/sign/')]")
    tasks = client.get("/tasks/")
    assert page_for(mandate) in [one.get("href") for one in page_of(tasks).xpath("//a")]
    assert "For you to sign" in words_of(client.get(LIST))
    done = fill(client, page_for(mandate, "mandate_close", "decline"), follow=True, reason="Not now.")
    assert "Declined" in words_of(done)
    assert "The mandate is declined; it will not be signed." in words_of(done)
    assert "Not now." in words_of(agent.get(page_for(mandate)))


def test_an_agent_gives_up_what_it_holds(client, agent, importer, broker):
    mandate = make_mandate(principal=importer, agent=broker)
    assert client.get(page_for(mandate, "mandate_close", "end")).url == page_for(mandate)
    done = fill(agent, page_for(mandate, "mandate_close", "end"), follow=True, reason="We close.")
    assert "Ended" in words_of(done)
    assert "The mandate is given up; it holds no more." in words_of(done)
    assert Mandate.objects.get().state == "ENDED"
    gone = agent.post(page_for(mandate, "mandate_close", "end"), {"reason": "again"}, follow=True)
    assert "cannot be done" in words_of(gone)
    assert agent.get(page_for(mandate, "mandate_close", "burn")).status_code == 404


def test_without_the_words_on_payment_or_the_password_nothing_is_signed(client, importer, broker, clock):
    mandate = make_mandate(principal=importer, agent=broker, until="asked")
    page = page_for(mandate, "mandate_sign")
    answer = fill(client, page, password=PASSWORD)
    assert answer.status_code == 422
    assert "Read the words on payment" in error_at(answer, "payment")
    wrong = signed(client, mandate, password="wrong")
    assert wrong.status_code == 422
    assert "not your password" in error_at(wrong, "password")
    assert page_of(wrong).xpath("//input[@name='payment']")[0].checked, "nothing is ticked twice"
    for _ in range(4):
        signed(client, mandate, password="wrong")
    refused = signed(client, mandate)
    assert refused.status_code == 429
    assert "15 minutes" in error_at(refused, "password")
    assert Mandate.objects.get().state == "ASKED"
    clock.wait(901)
    assert signed(client, mandate).status_code == 302
    assert Mandate.objects.get().state == "LIVE"


def test_who_has_an_authenticator_gives_its_code_too(client, owner, importer, broker, settings):
    settings.MFA_TOTP_TOLERANCE = 1  # the half minute may turn while the test runs
    mandate = make_mandate(principal=importer, agent=broker, until="asked")
    TOTP.activate(owner, SECRET)
    assert page_of(client.get(page_for(mandate, "mandate_sign"))).xpath("//input[@name='code']")
    for code in ("", "000000"):
        answer = signed(client, mandate, code=code)
        assert answer.status_code == 422
        assert "authenticator" in error_at(answer, "code")
    code = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))
    assert signed(client, mandate, code=code).status_code == 302
    assert Mandate.objects.get().method == "password+totp"
    assert TrailEntry.objects.filter(kind="signature.credential_refused").count() == 2


def test_what_changed_since_it_was_read_is_read_again(client, importer, broker):
    mandate = make_mandate(principal=importer, agent=broker, until="asked")
    shown = client.get(page_for(mandate, "mandate_sign"))
    Mandate.objects.update(actions=["read"])
    answer = send(client, shown, page_for(mandate, "mandate_sign"), password=PASSWORD, payment="true")
    assert answer.status_code == 422
    assert "has changed since you read it" in words_of(answer)
    assert Mandate.objects.get().state == "ASKED"


def test_a_signed_mandate_has_no_page_to_sign(client, importer, broker):
    mandate = make_mandate(principal=importer, agent=broker)
    assert client.get(page_for(mandate, "mandate_sign")).url == page_for(mandate)
    assert client.post(page_for(mandate, "mandate_sign"), {"password": PASSWORD}).url == page_for(mandate)


def test_a_partnership_reads_its_last_day_before_signing(client, importer, broker):
    answer = fill(
        client,
        OFFER,
        other=broker.reference,
        actions="transmit",
        is_partnership="true",
        partners="Ada Alder\nBo Birch\n",
    )
    said = words_of(client.get(answer.url))
    assert "ends with 24 Nov 2028" in said
    assert "partnership of Ada Alder and Bo Birch" in said


@pytest.mark.parametrize(
    ("typed", "name", "words"),
    [
        ({"other": ""}, "other", "Write who shall act for you."),
        ({"other": "Nobody Inc"}, "other", "exactly this name or reference"),
        ({"actions": []}, "actions", "Choose at least one thing."),
        ({"ports": "2704 9999"}, "ports", "no port of entry: 9999"),
        ({"value_limit": "much"}, "value_limit", "Write a number such as"),
        ({"value_limit": "0"}, "value_limit", "above zero"),
        ({"value_limit": "1.005"}, "value_limit", "dollars and cents"),
        ({"value_limit": "1" * 15}, "value_limit", "dollars and cents"),
        ({"starts_on": ""}, "starts_on", "Give the first day."),
        ({"starts_on": "soon"}, "starts_on", "Write the date"),
        ({"ends_on": "2026-11-23"}, "ends_on", "The last day cannot be before"),
        ({"is_partnership": "true"}, "partners", "Name all partners"),
        ({"is_partnership": "true", "partners": "A\nB", "ends_on": "2029-01-01"}, "ends_on", "at most 2 years"),
    ],
)  # fmt: skip
def test_every_mistake_is_told_at_its_field(client, broker, typed, name, words):
    answer = fill(client, OFFER, **{"other": broker.name, "actions": ["transmit"]} | typed)
    assert answer.status_code == 200
    assert words in words_at(answer, name)
    assert not Mandate.objects.exists()
    if name != "other":
        assert value_in(answer, "other") == broker.name


def test_a_service_provider_is_not_given_what_brokers_do(client, importer):
    provider = make_agent("provider")
    answer = fill(client, OFFER, other=provider.name, actions=["sign", "transmit"])
    assert "no customs business" in words_at(answer, "actions")
    them = signed_in(make_user(organization=provider, role=roles.SERVICE_PROVIDER))
    offered = {one.get("value") for one in page_of(them.get(ASK)).xpath("//input[@name='actions']")}
    assert offered == {"draft", "transmit"}


def test_organizations_are_not_listed_and_nobody_gives_to_an_importer(client, importer):
    other = make_importer(name="Another Importer LLC")
    assert other.name not in words_of(client.get(OFFER))
    for text in (other.name, other.reference, "Another", "%", ""):
        assert error_at(fill(client, OFFER, other=text, actions="transmit"), "other")
    for _ in range(2):
        make_agent(name="Twin Brokers")
    assert "exactly" in error_at(fill(client, OFFER, other="Twin Brokers", actions="transmit"), "other")


def test_a_second_one_waits_for_the_first(client, importer, broker):
    make_mandate(principal=importer, agent=broker, until="asked")
    answer = fill(client, OFFER, other=broker.name, actions="transmit")
    assert "waits already" in error_at(answer, "other")


def test_the_public_reads_whether_a_number_holds_and_nothing_else(importer, broker, clock):
    mandate = make_mandate(principal=importer, agent=broker, until="offered")
    public = Client()

    def asked(number):
        answer = public.get(CHECK, {"number": number})
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert page_of(answer).xpath("//meta[@name='robots'][contains(@content, 'noindex')]")
        return words_of(answer)

    assert "Not in force" in asked(mandate.number)
    assert importer.name not in asked(mandate.number)
    for number in ("W000000000000", "nothing", "W' OR 1=1", "W" * 500):
        assert "Not in force" in asked(number)
    live = make_mandate(
        agent=broker, ends_on=(NOW + timedelta(days=2)).date(), is_partnership=True, partners=("Ada Alder", "Bo Birch")
    )
    said = asked(f" {live.number[:7].lower()}-{live.number[7:]} ")
    for words in (
        "In force",
        live.principal.name,
        broker.name,
        "26 Nov 2026",
        "Send declarations" if False else "end declarations",
    ):
        assert words in said, words
    for hidden in ("Ada Alder", "Person", live.digest, "t@importer.example"):
        assert hidden not in said, hidden
    clock.wait(3 * 86_400)
    assert "Not in force" in asked(live.number)


def test_the_list_is_paged(client, importer):
    for _ in range(52):
        Mandate.objects.create(
            principal=importer, agent=make_agent(), party="US", form="US-POA-2026-11", starts_on=NOW.date(),
            state="ENDED", created_at=NOW,
        )  # fmt: skip
    first = page_of(client.get(LIST))
    assert len(first.xpath("//tbody/tr")) == 50
    onward = [one.get("href") for one in first.xpath("//a[contains(@href, 'after=')]")]
    assert len(page_of(client.get(f"{LIST}{onward[0]}")).xpath("//tbody/tr")) == 2


def test_the_pages_are_linked_from_the_menu_and_from_people(client):
    for page in ("/", "/organization/people/"):
        assert LIST in [one.get("href") for one in page_of(client.get(page)).xpath("//a")], page
