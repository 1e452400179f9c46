"""What the inbox, the home page and the feeds read."""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from portal.accounts.models import Organization
from portal.clocks.models import Deadline
from portal.desk.models import Event, FeedHead, Notice, Task

FEED_PAGE = 100


class Feed(NamedTuple):
    """A part of the feed in order, and the cursor with which the part behind it is asked for."""

    events: list[Event]
    next: int


def count_open_tasks(organization: Organization) -> int:
    """How many tasks wait."""
    return Task.objects.filter(organization=organization, state=Task.State.OPEN).count()


def open_tasks(organization: Organization, limit: int = 50) -> QuerySet[Task]:
    """Tasks that wait, the most urgent first."""
    rows = Task.objects.filter(organization=organization, state=Task.State.OPEN)
    return rows.order_by(F("due_on").asc(nulls_last=True), "-created_at")[:limit]


def latest_notices(organization: Organization, limit: int = 30) -> QuerySet[Notice]:
    """The newest notices."""
    return Notice.objects.filter(organization=organization).order_by("-created_at", "-pk")[:limit]


def events_of(
    reference: str, organization: Organization, limit: int = 200, before: int | None = None
) -> QuerySet[Event]:
    """Events about one thing in the organization's feed, newest first, those before a number where it is given."""
    rows = Event.objects.filter(reference=reference, organization=organization)
    return (rows if before is None else rows.filter(seq__lt=before)).order_by("-seq")[:limit]


def event_json(event: Event) -> dict[str, Any]:
    """The event as programs read it, pulled or pushed."""
    return {
        "seq": event.seq, "at": event.at.isoformat(), "kind": event.kind, "reference": event.reference,
        "actor": event.actor, "changes": event.changes,
    }  # fmt: skip


def head_of(organization: Organization) -> int:
    """Number of the last event of the organization's feed; 0 where nothing has happened yet."""
    row = FeedHead.objects.filter(organization=organization).first()
    return row.seq if row is not None else 0


def feed_of(organization: Organization, after: int = 0, limit: int = FEED_PAGE, among: Q | None = None) -> Feed:
    """Events behind the cursor, the earliest first; `among` leaves the others out, and the cursor passes them."""
    limit = max(1, min(limit, FEED_PAGE))
    head = head_of(organization)  # read first: what stands up to it is there to be read
    rows = Event.objects.filter(among or Q(), organization=organization, seq__gt=after, seq__lte=head)
    events = list(rows.order_by("seq")[:limit])
    return Feed(events, events[-1].seq if len(events) == limit else max(head, after))


def open_deadlines(organization: Organization, until: date, limit: int = 50) -> QuerySet[Deadline]:
    """Open deadlines up to a day, the nearest first."""
    rows = Deadline.objects.filter(organization=organization, state=Deadline.State.OPEN, due_on__lte=until)
    return rows.order_by("due_on", "pk")[:limit]
