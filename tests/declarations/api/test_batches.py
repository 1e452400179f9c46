"""POST batches: many declarations in one file, each with its own outcome, none lost and none filed twice."""

import json
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from declarations import tasks
from declarations.models import Batch, BatchRow, Declaration, DeclarationVersion, EntryNumber
from declarations.services import batch_rows, batch_work
from declarations.tasks import work_batches
from portal.accounts.models import Client, Membership
from portal.desk.models import Event
from portal.records.models import Blob
from portal.records.services import read_bytes
from portal.trail.models import TrailEntry
from portal.trail.verification import verify
from tests.support.programs import Program, own_document
from tests.support.tables import CSV, FORMATS, NDJSON, as_ndjson, rows_of, written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)
    monkeypatch.setattr(batch_work, "MOST_SECONDS", 60)  # on a busy machine too


@pytest.fixture
def program():
    return Program()


def send(program, body, *, format="ndjson", key="once", mode="file"):
    media = {"ndjson": NDJSON, "csv": CSV}.get(format, format)
    return program.ask("POST", f"batches?mode={mode}", body, key=key, media=media)


def sent(program, documents, *, format="ndjson", **more):
    media, encode = FORMATS[format]
    answer = send(program, encode(documents), format=media, **more)
    assert answer.status_code == 202, answer.content
    return answer.json()


def work_all():
    while work_batches():
        pass


def results(program, batch, limit=100):
    found, after = [], "0"
    while after is not None:
        page = program.get(f"batches/{batch['reference']}/results?after={after}&limit={limit}").json()
        found += page["results"]
        if page["next"] == after:
            raise AssertionError("the batch is not done")
        after = page["next"]
    return found


def progress(program, batch):
    return program.get(f"batches/{batch['reference']}").json()


def documents(program, count, tag="B", ship="S01", **more):
    return [own_document(program, ship, own=f"{tag}{place:05d}", **more) for place in range(count)]


@pytest.mark.parametrize("format", FORMATS)
def test_good_and_bad_rows_each_have_their_outcome_in_every_format(program, format):
    given = [*documents(program, 4), own_document(program, "S10", own="TWOLINES1")]
    given[1]["ports"]["entry"] = "9999"
    given[2]["items"][0]["gross_mass_kg"] = "12,5"
    batch = sent(program, given, format=format)
    assert (batch["state"], batch["rows"], batch["waiting"], batch["filed"]) == ("WAITING", 5, 5, 0)
    assert program.get(f"batches/{batch['reference']}/results").json() == {"results": [], "next": "0"}
    work_all()
    stands = progress(program, batch)
    assert (stands["state"], stands["filed"], stands["refused"], stands["waiting"]) == ("DONE", 3, 2, 0)
    assert stands["started_at"] and stands["finished_at"]
    rows = results(program, batch)
    assert [one["row"] for one in rows] == [1, 2, 3, 4, 5]
    assert [one["own_reference"] for one in rows] == [one["functional_reference_id"] for one in given]
    assert [one["outcome"] for one in rows] == ["filed", "refused", "refused", "filed", "filed"]
    assert rows[1]["code"] == "HAS_ERRORS"
    assert "/ports/entry" in [one["pointer"] for one in rows[1]["violations"] if one["severity"] == "error"]
    assert rows[2]["code"] == "DOCUMENT_REFUSED"
    assert [one["pointer"] for one in rows[2]["violations"]] == ["/items/0/gross_mass_kg"]
    for row in (rows[0], rows[3], rows[4]):
        one = Declaration.objects.get(reference=row["reference"])
        assert (one.filing, one.entry_number, f"{one.total_due:.2f}") == (
            "SUBMITTED",
            row["entry_number"],
            row["total_due"],
        )
        assert not list(verify(one.reference))
    assert len({one["entry_number"] for one in rows if one["entry_number"]}) == 3


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_table_files_what_the_json_files(program, format):
    given = [own_document(program, ship, own="SAME00001") for ship in ("S03",)]
    sent(program, given, format=format)
    work_all()
    one = Declaration.objects.get()
    twin = Program()
    other = twin.file(own_document(twin, "S03", own="SAME00001")).json()
    other = Declaration.objects.get(reference=other["reference"])
    filed, wanted = (json.loads(read_bytes(version.live_version.content_sha256)) for version in (one, other))
    for value in (filed, wanted):
        value.pop("entry_number"), value["parties"].pop("importer")
    assert filed == wanted


