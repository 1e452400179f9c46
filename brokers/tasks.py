"""Work on mandates that nobody waits for. Each task may run twice, or in two workers at once."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from brokers import upkeep


@shared_task
def keep_mandates(**_: Any) -> int:
    """End what is over, tell of what ends soon, and give the yearly words on payment."""
    now = timezone.now()
    return upkeep.end_over(now=now) + upkeep.remind_ending(now=now) + upkeep.give_payment_notices(now=now)


@shared_task
def tell_of_agents_off(**_: Any) -> int:
    """Importers whose agent was switched off hear of it."""
    return upkeep.tell_of_agents_off(now=timezone.now())
