"""Write the trail. Call `record` last in the transaction: it takes the lock of the subject's chain."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from portal import keys, prepared
from portal.accounts.actors import Actor
from portal.trail.models import Checkpoint, TrailEntry, TrailHead


def record(*, subject: str, kind: str, actor: Actor, now: datetime, data: Mapping[str, Any] | None = None) -> None:
    """One more entry stands at the end of the subject's chain."""
    record_many(subject=subject, entries=[(kind, data or {})], actor=actor, now=now)


def record_many(
    *, subject: str, entries: Sequence[tuple[str, Mapping[str, Any]]], actor: Actor, now: datetime, is_new: bool = False
) -> None:
    """Several entries stand at the end of the chain, in order; few statements whatever their number.

    `is_new` says that the subject was made in this transaction, so that it has no chain yet.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("the trail is written in the transaction of what it records")
    head = TrailHead(subject=subject) if is_new else _locked_head(subject)
    rows = []
    for kind, data in entries:
        head.seq += 1
        body = _body(subject, head.seq, kind, actor, now, data)
        row = TrailEntry(
            subject=subject, seq=head.seq, at=now, kind=kind, actor=actor.name, body=body, previous_hash=head.hash
        )
        row.hash = head.hash = entry_hash(head.hash, body)
        rows.append(row)
    prepared.add_all(rows)
    if is_new:
        prepared.add(head)
    else:
        prepared.change(TrailHead, {"seq": head.seq, "hash": head.hash}, id=head.pk)


def entry_hash(previous: str, body: str) -> str:
    """SHA-256 over the hash before and the entry's own bytes."""
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def write_checkpoint(*, now: datetime) -> Checkpoint:
    """A signed checkpoint over all heads is in the table and at the end of the file outside the database."""
    with transaction.atomic():
        lines = [f"{one.subject} {one.seq} {one.hash}" for one in TrailHead.objects.order_by("subject").iterator()]
        heads = "\n".join(lines)
        last = Checkpoint.objects.order_by("-pk").first()
        previous = last.digest if last else ""
        digest = hashlib.sha256(f"{previous}\n{now.isoformat()}\n{heads}".encode()).hexdigest()
        key_id, signature = keys.sign("checkpoint", digest.encode())
        row = Checkpoint.objects.create(
            at=now, heads=heads, digest=digest, previous_digest=previous, key_id=key_id, signature=signature
        )
    _append_outside(row)
    return row


def _append_outside(row: Checkpoint) -> None:
    path = Path(settings.CHECKPOINT_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    line = {
        "at": row.at.isoformat(), "digest": row.digest, "previous": row.previous_digest, "key": row.key_id,
        "signature": row.signature, "heads": row.heads,
    }  # fmt: skip
    with path.open("a", encoding="utf-8") as out:
        out.write(json.dumps(line, sort_keys=True) + "\n")


def _locked_head(subject: str) -> TrailHead:
    found = prepared.find(TrailHead, lock=True, subject=subject)
    if found is None:
        prepared.add_all([TrailHead(subject=subject)], unless_there=True)
        found = prepared.find(TrailHead, lock=True, subject=subject)
    if found is None:
        raise RuntimeError("the head of a trail cannot be gone: nothing removes it")
    return found


def _body(subject: str, seq: int, kind: str, actor: Actor, now: datetime, data: Mapping[str, Any]) -> str:
    entry = {
        "subject": subject,
        "seq": seq,
        "at": now.isoformat(),
        "kind": kind,
        "actor": actor.name,
        "actor_label": actor.label,
        "organization": actor.organization.reference if actor.organization else None,
        "acting_for": actor.acting_for.reference if actor.acting_for else None,
        "channel": actor.channel,
        "correlation_id": actor.correlation_id,
        "data": dict(data),
    }
    given = {name: value for name, value in entry.items() if value not in (None, "")}
    return json.dumps(given, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
