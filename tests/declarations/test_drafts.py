"""Drafts: pages, lines, two people at once, copies."""

import pytest

from declarations.flow import ActRefused
from declarations.models import Declaration
from declarations.services import drafts, filing
from portal.desk.models import Event
from portal.trail.models import TrailEntry
from portal.trail.verification import verify
from tests.makers import NOW, make_actor, make_declaration

pytestmark = pytest.mark.usefixtures("starter")


@pytest.fixture
def actor():
    return make_actor()


@pytest.fixture
def draft(actor):
    return make_declaration("S01", actor=actor)


def write(draft, actor, changes, base=None):
    return drafts.write_step(draft=draft, step="arrival", changes=changes, base=base, actor=actor, now=NOW)


def lines(draft):
    return [item.content["description"] for item in draft.items.order_by("sequence")]


def key_of(draft, sequence):
    return draft.items.get(sequence=sequence).key


def put(draft, actor, text, sequence=None, base=None):
    key = key_of(draft, sequence) if sequence else None
    return drafts.put_line(draft=draft, key=key, content={"description": text}, base=base, actor=actor, now=NOW)


def test_a_page_is_saved_mirrored_and_told(draft, actor):
    saved = write(draft, actor, {"ports/entry": "2704", "dates/estimated_arrival": "2026-12-01"})
    saved.refresh_from_db()
    assert saved.header["ports"]["entry"] == saved.port_of_entry == "2704"
    assert saved.arrives_on.isoformat() == "2026-12-01"
    event = Event.objects.filter(kind="declaration.edit").order_by("-seq").first()
    assert {"pointer": "/ports/entry", "from": "2709", "to": "2704"} in event.changes
    assert TrailEntry.objects.filter(subject=draft.reference, kind="declaration.edit").exists()
    assert list(verify()) == []


def test_saving_the_same_again_writes_no_history(draft, actor):
    before = TrailEntry.objects.count()
    write(draft, actor, {"ports/entry": "2709"})
    assert TrailEntry.objects.count() == before


def test_an_emptied_member_is_gone_not_blank(draft, actor):
    saved = write(draft, actor, {"ports/unlading": None, "contact/phone": ""})
    assert "unlading" not in saved.header["ports"]
    assert "phone" not in saved.header["contact"]


def test_the_second_of_two_people_is_told_loses_nothing_and_sees_both(draft, actor):
    pointers = ["ports/entry", "ports/unlading"]
    seen_by_both = drafts.base_of(drafts.part_of(draft.header, pointers))
    write(draft, actor, {"ports/entry": "2704", "ports/unlading": "2704"}, base=seen_by_both)
    mine = {"ports/entry": "3001", "ports/unlading": "3001"}
    with pytest.raises(drafts.StaleDraft) as told:
        write(draft, actor, mine, base=seen_by_both)
    assert told.value.current == {"ports/entry": "2704", "ports/unlading": "2704"}
    assert told.value.yours == mine
    assert Declaration.objects.get(pk=draft.pk).port_of_entry == "2704"


def test_two_people_on_different_pages_do_not_disturb_each_other(draft, actor):
    ports = drafts.base_of(drafts.part_of(draft.header, ["ports/entry"]))
    state = drafts.base_of(drafts.part_of(draft.header, ["state_of_destination"]))
    write(draft, actor, {"ports/entry": "2704"}, base=ports)
    write(draft, actor, {"state_of_destination": "NV"}, base=state)
    header = Declaration.objects.get(pk=draft.pk).header
    assert (header["ports"]["entry"], header["state_of_destination"]) == ("2704", "NV")


def test_two_people_on_one_line(draft, actor):
    base = drafts.base_of(draft.items.get().content)
    put(draft, actor, "first", 1, base)
    with pytest.raises(drafts.StaleDraft):
        put(draft, actor, "second", 1, base)
    assert lines(draft) == ["first"]


def test_lines_are_added_copied_moved_and_removed_without_gaps(draft, actor):
    put(draft, actor, "a", 1)
    for text in "bcd":
        put(draft, actor, text)
    drafts.copy_line(draft=draft, key=key_of(draft, 2), actor=actor, now=NOW)
    assert lines(draft) == ["a", "b", "c", "d", "b"]
    assert drafts.move_line(draft=draft, key=key_of(draft, 5), by=-4, actor=actor, now=NOW) == 1
    assert lines(draft) == ["b", "a", "b", "c", "d"]
    assert drafts.move_line(draft=draft, key=key_of(draft, 1), by=98, actor=actor, now=NOW) == 5
    assert lines(draft) == ["a", "b", "c", "d", "b"]
    assert drafts.remove_line(draft=draft, key=key_of(draft, 2), actor=actor, now=NOW) == 2
    assert lines(draft) == ["a", "c", "d", "b"]
    draft.refresh_from_db()
    assert list(draft.items.order_by("sequence").values_list("sequence", flat=True)) == [1, 2, 3, 4]
    assert (draft.item_count, draft.goods) == (4, "a")


