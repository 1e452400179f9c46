"""The outbox: enqueue in the transaction of the act; claim, send, settle outside of any.

UNKNOWN is never re-sent blindly. The authority is asked by the local reference; only after it said
twice, a while apart, that it has no such message do the same bytes go out again.
"""

import random
from collections.abc import Collection
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from portal import prepared
from portal.accounts.actors import SYSTEM
from portal.clocks.services import nudge
from portal.errors import DomainError
from portal.gateway import channels
from portal.gateway.channels import Channel, Receipt
from portal.gateway.claimants import is_gone, own_name
from portal.gateway.models import OutboundMessage, TransmissionAttempt
from portal.personal import masked
from portal.records.services import keep_bytes
from portal.trail.services import record

log = structlog.get_logger(__name__)
State = OutboundMessage.State
TAKEN = (channels.DELIVERED, channels.FOUND)
THROUGH = (State.DELIVERED, State.REFUSED)
RELAY = "portal.gateway.tasks.relay"
NEXT_OF_SUBJECT = "(SELECT COALESCE(MAX(sequence), 0) + 1 FROM gateway_outboundmessage WHERE subject = %s)"

SOON = "LEAST(%s, clock_timestamp())"  # a web server whose clock is ahead must not keep a message back


class NotDead(DomainError):
    """Only a dead message can be put back, or an unknown one adopted."""

    code = "MESSAGE_NOT_DEAD"


class NotThrough(DomainError):
    """Only what the authority has had can be replayed."""

    code = "MESSAGE_NOT_THROUGH"


def enqueue(
    *, subject: str, channel: str, purpose: str, local_reference: str, body: bytes, correlation_id: str, now: datetime
) -> OutboundMessage:
    """The message is in the outbox, behind earlier ones of its subject."""
    (sha256,) = keep_bytes([body], now=now)
    message = OutboundMessage(
        subject=subject,
        channel=channel,
        purpose=purpose,
        local_reference=local_reference,
        sha256=sha256,
        correlation_id=correlation_id,
        not_before=now,
        created_at=now,
    )
    worked_out = {"sequence": prepared.Sql(NEXT_OF_SUBJECT, (subject,))}
    if transaction.get_connection().vendor == "postgresql":
        worked_out["not_before"] = prepared.Sql(SOON, (now,))
    prepared.add(message, key=None, **worked_out)
    nudge(RELAY)
    return message


def reclaim(*, now: datetime) -> int:
    """Messages whose sender died or overran its lease are UNKNOWN: they may have been sent."""
    held = OutboundMessage.objects.filter(state=State.IN_FLIGHT)
    late = [
        pk
        for pk, who, until in held.values_list("pk", "claimed_by", "claimed_until")
        if until is None or until < now or is_gone(who)
    ]
    if not late:
        return 0
    rows = OutboundMessage.objects.filter(pk__in=late, state=State.IN_FLIGHT)
    return rows.update(state=State.UNKNOWN, not_before=now, claimed_by="", claimed_until=None, not_found=0)


def claim(
    *, now: datetime, limit: int = 20, subject: str = "", only: str = "", without: Collection[str] = ()
) -> list[OutboundMessage]:
    """Up to `limit` messages are ours to send: of one subject, `only` of one channel, `without` some, where given.

    Two relays never get the same one; order is kept by subject.
    """
    earlier = OutboundMessage.objects.filter(subject=OuterRef("subject"), sequence__lt=OuterRef("sequence"))
    ready = OutboundMessage.objects.filter(
        ~Exists(earlier.exclude(state__in=THROUGH)), state=State.PENDING, not_before__lte=now
    )
    if subject:
        ready = ready.filter(subject=subject)
    ready = _on_channels(ready, only, without)
    me = own_name()
    with transaction.atomic():
        rows = list(ready.order_by("not_before", "id").select_for_update(of=("self",), skip_locked=True)[:limit])
        for row in rows:
            row.state, row.claimed_by, row.attempts = State.IN_FLIGHT, me, row.attempts + 1
            row.claimed_until = now + timedelta(seconds=channels.channel(row.channel).lease)
        OutboundMessage.objects.bulk_update(rows, ["state", "claimed_by", "claimed_until", "attempts"])
    return rows


