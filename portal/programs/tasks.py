"""Old counts of requests are forgotten."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from portal.programs.traffic import forget_old


@shared_task
def forget_traffic(**_: Any) -> int:
    """Counts older than forty days are gone."""
    return forget_old(now=timezone.now())
