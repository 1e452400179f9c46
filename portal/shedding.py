"""Load shedding: what cannot be served soon is refused at once, so that what is taken is served in time.

A process works on so many requests at once and lets so many wait; the next one is told 503 with Retry-After before
anything was read or written for it. Without it a queue grows as long as the load is above what the machine can
carry, every answer comes later than its asker waits, and work is spent on what nobody reads any more. Nor does one
who sends much push the others out: see `Gate`.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal import metrics
from portal.middleware import unavailable

log = structlog.get_logger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]


TOO_MUCH = "Too much is asked at this moment. Nothing was changed."
KEPT_FOR_OTHERS = 3  # places of a process that no single sender can take


class Waiter:
    """A request that waits for its turn; `turn` is set by whoever makes room for it."""

    __slots__ = ("sender", "turn")

    def __init__(self, sender: str) -> None:
        self.sender = sender
        self.turn = threading.Event()


class Gate:
    """`at_once` may be within, `waiting` before it, none of them longer than `seconds`.

    A known sender leaves a few places to the others; and whose turn it is depends on who has the fewest within, so
    that somebody who asks seldom does not stand behind somebody who floods.
    """

    def __init__(self, *, at_once: int, waiting: int, seconds: float) -> None:
        self.seconds = seconds
        self.places = at_once + waiting
        self._most = max(at_once, self.places - KEPT_FOR_OTHERS)  # places of one sender
        self._free = at_once
        self._lock = threading.Lock()
        self._queue: list[Waiter] = []
        self._within: Counter[str] = Counter()
        self._taken: Counter[str] = Counter()  # places, within and waiting

    @property
    def taken(self) -> int:
        """Places that are taken, within and before it."""
        return self._taken.total()

    def enter(self, sender: str = "") -> bool:
        """Whether the caller is within; it then calls `leave` with the same sender. No sender: nobody in particular."""
        with self._lock:
            if self.taken >= self.places or (sender and self._taken[sender] >= self._most):
                return False
            self._taken[sender] += 1
            if self._free and not self._queue:
                self._free -= 1
                self._within[sender] += 1
                return True
            waiter = Waiter(sender)
            self._queue.append(waiter)
        if waiter.turn.wait(self.seconds):
            return True
        with self._lock:
            if waiter.turn.is_set():
                return True  # in the last moment
            self._queue.remove(waiter)
            self._less(self._taken, sender)
            return False

    def leave(self, sender: str = "") -> None:
        """Somebody who was within has gone: the next one's turn."""
        with self._lock:
            self._less(self._within, sender)
            self._less(self._taken, sender)
            if not self._queue:
                self._free += 1
                return
            following = min(self._queue, key=lambda one: self._within[one.sender])  # the first of those, by arrival
            self._queue.remove(following)
            self._within[following.sender] += 1
            following.turn.set()

    @staticmethod
    def _less(counts: Counter[str], sender: str) -> None:
        """One less; a sender of whom nothing is left is forgotten."""
        counts[sender] -= 1
        if counts[sender] <= 0:
            del counts[sender]


class Backlog:
    """Requests of programs that a server process has handed to its threads and that are not answered yet.

    Beyond `most` of them the next is refused before a thread has it, which costs next to nothing, so that what is
    refused is told so at once however much comes. Whoever has few of them is let in a little longer than others.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[str] = Counter()

    def takes(self, sender: str) -> bool:
        """Whether one more of this sender is handed over; if so, `done` is called for it with the same sender."""
        total = self._open.total()
        share = max(1, self._most // max(1, len(self._open)))
        if total >= self._most and (self._open[sender] >= share or total >= 2 * self._most):
            return False
        self._open[sender] += 1
        return True

    def done(self, sender: str) -> None:
        """One of the sender's is answered."""
        self._open[sender] -= 1
        if self._open[sender] <= 0:
            del self._open[sender]


def told_overloaded(correlation_id: str) -> tuple[dict[str, str], bytes]:
    """Headers and body of the refusal that programs are given."""
    body = {
        "type": "about:blank", "title": "Service unavailable", "status": 503, "code": "OVERLOADED",
        "detail": TOO_MUCH, "correlation_id": correlation_id,
    }  # fmt: skip
    headers = {"Content-Type": "application/problem+json", "Retry-After": "5", "X-Correlation-ID": correlation_id}
    return headers, json.dumps(body).encode()


def sender_of(request: HttpRequest) -> str:
    """Whose request it is, as far as it shows before anything is read: its token, or its session."""
    return request.headers.get("Authorization") or request.COOKIES.get(settings.SESSION_COOKIE_NAME) or ""


class SheddingMiddleware:
    """Requests pass the gate of their process; whether it lives, and its files, can always be asked."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.gate = Gate(
            at_once=settings.REQUESTS_AT_ONCE, waiting=settings.REQUESTS_WAITING, seconds=settings.REQUESTS_WAIT_SECONDS
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(("/healthz", "/readyz", "/metrics", settings.STATIC_URL)):
            return self.get_response(request)
        sender = sender_of(request)
        if not self.gate.enter(sender):
            return self._shed(request)
        try:
            return self.get_response(request)
        finally:
            self.gate.leave(sender)

    def _shed(self, request: HttpRequest) -> HttpResponse:
        note_shed(request.path)
        return unavailable(request, code="OVERLOADED", detail=TOO_MUCH)


def note_shed(path: str) -> None:
    """A request was refused: counted each time, logged once a second."""
    metrics.SHED.inc()
    now = time.monotonic()
    if now - _told["at"] > 1:
        _told["at"] = now
        log.warning("too many requests at once, some are refused", path=path)


_told = {"at": 0.0}
