"""People, their roles and organizations change here, each change with its entry in the trail.

The chain of a person is `user:<reference>`, that of an organization `organization:<reference>`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from portal.accounts import roles
from portal.accounts.actors import Actor
from portal.accounts.models import Membership, Organization, User
from portal.accounts.services import grant_role
from portal.errors import DomainError
from portal.personal import index_of
from portal.trail.services import record


class RoleNotHere(DomainError):
    """A role that this kind of organization does not have, or no role at all."""

    code = "ROLE_NOT_HERE"


class AlreadyMember(DomainError):
    """The person holds the role already, or the membership is switched off."""

    code = "ALREADY_MEMBER"


class LastAdministrator(DomainError):
    """Nobody would be left to look after the accounts of the organization."""

    code = "LAST_ADMINISTRATOR"


class OwnAccount(DomainError):
    """What nobody does to their own account."""

    code = "OWN_ACCOUNT"


class Person(NamedTuple):
    """Somebody as they are invited."""

    email: str
    first_name: str
    last_name: str
    title: str


@transaction.atomic
def invite(*, organization: Organization, person: Person, role: str, actor: Actor, now: datetime) -> tuple[User, bool]:
    """The person holds the role, and has an account; True where it is new. A known one keeps its name and password.

    Raises AlreadyMember, RoleNotHere, RolesIncompatible and OwnAccount.
    """
    _lock(organization)
    given = {"first_name": person.first_name, "last_name": person.last_name, "title": person.title}
    user, is_new = User.objects.get_or_create(
        email=person.email.strip().lower(), defaults={**given, "password": make_password(None)}
    )
    rows = Membership.objects.filter(user=user, organization=organization)
    if rows.filter(is_active=False).exists() or rows.filter(role=role).exists():
        raise AlreadyMember(f"{user} is here already.")
    if is_new:
        _told(user, "user.invite", organization, actor, now)
    _grant(user, organization, role, actor, now)
    _settle_desk(user)
    return user, is_new


@transaction.atomic
def set_roles(
    *, user: User, organization: Organization, wanted: frozenset[str], actor: Actor, now: datetime
) -> frozenset[str]:
    """The member holds exactly these roles; gives back those that changed.

    Raises LastAdministrator, RoleNotHere, RolesIncompatible and OwnAccount.
    """
    _lock(organization)
    had_administrator = _has_administrator(organization)
    rows = Membership.objects.filter(user=user, organization=organization)
    held = frozenset(rows.filter(is_active=True).values_list("role", flat=True))
    if not wanted or not held:
        raise RoleNotHere("Choose at least one role.")
    for role in sorted(held - wanted):
        rows.filter(role=role).delete()
        _told(user, "membership.revoke", organization, actor, now, role=role)
    for role in sorted(wanted - held):
        _grant(user, organization, role, actor, now)
    _keep_an_administrator(organization, had_administrator)
    _settle_desk(user)
    return held ^ wanted


@transaction.atomic
def switch_membership(
    *, user: User, organization: Organization, on: bool, actor: Actor, now: datetime, reason: str = ""
) -> None:
    """The member can, or cannot, act for the organization. Raises LastAdministrator, RolesIncompatible, OwnAccount."""
    _lock(organization)
    had_administrator = _has_administrator(organization)
    rows = Membership.objects.filter(user=user, organization=organization).exclude(is_active=on)
    for row in rows:
        if on:
            _refuse_role(user, organization, row.role, actor)
        Membership.objects.filter(pk=row.pk).update(is_active=on)
        kind = "membership.on" if on else "membership.off"
        _told(user, kind, organization, actor, now, role=row.role, **_because(reason))
    _keep_an_administrator(organization, had_administrator)
    _settle_desk(user)


@transaction.atomic
def switch_user(*, user: User, on: bool, reason: str, actor: Actor, now: datetime) -> None:
    """The account works, or nobody signs in with it any more. Raises OwnAccount for one's own."""
    if actor.user is not None and actor.user.pk == user.pk:
        raise OwnAccount("You cannot switch your own account. Ask another operator.")
    if User.objects.filter(pk=user.pk).exclude(is_active=on).update(is_active=on):
        kind = "user.on" if on else "user.off"
        record(subject=_chain(user), kind=kind, actor=actor, now=now, data=_because(reason))


