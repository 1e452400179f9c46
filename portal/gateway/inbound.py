"""Hearing: raw bytes are stored first and acknowledged; what they mean is another room's business."""

import time
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from portal.clocks.services import nudge
from portal.gateway import circuit
from portal.gateway.channels import Channel, ChannelDown
from portal.gateway.models import ChannelState, InboundMessage
from portal.personal import masked
from portal.records.services import keep_bytes

log = structlog.get_logger(__name__)
APPLY = {"declarations": "declarations.tasks.apply_responses"}


@transaction.atomic
def receive(
    *,
    channel: str,
    external_id: str,
    raw: bytes,
    now: datetime,
    conversation_id: str = "",
    purpose: str = "declarations",
) -> InboundMessage:
    """The bytes are kept. The same bytes under the same id are one row; other bytes under it raise an alarm."""
    (sha256,) = keep_bytes([raw], now=now)
    found = list(InboundMessage.objects.filter(channel=channel, external_id=external_id))
    same = next((one for one in found if one.sha256 == sha256), None)
    if same is not None:
        return same
    row = InboundMessage(
        channel=channel, external_id=external_id, sha256=sha256, purpose=purpose, conversation_id=conversation_id,
        conflict=bool(found), received_at=now, not_before=now,
    )  # fmt: skip
    InboundMessage.objects.bulk_create([row], ignore_conflicts=True)
    if found:
        log.error("an answer came again under its id with other content", channel=channel, external_id=external_id)
    nudge(APPLY[purpose])
    return InboundMessage.objects.get(channel=channel, external_id=external_id, sha256=sha256)


def fetch_waiting(*, way: Channel, now: datetime, limit: int = 100) -> int:
    """Answers waiting at the authority are stored here and confirmed there, one after another."""
    if not circuit.may_fetch(way, now=now) or not _take_turn(way, now):
        return 0
    count, began = 0, time.monotonic()
    try:
        for external_id in way.list_waiting(limit):
            fetched = way.fetch(external_id)
            if fetched is not None:
                raw, conversation_id = fetched
                receive(
                    channel=way.name, external_id=external_id[:80], raw=raw, conversation_id=conversation_id, now=now
                )
                count += 1
            way.confirm(external_id)
        _end_turn(way, last_heard_at=now)
        circuit.note_heard(way)
    except ChannelDown as error:
        _end_turn(way, last_failure_at=now, last_failure=masked(str(error))[:300])
        if error.is_silence:
            circuit.note_silence(way, now=now + timedelta(seconds=time.monotonic() - began))
        log.warning("the authority does not answer", channel=way.name, reason=str(error)[:200])
    return count


def _take_turn(way: Channel, now: datetime) -> bool:
    """One fetcher a channel; a fetcher that died loses its turn after the lease."""
    ChannelState.objects.bulk_create([ChannelState(channel=way.name)], ignore_conflicts=True)
    free = ChannelState.objects.filter(Q(polling_until=None) | Q(polling_until__lt=now), channel=way.name)
    return bool(free.update(polling_until=now + timedelta(seconds=way.lease)))


def _end_turn(way: Channel, **changes: object) -> None:
    ChannelState.objects.filter(channel=way.name).update(polling_until=None, **changes)
