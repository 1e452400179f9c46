"""The trail: chained, write-once, and any alteration is found and named (O01)."""

import json
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from portal.accounts.actors import SYSTEM
from portal.trail import protection
from portal.trail.models import TrailEntry, TrailHead
from portal.trail.services import record, record_many, write_checkpoint
from portal.trail.verification import verify

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def write(subject, count, start=0):
    entries = [("test.step", {"n": start + n}) for n in range(count)]
    with transaction.atomic():
        record_many(subject=subject, entries=entries, actor=SYSTEM, now=NOW)


@pytest.fixture
def chains():
    write("DAAA", 3)
    write("DBBB", 2)
    return "DAAA"


@pytest.fixture
def forger():
    """Somebody with the database in hand and the triggers gone."""
    protection.unprotect()
    yield
    protection.protect()


def test_sound_chains_verify(chains):
    assert list(verify()) == []
    assert [e.seq for e in TrailEntry.objects.filter(subject="DAAA").order_by("seq")] == [1, 2, 3]


@pytest.mark.parametrize("statement", ["UPDATE trail_trailentry SET kind = 'x'", "DELETE FROM trail_trailentry"])
def test_the_database_refuses_to_change_or_remove_an_entry(chains, statement):
    assert protection.is_protected()
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert TrailEntry.objects.count() == 5


def test_replacing_a_row_does_not_go_round_the_triggers(chains):
    if connection.vendor != "sqlite":
        sql = "INSERT INTO trail_trailentry SELECT * FROM trail_trailentry WHERE seq = 1"
        sql += " ON CONFLICT (id) DO UPDATE SET kind = 'x'"
    else:
        sql = "INSERT OR REPLACE INTO trail_trailentry SELECT * FROM trail_trailentry WHERE seq = 1"
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("forge", "seq"),
    [
        (lambda rows: rows.filter(seq=2).update(body='{"a":1}'), 2),
        (lambda rows: rows.filter(seq=2).update(kind="other"), 2),
        (lambda rows: rows.filter(seq=2).update(actor="user:X"), 2),
        (lambda rows: rows.filter(seq=2).delete(), 2),
        (lambda rows: rows.filter(seq=3).delete(), 3),
        (lambda rows: rows.filter(seq=1).update(hash="0" * 64), 1),
    ],
)
def test_an_altered_entry_is_found_and_named(chains, forger, forge, seq):
    forge(TrailEntry.objects.filter(subject="DAAA"))
    faults = list(verify())
    assert [(one.subject, one.seq) for one in faults] == [("DAAA", seq)]
    assert [one.subject for one in verify("DBBB")] == []


def test_every_altered_byte_is_found(chains, forger):
    entry = TrailEntry.objects.get(subject="DBBB", seq=1)
    for position in range(0, len(entry.body), 7):
        forged = entry.body[:position] + chr(ord(entry.body[position]) ^ 1) + entry.body[position + 1 :]
        TrailEntry.objects.filter(pk=entry.pk).update(body=forged)
        assert [(one.subject, one.seq) for one in verify("DBBB")] == [("DBBB", 1)]
    TrailEntry.objects.filter(pk=entry.pk).update(body=entry.body)
    assert list(verify()) == []


def test_two_swapped_entries_are_found(chains, forger):
    first, second = TrailEntry.objects.filter(subject="DAAA").order_by("seq")[:2]
    TrailEntry.objects.filter(pk=first.pk).update(seq=99)
    TrailEntry.objects.filter(pk=second.pk).update(seq=1)
    TrailEntry.objects.filter(pk=first.pk).update(seq=2)
    assert [(one.subject, one.seq) for one in verify()] == [("DAAA", 1)]


def test_a_chain_rewritten_whole_differs_from_the_checkpoint_outside(chains, forger):
    write_checkpoint(now=NOW)
    assert list(verify()) == []
    TrailEntry.objects.filter(subject="DAAA").delete()
    TrailHead.objects.filter(subject="DAAA").delete()
    write("DAAA", 3, start=7)  # sound in itself, with other content
    last = TrailEntry.objects.get(subject="DBBB", seq=1)
    TrailEntry.objects.filter(subject="DBBB", seq=2).delete()
    TrailHead.objects.filter(subject="DBBB").update(seq=1, hash=last.hash)  # the tail is cut and the head mended
    assert [(one.subject, one.seq) for one in verify()] == [("DAAA", 3), ("DBBB", 2)]


def test_a_forged_checkpoint_file_is_found(chains, settings):
    write_checkpoint(now=NOW)
    path = settings.CHECKPOINT_FILE
    row = json.loads(path.read_text())
    row["heads"] = row["heads"].replace("DAAA 3", "DAAA 2")
    path.write_text(json.dumps(row) + "\n")
    assert [(one.subject, one.reason) for one in verify()] == [("checkpoints", "the checkpoint was altered")]


def test_the_trail_is_only_written_inside_the_transaction_of_its_act():
    with pytest.raises(RuntimeError, match="transaction"):
        record(subject="DCCC", kind="x", actor=SYSTEM, now=NOW)
