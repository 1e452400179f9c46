"""One running authority: its parts, its threads, its beginning and its end."""

import hashlib
import hmac
import logging
import secrets
import threading
from collections import deque

from portal.rehearsal.clock import HOUR, SECOND, VirtualClock, real_now
from portal.rehearsal.faults import Faults
from portal.rehearsal.office import Office
from portal.rehearsal.outbox import Outbox
from portal.rehearsal.push import Pusher
from portal.rehearsal.settings import Settings
from portal.rehearsal.store import Store
from portal.rehearsal.structure import Structure

log = logging.getLogger("portal.rehearsal")
TOKEN_LIFE = HOUR


class Authority:
    """What the doors of the server open to."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.data)
        self.clock = VirtualClock(self.store.setting("clock_shift"))
        self.faults = Faults()
        self.outbox = Outbox(self.store, self.clock, self.faults, settings.unit)
        self.structure = Structure(settings.schemas)
        self.office = Office(self.store, self.clock, self.outbox, self.faults, self.structure)
        self._stop = threading.Event()
        self._given = threading.Event()
        self._recent: dict[str, deque[int]] = {}
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Answers are given when they fall due, and pushed where there is a callback."""
        self._threads = [threading.Thread(target=self._give, name="giver", daemon=True)]
        if self.settings.callback:
            pusher = Pusher(self.store, self.settings.callback, self.settings.secrets.push_key, self.settings.unit)
            arguments = (self._stop, self._given)
            self._threads.append(threading.Thread(target=pusher.run, args=arguments, name="pusher", daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """The threads have ended and the file is closed."""
        self._stop.set()
        self.outbox.changed.set()
        self._given.set()
        for thread in self._threads:
            thread.join(timeout=10)
        self.store.close()

    def advance(self, milliseconds: int) -> int:
        """The clock is moved, for restarts too, and what became due is given; how many answers."""
        with self.store.transaction():
            self.clock.advance(milliseconds)
            self.store.set("clock_shift", self.clock.shift)
            given = self.outbox.give_due()
        self._given.set()
        return given

    def issue_token(self, client: str, secret: str) -> str | None:
        """A token for a client that knows its secret."""
        expected = self.settings.secrets.clients.get(client, "")
        if not hmac.compare_digest(expected.encode(), secret.encode()) or not expected:
            return None
        token = secrets.token_urlsafe(32)
        self.store.write("DELETE FROM tokens WHERE expires_at < ?", real_now())
        self.store.write(
            "INSERT INTO tokens (digest, client, expires_at) VALUES (?, ?, ?)",
            *(_digest(token), client, real_now() + TOKEN_LIFE),
        )
        return token

    def client_of(self, token: str) -> str | None:
        """The client that holds this token, while both are good."""
        row = self.store.row(
            "SELECT client FROM tokens WHERE digest = ? AND expires_at > ?", _digest(token), real_now()
        )
        return str(row["client"]) if row and row["client"] in self.settings.secrets.clients else None

    def end_token(self, token: str) -> None:
        """The token opens nothing any more."""
        self.store.write("DELETE FROM tokens WHERE digest = ?", _digest(token))

    def over_limit(self, client: str) -> bool:
        """True where this client sends more messages a second than it may."""
        if not self.settings.rate_limit:
            return False
        now = real_now()
        with self._lock:
            recent = self._recent.setdefault(client, deque())
            while recent and recent[0] <= now - SECOND:
                recent.popleft()
            if len(recent) >= self.settings.rate_limit:
                return True
            recent.append(now)
        return False

    def _give(self) -> None:
        while not self._stop.is_set():
            wait: int | None = SECOND
            try:
                if self.outbox.give_due():
                    self._given.set()
                wait = self.outbox.next_due()
            except Exception:
                log.exception("answers could not be given")
            self.outbox.changed.wait((SECOND if wait is None else min(wait, SECOND)) / SECOND)
            self.outbox.changed.clear()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
