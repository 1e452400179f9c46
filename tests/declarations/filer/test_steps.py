"""The steps as data: every member has its page, every link its field, every page its neighbours."""

from django.urls import reverse

from declarations.filer import line_steps, route
from declarations.filer.steps import BY_SLUG, STEPS
from declarations.models import Declaration
from declarations.pointers import FIELDS, find_field, shape
from tests.declarations.filer.browsing import at, fill, page_of, signed_in, step, words_of
from tests.makers import make_actor, make_declaration, make_importer

ALONE = {"profile", "schema", "function", "entry_number", "correction"}  # given by the portal, or not on pages


def plain(pointer):
    return shape(pointer).replace("#", "0")


def test_every_field_is_a_member_of_the_declaration():
    of_steps = [one.pointer for step in STEPS for one in step.questions()]
    of_lines = [f"items/0/{one}" for one in line_steps.SHAPES - {"measures/#/name", "measures/#/value"}]
    for pointer in of_steps + of_lines:
        plain_one = "/" + pointer.replace("#", "0")
        assert find_field(plain_one) or find_field(plain_one + "/0"), pointer


def test_every_link_leads_to_a_field_that_is_there(client, actor, clock):
    """A list of the line that is empty has no row yet; its page shows one as soon as the check asks for it."""
    draft = make_declaration("S01", actor=actor, now=clock())
    empty = {one.replace("/", "_") for one in line_steps.GROUPS}
    hidden = ("valuation_exchange_", "foreign_exporter_")  # asked only for foreign currency, only with a case
    ids = {}
    for one in FIELDS:
        pointer = plain(one.pointer)
        page, _hash, anchor = route.link_for(draft.reference, pointer).partition("#")
        if page not in ids:
            answer = client.get(page)
            assert answer.status_code == 200, (pointer, page)
            ids[page] = set(page_of(answer).xpath("//@id"))
        if pointer.split("/")[1] in ALONE:
            assert page == step(draft, "file")
        elif anchor not in ids[page]:
            name = anchor.removeprefix("id_")
            assert name.startswith(hidden) or any(name.startswith((f"{row}_0_", f"{row}_1_")) for row in empty), pointer


def test_the_next_page_of_a_page_names_it_as_the_page_before(client, actor, clock):
    draft = make_declaration("S02", actor=actor, now=clock())  # by truck: no security filing
    needed = route.needed_steps(draft.header)
    assert "security-filing" not in [one.slug for one in needed]
    for before, after in zip(needed, needed[1:], strict=False):
        assert route.step_after(before, draft.header) is after
        assert route.step_before(after, draft.header) is before
        page = client.get(route.href_of(draft.reference, after.slug))
        back = [one.get("href") for one in page_of(page).xpath("//a[starts-with(normalize-space(), 'Back:')]")]
        assert back == [route.href_of(draft.reference, before.slug)], after.slug


