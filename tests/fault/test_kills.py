"""Kill -9 of web, worker, authority, broker or database while declarations are being filed.

What must hold on both engines: nothing acknowledged is lost, nothing is filed twice at the authority,
everything reaches its end within a minute of the restart, and the trail is whole.
"""

import threading
import time

import pytest

from tests.fault.reckoning import VICTIMS, all_at_the_end, nothing_lost_nothing_twice
from tests.support.stack import Stack

pytestmark = pytest.mark.fault
COUNT = 50


class Filer:
    """The filing script, read line by line in a thread."""

    def __init__(self, stack, count=COUNT, prefix="DEMO", pause=0.05):
        self.process = stack.script("file_many", str(count), prefix, str(pause))
        self.acknowledged = {}
        self.lines = []
        self.ready = threading.Event()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.append(line)
            word, *rest = line.split()
            if word == "READY":
                self.ready.set()
            elif word == "ACK":
                self.acknowledged[rest[0]] = rest[1]

    def go(self):
        assert self.ready.wait(180), self.lines
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def finish(self):
        assert self.process.wait(180) == 0, self.lines[-5:]
        self.reader.join(10)
        self.process.stdin.close()
        self.process.stdout.close()


def test_kill_one_after_another_while_filing(stack):
    """F01, F02, F04, F06: each process in turn, twice over."""
    filer = Filer(stack, prefix="KILL", pause=0.15)
    filer.go()
    for victim in VICTIMS[stack.engine] * 2:
        time.sleep(1)
        stack.strike(victim)
    filer.finish()
    assert len(filer.acknowledged) == COUNT
    held = all_at_the_end(stack, filer.acknowledged)
    nothing_lost_nothing_twice(stack, filer.acknowledged, held)


def test_everything_at_once(stack):
    filer = Filer(stack, prefix="DEMO", pause=0.05)
    filer.go()
    time.sleep(1)
    for name in stack.names():
        stack.kill(name)
    filer.finish()
    for name in stack.names():
        stack.start(name)
    stack.wait_ready()
    held = all_at_the_end(stack, filer.acknowledged)
    nothing_lost_nothing_twice(stack, filer.acknowledged, held)


def test_a_lost_acknowledgement_is_found_by_asking(stack):
    """F05: the authority took every second message and its answer was lost."""
    stack.authority("/admin/faults", {"lose_ack": 0.5, "seed": 7})
    filer = Filer(stack, count=20, prefix="LOSE")
    filer.go()
    filer.finish()
    held = all_at_the_end(stack, filer.acknowledged)
    nothing_lost_nothing_twice(stack, filer.acknowledged, held)


def test_answers_twice_late_and_in_any_order(stack):
    """F08: duplicated, reordered and late answers end in the same place."""
    stack.authority("/admin/faults", {"duplicate": 0.5, "reorder": 0.5, "late": 0.3, "seed": 11})
    filer = Filer(stack, count=20, prefix="DUPL", pause=0)
    filer.go()
    filer.finish()
    held = all_at_the_end(stack, filer.acknowledged)
    nothing_lost_nothing_twice(stack, filer.acknowledged, held)
    ours = [row for row in held["declarations"] if row["reference"] in filer.acknowledged]
    assert {row["money"] for row in ours} == {"2367.28"}
    assert len({row["notices"] for row in ours}) == 1, "each heard the same number of times"


def test_pushed_answers_survive_a_dead_receiver(tmp_path):
    """Signed push: the web server is away while answers come; the authority repeats them."""
    with Stack("sqlite", tmp_path, mode="push") as stack:
        filer = Filer(stack, count=10)
        filer.go()
        time.sleep(0.6)
        stack.restart("web")
        filer.finish()
        held = all_at_the_end(stack, filer.acknowledged)
        nothing_lost_nothing_twice(stack, filer.acknowledged, held)
