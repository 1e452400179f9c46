"""Periodic: a signed checkpoint over all chains."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone

from portal.clocks.services import job_due
from portal.trail.services import write_checkpoint

PERIOD = timedelta(hours=1)


@shared_task
def checkpoint(**_: Any) -> None:
    """At most one checkpoint an hour, whoever asks."""
    now = timezone.now()
    if job_due("trail.checkpoint", PERIOD, now):
        write_checkpoint(now=now)
