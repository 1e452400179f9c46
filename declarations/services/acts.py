"""The only writer of a filing's state: by compare-and-set, with the trail in the same transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from declarations.flow import VERSION_AFTER, Act, ActRefused, after
from declarations.models import Declaration, DeclarationVersion
from portal import prepared
from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.desk.services import publish
from portal.trail.services import record


@transaction.atomic
def advance(
    *,
    declaration: Declaration,
    act: Act,
    actor: Actor,
    now: datetime,
    version: DeclarationVersion | None = None,
    data: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """The filing has moved one step, or ActRefused: the table forbids it, or somebody else moved it first.

    `version` is the live one after PREPARE; `changes` are further columns to set in the same statement.
    Events and the trail are written last, since they take locks.
    """
    to = after(declaration.filing, act)
    live = version or declaration.live_version
    columns: dict[str, Any] = {"filing": to.value, "updated_at": now, **(changes or {})}
    if act is Act.PREPARE:
        columns["live_version"] = version
    elif act in (Act.REOPEN, Act.RETURN):
        columns["live_version"] = None
    before = declaration.filing
    as_seen = {"id": declaration.pk, "filing": before, "live_version": declaration.live_version_id}
    if prepared.change(Declaration, columns, **as_seen) != 1:
        raise ActRefused("Somebody else has just changed this declaration. Please look at it again.")
    if live is not None and act is not Act.PREPARE:
        state: dict[str, Any] = {"state": VERSION_AFTER[act]}
        if act is Act.SUBMIT:
            state["submitted_at"] = now
        prepared.change(DeclarationVersion, state, id=live.pk)
    for name, value in columns.items():
        setattr(declaration, name, value)
    told = {"from": before, "to": to.value, **({"version": live.number} if live else {}), **(data or {})}
    kind = f"declaration.{act.value.lower()}"
    record(subject=declaration.reference, kind=kind, actor=actor, now=now, data=told)
    publish(organizations=_parties(declaration), kind=kind, reference=declaration.reference, actor=actor, now=now,
            changes=[{"pointer": "/filing", "from": before, "to": to.value}])  # fmt: skip


def parties_to(declaration: Declaration) -> list[Organization]:
    """Organizations that hear of everything about the declaration."""
    return [one for one in (declaration.importer, declaration.filer, declaration.transmitter) if one is not None]


def _parties(declaration: Declaration) -> list[int]:
    """The same by their keys, which takes no look at their rows."""
    found = (declaration.importer_id, declaration.filer_id, declaration.transmitter_id)
    return [one for one in found if one is not None]
