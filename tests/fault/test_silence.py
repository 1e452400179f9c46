"""What others stand on goes silent: a database that hangs, an authority that is not heard."""

import time

import pytest

from tests.fault.reckoning import all_at_the_end, nothing_lost_nothing_twice
from tests.support.load import OpenLoop

pytestmark = [pytest.mark.fault, pytest.mark.parametrize("stack", ["postgresql"], indirect=True)]
BUSY = 16
PROBLEM = "application/problem+json"


def refusals(loop):
    """Everything that was neither an acknowledgement nor "at work"."""
    return [one for one in loop.heard if one.status not in (202, 409)]


def test_a_database_that_hangs_is_answered_in_time(stack, broker):
    """F03: every process of the database is stopped for ten seconds; requests end, and threads are free again."""
    broker.warm(BUSY)  # so many threads have a connection that is going to say nothing
    with OpenLoop(broker, prefix="HANG", count=26, rate=2) as loop:
        time.sleep(1)
        stack.postgres.freeze()
        began = time.monotonic()
        try:
            time.sleep(10)
        finally:
            stack.postgres.thaw()
        thawed = time.monotonic()
    filed = loop.acknowledged()
    during = [one for one in loop.heard if one.at + one.took > began and one.at < thawed - 5]
    assert during and {(one.status, one.media) for one in during} == {(503, PROBLEM)}, loop.answers()
    assert max(one.took for one in during) < 6
    refused = {(one.status, one.code, one.media) for one in refusals(loop)}
    assert (
        {(503, "UNAVAILABLE", PROBLEM)} <= refused <= {(503, code, PROBLEM) for code in ("UNAVAILABLE", "OVERLOADED")}
    )
    assert max((one.took for one in loop.heard if one.at > thawed + 2), default=0) < 2, "threads are still held"
    nothing_lost_nothing_twice(stack, filed, all_at_the_end(stack, filed))