@pytest.mark.parametrize("format", FORMATS)
def test_999_lines_are_taken_and_1000_are_refused_in_every_format(program, format):
    mode, well = ("file", "filed") if format == "ndjson" else ("draft", "kept")  # filing so many takes its time
    given = [own_document(program, "S01", own=f"LONG{count:05d}", lines=count) for count in (1000, 999)]
    batch = sent(program, given, format=format, mode=mode)
    work_all()
    rows = results(program, batch)
    assert [(one["outcome"], one["code"]) for one in rows] == [("refused", "DOCUMENT_REFUSED"), (well, None)]
    assert rows[0]["violations"][0]["code"] == "DOC-COUNT"
    assert Declaration.objects.get().item_count == 999


@pytest.mark.parametrize("format", FORMATS)
def test_a_declaration_without_lines_is_refused_in_every_format(program, format):
    """In a table: a row that says what belongs to the whole declaration and nothing of any goods."""
    given = documents(program, 2)
    given[0]["items"] = []
    media, encode = FORMATS[format]
    body = encode(given)
    if format != "ndjson":
        names, rows = rows_of([given[1]])
        first = [name for name in names if not name.startswith("items/")]
        bare = [given[0]["functional_reference_id"] if name == "functional_reference_id" else value if name in first else ""
                for name, value in zip(names, rows[0], strict=True)]  # fmt: skip
        body = written([names, bare, *rows], format)
    assert send(program, body, format=media).status_code == 202
    work_all()
    rows = results(program, {"reference": Batch.objects.get().reference})
    assert [one["outcome"] for one in rows] == ["refused", "filed"]
    assert any(one["pointer"].startswith("/items") for one in rows[0]["violations"] if one["severity"] == "error"), (
        rows[0]
    )
    assert Declaration.objects.count() == 1


def test_a_killed_run_is_taken_up_and_no_row_is_filed_twice_or_lost(program, monkeypatch):
    class Killed(BaseException):
        pass

    write, left = batch_rows.write, [7]

    def dying(seen, **said):
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        return write(seen, **said)

    monkeypatch.setattr(batch_work, "AT_ONCE", 3)
    batch = sent(program, documents(program, 10))
    monkeypatch.setattr(batch_rows, "write", dying)
    with pytest.raises(Killed):
        work_batches()
    assert progress(program, batch)["filed"] == Declaration.objects.count() == 6
    monkeypatch.undo()
    monkeypatch.setattr("portal.clocks.services._ring", lambda name: None)
    work_all()
    rows = results(program, batch)
    assert [one["outcome"] for one in rows] == ["filed"] * 10
    assert Declaration.objects.count() == DeclarationVersion.objects.count() == EntryNumber.objects.count() == 10
    assert {one["reference"] for one in rows} == set(Declaration.objects.values_list("reference", flat=True))


