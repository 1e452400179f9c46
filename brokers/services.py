"""Mandates are offered, asked for, signed, declined, revoked and ended here only; each step has its trail."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from brokers.flow import NEEDS, OVER, WORDS, Act, MandateActRefused, Side, State, after
from brokers.models import Mandate
from brokers.terms import ACTIONS, ACTIONS_OF_KIND, anniversary, form_on, with_implied
from brokers.wording import seal, wording_of
from portal.accounts.actors import Actor
from portal.accounts.models import Membership, Organization, User
from portal.codes.selectors import list_codes
from portal.credentials import WITH_CODE
from portal.desk.services import close_tasks, open_task, publish, tell
from portal.errors import DomainError
from portal.languages import say
from portal.timezones import party_date
from portal.trail.services import record

# Bounds of ours against slips of the keyboard: the law sets none, but for partnerships (19 CFR 141.34).
YEAR, LONGEST = timedelta(days=366), timedelta(days=36_525)
TO_SIGN = "mandate.to_sign"
DEMONSTRATION = "demonstration"  # how mandates of invented people are signed


class MandateNotYours(DomainError):
    """The act belongs to the other side, or to another role."""

    code = "MANDATE_NOT_YOURS"
    status = 403


class ScopeRefused(DomainError):
    """What the mandate would say is not possible; `field` names what has to be mended."""

    code = "MANDATE_SCOPE"
    status = 422
    title = "The mandate cannot say this"

    def members_in(self, language: str) -> dict[str, object]:
        """The refusal as a violation with its pointer, as for a declaration."""
        words = say(str(self), language, self.params, self.template)
        return {
            "violations": [
                {"code": self.code, "pointer": f"/{self.params.get('field', '')}", "message": words, "legal_basis": "",
                 "severity": "error"}
            ]
        }  # fmt: skip


class ProviderMayNot(ScopeRefused):
    """A service provider moves data; it does not classify, value or sign."""

    code = "PROVIDER_MAY_NOT"


class AlreadyWaiting(DomainError):
    """One mandate between these two waits for a signature already."""

    code = "MANDATE_WAITING"


class AgentCannotSign(DomainError):
    """The importer signs itself, by somebody who works for no agent (19 CFR 111.36)."""

    code = "AGENT_CANNOT_SIGN"
    status = 403


class NotASignatory(DomainError):
    """A signature needs a person of the importer with name and position on record."""

    code = "NOT_A_SIGNATORY"


class SecondFactorNeeded(DomainError):
    """Here mandates are signed with the code of an authenticator, and the person has none."""

    code = "SECOND_FACTOR_NEEDED"
    status = 403


class NoticeNotAccepted(DomainError):
    """The words on payment have to be read and accepted with the mandate (19 CFR 111.29)."""

    code = "PAYMENT_NOTICE_NOT_ACCEPTED"


class MandateChanged(DomainError):
    """What is signed is no longer what was read."""

    code = "MANDATE_CHANGED"


class ReasonMissing(DomainError):
    """The other side is told why."""

    code = "MANDATE_REASON_MISSING"
    status = 422


@dataclass(frozen=True)
class Scope:
    """What a mandate covers. Empty types and ports are all; no limit and no last day are none."""

    actions: frozenset[str]
    starts_on: date
    ends_on: date | None = None
    document_types: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    value_limit: Decimal | None = None
    is_partnership: bool = False
    partners: tuple[str, ...] = ()


def offer(*, principal: Organization, agent: Organization, scope: Scope, actor: Actor, now: datetime) -> Mandate:
    """The importer has written a mandate for an agent; it holds once the importer signs it.

    Raises MandateNotYours, ScopeRefused, ProviderMayNot, AlreadyWaiting and NoForm.
    """
    _refuse_other(actor, principal, "mandate.offer")
    return _make(principal, agent, scope, State.OFFERED, actor, now)


def ask(*, principal: Organization, agent: Organization, scope: Scope, actor: Actor, now: datetime) -> Mandate:
    """The agent has asked the importer for a mandate; it holds once the importer signs it. Raises as `offer` does."""
    _refuse_other(actor, agent, "mandate.ask")
    return _make(principal, agent, scope, State.ASKED, actor, now)


@transaction.atomic
def sign(
    *, mandate: Mandate, digest: str, accepts_payment_notice: bool, method: str, actor: Actor, now: datetime
) -> None:
    """The mandate is live: a person of the importer has signed its words and accepted those on payment.

    The caller has had the person give their credentials again; `method` says which. Raises MandateNotYours,
    AgentCannotSign, NotASignatory, SecondFactorNeeded, MandateChanged, NoticeNotAccepted, ScopeRefused and
    MandateActRefused.
    """
    if side_of(actor, mandate) == Side.AGENT:
        raise AgentCannotSign("The importer signs its mandate itself; nobody signs it for them.")
    to = after(mandate.state, Act.SIGN, Side.PRINCIPAL)
    _refuse_other(actor, mandate.principal, NEEDS[Act.SIGN, Side.PRINCIPAL])
    signatory = _signatory(actor)
    if "mandates" in settings.SECOND_FACTOR_FOR and method not in (WITH_CODE, DEMONSTRATION):
        raise SecondFactorNeeded("Set up an authenticator first: mandates are signed with its code.")
    on = party_date(now, mandate.party)
    found = wording_of(mandate, on)
    if digest != found.digest:
        raise MandateChanged("The mandate has changed since you read it. Please read it again before signing.")
    if found.notice and not accepts_payment_notice:
        raise NoticeNotAccepted("Read the words on payment and accept them; without that the mandate cannot hold.")
    if found.ends_on is not None and found.ends_on < max(on, mandate.starts_on):
        raise ScopeRefused("Its last day has passed. Write a new mandate.", field="ends_on")
    signed: dict[str, Any] = {
        "form": found.form.id, "ends_on": found.ends_on, "signed_by": signatory, "signed_at": now,
        "signed_name": signatory.get_full_name(), "signed_title": signatory.title, "statement": found.words,
        "payment_notice": found.notice, "digest": digest, "method": method, "contact": mandate.principal.contact,
        "payment_notice_on": on if found.notice else None,
    }  # fmt: skip
    for name, value in signed.items():
        setattr(mandate, name, value)
    key_id, code = seal(mandate, signatory)
    data = {
        "digest": digest, "form": found.form.id, "signatory": signatory.reference, "method": method,
        "payment_notice_accepted": bool(found.notice), "ends_on": found.ends_on,
    }  # fmt: skip
    words = f"{_short(mandate.principal)} has signed mandate {mandate.number}: it holds from {mandate.starts_on}."
    _advance(mandate, to, "sign", actor, now, words, data, {**signed, "key_id": key_id, "signature_code": code})


@transaction.atomic
def decline(*, mandate: Mandate, reason: str, actor: Actor, now: datetime) -> None:
    """The side that was asked has said no. Raises MandateNotYours, ReasonMissing and MandateActRefused."""
    _close(mandate, Act.DECLINE, reason, actor, now)


@transaction.atomic
def revoke(*, mandate: Mandate, reason: str, actor: Actor, now: datetime) -> None:
    """The importer has taken the mandate back: nothing is done under it from this moment. Raises as `decline` does."""
    _close(mandate, Act.REVOKE, reason, actor, now)


@transaction.atomic
def end(*, mandate: Mandate, reason: str, actor: Actor, now: datetime) -> None:
    """The agent has given up what it held or asked for. Raises as `decline` does."""
    _close(mandate, Act.END, reason, actor, now)


def side_of(actor: Actor, mandate: Mandate) -> Side | None:
    """On which side of the mandate the actor stands."""
    if actor.organization is None:
        return None
    sides = {mandate.principal_id: Side.PRINCIPAL, mandate.agent_id: Side.AGENT}
    return sides.get(actor.organization.pk)


def advance_by_clock(*, mandate: Mandate, reason: str, actor: Actor, now: datetime) -> None:
    """The mandate is over because its last day has passed. Raises MandateActRefused."""
    to = after(mandate.state, Act.END, Side.CLOCK)
    with transaction.atomic():
        words = f"Mandate {mandate.number} from {_short(mandate.principal)} for {_short(mandate.agent)} has ended."
        changes = {"closed_at": now, "reason": reason}
        _advance(mandate, to, "end", actor, now, words, {"reason": reason}, changes)


def _make(
    principal: Organization, agent: Organization, scope: Scope, state: State, actor: Actor, now: datetime
) -> Mandate:
    on = party_date(now, principal.party)
    form = form_on(principal.party, on)
    _refuse_parties(principal, agent)
    _refuse_scope(scope, agent, on)
    if scope.is_partnership and form.partnership_years is not None:
        most = anniversary(on, form.partnership_years)
        if scope.ends_on is not None and scope.ends_on > most:
            words = "A partnership's mandate lasts at most {years} years (19 CFR 141.34): until {most}."
            said = {"years": form.partnership_years, "most": most}
            raise ScopeRefused(words.format(**said), template=words, field="ends_on", **said)
    made = Mandate(
        principal=principal, agent=agent, party=principal.party, form=form.id, state=state, created_at=now,
        actions=[name for name in ACTIONS if name in with_implied(scope.actions)],
        document_types=sorted(set(scope.document_types)), ports=sorted(set(scope.ports)),
        value_limit=scope.value_limit, starts_on=scope.starts_on, ends_on=scope.ends_on,
        is_partnership=scope.is_partnership, partners=list(scope.partners) if scope.is_partnership else [],
        offered_by=actor.signatory if state == State.OFFERED else None,
        asked_by=actor.signatory if state == State.ASKED else None,
    )  # fmt: skip
    asker, asked = (principal, agent) if state == State.OFFERED else (agent, principal)
    with transaction.atomic():
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as error:
            words = "A mandate between {principal} and {agent} waits already. Sign it, or take it back first."
            both = {"principal": principal.name, "agent": agent.name}
            raise AlreadyWaiting(words.format(**both), template=words, **both) from error
        task = f"Read and sign the mandate for {_short(agent)}, or decline it."
        open_task(organization=principal, subject=made.number, kind=TO_SIGN, words=task, now=now)
        verb = "offers you" if state == State.OFFERED else "asks you for"
        words = f"{_short(asker)} {verb} a mandate ({made.number})."
        tell(organizations=[asked], subject=made.number, cause="mandate.made", words=words, now=now)
        kind = "mandate.offer" if state == State.OFFERED else "mandate.ask"
        _write(made, kind, actor, now, {"actions": made.actions, "form": made.form}, "", state.value)
    return made


def _close(mandate: Mandate, act: Act, reason: str, actor: Actor, now: datetime) -> None:
    side = side_of(actor, mandate)
    if side is None:
        raise MandateNotYours("This mandate is between others.")
    to = after(mandate.state, act, side)
    _refuse_other(actor, actor.organization, NEEDS[act, side])
    if not reason.strip():
        raise ReasonMissing("Say why in a few words; the other side reads it.")
    reason = reason.strip()[:300]
    who = mandate.principal if side == Side.PRINCIPAL else mandate.agent
    words = f"{_short(who)} has {WORDS[act]} mandate {mandate.number}."
    changes = {"closed_at": now, "reason": reason}
    _advance(mandate, to, act.value.lower(), actor, now, words, {"reason": reason}, changes)


def _advance(
    mandate: Mandate, to: State, name: str, actor: Actor, now: datetime, words: str, data: dict[str, Any],
    changes: dict[str, Any],
) -> None:  # fmt: skip
    """The only writer of a state: by compare-and-set; tasks, notices, trail and feed in the same transaction."""
    before = mandate.state
    if Mandate.objects.filter(pk=mandate.pk, state=before).update(state=to, **changes) != 1:
        raise MandateActRefused("Somebody else has just changed this mandate. Please look at it again.")
    for column, value in {"state": to.value, **changes}.items():
        setattr(mandate, column, value)
    close_tasks(subject=mandate.number, kinds=None if to in OVER else [TO_SIGN], now=now)
    both = [mandate.principal, mandate.agent]
    others = [one for one in both if actor.organization is None or one.pk != actor.organization.pk]
    tell(organizations=others, subject=mandate.number, cause=f"mandate.{name}", words=words, now=now)
    _write(mandate, f"mandate.{name}", actor, now, data, before, to.value)


def _write(
    mandate: Mandate, kind: str, actor: Actor, now: datetime, data: dict[str, Any], before: str, to: str
) -> None:
    told = {"from": before, "to": to, **data}
    record(subject=mandate.number, kind=kind, actor=actor, now=now, data=told)
    publish(
        organizations=[mandate.principal, mandate.agent], kind=kind, reference=mandate.number, actor=actor, now=now,
        changes=[{"pointer": "/state", "from": before, "to": to}],
    )  # fmt: skip


def _refuse_other(actor: Actor, side: Organization | None, action: str) -> None:
    if actor.organization is None or side is None or actor.organization.pk != side.pk or not actor.may(action):
        raise MandateNotYours("Your role does not allow you to do this.", action=action)


def _refuse_parties(principal: Organization, agent: Organization) -> None:
    if principal.kind != Organization.Kind.IMPORTER or not principal.is_active:
        raise ScopeRefused("Only an importer can have somebody act for it.", field="other")
    if agent.kind not in ACTIONS_OF_KIND or not agent.is_active:
        raise ScopeRefused("Only a customs broker or a service provider can act for an importer.", field="other")
    if (principal.sandbox_of_id is None) != (agent.sandbox_of_id is None):
        raise ScopeRefused("A sandbox gives mandates to sandboxes only, and takes them from them.", field="other")


def _refuse_scope(scope: Scope, agent: Organization, on: date) -> None:
    if not scope.actions or not scope.actions <= set(ACTIONS):
        raise ScopeRefused("Choose what the mandate is for.", field="actions")
    if beyond := scope.actions - ACTIONS_OF_KIND[agent.kind]:
        named = ", ".join(sorted(beyond))
        words = "A service provider moves data and does no customs business (19 CFR 143.1). Leave out: {named}."
        raise ProviderMayNot(words.format(named=named), template=words, field="actions", named=named)
    _refuse_unknown(scope, on)
    if abs(scope.starts_on - on) > YEAR:
        raise ScopeRefused("The first day is at most a year back and at most a year ahead.", field="starts_on")
    if scope.ends_on is not None and scope.ends_on > scope.starts_on + LONGEST:
        words = "The last day is at most a hundred years after the first; leave it empty for none."
        raise ScopeRefused(words, field="ends_on")
    if scope.ends_on is not None and scope.ends_on < max(scope.starts_on, on):
        raise ScopeRefused("The last day cannot be before the first, nor have passed.", field="ends_on")
    if scope.value_limit is not None and scope.value_limit <= 0:
        raise ScopeRefused("The limit is an amount above zero; leave it empty for none.", field="value_limit")
    if scope.is_partnership and len(scope.partners) < 2:
        raise ScopeRefused("Name all partners, one on a line (19 CFR 141.39).", field="partners")


def _refuse_unknown(scope: Scope, on: date) -> None:
    """Raise ScopeRefused where a limit names what is on no list: it would cover nothing."""
    kinds = (("document_types", "entry_types", "entry type"), ("ports", "ports", "port of entry"))
    for field, name, words in kinds:
        said = set(getattr(scope, field))
        if strange := sorted(said - {one.code for one in list_codes(name, on)} if said else ()):
            template = "Not on the list of this day: {what}."
            what = f"{words} {', '.join(strange)}"
            raise ScopeRefused(template.format(what=what), template=template, field=field, what=what)


def _signatory(actor: Actor) -> User:
    """The person who signs, with name and position, and with no seat at any agent's."""
    person = actor.user
    if person is None or not person.get_full_name() or not person.title:
        raise NotASignatory("Your name and position have to be on record before you sign. Ask whoever runs the portal.")
    agents = Membership.objects.filter(user=person, is_active=True, organization__kind__in=list(ACTIONS_OF_KIND))
    if agents.exists():
        raise AgentCannotSign("You also work for a broker or a service provider. Somebody of the importer alone signs.")
    return person


def _short(organization: Organization) -> str:
    return organization.name[:90]
