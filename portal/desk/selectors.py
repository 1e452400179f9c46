"""What the inbox, the home page and the feeds read."""

from datetime import date

from django.db.models import F, QuerySet

from portal.accounts.models import Organization
from portal.clocks.models import Deadline
from portal.desk.models import Event, Notice, Task


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


def open_deadlines(organization: Organization, until: date, limit: int = 50) -> QuerySet[Deadline]:
    """Open deadlines up to a day, the nearest first."""
    rows = Deadline.objects.filter(organization=organization, state=Deadline.State.OPEN, due_on__lte=until)
    return rows.order_by("due_on", "pk")[:limit]


def feed_of(organization: Organization, *, after: int, limit: int) -> QuerySet[Event]:
    """The organization's feed in its order, after a number."""
    return Event.objects.filter(organization=organization, seq__gt=after).order_by("seq")[:limit]
