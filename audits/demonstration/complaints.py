"""Two invented complaints about unequal access: one decided and published, one that waits for the ombudsman."""

from collections.abc import Callable, Iterable
from datetime import datetime, time

from audits.demonstration.people import actor_of
from audits.demonstration.stories import working_day_before
from portal.complaints import services
from portal.complaints.models import Complaint

CORRELATION = "demonstration"
IMPORTER, SECOND, OMBUDSMAN = "owner@importer.example", "clerk@second.example", "ombudsman@authority.example"
WAITED = "Our entry waited longer than others"


def dues(now: datetime) -> Iterable[tuple[datetime, Callable[[datetime], None]]]:
    """When they came and what was done with them, on working days of the last weeks."""
    yield working_day_before(now, 15, at=time(14, 10)), _wait
    yield working_day_before(now, 14, at=time(15, 30)), _acknowledge
    yield working_day_before(now, 6, at=time(18, 5)), _decide
    yield working_day_before(now, 1, at=time(16, 45)), _ask


def _wait(now: datetime) -> None:
    actor = actor_of(IMPORTER, CORRELATION)
    words = "At the land port our truck stood for five hours. Trucks of brokers behind us were through in one."
    if actor.organization is not None:
        services.lodge(organization=actor.organization, subject=WAITED, words=words, actor=actor, now=now)


def _acknowledge(now: datetime) -> None:
    services.acknowledge(complaint=_waited(), actor=actor_of(OMBUDSMAN, CORRELATION), now=now)


def _decide(now: datetime) -> None:
    services.decide(
        complaint=_waited(),
        outcome=Complaint.Outcome.PARTLY.value,
        decision="The order of the queue was kept: your truck was chosen for an examination. You should have been told "
        "so at once, and were not.",
        published="An importer who files without a broker waited longer at a land port than brokers did. The order of "
        "the queue was kept; the wait came from an examination. The office now tells every filer at once.",
        actor=actor_of(OMBUDSMAN, CORRELATION),
        now=now,
    )


def _ask(now: datetime) -> None:
    actor = actor_of(SECOND, CORRELATION)
    words = "The announced maintenance falls in the evening on the border, when small importers file."
    if actor.organization is not None:
        services.lodge(
            organization=actor.organization, subject="Maintenance in our hours", words=words, actor=actor, now=now
        )


def _waited() -> Complaint:
    return Complaint.objects.get(subject=WAITED)
