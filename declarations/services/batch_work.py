"""Work on batches: a few rows at a time, each in the transaction of its filing, until all are done.

A run has the lease of a batch. The lease is renewed by compare-and-set in the transaction in which the next rows
are looked at and written, each in a savepoint of its own, so that a row finds those before it as a filing would.
Whoever lost the lease meanwhile writes nothing, so no row is done twice; a run that dies leaves its rows waiting.
"""

import secrets
import time
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

from django.core.files import File
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from declarations.models import Batch, BatchRow
from declarations.services import batch_rows
from declarations.services.batch_rows import Outcome
from portal.accounts.actors import SYSTEM, Actor, actor_for, actor_for_client
from portal.accounts.models import Client
from portal.desk.services import publish
from portal.errors import DomainError
from portal.gateway.claimants import is_gone, own_name
from portal.records.models import Blob
from portal.records.services import BlobDamaged, open_kept
from portal.trail.services import record

LEASE = timedelta(seconds=60)
AT_ONCE = 25  # rows in one transaction: others wait for it, so it is short
MOST_SECONDS = 0.25  # of a transaction; the rest of the rows wait for the next one


class ProgramClosed(DomainError):
    """The program that sent the batch may no longer use the API, so what is left of it is refused."""

    code = "BATCH_PROGRAM_CLOSED"
    status = 403


class SenderGone(DomainError):
    """The person who sent the batch may no longer act here, so what is left of it is refused."""

    code = "BATCH_SENDER_GONE"
    status = 403


class Held(NamedTuple):
    """A batch whose lease is ours, and its declarations."""

    batch: Batch
    owner: str
    lines: "File[bytes]"


def claim(*, now: datetime) -> Held | None:
    """The batch that has waited the longest is ours for a while; None where nothing is to be done."""
    owner = f"{own_name()}#{secrets.token_hex(8)}"
    turn = F("worked_at").asc(nulls_first=True)
    waiting = Batch.objects.exclude(state=Batch.State.DONE).order_by(turn, "pk")
    for pk, held_by, until in waiting.values_list("pk", "lease_owner", "leased_until")[:50]:
        if until is not None and until > now and not is_gone(held_by.partition("#")[0]):
            continue
        rows = Batch.objects.filter(pk=pk, lease_owner=held_by, leased_until=until).exclude(state=Batch.State.DONE)
        mine = rows.update(
            lease_owner=owner, leased_until=now + LEASE, state=Batch.State.WORKING, worked_at=now,
            started_at=Coalesce("started_at", now),
        )  # fmt: skip
        if mine:
            return _opened(pk, owner, now)
    return None


def release(held: Held) -> None:
    """Somebody else may have the batch."""
    held.lines.close()
    Batch.objects.filter(pk=held.batch.pk, lease_owner=held.owner).update(lease_owner="", leased_until=None)


def work(held: Held, *, now: datetime) -> int:
    """The next rows are done; gives how many, none where the batch is done or is no longer ours."""
    try:
        actor = _actor_of(held.batch, now)
    except (ProgramClosed, SenderGone) as refused:
        _refuse_rest(held.batch, held.owner, refused, now)
        return 0
    taken = _taken(held)
    until = time.monotonic() + MOST_SECONDS
    counts: Counter[str] = Counter()
    with transaction.atomic():
        if not _renewed(held.batch, held.owner, now):
            return 0
        for row, raw, twice in taken:
            seen = batch_rows.see(row, raw, twice=twice, mode=held.batch.mode, actor=actor, now=now)
            counts[batch_rows.write(seen, mode=held.batch.mode, actor=actor, now=now).outcome] += 1
            if time.monotonic() > until:
                break
        _count(held.batch, counts)
        _finish(held.batch, actor, now)
    return counts.total()


def _opened(pk: int, owner: str, now: datetime) -> Held | None:
    batch = Batch.objects.select_related("organization", "user").get(pk=pk)
    try:
        return Held(batch, owner, open_kept(batch.rows_sha256))
    except (BlobDamaged, Blob.DoesNotExist):
        damaged = BlobDamaged("The file that was sent can no longer be read. Send what is left once more.")
        _refuse_rest(batch, owner, damaged, now)
    return None


