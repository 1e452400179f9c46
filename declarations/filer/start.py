"""What a new declaration begins with: whose it is, and everything the portal knows already."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from brokers.selectors import principals_of
from declarations.models import CustomsBond
from portal.accounts.actors import Actor
from portal.accounts.models import Organization, User

AGENTS = (Organization.Kind.BROKER, Organization.Kind.PROVIDER)


def is_agent(organization: Organization | None) -> bool:
    """True for who files for others: a broker or a service provider."""
    return organization is not None and organization.kind in AGENTS


def may_start(actor: Actor) -> bool:
    """True where the role lets somebody begin a declaration; a provider begins what the importer then completes."""
    provider = actor.organization is not None and actor.organization.kind == Organization.Kind.PROVIDER
    return actor.may("declaration.create" if provider else "declaration.draft")


def importers_of(organization: Organization, on: date) -> list[Organization]:
    """For whom the organization may begin a declaration on a day: itself, where it imports, and its clients."""
    own = [organization] if organization.importer_number else []
    return own + (principals_of(organization, on) if is_agent(organization) else [])


def why_not(organization: Organization, on: date) -> str:
    """Why an organization cannot start a declaration on a day; empty where it can.

    Who files for somebody else needs their power of attorney (19 CFR 141.31 to 141.46).
    """
    if organization.kind == Organization.Kind.IMPORTER or importers_of(organization, on):
        return ""
    return _(
        "A declaration needs an importer of record, and %(name)s acts for none today. Ask an importer for a mandate: "
        "once it has signed, you begin its declarations here."
    ) % {"name": organization.name}


def first_header(importer: Organization, user: User, on: date, *, filer: Organization) -> dict[str, Any]:
    """The header of a fresh draft of an importer; who files for it is the contact, and declares as its agent."""
    contact = filer.contact or {}
    party = {"id": importer.importer_number or None, "name": importer.name, "address": importer.address or None}
    header = {
        "filing": {"acts": ["release", "summary"], "release_certification": True},
        "contact": {
            "name": contact.get("name") or user.get_full_name() or None,
            "phone": contact.get("phone"),
            "email": contact.get("email") or user.email,
        },
        "parties": {"importer": party, "buyer": {"same_as": "importer"}},
        "bonds": _bonds(importer, on),
        "currency": "USD",
    }
    return header if filer == importer else header | {"declarant_statement": {"capacity": "agent"}}


def _bonds(organization: Organization, on: date) -> list[dict[str, str]]:
    """The continuous bond on file, if one is in force."""
    rows = CustomsBond.objects.filter(organization=organization, type="8", effective_on__lte=on)
    bond = rows.filter(Q(terminates_on=None) | Q(terminates_on__gte=on)).order_by("-effective_on").first()
    return [{"type": "8", "designation": "B", "surety": bond.surety}] if bond is not None else []
