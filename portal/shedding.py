"""Load shedding: what cannot be served soon is refused at once, so that what is taken is served in time.

A process works on so many requests at once and lets so many wait; the next one is told 503 with Retry-After before
anything was read or written for it. Without it a queue grows as long as the load is above what the machine can
carry, every answer comes later than its asker waits, and work is spent on what nobody reads any more.
"""

import threading
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal import metrics
from portal.middleware import unavailable

log = structlog.get_logger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]


class Gate:
    """`at_once` may be within, `waiting` before it, none of them longer than `seconds`."""

    def __init__(self, *, at_once: int, waiting: int, seconds: float) -> None:
        self.seconds = seconds
        self._within = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + waiting)

    def enter(self) -> bool:
        """Whether the caller is within; it then calls `leave`."""
        if not self._places.acquire(blocking=False):
            return False
        if self._within.acquire(timeout=self.seconds):
            return True
        self._places.release()
        return False

    def leave(self) -> None:
        """Somebody who was within has gone."""
        self._within.release()
        self._places.release()


class SheddingMiddleware:
    """Requests pass the gate of their process; whether it lives, and its files, can always be asked."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.gate = Gate(
            at_once=settings.REQUESTS_AT_ONCE, waiting=settings.REQUESTS_WAITING, seconds=settings.REQUESTS_WAIT_SECONDS
        )
        self._told_at = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(("/healthz", "/readyz", "/metrics", settings.STATIC_URL)):
            return self.get_response(request)
        if not self.gate.enter():
            return self._shed(request)
        try:
            return self.get_response(request)
        finally:
            self.gate.leave()

    def _shed(self, request: HttpRequest) -> HttpResponse:
        metrics.SHED.inc()
        now = time.monotonic()
        if now - self._told_at > 1:  # a line a second, not one for each
            self._told_at = now
            log.warning("too many requests at once, some are refused", path=request.path)
        return unavailable(request, code="OVERLOADED", detail="Too much is asked at this moment. Nothing was changed.")
