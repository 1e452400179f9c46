"""What people type comes back as it is stored, or as they typed it with the reason at the field."""

import pytest

from declarations.filer import route
from declarations.filer.questions import Group
from declarations.filer.steps import BY_SLUG, STEPS
from portal.trail.models import TrailEntry
from tests.declarations.filer.browsing import (
    at,
    error_at,
    field,
    fill,
    form_at,
    page_of,
    step,
    value_in,
    values_of,
    words_of,
)

HEADER = [
    ("file", "functional_reference_id", " po 4711 ", "PO 4711", "PO 4711"),
    ("contact", "contact_name", "  Dana \t Clerk ", "Dana Clerk", "Dana Clerk"),
    ("contact", "contact_name", "Zoe\u0308 O'Brien", "Zo\u00eb O'Brien", "Zo\u00eb O'Brien"),
    ("contact", "contact_phone", "(562) 555-0142", "5625550142", "5625550142"),
    ("contact", "contact_phone", "+1 562.555.0142", "+15625550142", "+15625550142"),
    ("contact", "contact_email", " clerk@importer.example ", "clerk@importer.example", "clerk@importer.example"),
    ("importer", "parties_importer_id", "12-3456789", "12-345678900", "12-345678900"),
    ("importer", "parties_importer_id", "123456789 ab", "12-3456789AB", "12-3456789AB"),
    ("importer", "parties_importer_id", "123-45-6789", "123-45-6789", "123-45-6789"),
    ("importer", "parties_importer_address_country", "United States", "US", "US"),
    ("transport", "transport_carrier_code", "maeu", "MAEU", "MAEU"),
    ("transport", "transport_vessel_code", "9 321-483", "9321483", "9321483"),
    ("arrival", "ports_entry", "2704", "2704", "2704"),
    ("arrival", "dates_import", "11/23/2026", "2026-11-23", "2026-11-23"),
    ("arrival", "dates_import", "23 November 2026", "2026-11-23", "2026-11-23"),
    ("arrival", "dates_import", "Nov 23rd, 2026", "2026-11-23", "2026-11-23"),
    ("arrival", "state_of_destination", "texas", "TX", "TX"),
    ("bills", "transport_bills_0_master_number", "MAEU 229.047-11", "MAEU22904711", "MAEU22904711"),
    ("bills", "transport_bills_0_manifest_quantity_value", "1,200", "1200", "1200"),
    ("containers", "transport_equipment_0_seals", "sl1;sl2  sl3", ["SL1", "SL2", "SL3"], "SL1, SL2, SL3"),
    ("terms", "currency", "euro", "EUR", "EUR"),
    ("bond", "bonds_0_amount", "US$ 50,000", "50000", "50000"),
]  # fmt: skip
LINE = [
    ("tariffs_0_hts_number", "8507.60.00 90", ["tariffs", 0, "hts_number"], "8507600090", "8507.60.00.90"),
    ("tariffs_0_hts_number", "8507-60-0090", ["tariffs", 0, "hts_number"], "8507600090", "8507.60.00.90"),
    ("origin_country", "china", ["origin_country"], "CN", "CN"),
    ("export_country", "cn", ["export_country"], "CN", "CN"),
    ("export_date", "2026/11/1", ["export_date"], "2026-11-01", "2026-11-01"),
    ("gross_mass_kg", "4 600.50", ["gross_mass_kg"], "4600.5", "4600.5"),
    ("valuation_invoice_value", "$45,000.50", ["valuation", "invoice", "value"], "45000.5", "45000.5"),
    ("valuation_invoice_value", "46000 USD", ["valuation", "invoice", "value"], "46000", "46000"),
    ("manufacturer_mid", "cn she-bat 123 she", ["manufacturer", "mid"], "CNSHEBAT123SHE", "CNSHEBAT123SHE"),
    ("related_parties", "yes", ["related_parties"], True, "yes"),
    ("description", "Batteries\r\nfor bicycles", ["description"], "Batteries\nfor bicycles", "Batteries\nfor bicycles"),
]  # fmt: skip
UNREADABLE = [
    ("contact", "contact_phone", "555-01", "area code"),
    ("contact", "contact_email", "clerk at importer", "name@example.com"),
    ("importer", "parties_importer_id", "12345", "CBP Form 5106"),
    ("arrival", "dates_import", "11/24/26", "year in four digits"),
    ("arrival", "dates_import", "9999-12-31", "between 1900 and 2200"),
    ("arrival", "dates_import", "31 Nov 2026", "not in the calendar"),
    ("arrival", "ports_entry", "Nowhere at all", "no single match"),
    ("transport", "transport_carrier_code", "MAEUX", "at most 4"),
    ("bills", "transport_bills_0_manifest_quantity_value", "12.5", "whole number"),
    ("bills", "transport_bills_0_master_number", "MAEU#1", "letters and digits only"),
    ("bond", "bonds_0_amount", "fifty", "Write a number"),
    ("bond", "bonds_0_amount", "-5", "zero or more"),
    ("file", "entry_type", "99", "Choose one of the answers"),
    ("transport", "transport_mode", "zz", "Choose one of the answers"),
    ("terms", "terms_place", "x" * 61, "at most 60 characters; this has 61"),
]  # fmt: skip


