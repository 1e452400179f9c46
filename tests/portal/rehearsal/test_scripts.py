"""Each script tells its story, in its order."""

import pytest
from lxml import etree

STORIES = {
    "A01": ["01", "13/67", "13/4", "09"],
    "A02": ["01", "09"],
    "A03": ["03"],
    "A04": ["02"],
    "A05": ["13/67", "01", "13/4", "09"],
    "A06": ["09", "13/4", "01", "13/67"],
    "A09": ["01+13/67", "13/4+09"],
    "A11": ["01", "13/67", "13/4", "09"],
    "A12": ["01", "13/67", "13/4", "09"],
    "A13": ["01", "13/67", "14", "13/4", "09"],
    "A15": ["01", "13/67", "13/115", "08", "13/4", "09"],
    "A16": ["01", "09"],
    "A17": ["01", "13/67", "08", "05/99"],
    "A18": ["01", "13/67", "50", "50", "08", "13/4", "09"],
    "C01": ["01", "13/67"],
    "B09": ["01", "13/67", "03", "13/4", "09"],
    "S01": ["01", "13/67", "08", "13/4", "09"],
    "a01": ["01", "13/67", "13/4", "09"],
}


@pytest.mark.parametrize("script", STORIES)
def test_a_script_tells_its_story(wire, make, script):
    reply = wire.send(make.declaration(f"{script}-2026-x"))
    assert (reply.status, reply.body) == (202, b"")
    assert wire.story() == STORIES[script]


def test_every_answer_carries_the_references_and_an_id_of_its_own(wire, make):
    conversation = wire.send(make.declaration("A01-refs")).headers["x-conversation-id"]
    wire.pass_time(10)
    rows, ids = wire.unpulled(), set()
    for row in rows:
        reply = wire.fetch(row["id"])
        tree = etree.fromstring(reply.body)
        ids.add(make.first(tree, "Response/FunctionalReferenceID"))
        assert row["conversation_id"] == reply.headers["x-conversation-id"] == conversation
        assert make.first(tree, "Response/Declaration/FunctionalReferenceID") == "A01-refs"
        assert make.first(tree, "Response/Declaration/ID") == make.number()
        stamp = tree.find("Response/IssueDateTime/DateTimeString")
        assert stamp.get("formatCode") == "304"
        assert len(stamp.text) == 15
        assert stamp.text.endswith("Z")
    assert len(ids) == len(rows) == 4
    assert all(len(one) == 32 and int(one, 16) >= 0 for one in ids)


def test_nothing_is_answered_before_it_is_due(wire, make):
    wire.send(make.declaration("A01-due"))
    assert wire.unpulled() == []
    wire.admin("clock", {"advance_seconds": 1})
    assert [make.told(tree) for tree in wire.drain()] == ["01", "13/67"]
    assert wire.story(1.2) == ["13/4"]


def test_rejection_points_to_line_two_and_its_third_number_and_to_the_header(wire, make):
    items = [make.item(1), make.item(2, numbers=("99039106", "99030531", "8507600090"))]
    wire.send(make.declaration("A03-three", items=items))
    wire.pass_time(2)
    (tree,) = wire.drain()
    assert make.errors(tree) == [
        ("US20002", "42A/67A/68A[2]/92A/063"),
        ("US20001", "42A/67A/68A[2]/23A/21A[3]/145"),
        ("US10001", "42A/065"),
    ]


def test_rejection_of_a_single_line_points_to_it_and_its_only_number(wire, make):
    wire.send(make.declaration("A03-one"))
    wire.pass_time(2)
    (tree,) = wire.drain()
    assert [place for _, place in make.errors(tree)][:2] == ["42A/67A/68A[1]/92A/063", "42A/67A/68A[1]/23A/21A[1]/145"]


def test_a_rejected_declaration_is_filed_again_under_a_new_reference_and_the_same_number(wire, make):
    wire.send(make.declaration("A03-again"))
    assert wire.story() == ["03"]
    wire.send(make.declaration("A03-again-2"))
    assert wire.story() == ["01", "13/67", "13/4", "09"]


def test_repeated_answers_keep_their_response_id_and_may_differ_in_blanks(wire, make):
    wire.send(make.declaration("A07-twice"))
    wire.pass_time(10)
    bodies = [wire.fetch(row["id"]).body for row in wire.unpulled()]
    told = {}
    for body in bodies:
        tree = etree.fromstring(body)
        told.setdefault(make.first(tree, "Response/FunctionalReferenceID"), []).append((make.told(tree), body))
    assert sorted(one for rows in told.values() for one, _ in rows) == sorted(2 * ["01", "13/67", "13/4", "09"])
    assert len({row["id"] for row in wire.unpulled()}) == 8
    same = [rows[0][1] == rows[1][1] for rows in told.values()]
    assert sorted(same) == [False, False, True, True]
    for (_, one), (_, other) in told.values():
        assert b"".join(one.split()) == b"".join(other.split())


