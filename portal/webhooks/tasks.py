"""Periodic work of webhooks. It may run twice, or in two workers at once."""

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from celery import shared_task
from django.utils import timezone

from portal.gateway import outside
from portal.gateway.outside import Answer
from portal.webhooks import delivery
from portal.webhooks.delivery import Parcel

PARALLEL = 8
ROUNDS = 20
_running = threading.Lock()


@shared_task
def deliver_webhooks(**_: Any) -> int:
    """Send every webhook what waits for it. One run a process: slow receivers must not hold all its workers."""
    if not _running.acquire(blocking=False):
        return 0
    try:
        return run()
    finally:
        _running.release()


def run() -> int:
    """Rounds until nothing is due; gives how many parcels were settled."""
    done = 0
    for _round in range(ROUNDS):
        count = _one_round()
        done += count
        if not count:
            break
    return done


def _one_round() -> int:
    now = timezone.now()
    parcels = [delivery.parcel_of(webhook=one, now=now) for one in delivery.claim(now=now, limit=PARALLEL)]
    if not parcels:
        return 0
    with ThreadPoolExecutor(PARALLEL) as pool:
        tries = {pool.submit(_send, one): one for one in parcels if one.seqs}
        for parcel in parcels:
            if not parcel.seqs:
                delivery.settle(parcel=parcel, answer=None, now=timezone.now())
        for one in as_completed(tries):
            delivery.settle(parcel=tries[one], answer=one.result(), now=timezone.now())
    return len(parcels)


def _send(parcel: Parcel) -> Answer:
    """In a thread of its own, without a database connection."""
    if parcel.fault:
        return Answer(why=parcel.fault)
    return outside.post(parcel.webhook.url, body=parcel.body, headers=parcel.headers)
