"""Programs file over HTTP while processes are killed, restarted and doubled: one key, one declaration, one effect."""

import asyncio
import time
from collections import Counter

import httpx
import pytest

from tests.fault.reckoning import all_at_the_end, nothing_lost_nothing_twice
from tests.support.load import OpenLoop

pytestmark = pytest.mark.fault
HURRIED = 100
on_postgresql = pytest.mark.parametrize("stack", ["postgresql"], indirect=True)


def all_at_once(sender, body, key, count):
    async def send():
        limits = httpx.Limits(max_connections=count)
        async with httpx.AsyncClient(base_url=sender.http.base_url, timeout=60, limits=limits) as http:
            headers = {**sender.headers, "Idempotency-Key": key}
            return await asyncio.gather(
                *(http.post("/api/v1/filings", json=body, headers=headers) for _ in range(count))
            )

    return asyncio.run(send())


def test_a_hundred_requests_with_one_key_file_once(stack, broker, importer):
    """F20: one of them files; the others get its answer, or are told that it is at work."""
    body = broker.document("ONEKEY01")
    answers = all_at_once(broker, body, "one-key", HURRIED)
    taken = [one for one in answers if one.status_code == 202]
    assert [one.headers.get("Idempotent-Replayed") for one in taken].count(None) == 1
    assert len({one.content for one in taken}) == 1
    told_to_wait = [one for one in answers if one.status_code != 202]
    assert {(one.status_code, one.json()["code"]) for one in told_to_wait} <= {
        (409, "IDEMPOTENCY_KEY_IN_FLIGHT"), (503, "OVERLOADED"),
    }  # fmt: skip
    assert all("Retry-After" in one.headers for one in told_to_wait)

    again = broker.post(body, "one-key")
    assert (again.status_code, again.content) == (202, taken[0].content)
    other = broker.post(broker.document("ONEKEY02"), "one-key")
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    elsewhere = importer.post(importer.document("ONEKEY03"), "one-key")
    assert elsewhere.status_code == 202 and "Idempotent-Replayed" not in elsewhere.headers

    filed = {taken[0].json()["reference"]: "ONEKEY01", elsewhere.json()["reference"]: "ONEKEY03"}
    held = all_at_the_end(stack, filed)
    nothing_lost_nothing_twice(stack, filed, held)
    ours = [row["lrn"] for row in held["declarations"] if row["lrn"].startswith("ONEKEY")]
    assert sorted(ours) == ["ONEKEY01", "ONEKEY03"]


@on_postgresql
def test_steady_filing_while_the_web_server_is_killed(stack, broker):
    """F01: a process of the web server is killed, then all of it; every tenth is sent twice at the same moment."""
    with OpenLoop(broker, prefix="LOOP", count=90, rate=15) as loop:
        time.sleep(2)
        stack.strike("web child")
        time.sleep(2)
        stack.strike("web")
    filed = loop.acknowledged()
    assert {one.status for one in loop.heard if one.code != "OVERLOADED"} <= {0, 202, 409}, loop.answers()
    assert loop.answers()[0] > 0, "no connection was broken"
    assert loop.longest_gap() < 10
    nothing_lost_nothing_twice(stack, filed, all_at_the_end(stack, filed))


@on_postgresql
def test_restarts_in_good_order_with_two_of_everything(stack, importer):
    """F16, F17: processes are ended and started again under load; two workers and two schedules run beside them."""
    for name in ("worker2", "beat2"):
        stack.start(name)
    took = []
    try:
        with OpenLoop(importer, prefix="ROLL", count=100, rate=10) as loop:
            time.sleep(1)
            for name in ("web", "worker", "beat", "worker2"):
                took.append((name, stack.end(name)))
                stack.start(name)
                time.sleep(0.5)
                stack.wait_ready()
        filed = loop.acknowledged()
        held = all_at_the_end(stack, filed)
    finally:
        for name in ("worker2", "beat2"):
            stack.kill(name)
    assert {one.status for one in loop.heard if one.code != "OVERLOADED"} <= {0, 202, 409}, loop.answers()
    assert {one.code for one in loop.heard if one.status == 0} <= {"ConnectError", "ReadError", "RemoteProtocolError"}
    assert max(seconds for _, seconds in took) < 10, took
    nothing_lost_nothing_twice(stack, filed, held)
    arrived = Counter(row["lrn"] for row in stack.authority("/admin/received"))
    assert {own: arrived[own] for own in filed.values()} == dict.fromkeys(filed.values(), 1), "each was sent once"
