"""The credentials given again before signing: counted where every process sees it, refused after too many failures."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction

from portal.accounts.actors import Actor
from portal.accounts.models import User
from portal.errors import DomainError
from portal.trail.models import TrailEntry
from portal.trail.services import record

FAILURES = 5
WITHIN = timedelta(minutes=15)
KIND = "signature.credential_refused"
WRONG_CODE = (
    "This code does not fit, or it has been used. Wait for the next one of your authenticator. "
    "A recovery code does not serve here."
)
WRONG_WITH_RECOVERY = (
    "This code does not fit, or it has been used. Wait for the next one of your authenticator, or give another "
    "recovery code."
)
WITH_CODE = "password+totp"  # how somebody confirmed: with the password and the code of an authenticator


class TooManyFailures(DomainError):
    """Passwords or codes, counted together, were wrong too often; nothing is tried for a while."""

    code = "TOO_MANY_FAILURES"


class CredentialRefused(DomainError):
    """The password or the code is not the person's own; `field` says which of the two."""

    code = "CREDENTIAL_REFUSED"


def is_password_of(*, user: User, password: str, about: str, actor: Actor, now: datetime) -> bool:
    """True where the password is the person's own. A failure is in their trail. Raises TooManyFailures."""
    _refuse_after_many(user, now)
    if user.check_password(password):
        return True
    _note_failure(user, about, actor, now)
    return False


def has_second_factor(user: User) -> bool:
    """True where the person has enrolled an authenticator that shows codes."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def confirm(
    *, user: User, password: str, code: str, about: str, actor: Actor, now: datetime, takes_recovery: bool = False
) -> str:
    """The person has given their password, and the code of their authenticator where they have one: says the method.

    `takes_recovery`: one of their recovery codes does as well, and is used up.
    Raises CredentialRefused and TooManyFailures; each failure is in the person's trail.
    """
    if not is_password_of(user=user, password=password, about=about, actor=actor, now=now):
        raise CredentialRefused("This is not your password. Write the one with which you signed in.", field="password")
    authenticator = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if authenticator is None:
        return "password"
    if authenticator.wrap().validate_code(code.strip()):
        authenticator.record_usage()
        return WITH_CODE
    if takes_recovery and _is_recovery_code(user, code.strip()):
        return "password+recovery"
    _note_failure(user, about, actor, now)
    raise CredentialRefused(WRONG_WITH_RECOVERY if takes_recovery else WRONG_CODE, field="code")


def _is_recovery_code(user: User, code: str) -> bool:
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return kept is not None and bool(kept.wrap().validate_code(code))


def _refuse_after_many(user: User, now: datetime) -> None:
    failed = TrailEntry.objects.filter(subject=_chain(user), kind=KIND, at__gt=now - WITHIN).count()
    if failed >= FAILURES:
        raise TooManyFailures("Too many wrong passwords or codes. Please try again in 15 minutes.")


def _note_failure(user: User, about: str, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        record(subject=_chain(user), kind=KIND, actor=actor, now=now, data={"about": about})


def _chain(user: User) -> str:
    return f"user:{user.reference}"
