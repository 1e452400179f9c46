"""A worker never has all of its processes waiting for an authority."""

import os
import signal
import threading
from types import SimpleNamespace

import pytest

from portal import celery
from portal.gateway import places, tasks
from portal.gateway.places import FETCH, SEND


@pytest.fixture
def pool():
    """Makes the places of a worker with so many processes, for these queues."""
    yield lambda count, *queues: places.make_pool(
        concurrency=count, queues=queues or ("portal", "gateway"), own_queue="gateway"
    )
    places.begin(None)


@pytest.mark.parametrize(
    ("count", "queues", "apart"),
    [(1, (), False), (2, (), False), (3, (), True), (1, ("gateway",), False), (2, ("gateway",), True)],
)
def test_a_process_is_left_for_other_work(pool, count, queues, apart):
    found = pool(count, *queues)
    with found.place(SEND) as sending, found.place(FETCH) as fetching:
        assert (sending, fetching) == (True, apart)


def test_a_place_is_taken_by_one_at_a_time_and_given_back(pool):
    found = pool(2)
    seen = []

    def try_it():
        with found.place(SEND) as free:
            seen.append(free)

    with found.place(SEND):
        other = threading.Thread(target=try_it)
        other.start()
        other.join()
    try_it()
    assert seen == [False, True]


def test_a_process_that_dies_gives_its_place_back(pool):
    found = pool(2)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with found.place(SEND) as free:
            os.write(writing, b"y" if free else b"n")
            os.kill(os.getpid(), signal.SIGKILL)
    os.close(writing)
    assert os.read(reading, 1) == b"y"
    os.close(reading)
    os.waitpid(child, 0)
    with found.place(SEND) as free:
        assert free


def test_a_task_that_finds_no_place_goes_away_at_once(pool, monkeypatch):
    monkeypatch.setattr(tasks, "_send_all", lambda: 7)
    monkeypatch.setattr(tasks, "_fetch", lambda: 5)
    found = pool(2)
    places.begin(found)
    with found.place(FETCH):
        assert (tasks.relay(), tasks.poll_channels()) == (0, 0)
    assert (tasks.relay(), tasks.poll_channels()) == (7, 5)


def test_whoever_has_the_only_place_also_fetches_when_it_is_time(pool, monkeypatch, settings):
    settings.TICK = 1000.0
    fetched = []
    monkeypatch.setattr(tasks, "_send_all", lambda: 0)
    monkeypatch.setattr(tasks, "fetch_waiting", lambda **_: fetched.append(1) or 1)
    monkeypatch.setitem(tasks._fetched, "at", -1e9)
    places.begin(pool(2))
    tasks.relay()
    tasks.relay()
    assert len(fetched) == 1
    monkeypatch.setitem(tasks._fetched, "at", -1e9)
    places.begin(pool(3))
    tasks.relay()
    assert len(fetched) == 1, "somebody else has the place for it"


def test_outside_of_a_worker_there_is_always_a_place():
    with places.place(SEND) as one, places.place(SEND) as other:
        assert one and other
    assert not places.is_shared()


def test_a_worker_that_starts_makes_its_places(pool):
    queues = SimpleNamespace(consume_from={"portal": None, "gateway": None})
    worker = SimpleNamespace(concurrency=2, app=SimpleNamespace(amqp=SimpleNamespace(queues=queues)))
    celery._take_places(sender=worker)
    assert places.is_shared()
    with places.place(SEND), places.place(FETCH) as second:
        assert not second


def test_messages_stand_in_a_queue_of_their_own_that_every_worker_serves_unless_told_otherwise(settings):
    route = celery.app.amqp.router.route
    assert route({}, "portal.gateway.tasks.relay")["queue"].name == settings.GATEWAY_QUEUE
    assert route({}, "portal.gateway.tasks.poll_channels")["queue"].name == settings.GATEWAY_QUEUE
    assert route({}, "declarations.tasks.apply_responses")["queue"].name == settings.CELERY_TASK_DEFAULT_QUEUE
    assert set(celery.app.amqp.queues.consume_from) == {"portal", "gateway"}
