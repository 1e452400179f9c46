"""Answers pushed to a callback: signed, repeated, never given up."""

import hashlib
import hmac
import http.server
import threading
import time

import pytest
from lxml import etree


@pytest.fixture
def receiver():
    """A callback that remembers what came and answers with the next of its statuses."""
    seen, statuses = [], []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append(({name.lower(): value for name, value in self.headers.items()}, body, self.path))
            self.send_response(statuses.pop(0) if statuses else 202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    server.seen, server.statuses = seen, statuses
    server.address = f"http://127.0.0.1:{server.server_address[1]}/callback?client=1"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def ids(receiver):
    return [headers["x-notification-id"] for headers, _, _ in receiver.seen]


def test_pushed_answers_are_signed_and_wait_no_longer(start, make, receiver, until):
    wire = make.Wire(start(callback=receiver.address).url)
    conversation = wire.send(make.declaration("A01-push")).headers["x-conversation-id"]
    wire.pass_time(10)
    until(lambda: len(receiver.seen) == 4 and not wire.unpulled())
    told, nonces = [], set()
    for headers, body, path in receiver.seen:
        signed = f"{headers['x-notification-id']}.{headers['x-timestamp']}.{headers['x-nonce']}.".encode() + body
        expected = hmac.new(b"push-word", signed, hashlib.sha256).hexdigest()
        assert headers["x-signature"] == f"v1={expected}"
        assert abs(int(headers["x-timestamp"]) - time.time()) < 60
        assert headers["x-conversation-id"] == conversation
        assert headers["content-type"].startswith("application/xml")
        assert path == "/callback?client=1"
        assert wire.fetch(headers["x-notification-id"]).body == body
        nonces.add(headers["x-nonce"])
        told.append(make.told(etree.fromstring(body)))
    assert told == ["01", "13/67", "13/4", "09"]
    assert len(nonces) == 4


def test_server_errors_are_repeated_and_do_not_hold_back_others(start, make, receiver, until):
    receiver.statuses += [500, 503]
    wire = make.Wire(start(callback=receiver.address, unit=50).url)
    wire.send(make.declaration("A02-push"))
    until(lambda: len(receiver.seen) == 4 and not wire.unpulled())
    assert len(set(ids(receiver))) == 2


def test_refusals_are_repeated_much_later(start, make, receiver, until):
    receiver.statuses += [400]
    wire = make.Wire(start(callback=receiver.address, unit=20).url)
    wire.send(make.declaration("A02-push"))
    until(lambda: len(receiver.seen) == 2)
    assert len(wire.unpulled()) == 1
    until(lambda: len(receiver.seen) == 3 and not wire.unpulled())
    assert ids(receiver)[0] == ids(receiver)[2]


def test_silence_is_repeated(start, make, receiver, until):
    server = start(callback="http://127.0.0.1:9/", unit=20)
    wire = make.Wire(server.url)
    wire.send(make.declaration("A02-push"))
    store = server.authority.store
    until(lambda: (row := store.row("SELECT max(pushes) AS n FROM answers")) and (row["n"] or 0) >= 2)
    assert len(wire.unpulled()) == 2


def test_what_was_pulled_is_not_pushed(start, make, receiver):
    server = start(callback=receiver.address)
    wire = make.Wire(server.url)
    receiver.statuses += [503] * 50
    wire.send(make.declaration("A02-push"))
    wire.pass_time(10)
    assert len(wire.drain()) == 2
    before = len(receiver.seen)
    time.sleep(0.3)
    assert len(receiver.seen) <= before + 2
    assert wire.unpulled() == []
