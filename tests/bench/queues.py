"""Messages a second that the relay hands to an authority that answers at once, beside two floors of the same run.

The floors: a bare Celery worker of two processes whose task inserts one row, and a loop that takes fifty rows with
SKIP LOCKED and marks them. The relay does what a message needs: claim under a lease, send, settle, record the try.
"""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from portal.gateway import channels, services, tasks
from portal.gateway.models import OutboundMessage
from tests.bench.report import Row

GROUP = "Messages out (PostgreSQL, Redis)"
ROOT = Path(__file__).resolve().parents[2]


class Null:
    """An authority that takes everything at once."""

    def send(self, **_: Any) -> channels.Receipt:
        return channels.Receipt(channels.DELIVERED, status_code=202, conversation_id="NULL")


def rows(*, full: bool) -> list[Row]:
    if connection.vendor != "postgresql":
        return []
    count = 2000 if full else 60
    relay, poller, celery = relayed(count), polled(count * 5), by_celery(count)
    return [
        Row(GROUP, "relay, to an authority that answers at once", relay, "/s", "one process"),
        Row(GROUP, "floor: rows taken with SKIP LOCKED and marked", poller, "/s"),
        Row(GROUP, "floor: bare Celery tasks that insert a row", celery, "/s", "two processes"),
        Row(GROUP, "R11 relay / bare Celery tasks", relay / celery, "x", bar=0.5, at_least=True),
        Row(GROUP, "R11b relay / SKIP LOCKED", relay / poller, "x", bar=0.05, at_least=True),
    ]


def relayed(count: int) -> float:
    others = OutboundMessage.objects.filter(state=OutboundMessage.State.PENDING)  # of other groups of this run
    others.update(state=OutboundMessage.State.DELIVERED)
    with transaction.atomic():
        for number in range(count):
            services.enqueue(
                subject=f"BENCHQ{number:08d}", channel="rehearsal", purpose="declarations",
                local_reference=f"BENCHQ{number:08d}", body=f"<Declaration>{number}</Declaration>".encode(),
                correlation_id="bench", now=timezone.now(),
            )  # fmt: skip
    real, tasks.channel = tasks.channel, lambda name: Null()  # type: ignore[assignment]  # a stand-in for the run
    try:
        started, done = time.monotonic(), 0
        while done < count:
            done += (sent := tasks.relay())
            if not sent:
                raise RuntimeError(f"{count - done} messages were not sent")
        took = time.monotonic() - started
    finally:
        tasks.channel = real
    if OutboundMessage.objects.filter(subject__startswith="BENCHQ").exclude(state="DELIVERED").exists():
        raise RuntimeError("the relay left messages behind")
    return count / took


def polled(count: int) -> float:
    with connection.cursor() as cursor:
        cursor.execute("create table bench_queue (id bigserial primary key, sent boolean, body text)")
        cursor.execute("insert into bench_queue (body) select 'x' from generate_series(1, %s)", [count])
        cursor.execute("create index on bench_queue (id) where sent is null")
        started, taken = time.monotonic(), 0
        while taken < count:
            with transaction.atomic():
                cursor.execute(
                    "update bench_queue set sent = true where id in (select id from bench_queue where sent is null"
                    " order by id for update skip locked limit 50)"
                )
                taken += cursor.rowcount
        return count / (time.monotonic() - started)


def by_celery(count: int) -> float:
    from tests.bench.queue_site import insert

    with connection.cursor() as cursor:
        cursor.execute("create table bench_task (id bigserial primary key, number int)")
    for number in range(count):
        insert.delay(number)
    command = [
        sys.executable, "-m", "celery", "-A", "tests.bench.queue_site", "worker", "-Q", "bench", "--concurrency", "2",
        "--loglevel", "error", "--without-gossip", "--without-mingle",
    ]  # fmt: skip
    worker = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        first = _moment_of(max(1, count // 10), worker)
        last = _moment_of(count, worker)
        return (last[1] - first[1]) / (last[0] - first[0])
    finally:
        worker.terminate()
        worker.wait(30)


def _moment_of(wanted: int, worker: subprocess.Popen) -> tuple[float, int]:
    """When so many tasks were done, and how many there were then."""
    until = time.monotonic() + 120
    while time.monotonic() < until and worker.poll() is None:
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from bench_task")
            (done,) = cursor.fetchone()
        if done >= wanted:
            return time.monotonic(), done
        time.sleep(0.02)
    raise RuntimeError("the Celery worker does not go on")
