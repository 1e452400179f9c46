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


def mended_in(answer):
    """What a page that saved itself says is still wrong: links of the new summary, and names of the fields."""
    tree = page_of(answer)
    links = tree.xpath("//*[@id='errors'][@*[name()='hx-swap-oob']]//a/@href")
    return links, tree.xpath("//*[@id='mending'][@*[name()='hx-swap-oob']]/@value")[0]


def test_what_was_mended_is_no_longer_called_wrong(client, actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    address, itself = step(draft, "contact"), at(draft, "declaration_autosave", "contact")
    shown = fill(client, address, contact_phone="12", contact_email="nobody", contact_name="")
    typed = values_of(form_at(shown, address))
    assert typed["mending"] == "contact_phone,contact_email"
    half = client.post(itself, typed | {"contact_phone": "5625550199", "contact_name": "Kim"})
    assert mended_in(half) == (["#id_contact_email"], "contact_email")
    typed |= {"mending": "contact_email", "base": page_of(half).xpath("//input[@id='base']/@value")[0]}
    whole = client.post(itself, typed | {"contact_phone": "5625550199", "contact_email": "a@importer.example"})
    assert mended_in(whole) == ([], "")
    assert "portal-errors" not in whole.content.decode()


def test_what_the_check_missed_on_a_line_is_no_longer_called_wrong(client, actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    item = draft.items.get()
    item.content["tariffs"][-1]["quantities"].pop(0)
    item.content.pop("origin_country")
    item.save()
    address = at(draft, "declaration_line", "1")
    typed = values_of(form_at(client.get(address), address))
    assert {"origin_country", "tariffs_0_quantities_0_value"} <= set(typed["mending"].split(","))
    saved = client.post(at(draft, "declaration_line_autosave", "1"), typed | {"tariffs_0_quantities_0_value": "9,125"})
    links, still = mended_in(saved)
    assert "#id_origin_country" in links
    assert "origin_country" in still
    assert "tariffs_0_quantities_0_value" not in still


def test_a_page_sent_while_it_saved_itself_is_no_conflict(client, actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    address = step(draft, "contact")
    typed = values_of(form_at(client.get(address), address))
    client.post(at(draft, "declaration_autosave", "contact"), typed | {"contact_name": "Half a na"})
    clock.wait(1)
    assert client.post(address, typed | {"contact_name": "Half a name"}).status_code == 302
    assert Declaration.objects.get().header["contact"]["name"] == "Half a name"


def test_two_browsers_of_one_account_do_not_write_over_each_other(client, actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    address = step(draft, "contact")
    here, other = client.get(address), signed_in(actor.user)
    there = other.get(address)
    assert send(client, here, address, contact_name="Typed here").status_code == 302
    clock.wait(1)
    assert send(other, there, address, contact_name="Typed there").status_code == 409
    line = at(draft, "declaration_line", "1")
    here, there = client.get(line), other.get(line)
    typed = values_of(form_at(there, line)) | {"description": "Typed there"}
    assert send(client, here, line, act="save", description="Typed here").status_code == 302
    saved = other.post(at(draft, "declaration_line_autosave", "1"), typed)
    assert "Somebody else saved this page meanwhile" in words_of(saved)
    assert draft.items.get().content["description"] == "Typed here"


def three_lines(actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock(), lines=3)
    for number, item in enumerate(draft.items.order_by("sequence"), start=1):
        item.content["description"] = item.description = f"Goods {number}"
        item.save()
    return draft


def take_out(client, draft, line):
    address = at(draft, "declaration_line_remove", str(line))
    return send(client, client.get(address), address)


def described(draft):
    return [one["description"] for one in draft.items.order_by("sequence").values_list("content", flat=True)]


def test_a_line_is_saved_wherever_it_stands_by_then(client, actor, colleague, clock):
    draft = three_lines(actor, clock)
    address = at(draft, "declaration_line", "3")
    mine, other, theirs = both_open(client, colleague, address)
    take_out(other, draft, 1)
    typed = values_of(form_at(mine, address)) | {"description": "Goods 3, mine"}
    saved = client.post(at(draft, "declaration_line_autosave", "3"), typed)
    assert "this is now line 2" in words_of(saved)
    assert described(draft) == ["Goods 2", "Goods 3, mine"]
    conflict = send(other, theirs, address, act="save", description="Goods 3, theirs")
    assert conflict.status_code == 409
    assert "Line 2" in words_of(conflict)
    assert described(draft) == ["Goods 2", "Goods 3, mine"]
    done = send(other, conflict, at(draft, "declaration_line", "2"), act="save", keep_description="mine", follow=True)
    assert "Line 2 is saved" in words_of(done)
    assert described(draft) == ["Goods 2", "Goods 3, theirs"]


def test_a_line_that_was_taken_out_keeps_what_was_typed_and_can_be_added_again(client, actor, colleague, clock):
    draft = three_lines(actor, clock)
    draft.items.filter(sequence=2).update(content=draft.items.get(sequence=2).content | {"visa": "V1"})
    address = at(draft, "declaration_line", "2")
    mine, other, _theirs = both_open(client, colleague, address)
    clock.wait(120)
    take_out(other, draft, 2)
    typed = values_of(form_at(mine, address)) | {"description": "Typed for long"}
    itself = client.post(at(draft, "declaration_line_autosave", "2"), typed)
    assert f"Not saved: {colleague} took this line out, 24 Nov 2026, 09:02 EST." in words_of(itself)
    shown = send(client, mine, address, act="save", description="Typed for long")
    assert shown.status_code == 409
    assert f"{colleague} took it out, 24 Nov 2026, 09:02 EST." in words_of(shown)
    assert value_in(shown, "description") == "Typed for long"
    assert described(draft) == ["Goods 1", "Goods 3"], "nothing is written yet"
    new = at(draft, "declaration_line", "new")
    for _time in range(2):
        assert send(client, shown, new, act="save").url == at(draft, "declaration_lines")
    assert described(draft) == ["Goods 1", "Goods 3", "Typed for long"]
    assert draft.items.get(sequence=3).content["visa"] == "V1"


def test_of_two_who_take_out_one_line_the_second_is_told(client, actor, colleague, clock):
    draft = three_lines(actor, clock)
    address = at(draft, "declaration_line_remove", "2")
    mine, other, theirs = both_open(client, colleague, address)
    send(other, theirs, address)
    told = words_of(send(client, mine, address, follow=True))
    assert f"{colleague} took this line out already, 24 Nov 2026, 09:00 EST." in told
    assert described(draft) == ["Goods 1", "Goods 3"]


def test_a_line_that_changed_after_the_question_is_asked_about_again(client, actor, colleague, clock):
    draft = three_lines(actor, clock)
    address, line = at(draft, "declaration_line_remove", "2"), at(draft, "declaration_line", "2")
    mine, other, _theirs = both_open(client, colleague, address)
    fill(other, line, act="save", description="Goods 2, changed")
    again = send(client, mine, address)
    assert again.status_code == 409
    assert "Somebody changed this line after you were asked" in words_of(again)
    assert "Goods 2, changed" in words_of(again)
    send(client, again, address)
    assert described(draft) == ["Goods 1", "Goods 3"]


def test_buttons_of_a_row_act_on_the_line_that_was_shown(client, actor, colleague, clock):
    draft = three_lines(actor, clock)
    lines = at(draft, "declaration_lines")
    shown = page_of(client.get(lines))
    first, last = (shown.xpath(f"//tr[@id='line-{one}']")[0] for one in (1, 3))
    take_out(signed_in(colleague), draft, 1)
    client.post(lines, {"up": last.xpath(".//button[@name='up']/@value")[0]})
    assert described(draft) == ["Goods 3", "Goods 2"]
    for name in ("copy", "down"):
        told = client.post(lines, {name: first.xpath(f".//button[@name='{name}']/@value")[0]}, follow=True)
        assert f"{colleague} took this line out already" in words_of(told)
    asked = client.get(lines + first.xpath(".//a[contains(@href, 'remove')]/@href")[0], follow=True)
    assert f"{colleague} took this line out already" in words_of(asked)
    assert described(draft) == ["Goods 3", "Goods 2"]


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
