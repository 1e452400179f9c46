"""Complaints are received, acknowledged and decided here only, each in its trail; their clocks run by themselves."""

import re
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from portal.accounts import roles
from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.clocks.calendars import add_business_days
from portal.clocks.models import Deadline
from portal.clocks.services import set_deadline, settle_deadline
from portal.complaints.flow import ACKNOWLEDGED_BY, CLOCK, DECIDED_BY, Act, ComplaintMoved, State, after
from portal.complaints.models import Complaint
from portal.desk.services import close_tasks, open_task, tell
from portal.errors import DomainError
from portal.parameters.selectors import value_of
from portal.timezones import party_date
from portal.trail.services import record

LAW = "USMCA 7.20.1"
MAY_DECIDE = "complaint.decide"
LATE = {ACKNOWLEDGED_BY: "late_to_acknowledge", DECIDED_BY: "late_to_decide"}
LATE_WORDS = {
    ACKNOWLEDGED_BY: "The ombudsman has not acknowledged your complaint in time. It has been counted and passed on.",
    DECIDED_BY: "The ombudsman has not decided your complaint in time. It has been counted and passed on.",
}


class NotTheOmbudsman(DomainError):
    """Only the ombudsman acknowledges and decides complaints."""

    code = "NOT_THE_OMBUDSMAN"


class NoWords(DomainError):
    """A complaint, or a decision on it, without words."""

    code = "COMPLAINT_NO_WORDS"


class NamesSomebody(DomainError):
    """The words for everybody name who complained."""

    code = "COMPLAINT_NAMES_SOMEBODY"


@transaction.atomic
def lodge(*, organization: Organization, subject: str, words: str, actor: Actor, now: datetime) -> Complaint:
    """The complaint is received and both its clocks run. The same words again while it is open are the same one."""
    subject, words = subject.strip(), words.strip()
    if not subject or not words or actor.user is None:
        raise NoWords("Say what it is about, and what happened.")
    open_ones = Complaint.objects.filter(organization=organization).exclude(state=State.DECIDED)
    same = next((one for one in open_ones.filter(subject=subject).order_by("pk") if one.words == words), None)
    if same is not None:
        return same
    row = Complaint.objects.create(
        organization=organization, person=actor.user, subject=subject, words=words, received_at=now
    )
    _start_clocks(row, now)
    record(subject=_chain(row), kind="complaint.receive", actor=actor, now=now, data={"subject": subject})
    return row


@transaction.atomic
def acknowledge(*, complaint: Complaint, actor: Actor, now: datetime) -> None:
    """The trader knows that the ombudsman has it. Raises ComplaintMoved, NotTheOmbudsman."""
    row = _advance(complaint, Act.ACKNOWLEDGE, actor, now, acknowledged_at=now)
    _tell(row, "acknowledged", "The ombudsman has your complaint and looks into it.", now)
    record(subject=_chain(row), kind="complaint.acknowledge", actor=actor, now=now)


@transaction.atomic
def decide(*, complaint: Complaint, outcome: str, decision: str, published: str, actor: Actor, now: datetime) -> None:
    """The trader has the decision, and everybody its outcome without a name.

    Raises ComplaintMoved, NotTheOmbudsman, NoWords, NamesSomebody.
    """
    decision, published = decision.strip(), published.strip()
    if outcome not in Complaint.Outcome.values or not decision or not published:
        raise NoWords("Choose an outcome, answer the trader, and write what everybody may read.")
    _refuse_names(complaint, published)
    row = _advance(
        complaint, Act.DECIDE, actor, now, decided_at=now, outcome=outcome, decision=decision, published=published
    )
    _tell(row, "decided", "The ombudsman has decided your complaint.", now)
    data = {"outcome": outcome, "published": published}
    record(subject=_chain(row), kind="complaint.decide", actor=actor, now=now, data=data)


def count_breaches(*, actor: Actor, now: datetime) -> int:
    """Every clock that has run out is counted and passed on, once; gives how many are new."""
    late = Deadline.objects.filter(kind__in=LATE, due_on__lt=party_date(now, settings.PARTY))
    late = late.filter(state__in=(Deadline.State.OPEN, Deadline.State.MISSED))
    count = 0
    for kind in LATE:
        waiting = Complaint.objects.filter(
            reference__in=late.filter(kind=kind).values("subject"), **{LATE[kind]: False}
        ).exclude(state=State.DECIDED)
        if kind == ACKNOWLEDGED_BY:
            waiting = waiting.filter(state=State.RECEIVED)
        for row in waiting:
            count += _breach(row, kind, actor, now)
    return count