def claim_unknown(
    *, now: datetime, limit: int = 20, only: str = "", without: Collection[str] = ()
) -> list[OutboundMessage]:
    """Unknown messages that are due a question; each is put off by a lease, so that one asker has it."""
    found = OutboundMessage.objects.filter(state=State.UNKNOWN, not_before__lte=now).order_by("not_before", "id")
    mine = []
    found = _on_channels(found, only, without)
    for row in found[:limit]:
        later = now + timedelta(seconds=channels.channel(row.channel).lease)
        taken = OutboundMessage.objects.filter(pk=row.pk, state=State.UNKNOWN, not_before=row.not_before)
        if taken.update(not_before=later):
            row.not_before = later
            mine.append(row)
    return mine


def _on_channels(rows: QuerySet[OutboundMessage], only: str, without: Collection[str]) -> QuerySet[OutboundMessage]:
    if only:
        rows = rows.filter(channel=only)
    return rows.exclude(channel__in=without) if without else rows


def settle(*, message: OutboundMessage, receipt: Receipt, now: datetime) -> bool:
    """The outcome of a try is on record. False where somebody else settled the message meanwhile."""
    way = channels.channel(message.channel)
    changes = _after_send(message, receipt, way, now)
    again = was_through(message)
    if again and changes["state"] in (State.REFUSED, State.DEAD):
        changes["state"] = State.DELIVERED  # it was taken before, and nothing undoes that
    rows = OutboundMessage.objects.filter(pk=message.pk, state=State.IN_FLIGHT, claimed_by=message.claimed_by)
    return _write(message, rows, changes, receipt, TransmissionAttempt.Verb.SEND, now, replayed=again)


def settle_asked(*, message: OutboundMessage, receipt: Receipt, now: datetime) -> bool:
    """The answer to a question is on record; after "no" twice, apart, the message may go out again."""
    way = channels.channel(message.channel)
    changes: dict[str, object]
    if receipt.outcome == channels.FOUND:
        changes = {"state": State.DELIVERED, "conversation_id": receipt.conversation_id, "settled_at": now}
    elif receipt.outcome == channels.NOT_FOUND and message.not_found >= 1:
        changes = {"state": State.PENDING, "not_before": now, "not_found": 0}
    else:
        misses = 1 if receipt.outcome == channels.NOT_FOUND else 0
        changes = {"not_before": now + timedelta(seconds=way.ask_interval), "not_found": F("not_found") + misses}
    rows = OutboundMessage.objects.filter(pk=message.pk, state=State.UNKNOWN)
    return _write(message, rows, changes, receipt, TransmissionAttempt.Verb.ASK, now)


def settle_heard(*, local_reference: str, channel: str, now: datetime) -> None:
    """An answer that carries the local reference proves that the message arrived."""
    rows = OutboundMessage.objects.filter(channel=channel, local_reference=local_reference, state=State.UNKNOWN)
    words = "an answer to it arrived"
    for message in rows:
        if rows.filter(pk=message.pk).update(state=State.DELIVERED, settled_at=now, outcome_text=words):
            TransmissionAttempt.objects.create(
                message=message, verb=TransmissionAttempt.Verb.ASK, at=now, outcome=channels.FOUND, text=words
            )


def put_back(*, message: OutboundMessage, now: datetime) -> None:
    """An operator sends a dead message on its way again. Raises NotDead."""
    rows = OutboundMessage.objects.filter(pk=message.pk, state=State.DEAD)
    if not rows.update(state=State.PENDING, not_before=now, created_at=now, attempts=0, settled_at=None):
        raise NotDead("Only a dead message can be put back.")
    nudge(RELAY)


