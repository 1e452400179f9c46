"""May this actor do this for that importer today? Read anew each time, so that a revocation holds at once.

An actor of the importer itself needs no mandate. Callers tell with `needs_mandate`, or call `require`, which gives
None for such an actor, the mandate that covers the act for an agent, and raises NoMandate for everybody else.
Roles are asked apart (`actor.may`): a mandate widens whom one acts for, never what one's role allows.
"""

from datetime import date
from decimal import Decimal

from brokers.flow import State
from brokers.models import Mandate
from brokers.terms import ACTIONS, ACTIONS_OF_KIND, FILING
from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.errors import DomainError

# What is looked at, in this order; `failed` of a refusal names the first that no mandate passed.
CHECKS = ("mandate", "date", "action", "document_type", "port", "value")
WORDS = {
    "mandate": "There is no mandate in force with which {agent} may act for {importer}.",
    "date": "No mandate from {importer} for {agent} covers {on}.",
    "action": "The mandate from {importer} does not let {agent} {act}.",
    "document_type": "The mandate from {importer} does not let {agent} file entry type “{document_type}”.",
    "port": "The mandate from {importer} does not let {agent} file at port “{port}”.",
    "value": "The mandate from {importer} does not let {agent} file goods of this value: {value}.",
}


class NoMandate(DomainError):
    """Who acts for another has no mandate for it; the parameter `failed` says what is not covered."""

    code = "NO_MANDATE"
    status = 403


def needs_mandate(*, actor: Actor, principal: Organization) -> bool:
    """True for everybody but the importer's own people and programs."""
    return actor.organization is None or actor.organization.pk != principal.pk


def may_act(
    *,
    actor: Actor,
    principal: Organization,
    action: str,
    on: date,
    document_type: str = "",
    value: Decimal | None = None,
    port: str = "",
) -> Mandate | None:
    """The mandate that lets the actor do this for the importer on a day, or None. One statement.

    None also for an actor of the importer itself, who needs none. What is filed (sign, transmit) has to be said:
    with a limit of type, port or value, what is left empty is not covered.
    """
    found, _failed = _look(actor, principal, action, on, document_type, value, port)
    return found


def require(
    *,
    actor: Actor,
    principal: Organization,
    action: str,
    on: date,
    document_type: str = "",
    value: Decimal | None = None,
    port: str = "",
) -> Mandate | None:
    """The mandate under which an agent acts; None for the importer itself. Raises NoMandate."""
    if not needs_mandate(actor=actor, principal=principal):
        return None
    found, failed = _look(actor, principal, action, on, document_type, value, port)
    if found is None:
        agent = actor.organization.name if actor.organization else actor.label
        said = {"action": action, "on": on, "document_type": document_type, "value": value, "port": port}
        said |= {"agent": agent, "importer": principal.name, "act": ACTIONS.get(action, action)}
        words = WORDS[failed]
        raise NoMandate(words.format_map(said), template=words, failed=failed, principal=principal.reference, **said)
    return found


def _look(
    actor: Actor,
    principal: Organization,
    action: str,
    on: date,
    document_type: str,
    value: Decimal | None,
    port: str,
) -> tuple[Mandate | None, str]:
    """The mandate, or what the best of them lacks."""
    agent = actor.organization
    if agent is None or agent.pk == principal.pk:
        return None, "mandate"
    rows = Mandate.objects.filter(
        agent=agent, principal=principal, state=State.LIVE, agent__is_active=True, principal__is_active=True
    )
    furthest = "mandate"
    for mandate in rows.order_by("pk"):
        failed = _lacks(mandate, agent.kind, action, on, document_type, value, port)
        if not failed:
            mandate.agent, mandate.principal = agent, principal
            return mandate, ""
        furthest = max(furthest, failed, key=CHECKS.index)
    return None, furthest


def _lacks(
    mandate: Mandate, kind: str, action: str, on: date, document_type: str, value: Decimal | None, port: str
) -> str:
    """The first check that the mandate does not pass, or nothing."""
    files = action in FILING
    passed = {
        "date": mandate.is_live(on),
        "action": action in mandate.actions and action in ACTIONS_OF_KIND.get(kind, frozenset()),
        "document_type": _within(document_type, mandate.document_types, files),
        "port": _within(port, mandate.ports, files),
        "value": mandate.value_limit is None or (not files if value is None else value <= mandate.value_limit),
    }
    return next((name for name, is_so in passed.items() if not is_so), "")


def _within(said: str, allowed: list[str], files: bool) -> bool:
    """True where nothing is limited, or what is said is among it; what is not said matters to a filing only."""
    return not allowed or (said in allowed if said else not files)
