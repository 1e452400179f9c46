"""Receive webhooks and keep each event once: `SECRET=whsec_… python3 verify_webhook.py 8080`. Standard library only."""

import hashlib
import hmac
import json
import os
import sys
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

OLDEST = 300  # seconds between the stamp and now
LARGEST = 10_000_000


def is_genuine(headers: Mapping[str, str], body: bytes, secret: str, now: float | None = None) -> bool:
    """True where the message was signed with the secret within the last five minutes."""
    stamp, given = headers.get("X-Timestamp") or "", headers.get("X-Signature") or ""
    if not (stamp.isascii() and stamp.isdigit()) or abs((now or time.time()) - int(stamp)) > OLDEST:
        return False
    signed = f"{headers.get('X-Webhook-Id')}.{stamp}.".encode() + body
    right = "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return any(hmac.compare_digest(right.encode(), one.strip().encode()) for one in given.split(","))


class Receiver(BaseHTTPRequestHandler):
    """Keeps first, answers then; what comes twice is known by its number."""

    highest = 0

    def do_POST(self) -> None:  # the name is that of the library
        """204 where it was kept, 401 where it is not from the portal."""
        length = self.headers.get("Content-Length", "")
        body = self.rfile.read(min(int(length), LARGEST)) if length.isdigit() else b""
        if not is_genuine(self.headers, body, os.environ["SECRET"]):
            self.send_error(401)
            return
        for event in json.loads(body)["events"]:
            if event["seq"] > Receiver.highest:
                print(json.dumps(event), flush=True)  # keep it here, on a disk
                Receiver.highest = event["seq"]
        self.send_response(204)
        self.end_headers()


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