def test_a_repeat_comes_three_units_later(wire, make):
    wire.send(make.declaration("A07-later"))
    assert wire.story(3) == ["01", "13/67", "13/4", "09"]
    assert wire.story(3) == ["01", "13/67", "13/4", "09"]


def test_acceptance_with_a_warning(wire, make):
    wire.send(make.declaration("A12-warn"))
    wire.pass_time(1)
    accepted = wire.drain()[0]
    assert make.told(accepted) == "01"
    assert make.errors(accepted) == [("US13000", "42A/67A/68A[1]")]


def test_reverse_order_keeps_the_true_times_and_other_offsets(wire, make):
    wire.send(make.declaration("A06-back"))
    wire.pass_time(10)
    stamps = [make.first(tree, "Response/IssueDateTime/DateTimeString") for tree in wire.drain()]
    assert stamps[0].endswith("+01")
    assert stamps[1].endswith("+0530")
    assert stamps[3] == stamps[2] < stamps[0]


def test_goods_presented_let_a_received_declaration_go_on(wire, make):
    wire.send(make.declaration("A04-early"))
    assert wire.story() == ["02"]
    wire.send(make.request("G1", kind="GPR"))
    assert wire.story() == ["01", "13/67", "11/39", "13/4", "09"]
    wire.send(make.request("G2", kind="GPR"))
    assert wire.story() == ["11/39"]


def test_control_two_days_after_clearing(wire, make):
    wire.send(make.declaration("A16-late"))
    assert wire.story() == ["01", "09"]
    assert wire.story(2 * 86_400) == ["05"]


def test_a_hold_names_the_agency_and_is_lifted(wire, make):
    wire.send(make.declaration("A18-hold"))
    wire.pass_time(10)
    holds = [tree for tree in wire.drain() if make.told(tree) == "50"]
    notes = [
        {n.findtext("StatementCode"): n.findtext("StatementDescription") for n in tree.iter("AdditionalInformation")}
        for tree in holds
    ]
    assert notes == [{"agency": "FDA", "hold": "opened"}, {"agency": "FDA", "hold": "lifted"}]


def test_namespaces_and_prefixes_as_a_live_service_has_them(wire, make):
    wire.send(make.declaration("A11-live"))
    wire.pass_time(1)
    tree = wire.drain()[0]
    assert etree.QName(tree).namespace == "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
    assert tree.xpath("//*[local-name()='DateTimeString']")[0].prefix == "ds"


def test_the_scale_applies_to_what_follows(wire, make):
    assert wire.admin("scale", {"seconds_per_unit": 100}).status == 200
    wire.send(make.declaration("A01-slow"))
    assert wire.story(40) == []
    assert wire.story(20) == ["01", "13/67"]


def test_release_and_summary_filed_apart_get_their_own_answers(wire, make):
    wire.send(make.declaration("S-rel", acts="release"))
    assert wire.story() == ["01", "08"]
    wire.send(make.declaration("S-sum", acts="summary"))
    assert wire.story() == ["01", "13/67", "13/4", "09"]
    wire.send(make.declaration("S-sum-again", acts="summary"))
    wire.send(make.declaration("S-both"))
    assert wire.story() == ["03", "03"]
    wire.send(make.declaration("COR1", function="13", kind="COR", acts="release"))
    assert wire.story() == ["11/39"]


def test_a_repeat_is_the_answer_as_it_was_although_the_declaration_changed(wire, make):
    wire.send(make.declaration("A07-same", items=[make.item(1, value="1000")]))
    wire.pass_time(2.6)
    first = {tree.findtext("Response/FunctionalReferenceID"): tree for tree in wire.drain()}
    wire.send(make.declaration("COR1", items=[make.item(1, value="9000")], function="13", kind="COR"))
    wire.pass_time(3)
    again = [tree for tree in wire.drain() if tree.findtext("Response/FunctionalReferenceID") in first]
    assert [make.told(tree) for tree in again] == ["01", "13/67", "13/4", "09"]
    for tree in again:
        assert make.charges(tree) == make.charges(first[tree.findtext("Response/FunctionalReferenceID")])