@transaction.atomic
def switch_organization(*, organization: Organization, on: bool, reason: str, actor: Actor, now: datetime) -> None:
    """The organization is in use, or nobody acts for it any more. Raises OwnAccount for one's own."""
    if actor.organization is not None and actor.organization.pk == organization.pk:
        raise OwnAccount("You cannot switch the organization you act for.")
    if Organization.objects.filter(pk=organization.pk).exclude(is_active=on).update(is_active=on):
        kind = "organization.on" if on else "organization.off"
        record(subject=_place(organization), kind=kind, actor=actor, now=now, data=_because(reason))


@transaction.atomic
def add_organization(*, facts: Mapping[str, Any], actor: Actor, now: datetime) -> Organization:
    """The organization exists, with nobody in it yet."""
    made = Organization.objects.create(party=settings.PARTY, **facts)
    record(subject=_place(made), kind="organization.add", actor=actor, now=now, data=dict(facts))
    return made


@transaction.atomic
def correct_organization(*, organization: Organization, facts: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """The organization's facts are these; what was filed keeps its own. The trail holds what changed, old and new."""
    row = Organization.objects.select_for_update().get(pk=organization.pk)
    changes = {
        name: {"was": getattr(row, name), "is": value} for name, value in facts.items() if getattr(row, name) != value
    }
    if changes:
        written = {name: facts[name] for name in changes}
        if "importer_number" in written:
            written["number_index"] = index_of(written["importer_number"])
        Organization.objects.filter(pk=row.pk).update(**written)
        record(subject=_place(row), kind="organization.correct", actor=actor, now=now, data=changes)


@transaction.atomic
def record_link(*, user: User, organization: Organization | None, actor: Actor, now: datetime) -> None:
    """The trail tells who made a link with which the person can choose a password."""
    _told(user, "user.link", organization, actor, now)


def _grant(user: User, organization: Organization, role: str, actor: Actor, now: datetime) -> None:
    _refuse_role(user, organization, role, actor)
    grant_role(user=user, organization=organization, role=role)
    _told(user, "membership.grant", organization, actor, now, role=role)


def _refuse_role(user: User, organization: Organization, role: str, actor: Actor) -> None:
    if role not in roles.ROLES_OF_KIND[organization.kind]:
        raise RoleNotHere(f"“{roles.LABELS.get(role, role)}” is no role of {organization.name}.")
    if role in roles.OFFICER_ROLES and actor.user is not None and actor.user.pk == user.pk:
        raise OwnAccount("You cannot give yourself a role. Ask another operator.")
    held = Membership.objects.filter(user=user, is_active=True).values_list("role", flat=True)
    roles.refuse_incompatible(frozenset(held) - {role}, role)


def _lock(organization: Organization) -> None:
    """Two who change the same organization at once wait for each other."""
    Organization.objects.select_for_update().get(pk=organization.pk)


def _has_administrator(organization: Organization) -> bool:
    here = Membership.objects.filter(organization=organization, role=roles.IMPORTER_ADMIN, is_active=True)
    return here.filter(user__is_active=True).exists()


def _keep_an_administrator(organization: Organization, had_one: bool) -> None:
    if had_one and not _has_administrator(organization):
        raise LastAdministrator(
            f"{organization.name} needs one administrator at least. Give somebody else the role first."
        )


def _settle_desk(user: User) -> None:
    """Those who hold an officer's role enter the officers' desk, and nobody else but superusers."""
    held = Membership.objects.filter(user=user, is_active=True, role__in=roles.OFFICER_ROLES).exists()
    User.objects.filter(pk=user.pk, is_superuser=False).exclude(is_staff=held).update(is_staff=held)


def _told(user: User, kind: str, organization: Organization | None, actor: Actor, now: datetime, **data: str) -> None:
    where = {"organization": organization.reference} if organization is not None else {}
    record(subject=_chain(user), kind=kind, actor=actor, now=now, data={**where, **data})


def _because(reason: str) -> dict[str, str]:
    return {"reason": reason[:300]} if reason else {}


def _chain(user: User) -> str:
    return f"user:{user.reference}"


def _place(organization: Organization) -> str:
    return f"organization:{organization.reference}"