def stored(declaration, slug, name):
    """What the header holds for a form field."""
    declaration.refresh_from_db()
    for one in route.answers(BY_SLUG[slug], declaration.header):
        if one.name == name:
            return route.at(declaration.header, one.pointer)
    return None


@pytest.mark.parametrize(
    ("slug", "name", "typed", "kept", "shown"), HEADER, ids=[f"{one[1]}: {one[2]}" for one in HEADER]
)
def test_what_people_write_is_kept_in_one_form(client, draft, slug, name, typed, kept, shown):
    assert fill(client, step(draft, slug), **{name: typed}).status_code == 302
    assert stored(draft, slug, name) == kept
    assert value_in(client.get(step(draft, slug)), name) == shown


@pytest.mark.parametrize(("name", "typed", "path", "kept", "shown"), LINE, ids=[f"{one[0]}: {one[1]}" for one in LINE])
def test_what_people_write_on_a_line_is_kept_in_one_form(client, draft, name, typed, path, kept, shown):
    address = at(draft, "declaration_line", "1")
    assert fill(client, address, act="save", **{name: typed}).status_code == 302
    found = draft.items.get().content
    for part in path:
        found = found[part]
    assert found == kept
    assert value_in(client.get(address), name) == shown


@pytest.mark.parametrize(
    ("slug", "name", "typed", "words"), UNREADABLE, ids=[f"{one[1]}: {one[2][:20]}" for one in UNREADABLE]
)
def test_what_cannot_be_read_stays_as_typed_with_the_reason(client, draft, slug, name, typed, words):
    before = stored(draft, slug, name)
    shown = client.get(step(draft, slug))
    data = values_of(form_at(shown, step(draft, slug)))
    answer = client.post(step(draft, slug), {**data, name: typed})
    assert answer.status_code == 422
    assert words in error_at(answer, name)
    if field(answer, name).get("type") != "radio" and field(answer, name).tag != "select":
        assert value_in(answer, name) == typed
    assert stored(draft, slug, name) == before
    assert slug not in draft.visited, "a step with an unreadable field is not done"


def test_the_rest_of_the_page_is_saved_when_one_field_cannot_be_read(client, draft):
    answer = fill(client, step(draft, "contact"), contact_name="Kim New", contact_phone="call me")
    assert answer.status_code == 422
    assert stored(draft, "contact", "contact_name") == "Kim New"
    assert stored(draft, "contact", "contact_phone") == "5625550142"
    assert value_in(answer, "contact_name") == "Kim New"


def test_a_line_with_an_unreadable_field_keeps_the_rest(client, draft):
    address = at(draft, "declaration_line", "1")
    answer = fill(client, address, act="save", description="Battery packs", valuation_invoice_value="a lot")
    assert answer.status_code == 422
    assert "Write a number" in error_at(answer, "valuation_invoice_value")
    assert value_in(answer, "valuation_invoice_value") == "a lot"
    content = draft.items.get().content
    assert (content["description"], content["valuation"]["invoice"]["value"]) == ("Battery packs", "45000.00")


def test_a_new_line_with_an_unreadable_field_goes_on_as_that_line(client, draft):
    new = at(draft, "declaration_line", "new")
    answer = fill(client, new, act="save", description="Chargers", tariffs_0_hts_number="85O4")
    assert answer.status_code == 422
    assert "digits and dots" in error_at(answer, "tariffs_0_hts_number")
    assert value_in(answer, "tariffs_0_hts_number") == "85O4"
    form = form_at(answer, at(draft, "declaration_line", "2"))
    sent = client.post(form.action, {**values_of(form), "act": "save", "tariffs_0_hts_number": "8504.40.95 50"})
    assert sent.status_code == 302
    assert draft.items.count() == 2, "sending it again makes no third line"


PAGES = [one.slug for one in STEPS if one.slug != "lines"]


def test_pages_sent_as_they_stand_change_nothing(client, draft):
    before = {**draft.header}
    for slug in PAGES:
        assert fill(client, step(draft, slug)).status_code == 302, slug
        draft.refresh_from_db()
        assert draft.header == before, slug
    assert draft.visited == PAGES


