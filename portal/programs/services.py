"""What an organization does with its programs, each act with its entry in the organization's trail and feed.

Whoever takes a secret, or widens what a program may do, has given their password and is its signatory from then on:
what the program files is theirs to answer for. So nobody can hand out more than they hold themselves.
"""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction
from oauth2_provider.models import get_access_token_model

from portal.accounts.actors import Actor
from portal.accounts.api import DRAFT, FILE, READ, SCOPES
from portal.accounts.models import Client, Organization
from portal.desk.models import Task
from portal.desk.services import publish
from portal.errors import DomainError
from portal.references import new_reference
from portal.timezones import ZONES, party_date
from portal.trail.services import record

MOST = 50
LONGEST_DAYS = 730
LONGEST_NAME = 80
HOURS = (0, 1, 24, 72, 168)
DAY = timedelta(days=1)
# What a person must be allowed to do to let a program do it; any one of them will do.
NEEDED: dict[str, tuple[str, ...]] = {
    READ: ("declaration.read",),
    DRAFT: ("declaration.create", "declaration.draft"),
    FILE: ("declaration.sign",),
}


class TooManyPrograms(DomainError):
    """An organization has as many open programs as it may have."""

    code = "TOO_MANY_PROGRAMS"


class ScopeNotYours(DomainError):
    """Nobody lets a program do what they may not do themselves."""

    code = "SCOPE_NOT_YOURS"
    status = 403


class NoScope(DomainError):
    """A program that may do nothing, or something that is no scope."""

    code = "NO_SCOPE"


class ProgramNameUnclear(DomainError):
    """People tell programs apart by their names."""

    code = "PROGRAM_NAME_UNCLEAR"


class ExpiryUnfit(DomainError):
    """The last day lies in the past, or too far in the future."""

    code = "EXPIRY_UNFIT"


class ProgramClosed(DomainError):
    """The program is closed, and stays so."""

    code = "PROGRAM_CLOSED"


class ProgramSecretsOverlap(DomainError):
    """Two secrets hold already, there is no earlier one to end, or its time is none of those offered."""

    code = "PROGRAM_SECRETS_OVERLAP"


class PersonNeeded(DomainError):
    """Programs are looked after by people."""

    code = "PERSON_NEEDED"
    status = 403


class Registered(NamedTuple):
    """A program and its secret, which is shown this once."""

    program: Client
    secret: str


class Wish(NamedTuple):
    """What a program may do, and the last day on which it may."""

    scopes: tuple[str, ...]
    last_day: date


@transaction.atomic
def add(
    *, organization: Organization, name: str, wish: Wish, method: str, actor: Actor, now: datetime
) -> Registered:  # fmt: skip
    """The program stands, with the actor as its signatory, who has given their credentials by `method`.

    Raises TooManyPrograms, ProgramNameUnclear, NoScope, ScopeNotYours, ExpiryUnfit and PersonNeeded.
    """
    name, scopes = _tidy_name(name), _tidy_scopes(wish.scopes, actor, organization)
    expires_at = end_of(wish.last_day, organization, now)
    Organization.objects.select_for_update().get(pk=organization.pk)
    if Client.objects.filter(organization=organization, closed_at=None).count() >= MOST:
        raise TooManyPrograms(f"An organization has {MOST} open programs at most. Close one first.")
    secret = _new_secret()
    row = Client.objects.create(
        client_id=new_reference("client"), client_secret=secret, name=name, organization=organization,
        signatory=actor.user, scopes=scopes, expires_at=expires_at, secret_set_at=now,
        client_type=Client.CLIENT_CONFIDENTIAL, authorization_grant_type=Client.GRANT_CLIENT_CREDENTIALS,
    )  # fmt: skip
    _tell(row, "add", actor, now, name=name, scopes=scopes, expires_at=expires_at, **_signing(row, method))
    return Registered(row, secret)


@transaction.atomic
def rotate_secret(*, program: Client, hours: int, method: str, actor: Actor, now: datetime) -> Registered:
    """There is a new secret; the earlier one holds for so many hours beside it, or ends at once with its tokens.

    Raises ProgramClosed, ProgramSecretsOverlap, ScopeNotYours and PersonNeeded.
    """
    row = _locked(program)
    if hours not in HOURS:
        raise ProgramSecretsOverlap("Choose one of the times that are offered for the earlier secret.")
    if has_two_secrets(row, now):
        raise ProgramSecretsOverlap("Two secrets hold already. End the earlier one first.")
    _tidy_scopes(row.scopes.split(), actor, _place_of(row))
    until = now + timedelta(hours=hours) if hours else None
    secret = _new_secret()
    row.previous_secret, row.previous_until = (row.client_secret, until) if until else ("", None)
    row.client_secret, row.secret_set_at, row.signatory = secret, now, actor.user
    row.save(update_fields=["client_secret", "secret_set_at", "signatory", "previous_secret", "previous_until"])
    if not until:
        _end_tokens(row)
    _tell(row, "rotate", actor, now, previous_until=until, **_signing(row, method))
    return Registered(row, secret)


@transaction.atomic
def end_old_secret(*, program: Client, actor: Actor, now: datetime) -> None:
    """Only the newest secret holds, and all tokens have ended: some may have been asked for with the earlier one.

    Raises ProgramSecretsOverlap where there is no earlier one.
    """
    row = _locked(program)
    if not has_two_secrets(row, now):
        raise ProgramSecretsOverlap("There is no earlier secret any more.")
    Client.objects.filter(pk=row.pk).update(previous_secret="", previous_until=None)
    _end_tokens(row)
    _tell(row, "end_secret", actor, now)


