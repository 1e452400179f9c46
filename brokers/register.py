"""The public register of customs brokers, from what the portal knows: who may file here, and since when.

Licences and permits are kept by the licensing authority, not here: the portal holds no number of them.
"""

from datetime import datetime
from typing import NamedTuple

from portal.accounts import roles
from portal.accounts.models import Membership, Organization
from portal.trail.models import TrailEntry

SWITCHED = ("organization.on", "organization.off")


class Registered(NamedTuple):
    """A broker in the register; `since` is when its account was made or last switched."""

    organization: Organization
    since: datetime
    is_supervised: bool


def registered_brokers(*, after: str, limit: int) -> tuple[list[Registered], str]:
    """A page of brokers, newest first, and the cursor of the next ("" at the end). Sandboxes are none."""
    rows = Organization.objects.filter(kind=Organization.Kind.BROKER, sandbox_of=None).order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: limit + 1])
    shown = found[:limit]
    switched, supervised = _switched(shown), _supervised(shown)
    told = [Registered(one, switched.get(_chain(one), one.created_at), one.pk in supervised) for one in shown]
    return told, str(shown[-1].pk) if len(found) > limit else ""


def _chain(one: Organization) -> str:
    return f"organization:{one.reference}"


def _switched(shown: list[Organization]) -> dict[str, datetime]:
    """When each was switched last."""
    entries = TrailEntry.objects.filter(subject__in=[_chain(one) for one in shown], kind__in=SWITCHED)
    return dict(entries.order_by("seq").values_list("subject", "at"))


def _supervised(shown: list[Organization]) -> set[int]:
    """Those in which somebody holds the role of a licensed individual (19 CFR 111.11)."""
    held = Membership.objects.filter(
        organization__in=shown, role=roles.LICENSED_INDIVIDUAL, is_active=True, user__is_active=True
    )
    return set(held.values_list("organization", flat=True))
