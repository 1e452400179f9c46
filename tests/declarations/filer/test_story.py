"""From sign-in to the receipt and after, by plain forms."""

import pytest
from django.test import Client
from django.urls import reverse

from declarations.filer.steps import STEPS
from declarations.models import Declaration, Receipt, Request, Signature
from declarations.tasks import apply_responses
from portal.accounts.models import Organization
from portal.gateway.inbound import receive
from portal.gateway.models import OutboundMessage
from portal.trail.models import TrailEntry
from tests.declarations.answers import answer, envelope
from tests.declarations.filer.browsing import at, error_at, fill, form_at, page_of, send, signed_in, step, words_of
from tests.declarations.filer.typed import LINE, TYPED
from tests.makers import PASSWORD, make_declaration, make_importer, make_user


def filled_in(client):
    """A new draft with every step and one line, typed page by page; each page leads to the next."""
    answer = send(client, client.get("/"), "/declarations/new/")
    draft = Declaration.objects.get()
    for number, one in enumerate(STEPS):
        address = at(draft, "declaration_lines") if one.slug == "lines" else step(draft, one.slug)
        assert answer.url == address, f"the page before {one.slug} leads to {answer.url}"
        if one.slug == "lines":
            _one_line(client, draft)
            links = [each.get("href") for each in page_of(client.get(address)).xpath("//a")]
            following = step(draft, STEPS[number + 1].slug)
            assert following in links
            answer = type("Answer", (), {"url": following})
        else:
            answer = fill(client, address, **TYPED[one.slug])
            assert answer.status_code == 302, (one.slug, words_of(answer))
    assert answer.url == at(draft, "declaration")
    return Declaration.objects.get()


def _one_line(client, draft):
    new = at(draft, "declaration_line", "new")
    first = fill(client, new, act="save", **LINE)
    assert first.url == at(draft, "declaration_line", "1") + "#quantities", "the units follow from the number"
    wanted = {"tariffs_0_quantities_0_value": "1,200", "tariffs_0_quantities_1_value": "4600"}
    assert fill(client, at(draft, "declaration_line", "1"), act="save", **wanted).url == at(draft, "declaration_lines")


def signing(client, declaration, password=PASSWORD, follow=False):
    return fill(client, at(declaration, "declaration_sign"), password=password, follow=follow)


def sent(client, declaration):
    """Checked, frozen, signed and sent through the pages."""
    checked = fill(client, at(declaration, "declaration_check"))
    assert checked.url == at(declaration, "declaration_sign"), words_of(
        client.get(at(declaration, "declaration_check"))
    )
    assert signing(client, declaration).status_code == 302
    page = client.get(at(declaration, "declaration_sign"))
    return send(client, page, at(declaration, "declaration_submission"))


def rejected(declaration):
    """Customs rejects it for the origin of line 1."""
    raw = answer(
        "03", id_="r1", second=1, lrn=declaration.live_version.lrn,
        errors=[("US20002", "origin unknown", (1, "42A", ""), (1, "67A", ""), (1, "68A", ""), (1, "92A", "063"))],
    )  # fmt: skip
    receive(channel="rehearsal", external_id="r1", raw=envelope(raw), now=declaration.updated_at)
    apply_responses()
    declaration.refresh_from_db()
    assert declaration.legal == "REJECTED"


@pytest.fixture
def filed(actor, clock):
    return make_declaration("S01", actor=actor, until="submitted", now=clock())


def test_a_clerk_files_without_scripts(importer):
    clerk = make_user(organization=importer)
    client = Client()
    asked = client.get("/")
    assert asked.url == "/accounts/login/?next=/"
    shown = client.get(asked.url)
    assert send(client, shown, "/accounts/login/", login=clerk.email, password="wrong").status_code == 200
    assert send(client, shown, "/accounts/login/", login=clerk.email, password=PASSWORD).url == "/"

    draft = filled_in(client)
    assert "Nothing stands in the way of filing." in words_of(client.get(at(draft, "declaration_check")))
    assert fill(client, at(draft, "declaration_check")).url == at(draft, "declaration_sign")
    draft.refresh_from_db()
    assert (draft.filing, draft.functional_reference_id) == ("READY", "PO4711")
    assert draft.total_due is not None

    refused = signing(client, draft, password="not mine")
    assert refused.status_code == 422
    assert error_at(refused, "password") == "This is not your password. Write the one with which you signed in."
    assert "not mine" not in refused.content.decode()
    assert not Signature.objects.exists()
    assert signing(client, draft, password="").status_code == 422
    assert Declaration.objects.get().filing == "READY"

    assert signing(client, draft).url == at(draft, "declaration_sign")
    signature = Signature.objects.get()
    assert (signature.signatory, signature.method) == (clerk, "password")
    assert not OutboundMessage.objects.exists(), "signing sends nothing"
    shown = client.get(at(draft, "declaration_sign"))
    assert signature.statement in words_of(shown)

    assert send(client, shown, at(draft, "declaration_submission")).url == at(draft, "declaration_receipt")
    assert OutboundMessage.objects.get().state == "PENDING"
    receipt = client.get(at(draft, "declaration_receipt"))
    assert Receipt.objects.get().digest in words_of(receipt)
    assert "The receipt is true" in words_of(receipt)
    assert client.get(at(draft, "declaration")).status_code == 200

    again = client.post(at(draft, "declaration_submission"), follow=True)
    assert words_of(again) == words_of(receipt)
    assert OutboundMessage.objects.count() == Receipt.objects.count() == 1


