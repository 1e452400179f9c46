"""Work on batches: a few rows at a time, each in the transaction of its filing, until all are done.

A run locks the next rows that nobody else has, looks at them, and then writes what became of them in the same
transaction, each in a savepoint of its own. Several runs may work on one batch: they look at their rows at the same
time and write one after the other. A run that dies leaves its rows waiting, since nothing of it was committed.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from django.core.files import File
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from declarations.batch_models import DONE_WELL
from declarations.models import Batch, BatchRow
from declarations.services import batch_rows
from declarations.services.batch_neighbours import Neighbours
from declarations.services.batch_rows import Outcome, Seen
from portal.accounts.actors import SYSTEM, Actor, actor_for, actor_for_client
from portal.accounts.models import Client
from portal.desk.services import gathering, publish
from portal.errors import DomainError
from portal.records.models import Blob
from portal.records.services import BlobDamaged, open_kept
from portal.trail.services import record

AT_ONCE = 25  # rows in one transaction: others wait for it, so it is short
MOST_SECONDS = 0.25  # of a transaction, about; the rest of the rows wait for the next one
LATELY = timedelta(seconds=5)  # a batch on which nobody worked for so long may have another run beside this one


class ProgramClosed(DomainError):
    """The program that sent the batch may no longer use the API, so what is left of it is refused."""

    code = "BATCH_PROGRAM_CLOSED"
    status = 403


class SenderGone(DomainError):
    """The person who sent the batch may no longer act here, so what is left of it is refused."""

    code = "BATCH_SENDER_GONE"
    status = 403


class Held(NamedTuple):
    """A batch whose turn it is, its declarations, how long it has waited, and whether anybody works on it just now."""

    batch: Batch
    lines: "File[bytes]"
    waited: timedelta
    is_alone: bool


def claim(*, now: datetime, but: Collection[int] = ()) -> Held | None:
    """The batch that has waited the longest, `but` those; None where there is none. Close its lines afterwards."""
    turn = F("worked_at").asc(nulls_first=True)
    waiting = Batch.objects.exclude(state=Batch.State.DONE).exclude(pk__in=but).order_by(turn, "pk")
    for pk, worked_at, created_at in waiting.values_list("pk", "worked_at", "created_at")[:50]:
        rows = Batch.objects.filter(pk=pk).exclude(state=Batch.State.DONE)
        if rows.update(state=Batch.State.WORKING, worked_at=now, started_at=Coalesce("started_at", now)):
            waited = now - (worked_at or created_at)
            opened = _opened(pk, now)
            if opened is not None:
                return Held(*opened, waited, worked_at is None or waited > LATELY)
    return None


def work(held: Held, *, now: datetime) -> int:
    """The next rows are done; gives how many, none where the batch is done or others have the rest of it."""
    batch = held.batch
    try:
        actor = _actor_of(batch, now)
    except (ProgramClosed, SenderGone) as refused:
        _refuse_rest(batch, refused, now)
        return 0
    counts: Counter[str] = Counter()
    began = time.monotonic()
    with transaction.atomic():
        seen = _seen(held, actor, now)
        with gathering():  # the feeds are locked once, at the end
            neighbours = Neighbours(seen, files=batch.mode == Batch.Mode.FILE)
            for one in seen:
                if one.looked is not None and neighbours.concern(one.looked):
                    one = batch_rows.see_again(one.row, one.looked, mode=batch.mode, actor=actor, now=now)
                counts[batch_rows.write(one, mode=batch.mode, actor=actor, now=now).outcome] += 1
                neighbours.note(one.looked)
        ended = now + timedelta(seconds=time.monotonic() - began)
        _count(batch, counts, ended)
        _finish(batch, actor, ended)
    return counts.total()


def _opened(pk: int, now: datetime) -> "tuple[Batch, File[bytes]] | None":
    batch = Batch.objects.select_related("organization", "user").get(pk=pk)
    try:
        return batch, open_kept(batch.rows_sha256)
    except (BlobDamaged, Blob.DoesNotExist):
        damaged = BlobDamaged("The file that was sent can no longer be read. Send what is left once more.")
        _refuse_rest(batch, damaged, now)
    return None


def _seen(held: Held, actor: Actor, now: datetime) -> list[Seen]:
    """The next rows, looked at; as many as there is time for. They are ours until the transaction ends."""
    until = time.monotonic() + MOST_SECONDS / 2
    found = []
    for row, raw, twice in _taken(held):
        found.append(batch_rows.see(row, raw, twice=twice, mode=held.batch.mode, actor=actor, now=now))
        if time.monotonic() > until:
            break
    return found


def _taken(held: Held) -> list[tuple[BatchRow, bytes, list[int]]]:
    """The next rows that nobody else has, with their bytes and all places of their own reference."""
    rows = list(_waiting(held.batch).select_for_update(skip_locked=True).order_by("number")[:AT_ONCE])
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


def _count(batch: Batch, counts: Counter[str], now: datetime) -> None:
    """The batch says how far it is. From here on its row is ours: of two runs that end, the later finds all done."""
    Batch.objects.filter(pk=batch.pk).update(
        accepted=F("accepted") + counts[Outcome.ACCEPTED], refused=F("refused") + counts[Outcome.REFUSED],
        unreadable=F("unreadable") + counts[Outcome.UNREADABLE], worked_at=now,
    )  # fmt: skip


@transaction.atomic
def _refuse_rest(batch: Batch, error: DomainError, now: datetime) -> None:
    """What is left of the batch is refused for one reason, and the batch is done."""
    refused = _waiting(batch).update(outcome=Outcome.REFUSED, code=error.code, words=str(error), done_at=now)
    _count(batch, Counter({Outcome.REFUSED.value: refused}), now)
    _finish(batch, SYSTEM, now)


def _finish(batch: Batch, actor: Actor, now: datetime) -> None:
    """Where no row waits any more the batch is done, with trail and event. Last in the transaction."""
    if _waiting(batch).exists():
        return
    done = Batch.objects.filter(pk=batch.pk).exclude(state=Batch.State.DONE)
    if not done.update(state=Batch.State.DONE, finished_at=now):
        return
    fresh = Batch.objects.get(pk=batch.pk)
    numbers = {name: getattr(fresh, name) for name in ("rows", "accepted", "refused", "unreadable")}
    record(subject=batch.reference, kind="batch.done", actor=actor, now=now, data=numbers)
    well = DONE_WELL[Batch.Mode(batch.mode)]
    changes = [
        {"pointer": f"/{well if name == 'accepted' else name}", "from": None, "to": number}
        for name, number in numbers.items()
    ]
    publish(
        organizations=[batch.organization_id], kind="batch.done", reference=batch.reference, actor=actor, now=now,
        changes=changes,
    )  # fmt: skip
