"""An importer carries on as a self-filer what its broker can no longer carry on: the same filing, not a new one."""

from datetime import date, datetime

from django.db import transaction

from brokers.selectors import live_mandates
from declarations.access import ActionNotAllowed
from declarations.flow import ActRefused, Filing
from declarations.models import Declaration
from declarations.services.acts import parties_to
from declarations.services.telling import display
from portal import prepared
from portal.accounts.actors import Actor
from portal.desk.services import hand_over_tasks, publish, tell
from portal.errors import DomainError
from portal.timezones import party_date
from portal.trail.services import record

KIND = "declaration.take_over"
OPEN = (Filing.DRAFT.value, Filing.READY.value, Filing.SIGNED.value, Filing.SUBMITTED.value)


class BrokerStillActs(DomainError):
    """The broker's mandate is in force, or there is nothing to take over: the importer files it already."""

    code = "TAKE_OVER_REFUSED"


def may_take_over(*, declaration: Declaration, actor: Actor, on: date) -> bool:
    """True where `take_over` would be done. One statement, and only for the importer of what another files."""
    try:
        refuse(declaration=declaration, actor=actor, on=on)
    except DomainError:
        return False
    return True


def refuse(*, declaration: Declaration, actor: Actor, on: date) -> None:
    """Raise ActionNotAllowed, BrokerStillActs or ActRefused where the importer cannot carry on the filing itself."""
    own, filer = actor.organization, declaration.filer
    if not actor.may("declaration.draft"):
        raise ActionNotAllowed("Your role does not allow this.")
    if own is None or own.pk != declaration.importer_id:
        raise ActionNotAllowed("Only the importer can carry on a declaration itself.")
    if filer.pk == own.pk:
        raise BrokerStillActs("You file this declaration yourself already.")
    if declaration.filing not in OPEN or declaration.legal == "CANCELLED":
        raise ActRefused("This declaration is over: there is nothing to carry on.")
    if live_mandates(on=on, agent=filer, principal=own).exists():
        raise BrokerStillActs(
            f"{filer.name} still holds your mandate and files this declaration. Revoke the mandate first."
        )


@transaction.atomic
def take_over(*, declaration: Declaration, actor: Actor, now: datetime) -> Declaration:
    """The importer is the filer: number, state, versions and messages stay as they are, and nothing is filed again.

    Raises ActionNotAllowed, BrokerStillActs, ActRefused.
    """
    locked = (
        Declaration.objects.select_for_update(of=("self",))
        .select_related("importer", "filer", "transmitter", "live_version")
        .get(pk=declaration.pk)
    )
    refuse(declaration=locked, actor=actor, on=party_date(now, locked.party))
    before, importer, told = locked.filer, locked.importer, parties_to(locked)
    columns = {"filer": importer, "transmitter": importer, "updated_at": now, "row_version": locked.row_version + 1}
    if prepared.change(Declaration, columns, id=locked.pk, filer=before.pk, row_version=locked.row_version) != 1:
        raise ActRefused("Somebody else has just changed this declaration. Please look at it again.")
    for name, value in columns.items():
        setattr(locked, name, value)
    hand_over_tasks(subject=locked.reference, to=importer)
    words = f"{importer.name[:90]} carries on {display(locked)} itself; {before.name[:90]} files it no more."
    tell(organizations=told, subject=locked.reference, cause=KIND, words=words, now=now)
    data = {"from": before.reference, "to": importer.reference, "filing": locked.filing, "legal": locked.legal,
            "entry_number": locked.entry_number}  # fmt: skip
    record(subject=locked.reference, kind=KIND, actor=actor, now=now, data=data)
    changes = [{"pointer": "/filer", "from": before.name, "to": importer.name}]
    publish(organizations=told, kind=KIND, reference=locked.reference, actor=actor, now=now, changes=changes)
    return locked
