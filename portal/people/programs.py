"""Programs that file over the API: each belongs to an organization and names the person who answers for it."""

import secrets
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from portal.accounts.actors import Actor
from portal.accounts.api import SCOPES
from portal.accounts.models import Client, Organization, User
from portal.errors import DomainError
from portal.trail.services import record

NOT_TRADERS = (Organization.Kind.AUTHORITY,)


class NoSignatory(DomainError):
    """The person who is to answer for a program has no role in its organization."""

    code = "NO_SIGNATORY"


class ScopesUnfit(DomainError):
    """A program is given scopes that there are."""

    code = "SCOPES_UNFIT"
    status = 422


class Made(NamedTuple):
    """A program, and its secret, which is nowhere else."""

    client: Client
    secret: str


@transaction.atomic
def make_program(
    *, organization: Organization, signatory: User, name: str, scopes: list[str], actor: Actor, now: datetime,
    expires_at: datetime | None = None,
) -> Made:  # fmt: skip
    """The program exists, until a moment where one is given; only a hash of its secret is kept.

    Raises NoSignatory, ScopesUnfit.
    """
    if organization.kind in NOT_TRADERS or not signatory.roles_in(organization):
        raise NoSignatory(f"{signatory.email} has no role in {organization.name} that can answer for a program.")
    wanted = list(dict.fromkeys(scopes))
    if not wanted or not set(wanted) <= set(SCOPES):
        raise ScopesUnfit(f"Scopes are one or more of: {', '.join(SCOPES)}.")
    secret = secrets.token_urlsafe(32)
    client = Client.objects.create(
        name=name, organization=organization, signatory=signatory, scopes=" ".join(wanted), secret_set_at=now,
        client_type=Client.CLIENT_CONFIDENTIAL, authorization_grant_type=Client.GRANT_CLIENT_CREDENTIALS,
        client_secret=secret, expires_at=expires_at,
    )  # fmt: skip
    facts = {"client_id": client.client_id, "name": name, "scopes": client.scopes, "signatory": signatory.reference}
    if expires_at is not None:
        facts["expires_at"] = expires_at.isoformat()
    record(subject=f"organization:{organization.reference}", kind="program.create", actor=actor, now=now, data=facts)
    return Made(client, secret)