def _taken(held: Held) -> list[tuple[BatchRow, bytes, list[int]]]:
    """The next rows with their bytes and all places of their own reference: as many as a transaction may hold."""
    rows = list(_waiting(held.batch).order_by("number")[:AT_ONCE])
    owns = {one.own_reference for one in rows if one.own_reference}
    places = defaultdict(list)
    same = BatchRow.objects.filter(batch=held.batch, own_reference__in=owns).order_by("number")
    for own, number in same.values_list("own_reference", "number"):
        places[own].append(number)
    found = []
    for row in rows:
        held.lines.seek(row.offset)
        found.append((row, held.lines.read(row.length), places.get(row.own_reference, [])))
    return found


def _actor_of(batch: Batch, now: datetime) -> Actor:
    """Who sent the batch, with the roles that the person, or the program's signatory, has by now.

    Raises ProgramClosed, SenderGone.
    """
    if batch.user is not None:
        actor = actor_for(batch.user, batch.organization, correlation_id=batch.correlation_id)
        if not actor.roles:
            raise SenderGone("The person who sent this batch may no longer act here.")
        return actor
    client = Client.objects.select_related("organization", "signatory").get(pk=batch.client_id)
    if not client.is_open_at(now) or client.organization_id != batch.organization_id:
        raise ProgramClosed("The program that sent this batch was closed before this row was its turn.")
    if "file" not in client.scopes.split():
        raise ProgramClosed("The program that sent this batch may no longer file.")
    held = client.signatory.roles_in(client.organization) if client.signatory and client.organization else set()
    return actor_for_client(client, roles=frozenset(held), correlation_id=batch.correlation_id)


def _waiting(batch: Batch) -> QuerySet[BatchRow]:
    return BatchRow.objects.filter(batch=batch, outcome=Outcome.WAITING)


def _renewed(batch: Batch, owner: str, now: datetime) -> bool:
    """True where the lease is still ours; its row is then locked until the transaction ends."""
    rows = Batch.objects.filter(pk=batch.pk, lease_owner=owner)
    return rows.update(leased_until=now + LEASE, worked_at=now) == 1


def _count(batch: Batch, counts: Counter[str]) -> None:
    if counts:
        Batch.objects.filter(pk=batch.pk).update(
            accepted=F("accepted") + counts[Outcome.ACCEPTED], refused=F("refused") + counts[Outcome.REFUSED],
            unreadable=F("unreadable") + counts[Outcome.UNREADABLE],
        )  # fmt: skip


def _refuse_rest(batch: Batch, owner: str, error: DomainError, now: datetime) -> None:
    """What is left of the batch is refused for one reason, and the batch is done."""
    with transaction.atomic():
        if _renewed(batch, owner, now):
            refused = _waiting(batch).update(
                outcome=Outcome.REFUSED, code=error.code, words=str(error), done_at=now
            )  # fmt: skip
            _count(batch, Counter({Outcome.REFUSED.value: refused}))
            _finish(batch, SYSTEM, now)


def _finish(batch: Batch, actor: Actor, now: datetime) -> None:
    """Where no row waits any more the batch is done, with trail and event. Last in the transaction."""
    if _waiting(batch).exists():
        return
    done = Batch.objects.filter(pk=batch.pk).exclude(state=Batch.State.DONE)
    if not done.update(state=Batch.State.DONE, finished_at=now, lease_owner="", leased_until=None):
        return
    fresh = Batch.objects.get(pk=batch.pk)
    numbers = {name: getattr(fresh, name) for name in ("rows", "accepted", "refused", "unreadable")}
    record(subject=batch.reference, kind="batch.done", actor=actor, now=now, data=numbers)
    changes = [{"pointer": f"/{name}", "from": None, "to": number} for name, number in numbers.items()]
    publish(
        organizations=[batch.organization_id], kind="batch.done", reference=batch.reference, actor=actor, now=now,
        changes=changes,
    )  # fmt: skip
