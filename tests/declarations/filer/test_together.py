"""Two people at one draft, and pages that save themselves: nothing is lost, nothing is written over unseen."""

from declarations.models import Declaration
from portal.trail.models import TrailEntry
from tests.declarations.filer.browsing import (
    at,
    field,
    fill,
    form_at,
    page_of,
    send,
    signed_in,
    step,
    value_in,
    values_of,
    words_of,
)
from tests.makers import make_declaration


def both_open(client, colleague, address):
    other = signed_in(colleague)
    return client.get(address), other, other.get(address)


def test_both_versions_stand_side_by_side_and_each_field_is_chosen(client, actor, colleague, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    address = step(draft, "contact")
    mine, other, theirs = both_open(client, colleague, address)
    send(other, theirs, address, contact_name="Their Name", contact_phone="5625550111")
    clock.wait(60)
    shown = send(client, mine, address, contact_name="My Name", contact_phone="5625550122")
    assert shown.status_code == 409
    words = words_of(shown)
    for one in ("Mine: My Name", "Theirs: Their Name", "Mine: 5625550122", "Theirs: 5625550111", str(colleague)):
        assert one in words, one
    assert value_in(shown, "contact_name") == "My Name", "what was typed stands in the form"
    assert Declaration.objects.get().header["contact"]["name"] == "Their Name", "nothing is written yet"
    assert send(client, shown, address, keep_contact_phone="theirs").status_code == 302
    assert Declaration.objects.get().header["contact"]["name"] == "My Name"
    assert Declaration.objects.get().header["contact"]["phone"] == "5625550111"


def test_different_pages_do_not_disturb_each_other(client, actor, colleague, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    mine, other, _theirs = both_open(client, colleague, step(draft, "contact"))
    fill(other, step(draft, "seller"), parties_seller_name="Another Seller Ltd")
    assert send(client, mine, step(draft, "contact"), contact_name="My Name").status_code == 302
    header = Declaration.objects.get().header
    assert header["contact"]["name"] == "My Name"
    assert header["parties"]["seller"]["name"] == "Another Seller Ltd"


def test_a_list_changed_by_both_keeps_every_row_in_sight(client, actor, colleague, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    address = step(draft, "papers")
    mine, other, theirs = both_open(client, colleague, address)
    send(other, theirs, address, documents_0_number="THEIRS-1")
    clock.wait(60)
    shown = send(client, mine, address, documents_0_number="MINE-1")
    assert shown.status_code == 409
    assert "Mine: MINE-1" in words_of(shown)
    assert "Theirs: THEIRS-1" in words_of(shown)
    send(client, shown, address, keep_documents_0_number="mine")
    assert Declaration.objects.get().header["documents"][0]["number"] == "MINE-1"


def test_a_line_edited_by_two(client, actor, colleague, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    address = at(draft, "declaration_line", "1")
    mine, other, theirs = both_open(client, colleague, address)
    send(other, theirs, address, act="save", description="Their words about batteries")
    clock.wait(60)
    shown = send(client, mine, address, act="save", description="My words about batteries")
    assert shown.status_code == 409
    assert "Theirs: Their words about batteries" in words_of(shown)
    assert value_in(shown, "description") == "My words about batteries"
    assert send(client, shown, address, act="save", keep_description="theirs").status_code == 302
    assert draft.items.get().content["description"] == "Their words about batteries"


def test_a_page_saves_itself_and_goes_on(client, actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    address, itself = step(draft, "contact"), at(draft, "declaration_autosave", "contact")
    page = client.get(address)
    typed = values_of(form_at(page, address)) | {"contact_name": "By Itself", "contact_phone": "12"}
    saved = client.post(itself, typed, headers={"HX-Request": "true"})
    words = words_of(saved)
    assert "Saved, 24 Nov 2026, 09:00 EST." in words
    assert "One field cannot be read yet" in words
    assert "You will owe $18,617.13" in words
    assert page_of(saved).xpath("//*[@id='duty']/@*[name()='hx-swap-oob']"), "the duty panel comes along"
    draft.refresh_from_db()
    assert draft.header["contact"]["name"] == "By Itself"
    assert draft.header["contact"]["phone"] != "12"
    assert draft.visited == []
    fresh = page_of(saved).xpath("//input[@id='base']/@value")[0]
    clock.wait(60)
    assert client.post(address, typed | {"base": fresh, "contact_phone": "5625550199"}).status_code == 302
    assert Declaration.objects.get().header["contact"]["phone"] == "5625550199"


def test_a_page_sent_while_it_saved_itself_is_no_conflict(client, actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    address = step(draft, "contact")
    typed = values_of(form_at(client.get(address), address))
    client.post(at(draft, "declaration_autosave", "contact"), typed | {"contact_name": "Half a na"})
    clock.wait(1)
    assert client.post(address, typed | {"contact_name": "Half a name"}).status_code == 302
    assert Declaration.objects.get().header["contact"]["name"] == "Half a name"


def test_a_page_that_is_stale_is_not_saved_by_itself(client, actor, colleague, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    address = step(draft, "contact")
    typed = values_of(form_at(client.get(address), address))
    fill(signed_in(colleague), address, contact_name="Their Name")
    answer = client.post(at(draft, "declaration_autosave", "contact"), typed | {"contact_name": "Mine"})
    assert "Somebody else saved this page meanwhile" in words_of(answer)
    assert Declaration.objects.get().header["contact"]["name"] == "Their Name"


def test_a_line_saves_itself_and_a_new_one_waits_for_the_button(client, actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    address = at(draft, "declaration_line", "1")
    typed = values_of(form_at(client.get(address), address)) | {"valuation_invoice_value": "90,000"}
    saved = client.post(at(draft, "declaration_line_autosave", "1"), typed)
    assert "Saved" in words_of(saved)
    assert draft.items.get().content["valuation"]["invoice"]["value"] == "90000"
    new = at(draft, "declaration_line", "new")
    client.post(at(draft, "declaration_line_autosave", "new"), values_of(form_at(client.get(new), new)))
    assert draft.items.count() == 1


def test_an_error_loses_nothing_that_was_typed(client, actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    shown = fill(
        client, step(draft, "arrival"), ports_entry="Nowhere at all", dates_import="soon", state_of_destination="tx"
    )
    assert shown.status_code == 422
    assert value_in(shown, "ports_entry") == "Nowhere at all"
    assert value_in(shown, "dates_import") == "soon"
    assert field(shown, "dates_import").get("type") == "text"
    assert Declaration.objects.get().header["state_of_destination"] == "TX", "what could be read is saved"


def test_the_trail_has_the_difference_of_an_edit(client, actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    fill(client, step(draft, "contact"), contact_name="New Name")
    entry = TrailEntry.objects.filter(subject=draft.reference, kind="declaration.edit").latest("seq")
    assert '"pointer":"/contact/name"' in entry.body
    assert "New Name" in entry.body
