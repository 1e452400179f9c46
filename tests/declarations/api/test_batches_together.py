"""Several runs on one batch: each has rows of its own, none is done twice, and what they tell is in order."""

import re
import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from declarations.models import Batch, BatchRow, Declaration, DeclarationVersion, EntryNumber, FiledShipment
from declarations.services import batch_rows, batch_work, filing_now
from declarations.tasks import work_batches
from portal.desk.models import Event
from tests.declarations.api.test_batches import documents, progress, results, sent, work_all
from tests.support.programs import Program

ENGINE = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="on SQLite one writes at a time")


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)
    monkeypatch.setattr(batch_work, "MOST_SECONDS", 60)
    monkeypatch.setattr(batch_work, "AT_ONCE", 4)


def in_thread(work):
    """Starts the work with a connection of its own; what it raised is given by `end`."""
    raised = []

    def run():
        try:
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()

    def end():
        thread.join(30)
        assert not thread.is_alive()
        return raised

    return end


@ENGINE
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("starter_committed")
def test_rows_that_another_run_has_are_left_to_it():
    program = Program()
    batch = sent(program, documents(program, 6))
    has, may_end = threading.Event(), threading.Event()

    def hold():
        held, now = batch_work.claim(now=timezone.now()), timezone.now()
        with transaction.atomic(), held.lines:
            rows = batch_work._seen(held, batch_work._actor_of(held.batch, now), now)
            assert [one.row.number for one in rows] == [1, 2, 3, 4]
            has.set()
            may_end.wait(30)
            transaction.set_rollback(True)

    end = in_thread(hold)
    assert has.wait(30)
    assert work_batches() == 2
    assert list(Declaration.objects.values_list("functional_reference_id", flat=True)) == ["B00004", "B00005"]
    assert work_batches() == 0, "the rest is somebody else's"
    assert progress(program, batch)["state"] == "WORKING"
    may_end.set()
    assert end() == []
    work_all()
    assert progress(program, batch)["state"] == "DONE"
    assert [one["outcome"] for one in results(program, batch)] == ["filed"] * 6


@ENGINE
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("starter_committed")
def test_three_runs_and_filings_beside_them_file_everything_once():
    program, other = Program(), Program()
    batch = sent(program, documents(program, 30))
    second = sent(other, documents(other, 10), key="second")

    def until_done():
        while Batch.objects.exclude(state="DONE").exists():
            held = batch_work.claim(now=timezone.now())
            if held is not None:
                batch_work.work(held, now=timezone.now())
                held.lines.close()

    def singly():
        for one in documents(program, 10, "C"):
            assert program.file(one).status_code == 202

    for end in [in_thread(until_done), in_thread(until_done), in_thread(until_done), in_thread(singly)]:
        assert end() == []
    for sender, made, count in ((program, batch, 30), (other, second, 10)):
        stands = Batch.objects.get(reference=made["reference"])
        assert (stands.state, stands.accepted, stands.refused) == ("DONE", count, 0)
        assert len({one["reference"] for one in results(sender, made)}) == count
        assert Event.objects.filter(kind="batch.done", reference=made["reference"]).count() == 1
        seqs = list(Event.objects.filter(organization=sender.organization).order_by("pk").values_list("seq", flat=True))
        assert sorted(seqs) == list(range(1, len(seqs) + 1)), "a feed without gaps"
    assert Declaration.objects.count() == EntryNumber.objects.count() == 50


@ENGINE
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("starter_committed")
def test_a_bill_that_another_run_filed_meanwhile_is_noticed(monkeypatch):
    """The rows were looked at before the other run's filing stood, and are written after it."""
    program = Program()
    given = documents(program, 2)
    for one in given:
        one["transport"]["bills"][0]["house"] = {"issuer": "DMOF", "number": "SAME1"}
    see = batch_rows.see

    def see_and_be_late(*row, **said):
        seen = see(*row, **said)
        end = in_thread(lambda: program.file(given[0] | {"functional_reference_id": "MEANWHILE"}))
        assert end() == []
        return seen

    batch = sent(program, given[1:])
    monkeypatch.setattr(batch_rows, "see", see_and_be_late)
    work_all()
    (row,) = results(program, batch)
    assert row["outcome"] == "filed" and "ENT-DUP" in {one["code"] for one in row["violations"]}
    assert FiledShipment.objects.count() == 2


@ENGINE
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("starter_committed")
def test_two_filers_may_choose_the_same_words_in_the_same_moment(monkeypatch):
    """The second waits for the first to stand, and is filed under a local reference that is free."""
    programs = Program(), Program()
    files, has = filing_now.file_now, threading.Event()

    def slowly(looked, **said):
        filed = files(looked, **said)
        if not has.is_set():
            has.set()
            time.sleep(0.5)
        return filed

    monkeypatch.setattr(filing_now, "file_now", slowly)
    answers = []
    end = in_thread(lambda: answers.append(programs[0].file(*documents(programs[0], 1, "PO"))))
    assert has.wait(30)
    answers.append(programs[1].file(*documents(programs[1], 1, "PO")))
    assert end() == []
    assert [one.status_code for one in answers] == [202, 202], answers[-1].content
    first, second = sorted(DeclarationVersion.objects.values_list("lrn", flat=True))
    assert first == "PO00000" and re.fullmatch(r"PO00000-[1-9]\d{3}", second)


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["file", "dry-run"])
def test_informal_entries_of_one_batch_are_added_up(mode):
    program = Program()
    given = documents(program, 3, entry_type="11")
    for place, one in enumerate(given):
        one["items"][0]["valuation"]["entered_value"] = "1200"
        one["transport"]["bills"][0]["house"] = {"issuer": "DMOF", "number": f"OWN{place}"}
    batch = sent(program, given, mode=mode)
    work_all()
    split = ["ENT-INF-SPLIT" in {one["code"] for one in row["violations"]} for row in results(program, batch)]
    assert progress(program, batch)["refused"] == 0
    assert split == ([False, False, True] if mode == "file" else [False, False, False])


@pytest.mark.django_db
def test_the_events_of_a_row_that_fails_at_the_last_moment_are_not_told(monkeypatch):
    program = Program()
    file_now = batch_rows.filing_now.file_now

    def failing(looked, **said):
        filed = file_now(looked, **said)
        if looked.document.functional_reference_id == "B00001":
            raise KeyError("a fault of ours")
        return filed

    monkeypatch.setattr(batch_rows.filing_now, "file_now", failing)
    batch = sent(program, documents(program, 3))
    work_all()
    assert [one["outcome"] for one in results(program, batch)] == ["filed", "refused", "filed"]
    told = Event.objects.filter(organization=program.organization, kind="declaration.submit").order_by("seq")
    assert list(told.values_list("reference", flat=True)) == list(
        BatchRow.objects.filter(outcome="ACCEPTED").order_by("number").values_list("declaration__reference", flat=True)
    )
    seqs = list(Event.objects.filter(organization=program.organization).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))


@pytest.mark.django_db
def test_a_dry_run_tells_nothing():
    program = Program()
    sent(program, documents(program, 3), mode="dry-run")
    work_all()
    assert set(Event.objects.values_list("kind", flat=True)) == {"batch.done"}
