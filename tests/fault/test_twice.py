"""What is asked for twice is done once: by two schedules, and by a broker that loses patience with a long task."""

import json
import time
from collections import Counter

import pytest

from tests.fault.reckoning import all_at_the_end, nothing_lost_nothing_twice
from tests.support.load import OpenLoop
from tests.support.waiting import Waiting

pytestmark = [pytest.mark.fault, pytest.mark.parametrize("stack", ["postgresql"], indirect=True)]
PERIOD = 2
SECONDS = 12
ROWS = 60
IMPATIENT = {"PORTAL_VISIBILITY_SECONDS": "1"}
SLOW_SECONDS = 3


def test_two_schedules_do_a_periodic_job_once_a_period(stack):
    """F17: two schedules ring for two workers, and each period has one checkpoint."""
    others = {"PORTAL_CHECKPOINT_SECONDS": str(PERIOD)}
    for name in ("worker", "beat"):
        stack.kill(name)
    before = stack.query("checkpoints")
    names = ("worker", "worker2", "beat", "beat2")
    try:
        for name in names:
            stack.start(name, **others)
        until = time.monotonic() + 60
        while len(stack.query("checkpoints")["written"]) <= len(before["written"]):
            assert time.monotonic() < until, stack.log("worker")
        time.sleep(SECONDS)
    finally:
        for name in names:
            stack.kill(name)
        for name in ("worker", "beat"):
            stack.start(name)
    found = stack.query("checkpoints")
    written = found["written"][len(before["written"]) :]
    periods = Counter(int(at) // PERIOD for at in written)
    assert set(periods.values()) == {1}
    assert len(written) >= SECONDS / PERIOD - 1, "no period was left out"
    assert len(found["written"]) == len(found["periods"]) == found["lines"], "each in the table and in the file"


def test_a_task_that_is_handed_out_twice_has_one_effect(stack, broker):
    """F19: tasks take longer than the broker waits, so a second process begins them while the first is at work."""
    stack.kill("worker")
    for name in ("worker", "worker2"):
        stack.start(name, **IMPATIENT)
    stack.authority("/admin/faults", {"slow_seconds": SLOW_SECONDS})
    try:
        with Waiting(stack.redis.url, pause=1) as waiting:
            documents = [broker.document(f"BATC{n:04d}") for n in range(ROWS)]
            headers = {**broker.headers, "Idempotency-Key": "impatient", "Content-Type": "application/x-ndjson"}
            body = "\n".join(json.dumps(one) for one in documents)
            assert broker.http.post("/api/v1/batches?mode=file", content=body, headers=headers).status_code == 202
            with OpenLoop(broker, prefix="LONG", count=24, rate=8) as loop:
                time.sleep(4 * SLOW_SECONDS)
            filed = loop.acknowledged()
        stack.authority("/admin/faults", {})
        until = time.monotonic() + 120
        while len(ours := batch_of(stack)) < ROWS:
            assert time.monotonic() < until, (len(ours), stack.log("worker"))
            time.sleep(1)
        filed |= ours
        held = all_at_the_end(stack, filed, seconds=120)
    finally:
        stack.kill("worker2")
        stack.restart("worker")
    assert max(waiting.starts.values()) > 1, "nothing was handed out twice"
    assert sorted(ours.values()) == [f"BATC{n:04d}" for n in range(ROWS)]
    nothing_lost_nothing_twice(stack, filed, held)
    arrived = Counter(row["lrn"] for row in stack.authority("/admin/received"))
    assert {own: arrived[own] for own in filed.values()} == dict.fromkeys(filed.values(), 1)


def batch_of(stack):
    """What the batch has filed so far."""
    rows = stack.query("inventory")["declarations"]
    return {row["reference"]: row["lrn"] for row in rows if row["lrn"].startswith("BATC")}
