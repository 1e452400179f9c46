"""Old counts of requests are forgotten, and programs that end soon are told of."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone

from portal.clocks.services import job_due
from portal.programs.traffic import forget_old
from portal.programs.upkeep import tell_of_endings

DAY = timedelta(days=1)


@shared_task
def forget_traffic(**_: Any) -> int:
    """Counts older than forty days are gone."""
    return forget_old(now=timezone.now())


@shared_task
def tell_of_endings_daily(**_: Any) -> int:
    """Once a day: who looks after a program that ends soon is told."""
    now = timezone.now()
    return tell_of_endings(now=now) if job_due("programs.endings", DAY, now) else 0
