"""What a new declaration begins with: everything the portal knows already."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from declarations.models import CustomsBond
from portal.accounts.models import Organization, User


def why_not(organization: Organization) -> str:
    """Why an organization cannot start a declaration of its own; empty where it can.

    Who files for somebody else needs their power of attorney (19 CFR 141.31 to 141.46), and mandates are not built.
    """
    if organization.kind == Organization.Kind.IMPORTER or organization.importer_number:
        return ""
    return _(
        "A declaration needs an importer of record, and %(name)s is not an importer. Filing for clients needs their "
        "mandate in this portal, which is not built yet. Until then the importer starts the declaration itself and "
        "invites you as a user of its organization: you then choose that organization at the top of the page."
    ) % {"name": organization.name}


def first_header(organization: Organization, user: User, on: date) -> dict[str, Any]:
    """The header of a fresh draft of an importer that files for itself."""
    contact = organization.contact or {}
    importer = {
        "id": organization.importer_number or None, "name": organization.name, "address": organization.address or None,
    }  # fmt: skip
    return {
        "filing": {"acts": ["release", "summary"], "release_certification": True},
        "contact": {
            "name": contact.get("name") or user.get_full_name() or None,
            "phone": contact.get("phone"),
            "email": contact.get("email") or user.email,
        },
        "parties": {"importer": importer, "buyer": {"same_as": "importer"}},
        "bonds": _bonds(organization, on),
        "currency": "USD",
    }


def _bonds(organization: Organization, on: date) -> list[dict[str, str]]:
    """The continuous bond on file, if one is in force."""
    rows = CustomsBond.objects.filter(organization=organization, type="8", effective_on__lte=on)
    bond = rows.filter(Q(terminates_on=None) | Q(terminates_on__gte=on)).order_by("-effective_on").first()
    return [{"type": "8", "designation": "B", "surety": bond.surety}] if bond is not None else []
