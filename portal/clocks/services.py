"""Clocks: due days as rows, jobs once a period, and the bell that wakes a worker."""

import time
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import structlog
from celery import current_app
from django.conf import settings
from django.db import IntegrityError, transaction
from kombu import Connection
from kombu.pools import ProducerPool, producers

from portal.accounts.models import Organization
from portal.clocks.models import Deadline, JobRun

log = structlog.get_logger(__name__)
QUIET = 0.1  # seconds between two rings for one task by one process
_rung: dict[str, float] = {}


def set_deadline(
    *, subject: str, kind: str, due_on: date, law: str, words: str, organization: Organization, now: datetime
) -> None:
    """The subject has this deadline; setting it again moves it."""
    values = {"due_on": due_on, "law": law, "words": words, "organization": organization, "created_at": now}
    Deadline.objects.update_or_create(subject=subject, kind=kind, defaults=values | {"state": Deadline.State.OPEN})


def settle_deadline(*, subject: str, kind: str, state: Deadline.State) -> None:
    """The deadline was met, missed or has become void. Nothing happens where there is none open."""
    Deadline.objects.filter(subject=subject, kind=kind, state=Deadline.State.OPEN).update(state=state)


def job_due(name: str, period: timedelta, now: datetime) -> bool:
    """True for exactly one caller a period, whatever the number of schedulers."""
    seconds = int(period.total_seconds())
    start = datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)
    try:
        with transaction.atomic():
            JobRun.objects.create(name=name, period_start=start)
    except IntegrityError:
        return False
    return True


def nudge(task_name: str) -> None:
    """Once the transaction is committed, wake a worker. A broker that is down is logged, never an error.

    The bell may be lost: the schedule finds the row all the same. One that this process rang a moment ago is not
    rung again: whoever it woke finds what came since, or the schedule does.
    """

    def ring() -> None:
        _ring_once(task_name)

    ring.__qualname__ = task_name
    waiting = transaction.get_connection().run_on_commit
    if not any(getattr(one[1], "__qualname__", "") == task_name for one in waiting):  # once a transaction is enough
        transaction.on_commit(ring, robust=True)


def _ring_once(task_name: str) -> None:
    now = time.monotonic()
    if now - _rung.get(task_name, -QUIET) >= QUIET:
        _rung[task_name] = now
        _ring(task_name)


def _ring(task_name: str) -> None:
    try:
        if settings.CELERY_WORKER_IN_PROCESS:
            current_app.send_task(task_name, retry=False, ignore_result=True)
            return
        with _bell().acquire(block=False) as producer:
            current_app.send_task(task_name, retry=False, ignore_result=True, producer=producer)
    except Exception as error:
        log.warning("broker does not answer; the schedule will do it", task=task_name, error=type(error).__name__)


@lru_cache(maxsize=1)
def _bell() -> ProducerPool:
    """Connections to the broker for ringing alone: with short time-outs, which a worker's own must not have."""
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS | settings.BELL_TRANSPORT_OPTIONS
    return producers[Connection(settings.CELERY_BROKER_URL, transport_options=options)]
