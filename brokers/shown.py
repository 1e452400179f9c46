"""A mandate as its pages show it: the state in words for whoever looks, and what it covers as rows."""

from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from brokers.flow import NEEDS, Act, Side, State, may
from brokers.models import Mandate
from brokers.services import side_of
from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.templatetags.portal_ui import day


class Row(NamedTuple):
    """A line of the list."""

    mandate: Mandate
    other: Organization
    label: str
    tone: str


def row_of(mandate: Mandate, actor: Actor, on: date) -> Row:
    """The mandate as one side sees it."""
    is_own = side_of(actor, mandate) == Side.PRINCIPAL
    label, tone = state_words(mandate, on, is_principal=is_own)
    return Row(mandate, mandate.agent if is_own else mandate.principal, label, tone)


def state_words(mandate: Mandate, on: date, *, is_principal: bool) -> tuple[str, str]:
    """Where it stands, and the tone of it."""
    if mandate.state in (State.OFFERED, State.ASKED):
        return (_("For you to sign"), "warn") if is_principal else (_("Waits for the importer"), "wait")
    if mandate.state == State.LIVE and on < mandate.starts_on:
        return _("Signed, not begun"), "wait"
    if mandate.state == State.LIVE and not mandate.is_live(on):
        return _("Ended"), "idle"
    return {
        State.LIVE.value: (_("In force"), "good"), State.DECLINED.value: (_("Declined"), "idle"),
        State.REVOKED.value: (_("Revoked"), "bad"), State.ENDED.value: (_("Ended"), "idle"),
    }[mandate.state]  # fmt: skip


def acts_of(mandate: Mandate, actor: Actor) -> list[str]:
    """What the actor may do with it now, by their side and role."""
    side = side_of(actor, mandate)
    if side is None:
        return []
    possible = [act for act in Act if may(mandate.state, act, side)]
    return [act.value.lower() for act in possible if actor.may(NEEDS[act, side])]


def cover_of(mandate: Mandate, ends_on: date | None) -> list[tuple[str, str]]:
    """What it covers, as rows of label and words. The public may see all but the partners, the last."""
    rows = [
        (_("For"), "; ".join(mandate.action_words).capitalize()),
        (_("Entry types"), ", ".join(mandate.document_types) or _("All")),
        (_("Ports"), ", ".join(mandate.ports) or _("All")),
        (_("Value of a filing"), _limit(mandate)),
        (_("First day"), str(day(mandate.starts_on))),
        (_("Last day"), str(day(ends_on)) if ends_on else _("Until it is revoked or ended")),
    ]
    if mandate.partners:
        rows.append((_("Partners"), ", ".join(mandate.partners)))
    return rows


def _limit(mandate: Mandate) -> str:
    if mandate.value_limit is None:
        return _("Any")
    return _("At most %(limit)s") % {"limit": f"{mandate.value_currency} {mandate.value_limit:,.2f}"}
