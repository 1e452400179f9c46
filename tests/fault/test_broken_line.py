"""The line to the database breaks all the time: filings by the API and signed-in pages go on or say "try again"."""

import threading
import time

import httpx
import pytest

from tests.fault.reckoning import all_at_the_end, nothing_lost_nothing_twice
from tests.support.load import OpenLoop
from tests.support.pages import Clerk
from tests.support.proxy import Proxy

pytestmark = [pytest.mark.fault, pytest.mark.parametrize("stack", ["postgresql"], indirect=True)]
SECONDS = 10
EVERY = 0.2
PROBLEM = "application/problem+json"


@pytest.fixture
def line(stack):
    """The web server reaches its database through a line that can be cut; afterwards directly again."""
    port = stack.postgres.port
    with Proxy(port) as between:
        stack.restart("web", DATABASE_URL=stack.environment["DATABASE_URL"].replace(f":{port}/", f":{between.port}/"))
        stack.wait_ready()
        yield between
    stack.restart("web")
    stack.wait_ready()


class Reader(threading.Thread):
    """Somebody signed in who looks at a page again and again."""

    def __init__(self, stack):
        super().__init__(daemon=True)
        made = stack.query("clerks", "1")
        self.clerk = Clerk(stack.address, email=made["emails"][0], password=made["password"])
        self.clerk.sign_in()
        self.over = threading.Event()
        self.seen = []

    def end(self):
        self.over.set()
        self.join(10)
        self.clerk.http.close()

    def run(self):
        while not self.over.wait(0.1):
            try:
                self.seen.append(self.clerk.http.get("/declarations/").status_code)
            except httpx.HTTPError:
                self.seen.append(0)


def test_all_connections_to_the_database_are_reset_again_and_again(
    stack, line, broker
):  # who sends comes after the restart
    """F11: five times a second for ten seconds, under filings."""
    reader = Reader(stack)
    reader.start()
    with OpenLoop(broker, prefix="CUTS", count=150, rate=15) as loop:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            time.sleep(EVERY)
            line.cut()
    reader.end()
    filed = loop.acknowledged()
    assert line.cuts > SECONDS / EVERY, "each cut met a connection"
    silent = [(one.code, one.media, one.took) for one in loop.heard if not one.status]
    assert set(loop.answers()) <= {202, 409, 503}, (loop.answers(), silent, stack.log("web"))
    assert {one.media for one in loop.heard if one.status == 503} <= {PROBLEM}
    assert "UNAVAILABLE" in {one.code for one in loop.heard}, "no request met a cut"
    assert set(reader.seen) == {200, 503}, (set(reader.seen), stack.log("web"))
    after = time.monotonic()
    broker.warm(6)
    assert time.monotonic() - after < 5, "stale connections are replaced"
    nothing_lost_nothing_twice(stack, filed, all_at_the_end(stack, filed))