@transaction.atomic
def _breach(complaint: Complaint, kind: str, actor: Actor, now: datetime) -> bool:
    """The breach is in the complaint, in the trail and on the desk, and the trader knows."""
    changed = Complaint.objects.filter(pk=complaint.pk, **{LATE[kind]: False}).update(**{LATE[kind]: True})
    if not changed:
        return False
    settle_deadline(subject=complaint.reference, kind=kind, state=Deadline.State.MISSED)
    _tell(complaint, kind, LATE_WORDS[kind], now)
    for desk in _desks():
        words = f"Late: complaint {complaint.reference}, {complaint.subject}"
        open_task(organization=desk, subject=complaint.reference, kind=f"late:{kind}", words=words, now=now)
    record(subject=_chain(complaint), kind="complaint.breach", actor=actor, now=now, data={"clock": kind})
    return True


def _advance(complaint: Complaint, act: Act, actor: Actor, now: datetime, **values: object) -> Complaint:
    """The only writer of the state: from the one it was seen in, by the ombudsman; a late act is a breach."""
    if not actor.may(MAY_DECIDE):
        raise NotTheOmbudsman("Only the ombudsman does this.")
    changed = Complaint.objects.filter(pk=complaint.pk, state=complaint.state).update(
        state=after(complaint.state, act).value, **values
    )
    if not changed:
        raise ComplaintMoved("Somebody else has just done this.")
    row = Complaint.objects.select_related("organization").get(pk=complaint.pk)
    kind = CLOCK[act]
    due = Deadline.objects.filter(subject=row.reference, kind=kind).values_list("due_on", flat=True).first()
    if due is not None and party_date(now, settings.PARTY) > due:
        _breach(row, kind, actor, now)
    settle_deadline(subject=row.reference, kind=kind, state=Deadline.State.MET)
    close_tasks(subject=row.reference, kinds=[f"deadline:{kind}", f"late:{kind}"], now=now)
    return row


def _start_clocks(row: Complaint, now: datetime) -> None:
    """Both are the authority's to keep, so they stand on its desk, not on the trader's."""
    today = party_date(now, settings.PARTY)
    days = {kind: int(value_of(kind, today, party=settings.PARTY)) for kind in LATE}
    due: dict[str, tuple[date, str]] = {
        ACKNOWLEDGED_BY: (add_business_days(settings.PARTY, today, days[ACKNOWLEDGED_BY]), "Acknowledge a complaint"),
        DECIDED_BY: (today + timedelta(days=days[DECIDED_BY]), "Decide a complaint"),
    }
    keeper = next(iter(_desks()), row.organization)
    for kind, (due_on, words) in due.items():
        set_deadline(
            subject=row.reference, kind=kind, due_on=due_on, law=LAW, words=words, organization=keeper, now=now
        )


def _desks() -> list[Organization]:
    """Authorities that have an ombudsman; where none has, all of them."""
    rows = Organization.objects.filter(kind=Organization.Kind.AUTHORITY, is_active=True).order_by("pk")
    held = rows.filter(memberships__role=roles.OMBUDSMAN, memberships__is_active=True).distinct()
    return list(held) or list(rows)


def _refuse_names(complaint: Complaint, published: str) -> None:
    person, organization = complaint.person, complaint.organization
    names = (
        organization.name, organization.importer_number, organization.reference, complaint.reference, person.email,
        person.get_full_name(), person.last_name,
    )  # fmt: skip
    said = [name for name in names if name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", published, re.IGNORECASE)]
    if said:
        raise NamesSomebody(f"What everybody reads must not name who complained: take out “{said[0]}”.")


def _tell(row: Complaint, cause: str, words: str, now: datetime) -> None:
    tell(organizations=[row.organization], subject=row.reference, cause=f"complaint:{cause}", words=words, now=now)


def _chain(row: Complaint) -> str:
    return f"complaint:{row.reference}"
