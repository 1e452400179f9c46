"""A request that comes in, in whatever pieces, is the same request."""

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import InvalidHeader

from portal import intake
from portal.intake import Intake, Refused

CLIENT = ("127.0.0.1", 50_000)
PLAIN = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world"
CHUNKED = (
    b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
    b"5;name=value\r\nhello\r\n6 \r\n world\r\n0\r\nX-Sum: 1\r\n\r\n"
)
AS_PASSED_ON = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world"
NEXT = b"GET /next HTTP/1.1\r\n"


_made = []


@pytest.fixture(autouse=True)
def _all_closed():
    yield
    while _made:
        _made.pop().close()


def taken(pieces, now=0.0):
    one = Intake(Config(), CLIENT, now)
    _made.append(one)
    for piece in pieces:
        one.feed(piece)
    return one


@pytest.mark.parametrize("raw", [PLAIN, CHUNKED], ids=["length", "chunks"])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1000])
def test_in_pieces_of_any_size(raw, size):
    pieces = [raw[n : n + size] for n in range(0, len(raw), size)]
    one = taken(pieces)
    assert one.whole
    assert b"".join(one.pieces()) == AS_PASSED_ON
    assert not taken(pieces[:-1]).whole


@pytest.mark.parametrize(
    "raw", [PLAIN, CHUNKED, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"], ids=["length", "chunks", "none"]
)
def test_what_comes_behind_it_is_kept_for_the_next_one(raw):
    one = taken([raw + NEXT])
    assert (one.whole, one.rest) == (True, NEXT)


def test_a_body_beyond_a_megabyte_is_whole_too(monkeypatch):
    monkeypatch.setattr(intake, "IN_MEMORY", 1000)
    body = bytes(range(256)) * 1000
    one = taken([b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 256000\r\n\r\n", body[:100_000], body[100_000:]])
    assert b"".join(one.pieces()).partition(b"\r\n\r\n")[2] == body


def test_a_sender_that_waits_for_a_word_is_known_and_the_wish_is_not_passed_on():
    start = b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n"
    one = taken([start])
    assert one.wants_go_on
    one.feed(b"hi")
    assert b"".join(one.pieces()) == b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
    assert not taken([start.replace(b"Length: 2", b"Length: 0")]).wants_go_on


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000, 431),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000000\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: zebra\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: GZIP\r\nTransfer-Encoding: chunked\r\n\r\n", 501),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (CHUNKED.replace(b"5;", b"zz;"), 400),
        (CHUNKED.replace(b"5;", b"-5;"), 400),
        (CHUNKED.replace(b"5;", b"4;"), 400),
        (CHUNKED.replace(b"5;", b"FFFFFFFFF;"), 400),
        (CHUNKED.replace(b"name=value", b"n" * 300), 400),
        (CHUNKED.replace(b"X-Sum: 1", b"\r\n".join([b"X: " + b"x" * 200] * 50)), 431),
    ],
)
def test_what_cannot_be_is_refused_as_soon_as_it_is_seen(raw, status):
    with pytest.raises(Refused) as refused:
        taken([raw])
    assert refused.value.status == status


def test_chunks_that_never_end_are_refused(monkeypatch):
    monkeypatch.setattr(intake, "MOST_BODY", 1000)
    one = taken([CHUNKED.partition(b"5;")[0]])
    with pytest.raises(Refused) as refused:
        for _ in range(300):
            one.feed(b"5\r\nhello\r\n")
    assert refused.value.status == 413


def test_a_sender_that_waits_is_told_at_once_where_nobody_takes_so_much(settings):
    lines = b" HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
    for address in (b"/api/v1/filings", b"/api/v1/filings?x=1", b"/api/v1/batches/x"):
        with pytest.raises(Refused) as refused:
            taken([b"POST " + address + lines % 50_000_000])
        assert refused.value.status == 413
        assert taken([b"POST " + address + lines % settings.DATA_UPLOAD_MAX_MEMORY_SIZE]).wants_go_on
    assert taken([b"POST /api/v1/filings" + lines.replace(b"Expect: 100-continue\r\n", b"") % 50_000_000])
    for address in (b"/api/v1/batches", b"/api/v1/batches?mode=file", b"/declarations/x/lines/"):
        assert taken([b"POST " + address + lines % 50_000_000]).wants_go_on


def test_an_old_sender_need_not_name_a_host():
    assert taken([b"GET / HTTP/1.0\r\n\r\n"]).whole


def test_two_ways_to_say_how_long_it_is_are_refused():
    with pytest.raises(InvalidHeader):
        taken([b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"])


def test_a_slow_line_has_time_and_a_trickle_has_not():
    start = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"
    idle, trickle, slow = taken([]), taken([start, b"x" * 20]), taken([start, b"x" * 100_000])
    assert (idle.is_idle, trickle.is_idle) == (True, False)
    after = intake.HEAD_SECONDS + 1
    assert idle.is_late(after) and trickle.is_late(after)
    assert not slow.is_late(after) and not slow.is_late(55)
    assert slow.is_late(100)
    assert not trickle.is_late(intake.HEAD_SECONDS - 1)
    half_a_head = taken([b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 9_000])
    assert half_a_head.is_late(after), "a head is short"


@pytest.mark.parametrize(
    ("head", "sender", "keeps", "path"),
    [
        (b"GET /api/v1/events?after=1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer abc\r\n", "Bearer abc", True,
         "/api/v1/events"),
        (b"GET /api/v1/events HTTP/1.1\r\nHost: a\r\nauthorization:Bearer abc\r\nConnection: Close\r\n", "Bearer abc",
         False, "/api/v1/events"),
        (b"GET /api/v1/events HTTP/1.1\r\nHost: a\r\nX-Authorization: Bearer abc\r\n", "nobody", True,
         "/api/v1/events"),
        (b"GET /declarations/ HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer abc\r\n", "", True, "/declarations/"),
        (b"GET /api/v1/events HTTP/1.0\r\nHost: a\r\n", "nobody", False, "/api/v1/events"),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\nReferer: /api/ \r\n", "", True, "/healthz"),
    ],
)  # fmt: skip
def test_whose_it_is_shows_in_the_head(head, sender, keeps, path):
    one = taken([head + b"\r\n"])
    assert (one.sender, one.keeps_open, one.path) == (sender, keeps, path)