def replay(*, message: OutboundMessage, now: datetime) -> None:
    """An operator sends a message again that is through: the same bytes under the same ids. Raises NotThrough."""
    rows = OutboundMessage.objects.filter(pk=message.pk, state=State.DELIVERED)
    if not rows.update(state=State.PENDING, not_before=now, created_at=now, attempts=0):
        raise NotThrough("Only a message that is through can be replayed.")
    nudge(RELAY)


def was_through(message: OutboundMessage) -> bool:
    """Whether the authority has had the message before, whatever its state says now: it is sent again."""
    if message.settled_at is None:
        return False
    return bool(message.conversation_id) or message.tries.filter(outcome__in=TAKEN).exists()


def ask_now(*, message: OutboundMessage, now: datetime) -> None:
    """An operator has an unknown message asked about at once. Raises NotDead."""
    rows = OutboundMessage.objects.filter(pk=message.pk, state=State.UNKNOWN)
    if not rows.update(not_before=now):
        raise NotDead("Only a message with an unknown outcome is asked about.")
    nudge(RELAY)


def put_off(*, message: OutboundMessage, until: datetime) -> None:
    """An unknown message is not asked about before this moment, unless an operator asks. Raises NotDead."""
    if not OutboundMessage.objects.filter(pk=message.pk, state=State.UNKNOWN).update(not_before=until):
        raise NotDead("Only a message with an unknown outcome is asked about.")


def _after_send(message: OutboundMessage, receipt: Receipt, way: Channel, now: datetime) -> dict[str, object]:
    if receipt.outcome == channels.DELIVERED:
        return {"state": State.DELIVERED, "conversation_id": receipt.conversation_id, "settled_at": now}
    if receipt.outcome == channels.REFUSED:
        return {"state": State.REFUSED, "settled_at": now}
    if receipt.outcome == channels.UNKNOWN:
        return {"state": State.UNKNOWN, "not_before": now, "not_found": 0}
    if (now - message.created_at).total_seconds() > way.give_up_after:
        return {"state": State.DEAD, "settled_at": now}
    wait = receipt.retry_after_seconds
    if wait is None:
        wait = min(way.backoff_max, way.backoff_base * 2 ** min(message.attempts, 10)) * random.uniform(0.5, 1.0)  # noqa: S311  (spread of waiting times, not secrecy)
    return {"state": State.PENDING, "not_before": now + timedelta(seconds=wait)}


def _write(
    message: OutboundMessage,
    rows: QuerySet[OutboundMessage],
    changes: dict[str, object],
    receipt: Receipt,
    verb: str,
    now: datetime,
    *,
    replayed: bool = False,
) -> bool:
    with transaction.atomic():
        free = {"claimed_by": "", "claimed_until": None, "outcome_text": masked(receipt.text)[:500]}
        moved = rows.update(**free, **changes)
        TransmissionAttempt.objects.create(
            message=message, verb=verb, at=now, duration_ms=receipt.duration_ms, status_code=receipt.status_code,
            outcome=receipt.outcome, text=masked(receipt.text)[:500],
        )  # fmt: skip
        if moved and changes.get("state") in (State.DELIVERED, State.REFUSED, State.UNKNOWN, State.DEAD):
            nudge("declarations.tasks.apply_outcomes")
            nudge("declarations.tasks.apply_responses")
        if replayed:
            said = {"message": message.reference, "outcome": receipt.outcome, "status": receipt.status_code}
            record(subject=message.subject, kind="message.replayed", actor=SYSTEM, now=now, data=said)
    log.info(
        "message settled" if moved else "message was settled by somebody else", message=message.reference,
        subject=message.subject, verb=verb, outcome=receipt.outcome, status=receipt.status_code,
        took_ms=receipt.duration_ms, correlation_id=message.correlation_id,
    )  # fmt: skip
    return bool(moved)
