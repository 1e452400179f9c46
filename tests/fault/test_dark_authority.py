"""An authority that is not heard holds up nothing but its own messages.

In a service messages have a worker of their own, and other work does not notice. A small office has one worker with
two processes, of which one is left for other work: its tasks wait for each other then, but never for the authority.
"""

import itertools
import time
from collections import Counter

import pytest

from tests.fault.reckoning import all_at_the_end, nothing_lost_nothing_twice
from tests.support.load import OpenLoop
from tests.support.partition import NAMESPACE, PROXY, open_partition
from tests.support.proxy import Proxy
from tests.support.waiting import Waiting

pytestmark = [pytest.mark.fault, pytest.mark.parametrize("stack", ["postgresql"], indirect=True)]
_times = itertools.count(1)
RATE = 4
SMALL = 0.25  # seconds: a wait below this is none, whatever it is a multiple of
TIMEOUT = 5.0  # of the channel
LEFT_ALONE = "the authority is silent and is left alone"


@pytest.fixture
def calm(stack, broker):
    """The wait of other work while the authority answers: 95 of 100 wait no longer."""
    prefix = f"CALM{next(_times)}"
    with Waiting(stack.redis.url) as waiting, OpenLoop(broker, prefix=prefix, count=6 * RATE, rate=RATE) as loop:
        time.sleep(6)
    all_at_the_end(stack, loop.acknowledged())
    return waiting.seconds(0.95)


def file_in_the_dark(stack, broker, prefix, seconds):
    """Filings and other work beside them for so long; gives what was filed, the wait of 95 of 100, the longest call."""
    with (
        Waiting(stack.redis.url) as waiting,
        OpenLoop(broker, prefix=prefix, count=seconds * RATE, rate=RATE) as loop,
    ):
        time.sleep(seconds)
    assert set(loop.answers()) <= {202, 409}
    return loop.acknowledged(), waiting.seconds(0.95), max(one.took for one in loop.heard)


def test_answers_that_are_swallowed_hold_up_nothing_else(stack, broker, calm):
    """F10: for twenty seconds what the authority answers is lost; then everything goes out, once each."""
    began = len(stack.whole_log("worker"))
    with Proxy(stack.authority_port) as line:
        stack.restart("worker", PORTAL_REHEARSAL_URL=f"http://127.0.0.1:{line.port}")
        try:
            line.swallow.set()
            filed, wait, longest = file_in_the_dark(stack, broker, "DARK", 20)
            assert line.swallowed > 0
            line.swallow.clear()
            line.cut()
            held = all_at_the_end(stack, filed)
        finally:
            stack.restart("worker")
    assert wait < max(2 * calm, TIMEOUT / 5), (wait, calm)
    assert longest < 2
    assert LEFT_ALONE in stack.whole_log("worker")[began:]
    nothing_lost_nothing_twice(stack, filed, held)
    arrived = Counter(row["lrn"] for row in stack.authority("/admin/received"))
    assert {own: arrived[own] for own in filed.values()} == dict.fromkeys(filed.values(), 1), (
        "asked about, not repeated"
    )


def test_a_parted_network_is_not_noticed_by_other_work(stack, broker, calm, record_property):
    """F12: packets to and from the authority vanish for fifteen seconds, without a reset; messages have a worker."""
    stack.kill("worker")
    with open_partition(stack) as line:
        record_property("parted by", line.way)
        assert line.way in (NAMESPACE, PROXY)
        stack.start("others")
        stack.start("gateway", PORTAL_REHEARSAL_URL=line.place())
        try:
            time.sleep(2)  # it has connections that will say nothing
            line.part()
            filed, wait, longest = file_in_the_dark(stack, broker, "PART", 15)
            line.join()
            held = all_at_the_end(stack, filed)
            nothing_lost_nothing_twice(stack, filed, held)
        finally:
            stack.kill("gateway")
            stack.kill("others")
            stack.start("worker")
    assert wait < max(2 * calm, SMALL), (wait, calm, line.way)
    assert longest < 2
    assert LEFT_ALONE in stack.whole_log("gateway")
