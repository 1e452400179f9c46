"""What is more than a process can carry is refused at once, and told so; the rest goes on."""

import json
import threading

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from portal.shedding import Backlog, Gate, SheddingMiddleware, sender_of, told_overloaded


@pytest.fixture
def busy(settings):
    """One request at work, one waiting; gives the middleware and the way to let them end."""
    settings.REQUESTS_AT_ONCE, settings.REQUESTS_WAITING, settings.REQUESTS_WAIT_SECONDS = 1, 1, 30
    go_on, begun, answers = threading.Event(), threading.Semaphore(0), []

    def work(request):
        begun.release()
        assert request.path == "/healthz" or go_on.wait(30)
        return HttpResponse("done")

    middleware = SheddingMiddleware(work)

    def ask(path="/declarations/"):
        answers.append(middleware(RequestFactory().get(path)).status_code)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    threads[0].start()
    assert begun.acquire(timeout=10)
    threads[1].start()
    while middleware.gate.taken < 2:  # the second has its place and waits
        threads[1].join(0.01)
    yield middleware
    go_on.set()
    for one in threads:
        one.join(10)
    assert answers == [200, 200], "what was taken is served"


def test_one_more_is_refused_at_once(busy, caplog):
    answer = busy(RequestFactory().post("/api/v1/filings"))
    assert answer.status_code == 503 and answer["Retry-After"] == "5"
    assert answer["Content-Type"] == "application/problem+json" and b"OVERLOADED" in answer.content
    page = busy(RequestFactory().get("/declarations/"))
    assert page.status_code == 503 and b"<html" in page.content


def test_whether_it_lives_can_always_be_asked(busy):
    assert busy(RequestFactory().get("/healthz")).status_code == 200


def test_places_are_given_back_whatever_happens(settings):
    settings.REQUESTS_AT_ONCE, settings.REQUESTS_WAITING, settings.REQUESTS_WAIT_SECONDS = 1, 0, 0.01

    def fail(request):
        raise RuntimeError("a view that fails")

    middleware = SheddingMiddleware(fail)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            middleware(RequestFactory().get("/"))
    assert middleware.gate.enter()


def test_nobody_waits_longer_than_said():
    gate = Gate(at_once=1, waiting=1, seconds=0.01)
    assert gate.enter()
    assert not gate.enter()
    gate.leave()
    assert gate.enter(), "who gave up left no place taken"


def asking(gate, sender, order, name):
    def run():
        if gate.enter(sender):
            order.append(name)
            gate.leave(sender)

    thread = threading.Thread(target=run)
    taken = gate.taken
    thread.start()
    while gate.taken == taken:
        thread.join(0.005)
    return thread


def test_one_sender_leaves_places_to_the_others():
    gate = Gate(at_once=2, waiting=4, seconds=30)
    order: list[str] = []
    assert gate.enter("flood") and gate.enter("flood")
    waiting = asking(gate, "flood", order, "flood")
    assert not gate.enter("flood"), "three of six places are one sender's at most"
    other = asking(gate, "seldom", order, "seldom")
    gate.leave("flood")
    gate.leave("flood")
    for one in (waiting, other):
        one.join(10)
    assert sorted(order) == ["flood", "seldom"] and gate.taken == 0


def test_whoever_has_the_fewest_within_has_the_next_turn():
    gate = Gate(at_once=2, waiting=6, seconds=30)
    order: list[str] = []
    assert gate.enter("flood") and gate.enter("flood")
    threads = [asking(gate, "flood", order, "flood") for _ in range(3)]
    threads.append(asking(gate, "seldom", order, "seldom"))
    gate.leave("flood")
    for one in threads:
        one.join(10)
    assert order[0] == "seldom" and len(order) == 4
    gate.leave("flood")
    assert gate.taken == 0


def test_the_sender_is_known_by_token_or_session(rf):
    assert sender_of(rf.get("/", HTTP_AUTHORIZATION="Bearer a")) == "Bearer a"
    request = rf.get("/")
    assert sender_of(request) == ""
    request.COOKIES["sessionid"] = "s"
    assert sender_of(request) == "s"


def test_before_the_threads_whoever_has_few_is_let_in_a_little_longer():
    backlog = Backlog(4)
    assert [backlog.takes("flood") for _ in range(5)] == [True] * 4 + [False]
    assert backlog.takes("quiet") and backlog.takes("another")
    assert not backlog.takes("flood")
    for _ in range(3):
        backlog.done("flood")
    assert backlog.takes("flood")


def test_before_the_threads_there_is_an_end_to_it_for_everybody():
    backlog = Backlog(4)
    assert [backlog.takes(f"sender {n}") for n in range(9)] == [True] * 8 + [False]
    backlog.done("sender 3")
    assert backlog.takes("sender 9")


def test_the_server_refuses_in_the_words_of_the_application(busy):
    answer = busy(RequestFactory().post("/api/v1/filings"))
    headers, body = told_overloaded("an-id-of-a-request")
    assert {name: answer[name] for name in ("Content-Type", "Retry-After")} == {
        name: headers[name] for name in ("Content-Type", "Retry-After")
    }
    ours, theirs = json.loads(body), json.loads(answer.content)
    assert {**theirs, "correlation_id": "an-id-of-a-request"} == ours
