"""Faults by chance, and answers by hand."""

import http.client

import pytest
from lxml import etree


def bodies(wire):
    return [wire.fetch(row["id"]).body for row in wire.unpulled()]


def test_lost_acknowledgements_leave_one_effect(wire, make):
    wire.admin("faults", {"lose_ack": 0.5, "seed": 7})
    lost = 0
    for n in range(20):
        body = make.declaration(f"A02-{n}", make.number(n))
        try:
            wire.send(body)
        except (http.client.RemoteDisconnected, ConnectionError):
            lost += 1
            assert wire.ask(f"A02-{n}").status == 200
    assert 3 < lost < 17
    assert [row["effects"] for row in wire.admin("declarations").json] == [1] * 20


def test_refused_messages_are_not_taken(wire, make):
    wire.admin("faults", {"refuse": 1})
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        wire.send(make.declaration("A01-x"))
    assert wire.ask("A01-x").status == 404
    assert [row["outcome"] for row in wire.admin("received").json] == ["dropped"]
    wire.admin("faults", {})
    assert wire.send(make.declaration("A01-x")).status == 202


def test_server_errors_with_and_without_effect(wire, make):
    wire.admin("faults", {"error_5xx": 1, "seed": 3})
    replies = {}
    for n in range(12):
        reply = wire.send(make.declaration(f"A02-{n}", make.number(n)))
        replies.setdefault(reply.status, []).append(wire.ask(f"A02-{n}").status)
    assert set(replies) == {500, 502}
    assert set(replies[500]) == {200}
    assert set(replies[502]) == {404}


def test_rubbish_and_unknown_codes_come_in_addition(wire, make):
    wire.admin("faults", {"garbage": 1, "unknown": 1})
    wire.send(make.declaration("A01-x"))
    wire.pass_time(10)
    told, rubbish = [], 0
    for body in bodies(wire):
        try:
            told.append(make.told(etree.fromstring(body)))
        except etree.XMLSyntaxError:
            rubbish += 1
    assert rubbish == 4
    assert sorted(told) == ["01", "09", "13/4", "13/67", "77", "77", "77", "77"]


def test_duplicates_late_and_reordered_answers_all_come_in_the_end(wire, make):
    wire.admin("faults", {"duplicate": 1, "late": 0.5, "reorder": 1, "seed": 5})
    wire.send(make.declaration("A15-x"))
    wire.pass_time(100)
    trees = [etree.fromstring(body) for body in bodies(wire)]
    usual = ["01", "13/67", "13/115", "08", "13/4", "09"]
    assert sorted(make.told(tree) for tree in trees) == sorted(2 * usual)
    assert len({make.first(tree, "Response/FunctionalReferenceID") for tree in trees}) == 6
    seen = list(dict.fromkeys(make.told(tree) for tree in trees))
    assert seen != usual


def test_slowness(wire, make):
    wire.admin("faults", {"slow_seconds": 0.2})
    assert wire.send(make.declaration("A01-x")).status == 202


@pytest.mark.parametrize(
    "given", [{"lose_ack": 2}, {"lose_ack": "0.5"}, {"lose_ack": True}, {"nonsense": 1}, {"slow_seconds": -1}, [1]]
)
def test_impossible_faults_are_refused(wire, given):
    assert wire.admin("faults", given).status == 400


def test_the_clock_moves_forward_only(wire):
    for seconds in (-1, "3", None, True):
        assert wire.admin("clock", {"advance_seconds": seconds}).status == 400
    assert wire.pass_time(86_400)["now"].endswith("Z")


def test_an_answer_by_hand(wire, make):
    conversation = wire.send(make.declaration("A02-x")).headers["x-conversation-id"]
    wire.story()
    given = {
        "lrn": "A02-x",
        "function": "06",
        "status": "1",
        "errors": [{"code": "US13000", "description": "look", "pointer": "42A/67A/68A[3]/108"}],
        "notes": [{"code": "document", "text": "packing list"}],
        "response_id": 32 * "a",
    }
    assert wire.admin("answers", given).status == 200
    (row,) = wire.unpulled()
    tree = etree.fromstring(wire.fetch(row["id"]).body)
    assert row["conversation_id"] == conversation
    assert make.told(tree) == "06/1"
    assert make.errors(tree) == [("US13000", "42A/67A/68A[3]/108")]
    assert make.first(tree, "Response/FunctionalReferenceID") == 32 * "a"
    assert make.first(tree, "Response/AdditionalInformation/StatementDescription") == "packing list"
    assert make.first(tree, "Response/Declaration/ID") == make.number()


def test_an_answer_by_hand_about_nothing_known_must_say_so(wire, make):
    assert wire.admin("answers", {"lrn": "nobody", "function": "01"}).status == 400
    assert wire.admin("answers", {"lrn": "nobody", "function": "01", "unmatched": True, "mrn": "X"}).status == 200
    (tree,) = wire.drain()
    assert make.first(tree, "Response/Declaration/FunctionalReferenceID") == "nobody"


@pytest.mark.parametrize("given", [{"function": "x"}, {"function": "01", "layout": "odd"}, {"function": 1}])
def test_nonsense_by_hand_is_refused(wire, make, given):
    wire.send(make.declaration("A02-x"))
    assert wire.admin("answers", {"lrn": "A02-x"} | given).status == 400
