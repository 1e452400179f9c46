"""Who acts for whom, for programs: asked for, offered, read and taken back. A person signs, in the pages."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from rest_framework.request import Request

from brokers import services
from brokers.flow import Act, MandateActRefused, Side, State, may
from brokers.models import Mandate
from brokers.selectors import find_mandate, find_other, mandates_of
from brokers.shown import acts_of
from brokers.talks import note_talk, talks_of
from brokers.terms import ACTIONS_OF_KIND, FORMS
from brokers.wording import is_genuine, wording_of
from declarations.filer.api import mandate_shapes as shapes
from declarations.filer.api.shared import page_asked, stamp, trader_of
from declarations.filer.api.taking import refuse_members, typed
from portal.accounts.actors import Actor
from portal.accounts.api import DRAFT, FILE, READ
from portal.accounts.models import Organization
from portal.api import Op, Operation, Query, actor_of, once, organization_of, respond
from portal.errors import DomainError
from portal.forms import FieldError, tidy_text
from portal.idempotency.services import Answer
from portal.timezones import party_date

BASE = "/api/v1/mandates"
STATES = [one.value for one in State]
STATE = Query("state", "Only those in this state.", {"type": "string", "enum": STATES})
IMPORTERS = (Organization.Kind.IMPORTER.value,)
CLOSED = (404, 409, 413, 415, 422, 400)


class _Made(msgspec.Struct):
    """What is looked at again in an answer."""

    number: str


class BadState(DomainError):
    """Mandates are asked for in a state that there is none."""

    code = "BAD_STATE"
    status = 400


class SignedByAPerson(DomainError):
    """A mandate is signed with a password, by a person of the importer: no program can do it."""

    code = "MANDATE_SIGNED_BY_A_PERSON"
    status = 403


class Mandates(Operation):
    """Mandates that the organization has given or holds."""

    ops = {
        "get": Op("list_mandates", "Mandates that the organization has given or holds", READ,
                  {200: shapes.MandatePage}, problems=(400,), query=("after", "limit", STATE)),
        "post": Op("write_mandate", "Offer a mandate (an importer) or ask for one (who acts for importers)", DRAFT,
                   {201: shapes.MandateDetail}, takes=shapes.MandateWanted, problems=(400, 409, 413, 415, 422),
                   key="optional", example="mandate", location=True),
    }  # fmt: skip

    def get(self, request: Request) -> HttpResponse:
        """Newest first. A broker sees those that it holds or has asked for, an importer those that it gave."""
        after, limit = page_asked(request.query_params)
        rows = mandates_of(organization_of(request))
        if state := request.query_params.get("state", ""):
            if state not in STATES:
                raise BadState(f"state is one of {', '.join(STATES)}.")
            rows = rows.filter(state=state)
        found = list((rows.filter(pk__lt=int(after)) if after else rows)[: limit + 1])
        actor, on = actor_of(request), _today()
        shown = tuple(_summary(one, actor, on) for one in found[:limit])
        return respond(shapes.MandatePage(shown, str(found[limit - 1].pk) if len(found) > limit else None))

    def post(self, request: Request) -> HttpResponse:
        """201: it is written and waits. It holds for nobody until a person of the importer has signed it."""

        def work(given: shapes.MandateWanted) -> Answer:
            return _told(_write(given, actor_of(request), organization_of(request)), actor_of(request), 201)

        answer = once(request, lambda: typed(request, shapes.MandateWanted), work)
        made = msgspec.json.decode(answer.content, type=_Made)  # a kept answer too
        answer["Location"] = f"{BASE}/{made.number}"
        return answer


class OneMandate(Operation):
    """One mandate."""

    ops = {
        "get": Op("get_mandate", "A mandate with its words and its signature", READ, {200: shapes.MandateDetail},
                  problems=(404,)),
    }  # fmt: skip

    def get(self, request: Request, mandate: str) -> HttpResponse:
        """As it stands. `in_force` is asked anew each time."""
        actor = actor_of(request)
        return respond(_detail(_one_of(actor, mandate), actor))


class Signatures(Operation):
    """Where a program finds out that it cannot sign."""

    ops = {
        "post": Op("sign_mandate", "Always refused: a mandate is signed by a person, in the pages", FILE, {},
                   problems=(400, 403, 404, 409, 413, 422)),
    }  # fmt: skip

    def post(self, request: Request, mandate: str) -> HttpResponse:
        """403 with the address of the page on which a signatory of the importer signs."""
        actor = actor_of(request)
        one = _one_of(actor, mandate)
        refuse_members(request)
        side = services.side_of(actor, one)
        if side == Side.AGENT:
            raise services.AgentCannotSign("The importer signs its mandate itself; nobody signs it for them.")
        if not may(one.state, Act.SIGN, Side.PRINCIPAL):
            raise MandateActRefused("This mandate does not wait for a signature.")
        words = "A person of the importer signs the mandate in the portal, giving their credentials again: {page}"
        page = _page(one)
        raise SignedByAPerson(words.format(page=page), template=words, page=page)


class Closing(Operation):
    """An act that ends a mandate, or what waits to become one."""

    act: Callable[..., None]

    def post(self, request: Request, mandate: str) -> HttpResponse:
        """200 with the mandate: it covers nothing from this moment on. The other side reads your reason."""
        actor = actor_of(request)

        def before() -> tuple[Mandate, shapes.MandateReason]:
            return _one_of(actor, mandate), typed(request, shapes.MandateReason)

        def work(found: tuple[Mandate, shapes.MandateReason]) -> Answer:
            one, said = found
            type(self).act(mandate=one, reason=_tidy(said.reason, "reason", 300), actor=actor, now=timezone.now())
            return _told(one, actor, 200)

        return once(request, before, work)


class Revocations(Closing):
    """The importer takes a mandate back."""

    act = staticmethod(services.revoke)
    ops = {
        "post": Op("revoke_mandate", "Take back a mandate that you gave or offered", FILE, {200: shapes.MandateDetail},
                   takes=shapes.MandateReason, problems=CLOSED, key="optional", example="mandate-reason"),
    }  # fmt: skip


class Withdrawals(Closing):
    """Who acts for an importer gives up its mandate."""

    act = staticmethod(services.end)
    ops = {
        "post": Op("withdraw_from_mandate", "Give up a mandate that you hold or asked for", FILE,
                   {200: shapes.MandateDetail}, takes=shapes.MandateReason, problems=CLOSED, key="optional",
                   example="mandate-reason"),
    }  # fmt: skip


class Declinations(Closing):
    """Whoever was asked says no."""

    act = staticmethod(services.decline)
    ops = {
        "post": Op("decline_mandate", "Decline what was offered to you or asked of you", DRAFT,
                   {200: shapes.MandateDetail}, takes=shapes.MandateReason, problems=CLOSED, key="optional",
                   example="mandate-reason"),
    }  # fmt: skip


class Talks(Operation):
    """Talks between an importer and whoever acts for it."""

    ops = {
        "post": Op("note_talk", "Note a talk between the two sides of a mandate", DRAFT, {200: shapes.MandateDetail},
                   takes=shapes.TalkNoted, problems=CLOSED, key="optional", example="mandate-talk"),
    }  # fmt: skip

    def post(self, request: Request, mandate: str) -> HttpResponse:
        """200 with the mandate. What is noted stays: note another to correct it."""
        actor = actor_of(request)

        def before() -> tuple[Mandate, shapes.TalkNoted]:
            return _one_of(actor, mandate), typed(request, shapes.TalkNoted)

        def work(found: tuple[Mandate, shapes.TalkNoted]) -> Answer:
            one, said = found
            note_talk(
                mandate=one, on=said.on, means=said.means, whom=_tidy(said.whom, "whom", 120),
                words=_tidy(said.words, "words", 500), actor=actor, now=timezone.now(),
            )  # fmt: skip
            return _told(one, actor, 200)

        return once(request, before, work)


def _write(given: shapes.MandateWanted, actor: Actor, own: Organization) -> Mandate:
    is_offer = own.kind == Organization.Kind.IMPORTER
    other = find_other(given.other, tuple(ACTIONS_OF_KIND) if is_offer else IMPORTERS)
    if other is None:
        raise services.ScopeRefused("Nobody whom this can be agreed with has this reference.", field="other")
    scope = services.Scope(
        actions=frozenset(given.actions), starts_on=given.starts_on or _today(), ends_on=given.ends_on,
        document_types=given.document_types, ports=given.ports,
        value_limit=Decimal(given.value_limit) if given.value_limit is not None else None,
        is_partnership=bool(given.partners),
        partners=tuple(_tidy(one, "partners", 120) for one in given.partners),
    )  # fmt: skip
    principal, agent = (own, other) if is_offer else (other, own)
    act = services.offer if is_offer else services.ask
    return act(principal=principal, agent=agent, scope=scope, actor=actor, now=timezone.now())


def _one_of(actor: Actor, number: str) -> Mandate:
    found = find_mandate(actor, number)
    if found is None:
        raise Http404
    return found


def _told(one: Mandate, actor: Actor, status: int) -> Answer:
    return Answer(status, msgspec.json.encode(_detail(one, actor)))


def _summary(one: Mandate, actor: Actor, on: date) -> shapes.Mandate:
    return shapes.Mandate(**_members(one, actor, on))


def _detail(one: Mandate, actor: Actor) -> shapes.MandateDetail:
    on = _today()
    signed = one.signed_at is not None
    wording = None if signed else wording_of(one, on)
    form = one.form if wording is None else wording.form.id
    law = next((known.law for known in FORMS if known.id == form), "")
    own = actor.organization is not None and actor.organization.pk == one.principal_id
    waits = may(one.state, Act.SIGN, Side.PRINCIPAL)
    return shapes.MandateDetail(
        **_members(one, actor, on), form=form, law=law,
        words=one.statement if wording is None else wording.words,
        payment_notice=one.payment_notice if wording is None else wording.notice,
        signed_name=one.signed_name or None, signed_title=one.signed_title or None, digest=one.digest or None,
        is_genuine=is_genuine(one) if signed else None, reason=one.reason or None,
        sign_at=_page(one) if own and waits else None,
        talks=tuple(
            shapes.Talk(talk.on.isoformat(), talk.means, talk.whom, talk.words, talk.noted_by, stamp(talk.noted_at))
            for talk in talks_of(one)
        ),
    )  # fmt: skip


def _members(one: Mandate, actor: Actor, on: date) -> dict[str, Any]:
    limit = one.value_limit
    return {
        "number": one.number, "state": one.state,
        "in_force": one.is_live(on) and one.principal.is_active and one.agent.is_active,
        "importer": trader_of(one.principal), "agent": trader_of(one.agent), "actions": tuple(one.actions),
        "document_types": tuple(one.document_types), "ports": tuple(one.ports),
        "value_limit": None if limit is None else f"{limit:.2f}", "value_currency": one.value_currency,
        "starts_on": one.starts_on.isoformat(), "ends_on": one.ends_on.isoformat() if one.ends_on else None,
        "partners": tuple(one.partners), "created_at": stamp(one.created_at),
        "signed_at": stamp(one.signed_at) if one.signed_at else None,
        "closed_at": stamp(one.closed_at) if one.closed_at else None,
        "may": tuple(act for act in acts_of(one, actor) if act != "sign"),
    }  # fmt: skip


def _page(one: Mandate) -> str:
    return reverse("mandate_sign", args=[one.number])


def _tidy(text: str, field: str, most: int) -> str:
    try:
        return tidy_text(text, max=most) or ""
    except FieldError as error:
        raise services.ScopeRefused(str(error), field=field) from error


def _today() -> date:
    return party_date(timezone.now(), settings.PARTY)
