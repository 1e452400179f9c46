"""One door to every declaration. What an actor may not see does not exist for them: 404, never 403."""

from django.db.models import Q, QuerySet
from django.http import Http404

from declarations.flow import Filing
from declarations.models import Declaration
from portal.accounts.actors import Actor
from portal.errors import DomainError


class ActionNotAllowed(DomainError):
    """The declaration may be seen, but this role may not do that with it."""

    code = "ACTION_NOT_ALLOWED"
    status = 403


def visible_to(actor: Actor) -> QuerySet[Declaration]:
    """Declarations the actor may see: those of their organization.

    Officers have a door of their own (`declarations.officer`), which shows what was filed and never what is typed.
    """
    rows = Declaration.objects.select_related("importer", "filer", "live_version")
    if actor.organization is None or not actor.may("declaration.read"):
        return rows.none()
    mine = Q(importer=actor.organization, importer__is_active=True) | Q(filer=actor.organization)
    return rows.filter(mine | Q(transmitter=actor.organization))


def declaration_for(actor: Actor, reference: str, action: str = "declaration.read") -> Declaration:
    """The declaration, if the actor may see it and do that. Raises Http404, ActionNotAllowed."""
    found = visible_to(actor).filter(reference=reference).first()
    if found is None:
        raise Http404
    if not actor.may(action):
        raise ActionNotAllowed("Your role does not allow this.")
    return found


def editable(declaration: Declaration) -> bool:
    """True while the filer may still change it; changing it after preparing voids what was prepared."""
    return declaration.filing in (Filing.DRAFT, Filing.READY, Filing.SIGNED)
