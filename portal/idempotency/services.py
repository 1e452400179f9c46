"""Once for a key: the answer stands in the transaction of what it answers, so either both are there or neither.

A refusal changes nothing and is not kept: the same key may come again with a mended body. While a
request with the key is at work elsewhere, a second one is told so at once where the engine can tell
(PostgreSQL); on SQLite it waits for the first, since there is one writer, and gets its answer.
"""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from portal import prepared
from portal.accounts.models import Organization
from portal.errors import DomainError
from portal.idempotency.models import KeptAnswer

KEPT_FOR = timedelta(days=30)
TRY_LOCK = "SELECT pg_try_advisory_xact_lock(%s)"


class KeyReused(DomainError):
    """The key came before with another request."""

    code = "IDEMPOTENCY_KEY_REUSED"
    status = 422
    title = "The key was used for another request"


class KeyInFlight(DomainError):
    """A request with the key is at work at this moment."""

    code = "IDEMPOTENCY_KEY_IN_FLIGHT"
    status = 409


class Asked(NamedTuple):
    """A request that is to be done once: whose, its key, and what it says."""

    organization: Organization
    key: str
    fingerprint: str


class Answer(NamedTuple):
    """What a request is answered: HTTP status and the bytes of a JSON value."""

    status: int
    body: bytes


def fingerprint_of(method: str, path: str, body: bytes) -> str:
    """SHA-256 over what the request says, in hexadecimal."""
    return hashlib.sha256(b"\n".join([method.encode(), path.encode(), body])).hexdigest()


def kept_answer(asked: Asked) -> Answer | None:
    """The answer of the first time, or None. Raises KeyReused."""
    found = prepared.find(KeptAnswer, organization=asked.organization.pk, key=asked.key)
    if found is None:
        return None
    if found.fingerprint != asked.fingerprint:
        raise KeyReused("This Idempotency-Key was used for another request. Take a new key for a new request.")
    return Answer(found.status, bytes(found.body))


def claim(asked: Asked) -> Answer | None:
    """The key is ours until the transaction ends, or its kept answer. Raises KeyInFlight, KeyReused."""
    if connection.vendor == "postgresql":
        digest = hashlib.sha256(f"{asked.organization.pk}\n{asked.key}".encode()).digest()
        ((got,),) = prepared.read(TRY_LOCK, int.from_bytes(digest[:8], "big", signed=True))
        if not got:
            raise KeyInFlight("A request with this Idempotency-Key is being worked on. Ask again in a moment.")
    return kept_answer(asked)


def keep_answer(asked: Asked, answer: Answer, *, now: datetime) -> None:
    """The answer stands under its key. Call it in the transaction of what is answered, after `claim`."""
    prepared.add(
        KeptAnswer(
            organization=asked.organization, key=asked.key, fingerprint=asked.fingerprint, status=answer.status,
            body=answer.body, created_at=now,
        )
    )  # fmt: skip


def forget_old(*, now: datetime) -> int:
    """Answers older than thirty days are gone; gives how many they were."""
    gone, _ = KeptAnswer.objects.filter(created_at__lt=now - KEPT_FOR).delete()
    return gone
