"""The doors: who may enter, what is refused at once, and what happens when the answer does not get through."""

import contextlib
import hashlib
import http.client
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from lxml import etree


def outcomes(wire):
    return [row["outcome"] for row in wire.admin("received").json]


def refused(reply, text):
    tree = etree.fromstring(reply.body)
    assert reply.status == 400
    assert reply.headers["content-type"].startswith("application/xml")
    assert (tree.tag, tree.findtext("code")) == ("errorResponse", "BAD_REQUEST")
    rows = [(one.findtext("code"), one.findtext("message")) for one in tree.findall("errors/error")]
    assert rows
    assert {code for code, _ in rows} == {"xml_validation_error"}
    assert any(re.search(text, message) for _, message in rows), rows


def test_token_is_given_for_the_right_secret_only(wire):
    reply = wire.sign_in()
    assert (reply.status, reply.json["token_type"], reply.json["expires_in"]) == (200, "Bearer", 3600)
    assert wire.sign_in("wrong").status == 401
    wire.client = "nobody"
    assert wire.sign_in("").status == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/declarations"),
        ("GET", "/declarations?lrn=x"),
        ("GET", "/notifications/unpulled"),
        ("GET", "/notifications/" + 32 * "0"),
        ("PUT", "/notifications/" + 32 * "0" + "/pulled"),
    ],
)
def test_without_a_token_no_door_opens(wire, method, path):
    for token in ("", "wrong"):
        reply = wire.call(method, path, token=token)
        assert (reply.status, reply.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("path", ["declarations", "received"])
def test_without_the_admin_token_no_admin_door_opens(wire, path):
    assert wire.admin(path, token="wrong").status == 401
    assert wire.admin("clock", {"advance_seconds": 1}, token="").status == 401


def test_health_and_unknown_addresses(wire):
    assert wire.call("GET", "/healthz", token="").status == 200
    assert wire.call("GET", "/nowhere").status == 404
    assert wire.call("PUT", "/declarations").status == 405
    assert wire.admin("nowhere").status == 404


def test_message_is_acknowledged_and_can_be_asked_for(wire, make):
    body = make.declaration("LRN1")
    conversation = wire.send(body).headers["x-conversation-id"]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", conversation)
    answer = wire.ask("LRN1").json
    assert answer.pop("received_at").endswith("Z")
    assert answer == {
        "lrn": "LRN1",
        "conversation_id": conversation,
        "mrn": make.number(),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    assert wire.ask("LRN2").status == 404


def test_another_client_sees_nothing_of_it(url, wire, make):
    other = make.Wire(url, "other")
    wire.send(make.declaration("A01-mine"))
    wire.pass_time(10)
    assert other.ask("A01-mine").status == 404
    assert other.unpulled() == []
    identity = wire.unpulled()[0]["id"]
    assert other.fetch(identity).status == 404
    assert other.pulled(identity) == 404
    other.send(make.request("INV-theirs"))
    other.pass_time(10)
    assert [make.errors(tree)[0][0] for tree in other.drain()] == ["US12015"]


def test_answers_wait_until_they_are_pulled_and_can_be_read_for_fourteen_days(wire, make):
    wire.send(make.declaration("A01-pull"))
    wire.pass_time(10)
    rows = wire.unpulled()
    assert [row["id"] for row in wire.unpulled(2)] == [row["id"] for row in rows[:2]]
    first = rows[0]["id"]
    before = wire.fetch(first)
    assert wire.pulled(first) == 204
    assert wire.pulled(first) == 204
    assert [row["id"] for row in wire.unpulled()] == [row["id"] for row in rows[1:]]
    assert wire.fetch(first).body == before.body
    wire.pass_time(14 * 86_400)
    assert wire.fetch(first).status == 404
    assert wire.unpulled() == []
    assert wire.pulled(32 * "0") == 404


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><a>&d;</a>'


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda body: b"no xml at all", "not well-formed"),
        (lambda body: body[:-20], "not well-formed"),
        (lambda body: BOMB, "document type"),
        (
            lambda body: body.replace(b"<md:MetaData", b'<!DOCTYPE x SYSTEM "file:///etc/hostname"><md:MetaData', 1),
            "document",
        ),
        (lambda body: body.replace(b"UTF-8", b"ISO-8859-1"), "UTF-8"),
        (lambda body: body.decode().encode("utf-16"), "UTF-8"),
        (lambda body: body.replace(b"goods", b"caf\xe9"), "not UTF-8"),
        (lambda body: b"<a>" * 40 + b"</a>" * 40, "nested"),
        (lambda body: b"<a>" * 5000 + b"</a>" * 5000, "not well-formed|nested"),
        (lambda body: body.replace(b"DEC-DMS:2", b"DEC-DMS:3"), "exactly one Declaration"),
        (lambda body: body.replace(b"DocumentMetaData-DMS:2", b"DocumentMetaData-DMS:1"), "root element"),
        (
            lambda body: re.sub(rb"<FunctionalReferenceID>.*?</FunctionalReferenceID>", b"", body),
            "FunctionalReferenceID",
        ),
        (lambda body: re.sub(rb"<GoodsShipment>.*</GoodsShipment>", b"", body), "GoodsShipment is missing"),
        (lambda body: re.sub(rb"<SequenceNumeric>1</SequenceNumeric>", b"", body), "SequenceNumeric is missing"),
        (lambda body: body.replace(b"<FunctionCode>9", b"<FunctionCode>8"), "FunctionCode"),
        (lambda body: body.replace(b"<TypeCode>01", b"<TypeCode>COR"), "TypeCode"),
        (lambda body: body.replace(b">LRN1<", b">" + b"L" * 23 + b"<"), "FunctionalReferenceID"),
        (lambda body: body.replace(b"<ID>ZZZ", b"<ID>ZZ-"), "Declaration/ID"),
        (lambda body: body.replace(b">2709<", b">27090<"), "DeclarationOfficeID"),
        (lambda body: body.replace(b">1000<", b">-5<"), "CustomsValueAmount"),
        (lambda body: body.replace(b">goods<", b">" + b"x" * 513 + b"<"), "Description"),
        (lambda body: body.replace(b"<GoodsItemQuantity>1</GoodsItemQuantity>", b"", 1), "GoodsItemQuantity"),
        (lambda body: body.replace(b"<TypeCode>01</TypeCode>", b"<TypeCode>01</TypeCode><Surprise/>"), "not known"),
        (
            lambda body: body.replace(b"<DeclarationOfficeID>2709</DeclarationOfficeID>", b"").replace(
                b"<GoodsItemQuantity>", b"<DeclarationOfficeID>2709</DeclarationOfficeID><GoodsItemQuantity>", 1
            ),
            "wrong order",
        ),
    ],
)
def test_wrong_structure_is_refused_at_once_and_kept(wire, make, change, text):
    refused(wire.send(change(make.declaration("LRN1"))), text)
    assert outcomes(wire) == ["structure refused"]
    assert wire.ask("LRN1").status == 404
    assert wire.story() == []


