"""Take a batch in, and find it again. What is done with its rows: `batch_work`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.http import Http404

from declarations.access import READ, ActionNotAllowed
from declarations.models import Batch, BatchRow
from portal import prepared
from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.clocks.services import nudge
from portal.trail.services import record

WORK = "declarations.tasks.work_batches"


class Row(NamedTuple):
    """A declaration of a batch as it was read: where it begins, where it lies, what cannot be read in it."""

    line: int
    offset: int
    length: int
    own_reference: str
    faults: tuple[dict[str, Any], ...] = ()


@transaction.atomic
def take_batch(
    *, rows: Iterable[Row], source: str, lines: str, mode: str, format: str, actor: Actor, now: datetime
) -> Batch:
    """The batch stands with its rows, and a worker is woken. `source` and `lines` are digests of kept bytes.

    A person has declarations tried or kept as drafts: what is filed, a person reads and signs by itself.
    """
    if actor.organization is None or (actor.client is None and actor.user is None):
        raise ActionNotAllowed("A batch is sent by somebody of an organization.")
    if actor.client is None and mode == Batch.Mode.FILE:
        raise ActionNotAllowed("Only a program files a batch at once. Keep drafts, then read and sign them.")
    found = list(rows)
    spoiled = sum(1 for one in found if one.faults)
    batch = Batch(
        organization=actor.organization, client=actor.client, user=actor.user, correlation_id=actor.correlation_id,
        mode=mode, format=format, source_sha256=source, rows_sha256=lines, rows=len(found), unreadable=spoiled,
        created_at=now,
    )  # fmt: skip
    prepared.add(batch)
    prepared.add_all(_as_row(batch, number, one, now) for number, one in enumerate(found, start=1))
    record(
        subject=batch.reference, kind="batch.take", actor=actor, now=now,
        data={"rows": len(found), "sha256": source, "mode": mode},
    )  # fmt: skip
    nudge(WORK)
    return batch


def _as_row(batch: Batch, number: int, one: Row, now: datetime) -> BatchRow:
    row = BatchRow(
        batch=batch, number=number, line=one.line, offset=one.offset, length=one.length,
        own_reference=one.own_reference[:40],
    )  # fmt: skip
    if one.faults:
        row.outcome, row.code, row.done_at = BatchRow.Outcome.UNREADABLE, "UNREADABLE", now
        row.words, row.violations = "The row cannot be read as a declaration.", list(one.faults)
    return row


@transaction.atomic
def take_once(*, since: datetime, source: str, mode: str, actor: Actor, **given: Any) -> tuple[Batch, bool]:
    """The batch that the organization made of the same bytes for the same end since a moment, else a new one.

    The second is whether it is new. Two clicks in one moment take turns, and make one batch.
    """
    if actor.organization is not None:
        Organization.objects.select_for_update().get(pk=actor.organization.pk)
    rows = _visible_to(actor).filter(source_sha256=source, mode=mode, created_at__gte=since)
    found: Batch | None = rows.order_by("-pk").first()
    if found is not None:
        return found, False
    return take_batch(source=source, mode=mode, actor=actor, **given), True


def batch_for(actor: Actor, reference: str) -> Batch:
    """The batch, if it is of the actor's organization. Raises Http404."""
    found = _visible_to(actor).filter(reference=reference).first()
    if found is None:
        raise Http404
    return found


def list_batches(actor: Actor, *, after: int, limit: int) -> tuple[list[Batch], int | None]:
    """Batches of the actor's organization, newest first, and the cursor of the next page."""
    rows = _visible_to(actor).order_by("-pk")
    found = list((rows.filter(pk__lt=after) if after else rows)[: limit + 1])
    return found[:limit], found[limit - 1].pk if len(found) > limit else None


def rows_of(batch: Batch, *, after: int, limit: int) -> tuple[list[BatchRow], int | None]:
    """Rows that are done, in the order of the file, and the cursor of the next page.

    They are given as far as nothing is missing before them, so that a reader who follows the cursor misses none.
    """
    rows = BatchRow.objects.filter(batch=batch, number__gt=after).select_related("declaration").order_by("number")
    found: list[BatchRow] = []
    for row in rows[: limit + 1]:
        if row.outcome == BatchRow.Outcome.WAITING:
            return found[:limit], (found[-1].number if found else after)
        found.append(row)
    return found[:limit], found[limit - 1].number if len(found) > limit else None


def _visible_to(actor: Actor) -> Any:
    if actor.organization is None or not actor.may(READ):
        return Batch.objects.none()
    return Batch.objects.filter(organization=actor.organization).select_related("user", "client")
