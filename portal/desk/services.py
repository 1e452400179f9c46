"""Write tasks, notices and events, each once for its cause."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection

from portal import prepared
from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.desk.models import Event, Notice, Task
from portal.personal import masked


def open_task(
    *, organization: Organization, subject: str, kind: str, words: str, now: datetime, due_on: date | None = None
) -> None:
    """The task stands open, once for its subject and kind; a done one is not opened again."""
    Task.objects.bulk_create(
        [
            Task(
                organization=organization,
                subject=subject,
                kind=kind,
                words=masked(words),
                due_on=due_on,
                created_at=now,
            )
        ],
        ignore_conflicts=True,
    )


def close_tasks(*, subject: str, kinds: Iterable[str] | None = None, now: datetime) -> None:
    """Open tasks of the subject (of these kinds, or all) are done."""
    rows = Task.objects.filter(subject=subject, state=Task.State.OPEN)
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    rows.update(state=Task.State.DONE, done_at=now)


def hand_over_tasks(*, subject: str, to: Organization) -> None:
    """What others still had to do about the subject is now the organization's to do."""
    Task.objects.filter(subject=subject, state=Task.State.OPEN).update(organization=to)


def tell(*, organizations: Iterable[Organization], subject: str, cause: str, words: str, now: datetime) -> None:
    """Each organization has the notice, once for its cause."""
    rows = [
        Notice(organization=one, subject=subject, cause=cause, words=masked(words), created_at=now)
        for one in _distinct(organizations)
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def publish(
    *,
    organizations: Iterable[Organization | int],
    kind: str,
    reference: str,
    actor: Actor,
    now: datetime,
    changes: list[dict[str, Any]] | None = None,
) -> None:
    """The event stands in each organization's feed, given itself or by its key. Call it last: it locks the feed."""
    publish_all(organizations=organizations, events=[(kind, changes or [])], reference=reference, actor=actor, now=now)


def publish_all(
    *,
    organizations: Iterable[Organization | int],
    events: list[tuple[str, list[dict[str, Any]]]],
    reference: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Several events about one thing, each a kind and its changes, stand in each feed in order, as `publish` does."""
    keys = {one if isinstance(one, int) else one.pk for one in organizations if one is not None}
    prepared.add_all(
        Event(
            organization_id=key, seq=seq, at=now, kind=kind, reference=reference, actor=actor.label, changes=changes
        )
        for key in sorted(keys)
        for seq, (kind, changes) in enumerate(events, start=_first_seq(key, len(events)))
    )  # fmt: skip


def _first_seq(organization: int, count: int) -> int:
    """The first of so many numbers of the feed, which are taken."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO desk_feedhead (organization_id, seq) VALUES (%s, %s)"
            " ON CONFLICT (organization_id) DO UPDATE SET seq = desk_feedhead.seq + excluded.seq RETURNING seq",
            [organization, count],
        )
        return int(cursor.fetchone()[0]) - count + 1


def _distinct(organizations: Iterable[Organization]) -> list[Organization]:
    return list({one.pk: one for one in organizations if one is not None}.values())
