"""Memberships and organizations change here only."""

from django.db import transaction
from django.db.models import Q

from portal.accounts import roles
from portal.accounts.models import Membership, Organization, User


@transaction.atomic
def grant_role(*, user: User, organization: Organization, role: str) -> Membership:
    """The user holds the role in the organization. Raises RolesIncompatible."""
    held = frozenset(Membership.objects.filter(user=user, is_active=True).values_list("role", flat=True))
    roles.refuse_incompatible(held - {role}, role)
    membership, _ = Membership.objects.get_or_create(user=user, organization=organization, role=role)
    return membership


def organizations_of(user: User) -> list[Organization]:
    """Organizations the user may act in, by name; sandboxes of these behind them."""
    own = Organization.objects.filter(
        memberships__user=user, memberships__is_active=True, is_active=True, sandbox_of=None
    )
    rows = Organization.objects.filter(Q(pk__in=own.values("pk")) | Q(sandbox_of__in=own.values("pk"), is_active=True))
    found = list(rows.select_related("sandbox_of").order_by("name", "pk"))
    return sorted(found, key=lambda one: one.sandbox_of_id is not None)