def test_every_field_of_a_page_can_be_emptied(client, draft):
    """Nobody is kept on a page: an empty field is a problem for the check, not for the page."""
    for slug in PAGES:
        names = values_of(form_at(client.get(step(draft, slug)), step(draft, slug)))
        assert client.post(step(draft, slug), dict.fromkeys(names, "")).status_code == 302, slug
        page = client.get(step(draft, slug))
        left = {name for name, value in values_of(form_at(page, step(draft, slug))).items() if value}
        choices = {one.name for one in page_of(page).xpath("//input[@type='radio']")}
        assert left - choices <= {"base", "page", "who", "mending", "csrfmiddlewaretoken"}, slug


def test_the_page_saves_by_itself_what_can_be_read(client, draft):
    shown = client.get(step(draft, "contact"))
    data = values_of(form_at(shown, step(draft, "contact")))
    answer = client.post(
        at(draft, "declaration_autosave", "contact"), {**data, "contact_name": "Kim New", "contact_phone": "call"}
    )
    assert answer.status_code == 200
    assert "One field cannot be read yet and is not saved." in words_of(answer)
    assert stored(draft, "contact", "contact_name") == "Kim New"
    assert stored(draft, "contact", "contact_phone") == "5625550142"
    assert draft.visited == [], "only a person says that a step is done"
    fresh = page_of(answer).xpath("//input[@id='base']")[0].get("value")
    assert fresh != data["base"]
    assert fresh == value_in(client.get(step(draft, "contact")), "base")


def test_a_line_saves_by_itself_what_can_be_read(client, draft):
    address = at(draft, "declaration_line", "1")
    data = values_of(form_at(client.get(address), address))
    typed = {**data, "valuation_invoice_value": "50,000", "gross_mass_kg": "heavy"}
    answer = client.post(at(draft, "declaration_line_autosave", "1"), typed)
    assert "One field cannot be read yet" in words_of(answer)
    content = draft.items.get().content
    assert content["valuation"]["invoice"]["value"] == "50000"
    assert content["gross_mass_kg"] != "heavy"
    before = TrailEntry.objects.count()
    typed["base"] = page_of(answer).xpath("//input[@id='base']")[0].get("value")
    client.post(at(draft, "declaration_line_autosave", "1"), typed)
    assert TrailEntry.objects.count() == before, "saving the same again writes nothing"


def test_a_line_not_saved_yet_is_not_saved_by_itself(client, draft):
    answer = client.post(at(draft, "declaration_line_autosave", "new"), {"description": "Chargers"})
    assert "saved when you press a button" in words_of(answer)
    assert draft.items.count() == 1


def test_fields_that_are_not_of_the_page_are_left_alone(client, draft):
    before = {**draft.header}
    typed = {
        "contact_name": "Dana Clerk", "contact_phone": "5625550142", "contact_email": "clerk@importer.example",
        "entry_number": "ABC00000017", "entry_type": "11", "filing": "SUBMITTED", "legal": "CLEARED",
        "contact_secret": "x", "__proto__": "x", "row_version": "99", "importer_id": "1",
    }  # fmt: skip
    assert client.post(step(draft, "contact"), typed).status_code == 302
    draft.refresh_from_db()
    assert (draft.header, draft.filing, draft.legal) == (before, "DRAFT", "NONE")


@pytest.mark.parametrize("row", ["0", "49", "50", "51", "999", "-1", "1e3", "٣", "00000000000000000000001"])
def test_rows_outside_a_group_make_no_rows(client, draft, row):
    group = next(one for one in BY_SLUG["papers"].parts if isinstance(one, Group))
    answer = client.post(
        step(draft, "papers"), {f"documents_{row}_number": "INV-9", f"documents_{row}_type": "invoice"}
    )
    assert answer.status_code in (302, 422)
    draft.refresh_from_db()
    assert len(draft.header["documents"]) <= group.most
    assert client.get(step(draft, "papers")).status_code == 200
    assert client.get(at(draft, "declaration_check")).status_code == 200


def test_the_same_words_said_of_many_fields_name_each_field_in_the_summary(client, draft):
    dates = ("dates_estimated_arrival", "dates_import", "dates_estimated_entry")
    for typed in ("0001-01-01", "9999-12-31"):
        answer = fill(client, step(draft, "arrival"), **dict.fromkeys(dates, typed))
        assert answer.status_code == 422
        links = page_of(answer).xpath("//*[contains(@class, 'portal-errors')]//li")
        said = [one.text_content().strip() for one in links]
        assert len(set(said)) == len(said) == 3
        assert all(one.endswith("Check the year: it lies between 1900 and 2200, like 2026.") for one in said)
        for name in dates:
            label = page_of(answer).xpath(f"//label[@for='id_{name}']")[0].text_content().split("\n")[0].strip()
            assert any(label in one for one in said), (label, said)
