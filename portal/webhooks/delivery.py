"""Claim, send, settle for webhooks. The order of the feed is kept, nothing is dropped, what is unclear is sent again.

A webhook is claimed with a lease, so that one worker at a time delivers it. The cursor moves only when the
receiver took what was sent; a receiver that fails is tried again, less and less often, for three days.
"""

import json
import random
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from portal.accounts.actors import SYSTEM
from portal.desk.models import FeedHead
from portal.desk.selectors import event_json, feed_of
from portal.desk.services import open_task
from portal.gateway.claimants import is_gone, own_name
from portal.gateway.outside import Answer
from portal.trail.services import record
from portal.webhooks.models import Webhook, WebhookAttempt
from portal.webhooks.selectors import wanted_by
from portal.webhooks.signing import NoWebhookKey, headers_for

log = structlog.get_logger(__name__)
State = Webhook.State
LEASE = timedelta(seconds=60)
GIVE_UP_AFTER = timedelta(days=3)
FIRST_WAIT, LONGEST_WAIT = 5.0, 3600.0
KEPT_TRIES = 200
FREE: dict[str, object] = {"claim": "", "claimed_by": "", "claimed_until": None}


@dataclass(frozen=True)
class Parcel:
    """One POST: the webhook as it was claimed, the events' numbers, the cursor behind them, and the bytes."""

    webhook: Webhook
    next: int
    seqs: tuple[int, ...] = ()
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    fault: str = ""


def claim(*, now: datetime, limit: int = 8) -> list[Webhook]:
    """Up to `limit` webhooks with something to send are ours for the length of the lease, and nobody else's."""
    _free_the_gone()
    behind = FeedHead.objects.filter(organization=OuterRef("organization"), seq__gt=OuterRef("cursor"))
    due = Webhook.objects.filter(
        Exists(behind), Q(claimed_until=None) | Q(claimed_until__lt=now), state=State.ACTIVE, not_before__lte=now,
        organization__is_active=True,
    ).select_related("organization")  # fmt: skip
    mine: list[Webhook] = []
    if not due.exists():  # mostly so: then no lock is taken
        return mine
    with transaction.atomic():
        rows = due.order_by("not_before", "pk").select_for_update(of=("self",), skip_locked=True)
        for row in list(rows[:limit]):
            fresh = secrets.token_hex(16)
            free = Webhook.objects.filter(pk=row.pk, claim=row.claim)
            if free.update(claim=fresh, claimed_by=own_name(), claimed_until=now + LEASE):
                row.claim = fresh
                mine.append(row)
    return mine


def parcel_of(*, webhook: Webhook, now: datetime) -> Parcel:
    """What the webhook is sent next, signed; without events where all that is new is not for it."""
    found = feed_of(webhook.organization, webhook.cursor, among=wanted_by(webhook))
    seqs = tuple(one.seq for one in found.events)
    if not seqs:
        return Parcel(webhook, found.next)
    content = {"events": [event_json(one) for one in found.events], "next": found.next}
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        return Parcel(webhook, found.next, seqs, body, headers_for(webhook, body, now))
    except NoWebhookKey as error:
        return Parcel(webhook, found.next, seqs, fault=str(error))


def settle(*, parcel: Parcel, answer: Answer | None, now: datetime) -> bool:
    """The outcome is on record, the cursor where it belongs. False where the webhook was no longer ours.

    Without an answer nothing had to be sent, and the cursor passes over.
    """
    with transaction.atomic():
        row = _locked(parcel.webhook)
        if row is None:
            return False
        is_ours = row.claim == parcel.webhook.claim
        if answer is not None:
            _keep_try(row, parcel, answer, now)
        if is_ours:
            changes = _taken(row, parcel, now) if answer is None or answer.is_taken else _failed(row, answer, now)
            Webhook.objects.filter(pk=row.pk).update(**FREE, **changes)
            if changes.get("state") == State.PAUSED:
                _give_up(row, now)
    if answer is not None:
        log.info(
            "webhook tried", webhook=row.reference, events=len(parcel.seqs), taken=answer.is_taken,
            status=answer.status, took_ms=answer.duration_ms, ours=is_ours,
        )  # fmt: skip
    return is_ours


def _locked(webhook: Webhook) -> Webhook | None:
    rows: QuerySet[Webhook] = Webhook.objects.select_for_update(of=("self",)).select_related("organization")
    return rows.filter(pk=webhook.pk).first()


def _taken(row: Webhook, parcel: Parcel, now: datetime) -> dict[str, object]:
    """A replay that was asked for while the parcel was out has set the cursor already."""
    moved = {"cursor": parcel.next} if row.cursor == parcel.webhook.cursor else {}
    return {"failing_since": None, "failures": 0, "not_before": now, **moved}


def _failed(row: Webhook, answer: Answer, now: datetime) -> dict[str, object]:
    since = row.failing_since or now
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(row.failures, 12)) * random.uniform(0.5, 1.0)  # noqa: S311
    later = now + timedelta(seconds=max(wait, answer.retry_after or 0.0))
    changes: dict[str, object] = {"failing_since": since, "failures": F("failures") + 1, "not_before": later}
    if row.state == State.ACTIVE and now - since >= GIVE_UP_AFTER:
        changes["state"] = State.PAUSED
    return changes


def _give_up(row: Webhook, now: datetime) -> None:
    words = "A webhook could not be delivered for three days and is paused. Mend the receiver, then resume it."
    kind = f"webhook.paused:{int(now.timestamp())}"  # a task is opened once for its kind: each pause has its own
    open_task(organization=row.organization, subject=row.reference, kind=kind, words=words, now=now)
    data = {"webhook": row.reference, "cursor": row.cursor}
    record(
        subject=f"organization:{row.organization.reference}", kind="webhook.give_up", actor=SYSTEM, now=now, data=data
    )
    log.warning("webhook paused after three days", webhook=row.reference, cursor=row.cursor)


def _keep_try(row: Webhook, parcel: Parcel, answer: Answer, now: datetime) -> None:
    tries = WebhookAttempt.objects.filter(webhook=row)
    tries.create(
        webhook=row, first_seq=parcel.seqs[0], last_seq=parcel.seqs[-1], events=len(parcel.seqs),
        number=parcel.webhook.failures + 1, at=now, is_taken=answer.is_taken, status_code=answer.status,
        why=answer.why[:500], duration_ms=answer.duration_ms,
    )  # fmt: skip
    oldest = tries.order_by("-pk").values_list("pk", flat=True)[KEPT_TRIES : KEPT_TRIES + 1].first()
    if oldest is not None:
        tries.filter(pk__lte=oldest).delete()


def _free_the_gone() -> None:
    """What a process of this host had claimed when it ended can be claimed at once."""
    held = Webhook.objects.exclude(claim="").values_list("pk", "claim", "claimed_by")
    for pk, taken, who in list(held):
        if is_gone(who):
            Webhook.objects.filter(pk=pk, claim=taken).update(**FREE)
