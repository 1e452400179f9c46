"""F07: a hundred messages that are through go out again, at an operator's wish and then by a hand in the table."""

import time
from collections import Counter
from datetime import UTC, datetime

import psycopg2
import pytest

from tests.fault.reckoning import all_at_the_end, nothing_lost_nothing_twice
from tests.fault.test_kills import Filer

pytestmark = [pytest.mark.fault, pytest.mark.parametrize("stack", ["postgresql"], indirect=True)]
COUNT = 100
SET_BACK = "UPDATE gateway_outboundmessage SET state = 'PENDING' WHERE local_reference = ANY(%s)"


def arrivals(stack, own):
    counted = Counter(row["lrn"] for row in stack.authority("/admin/received"))
    return {counted[one] for one in own}


def wait_for(stack, own, times):
    until = time.monotonic() + 60
    while arrivals(stack, own) != {times}:
        assert time.monotonic() < until, (arrivals(stack, own), stack.log("worker"))
        time.sleep(0.5)


def test_a_hundred_messages_are_replayed_and_nothing_comes_of_it(stack):
    began = datetime.now(UTC).isoformat()
    filer = Filer(stack, count=COUNT, prefix="REPL", pause=0)
    filer.go()
    filer.finish()
    own = set(filer.acknowledged.values())
    before = all_at_the_end(stack, filer.acknowledged, seconds=90)
    assert arrivals(stack, own) == {1}

    by = stack.query("make_operator")["email"]
    said = stack.manage("replay_messages", "--by", by, "--reason", "the authority lost a day", "--since", began)
    assert int(said.split()[0]) >= COUNT, "ours, and what an earlier test sent late"
    wait_for(stack, own, 2)
    table = psycopg2.connect(stack.postgres.url)  # the owner of the tables, whom nothing stops
    with table, table.cursor() as cursor:
        cursor.execute(SET_BACK, [list(own)])
        assert cursor.rowcount == COUNT
    table.close()
    wait_for(stack, own, 3)

    time.sleep(2)  # answers of the authority that it has them already
    held = all_at_the_end(stack, filer.acknowledged)
    nothing_lost_nothing_twice(stack, filer.acknowledged, held)
    kept = ("reference", "legal", "filing", "money", "entry_numbers", "receipts")
    as_it_was = {one["reference"]: [one[name] for name in kept] for one in before["declarations"]}
    assert {one["reference"]: [one[name] for name in kept] for one in held["declarations"]} == as_it_was
    trail = stack.query("trail_kinds", *filer.acknowledged)
    assert {(one["message.replay"], one["message.replayed"]) for one in trail.values()} == {(1, 2)}