def test_a_password_is_tried_five_times_only(client, actor, clock):
    ready = make_declaration("S01", actor=actor, until="ready", now=clock())
    assert [signing(client, ready, password="guess").status_code for _ in range(6)] == [422] * 5 + [429]
    assert signing(client, ready).status_code == 429, "the right one is not tried either"
    assert not Signature.objects.exists()
    clock.wait(15 * 60 + 1)
    assert signing(client, ready).status_code == 302
    assert Signature.objects.count() == 1


def test_the_password_of_a_colleague_signs_nothing(client, actor, colleague, clock):
    colleague.set_password("another person's words")
    colleague.save()
    ready = make_declaration("S01", actor=actor, until="ready", now=clock())
    assert signing(client, ready, password="another person's words").status_code == 422
    assert not Signature.objects.exists()


def test_what_changed_after_it_was_read_is_not_signed(client, actor, colleague, clock):
    ready = make_declaration("S01", actor=actor, until="ready", now=clock())
    shown = client.get(at(ready, "declaration_sign"))
    other = signed_in(colleague)
    fill(other, step(ready, "contact"), contact_name="Kim Other")
    fill(other, at(ready, "declaration_check"))
    answer = send(client, shown, at(ready, "declaration_sign"), password=PASSWORD)
    assert "changed since you read it" in words_of(client.get(answer.url, follow=True))
    assert not Signature.objects.exists()


