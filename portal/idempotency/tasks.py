"""Old answers are forgotten."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from portal.idempotency.services import forget_old


@shared_task
def forget_answers(**_: Any) -> int:
    """Answers older than thirty days are gone."""
    return forget_old(now=timezone.now())
