"""The commands of the ground floor at their door: ports and the trail."""

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, transaction

from portal.accounts.actors import SYSTEM
from portal.trail import protection
from portal.trail.models import TrailEntry
from portal.trail.services import entry_hash, record, write_checkpoint

ROOT = Path(settings.BASE_DIR)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def run(*arguments, **options):
    out = StringIO()
    code = 0
    try:
        call_command(*arguments, stdout=out, stderr=StringIO(), **options)
    except SystemExit as end:
        code = end.code or 0
    except CommandError as error:
        code = error.returncode
        out.write(str(error))
    return code, out.getvalue()


@pytest.fixture
def busy():
    """A port that somebody else listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.mark.parametrize("text", ["99999", "-1", "abc", "8" * 30, "٨٠"])
@pytest.mark.parametrize("command", ["quickstart", "serve"])
def test_what_is_no_port_is_told(command, text):
    with pytest.raises(CommandError, match="is not a port. Give a whole number from 1 to 65535"):
        call_command(command, f"--port={text}")


def test_a_busy_port_is_told(busy):
    code, told = run("quickstart", "--port", str(busy))
    assert (code, f"Port {busy} of 127.0.0.1 cannot be used" in told, "--port" in told) == (2, True, True)


def test_quickstart_says_where_it_has_kept_everything(monkeypatch, settings, tmp_path):
    def stopped(_children):
        raise KeyboardInterrupt

    settings.VAR = tmp_path / "elsewhere"
    place = "portal.management.commands.quickstart"
    monkeypatch.setattr(f"{place}._running", stopped)
    monkeypatch.setattr(f"{place}.Command._set_up", lambda *_: None)
    monkeypatch.setattr(f"{place}.logs.configure", lambda _: None)
    monkeypatch.setattr(f"{place}.signal.signal", lambda *_: None)
    told = StringIO()
    call_command("quickstart", "--no-browser", port=8970, stdout=told)
    assert f"Everything is kept in {tmp_path / 'elsewhere'};" in told.getvalue()


@pytest.mark.parametrize("text", ["busy", "99999", "abc"])
def test_the_authority_alone_tells_a_port_that_it_cannot_have(busy, tmp_path, text):
    command = [sys.executable, "-m", "portal.rehearsal", "--port", str(busy) if text == "busy" else text]
    environment = os.environ | {"PORTAL_BOOTSTRAPPED": "base", "PORTAL_VAR": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert (str(busy) if text == "busy" else text) in done.stderr


def test_a_database_that_is_not_set_up_is_told(db, monkeypatch):
    def away(*_):
        raise OperationalError("no such table: trail_trailentry")

    monkeypatch.setattr("portal.management.commands.verify_trail.verify", away)
    code, told = run("verify_trail")
    assert (code, "no such table" in told, "quickstart" in told) == (2, True, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("subject", "code", "words"),
    [
        (None, 0, "2 entries, all sound"),
        ("DAAA", 0, "1 entry, all sound"),
        ("NOPE", 2, "no chain"),
        ("", 2, "no chain"),
    ],
)
def test_a_chain_is_checked_where_there_is_one(subject, code, words):
    for name in ("DAAA", "DBBB"):
        with transaction.atomic():
            record(subject=name, kind="test.step", actor=SYSTEM, now=NOW)
    found, told = run("verify_trail", subject=subject)
    assert (found, words in told) == (code, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "line", ["", "{", "[]", "null", '{"at": 1}', "[" * 5000, '{"digest": "\\ud800"}', "\udc80", '{"signature": "é"}']
)
def test_a_checkpoint_that_cannot_be_read_was_altered(line):
    with transaction.atomic():
        record(subject="DAAA", kind="test.step", actor=SYSTEM, now=NOW)
    write_checkpoint(now=NOW)
    path = settings.CHECKPOINT_FILE
    kept = path.read_text()
    if line.startswith('{"'):
        line = json.dumps(json.loads(kept) | json.loads(line))
    path.write_bytes((line or "x").encode(errors="surrogateescape") + b"\n" + kept.encode())
    code, told = run("verify_trail")
    assert (code, told.strip()) == (1, "checkpoints entry 1: the checkpoint was altered")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("body", ["nonsense", "[]", "{}"])
def test_an_entry_whose_text_is_no_entry_is_named(body):
    with transaction.atomic():
        record(subject="DAAA", kind="test.step", actor=SYSTEM, now=NOW)
    protection.unprotect()
    TrailEntry.objects.filter(subject="DAAA").update(body=body, hash=entry_hash("", body))
    found, told = run("verify_trail")
    protection.protect()
    assert (found, "DAAA entry 1: its columns differ from its text" in told) == (1, True)
