"""The example of docs/examples files for several clients while everything is killed: nothing twice or lost."""

import importlib.util
import json
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime

import pytest

from portal.timezones import party_date
from tests.fault.reckoning import all_at_the_end, nothing_lost_nothing_twice
from tests.makers import make_document
from tests.support.stack import ROOT

pytestmark = pytest.mark.fault
CLIENTS = 3
COUNT = {"sqlite": 24, "postgresql": 500}
KILLS = {  # one after another, evenly over the time that filing takes
    "sqlite": ("web", "web", "example", "web child"),
    "postgresql": ("web child", "worker", "redis", "web", "example", "beat", "database", "worker"),
}
SCRIPT = ROOT / "docs" / "examples" / "file_many.py"
SHIPS = ("S01", "S04", "S10")


@pytest.fixture
def module():
    spec = importlib.util.spec_from_file_location("file_many", SCRIPT)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def to_file(given, count):
    day = party_date(datetime.now(UTC))
    for number in range(count):
        importer = given["importers"][number % CLIENTS]
        value = make_document(SHIPS[number % len(SHIPS)], own=f"MANY{number:04d}", day=day)
        value["parties"]["importer"] = importer
        value["declarant_statement"]["capacity"] = "agent"
        yield value


class Run:
    """The example as a process of its own, as people run it."""

    def __init__(self, stack, folder):
        self.journal = folder / "journal.ndjson"
        self.command = [
            sys.executable, str(SCRIPT), "--url", stack.address, "--credentials", str(folder / "credentials.json"),
            "--declarations", str(folder / "many.ndjson"), "--journal", str(self.journal), "--wait", "180",
        ]  # fmt: skip
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)

    def wait_for(self, count):
        until = time.monotonic() + 240
        while not self.journal.exists() or self.journal.read_bytes().count(b"\n") < count:
            assert time.monotonic() < until and self.process.poll() is None, "the example does not go on"
            time.sleep(0.05)

    def kill(self):
        self.process.kill()
        self.process.communicate()

    def finish(self):
        out, _ = self.process.communicate(timeout=400)
        return self.process.returncode, json.loads(out)


def kill(stack, run, victim):
    if victim == "example":  # in the middle of what it does
        run.kill()
        with run.journal.open("ab") as file:
            file.write(b'{"own": "cut o')
        run.start()
    else:
        stack.strike(victim)


def test_many_declarations_for_many_clients_while_everything_is_killed(stack, tmp_path, module):
    count = COUNT[stack.engine]
    given = stack.query("make_program", str(CLIENTS))
    (tmp_path / "credentials.json").write_text(json.dumps(given))
    (tmp_path / "many.ndjson").write_text("".join(json.dumps(one) + "\n" for one in to_file(given, count)))
    kills = KILLS[stack.engine]
    run = Run(stack, tmp_path)
    for number, victim in enumerate(kills, 1):
        run.wait_for(count * number // (len(kills) + 1))
        kill(stack, run, victim)
    code, told = run.finish()
    assert code == 0, (told, stack.log("web"))
    assert (told["filed"], told["clients"], told["legal"]) == (count, CLIENTS, {"CLEARED": count})

    portal = module.Portal(stack.address, given["client_id"], given["client_secret"])
    found = everything(portal)
    own = {one["reference"]: one["functional_reference_id"] for one in found}
    assert Counter(own.values()) == Counter(f"MANY{n:04d}" for n in range(count)), "filed once each"
    with module.Journal(run.journal) as journal:
        taken, states = journal.taken, journal.states
    assert {one["reference"]: name.split("/")[1] for name, one in taken.items()} == own
    rebuilt = {reference: states[reference] for reference in own}
    assert rebuilt == {one["reference"]: {"filing": one["filing"], "legal": one["legal"]} for one in found}
    nothing_lost_nothing_twice(stack, own, all_at_the_end(stack, own))

    again = Run(stack, tmp_path)
    assert again.finish()[1]["filed"] == count
    assert len(everything(portal)) == count, "the journal knows them all"


def everything(portal):
    found, after = [], ""
    while True:
        page = portal.ask("GET", f"declarations?limit=100&after={after}")
        found += page["results"]
        if page["next"] is None:
            return found
        after = page["next"]
