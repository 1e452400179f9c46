"""Read complaints: an organization's own, and what everybody may know of all of them."""

from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from portal.accounts.models import Organization
from portal.complaints.flow import ACKNOWLEDGED_BY, DECIDED_BY, State
from portal.complaints.models import Complaint
from portal.parameters.selectors import find_value
from portal.timezones import party_date

MOST = 100


class Published(NamedTuple):
    """The outcome of a complaint for everybody: nobody is named, and no day or reference leads to somebody."""

    decided_on: date
    outcome: str
    words: str


class Tally(NamedTuple):
    """How the ombudsman keeps the clocks."""

    received: int
    decided: int
    late_to_acknowledge: int
    late_to_decide: int


def complaints_of(organization: Organization) -> QuerySet[Complaint]:
    """The organization's own complaints, newest first."""
    return Complaint.objects.filter(organization=organization).order_by("-pk")


def published_outcomes() -> list[Published]:
    """Outcomes for everybody, newest first."""
    rows = Complaint.objects.filter(state=State.DECIDED).order_by("-decided_at", "-pk")[:MOST]
    return [_published(one, one.decided_at) for one in rows if one.decided_at]


def _published(row: Complaint, decided_at: datetime) -> Published:
    on = party_date(decided_at, row.organization.party).replace(day=1)
    return Published(on, str(row.get_outcome_display()), row.published)


def tally() -> Tally:
    """All complaints ever received, those decided, and clocks that were not kept."""
    found = Complaint.objects.aggregate(
        received=Count("pk"), decided=Count("pk", filter=Q(state=State.DECIDED)),
        late_to_acknowledge=Count("pk", filter=Q(late_to_acknowledge=True)),
        late_to_decide=Count("pk", filter=Q(late_to_decide=True)),
    )  # fmt: skip
    return Tally(**found)


def promised_days(on: date) -> tuple[int, int] | None:
    """Business days to acknowledge and calendar days to decide; None where a parameter is missing."""
    found = [find_value(name, on, party=settings.PARTY) for name in (ACKNOWLEDGED_BY, DECIDED_BY)]
    return (int(found[0]), int(found[1])) if found[0] and found[1] else None


def clock_of(state: str) -> str:
    """The kind of the deadline that runs in a state, "" where none does."""
    return {State.RECEIVED: ACKNOWLEDGED_BY, State.ACKNOWLEDGED: DECIDED_BY}.get(State(state), "")
