"""An authenticator is set up, its recovery codes are made anew, it is removed: each with the credentials again."""

from datetime import datetime
from functools import partial
from smtplib import SMTPException
from typing import NamedTuple

import structlog
from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.mail import EmailMessage
from django.db import transaction

from portal.accounts.actors import Actor
from portal.accounts.models import User
from portal.credentials import CredentialRefused, confirm, has_second_factor, is_password_of
from portal.errors import DomainError
from portal.trail.services import record

log = structlog.get_logger(__name__)
ABOUT = "second-factor"
Type = Authenticator.Type


class AlreadyEnrolled(DomainError):
    """There is an authenticator: it has to be removed before another is set up."""

    code = "SECOND_FACTOR_THERE"


class NotEnrolled(DomainError):
    """There is none."""

    code = "SECOND_FACTOR_ABSENT"


class OwnSecondFactor(DomainError):
    """Nobody takes their own second factor away by the operators' door."""

    code = "SECOND_FACTOR_OWN"


class Standing(NamedTuple):
    """What a person has: since when, last used, and how many recovery codes are left."""

    since: datetime
    used_at: datetime | None
    codes_left: int


def standing_of(user: User) -> Standing | None:
    """The authenticator of a person; None where there is none."""
    found = Authenticator.objects.filter(user=user, type=Type.TOTP).first()
    if found is None:
        return None
    kept = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).first()
    return Standing(found.created_at, found.last_used_at, len(kept.wrap().get_unused_codes()) if kept else 0)


def enrol(*, user: User, secret: str, password: str, code: str, actor: Actor, now: datetime) -> list[str]:
    """The authenticator with this secret is the person's second factor from now on; gives the recovery codes.

    The code that it shows is used up. Raises AlreadyEnrolled, CredentialRefused and TooManyFailures.
    """
    if has_second_factor(user):
        raise AlreadyEnrolled("You have an authenticator. Remove it before you set up another.")
    if not is_password_of(user=user, password=password, about=ABOUT, actor=actor, now=now):
        raise CredentialRefused("This is not your password. Write the one with which you signed in.", field="password")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if has_second_factor(user):  # set up at another desk meanwhile
            raise AlreadyEnrolled("You have an authenticator. Remove it before you set up another.")
        if not TOTP.activate(user, secret).validate_code(code.strip()):
            raise CredentialRefused(
                "This is not the code that the authenticator shows now. Look whether its clock is right.", field="code"
            )
        codes = _new_codes(user)
        _note(user, "on", actor, now)
    return codes


def renew_codes(*, user: User, password: str, code: str, actor: Actor, now: datetime) -> list[str]:
    """There are new recovery codes, and the earlier ones open nothing. Raises as `confirm` does, and NotEnrolled."""
    _confirm(user, password, code, actor, now, takes_recovery=False)
    with transaction.atomic():
        codes = _new_codes(user)
        _note(user, "codes", actor, now)
    return codes


def remove(*, user: User, password: str, code: str, actor: Actor, now: datetime) -> None:
    """The person signs in with the password alone. A recovery code does instead of the authenticator's.

    Raises as `renew_codes` does.
    """
    method = _confirm(user, password, code, actor, now, takes_recovery=True)
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        _note(user, "off", actor, now, method=method)


@transaction.atomic
def take_away(*, user: User, reason: str, actor: Actor, now: datetime) -> None:
    """An operator has removed the authenticator of somebody who lost it and the recovery codes; the person is told.

    Raises NotEnrolled, and OwnSecondFactor: one's own is removed with one's own codes.
    """
    if actor.user is None or actor.user.pk == user.pk:
        raise OwnSecondFactor("You cannot remove your own here. Use a recovery code, or ask another operator.")
    if not has_second_factor(user):
        raise NotEnrolled("There is no authenticator.")
    Authenticator.objects.filter(user=user).delete()
    _note(user, "off", actor, now, reason=reason)


def _confirm(user: User, password: str, code: str, actor: Actor, now: datetime, *, takes_recovery: bool) -> str:
    if not has_second_factor(user):
        raise NotEnrolled("You have no authenticator.")
    return confirm(
        user=user, password=password, code=code, about=ABOUT, actor=actor, now=now, takes_recovery=takes_recovery
    )


def _new_codes(user: User) -> list[str]:
    Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).delete()
    made = RecoveryCodes.activate(user)
    made.mark_as_viewed()
    return made.get_unused_codes()


def _note(user: User, what: str, actor: Actor, now: datetime, **more: str) -> None:
    """In the person's trail, and by mail once it is so: whoever did not do it themselves should know."""
    record(subject=f"user:{user.reference}", kind=f"person.second_factor_{what}", actor=actor, now=now, data=more)
    letter = get_adapter().render_mail("second_factor/email/changed", user.email, {"user": user, "what": what})
    transaction.on_commit(partial(_send, letter, user.reference))


def _send(letter: EmailMessage, reference: str) -> None:
    try:
        letter.send()
    except (SMTPException, OSError) as error:
        log.error("second factor not mailed", user=reference, error=type(error).__name__)
