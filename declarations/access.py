"""One door to every declaration. What an actor may not see does not exist for them: 404, never 403.

Who acts for another needs the importer's live mandate for whatever it writes; it is read anew each time.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.http import Http404

from brokers.authority import NoMandate, needs_mandate, require
from declarations.flow import Filing
from declarations.models import Declaration, DeclarationVersion
from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.errors import DomainError

READ = "declaration.read"
# What a mandate calls what a role may do.
MANDATE_ACTIONS = {
    "declaration.create": "draft", "declaration.draft": "prepare", "declaration.sign": "sign",
    "declaration.transmit": "transmit", "declaration.cancel": "cancel",
}  # fmt: skip


class ActionNotAllowed(DomainError):
    """The declaration may be seen, but this role may not do that with it."""

    code = "ACTION_NOT_ALLOWED"
    status = 403


def visible_to(actor: Actor) -> QuerySet[Declaration]:
    """Declarations the actor may see: those of their organization.

    Officers have a door of their own (`declarations.officer`), which shows what was filed and never what is typed.
    """
    rows = Declaration.objects.select_related("importer", "filer", "live_version")
    if actor.organization is None or not actor.may(READ):
        return rows.none()
    mine = Q(importer=actor.organization, importer__is_active=True) | Q(filer=actor.organization)
    return rows.filter(mine | Q(transmitter=actor.organization))


def declaration_for(actor: Actor, reference: str, action: str = READ, *, on: date) -> Declaration:
    """The declaration, if the actor may see it and do that on a day. Raises Http404, ActionNotAllowed, NoMandate."""
    found = visible_to(actor).filter(reference=reference).first()
    if found is None:
        raise Http404
    if not actor.may(action):
        raise ActionNotAllowed("Your role does not allow this.")
    if action != READ:
        require_authority(actor, found, action, on=on)
    return found


def versions_filed_by(actor: Actor) -> QuerySet[DeclarationVersion]:
    """Versions that the actor's organization filed itself, whoever carries the declaration on since.

    What was frozen under its name stays its own to read; what became of the declaration afterwards does not.
    """
    rows = DeclarationVersion.objects.select_related("declaration__importer", "filer", "receipt", "signature")
    if actor.organization is None or not actor.may(READ):
        return rows.none()
    return rows.filter(filer=actor.organization, source="filer").exclude(submitted_at=None)


def require_authority(
    actor: Actor, declaration: Declaration, action: str, *, on: date, worth: Callable[[], Decimal] | None = None
) -> None:
    """The actor may do this with the declaration, by itself or under a mandate. Raises ActionNotAllowed, NoMandate.

    `worth` tells the value of the goods in whole US dollars, asked only where a mandate has a limit. Without it
    the limit is not looked at: signing and submitting look again, when the value is known.
    """
    importer, own = declaration.importer, actor.organization
    if not needs_mandate(actor=actor, principal=importer):
        if own is not None and declaration.filer_id != own.pk:
            raise ActionNotAllowed(f"{declaration.filer.name} files this declaration for you: you can read it.")
        return
    require_mandate(
        actor, importer, action, on=on, entry_type=declaration.entry_type, port=declaration.port_of_entry, worth=worth
    )


def may_do(actor: Actor, declaration: Declaration, action: str, *, on: date) -> bool:
    """True where the role allows it and the actor acts for itself or under a mandate that covers it."""
    if not actor.may(action):
        return False
    try:
        require_authority(actor, declaration, action, on=on)
    except (ActionNotAllowed, NoMandate):
        return False
    return True


def require_mandate(
    actor: Actor, importer: Organization, action: str, *, on: date, entry_type: str, port: str,
    worth: Callable[[], Decimal] | None = None,
) -> None:  # fmt: skip
    """The importer's live mandate covers the act. Raises NoMandate, whose parameters say what is not covered."""
    said = {"action": MANDATE_ACTIONS[action], "on": on, "document_type": entry_type, "port": port}
    try:
        require(actor=actor, principal=importer, **said)  # type: ignore[arg-type]
    except NoMandate as refused:
        if refused.params.get("failed") != "value":
            raise
        if worth is not None:
            require(actor=actor, principal=importer, value=worth(), **said)  # type: ignore[arg-type]


def editable(declaration: Declaration) -> bool:
    """True while the filer may still change it; changing it after preparing voids what was prepared."""
    return declaration.filing in (Filing.DRAFT, Filing.READY, Filing.SIGNED)
