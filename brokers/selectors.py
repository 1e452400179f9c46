"""Who acts for whom, as each side, the public and other rooms may read it."""

import json
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from brokers.flow import State
from brokers.models import Mandate
from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.references import is_reference
from portal.trail.models import TrailEntry

KINDS = {
    "mandate.offer": "Offered",
    "mandate.ask": "Asked for",
    "mandate.sign": "Signed: it holds",
    "mandate.decline": "Declined",
    "mandate.revoke": "Revoked: it holds no more",
    "mandate.end": "Ended",
    "mandate.payment_notice": "The words on payment were given again",
}
MOST = 200


class Step(NamedTuple):
    """One entry of a mandate's history."""

    at: datetime
    what: str
    who: str
    detail: str


def live_mandates(
    *, on: date, agent: Organization | None = None, principal: Organization | None = None
) -> QuerySet[Mandate]:
    """Mandates that hold on a day, of an agent, of an importer, or between the two."""
    rows = Mandate.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on),
        state=State.LIVE, starts_on__lte=on, agent__is_active=True, principal__is_active=True,
    )  # fmt: skip
    if agent is not None:
        rows = rows.filter(agent=agent)
    if principal is not None:
        rows = rows.filter(principal=principal)
    return rows.select_related("principal", "agent").order_by("principal__name", "pk")


def principals_of(agent: Organization, on: date) -> list[Organization]:
    """Importers for whom the agent may do something on a day, by name. One statement."""
    found = {one.principal_id: one.principal for one in live_mandates(on=on, agent=agent)}
    return list(found.values())


def mandates_of(organization: Organization) -> QuerySet[Mandate]:
    """All mandates that an organization has given or holds, the newest first."""
    rows = Mandate.objects.filter(Q(principal=organization) | Q(agent=organization))
    return rows.select_related("principal", "agent").order_by("-pk")


def find_mandate(actor: Actor, number: str) -> Mandate | None:
    """The mandate, where the actor's organization is one of the two; None for everybody else."""
    if actor.organization is None or not is_reference(number, "mandate"):
        return None
    return mandates_of(actor.organization).select_related("signed_by").filter(number=number).first()


def find_live(number: str, on: date) -> Mandate | None:
    """What the public may ask: the mandate with this number, where it holds on the day."""
    return live_mandates(on=on).filter(number=number).first() if is_reference(number, "mandate") else None


def find_other(text: str, kinds: tuple[str, ...]) -> Organization | None:
    """The one active organization of these kinds with exactly this name or reference; None where none or several."""
    rows = Organization.objects.filter(kind__in=kinds, is_active=True)
    found = list(rows.filter(Q(name__iexact=text.strip()) | Q(reference=text.strip().upper()))[:2])
    return found[0] if len(found) == 1 else None


def history_of(mandate: Mandate) -> list[Step]:
    """What happened to the mandate, the newest first, from the trail."""
    rows = TrailEntry.objects.filter(subject=mandate.number, kind__in=list(KINDS)).order_by("-seq")[:MOST]
    names = {one.reference: one.name for one in (mandate.principal, mandate.agent)}
    return [_step(one, json.loads(one.body), names) for one in rows]


def _step(entry: TrailEntry, body: dict[str, Any], names: dict[str, str]) -> Step:
    place = names.get(body.get("organization", ""), "")
    who = ", ".join(one for one in (body.get("actor_label", ""), place) if one)
    data = body.get("data", {})
    return Step(entry.at, KINDS[entry.kind], who, data.get("reason", "") or data.get("words", ""))
