"""Amendments, cancellations and goods presented."""

import pytest


def references(tree, make):
    place = "Response/Declaration/"
    return make.told(tree), make.first(tree, place + "FunctionalReferenceID"), make.first(tree, place + "ID")


def test_cancelled_before_release_and_later_answers_never_come(wire, make):
    conversation = wire.send(make.declaration("A15-can")).headers["x-conversation-id"]
    assert wire.story(1.2) == ["01", "13/67", "13/115"]
    wire.send(make.request("INV1"))
    wire.pass_time(100)
    rows = wire.unpulled()
    told = [references(tree, make) for tree in wire.drain()]
    assert told == [("10", "A15-can", make.number()), ("11/39", "INV1", make.number())]
    assert rows[0]["conversation_id"] == conversation != rows[1]["conversation_id"]


def test_a_cancelled_entry_number_may_be_filed_again(wire, make):
    wire.send(make.declaration("A01-can"))
    wire.send(make.request("INV1"))
    assert wire.story() == ["10", "11/39"]
    wire.send(make.declaration("A01-new"))
    assert wire.story() == ["01", "13/67", "13/4", "09"]


@pytest.mark.parametrize(("script", "seconds"), [("A15", 1.6), ("A01", 10), ("S01", 1.6)])
def test_after_release_or_clearing_a_cancellation_is_refused(wire, make, script, seconds):
    wire.send(make.declaration(f"{script}-rel"))
    before = wire.story(seconds)
    wire.send(make.request("INV1"))
    after = wire.story()
    assert "11/41" in after
    assert "10" not in after
    assert (before + after)[-1] == "09" or after == ["11/41"]


def test_a_revoked_release_can_be_cancelled(wire, make):
    wire.send(make.declaration("A17-rev"))
    assert wire.story()[-1] == "05/99"
    wire.send(make.request("INV1"))
    assert wire.story() == ["10", "11/39"]


def test_an_amendment_is_granted_under_its_own_reference(wire, make):
    wire.send(make.declaration("A01-am"))
    assert wire.story() == ["01", "13/67", "13/4", "09"]
    wire.send(make.request("COR1", kind="COR"))
    wire.pass_time(10)
    assert [references(tree, make) for tree in wire.drain()] == [("11/39", "COR1", make.number())]
    rows = wire.admin("declarations").json
    assert [(row["lrn"], row["function"], row["type"], row["effects"]) for row in rows] == [
        ("A01-am", "9", "01", 1),
        ("COR1", "13", "COR", 1),
    ]


def test_an_amendment_with_new_lines_changes_the_statement_and_the_version(wire, make):
    wire.send(make.declaration("A01-am", items=[make.item(1, value="1000")]))
    wire.pass_time(10)
    before = [make.charges(tree)[1, "DTY"] for tree in wire.drain() if make.told(tree) == "13/4"]
    amended = make.declaration("COR1", items=[make.item(1, value="2000")], function="13", kind="COR")
    wire.send(amended)
    wire.pass_time(10)
    trees = wire.drain()
    assert [make.told(tree) for tree in trees] == ["11/39", "13/4"]
    assert make.first(trees[1], "Response/Declaration/VersionID") == "2"
    assert make.first(trees[1], "Response/Declaration/FunctionalReferenceID") == "A01-am"
    assert make.charges(trees[1])[1, "DTY"] == 2 * before[0]


def test_an_amendment_before_release_renews_the_provisional_statement(wire, make):
    wire.send(make.declaration("C01-am", items=[make.item(1, value="1000")]))
    wire.pass_time(10)
    before = [make.charges(tree)[1, "DTY"] for tree in wire.drain() if make.told(tree) == "13/67"]
    wire.send(make.declaration("C01-am-2", items=[make.item(1, value="3000")], function="13", kind="COR"))
    wire.pass_time(10)
    trees = wire.drain()
    assert [make.told(tree) for tree in trees] == ["11/39", "13/67"]
    assert make.charges(trees[1])[1, "DTY"] == 3 * before[0]


def test_an_amendment_before_the_first_statement_is_in_that_statement(wire, make):
    wire.send(make.declaration("C01-am", items=[make.item(1, value="1000")]))
    wire.send(make.declaration("C01-am-2", items=[make.item(1, value="3000")], function="13", kind="COR"))
    assert sorted(wire.story()) == ["01", "11/39", "13/67"]


@pytest.mark.parametrize(("script", "answer"), [("C02", "11/41"), ("C03", "03")])
def test_an_accepted_declaration_waits_and_its_amendment_is_refused(wire, make, script, answer):
    wire.send(make.declaration(f"{script}-am"))
    assert wire.story() == ["01", "13/67"]
    wire.send(make.declaration(f"{script}-am-2", function="13", kind="COR"))
    assert wire.story() == [answer]


def test_an_amendment_with_errors_is_refused_and_the_declaration_stays(wire, make):
    wire.send(make.declaration("S01-am"))
    wire.story()
    wire.send(make.declaration("COR1", items=[make.item(1, origin="")], function="13", kind="COR"))
    wire.pass_time(10)
    (tree,) = wire.drain()
    assert references(tree, make)[:2] == ("03", "COR1")
    assert make.errors(tree) == [("US20002", "42A/67A/68A[1]/92A/063")]
    wire.send(make.request("COR2", kind="COR"))
    assert wire.story() == ["11/39"]


@pytest.mark.parametrize("kind", ["COR", "INV", "GPR"])
def test_a_request_for_an_unknown_entry_is_refused(wire, make, kind):
    wire.send(make.request("R1", make.number(77), kind))
    wire.pass_time(10)
    (tree,) = wire.drain()
    assert references(tree, make) == ("03", "R1", make.number(77))
    assert make.errors(tree) == [("US12015", "42A/D014")]


def test_a_second_request_waits_for_the_answer_to_the_first(wire, make):
    wire.send(make.declaration("A01-two"))
    wire.story()
    wire.send(make.request("COR1", kind="COR"))
    wire.send(make.request("INV1"))
    wire.pass_time(10)
    told = {make.first(tree, "Response/Declaration/FunctionalReferenceID"): tree for tree in wire.drain()}
    assert make.told(told["COR1"]) == "11/39"
    assert make.errors(told["INV1"]) == [("US12036", "42A/D013")]


def test_the_same_request_again_has_no_second_effect(wire, make):
    wire.send(make.declaration("A01-dup"))
    wire.send(make.request("INV1"))
    wire.send(make.request("INV1"))
    assert sorted(wire.story()) == ["03", "10", "11/39"]


@pytest.mark.parametrize(("script", "answer"), [("A19", "11/41"), ("A20", "03")])
def test_scripts_that_refuse_an_amendment(wire, make, script, answer):
    wire.send(make.declaration(f"{script}-x"))
    assert wire.story() == ["01", "13/67", "13/4", "09"]
    wire.send(make.request("COR1", kind="COR"))
    assert wire.story() == [answer]


def test_a_cancellation_without_a_reason_is_no_cancellation(wire, make):
    body = make.request("INV1").replace(b"<Amendment><ChangeReasonCode>1</ChangeReasonCode></Amendment>", b"")
    assert wire.send(body).status == 400
