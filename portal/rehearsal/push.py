"""Push answers to the callback of the client, signed, until it takes them."""

import hashlib
import hmac
import http.client
import logging
import secrets
import threading
from urllib.parse import urlsplit

from portal.rehearsal.clock import SECOND, real_now
from portal.rehearsal.store import Row, Store

log = logging.getLogger("portal.rehearsal")

TIMEOUT = 5
BATCH = 20
BACK_OFF = (1, 2, 4, 8, 15, 30)
LATER = 60


def signature(key: str, notification: str, timestamp: str, nonce: str, body: bytes) -> str:
    """The value of X-Signature for this body."""
    signed = f"{notification}.{timestamp}.{nonce}.".encode() + body
    return "v1=" + hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()


class Pusher:
    """Sends what was given and not yet fetched; silence and 5xx are repeated soon, 4xx later, never given up."""

    def __init__(self, store: Store, callback: str, key: str, unit: int) -> None:
        self._store, self._callback, self._key, self._unit = store, callback, key, unit

    def push_due(self) -> int:
        """Every answer whose turn it is has been tried once; how many were tried."""
        rows = self._store.rows(
            "SELECT * FROM answers WHERE state = 'given' AND pulled_at IS NULL AND push_at <= ?"
            " ORDER BY due_at, seq LIMIT ?",
            real_now(),
            BATCH,
        )
        for row in rows:
            status = self._send(row)
            log.info("pushed %s: %s", row["id"], status or "no answer")
            self._settle(row, status)
        return len(rows)

    def run(self, stop: threading.Event, changed: threading.Event) -> None:
        """Pushes until told to stop."""
        while not stop.is_set():
            try:
                if self.push_due():
                    continue
            except Exception:
                log.exception("a push failed")
            changed.wait(min(self._unit, SECOND) / (2 * SECOND) or 0.05)
            changed.clear()

    def _settle(self, row: Row, status: int) -> None:
        if 200 <= status < 300:
            self._store.write(
                "UPDATE answers SET pulled_at = ?, pushes = pushes + 1 WHERE seq = ?", real_now(), row["seq"]
            )
            return
        tried = min(int(row["pushes"]), len(BACK_OFF) - 1)
        wait = BACK_OFF[tried] if status == 0 or status >= 500 else LATER
        self._store.write(
            "UPDATE answers SET push_at = ?, pushes = pushes + 1 WHERE seq = ?",
            *(real_now() + wait * self._unit, row["seq"]),
        )

    def _send(self, row: Row) -> int:
        """The status the receiver answered with; 0 where there was no answer."""
        address = urlsplit(self._callback)
        timestamp, nonce = str(real_now() // SECOND), secrets.token_hex(16)
        headers = {
            "Content-Type": "application/xml; charset=utf-8",
            "X-Notification-ID": row["id"],
            "X-Conversation-ID": row["conversation_id"],
            "X-Timestamp": timestamp,
            "X-Nonce": nonce,
            "X-Signature": signature(self._key, row["id"], timestamp, nonce, row["body"]),
        }
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        connection = kind(address.hostname or "127.0.0.1", address.port, timeout=TIMEOUT)
        try:
            target = (address.path or "/") + (f"?{address.query}" if address.query else "")
            connection.request("POST", target, row["body"], headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
