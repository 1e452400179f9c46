"""The example of docs/examples files for several clients while the web server is killed: nothing twice or lost."""

import importlib.util
import json
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from portal.timezones import party_date
from tests.makers import make_document
from tests.support.stack import ROOT, Stack

pytestmark = pytest.mark.fault
CLIENTS, EACH = 3, 8
SCRIPT = ROOT / "docs" / "examples" / "file_many.py"
SHIPS = ("S01", "S04", "S10")


@pytest.fixture
def module():
    spec = importlib.util.spec_from_file_location("file_many", SCRIPT)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def to_file(given, day):
    for number in range(CLIENTS * EACH):
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


def test_many_declarations_for_many_clients_while_everything_is_killed(tmp_path, module):
    with Stack("sqlite", tmp_path) as stack:
        given = stack.query("make_program", str(CLIENTS))
        day = party_date(datetime.now(UTC))
        (tmp_path / "credentials.json").write_text(json.dumps(given))
        (tmp_path / "many.ndjson").write_text("".join(json.dumps(one) + "\n" for one in to_file(given, day)))
        run = Run(stack, tmp_path)
        for stop in (5, 10):
            run.wait_for(stop)
            stack.restart("web")
        run.wait_for(14)
        run.kill()  # the example itself, in the middle of what it does
        with run.journal.open("ab") as file:
            file.write(b'{"own": "cut o')
        run.start()
        run.wait_for(18)
        stack.restart("web")
        code, told = run.finish()
        assert code == 0, (told, stack.log("web"))
        assert (
            told["filed"] == CLIENTS * EACH
            and told["clients"] == CLIENTS
            and told["legal"] == {"CLEARED": CLIENTS * EACH}
        )
        portal = module.Portal(stack.address, given["client_id"], given["client_secret"])
        held = everything(portal)
        with module.Journal(run.journal) as journal:
            states = journal.states
        assert {one["functional_reference_id"] for one in held} == {f"MANY{n:04d}" for n in range(CLIENTS * EACH)}
        assert len(held) == CLIENTS * EACH, "filed once each"
        rebuilt = {one["reference"]: states[one["reference"]] for one in held}
        assert rebuilt == {one["reference"]: {"filing": one["filing"], "legal": one["legal"]} for one in held}
        again = Run(stack, tmp_path)
        assert again.finish()[1]["filed"] == CLIENTS * EACH
        assert len(everything(portal)) == CLIENTS * EACH, "the journal knows them all"


def everything(portal):
    found, after = [], ""
    while True:
        page = portal.ask("GET", f"declarations?limit=10&after={after}")
        found += page["results"]
        if page["next"] is None:
            return found
        after = page["next"]