def test_wrong_encoding_in_the_header_is_refused(wire, make):
    refused(wire.send(make.declaration("LRN1"), **{"Content-Type": "application/xml; charset=latin-1"}), "UTF-8")
    assert wire.send(make.declaration("LRN1"), **{"Content-Encoding": "gzip"}).status == 415


def test_a_body_over_the_limit_is_refused_unread(wire, make):
    assert wire.send(b" " * (20 * 1024 * 1024 + 1)).status == 413
    assert outcomes(wire) == []


def test_a_body_without_a_length_is_refused(wire):
    """The door answers at the header, so that nothing of the body need be on its way."""
    with contextlib.closing(http.client.HTTPConnection(wire.place.hostname, wire.place.port, timeout=5)) as connection:
        connection.putrequest("POST", "/declarations")
        connection.putheader("Authorization", f"Bearer {wire.token}")
        connection.putheader("Transfer-Encoding", "chunked")
        connection.endheaders()
        assert connection.getresponse().status == 411


def test_nine_hundred_ninety_nine_lines_are_taken(wire, make):
    items = [make.item(n) for n in range(1, 1000)]
    assert wire.send(make.declaration("S-long", items=items)).status == 202
    assert wire.story() == ["01", "13/67", "08", "13/4", "09"]


def test_the_same_message_again_has_no_second_effect(wire, make):
    body = make.declaration("A01-same")
    conversation = wire.send(body).headers["x-conversation-id"]
    again = wire.send(body)
    assert (again.status, again.headers["x-conversation-id"]) == (202, conversation)
    wire.pass_time(10)
    trees = wire.drain()
    assert sorted(make.told(tree) for tree in trees) == ["01", "03", "09", "13/4", "13/67"]
    (rejection,) = [tree for tree in trees if make.told(tree) == "03"]
    assert make.errors(rejection) == [("US12003", "42A/D026")]
    assert make.first(rejection, "Response/Declaration/FunctionalReferenceID") == "A01-same"
    assert outcomes(wire) == ["accepted", "duplicate"]
    (row,) = wire.admin("declarations").json
    assert (row["lrn"], row["mrn"], row["effects"], row["function"], row["type"]) == (
        *("A01-same", make.number(), 1),
        *("9", "01"),
    )


def test_a_reference_used_within_two_days_is_refused_and_free_again_later(wire, make):
    wire.send(make.declaration("A01-lrn"))
    assert wire.story() == ["01", "13/67", "13/4", "09"]
    wire.send(make.declaration("A01-lrn", make.number(2)))
    assert wire.story() == ["03"]
    wire.pass_time(48 * 3600)
    wire.send(make.declaration("A01-lrn", make.number(3)))
    assert wire.story() == ["01", "13/67", "13/4", "09"]
    assert outcomes(wire) == ["accepted", "reference reused", "accepted"]


