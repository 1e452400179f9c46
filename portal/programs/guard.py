"""Guessing at secrets is counted, and refused for a while after too many tries.

Failures are counted by program and by source address, in quarters of an hour. A program that was right from an
address in the last month is judged there by the failures of the two together alone: others who guess at its name,
or who sit behind the same proxy, do not lock it out. Where the cache does not answer nothing is counted and all are
let in to try: a filing matters more than a count, and secrets are too long to be guessed.
"""

import hashlib
from datetime import datetime
from typing import NamedTuple

import structlog
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.connection import ConnectionProxy

log = structlog.get_logger(__name__)
cache = ConnectionProxy(caches, "counts")
QUARTER = 15 * 60
MONTH = 30 * 24 * 3600


class Try(NamedTuple):
    """Who tries: a program by the name it gives, from an address."""

    client_id: str
    address: str

    def key(self, what: str) -> str:
        """A key of the cache: whatever was sent, it is short and plain."""
        said = {"program": self.client_id, "address": self.address, "both": f"{self.client_id}\n{self.address}"}
        return f"token:{what}:{hashlib.sha256(said[what].encode(errors='replace')).hexdigest()[:40]}"


def seconds_to_wait(tried: Try, *, now: datetime) -> int:
    """0 where the try may go on; else after how many seconds another one is looked at."""
    quarter, passed = divmod(int(now.timestamp()), QUARTER)
    try:
        known = cache.get(tried.key("both") + ":known")
        keys = [tried.key(what) for what in (("both",) if known else ("program", "address"))]
        found = cache.get_many([f"{key}:{quarter}" for key in keys])
    except Exception as error:  # whatever a cache backend raises when it is away
        log.warning("tries for tokens are not counted: the cache does not answer", error=type(error).__name__)
        return 0
    return QUARTER - passed if max(found.values(), default=0) >= settings.TOKEN_FAILURES else 0


def note_failure(tried: Try, *, now: datetime) -> None:
    """One more wrong secret is counted for the program, the address, and both together."""
    quarter = int(now.timestamp()) // QUARTER
    try:
        for what in ("program", "address", "both"):
            key = f"{tried.key(what)}:{quarter}"
            cache.add(key, 0, timeout=2 * QUARTER)
            cache.incr(key)
    except Exception as error:  # as above
        log.warning("a wrong secret is not counted: the cache does not answer", error=type(error).__name__)


def note_success(tried: Try) -> None:
    """The program is known at this address for a month."""
    try:
        cache.set(tried.key("both") + ":known", 1, timeout=MONTH)
    except Exception as error:  # as above
        log.warning("a known address is not kept: the cache does not answer", error=type(error).__name__)


def address_of(request: HttpRequest) -> str:
    """Where the request came from: what the outermost proxy of ours has written, or the other end of the line."""
    given = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    if settings.PROXIES and len(given) >= settings.PROXIES:
        return given[-settings.PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))
