"""A service provider moves what the importer approved and changes nothing of it (19 CFR 143.1; USMCA 7.20)."""

from datetime import datetime

from django.db import transaction

from declarations.models import Declaration
from declarations.services.telling import display
from portal.accounts.actors import Actor
from portal.desk.services import tell
from portal.errors import DomainError
from portal.trail.services import record


class ChangeByProvider(DomainError):
    """A service provider wanted to change a declaration: that is customs business, which is not its own."""

    code = "SF-HASH"
    status = 403


def refuse_change(*, declaration: Declaration, actor: Actor, now: datetime) -> ChangeByProvider:
    """The importer knows that its provider wanted to change the declaration; gives the refusal to raise."""
    who = actor.organization.name if actor.organization else actor.label
    with transaction.atomic():
        record(subject=declaration.reference, kind="declaration.change_refused", actor=actor, now=now,
               data={"filing": declaration.filing})  # fmt: skip
        tell(
            organizations=[declaration.importer], subject=declaration.reference, now=now,
            cause=f"change_refused:{now.isoformat()}",
            words=f"{who[:120]} tried to change {display(declaration)}. Nothing was changed; what you approved stands.",
        )  # fmt: skip
    return ChangeByProvider("A service provider sends what the importer approved, and cannot change it.")
