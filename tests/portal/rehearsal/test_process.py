"""The authority as a process: how it starts, what it keeps through a kill, what it never prints."""

import http.client
import json
import os
import signal
import stat
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
WORDS = {"PORTAL_REHEARSAL_CLIENT_ID": "trader", "PORTAL_REHEARSAL_CLIENT_SECRET": "trader-word"}
WORDS |= {"PORTAL_REHEARSAL_ADMIN_TOKEN": "admin-word", "PORTAL_REHEARSAL_PUSH_KEY": "push-word"}


@pytest.fixture
def launch(tmp_path):
    """Starts the command and gives the process and its address; ends what is still running."""
    running = []

    def launch_one(*arguments, words=WORDS, how=("-m", "portal.rehearsal"), cwd=ROOT):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        level = {"PORTAL_BOOTSTRAPPED": "base", "PORTAL_VAR": str(tmp_path / "var"), "REFERENCE_DATA": "/nonexistent"}
        command = [sys.executable, *how, "--port", "0", *arguments]
        with (tmp_path / "log").open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=clean | level | words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        running.append(process)
        line = process.stdout.readline().decode()
        assert "listens on" in line, (tmp_path / "log").read_text()
        return process, line.split("listens on ")[1].split(",")[0]

    yield launch_one
    for process in running:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def test_what_was_acknowledged_survives_a_kill(launch, make):
    process, url = launch("--scale", "1")
    wire = make.Wire(url)
    conversation = wire.send(make.declaration("A01-kill")).headers["x-conversation-id"]
    wire.pass_time(1)
    before = wire.unpulled()
    assert len(before) == 2
    assert wire.pulled(before[0]["id"]) == 204
    process.send_signal(signal.SIGKILL)
    process.wait()

    _, url = launch("--scale", "1")
    wire.place = make.Wire(url).place
    assert wire.ask("A01-kill").json["conversation_id"] == conversation
    wire.pass_time(10)
    after = wire.unpulled()
    assert [row["id"] for row in after][:1] == [before[1]["id"]]
    assert [make.told(tree) for tree in wire.drain()] == ["13/67", "13/4", "09"]
    (row,) = wire.admin("declarations").json
    assert row["effects"] == 1


def test_killed_while_many_are_filed_each_has_one_effect_in_the_end(launch, make):
    """The portal's way: what was acknowledged is there; what was not is asked about first, then sent again."""
    process, url = launch("--scale", "1")
    wire = make.Wire(url)
    bodies = {f"A02-{n}": make.declaration(f"A02-{n}", make.number(n)) for n in range(60)}
    acknowledged = []

    def file(lrn):
        try:
            if wire.send(bodies[lrn]).status == 202:
                acknowledged.append(lrn)
        except (http.client.HTTPException, OSError):
            return
        if len(acknowledged) == 15:
            process.kill()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(file, bodies))
    process.wait()
    assert 15 <= len(acknowledged) < 60

    _, url = launch("--scale", "1")
    wire = make.Wire(url)
    assert {wire.ask(lrn).status for lrn in acknowledged} == {200}
    for lrn, body in bodies.items():
        if wire.ask(lrn).status == 404:
            assert wire.send(body).status == 202
    wire.pass_time(10)
    rows = wire.admin("declarations").json
    assert sorted(row["lrn"] for row in rows) == sorted(bodies)
    assert {row["effects"] for row in rows} == {1}
    answers = Counter()
    while trees := wire.drain():
        answers.update(make.first(tree, "Response/Declaration/FunctionalReferenceID") for tree in trees)
    assert answers == dict.fromkeys(bodies, 2)


def test_every_write_waits_for_the_disk(start):
    store = start().authority.store
    assert store.row("PRAGMA journal_mode")[0] == "wal"
    assert store.row("PRAGMA synchronous")[0] == 2


def test_the_clock_keeps_its_shift_over_a_restart(start, make):
    wire = make.Wire(start().url)
    before = wire.pass_time(5 * 86_400)["now"]
    start.stop()
    wire = make.Wire(start().url)
    assert wire.pass_time(0)["now"] >= before


def test_it_ends_in_order_when_told_and_when_standard_input_closes(launch):
    process, _ = launch()
    process.terminate()
    assert process.wait(5) == 0
    process, _ = launch("--exit-with-stdin")
    process.stdin.close()
    assert process.wait(5) == 0


def test_it_starts_by_path_from_anywhere_with_secrets_of_its_own(launch, make, tmp_path):
    path = str(ROOT / "portal" / "rehearsal" / "__main__.py")
    _, url = launch(how=(path,), cwd=tmp_path, words={})
    kept = tmp_path / "var" / "keys" / "rehearsal.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    words = json.loads(kept.read_text())
    wire = make.Wire(url, words["client_id"], words["client_secret"])
    assert wire.token
    assert wire.admin("received", token=words["admin_token"]).status == 200
    assert (tmp_path / "var" / "rehearsal.sqlite3").exists()
    launch(words={})
    assert json.loads(kept.read_text()) == words


def test_several_clients_and_a_push_key_from_a_file(launch, make, tmp_path):
    (tmp_path / "key").write_text("another-key\n")
    words = WORDS | {"PORTAL_REHEARSAL_CLIENTS": json.dumps({"one": "1-word", "two": "2-word"})}
    _, url = launch("--push-key-file", str(tmp_path / "key"), words=words)
    for client, secret in (("one", "1-word"), ("two", "2-word"), ("trader", "trader-word")):
        assert make.Wire(url, client, secret).token


def test_no_secret_is_printed(launch, make, tmp_path):
    process, url = launch(words=WORDS | {"PORTAL_REHEARSAL_LOG_LEVEL": "INFO"})
    wire = make.Wire(url)
    wire.send(make.declaration("A01-log"))
    wire.pass_time(10)
    wire.drain()
    process.terminate()
    process.wait()
    log = (tmp_path / "log").read_text()
    assert "POST /declarations 202" in log
    for word in ("trader-word", "admin-word", "push-word", wire.token):
        assert word not in log


@pytest.mark.parametrize("arguments", [["--scale", "-1"], ["--scale", "x"], ["--callback", "ftp://x"], []])
def test_nonsense_on_the_command_line_is_refused(arguments):
    command = [sys.executable, "-m", "portal.rehearsal", *(["--port", "0"] if arguments else []), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PORTAL_BOOTSTRAPPED": "base"}, capture_output=True)
    assert done.returncode == 2
