"""F01 by forms: clerks file through the pages while the web server is killed under them, again and again.

A lost answer is no answer: the clerk looks at the page and presses again. A receipt that was shown is a promise.
"""

import threading

import pytest

from tests.fault.reckoning import all_at_the_end, nothing_lost_nothing_twice
from tests.support.pages import Clerk

pytestmark = pytest.mark.fault
CLERKS = 3
EACH = 4


class Killer(threading.Thread):
    """Kills one web process, then the whole web server, in turn, whenever it has served for a while."""

    def __init__(self, stack, pause=1.5):
        super().__init__(daemon=True)
        self.stack, self.pause = stack, pause
        self.kills = 0
        self.error = None
        self.enough = threading.Event()

    def run(self):
        try:
            while not self.enough.wait(self.pause):
                if self.kills % 2:
                    self.stack.restart("web")
                else:
                    self.stack.kill_child("web")
                self.kills += 1
                self.stack.wait_ready()
        except Exception as error:
            self.error = error

    def stop(self):
        self.enough.set()
        self.join(90)
        assert self.error is None
        assert not self.is_alive()


def file_all(clerk, number, receipts, errors):
    """What one clerk has to do; each receipt that was shown is noted."""
    try:
        clerk.sign_in()
        for n in range(EACH):
            receipts.append(clerk.file(f"FORM{number}{n:03d}"))
    except BaseException as error:
        errors.append(error)
    finally:
        clerk.http.close()


def test_clerks_file_by_forms_while_the_web_server_is_killed(stack):
    made = stack.query("clerks", str(CLERKS))
    clerks = [
        Clerk(stack.address, email=email, password=made["password"], seed=seed, twice=0.2)
        for seed, email in enumerate(made["emails"])
    ]
    receipts, errors = [], []
    killer = Killer(stack)
    killer.start()
    hands = [
        threading.Thread(target=file_all, args=(clerk, number, receipts, errors), daemon=True)
        for number, clerk in enumerate(clerks)
    ]
    for one in hands:
        one.start()
    for one in hands:
        one.join(540)
    killer.stop()
    assert errors == []
    assert len(receipts) == CLERKS * EACH
    assert killer.kills >= 3, "the web server was hardly touched"
    assert sum(one.lost for one in clerks) > 0, "no answer was lost"
    assert sum(one.doubled for one in clerks) > 0, "no button was pressed twice"

    acknowledged = {one.reference: one.lrn for one in receipts}
    assert len(acknowledged) == len(receipts)
    held = all_at_the_end(stack, acknowledged)
    nothing_lost_nothing_twice(stack, acknowledged, held)
    kept = {row["reference"]: row for row in held["declarations"]}
    assert len({one.entry_number for one in receipts}) == len(receipts)
    for one in receipts:
        assert kept[one.reference]["lrn"] == one.lrn
        assert kept[one.reference]["entry_numbers"] == [one.entry_number]
        assert kept[one.reference]["receipts"] == 1
    ours = [row for row in held["declarations"] if row["lrn"].startswith("FORM")]
    assert {row["reference"] for row in ours} == set(acknowledged), "what was filed was shown as filed"
