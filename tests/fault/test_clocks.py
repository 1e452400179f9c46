"""Web servers whose clocks disagree: order, numbers and tokens are those of the one database."""

import sys
import threading
import time

import httpx
import pytest

from tests.fault.reckoning import all_at_the_end, nothing_lost_nothing_twice
from tests.support.load import Sender
from tests.support.stack import ROOT

pytestmark = [pytest.mark.fault, pytest.mark.parametrize("stack", ["postgresql"], indirect=True)]
EACH = 100
HOUR = 3600
OTHER_CLOCK = str(ROOT / "tests" / "support" / "other_clock.py")
AHEAD, BEHIND = "web2", "web3"


@pytest.fixture
def servers(stack):
    """Two web servers, one an hour ahead and one an hour behind, over one database; gives their addresses."""
    stack.kill("web")
    addresses = {}
    try:
        for name, offset in ((AHEAD, HOUR), (BEHIND, -HOUR)):
            stack.before[name] = [sys.executable, OTHER_CLOCK, str(offset)]
            stack.start(name)
            addresses[name] = f"http://127.0.0.1:{stack.port_of(name)}"
        for address in addresses.values():
            wait_for(address)
        yield addresses
    finally:
        for name in addresses:
            stack.kill(name)
        stack.start("web")
        stack.wait_ready()


def wait_for(address):
    until = time.monotonic() + 60
    while True:
        try:
            assert httpx.get(f"{address}/healthz", timeout=2).status_code == 200
            return
        except httpx.TransportError:
            assert time.monotonic() < until
            time.sleep(0.2)


def file_each(sender, prefix, filed, problems):
    for n in range(EACH):
        body, key = sender.document(f"{prefix}{n:04d}"), f"key-{prefix}{n}"
        until = time.monotonic() + 60
        while (answer := sender.post(body, key)).status_code in (409, 503) and time.monotonic() < until:
            time.sleep(0.2)
        if answer.status_code == 202:
            filed[answer.json()["reference"]] = f"{prefix}{n:04d}"
        else:
            problems.append((answer.status_code, answer.text[:300]))


def test_web_servers_whose_clocks_differ_by_two_hours(stack, servers):
    """F15: each is given tokens of the other; order is that of the database, numbers are given once."""
    given = stack.query("make_program", "1")
    filed, problems = {}, []
    with Sender(servers[AHEAD], given) as ahead, Sender(servers[BEHIND], given) as behind:
        ahead.headers, behind.headers = behind.headers, ahead.headers
        hands = [
            threading.Thread(target=file_each, args=(sender, prefix, filed, problems))
            for sender, prefix in ((ahead, "AHEAD"), (behind, "BEHND"))
        ]
        for one in hands:
            one.start()
        for one in hands:
            one.join()
    assert problems == []
    assert len(filed) == 2 * EACH
    held = all_at_the_end(stack, filed)
    nothing_lost_nothing_twice(stack, filed, held)
    numbers = [number for row in held["declarations"] for number in row["entry_numbers"]]
    assert len(numbers) == len(set(numbers))

    entries = stack.query("moments", *filed)
    moments = [at for _, _, at in entries]
    assert max(moments) - min(moments) > 1.9 * HOUR, "the clocks differ"
    assert sum(later < earlier - HOUR for earlier, later in zip(moments, moments[1:], strict=False)) > 10
    by_subject = {}
    for subject, seq, _ in entries:
        by_subject.setdefault(subject, []).append(seq)
    assert all(found == list(range(1, len(found) + 1)) for found in by_subject.values())