def test_the_task_list_says_how_far_each_step_is(client, actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    shown = words_of(client.get(at(draft, "declaration")))
    assert "Whom customs calls Filled in already: look it over and continue. Check it" in shown
    fill(client, step(draft, "contact"))
    assert "Whom customs calls Done" in words_of(client.get(at(draft, "declaration")))
    fill(client, step(draft, "arrival"), ports_entry="")
    assert "Where and when the goods arrive 1 to mend Has problems" in words_of(client.get(at(draft, "declaration")))
    page = client.get(step(draft, "arrival"))
    assert "The port of entry is missing" in words_of(page)
    assert page_of(page).xpath("//input[@id='id_ports_entry']/@aria-invalid") == ["true"]


def states(client, draft):
    """The words of each step in the task list, by its title."""
    rows = page_of(client.get(at(draft, "declaration"))).xpath("//li[@class='portal-tasks__item']")
    words = [[" ".join(part.text_content().split()) for part in row.xpath("./*")] for row in rows]
    return {title.partition(" Filled")[0].partition(" It depends")[0]: state for title, state in words}


def test_an_empty_step_is_not_done_by_passing_it(starter, clock):
    actor = make_actor(organization=make_importer(bond=False))
    client = signed_in(actor.user)
    client.post(reverse("declaration_create"))
    draft = Declaration.objects.get()
    found = states(client, draft)
    assert len(found) == len(STEPS)
    assert (found["Whom customs calls"], found["Papers"]) == ("Check it", "Not started")
    assert (found["Special cases"], found["Containers and seals"]) == ("Optional", "Cannot start yet")
    for slug in (one.slug for one in STEPS if one.slug != "lines"):
        assert fill(client, step(draft, slug)).status_code == 302, slug
    found = states(client, draft)
    for title in ("How the goods come", "Bills of lading", "Where the goods are", "Papers", "Bond", "How you pay"):
        assert found[title] == "Not started", title
    assert found["Special cases"] == "Optional"
    assert found["Whom customs calls"] == "Done"
    shown = words_of(client.get(at(draft, "declaration")))
    done, left_out = (list(found.values()).count(one) for one in ("Done", "Optional"))
    assert f"{done} of {len(STEPS)} steps are done. {left_out} more are optional or not needed." in shown
    fill(client, step(draft, "transport"), transport_carrier_code="maeu")
    assert states(client, draft)["How the goods come"] == "In progress", "the mode decides what else is asked"


def test_a_step_that_cannot_apply_is_not_needed_and_has_no_link(client, actor, clock):
    draft = make_declaration("S02", actor=actor, now=clock())  # by truck
    assert states(client, draft)["Security filing"] == "Not needed"
    tree = page_of(client.get(at(draft, "declaration")))
    assert not tree.xpath(f"//a[@href='{step(draft, 'security-filing')}']")


def test_the_mode_of_transport_decides_what_is_asked(client, actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    fill(client, step(draft, "transport"), transport_mode="30")
    draft.refresh_from_db()
    arrival = client.get(step(draft, "arrival"))
    assert page_of(arrival).xpath("//input[@name='ports_unlading']"), "what was given stays in sight"
    fill(client, step(draft, "arrival"), ports_unlading="")
    assert not page_of(client.get(step(draft, "arrival"))).xpath("//input[@name='ports_unlading']")


def test_somebody_else_as_consignee_and_back_again(client, actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    address = step(draft, "consignee")
    other = {
        "parties_ultimate_consignee_same_as": "other", "parties_ultimate_consignee_id": "45-6789012",
        "parties_ultimate_consignee_name": "Example Assembly TX Inc",
    }  # fmt: skip
    fill(client, address, **other)
    draft.refresh_from_db()
    assert draft.header["parties"]["ultimate_consignee"] == {"id": "45-678901200", "name": "Example Assembly TX Inc"}
    assert page_of(client.get(address)).xpath("//input[@value='other']/@checked")
    fill(client, address, parties_ultimate_consignee_same_as="importer")
    draft.refresh_from_db()
    assert draft.header["parties"]["ultimate_consignee"] == {"same_as": "importer"}


def test_rows_are_added_and_taken_out(client, actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    address = step(draft, "papers")
    count = len(draft.header["documents"])
    onward = fill(client, address, more="documents").url
    assert onward == f"{address}?more=documents#id_documents_{count}_type"
    fill(
        client,
        onward.partition("#")[0],
        **{f"documents_{count}_type": "packing_list", f"documents_{count}_number": "PL-1"},
    )
    draft.refresh_from_db()
    assert draft.header["documents"][-1] == {"type": "packing_list", "number": "PL-1", "id": f"D{count + 1}"}
    fill(client, address, remove=f"documents:{count}")
    draft.refresh_from_db()
    assert len(draft.header["documents"]) == count


def test_the_first_page_says_what_cannot_be_filed_here(client, actor, clock):
    shown = words_of(client.get(step(make_declaration("S01", actor=actor, now=clock()), "file")))
    for words in ("partner agency", "in-bond", "security filing", "Quota"):
        assert words in shown


def test_an_unknown_step_is_not_found(client, actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    assert client.get(step(draft, "nothing")).status_code == 404
    assert client.post(at(draft, "declaration_autosave", "nothing")).status_code == 404
    assert list(BY_SLUG) == [one.slug for one in STEPS]


def test_the_check_says_what_holds_for_every_answer_and_what_waits_for_one(client, actor, clock):
    draft = make_declaration("S01", actor=actor, now=clock())
    for name in ("entry_type", "state_of_destination", "isf"):
        draft.header.pop(name)
    draft.header["transport"] = {}
    draft.save()
    item = draft.items.get()
    item.content.pop("export_country")
    item.save()
    page = client.get(at(draft, "declaration_check"))
    words = words_of(page)
    assert "does not say from which country the goods were exported" in words, "wanted by all entry types that we file"
    assert "must say in which state the goods end up" not in words, "not wanted by type 11"
    waiting = [
        (one.xpath("a/@href"), " ".join(one.text_content().split()))
        for one in page_of(page).xpath("//p[starts-with(normalize-space(), 'More checks follow')]")
    ]
    (first, by_type), (second, by_mode) = waiting
    assert first == [f"{step(draft, 'file')}#id_entry_type"]
    assert "once you choose the entry type. As far as they then apply:" in by_type
    assert "State of destination" in by_type
    assert second == [f"{step(draft, 'transport')}#id_transport_mode"]
    for one in ("Carrier", "Bill", "Security filing"):
        assert one.lower() in by_mode.lower(), by_mode
    draft.header |= {"entry_type": "11", "transport": {"mode": "60"}}
    draft.save()
    assert "More checks follow" not in words_of(client.get(at(draft, "declaration_check")))
