"""Work of the filing room that nobody waits for. Each task may run twice, or in two workers at once."""

import contextlib
import threading
import time
from datetime import timedelta
from typing import Any

import structlog
from celery import shared_task
from django.db import DatabaseError, transaction
from django.utils import timezone

from declarations.flow import Act, ActRefused, Filing
from declarations.models import Declaration
from declarations.parity import services as parity
from declarations.services import batch_work, numbers, outcomes, responses
from declarations.services.acts import advance
from declarations.services.batches import WORK
from declarations.tariff import selectors as tariff
from portal.accounts.actors import SYSTEM
from portal.clocks.services import nudge
from portal.gateway.models import InboundMessage
from portal.timezones import party_date

log = structlog.get_logger(__name__)
BATCH = 200
IDLE_DAYS = 90
MOST_RUN_SECONDS = 4.0
RUN_SECONDS = 1.0  # for batches, before other work has its turn
_on_a_batch = threading.Lock()


@shared_task
def apply_responses(**_: Any) -> int:
    """Apply what has been received, and try again what did not find its declaration."""
    now = timezone.now()
    open_states = (InboundMessage.State.RECEIVED, InboundMessage.State.UNMATCHED)
    rows = InboundMessage.objects.filter(state__in=open_states, purpose="declarations", not_before__lte=now)
    done = 0
    for inbound in rows.order_by("not_before", "id")[:BATCH]:
        try:
            responses.apply(inbound=inbound, now=timezone.now())
            done += 1
        except DatabaseError:
            raise
        except Exception as error:
            log.exception("an answer could not be applied", inbound=inbound.reference)
            responses.park_failed(inbound=inbound, reason=f"{type(error).__name__}: {error}", now=timezone.now())
    return done


@shared_task
def apply_outcomes(**_: Any) -> int:
    """Tell the filer of messages that are unknown, refused or dead."""
    return outcomes.apply_outcomes(now=timezone.now())


@shared_task
def remind_deadlines(**_: Any) -> int:
    """Tasks for deadlines three and one working days ahead; missed ones are marked."""
    return outcomes.remind(now=timezone.now())


@shared_task
def expire_drafts(**_: Any) -> int:
    """Drafts that nobody touched for ninety days are closed."""
    now = timezone.now()
    idle = Declaration.objects.filter(filing=Filing.DRAFT, updated_at__lt=now - timedelta(days=IDLE_DAYS))
    count = 0
    for declaration in idle[:BATCH]:
        try:
            with transaction.atomic():
                advance(declaration=declaration, act=Act.EXPIRE, actor=SYSTEM, now=now)
                numbers.void_unused(declaration=declaration, reason="The draft expired.", actor=SYSTEM, now=now)
            count += 1
        except ActRefused:
            continue
    return count


@shared_task
def work_batches(**_: Any) -> int:
    """Work on one batch for a short while, then ring again where more waits. One run a process: others want a turn."""
    if not _on_a_batch.acquire(blocking=False):
        return 0
    try:
        tried: list[int] = []
        while (held := batch_work.claim(now=timezone.now(), but=tried)) is not None:
            with contextlib.closing(held.lines):
                done = _work_on(held)
            if done:
                nudge(WORK)
                return done
            tried.append(held.batch.pk)  # others have the rest of it, or it is over
        return 0
    finally:
        _on_a_batch.release()


def _work_on(held: batch_work.Held) -> int:
    """As many rows as there is time for. Where nobody else works on a long batch, another process is called.

    A batch that has waited long behind other work has a longer turn, so that its share does not become too small.
    """
    seconds = min(MOST_RUN_SECONDS, max(RUN_SECONDS, held.waited.total_seconds() / 2))
    done, until = 0, time.monotonic() + seconds
    if held.is_alone and held.batch.rows > batch_work.AT_ONCE:
        nudge(WORK)
    while time.monotonic() < until and (count := batch_work.work(held, now=timezone.now())):
        done += count
    return done


@shared_task
def publish_parity(**_: Any) -> int:
    """The parity figures of every month that is due are out; a second run finds them there."""
    return parity.publish_due(actor=SYSTEM, now=timezone.now())


def make_ready() -> None:
    """Today's look-up is in the memory of this process; where no tariff is held there is nothing to do."""
    with contextlib.suppress(tariff.NoEdition):
        tariff.make_ready(party_date(timezone.now()))
