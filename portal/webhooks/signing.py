"""Secrets that are derived, never stored, and the signature made with them (docs/webhooks.md)."""

import hashlib
import hmac
import secrets
from datetime import datetime

from portal import keys
from portal.errors import DomainError
from portal.webhooks.models import Webhook

PURPOSE = "webhook"
AGENT = "customs-portal-webhooks/1"


class NoWebhookKey(DomainError):
    """The key ring of this installation has no key to derive secrets from, or has lost one."""

    code = "NO_WEBHOOK_KEY"


def new_salt(reference: str) -> tuple[str, str]:
    """The id of the current key and a fresh salt: together a new secret. Raises NoWebhookKey."""
    salt = secrets.token_hex(16)
    try:
        key_id, _ = keys.sign(PURPOSE, _message(reference, salt))
    except KeyError as error:
        raise NoWebhookKey("Webhooks are not set up here yet. Ask whoever runs the portal.") from error
    return key_id, salt


def secret_of(reference: str, key_id: str, salt: str) -> str:
    """The secret itself. Raises NoWebhookKey where its key is no longer in the ring."""
    code = keys.code_with(key_id, _message(reference, salt))
    if code is None:
        raise NoWebhookKey("The key of this secret is no longer in the portal's key ring.")
    return f"whsec_{code}"


def headers_for(webhook: Webhook, body: bytes, now: datetime) -> dict[str, str]:
    """What goes with a body: who, when, and a signature with each secret that holds. Raises NoWebhookKey."""
    stamp = str(int(now.timestamp()))
    held = [(webhook.key_id, webhook.salt)]
    if webhook.old_salt:
        held.append((webhook.old_key_id, webhook.old_salt))
    signed = [signature(secret_of(webhook.reference, *one), webhook.reference, stamp, body) for one in held]
    return {
        "Content-Type": "application/json", "User-Agent": AGENT, "X-Webhook-Id": webhook.reference,
        "X-Timestamp": stamp, "X-Signature": ",".join(f"v1={one}" for one in signed),
    }  # fmt: skip


def signature(secret: str, reference: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over id, time and body, in hexadecimal."""
    return hmac.new(secret.encode(), f"{reference}.{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def _message(reference: str, salt: str) -> bytes:
    return f"webhook-secret:{reference}:{salt}".encode()