def test_the_same_bytes_are_the_same_message_however_late(wire, make):
    wire.send(make.declaration("A01-old"))
    assert wire.story(49 * 3600) == ["01", "13/67", "13/4", "09"]
    wire.send(make.declaration("A01-old"))
    assert outcomes(wire) == ["accepted", "duplicate"]


def test_a_live_entry_number_is_filed_once(wire, make):
    wire.send(make.declaration("A01-one"))
    assert wire.story() == ["01", "13/67", "13/4", "09"]
    wire.send(make.declaration("A01-two"))
    wire.pass_time(10)
    (tree,) = wire.drain()
    assert make.errors(tree) == [("US12015", "42A/D014")]


def test_twenty_at_once_have_one_effect_each(wire, make):
    bodies = [make.declaration(f"A02-{n // 2}", make.number(n // 2)) for n in range(20)]
    with ThreadPoolExecutor(10) as pool:
        assert [reply.status for reply in pool.map(wire.send, bodies)] == [202] * 20
    rows = wire.admin("declarations").json
    assert sorted(row["lrn"] for row in rows) == sorted(f"A02-{n}" for n in range(10))
    assert {row["effects"] for row in rows} == {1}
    assert sorted(outcomes(wire)) == ["accepted"] * 10 + ["duplicate"] * 10


LOST = (http.client.RemoteDisconnected, ConnectionError)


def test_b01_processed_and_the_acknowledgement_lost(wire, make):
    with pytest.raises(LOST):
        wire.send(make.declaration("B01-lost"))
    assert wire.ask("B01-lost").json["mrn"] == make.number()
    assert wire.story() == ["01", "13/67", "13/4", "09"]
    assert wire.send(make.declaration("B01-lost")).status == 202
    assert [row["effects"] for row in wire.admin("declarations").json] == [1]


@pytest.mark.parametrize(("script", "status"), [("B02", 504), ("B04", 500)])
def test_an_error_after_processing(wire, make, script, status):
    assert wire.send(make.declaration(f"{script}-x")).status == status
    assert wire.ask(f"{script}-x").status == 200
    assert wire.story() == ["01", "13/67", "13/4", "09"]


def test_b03_not_taken_the_first_time(wire, make):
    with pytest.raises(LOST):
        wire.send(make.declaration("B03-x"))
    assert wire.ask("B03-x").status == 404
    assert wire.story() == []
    assert wire.send(make.declaration("B03-x")).status == 202
    assert wire.story() == ["01", "13/67", "13/4", "09"]
    assert outcomes(wire) == ["dropped", "accepted"]


def test_b05_too_many_then_closed_then_taken(wire, make):
    replies = [wire.send(make.declaration("B05-x")) for _ in range(4)]
    assert [(reply.status, reply.headers.get("retry-after")) for reply in replies] == [
        *[(429, "1"), (429, "1"), (503, "1"), (202, None)],
    ]
    assert wire.story() == ["01", "13/67", "13/4", "09"]


def test_b06_page_of_a_firewall(wire, make):
    reply = wire.send(make.declaration("B06-x"))
    assert (reply.status, reply.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert wire.ask("B06-x").status == 404


def test_b07_token_ends_in_mid_run(wire, make):
    assert wire.send(make.declaration("B07-x")).status == 401
    assert wire.send(make.declaration("B07-x")).status == 401
    wire.token = wire.sign_in().json["access_token"]
    assert wire.send(make.declaration("B07-x")).status == 202


def test_b08_no_conversation_is_named(wire, make):
    reply = wire.send(make.declaration("B08-x"))
    assert (reply.status, reply.headers.get("x-conversation-id")) == (202, None)
    assert wire.story() == ["01", "13/67", "13/4", "09"]


def test_b09_one_refusal_for_the_reference_beside_the_usual_story(wire, make):
    wire.send(make.declaration("B09-x"))
    wire.pass_time(10)
    (rejection,) = [tree for tree in wire.drain() if make.told(tree) == "03"]
    assert make.errors(rejection) == [("US12003", "42A/D026")]


def test_b11_the_acknowledgement_is_slow(wire, make):
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(wire.send, make.declaration("B11-x"))
        while wire.ask("B11-x").status == 404:
            assert not slow.done()
        assert not slow.done()
        assert slow.result().status == 202


def test_rate_limit_when_there_is_one(start, make):
    wire = make.Wire(start(rate_limit=2).url)
    replies = [wire.send(make.declaration(f"A02-{n}", make.number(n))) for n in range(3)]
    assert [reply.status for reply in replies] == [202, 202, 429]
    assert replies[2].headers["retry-after"] == "1"
