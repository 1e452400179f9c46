"""The link with which an invited person chooses a password: the same as for a forgotten one, with other words."""

from dataclasses import dataclass
from smtplib import SMTPException

import structlog
from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings

from portal.accounts.models import Organization, User
from portal.people.selectors import may_show_link

log = structlog.get_logger(__name__)
NOT_DELIVERED = ("console", "dummy", "filebased", "locmem")
DAY = 86_400


@dataclass(frozen=True)
class Invitation:
    """What whoever invited is told: the link is shown once, and only where mail does not reach the person."""

    user: User
    organization: Organization
    link: str
    is_mailed: bool
    days: int = 0


def send(*, user: User, organization: Organization) -> Invitation:
    """Mail the person that they can act for the organization, with a link where they have no password yet."""
    link = "" if user.has_usable_password() else password_link(user)
    days = settings.PASSWORD_RESET_TIMEOUT // DAY
    context = {"user": user, "organization": organization, "password_url": link, "days": days}
    is_mailed = delivers_mail()
    try:
        get_adapter().send_mail("account/email/invitation", user.email, context)
    except (SMTPException, OSError) as error:
        log.error("invitation not mailed", user=user.reference, error=type(error).__name__)
        is_mailed = False
    shown = link if not is_mailed and may_show_link(user, organization) else ""
    return Invitation(user, organization, shown, is_mailed, days)


def password_link(user: User) -> str:
    """The whole address; it works once and for the time of `PASSWORD_RESET_TIMEOUT`."""
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    address: str = get_adapter().get_reset_password_from_key_url(f"{user_pk_to_url_str(user)}-{token}")
    return address


def delivers_mail() -> bool:
    """False where mail is only written down, as on the default of one machine."""
    return not any(f".{name}." in settings.EMAIL_BACKEND for name in NOT_DELIVERED)
