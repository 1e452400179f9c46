"""Periodic and nudged work of the gateway. Each may run twice, or in two workers at once."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from portal.gateway import circuit, places, services
from portal.gateway.channels import Receipt, channel
from portal.gateway.inbound import fetch_waiting
from portal.gateway.models import OutboundMessage
from portal.records.services import read_bytes

PARALLEL = 8
ROUNDS = 50
_fetched = {"at": 0.0}  # when this process last looked for answers


@shared_task
def relay(**_: Any) -> int:
    """Send what is pending and ask about what is unknown, until nothing is due."""
    with places.place(places.SEND) as free:
        if not free:
            return 0
        if places.is_shared() and time.monotonic() - _fetched["at"] >= settings.TICK:
            _fetch()
        return _send_all()


def _send_all() -> int:
    done = 0
    for _round in range(ROUNDS):
        services.reclaim(now=timezone.now())
        count = _send_round() + _ask_round()
        done += count
        if not count:
            break
    return done


def _send_round() -> int:
    claimed = _claimed(services.claim)
    bodies = [(message, read_bytes(message.sha256)) for message in claimed]
    heard: dict[str, list[Receipt]] = {}
    with ThreadPoolExecutor(PARALLEL) as pool:
        tries = {pool.submit(_send, message, body): message for message, body in bodies}
        for one in as_completed(tries):
            heard.setdefault(tries[one].channel, []).append(one.result())
            services.settle(message=tries[one], receipt=one.result(), now=timezone.now())
    circuit.note_round(heard, now=timezone.now())
    return len(claimed)


def _ask_round() -> int:
    claimed = _claimed(services.claim_unknown)
    heard: dict[str, list[Receipt]] = {}
    with ThreadPoolExecutor(PARALLEL) as pool:
        asked: dict[Future[Receipt], OutboundMessage] = {pool.submit(_ask, message): message for message in claimed}
        for one in as_completed(asked):
            heard.setdefault(asked[one].channel, []).append(one.result())
            services.settle_asked(message=asked[one], receipt=one.result(), now=timezone.now())
    circuit.note_round(heard, now=timezone.now())
    return len(claimed)


def _claimed(claim: Callable[..., list[OutboundMessage]]) -> list[OutboundMessage]:
    """As many as go out at once, so that no lease runs out in a queue; of a channel on trial one."""
    now = timezone.now()
    silent = circuit.silent_channels(now=now)
    found = claim(now=now, limit=PARALLEL, without=silent.both)
    for name in sorted(silent.on_trial):
        found += claim(now=now, limit=1, only=name)
    return found


def _send(message: OutboundMessage, body: bytes) -> Receipt:
    """In a thread of its own, without a database connection."""
    way = channel(message.channel)
    return way.send(body=body, reference=message.reference, correlation_id=message.correlation_id)


def _ask(message: OutboundMessage) -> Receipt:
    return channel(message.channel).ask(local_reference=message.local_reference)


@shared_task
def poll_channels(**_: Any) -> int:
    """Fetch waiting answers from every channel that is pulled."""
    with places.place(places.FETCH) as free:
        return _fetch() if free else 0


def _fetch() -> int:
    _fetched["at"] = time.monotonic()
    ways = [channel(name) for name in settings.CHANNELS]
    return sum(fetch_waiting(way=way, now=timezone.now()) for way in ways if way.mode == "pull")
