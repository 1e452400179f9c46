"""The clients of a broker or a service provider: whom it may act for, and on what terms."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from brokers.flow import State
from brokers.models import Mandate
from brokers.selectors import live_mandates
from brokers.shown import state_words
from brokers.upkeep import AHEAD
from declarations.access import visible_to
from declarations.selectors import in_group
from declarations.words import CUSTOMS, DONE, YOURS
from portal.accounts.actors import Actor
from portal.accounts.models import Organization, known_by
from portal.shown import money
from portal.templatetags.portal_ui import day

PAGE = 50
MOST_NAMES = 500
RANK = (State.LIVE, State.ASKED, State.OFFERED, State.REVOKED, State.ENDED, State.DECLINED)


class Client(NamedTuple):
    """An importer with the mandate that says most, what it covers, and how many declarations stand where."""

    organization: Organization
    mandate: Mandate
    label: str
    tone: str
    cover: str
    may_start: bool
    yours: int = 0
    customs: int = 0
    done: int = 0


def startable(agent: Organization, on: date, *, text: str = "") -> list[Client]:
    """Clients for whom the agent may begin a declaration on a day, by name; one more than a page where there are."""
    rows = live_mandates(on=on, agent=agent)
    if text:
        rows = rows.filter(_named_or_numbered(text, "principal__"))
    found = [one for one in _clients(rows, on) if one.may_start]
    return found[: PAGE + 1]


def find_client(agent: Organization, reference: str) -> Organization | None:
    """The importer with this reference, where the agent holds or held a mandate of it."""
    held = Mandate.objects.filter(agent=agent, principal__reference=reference).select_related("principal").first()
    return held.principal if held is not None else None


def names_of(agent: Organization) -> list[Organization]:
    """Whoever gave the agent a mandate at any time, by name: for a choice among them."""
    rows = Organization.objects.filter(mandates_given__agent=agent).order_by("name", "pk").distinct()
    return list(rows[:MOST_NAMES])


def ending(agent: Organization, on: date) -> list[Mandate]:
    """Live mandates that end within thirty days, the next first."""
    rows = live_mandates(on=on, agent=agent).filter(ends_on__lte=on + AHEAD)
    return list(rows.order_by("ends_on", "pk")[:PAGE])


def clients_of(actor: Actor, on: date, *, text: str = "", after: str = "") -> tuple[list[Client], str]:
    """A page of all clients by name, with their counts, and the cursor of the next page ("" at the end)."""
    agent = actor.organization
    if agent is None:
        return [], ""
    names = Organization.objects.filter(mandates_given__agent=agent).order_by("name", "pk").distinct()
    if text:
        names = names.filter(_named_or_numbered(text))
    last = Organization.objects.filter(reference=after).first() if after else None
    if last is not None:
        names = names.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    found = list(names[: PAGE + 1])
    held = Mandate.objects.filter(agent=agent, principal__in=found[:PAGE]).select_related("principal", "agent")
    counts = counts_of(actor, found[:PAGE])
    rows = [one._replace(**counts.get(one.organization.pk, {})) for one in _clients(held, on)]
    return rows, found[PAGE - 1].reference if len(found) > PAGE else ""


def _named_or_numbered(text: str, prefix: str = "") -> Q:
    """Organizations with this in their name, or whose number begins so; a personal number is given whole."""
    begins = Q(**{f"{prefix}number_index__startswith": text}) if text[:1].isdigit() else Q()
    return Q(**{f"{prefix}name__icontains": text}) | begins | known_by(text.strip(), prefix)


def counts_of(actor: Actor, importers: Iterable[Organization]) -> dict[int, dict[str, Any]]:
    """How many declarations of each importer stand where, of those that the actor sees. One statement."""
    names = (YOURS, CUSTOMS, DONE)
    rows = visible_to(actor).filter(importer__in=list(importers)).order_by().values("importer")
    counted = rows.annotate(**{name: Count("pk", filter=in_group(name)) for name in names})
    return {key: dict(zip(names, found, strict=True)) for key, *found in counted.values_list("importer", *names)}


def _clients(rows: QuerySet[Mandate], on: date) -> list[Client]:
    """One row for each importer, by name: of several mandates the one that says most."""
    ordered = sorted(rows, key=lambda one: (one.principal.name, one.principal_id, _rank(one, on), -one.pk))
    groups = (list(held) for _key, held in groupby(ordered, key=lambda one: one.principal_id))
    return [_client(held, on) for held in groups]


def _client(held: list[Mandate], on: date) -> Client:
    best = held[0]
    label, tone = state_words(best, on, is_principal=False)
    if not best.principal.is_active:
        label, tone = _("Switched off"), "bad"
    live = [one for one in held if one.is_live(on) and one.principal.is_active and one.agent.is_active]
    begins = any("draft" in one.actions for one in live)
    return Client(best.principal, best, label, tone, cover_words(best), begins)


def cover_words(mandate: Mandate) -> str:
    """What a mandate is limited to, in a line."""
    types = _("entry types %(codes)s") % {"codes": ", ".join(mandate.document_types)} if mandate.document_types else ""
    ports = _("ports %(codes)s") % {"codes": ", ".join(mandate.ports)} if mandate.ports else ""
    limit = ""
    if mandate.value_limit is not None:
        limit = _("up to %(limit)s a filing") % {"limit": money(mandate.value_limit, mandate.value_currency)}
    ends = _("until %(day)s") % {"day": day(mandate.ends_on)} if mandate.ends_on else ""
    said = [one for one in (types, ports, limit, ends) if one]
    return ", ".join(said) if said else _("no limits")


def _rank(mandate: Mandate, on: date) -> tuple[bool, int]:
    return not mandate.is_live(on), RANK.index(State(mandate.state))
