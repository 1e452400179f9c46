"""What a new declaration begins with: everything the portal knows already."""

from datetime import date
from typing import Any

from django.db.models import Q

from declarations.models import CustomsBond
from portal.accounts.models import Organization, User


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
