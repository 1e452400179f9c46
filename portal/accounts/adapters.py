"""How allauth and axes meet our users."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal import keys


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is by invitation: accounts are made by an organization's administrator or an officer."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves yet; what an account may do depends on its organization."""
        return bool(getattr(settings, "OPEN_SIGNUP", False))


class AuthenticatorAdapter(DefaultMFAAdapter):
    """Seeds of authenticators and of recovery codes are encrypted with the key ring. Older ones stay readable."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code does not fit, or it has been used. Write the newest one that you see."),
    }

    def encrypt(self, text: str) -> str:
        """The text as it is kept."""
        return keys.seal("authenticator", text)

    def decrypt(self, encrypted_text: str) -> str:
        """The text again. Raises Unsealable where its key is gone or somebody has changed it."""
        return keys.unseal(encrypted_text) if keys.is_sealed(encrypted_text) else encrypted_text


def axes_username(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name that attempts are counted under: the e-mail address, whatever field carried it."""
    found = ""
    if credentials:
        found = credentials.get("username") or credentials.get("email") or credentials.get("login") or ""
    elif request is not None:
        found = request.POST.get("login", "")
    return str(found).strip().lower()