def test_problems_stop_the_freezing_and_each_leads_to_its_field(client, actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    fill(client, step(draft, "arrival"), ports_entry="")
    refused = fill(client, at(draft, "declaration_check"))
    assert refused.status_code == 422
    links = [one.get("href") for one in page_of(refused).xpath("//section[contains(@class, 'portal-errors')]//a")]
    assert step(draft, "arrival") + "#id_ports_entry" in links
    for link in links:
        page, _hash, anchor = link.partition("#")
        assert page_of(client.get(page)).xpath(f"//*[@id='{anchor}']"), f"{link} leads nowhere"
    draft.refresh_from_db()
    assert (draft.filing, draft.entry_number or "") == ("DRAFT", "")


def test_file_again(client, filed):
    page = client.get(at(filed, "declaration"))
    answer = send(client, page, at(filed, "declaration_copy"))
    fresh = Declaration.objects.latest("pk")
    assert answer.url == at(fresh, "declaration")
    assert (fresh.copied_from, fresh.filing, fresh.item_count) == (filed, "DRAFT", 1)
    assert (fresh.functional_reference_id, fresh.entry_number or "") == ("", "")
    assert "bills" not in fresh.header["transport"]
    assert fresh.items.get().content["tariffs"][0]["hts_number"] == "8507600090"
    assert client.get(answer.url).status_code == 200


def test_a_draft_is_withdrawn_after_a_question(client, actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    address = at(draft, "declaration_discard")
    assert "Withdraw this draft?" in words_of(client.get(address))
    assert Declaration.objects.get().filing == "DRAFT"
    assert client.post(address).url == reverse("declaration_list")
    assert Declaration.objects.get().filing == "WITHDRAWN"
    assert client.get(at(draft, "declaration")).status_code == 200
    refused = client.get(step(draft, "contact"), follow=True)
    assert "cannot be edited" in words_of(refused)
    assert client.post(step(draft, "contact"), {"contact_name": "Late"}).url == at(draft, "declaration")
    assert Declaration.objects.get().header["contact"]["name"] == "Dana Clerk"


def test_customs_is_asked_to_cancel(client, filed):
    address = at(filed, "declaration_cancel")
    unsaid = fill(client, address, reason="sent by mistake")
    assert unsaid.status_code == 422
    assert error_at(unsaid, "reason_code") == "Choose one of the reasons."
    assert form_at(unsaid, address).fields["reason"].strip() == "sent by mistake"

    asked = send(client, unsaid, address, reason_code="01")
    assert asked.status_code == 200
    assert "Ask customs to cancel?" in words_of(asked)
    assert not Request.objects.exists(), "nothing is sent before the answer"
    assert send(client, asked, address).url == at(filed, "declaration")
    request = Request.objects.get()
    assert (request.state, request.reason_code, request.reason) == ("OPEN", "01", "sent by mistake")
    assert list(OutboundMessage.objects.values_list("state", flat=True)) == ["PENDING", "PENDING"]
    assert "sent by mistake" in words_of(client.get(at(filed, "declaration")))

    client.post(address, {"reason_code": "01", "reason": "", "confirmed": "yes"})
    assert (Request.objects.count(), OutboundMessage.objects.count()) == (1, 2)


@pytest.mark.parametrize("legal", ["RELEASED", "CLEARED", "CANCELLED", "REJECTED"])
def test_what_is_over_is_not_cancelled(client, filed, legal):
    Declaration.objects.update(legal=legal)
    address = at(filed, "declaration_cancel")
    assert client.get(address).url == at(filed, "declaration")
    client.post(address, {"reason_code": "01", "confirmed": "yes"})
    assert not Request.objects.exists()


def test_a_rejected_declaration_is_corrected_and_sent_again(client, filed):
    rejected(filed)
    number = filed.entry_number
    page = client.get(at(filed, "declaration"))
    assert "origin unknown" in words_of(page)
    wanted = [one.get("value") for one in page_of(page).xpath("//button[@name='to']")]
    assert wanted == [at(filed, "declaration_line", "1") + "#id_origin_country"]
    there = client.post(at(filed, "declaration_correct"), {"to": wanted[0]})
    assert there.url == wanted[0]
    assert Declaration.objects.get().filing == "DRAFT"
    assert "origin unknown" in words_of(client.get(at(filed, "declaration")))

    fill(client, at(filed, "declaration_line", "1"), act="save", description="Battery packs, lithium-ion")
    assert sent(client, filed).url == at(filed, "declaration_receipt")
    filed.refresh_from_db()
    assert (filed.filing, filed.legal, filed.entry_number) == ("SUBMITTED", "NONE", number)
    assert Receipt.objects.count() == OutboundMessage.objects.count() == 2


def test_the_way_back_from_a_rejection_stays_inside_the_declaration(client, filed):
    rejected(filed)
    answer = client.post(at(filed, "declaration_correct"), {"to": "https://elsewhere.example/"})
    assert answer.url == at(filed, "declaration")


def test_what_was_not_rejected_is_not_taken_back(client, filed):
    client.post(at(filed, "declaration_correct"))
    filed.refresh_from_db()
    assert filed.filing == "SUBMITTED"


@pytest.mark.parametrize("until", ["ready", "signed"])
def test_a_change_makes_what_was_frozen_void(client, actor, clock, until):
    frozen = make_declaration("S01", actor=actor, until=until, now=clock())
    send(client, client.get(at(frozen, "declaration_sign")), at(frozen, "declaration_reopen"))
    frozen.refresh_from_db()
    assert frozen.filing == "DRAFT"
    client.post(at(frozen, "declaration_submission"))
    assert not OutboundMessage.objects.exists()


def test_opening_and_saving_a_frozen_page_unchanged_keeps_it_frozen(client, actor, clock):
    frozen = make_declaration("S01", actor=actor, until="signed", now=clock())
    for address in (step(frozen, "contact"), step(frozen, "arrival"), at(frozen, "declaration_line", "1")):
        assert fill(client, address, act="save").status_code == 302
    frozen.refresh_from_db()
    assert frozen.filing == "SIGNED"


def test_the_trail_tells_the_story(client, filed):
    kinds = list(TrailEntry.objects.filter(subject=filed.reference).order_by("seq").values_list("kind", flat=True))
    assert kinds[0] == "declaration.create"
    assert [one for one in kinds if one.startswith(("declaration.prepare", "declaration.sign", "declaration.submit"))]


def test_every_word_of_a_line_can_be_read_before_it_is_signed(client, actor, clock):
    draft = make_declaration("S02", actor=actor, now=clock())
    item = draft.items.order_by("sequence").first()
    item.content |= {"charges": {"freight": "12.5", "currency": "USD", "total_whole_usd": "13"}, "visa": "V<1>"}
    item.save()
    page = page_of(client.get(at(draft, "declaration_check")))
    said = page.xpath("//table[@id='lines']/tbody/tr[1]//details")[0]
    words = " ".join(said.text_content().split())
    content = item.content
    for wanted in (
        content["description"], content["manufacturer"]["name"], content["manufacturer"]["mid"],
        content["valuation"]["invoice"]["value"].split(".")[0][-3:], content["valuation"]["invoice"]["currency"],
        content["preference"]["program"], "International freight: 12.5", "Charges in whole US dollars: 13",
        "Visa number: V<1>", "Country of export:", "5,120 kilograms",
    ):  # fmt: skip
        assert wanted in words, (wanted, words)


def heard(declaration, *answers):
    receive(channel="rehearsal", external_id=f"h{len(answers)}", raw=envelope(*answers), now=declaration.updated_at)
    apply_responses()
    declaration.refresh_from_db()


def test_the_status_page_says_whose_turn_it_is_and_updates_all_its_parts(client, filed):
    address = at(filed, "declaration")
    sent_page = client.get(address)
    assert "Entry has to be made. You have sent it: it counts once customs accepts it." in words_of(sent_page)
    assert "Ask customs to cancel it" in words_of(sent_page)
    own = {"lrn": filed.live_version.lrn, "mrn": filed.entry_number}
    heard(filed, answer("01", id_="a", second=1, **own), answer("08", id_="b", second=2, **own))
    assert filed.legal == "RELEASED"
    news = client.get(at(filed, "declaration_status"), headers={"HX-Request": "true"})
    tree = page_of(news)
    parts = {one.get("id"): " ".join(one.text_content().split()) for one in tree.xpath("//*[@*[name()='hx-swap-oob']]")}
    assert "Ask customs to cancel it" not in parts["status-aside"]
    assert "Goods released, conditionally" in parts["status-history"]
    assert "Your turn: Pay the deposit in time." in words_of(news)
    ids = set(page_of(client.get(address)).xpath("//@id"))
    assert set(parts) <= ids, "every part has its place on the page"


def test_the_statement_of_customs_is_said_in_words(client, filed):
    own = {"lrn": filed.live_version.lrn, "mrn": filed.entry_number}
    heard(
        filed,
        answer("01", id_="a", second=1, **own),
        answer("13", id_="b", second=2, status="67", total="18617.13", **own),
    )
    fact = filed.facts.get(kind="DUTY")
    fact.body["duties"] = [
        {"sequence": 1, "type": "DTY", "base": "45000", "rate": "3.4", "payable": "1530.00", "currency": "USD"},
        {"sequence": 0, "type": "499", "base": "45000", "rate": "0.3464", "payable": "155.88", "currency": "USD"},
        {"sequence": 0, "type": "501", "base": "45000", "rate": None, "payable": "56.25", "currency": "USD"},
        *fact.body["duties"],
    ]  # fmt: skip
    fact.save()
    page = client.get(at(filed, "declaration"))
    rows = page_of(page).xpath("//table[caption='Duty statement of customs']/tbody/tr")
    said = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    assert said == [
        ["1", "Duty", "$45,000.00", "3.4%", "$1,530.00"],
        ["All lines", "Merchandise processing fee", "$45,000.00", "0.3464%", "$155.88"],
        ["All lines", "Harbor maintenance fee", "$45,000.00", "", "$56.25"],
        ["All lines", "Total", "", "", "$18,617.13"],
    ]
    assert "18617.13" not in words_of(page)


def test_who_is_no_importer_is_told_before_anything_is_typed(starter, clock):
    broker = make_importer()
    broker.kind, broker.importer_number = Organization.Kind.BROKER, ""
    broker.save()
    client = signed_in(make_user(organization=broker))
    for name in ("home", "declaration_list"):
        page = client.get(reverse(name))
        assert "Ask an importer for a mandate" in words_of(page)
        assert not [one for one in page_of(page).forms if one.action == reverse("declaration_create")]
    refused = client.post(reverse("declaration_create"))
    assert refused["Location"] == reverse("declaration_start")
    assert "Ask an importer for a mandate" in words_of(client.get(refused["Location"]))
    assert not Declaration.objects.exists()
