"""Work of the remedies room that nobody waits for."""

import time
from typing import Any

from celery import shared_task
from django.utils import timezone

from audits.remedies.flow import State
from audits.remedies.models import LawChange
from audits.remedies.services import TASK, step
from portal.accounts.actors import SYSTEM
from portal.clocks.services import nudge

SECONDS = 20.0  # a task ends well within the broker's patience, and asks for the next


@shared_task
def work_law_changes(**_: Any) -> int:
    """Law changes that run go on, one step after the other; gives the number of steps taken."""
    until, steps = time.monotonic() + SECONDS, 0
    for change in LawChange.objects.filter(state=State.RUNNING.value).order_by("pk"):
        more = True
        while more:
            if time.monotonic() > until:
                nudge(TASK)
                return steps
            more = step(change=change, actor=SYSTEM, now=timezone.now())
            steps += 1
    return steps