def test_a_line_that_was_taken_out_is_neither_written_nor_taken_out_again(draft, actor):
    put(draft, actor, "a", 1)
    put(draft, actor, "b")
    gone = key_of(draft, 1)
    drafts.remove_line(draft=draft, key=gone, actor=actor, now=NOW)
    common = {"draft": draft, "key": gone, "actor": actor, "now": NOW}
    for act, more in (
        (drafts.put_line, {"content": {"description": "c"}, "base": None}),
        (drafts.copy_line, {}),
        (drafts.move_line, {"by": 1}),
        (drafts.remove_line, {}),
    ):
        with pytest.raises(drafts.LineGone):
            act(**common, **more)
    assert lines(draft) == ["b"]


def test_a_new_line_that_is_sent_twice_is_one_line(draft, actor):
    put(draft, actor, "a", 1)
    for _time in range(2):
        drafts.put_line(draft=draft, key="K123456789ABC", content={"description": "b"}, base="", actor=actor, now=NOW,
                        is_new=True)  # fmt: skip
    assert lines(draft) == ["a", "b"]


def test_a_line_that_changed_since_the_question_stays(draft, actor):
    item = draft.items.get()
    seen = drafts.base_of(item.content)
    put(draft, actor, "changed", 1)
    with pytest.raises(drafts.StaleDraft):
        drafts.remove_line(draft=draft, key=item.key, base=seen, actor=actor, now=NOW)
    assert lines(draft) == ["changed"]


def test_lines_that_follow_leave_the_others_as_they_are(draft, actor):
    key = key_of(draft, 1)
    drafts.replace_lines(draft=draft, contents=[{"description": "b"}] * 2, after=True, actor=actor, now=NOW)
    assert key_of(draft, 1) == key
    assert [one.sequence for one in draft.items.order_by("pk")] == [1, 2, 3]


def test_the_thousandth_line_is_refused_and_nothing_is_half_saved(draft, actor):
    content = draft.items.get().content
    drafts.replace_lines(draft=draft, contents=[content] * 999, actor=actor, now=NOW)
    assert draft.items.count() == 999
    with pytest.raises(drafts.TooManyLines):
        put(Declaration.objects.get(pk=draft.pk), actor, "one more")
    with pytest.raises(drafts.TooManyLines):
        drafts.replace_lines(draft=draft, contents=[content] * 1000, actor=actor, now=NOW)
    assert draft.items.count() == 999


def test_any_edit_after_preparing_voids_the_version_and_keeps_the_number(actor):
    signed = make_declaration("S01", actor=actor, until="signed")
    version = signed.live_version
    put(signed, actor, "changed", 1)
    signed.refresh_from_db()
    version.refresh_from_db()
    assert (signed.filing, signed.live_version, version.state) == ("DRAFT", None, "VOID")
    assert signed.entry_number == version.entry_number
    with pytest.raises(ActRefused):
        filing.submit(
            version=type(version).objects.select_related("declaration").get(pk=version.pk), actor=actor, now=NOW
        )


def test_a_filed_declaration_cannot_be_edited(actor):
    filed = make_declaration("S01", actor=actor, until="submitted")
    with pytest.raises(ActRefused):
        put(filed, actor, "changed", 1)
    with pytest.raises(ActRefused):
        write(filed, actor, {"ports/entry": "2704"})


def test_file_again_copies_what_lasts_and_leaves_what_belonged_to_one_shipment(actor):
    first = make_declaration("S02", actor=actor, until="submitted")
    copy = drafts.copy_declaration(declaration=first, actor=actor, now=NOW)
    assert copy.filing == "DRAFT"
    assert copy.copied_from_id == first.pk
    assert copy.entry_number == "" != first.entry_number
    assert copy.functional_reference_id == ""
    assert "dates" not in copy.header
    assert "bills" not in copy.header["transport"]
    assert copy.header["parties"]["seller"] == first.header["parties"]["seller"]
    tariffs = [item.content["tariffs"] for item in copy.items.order_by("sequence")]
    assert [[one["hts_number"] for one in part] for part in tariffs] == [["3926909989"], ["3923500000"]]
    assert copy.items.first().content["preference"]["program"] == "S"


def test_a_discarded_draft_is_withdrawn(draft, actor):
    drafts.discard(draft=draft, actor=actor, now=NOW)
    draft.refresh_from_db()
    assert draft.filing == "WITHDRAWN"
    with pytest.raises(ActRefused):
        write(draft, actor, {"ports/entry": "2704"})
