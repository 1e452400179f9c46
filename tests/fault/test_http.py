"""B15: requests that are no good HTTP, or that never end, against the real web server."""

import json
import selectors
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx
import pytest

from tests.support.load import Sender

pytestmark = pytest.mark.fault
SLOW = 200
SECONDS = 14
SMALL = 0.3  # seconds: an answer within that is good enough, whatever it is a multiple of
FILINGS = "/api/v1/filings"


def said(stack, raw, *, seconds=20, close=False):
    """All that is answered to these bytes until the connection ends, or nothing more is said."""
    with closing(socket.create_connection(("127.0.0.1", stack.web_port), 5)) as ours:
        ours.settimeout(seconds)
        ours.sendall(raw)
        if close:
            ours.shutdown(socket.SHUT_WR)
        heard = b""
        while piece := ours.recv(65_536):
            heard += piece
        return heard


def status_of(heard):
    return int(heard.split(b" ", 2)[1]) if heard.startswith(b"HTTP/1.1 ") else None


def head(method="POST", path=FILINGS, *lines):
    """The head of a request that ends its connection."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", *lines, "", ""]).encode()


DAMAGED = {
    "both lengths": (head("POST", FILINGS, "Content-Length: 5", "Transfer-Encoding: chunked") + b"0\r\n\r\n", {400}),
    "two lengths": (head("POST", FILINGS, "Content-Length: 5", "Content-Length: 6") + b"hello", {400}),
    "a length that is none": (head("POST", FILINGS, "Content-Length: five") + b"hello", {400}),
    "a negative length": (head("POST", FILINGS, "Content-Length: -5") + b"hello", {400}),
    "an unknown coding": (head("POST", FILINGS, "Transfer-Encoding: zebra") + b"hello", {400}),
    "a body packed for the way": (head("POST", FILINGS, "Transfer-Encoding: gzip, chunked") + b"0\r\n\r\n", {501}),
    "no host": (b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n", {400}),
    "a coding without an end": (head("POST", FILINGS, "Transfer-Encoding: gzip") + b"hello", {400}),
    "a field of 64 kB": (head("GET", "/healthz", "X-Long: " + "x" * 65_536), {400, 431}),
    "a head of 64 kB": (head("GET", "/healthz", *(f"X-{n}: {'x' * 700}" for n in range(99))), {400, 431}),
    "a head without an end": (b"GET /healthz HTTP/1.1\r\n" + b"X: y\r\n" * 20_000, {400, 431}),
    "a long address": (head("GET", "/" + "x" * 20_000), {400, 414}),
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {400}),
    "chunks that are garbage": (head("POST", FILINGS, "Transfer-Encoding: chunked") + b"zz\r\nhello\r\n", {400}),
    "a chunk that is longer than it says": (
        head("POST", FILINGS, "Transfer-Encoding: chunked") + b"3\r\nhello\r\n0\r\n\r\n", {400}
    ),
    "a chunk size without an end": (head("POST", FILINGS, "Transfer-Encoding: chunked") + b"1" * 5_000, {400}),
    "a body of 2 GB": (head("POST", FILINGS, "Content-Length: 2000000000") + b"{", {413}),
    "a body of 50 MB that waits to be sent": (
        head("POST", FILINGS, "Content-Length: 50000000", "Expect: 100-continue"), {413}
    ),
    "a method nobody knows": (head("BREW", FILINGS), {401, 403, 405}),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_no_good_request_is_refused_and_never_our_mistake(stack, name):
    raw, wanted = DAMAGED[name]
    assert status_of(said(stack, raw)) in wanted


def test_a_method_and_a_kind_that_an_operation_does_not_know(broker):
    body = json.dumps(broker.document("KINDS001"))
    for method, kind, wanted in (("BREW", "application/json", 405), ("POST", "text/csv", 415), ("POST", "@", 415)):
        headers = {**broker.headers, "Idempotency-Key": f"kind-{kind}", "Content-Type": kind}
        assert broker.http.request(method, FILINGS, content=body, headers=headers).status_code == wanted


def test_a_request_that_is_cut_off_reaches_nobody(stack):
    raw = head("POST", FILINGS, "Content-Length: 100") + b"{"
    assert said(stack, raw, close=True) == b""


def test_a_body_in_chunks_is_the_same_as_one_with_a_length(broker):
    body = json.dumps(broker.document("CHUNK001")).encode()
    headers = {**broker.headers, "Idempotency-Key": "chunks", "Content-Type": "application/json"}
    pieces = (body[n : n + 100] for n in range(0, len(body), 100))
    first = broker.http.post(FILINGS, content=pieces, headers=headers)
    assert first.status_code == 202, first.text
    again = broker.http.post(FILINGS, content=body, headers=headers)
    assert (again.status_code, again.headers.get("Idempotent-Replayed")) == (202, "true")


def test_who_waits_for_a_word_before_the_body_gets_it(stack):
    body = b"grant_type=client_credentials"
    kind = "Content-Type: application/x-www-form-urlencoded"
    with closing(socket.create_connection(("127.0.0.1", stack.web_port), 5)) as ours:
        ours.settimeout(10)
        ours.sendall(head("POST", "/oauth/token/", f"Content-Length: {len(body)}", "Expect: 100-continue", kind))
        assert ours.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        ours.sendall(body)
        assert status_of(ours.recv(65_536)) == 401


def test_two_requests_in_one_go_are_both_answered(stack):
    one = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    heard = said(stack, one + head("GET", "/healthz"))
    assert heard.count(b"HTTP/1.1 200") == 2


class Slow(threading.Thread):
    """Many who each send one byte of their body a second, with a good token; notes what they are told."""

    def __init__(self, stack, count, headers):
        super().__init__(daemon=True)
        self.address, self.count = ("127.0.0.1", stack.web_port), count
        self.head = head(
            "POST", FILINGS, "Content-Length: 1000", "Content-Type: application/json", "Idempotency-Key: slow",
            *(f"{name}: {value}" for name, value in headers.items()),
        )  # fmt: skip
        self.told, self.at, self.over = [], [], threading.Event()

    def run(self):
        with selectors.DefaultSelector() as looking:
            ends = [socket.create_connection(self.address, 5) for _ in range(self.count)]
            began = time.monotonic()
            for one in ends:
                one.setblocking(False)
                one.send(self.head)
                looking.register(one, selectors.EVENT_READ)
            while ends and not self.over.is_set():
                next_byte = time.monotonic() + 1
                while (left := next_byte - time.monotonic()) > 0:
                    for key, _ in looking.select(left):
                        self.told.append(status_of(key.fileobj.recv(65_536)))
                        self.at.append(time.monotonic() - began)
                        looking.unregister(key.fileobj)
                        ends.remove(key.fileobj)
                        key.fileobj.close()
                for one in ends:
                    one.send(b"x")
            for one in ends:
                one.close()


def times(stack, seconds):
    """How long good requests take, one after the other, some at once."""
    took, failed, until = [], [], time.monotonic() + seconds
    lock = threading.Lock()

    def ask():
        with httpx.Client(base_url=stack.address, timeout=30) as http:
            while time.monotonic() < until:
                began = time.monotonic()
                answer = http.get("/accounts/login/")
                with lock:
                    took.append(time.monotonic() - began)
                    if answer.status_code != 200:
                        failed.append(answer.status_code)
                time.sleep(0.05)

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for one in askers:
        one.start()
    for one in askers:
        one.join()
    assert failed == []
    return sorted(took)[int(0.99 * len(took))]


@pytest.mark.parametrize("stack", ["postgresql"], indirect=True)
def test_two_hundred_who_send_a_byte_a_second_hold_up_nobody_else(stack, broker):
    calm = times(stack, 3)
    slow = Slow(stack, SLOW, broker.headers)
    slow.start()
    try:
        busy = times(stack, SECONDS)
        slow.join(10)
    finally:
        slow.over.set()
    assert busy <= max(2 * calm, SMALL), (busy, calm)
    assert (len(slow.told), set(slow.told)) == (SLOW, {408})
    assert min(slow.at) > 8, "somebody on a slow line has time"


def test_far_more_at_once_than_can_be_served_is_refused_quickly_and_the_server_lives(stack, broker):
    """L05: three hundred filings in one moment; each is answered, and what is refused was not begun."""
    bodies = {f"RUSH{number:04d}": broker.document(f"RUSH{number:04d}") for number in range(300)}
    with ThreadPoolExecutor(300) as hands, Sender(stack.address, broker.given, connections=300) as many:
        answers = [hands.submit(many.post, body, own) for own, body in bodies.items()]
        alive = [httpx.get(f"{stack.address}/healthz", timeout=20).status_code for _ in range(3)]
        answers = [one.result() for one in answers]
    assert alive == [200] * 3
    assert {one.status_code for one in answers} == {202, 503}
    refused = [one for one in answers if one.status_code == 503]
    assert {(one.json()["code"], one.headers["Retry-After"], one.headers["Content-Type"]) for one in refused} == {
        ("OVERLOADED", "5", "application/problem+json")
    }
    assert len({one.headers["X-Correlation-ID"] for one in refused}) == len(refused)
    assert all(one.json()["correlation_id"] == one.headers["X-Correlation-ID"] for one in refused)
    filed = {one.json()["reference"] for one in answers if one.status_code == 202}
    assert len(filed) == 300 - len(refused)
    broker.warm(6)  # and afterwards it serves as before