@pytest.mark.parametrize(("waited", "seconds"), [(0, 1.0), (1, 1.0), (5, 2.5), (60, 4.0)])
def test_a_batch_that_has_waited_long_has_a_longer_turn(monkeypatch, waited, seconds):
    clock = [0.0]

    def work(held, *, now):
        clock[0] += 0.125
        return 1

    monkeypatch.setattr(tasks, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(batch_work, "work", work)
    held = batch_work.Held(Batch(rows=1), None, timedelta(seconds=waited), is_alone=False)
    assert tasks._work_on(held) == seconds / 0.125


def test_a_new_long_batch_calls_another_process_once(program, monkeypatch):
    sent(program, documents(program, 5), mode="draft")
    rung = []
    monkeypatch.setattr(tasks, "nudge", rung.append)
    monkeypatch.setattr(batch_work, "AT_ONCE", 2)
    monkeypatch.setattr(batch_work, "work", lambda held, *, now: 0)
    for _ in range(2):  # the second time somebody has worked on it a moment ago
        assert work_batches() == 0
        assert len(rung) == 1


def test_a_row_that_the_portal_cannot_work_on_loses_no_other(program, monkeypatch):
    look = batch_rows.filing_now.look

    def failing(**said):
        if said["document"].functional_reference_id == "B00001":
            raise KeyError("a fault of ours")
        return look(**said)

    monkeypatch.setattr(batch_rows.filing_now, "look", failing)
    batch = sent(program, documents(program, 3))
    work_all()
    rows = results(program, batch)
    assert [one["outcome"] for one in rows] == ["filed", "refused", "filed"]
    assert rows[1]["code"] == "ROW_FAILED"


def test_lines_that_are_no_declaration_are_unreadable_and_counted_in_their_place(program):
    good = [json.dumps(one).encode() for one in documents(program, 2)]
    body = b"\xef\xbb\xbf" + good[0] + b"\n\n{\n[]\r\n\xff\n" + b"[" * 3000 + b"\n" + good[1]
    batch = send(program, body).json()
    work_all()
    rows = results(program, batch)
    assert [(one["row"], one["line"], one["outcome"]) for one in rows] == [
        (1, 1, "filed"), (2, 3, "unreadable"), (3, 4, "refused"), (4, 5, "unreadable"), (5, 6, "unreadable"),
        (6, 7, "filed"),
    ]  # fmt: skip
    assert progress(program, batch)["unreadable"] == 3


def test_a_body_larger_than_forms_may_be_is_streamed_and_a_row_that_is_too_large_is_not_read(program):
    body = b'{"contact": "' + b"x" * 10_100_000 + b'"}\n' + as_ndjson(documents(program, 1))
    batch = send(program, body).json()
    assert batch["unreadable"] == 1
    assert Blob.objects.get(sha256=batch["sha256"]).size == len(body)
    work_all()
    rows = results(program, batch)
    assert [one["outcome"] for one in rows] == ["unreadable", "filed"]
    assert rows[0]["violations"][0]["code"] == "DOC-SIZE"


def test_the_same_own_reference_twice_names_both_rows(program):
    given = documents(program, 3)
    given[2]["functional_reference_id"] = given[0]["functional_reference_id"]
    batch = sent(program, given)
    work_all()
    rows = results(program, batch)
    assert [(one["outcome"], one["code"]) for one in rows] == [
        ("refused", "REFERENCE_TWICE"), ("filed", None), ("refused", "REFERENCE_TWICE"),
    ]  # fmt: skip
    assert "rows 1, 3 of" in rows[0]["detail"] and "rows 1, 3 of" in rows[2]["detail"]


def test_a_reference_that_was_filed_before_is_refused_as_in_a_filing(program):
    given = documents(program, 2)
    assert program.file(given[0]).status_code == 202
    batch = sent(program, given)
    work_all()
    assert [one["outcome"] for one in results(program, batch)] == ["refused", "filed"]


def test_a_row_finds_those_before_it_as_a_filing_would(program):
    """The same goods under another reference: filed with the same warnings, one by one and in one chunk."""
    other = Program()
    singly = [[each["code"] for each in other.file(one).json()["violations"]] for one in documents(other, 3)]
    batch = sent(program, documents(program, 3))
    work_all()
    together = [[each["code"] for each in one["violations"]] for one in results(program, batch)]
    assert together == singly and together[1] != together[0]


def test_a_key_gives_its_answer_again_and_the_batch_is_worked_on_once(program):
    body = as_ndjson(documents(program, 2))
    first = send(program, body)
    work_all()
    again = send(program, body)
    assert (again.status_code, again.content) == (202, first.content)
    assert again["Idempotent-Replayed"] == "true"
    work_all()
    assert Batch.objects.count() == 1 and Declaration.objects.count() == 2
    for other in (send(program, body + b"\n"), send(program, body, mode="draft"), send(program, body, format="csv")):
        assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert program.ask("POST", "batches", body, media=NDJSON).json()["code"] == "IDEMPOTENCY_KEY_REQUIRED"


@pytest.mark.parametrize(("mode", "outcome", "kept"), [("dry-run", "passed", 0), ("draft", "kept", 2)])
def test_a_batch_may_be_tried_or_kept_as_drafts(program, mode, outcome, kept):
    given = documents(program, 2)
    given[1]["ports"]["entry"] = "9999"
    batch = sent(program, given, mode=mode)
    work_all()
    rows = results(program, batch)
    assert [one["outcome"] for one in rows] == [outcome, "kept" if kept else "refused"]
    assert progress(program, batch)[outcome] == (2 if kept else 1)
    assert Declaration.objects.filter(filing="DRAFT").count() == Declaration.objects.count() == kept
    assert not EntryNumber.objects.exists()
    assert send(program, b"{}", mode="other").json()["code"] == "BAD_MODE"


def test_results_come_in_pages_in_the_order_of_the_rows(program):
    batch = sent(program, documents(program, 5), mode="draft")
    work_all()
    path = f"batches/{batch['reference']}/results"
    first = program.get(f"{path}?limit=2").json()
    assert [one["row"] for one in first["results"]] == [1, 2] and first["next"] == "2"
    last = program.get(f"{path}?after=4&limit=2").json()
    assert [one["row"] for one in last["results"]] == [5] and last["next"] is None
    assert [one["row"] for one in results(program, batch, limit=2)] == [1, 2, 3, 4, 5]
    assert program.get(f"{path}?limit=101").json()["code"] == "BAD_CURSOR"


def test_batches_are_listed_for_their_organization_and_exist_for_nobody_else(program):
    made = [sent(program, documents(program, 1, tag), key=tag)["reference"] for tag in ("A", "B", "C")]
    page = program.get("batches?limit=2").json()
    assert [one["reference"] for one in page["results"]] == made[:0:-1]
    rest = program.get(f"batches?limit=2&after={page['next']}").json()
    assert [one["reference"] for one in rest["results"]] == made[:1] and rest["next"] is None
    other = Program()
    assert other.get("batches").json()["results"] == []
    for path in (f"batches/{made[0]}", f"batches/{made[0]}/results", "batches/B000000000000"):
        assert other.get(path).status_code == 404
    Membership.objects.filter(user=program.signatory).update(is_active=False)
    assert program.get(f"batches/{made[0]}").status_code == 404


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("mode", ["file", "dry-run", "draft"])
def test_a_file_of_which_nothing_can_be_read_is_done_too(program, format, mode):
    given = documents(program, 2)
    for one in given:
        one["contact"]["name"] = "=1+1"
    if format == "ndjson":
        batch = send(program, b"{\n[}\n", mode=mode).json()
    else:
        batch = sent(program, given, format=format, mode=mode)
    work_all()
    now = progress(program, batch)
    assert (now["state"], now["unreadable"], now["waiting"]) == ("DONE", 2, 0)
    assert now["finished_at"] is not None and Event.objects.filter(kind="batch.done").count() == 1


def test_how_long_it_took_has_the_last_rows_in_it(program, monkeypatch):
    see = batch_rows.see

    def slowly(*row, **said):
        time.sleep(0.2)
        return see(*row, **said)

    monkeypatch.setattr(batch_rows, "see", slowly)
    batch = sent(program, documents(program, 2), mode="draft")
    work_all()
    assert 0 < float(progress(program, batch)["rows_per_second"]) <= 5


def test_the_end_is_an_event_and_a_trail_entry(program):
    batch = sent(program, documents(program, 1))
    work_all()
    event = Event.objects.get(kind="batch.done")
    assert (event.organization, event.reference) == (program.organization, batch["reference"])
    assert {"pointer": "/filed", "from": None, "to": 1} in event.changes
    kinds = TrailEntry.objects.filter(subject=batch["reference"]).order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["batch.take", "batch.done"]
    assert not list(verify(batch["reference"]))


def test_what_is_left_of_a_closed_program_is_refused(program, monkeypatch):
    monkeypatch.setattr(batch_work, "AT_ONCE", 2)
    batch = sent(program, documents(program, 5))
    held = batch_work.claim(now=timezone.now())
    batch_work.work(held, now=timezone.now())
    held.lines.close()
    Client.objects.filter(pk=program.client.pk).update(closed_at=timezone.now())
    work_all()
    rows = BatchRow.objects.order_by("number").values_list("outcome", "code")
    assert list(rows) == [("ACCEPTED", "")] * 2 + [("REFUSED", "BATCH_PROGRAM_CLOSED")] * 3
    stands = Batch.objects.get(reference=batch["reference"])
    assert (stands.state, stands.accepted, stands.refused) == ("DONE", 2, 3)


def test_a_signatory_who_lost_the_role_signs_nothing_more(program):
    batch = sent(program, documents(program, 1))
    Membership.objects.filter(user=program.signatory).update(role="service_provider")
    work_all()
    row = BatchRow.objects.get(batch__reference=batch["reference"])
    assert row.outcome == "REFUSED" and row.code in ("NOT_ALLOWED_TO_SIGN", "HAS_ERRORS")
    assert not Declaration.objects.exists()


def test_bytes_that_have_changed_are_not_filed(program):
    batch = sent(program, documents(program, 2))
    Blob.objects.update(data=b"{}\n{}\n")
    work_all()
    assert {one["code"] for one in results(program, batch)} == {"BLOB_DAMAGED"}


def test_too_many_too_large_too_little_and_of_a_wrong_kind(program, monkeypatch):
    answer = send(program, b"{}\n" * 5001)
    assert (answer.status_code, answer.json()["code"]) == (422, "BATCH_TOO_LONG")
    table = b"functional_reference_id\n" + b"".join(b"R%d\n" % n for n in range(5001))
    assert send(program, table, format="csv").json()["code"] == "BATCH_TOO_LONG"
    assert send(program, b"\n" * 50_001).json()["code"] == "BATCH_REFUSED"
    monkeypatch.setattr("declarations.filer.api.batches.MOST_BYTES", 1000)
    answer = send(program, b" " * 1001)
    assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")
    for body in (b"\n \n", b"\xff\xfe{\x00", b"PK\x03\x04"):
        answer = send(program, body)
        assert (answer.status_code, answer.json()["code"]) == (422, "BATCH_REFUSED")
    for media in ("application/json", "text/plain", "", "multipart/form-data; boundary=x"):
        answer = send(program, b"{}", format=media)
        assert (answer.status_code, answer.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert not Batch.objects.exists()