@transaction.atomic
def change(*, program: Client, wish: Wish, method: str, actor: Actor, now: datetime) -> None:
    """The program may do this, until the end of that day. Where it may do less, its tokens have ended.

    Where it may do more, or for longer, the actor is its signatory. Raises ProgramClosed, NoScope, ScopeNotYours,
    ExpiryUnfit and PersonNeeded.
    """
    row = _locked(program)
    organization = _place_of(row)
    expires_at = end_of(wish.last_day, organization, now)
    had, wanted = set(row.scopes.split()), set(wish.scopes)
    is_wider = bool(wanted - had) or row.expires_at is None or expires_at > row.expires_at
    scopes = _tidy_scopes(wish.scopes, actor if is_wider else None, organization)
    changes = {
        name: {"was": was, "is": new}
        for name, was, new in (("scopes", row.scopes, scopes), ("expires_at", row.expires_at, expires_at))
        if was != new
    }
    if not changes:
        return
    row.scopes, row.expires_at = scopes, expires_at
    if is_wider:
        row.signatory = actor.user
    row.save(update_fields=["scopes", "expires_at", "signatory"])
    if had - wanted:
        _end_tokens(row)
    _tell(row, "change", actor, now, changes=changes, **_signing(row, method))


@transaction.atomic
def close(*, program: Client, actor: Actor, now: datetime) -> None:
    """The program does nothing any more, now and for good: its secrets and tokens have ended."""
    row = _locked(program)
    Client.objects.filter(pk=row.pk).update(closed_at=now, previous_secret="", previous_until=None)
    _end_tokens(row)
    _tell(row, "close", actor, now)


def has_two_secrets(program: Client, now: datetime) -> bool:
    """True while the earlier secret holds beside the newest."""
    return bool(program.previous_secret) and program.previous_until is not None and program.previous_until > now


def may_give(scope: str, actor: Actor, organization: Organization) -> bool:
    """True where the actor may let a program of the organization do what the scope says.

    Filing takes the right to sign. Providers have none: their programs send on what importers have signed, which
    takes the right to transmit.
    """
    needed = NEEDED[scope]
    if scope == FILE and organization.kind == Organization.Kind.PROVIDER:
        needed = ("declaration.transmit",)
    return any(actor.may(one) for one in needed)


def _tidy_name(name: str) -> str:
    found = " ".join(name.split())
    if not found or len(found) > LONGEST_NAME or not found.isprintable():
        raise ProgramNameUnclear(f"Give the program a name of at most {LONGEST_NAME} characters.")
    return found


def _tidy_scopes(wanted: Iterable[str], giver: Actor | None, organization: Organization) -> str:
    """The scopes as they are stored; the giver, where somebody gives them, may do all that they allow."""
    found = set(wanted)
    if not found or found - set(SCOPES):
        raise NoScope("Choose at least one thing that the program may do.")
    if giver is not None:
        if giver.user is None:
            raise PersonNeeded("Only a person can answer for a program.")
        for scope in sorted(found):
            if not may_give(scope, giver, organization):
                raise ScopeNotYours(f"Your roles do not let you give {scope!r}: it is more than you may do yourself.")
    return " ".join(one for one in SCOPES if one in found)


def end_of(last_day: date, organization: Organization, now: datetime) -> datetime:
    """The end of a program's last day, where the Party counts its days. Raises ExpiryUnfit."""
    today = party_date(now, organization.party)
    if not today <= last_day <= today + LONGEST_DAYS * DAY:
        raise ExpiryUnfit("Choose a day from today on, at most two years ahead.")
    return datetime.combine(last_day + DAY, time(), ZONES[organization.party])


def _new_secret() -> str:
    return f"cps_{secrets.token_urlsafe(36)}"


def _locked(program: Client) -> Client:
    row = Client.objects.select_for_update(of=("self",)).select_related("organization").get(pk=program.pk)
    if row.closed_at is not None:
        raise ProgramClosed("This program is closed. Add a new one.")
    return row


def _place_of(program: Client) -> Organization:
    if program.organization is None:
        raise ProgramClosed("This program belongs to nobody.")
    return program.organization


def _end_tokens(program: Client) -> None:
    get_access_token_model().objects.filter(application=program).delete()


def _signing(program: Client, method: str) -> dict[str, object]:
    return {"signatory": program.signatory.reference if program.signatory else None, "method": method}


def _tell(program: Client, act: str, actor: Actor, now: datetime, **data: object) -> None:
    place = _place_of(program)
    said = {"program": program.client_id, **data}
    record(subject=f"organization:{place.reference}", kind=f"program.{act}", actor=actor, now=now, data=said)
    if act == "close" or "expires_at" in data.get("changes", ()):  # type: ignore[operator]  # a dict, where it is there
        open_ones = Task.objects.filter(subject=known_as(program), state=Task.State.OPEN)
        open_ones.filter(kind__startswith="program.ending.").update(state=Task.State.DONE, done_at=now)
    publish(organizations=[place], kind=f"program.{act}", reference=known_as(program), actor=actor, now=now)


def known_as(program: Client) -> str:
    """The reference under which feed, tasks and notices know it: its own, or that of its organization."""
    return program.client_id if len(program.client_id) <= 22 else _place_of(program).reference
