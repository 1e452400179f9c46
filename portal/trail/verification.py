"""Check the chains: any altered, missing, swapped or cut-off entry is found and named."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

from portal import keys
from portal.trail.models import TrailEntry, TrailHead
from portal.trail.services import entry_hash

CHECKPOINT_MEMBERS = ("at", "digest", "heads", "key", "previous", "signature")


class Fault(NamedTuple):
    """The first bad entry of a chain and what is wrong with it."""

    subject: str
    seq: int
    reason: str


def verify(subject: str | None = None) -> Iterator[Fault]:
    """All faults: one a chain, then those against the checkpoints kept outside the database."""
    heads = {one.subject: (one.seq, one.hash) for one in TrailHead.objects.all()}
    entries = TrailEntry.objects.order_by("subject", "seq")
    if subject is not None:
        entries = entries.filter(subject=subject)
        heads = {name: head for name, head in heads.items() if name == subject}
    known: dict[str, dict[int, str]] = {}
    chain: list[TrailEntry] = []
    for entry in entries.iterator(chunk_size=2000):
        if chain and chain[-1].subject != entry.subject:
            yield from _check_chain(chain, heads.pop(chain[0].subject, None), known)
            chain = []
        chain.append(entry)
    if chain:
        yield from _check_chain(chain, heads.pop(chain[0].subject, None), known)
    for name, (seq, _) in heads.items():
        if seq:
            yield Fault(name, 1, "the whole chain is missing")
    yield from _check_outside(known, subject)


def _check_chain(
    chain: list[TrailEntry], head: tuple[int, str] | None, known: dict[str, dict[int, str]]
) -> Iterator[Fault]:
    previous = ""
    subject = chain[0].subject
    hashes = known.setdefault(subject, {})
    for expected, entry in enumerate(chain, start=1):
        reason = _entry_fault(entry, expected, previous)
        if reason:
            yield Fault(subject, expected, reason)
            return
        previous = hashes[entry.seq] = entry.hash
    if head is None or head != (chain[-1].seq, previous):
        yield Fault(subject, chain[-1].seq + 1, "the chain is shorter or longer than its head says")


def _entry_fault(entry: TrailEntry, expected: int, previous: str) -> str:
    if entry.seq != expected:
        return "an entry is missing before this one"
    if entry.previous_hash != previous:
        return "it does not follow from the entry before it"
    if not hmac.compare_digest(entry_hash(previous, entry.body).encode(), entry.hash.encode()):
        return "its text was altered"
    body = _object_in(entry.body)
    told = (entry.subject, entry.seq, entry.kind, entry.actor, entry.at.isoformat())
    if told != tuple(body.get(name) for name in ("subject", "seq", "kind", "actor", "at")):
        return "its columns differ from its text"
    return ""


def _object_in(text: str) -> dict[str, Any]:
    """The JSON object that a text holds; an empty one where it holds none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _check_outside(known: dict[str, dict[int, str]], subject: str | None) -> Iterator[Fault]:
    """Compare with the checkpoint file, which a person with the database alone cannot change."""
    path = Path(settings.CHECKPOINT_FILE)
    if not path.exists():
        return
    previous = None
    reported: set[str] = set()
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        row = {name: str(value) for name, value in _object_in(line).items()}
        if not _is_sound(row):
            yield Fault("checkpoints", number, "the checkpoint was altered")
            return
        if previous is not None and row["previous"] != previous:
            yield Fault("checkpoints", number, "a checkpoint is missing before this one")
            return
        previous = row["digest"]
        yield from _check_heads(row["heads"], known, subject, reported)


def _is_sound(row: dict[str, str]) -> bool:
    """The row has its digest, and the digest its signature."""
    if not set(CHECKPOINT_MEMBERS) <= set(row):
        return False
    text = f"{row['previous']}\n{row['at']}\n{row['heads']}"
    digest, signature = row["digest"], row["signature"]
    if hashlib.sha256(text.encode(errors="replace")).hexdigest() != digest or not signature.isascii():
        return False
    return keys.verify(row["key"], digest.encode(), signature)


def _check_heads(
    heads: str, known: dict[str, dict[int, str]], subject: str | None, reported: set[str]
) -> Iterator[Fault]:
    for head in heads.splitlines():
        name, seq, code = head.split(" ")
        if (subject is not None and name != subject) or name in reported or int(seq) == 0:
            continue
        if known.get(name, {}).get(int(seq)) != code:
            reported.add(name)
            yield Fault(name, int(seq), "it differs from the checkpoint kept outside the database")
