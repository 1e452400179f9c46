"""The desk of a broker: queues, clients, saved views, acts on several at once; and what its importer sees."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse

from brokers import services as mandates
from declarations.models import ControlFact, Declaration, SavedView, Signature
from declarations.services import bulk, drafts
from portal.accounts import roles
from portal.records.services import read_bytes
from tests.declarations.filer.browsing import at, fill, form_at, page_of, send, signed_in, step, values_of, words_of
from tests.declarations.filer.test_queries import queries
from tests.makers import (
    PASSWORD,
    make_actor,
    make_declaration,
    make_importer,
    make_mandate,
    make_user,
)

pytestmark = pytest.mark.django_db
LIST, SELECTED, VIEWS = "/declarations/", "/declarations/selected/", "/declarations/views/"


@pytest.fixture
def desk(licensed):
    return signed_in(licensed.user)


@pytest.fixture
def given(importer, broker, clock):
    return make_mandate(principal=importer, agent=broker, now=clock())


@pytest.fixture
def make(licensed, importer, given, clock):
    def one(until="draft", **more):
        return make_declaration(
            "S01", actor=licensed, importer=more.pop("of", importer), until=until, now=clock(), **more
        )

    return one


def queue(answer, name):
    return page_of(answer).xpath(f"//section[@id='queue-{name}']")[0].text_content()


def test_the_desk_lists_by_what_needs_doing(desk, make, clock):
    draft, ready, signed, rejected, asked = (
        make(one) for one in ("draft", "ready", "signed", "submitted", "submitted")
    )
    Declaration.objects.filter(pk=rejected.pk).update(legal="REJECTED")
    Declaration.objects.filter(pk=asked.pk).update(
        legal="ACCEPTED", has_hold=True, standing={"holds": [{"kind": "DOCUMENTS"}]}
    )
    ControlFact.objects.create(
        declaration=asked, kind="DOCUMENTS", response_id="1", issued_at=clock(), received_at=clock()
    )
    shown = desk.get("/")
    for name, one in (
        ("rejected", rejected),
        ("documents", asked),
        ("sign", ready),
        ("send", signed),
        ("drafts", draft),
    ):
        assert at(one, "declaration") in str(page_of(shown).xpath(f"//section[@id='queue-{name}']//a/@href")), name
        assert page_of(shown).xpath(f"//a[@href='#queue-{name}']/strong/text()") == ["1"]
        listed = page_of(desk.get(f"{LIST}?group={name}")).xpath("//tbody//th//a/@href")
        assert listed == [at(one, "declaration")], name
    assert "due " in queue(shown, "due")


def test_days_that_come_near_stand_with_their_date(desk, make, clock):
    one = make()
    one.arrives_on = clock().date() - timedelta(days=10)
    from declarations.services.telling import set_entry_deadline

    set_entry_deadline(one, clock())
    assert at(one, "declaration") in str(page_of(desk.get("/")).xpath("//section[@id='queue-due']//a/@href"))
    assert "due 29 Nov 2026" in queue(desk.get("/"), "due")


def test_the_desk_asks_the_same_with_one_row_and_with_fifty(desk, make, broker, licensed, clock):
    pages = ["/", LIST, "/clients/", "/declarations/start/", f"{LIST}?group=due"]
    for until in ("draft", "ready", "signed", "submitted"):
        make(until)
    few = {page: queries(desk, page) for page in pages}
    for _number in range(12):
        other = make_importer()
        make_mandate(principal=other, agent=broker, now=clock())
        for until in ("draft", "ready", "signed", "submitted"):
            make(until, of=other)
    assert Declaration.objects.count() == 52
    for page in pages:
        many = queries(desk, page)
        assert len(many) == len(few[page]), (page, sorted(set(many) - set(few[page])))
        assert len(many) < 40, page


def test_one_client_at_a_time(desk, make, importer, broker, clock):
    other = make_importer(name="Quite Another Importer")
    make_mandate(principal=other, agent=broker, now=clock())
    mine, theirs = make(), make(of=other)
    for page in (f"/?client={other.reference}", f"{LIST}?client={other.reference}"):
        said = desk.get(page).content.decode()
        assert at(theirs, "declaration") in said and at(mine, "declaration") not in said
    assert "for Quite Another Importer" in words_of(desk.get(LIST))


def test_mandates_about_to_end_and_the_list_of_clients(desk, make, importer, broker, clock):
    soon = make_importer(name="Soon Over Imports")
    make_mandate(principal=soon, agent=broker, now=clock(), ends_on=clock().date() + timedelta(days=20))
    over = make_importer(name="Long Over Imports")
    make_mandate(principal=over, agent=broker, until="revoked", now=clock())
    make(), make("submitted")
    said = words_of(desk.get("/"))
    assert "14 Dec 2026Soon Over Imports" in said and "Long Over Imports" not in said.split("Mandates that end")[1]
    rows = {
        row.xpath("string(th//a)"): [" ".join(one.text_content().split()) for one in row.xpath("td")]
        for row in page_of(desk.get("/clients/")).xpath("//tbody/tr")
    }
    assert rows[importer.name][0] == "In force" and rows[importer.name][2:5] == ["1", "1", "0"]
    assert rows["Soon Over Imports"][1] == "until 14 Dec 2026"
    assert rows["Long Over Imports"][0] == "Revoked" and rows["Long Over Imports"][5] == ""


def test_clients_come_in_pages_by_name(desk, broker, clock, monkeypatch):
    monkeypatch.setattr("declarations.filer.clients.PAGE", 2)
    for name in ("Aa", "Bb", "Cc"):
        make_mandate(principal=make_importer(name=f"{name} Imports"), agent=broker, now=clock())
    first = desk.get("/clients/")
    assert page_of(first).xpath("//tbody//th//a/text()") == ["Aa Imports", "Bb Imports"]
    following = page_of(first).xpath("//a[@rel='next']/@href")[0]
    assert page_of(desk.get(f"/clients/{following}")).xpath("//tbody//th//a/text()") == ["Cc Imports"]
    assert page_of(desk.get("/clients/?q=bb")).xpath("//tbody//th//a/text()") == ["Bb Imports"]


def test_an_importer_has_no_clients(client):
    assert client.get("/clients/").status_code == 403
    assert "Clients" not in page_of(client.get("/")).xpath("string(//nav[contains(@class, 'portal-nav')])")


def test_a_filter_is_kept_by_name_and_is_nobody_elses(desk, make, importer, broker, licensed):
    _draft, ready = make(), make("ready")
    page = f"{LIST}?group=sign&client={importer.reference}"
    shown = desk.get(page)
    kept = send(desk, shown, VIEWS, name="To sign, first client")
    assert kept["Location"] == LIST
    link = page_of(desk.get(LIST)).xpath("//nav[contains(@class, 'portal-views')]//a")[0]
    assert link.text_content() == "To sign, first client"
    again = desk.get(link.get("href"))
    assert page_of(again).xpath("//tbody//th//a/@href") == [at(ready, "declaration")]
    assert "To sign, first client" in words_of(desk.get("/"))
    colleague = signed_in(make_user(organization=broker, role=roles.BROKER))
    one = SavedView.objects.get()
    assert "To sign, first client" not in words_of(colleague.get(LIST))
    remove = reverse("view_drop", args=[one.reference])
    colleague.post(remove)
    assert SavedView.objects.count() == 1
    send(desk, again, remove)
    assert not SavedView.objects.exists()


def test_a_view_needs_a_name_and_a_filter(desk):
    assert desk.post(VIEWS, {"name": "", "group": "sign"}).status_code == 422
    assert desk.post(VIEWS, {"name": "All", "q": ""}).status_code == 422
    assert desk.post(VIEWS, {"name": "Mine", "group": "sign"}).status_code == 302
    assert desk.post(VIEWS, {"name": "Mine", "group": "send"}).status_code == 302
    assert SavedView.objects.get().filters == {"group": "send"}


def pick(desk, act, *declarations):
    return desk.post(SELECTED, {"act": act, "pick": [one.reference for one in declarations]})


def confirmed(desk, shown, **typed):
    form = form_at(shown, SELECTED)
    values = values_of(form) | typed
    values["pick"] = [one.value for one in form.inputs if one.name == "pick"]
    return desk.post(SELECTED, values)


def states(*declarations):
    return [Declaration.objects.get(pk=one.pk).filing for one in declarations]


def test_several_are_signed_with_one_password_each_over_its_digest_and_then_sent(desk, make, licensed):
    first, second, draft = make("ready"), make("ready"), make()
    shown = pick(desk, "sign", first, second, draft)
    said = words_of(shown)
    assert "2 declarations" in said and "It is not ready to sign." in said
    for one in (first, second):
        assert one.live_version.digest in said
    assert states(first, second) == ["READY", "READY"]
    done = confirmed(desk, shown, password=PASSWORD)
    assert "2 of 2 done" in words_of(done)
    assert states(first, second, draft) == ["SIGNED", "SIGNED", "DRAFT"]
    digests = set(Signature.objects.values_list("digest", flat=True))
    assert digests == {first.live_version.digest, second.live_version.digest}
    shown = desk.post(SELECTED, {"act": "send", "pick": [first.reference, second.reference]})
    assert "From this moment each of them is filed." in words_of(shown)
    assert "2 of 2 done" in words_of(confirmed(desk, shown))
    assert states(first, second) == ["SUBMITTED", "SUBMITTED"]


@pytest.mark.parametrize("until", ["draft", "ready"])
def test_the_own_reference_stands_beside_the_goods(desk, make, until):
    one = make(until)
    Declaration.objects.filter(pk=one.pk).update(functional_reference_id="PO-7731")
    shown = [desk.get("/"), desk.get(LIST), pick(desk, "discard" if until == "draft" else "sign", one)]
    for page in shown:
        told = [cell.text_content() for cell in page_of(page).xpath("//th[@scope='row']")]
        assert told and all(one.goods[:20] in cell and "PO-7731" in cell for cell in told)


def test_a_wrong_password_signs_none(desk, make):
    one = make("ready")
    shown = pick(desk, "sign", one)
    again = confirmed(desk, shown, password="wrong")
    assert again.status_code == 422 and "This is not your password" in words_of(again)
    assert states(one) == ["READY"]


def test_one_that_fails_never_stops_the_others(desk, make, importer, broker, given, clock):
    other = make_importer()
    theirs = make_mandate(principal=other, agent=broker, now=clock())
    changed, revoked, fine = make("ready"), make("ready", of=other), make("ready")
    shown = pick(desk, "sign", changed, revoked, fine)
    fill(desk, step(changed, "contact"), contact_name="Somebody Else")
    owner = make_actor(organization=other, role=roles.IMPORTER_ADMIN)
    mandates.revoke(mandate=theirs, reason="Enough.", actor=owner, now=clock())
    done = words_of(confirmed(desk, shown, password=PASSWORD))
    assert "1 of 3 done" in done
    assert "not ready to sign any more" in done and "no mandate in force" in done
    assert states(changed, revoked, fine) == ["DRAFT", "READY", "SIGNED"]


def test_a_failure_of_ours_is_told_and_the_others_go_on(licensed, make, clock, monkeypatch):
    bad, good = make(), make()
    discard = drafts.discard

    def broken(*, draft, actor, now):
        if draft.pk == bad.pk:
            raise DatabaseError("gone")
        discard(draft=draft, actor=actor, now=now)

    monkeypatch.setattr(drafts, "discard", broken)
    found = bulk.discard_all(references=[bad.reference, "D000000000000", good.reference], actor=licensed, now=clock())
    assert [one.is_done for one in found] == [False, False, True]
    assert states(bad, good) == ["DRAFT", "WITHDRAWN"]


def test_drafts_are_withdrawn_after_a_page_that_lists_them(desk, make):
    first, second, ready = make(), make(), make("ready")
    shown = desk.post(
        SELECTED, {"act": "discard", "all": "yes", "on_page": [one.reference for one in (first, second, ready)]}
    )
    assert "2 declarations" in words_of(shown) and states(first) == ["DRAFT"]
    assert "2 of 2 done" in words_of(confirmed(desk, shown))
    assert states(first, second, ready) == ["WITHDRAWN", "WITHDRAWN", "READY"]


def test_staff_do_not_sign_several_and_strangers_are_not_listed(make, broker, desk):
    ready = make("ready")
    staff = signed_in(make_user(organization=broker, role=roles.BROKER))
    assert pick(staff, "sign", ready).status_code == 403
    assert "Sign selected" not in words_of(staff.get(LIST)) and "Send selected" in words_of(staff.get(LIST))
    stranger = signed_in(make_actor().user)
    shown = pick(stranger, "sign", ready)
    assert ready.live_version.digest not in shown.content.decode()
    answer = stranger.post(
        SELECTED, {"act": "sign", "confirmed": "yes", "pick": ready.reference, "password": PASSWORD,
                   f"digest_{ready.reference}": ready.live_version.digest},
    )  # fmt: skip
    assert "There is no such declaration." in words_of(answer)
    assert states(ready) == ["READY"]
    assert pick(desk, "sign").status_code == 302 and pick(desk, "eat", ready).status_code == 302


@pytest.mark.parametrize("until", ["draft", "ready", "signed", "submitted"])
def test_the_importer_reads_what_is_filed_for_it_and_cannot_change_it(until, client, make, broker):
    one = make(until)
    assert f"filed by {broker.name}" in words_of(client.get(LIST))
    shown = client.get(at(one, "declaration"))
    assert shown.status_code == 200
    text = shown.content.decode()
    for name in ("check", "reopen", "correct", "cancel", "discard", "submission", "lines"):
        assert f'"{at(one, f"declaration_{name}")}"' not in text, name
    assert broker.name in words_of(shown)
    before = Declaration.objects.values().get(pk=one.pk)
    for name in ("check", "reopen", "correct", "cancel", "discard", "submission"):
        assert client.post(at(one, f"declaration_{name}")).status_code == 403, name
    for slug in ("contact", "arrival"):
        assert client.post(step(one, slug), {"contact_name": "X"}).status_code == 403
    client.post(at(one, "declaration_sign"), {"password": PASSWORD})
    assert Declaration.objects.values().get(pk=one.pk) == before


def test_the_importer_exports_it(client, make):
    one = make("submitted")
    text = client.get(at(one, "declaration")).content.decode()
    for name in (
        "declaration_document",
        "entry_summary",
        "declaration_receipt",
        "declaration_messages",
        "declaration_changes",
    ):
        assert at(one, name) in text, name
        assert client.get(at(one, name)).status_code == 200
    got = client.get(at(one, "declaration_document"))
    assert got.content == read_bytes(one.live_version.content_sha256)
    assert json.loads(got.content)["parties"]["importer"]["id"] == one.importer.importer_number
    assert got["Content-Disposition"].startswith("attachment")


def test_nothing_frozen_nothing_to_export(client, make):
    one = make()
    assert client.get(at(one, "declaration_document")).status_code == 302


def test_every_change_is_told_with_what_it_was(client, desk, make):
    one = make()
    fill(desk, step(one, "contact"), contact_name="Kim Bayline")
    said = words_of(client.get(at(one, "declaration_changes")))
    assert "Edited" in said and "Harbor Test Brokers" in said
    row = page_of(client.get(at(one, "declaration_changes"))).xpath("//tbody/tr")[0]
    cells = [" ".join(cell.text_content().split()) for cell in row]
    assert cells[1] != cells[2] and cells[2] == "Kim Bayline"
