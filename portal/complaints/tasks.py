"""Clocks of complaints that nobody watches by hand."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from portal.accounts.actors import SYSTEM
from portal.complaints import services


@shared_task
def count_breaches(**_: Any) -> int:
    """Complaints that were not acknowledged or decided in time are counted and passed on, once each."""
    return services.count_breaches(actor=SYSTEM, now=timezone.now())
