"""The credential given again before signing: counted where every process sees it, refused after too many failures."""

from datetime import datetime, timedelta

from django.db import transaction

from portal.accounts.actors import Actor
from portal.accounts.models import User
from portal.errors import DomainError
from portal.trail.models import TrailEntry
from portal.trail.services import record

FAILURES = 5
WITHIN = timedelta(minutes=15)
KIND = "signature.credential_refused"


class TooManyFailures(DomainError):
    """The password was wrong too often; nothing is tried for a while."""

    code = "TOO_MANY_FAILURES"


def is_password_of(*, user: User, password: str, declaration: str, actor: Actor, now: datetime) -> bool:
    """True where the password is the person's own. A failure is in their trail. Raises TooManyFailures."""
    subject = f"user:{user.reference}"
    failed = TrailEntry.objects.filter(subject=subject, kind=KIND, at__gt=now - WITHIN).count()
    if failed >= FAILURES:
        raise TooManyFailures("The password was wrong too often. Please try again in 15 minutes.")
    if user.check_password(password):
        return True
    with transaction.atomic():
        record(subject=subject, kind=KIND, actor=actor, now=now, data={"declaration": declaration})
    return False
