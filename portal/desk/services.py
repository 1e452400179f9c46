"""Write tasks, notices and events, each once for its cause."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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
    made = [
        Event(organization_id=key, at=now, kind=kind, reference=reference, actor=actor.label, changes=changes)
        for key in sorted(keys)
        for kind, changes in events
    ]
    waiting = _gathered.get()
    if waiting is None:
        _put_in_feeds(made)
    else:
        waiting += made


@contextmanager
def gathering() -> Iterator[list[Event]]:
    """What is published within stands at the end of it: each feed is locked once, all of them in one order.

    For acts on many things in one transaction, which would lock feeds in the order of the things. Within another
    `gathering` it hands over to that one. Where the block raises, nothing of it is published.
    """
    outer = _gathered.get()
    own: list[Event] = []
    token = _gathered.set(own)
    try:
        yield own
    finally:
        _gathered.reset(token)
    if outer is None:
        _put_in_feeds(own)
    else:
        outer += own


_gathered: ContextVar[list[Event] | None] = ContextVar("events that wait", default=None)


def _put_in_feeds(events: list[Event]) -> None:
    """The events are numbered, feed by feed, in the order in which they are given."""
    feeds: dict[int, list[Event]] = {}
    for one in events:
        feeds.setdefault(one.organization_id, []).append(one)
    if not feeds:
        return
    for key, last in _last_seqs({key: len(feeds[key]) for key in sorted(feeds)}):
        for place, one in enumerate(feeds[key], start=last - len(feeds[key]) + 1):
            one.seq = place
    prepared.add_all(events)


def _last_seqs(counts: dict[int, int]) -> list[tuple[int, int]]:
    """So many numbers of each feed are taken: the feeds with the last of them. Locks the feeds in their order."""
    rows = ", ".join(["(%s, %s)"] * len(counts))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO desk_feedhead (organization_id, seq) VALUES {rows}"  # noqa: S608  (marks only)
            " ON CONFLICT (organization_id) DO UPDATE SET seq = desk_feedhead.seq + excluded.seq"
            " RETURNING organization_id, seq",
            [value for pair in counts.items() for value in pair],
        )
        return [(int(key), int(seq)) for key, seq in cursor.fetchall()]


def _distinct(organizations: Iterable[Organization]) -> list[Organization]:
    return list({one.pk: one for one in organizations if one is not None}.values())
