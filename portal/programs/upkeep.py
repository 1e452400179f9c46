"""What the calendar does with programs: those that end soon are told of, once for each last day."""

from datetime import datetime, timedelta
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from portal.accounts import roles
from portal.accounts.actors import SYSTEM
from portal.accounts.models import Client, Membership, Organization
from portal.desk.models import Notice
from portal.desk.services import open_task, publish, tell
from portal.programs.selectors import notice_time
from portal.programs.services import known_as
from portal.shown import moment
from portal.timezones import party_date

log = structlog.get_logger(__name__)
ENDING = "program.ending"
BATCH = 500


def tell_of_endings(*, now: datetime) -> int:
    """Whoever looks after a program that ends within the time of notice knows, and has a task. Gives how many."""
    count = 0
    rows = Client.objects.filter(closed_at=None, expires_at__gt=now, organization__is_active=True)
    soon = rows.filter(expires_at__lte=now + notice_time(party_date(now, settings.PARTY), settings.PARTY))
    for program in soon.select_related("organization__sandbox_of").order_by("expires_at")[:BATCH]:
        count += _tell(program, now)
    return count


def _tell(program: Client, now: datetime) -> bool:
    place, ends_at = program.organization, program.expires_at
    if place is None or ends_at is None:
        return False
    desk, subject = place.sandbox_of or place, known_as(program)
    last = party_date(ends_at - timedelta(seconds=1), place.party)
    cause = f"{ENDING}.{last}"
    words = f"Program {program.name} ends {moment(ends_at)}: from then on it can do nothing."
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=desk.pk)  # two workers tell once
        told = Notice.objects.filter(organization=desk, subject=subject, cause=cause)
        if told.exists():
            return False
        tell(organizations=[desk], subject=subject, cause=cause, words=words, now=now)
        open_task(
            organization=desk, subject=subject, kind=cause, due_on=last, now=now,
            words=f"Choose a later last day for program {program.name}, or close it.",
        )  # fmt: skip
        change = {"pointer": "/expires_at", "from": None, "to": ends_at.isoformat()}
        publish(organizations=[place], kind=ENDING, reference=subject, actor=SYSTEM, now=now, changes=[change])
        transaction.on_commit(lambda: _mail(desk, program, words))
    return True


def _mail(desk: Organization, program: Client, words: str) -> None:
    """To those who may look after programs. Mail that does not go out is logged: the desk has it all the same."""
    managers = [role for role in roles.ACTIONS if roles.allows(frozenset({role}), "programs.manage")]
    found = Membership.objects.filter(organization=desk, role__in=managers, is_active=True, user__is_active=True)
    to = sorted(set(found.values_list("user__email", flat=True)))
    text = render_to_string("programs/email/ending_message.txt", {"words": words, "organization": desk})
    for one in to:
        try:
            send_mail(f"Program {program.name} ends soon", text, None, [one])
        except (SMTPException, OSError) as error:
            log.error("ending program not mailed", program=program.client_id, error=type(error).__name__)
