"""Periodic: a signed checkpoint over all chains."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.clocks.services import job_due
from portal.trail.services import write_checkpoint


@shared_task
def checkpoint(**_: Any) -> None:
    """One checkpoint a period (an hour), whoever asks; the period is taken only where it was written."""
    now = timezone.now()
    with transaction.atomic():
        if job_due("trail.checkpoint", timedelta(seconds=settings.CHECKPOINT_SECONDS), now):
            write_checkpoint(now=now)
