"""How programs prove who they are: OAuth2 client credentials for a token, the token for everything else."""

import base64
import hashlib
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper, Func, Value
from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes
from oauth2_provider.settings import oauth2_settings
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from portal import prepared
from portal.accounts.actors import Actor, actor_for_client
from portal.accounts.models import Client, Organization, User
from portal.errors import DomainError

READ, DRAFT, FILE = "read", "draft", "file"
SCOPES = {
    READ: "Read declarations, events, mandates and the tariff",
    DRAFT: "Try and keep drafts of declarations; offer, ask for and decline mandates",
    FILE: "Sign, file, amend and cancel declarations; end mandates",
}
ASK_WITH_TOKEN = "Send an access token: Authorization: Bearer …"  # noqa: S105  (words, not a secret)
SEEN_EVERY = 60  # seconds between two notes of the last use
# With the time: one clock says for all web servers whether a token has ended, theirs may differ.
ROLES = (
    "SELECT {clock}, held.role FROM (SELECT 1 AS one) AS always LEFT JOIN accounts_membership AS held"
    " ON held.user_id = %s AND held.organization_id = %s AND held.is_active"
)
CLOCKS = {"postgresql": "clock_timestamp()"}


class ProgramScopes(BaseScopes):
    """A program may ask for the scopes that its organization gave it; without a wish it gets all of them."""

    def get_all_scopes(self) -> dict[str, str]:
        """All scopes with their words."""
        return SCOPES

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """Those of this program."""
        return application.scopes.split() if application is not None else list(SCOPES)

    def get_default_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        """All of them."""
        return self.get_available_scopes(application)


class ProgramValidator(OAuth2Validator):
    """Refuses programs that are closed or expired; takes the secret before, while it lasts; keeps no token in clear."""

    def save_bearer_token(self, token: dict[str, Any], request: Any, *args: Any, **kwargs: Any) -> None:
        """The token is kept as its SHA-256, by which it is found; its own column stays empty."""
        super().save_bearer_token(token, request, *args, **kwargs)
        checksum = hashlib.sha256(token["access_token"].encode()).hexdigest()
        kept = get_access_token_model().objects.filter(token_checksum=checksum)
        kept.update(token="", **_by_one_clock(timedelta(seconds=int(token["expires_in"]))))

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """True for a known program with one of its live secrets. An unknown name takes as long as a wrong secret."""
        client_id, secret = credentials_in(
            self._extract_basic_auth(request), request.client_id, getattr(request, "client_secret", "")
        )
        client, now = _named(client_id), timezone.now()
        if client is None:
            make_password(secret, hasher=oauth2_settings.CLIENT_SECRET_HASHER)
            return False
        known = self._check_secret(secret, client.client_secret)
        if not known and client.previous_secret and client.previous_until and client.previous_until > now:
            known = self._check_secret(secret, client.previous_secret)
        if not known or not client.is_open_at(now):
            return False
        request.client = client
        return True


def credentials_in(basic: str | None, client_id: str | None, secret: str | None) -> tuple[str, str]:
    """Name and secret as a program gave them: in the header (RFC 6749, 2.3.1) or, without one, in the body."""
    if basic is None:
        return client_id or "", secret or ""
    try:
        name, _, word = base64.b64decode(basic, validate=True).decode().partition(":")
    except ValueError:  # bad base 64 and bad UTF-8 both are
        return "", ""
    return unquote_plus(name), unquote_plus(word)


def _named(client_id: str) -> Client | None:
    if not client_id or "\0" in client_id:
        return None
    return Client.objects.select_related("organization__sandbox_of", "signatory").filter(client_id=client_id).first()


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer …` and nothing else: no cookie, no query parameter. Every row is read each time."""

    def authenticate(self, request: Request) -> tuple[Actor, Any] | None:
        """The actor and the token; None where no token was sent. Raises AuthenticationFailed."""
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not text:
            return None
        checksum = hashlib.sha256(text.strip().encode()).hexdigest()
        found = prepared.find_joined(*_held_by_token(), token_checksum=checksum)
        if found is None:
            raise AuthenticationFailed("The access token is unknown. Ask for a new one.")
        token: Any
        client: Any
        organization: Any
        token, client, organization, signatory = found
        client.organization, client.signatory = organization, signatory
        if organization.sandbox_of_id:
            organization.sandbox_of = prepared.find(Organization, id=organization.sandbox_of_id)
        place = client.organization
        home = (place.sandbox_of_id or place.pk) if place is not None else None
        rows = prepared.read(ROLES.format(clock=CLOCKS.get(connection.vendor, "NULL")), client.signatory_id, home)
        now = rows[0][0] or timezone.now()
        if token.expires <= now:
            raise AuthenticationFailed("The access token has expired. Ask for a new one.")
        if not client.is_open_at(now):
            raise AuthenticationFailed("This program may no longer use the API.")
        if client.last_used_at is None or (now - client.last_used_at).total_seconds() > SEEN_EVERY:
            prepared.change(Client, {"last_used_at": now}, id=client.pk)
        held = frozenset(role for _, role in rows if role is not None)
        correlation_id = getattr(request._request, "correlation_id", "")
        return actor_for_client(client, roles=held, correlation_id=correlation_id), token

    def authenticate_header(self, request: Request) -> str:
        """The challenge of a 401."""
        return 'Bearer realm="api"'


def _by_one_clock(lifetime: timedelta) -> dict[str, Any]:
    """When a token of this lifetime ends, where a database that many use has the clock."""
    if connection.vendor not in CLOCKS:
        return {}
    moment = Func(function="clock_timestamp", output_field=DateTimeField())
    return {"expires": ExpressionWrapper(moment + Value(lifetime), output_field=DateTimeField())}


@lru_cache(maxsize=1)
def _held_by_token() -> tuple[tuple[Any, str, str], ...]:
    """A token, its program, and whom the program belongs to and answers for it."""
    token = get_access_token_model()
    client, organization, user = (model._meta.db_table for model in (Client, Organization, User))
    return (
        (token, "", ""),
        (Client, f"{client}.id", f"{token._meta.db_table}.application_id"),
        (Organization, f"{organization}.id", f"{client}.organization_id"),
        (User, f"{user}.id", f"{client}.signatory_id"),
    )


class ScopeMissing(DomainError):
    """The token was not asked for this scope, or the program does not have it."""

    code = "SCOPE_MISSING"
    status = 403


class HasScope(BasePermission):
    """The token of the request has the scope of the operation."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """True, or the request is refused with the reason."""
        method = (request.method or "").lower()
        op = getattr(view, "ops", {}).get("get" if method == "head" else method)
        if op is None or not op.scope:
            return True  # the framework answers 405, or the operation is public
        if request.auth is None:
            raise NotAuthenticated(ASK_WITH_TOKEN)
        held = str(getattr(request.auth, "scope", "")).split()
        missing = [one for one in op.scope.split() if one not in held]
        if missing:
            words, scope = "This needs an access token with the scope {scope}.", " and ".join(map(repr, missing))
            raise ScopeMissing(words.format(scope=scope), template=words, scope=scope)
        return True
