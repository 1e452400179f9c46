"""What the calendar does with mandates. Each step may run twice: it is done, told and counted once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from brokers.flow import WAITING, MandateActRefused, State
from brokers.models import Mandate
from brokers.services import advance_by_clock
from brokers.terms import anniversary
from portal.accounts.actors import SYSTEM
from portal.accounts.models import Organization
from portal.desk.models import Notice
from portal.desk.services import open_task, publish, tell
from portal.timezones import party_date
from portal.trail.models import TrailEntry
from portal.trail.services import record

AHEAD = timedelta(days=30)
BATCH = 500
ENDING = "mandate.ending"


def end_over(*, now: datetime) -> int:
    """Mandates, signed or waiting, whose last day has passed are ended. Gives how many."""
    done = 0
    late = Mandate.objects.filter(state__in=[State.LIVE, *WAITING], ends_on__lt=now.date() + timedelta(days=1))
    for mandate in _with_both(late):
        if mandate.ends_on is not None and mandate.ends_on < party_date(now, mandate.party):
            try:
                advance_by_clock(mandate=mandate, reason="Its last day has passed.", actor=SYSTEM, now=now)
            except MandateActRefused:
                continue
            done += 1
    return done


def remind_ending(*, now: datetime) -> int:
    """Both sides know of live mandates that end within thirty days, and the importer has a task. Gives how many."""
    soon = Mandate.objects.filter(state=State.LIVE, ends_on__gte=now.date(), ends_on__lte=now.date() + AHEAD)
    count = 0
    for mandate in _with_both(soon.exclude(number__in=_told(ENDING))):
        words = (
            f"Mandate {mandate.number} from {mandate.principal.name[:80]} for {mandate.agent.name[:80]} "
            f"ends with {mandate.ends_on}."
        )
        with transaction.atomic():
            open_task(
                organization=mandate.principal, subject=mandate.number, kind=ENDING, due_on=mandate.ends_on,
                words=f"{words} Write a new one if it is to go on.", now=now,
            )  # fmt: skip
            both = [mandate.principal, mandate.agent]
            tell(organizations=both, subject=mandate.number, cause=ENDING, words=words, now=now)
        count += 1
    return count


def give_payment_notices(*, now: datetime) -> int:
    """Once a year each importer reads again that paying the agent does not discharge it (19 CFR 111.29).

    The agent is told that the words were given; the trail of the mandate has it. Gives how many.
    """
    count = 0
    rows = Mandate.objects.filter(state=State.LIVE).exclude(payment_notice="").exclude(payment_notice_on=None)
    for mandate in _with_both(rows.filter(payment_notice_on__lte=now.date() - timedelta(days=360))):
        last, on = mandate.payment_notice_on, party_date(now, mandate.party)
        if last is None or on < anniversary(last, 1):
            continue
        with transaction.atomic():
            if not Mandate.objects.filter(pk=mandate.pk, payment_notice_on=last).update(payment_notice_on=on):
                continue
            _give_notice(mandate, on.year, now)
        count += 1
    return count


def tell_of_agents_off(*, now: datetime) -> int:
    """Importers know, each time an agent of theirs is switched off, that it cannot act for them. Gives how many."""
    count = 0
    held = Mandate.objects.filter(state=State.LIVE).values("agent")
    for agent in Organization.objects.filter(is_active=False, pk__in=held).order_by("pk"):
        subject = f"organization:{agent.reference}"
        off = TrailEntry.objects.filter(subject=subject, kind="organization.off").order_by("-seq").first()
        cause = f"mandate.agent_off.{off.seq if off else 0}"
        words = f"{agent.name[:100]} can no longer act for you here. Go on yourself, or give another a mandate."
        rows = Mandate.objects.filter(state=State.LIVE, agent=agent).exclude(number__in=_told(cause))
        for mandate in _with_both(rows):
            tell(organizations=[mandate.principal], subject=mandate.number, cause=cause, words=words, now=now)
            count += 1
    return count


def _give_notice(mandate: Mandate, year: int, now: datetime) -> None:
    agent, number = mandate.agent.name[:60], mandate.number
    words = f"Paying {agent} does not discharge you of what you owe customs; you may pay customs directly ({number})."
    told = f"{mandate.principal.name[:100]} was given this year's words on payment ({number})."
    cause = f"mandate.payment_notice.{year}"
    tell(organizations=[mandate.principal], subject=number, cause=cause, words=words, now=now)
    tell(organizations=[mandate.agent], subject=number, cause=cause, words=told, now=now)
    kind = "mandate.payment_notice"
    record(subject=number, kind=kind, actor=SYSTEM, now=now, data={"words": mandate.payment_notice})
    publish(organizations=[mandate.principal, mandate.agent], kind=kind, reference=number, actor=SYSTEM, now=now)


def _told(cause: str) -> QuerySet:
    return Notice.objects.filter(cause=cause).values("subject")


def _with_both(rows: QuerySet[Mandate]) -> list[Mandate]:
    return list(rows.select_related("principal", "agent").order_by("pk")[:BATCH])
