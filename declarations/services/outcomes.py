"""What became of messages on their way, and of days that come near, in words for the filer."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from declarations.models import Declaration, OutcomeTold
from declarations.services.acts import parties_to
from declarations.services.settling import refuse_unsent
from declarations.services.telling import display
from portal.clocks.calendars import business_days_between
from portal.clocks.models import Deadline
from portal.desk.services import close_tasks, open_task
from portal.desk.services import tell as tell_organizations
from portal.gateway.models import OutboundMessage
from portal.timezones import party_date

REMIND_AT = (3, 1)  # working days ahead
WORDS = {
    "REFUSED": "The authority refused the message of {number} at the door. Nothing was filed.",
    "DEAD": "The message of {number} could not be delivered. The operator has been told.",
}


def apply_outcomes(*, now: datetime) -> int:
    """Refused and dead messages are told, once each; the tasks close when the message gets through."""
    rows = OutboundMessage.objects.filter(state__in=("REFUSED", "DEAD"), purpose="declarations")
    told = OutcomeTold.objects.filter(message=OuterRef("pk"), state=OuterRef("state"))
    untold = rows.filter(~Exists(told)).order_by("id")[:200]
    count = 0
    for message in untold:
        declaration = (
            Declaration.objects.select_related("importer", "filer", "transmitter")
            .filter(reference=message.subject)
            .first()
        )
        if declaration is None:
            continue
        if message.state == "REFUSED":
            refuse_unsent(declaration=declaration, local_reference=message.local_reference, now=now)
        words = WORDS[message.state].format(number=display(declaration))
        cause = f"{message.state}:{message.reference}"
        tell_organizations(
            organizations=parties_to(declaration), subject=declaration.reference, cause=cause, words=words, now=now
        )
        open_task(organization=declaration.filer, subject=declaration.reference, kind=cause[:40], words=words, now=now)
        OutcomeTold.objects.bulk_create(
            [OutcomeTold(message=message, state=message.state, told_at=now)], ignore_conflicts=True
        )
        count += 1
    return count


def remind(*, now: datetime) -> int:
    """Open deadlines that come near have a task; those gone by are missed."""
    today = party_date(now)
    Deadline.objects.filter(state=Deadline.State.OPEN, due_on__lt=today).update(state=Deadline.State.MISSED)
    count = 0
    for deadline in Deadline.objects.filter(state=Deadline.State.OPEN).select_related("organization"):
        left = business_days_between(deadline.party, today, deadline.due_on)
        if left <= max(REMIND_AT):
            open_task(
                organization=deadline.organization, subject=deadline.subject, kind=f"deadline:{deadline.kind}",
                words=f"{deadline.words} by {deadline.due_on:%d %b %Y} ({deadline.law})", due_on=deadline.due_on,
                now=now,
            )  # fmt: skip
            count += 1
    met = Deadline.objects.exclude(state=Deadline.State.OPEN).values_list("subject", "kind")
    for subject, kind in met.filter(due_on__gte=today):
        close_tasks(subject=subject, kinds=[f"deadline:{kind}"], now=now)
    return count
