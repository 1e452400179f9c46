"""Apply what customs said: facts first, standing derived from all of them under the row's lock."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
import structlog
from django.db import transaction

from declarations.flow import Act, Filing, RequestKind
from declarations.messages.envelope import MessageRefused
from declarations.messages.wco_response import Response, decode
from declarations.models import ControlFact, Declaration, DeclarationVersion, Request
from declarations.services import telling
from declarations.services.acts import advance, parties_to
from declarations.services.settling import settle
from declarations.standing import BY_FUNCTION, Fact, Kind, Standing, standing
from portal.accounts.actors import SYSTEM
from portal.desk.services import publish
from portal.gateway.models import InboundMessage
from portal.gateway.services import settle_heard
from portal.money import ZERO, cents
from portal.personal import masked
from portal.records.services import read_bytes
from portal.trail.services import record

log = structlog.get_logger(__name__)
State = InboundMessage.State
OPEN = (State.RECEIVED, State.UNMATCHED)
DONE, UNMATCHED, CONFLICT = "done", "unmatched", "conflict"
DUPLICATE_CODES = frozenset({"US12003", "CDS12003"})  # "this local reference was used before"
UNMATCHED_WAIT = timedelta(seconds=2)
UNMATCHED_LONGEST = timedelta(minutes=15)


def apply(*, inbound: InboundMessage, now: datetime) -> None:
    """The answer is applied, or kept as UNMATCHED or FAILED with its reason. Running it again changes nothing."""
    try:
        responses = decode(read_bytes(inbound.sha256))
    except MessageRefused as error:
        _park(inbound, State.FAILED, str(error), now)
        return
    outcomes = [_apply_one(inbound, position, response, now) for position, response in enumerate(responses)]
    if CONFLICT in outcomes:
        InboundMessage.objects.filter(pk=inbound.pk).update(conflict=True)
        _park(inbound, State.FAILED, "The same answer came before with other content. Nothing was changed.", now)
    elif UNMATCHED in outcomes:
        missing = responses[outcomes.index(UNMATCHED)]
        words = f"No declaration with local reference {missing.lrn or '-'} or number {missing.mrn or '-'}."
        _park(inbound, State.UNMATCHED, words, now, lrn=missing.lrn)
    else:
        InboundMessage.objects.filter(pk=inbound.pk, state__in=OPEN).update(
            state=State.APPLIED,
            applied_at=now,
            reason="",
            local_reference=responses[0].lrn[:40],
            tries=inbound.tries + 1,
        )


@transaction.atomic
def adopt(*, inbound: InboundMessage, now: datetime) -> None:
    """An operator has an unmatched or failed answer tried again at once."""
    rows = InboundMessage.objects.filter(pk=inbound.pk, state__in=(State.UNMATCHED, State.FAILED))
    rows.update(state=State.RECEIVED, not_before=now, tries=0)


def _apply_one(inbound: InboundMessage, position: int, response: Response, now: datetime) -> str:
    """What came of one answer: DONE, UNMATCHED where nothing of ours belongs to it, or CONFLICT."""
    version, request = _match(inbound.channel, response)
    if version is None:
        return UNMATCHED
    with transaction.atomic():
        declaration = (
            Declaration.objects.select_for_update(of=("self",))
            .select_related("importer", "filer", "transmitter", "live_version")
            .get(pk=version.declaration_id)
        )
        fact = _fact_row(inbound, position, response, declaration, version, request, now)
        earlier = list(declaration.facts.filter(response_id=fact.response_id)) if fact.response_id else []
        if any(_says(one) != _says(fact) for one in earlier):
            return CONFLICT
        if not any(one.inbound_id == inbound.pk and one.position == position for one in earlier):
            ControlFact.objects.bulk_create([fact], ignore_conflicts=True)
        _recompute(declaration, fact, now, is_news=not earlier)
        if response.lrn:
            settle_heard(local_reference=response.lrn, channel=inbound.channel, now=now)
    return DONE


def _says(fact: ControlFact) -> tuple[object, ...]:
    """What an answer says, whatever bytes it came in."""
    return fact.kind, fact.code, fact.ground, fact.issued_at, fact.body


def _match(channel: str, response: Response) -> tuple[DeclarationVersion | None, Request | None]:
    """By LRN to the version or request, else by MRN (entry number) to the declaration; never by order or time.

    By its number alone an answer is to what was filed, never to an amendment that was asked for.
    """
    if response.lrn:
        request = Request.objects.select_related("version").filter(lrn=response.lrn, version__channel=channel).first()
        if request is not None:
            return request.version, request
        version = (
            DeclarationVersion.objects.filter(lrn=response.lrn, channel=channel).exclude(submitted_at=None).first()
        )
        if version is not None:
            return version, None
    if response.mrn:
        number = response.mrn.replace("-", "")
        versions = DeclarationVersion.objects.filter(entry_number=number, channel=channel).exclude(submitted_at=None)
        return versions.filter(asked_by=None).order_by("-number").first(), None
    return None, None


def _fact_row(
    inbound: InboundMessage, position: int, response: Response, declaration: Declaration, version: DeclarationVersion,
    request: Request | None, now: datetime,
) -> ControlFact:  # fmt: skip
    kind = kind_of(response)
    body = {
        "function": response.function_code,
        "lrn": response.lrn,
        "mrn": response.mrn,
        "errors": [
            {"code": one.code, "description": one.description, "pointers": list(one.pointers)}
            for one in response.errors
        ],
        "statements": [{"code": one.code, "text": one.description, "type": one.type} for one in response.information],
        "faults": [one.message for one in response.faults],
        "duties": [msgspec.to_builtins(one) for one in response.duties],
    }
    if kind is Kind.DUTY:
        body["amount"], body["currency"] = total_of(response)
    return ControlFact(
        declaration=declaration, version=version, request=request, inbound=inbound, position=position,
        response_id=response.response_id[:80], kind=kind.value, code=next(iter(response.statuses), "")[:20],
        ground=masked(telling.ground_of(response))[:80], body={name: one for name, one in body.items() if one},
        issued_at=response.issued_at or inbound.received_at, received_at=inbound.received_at,
    )  # fmt: skip


def kind_of(response: Response) -> Kind:
    """What an answer is: by its function code, and by what it says where one code means two things."""
    kind = BY_FUNCTION.get(response.function_code, Kind.UNLISTED)
    notes = {(one.code, one.description) for one in response.information}
    if kind is Kind.REJECTED and any(error.code in DUPLICATE_CODES for error in response.errors):
        return Kind.DUPLICATE
    if kind is Kind.HOLD and ("hold", "lifted") in notes:
        return Kind.HOLD_LIFTED
    if kind is Kind.EXAM and ("release", "revoked") in notes:
        return Kind.RELEASE_REVOKED
    return kind


def total_of(response: Response) -> tuple[str, str]:
    """What a duty statement asks for in all: its total row where it has one, else the sum of its rows."""
    rows = response.duties
    total = next((one for one in rows if one.sequence == 0 and one.type == "TOT"), None)
    if total is not None:
        return cents(total.payable or ZERO), total.currency
    amount = sum((one.payable or ZERO for one in rows), start=ZERO)
    return cents(amount), next((one.currency for one in rows if one.currency), "")


def facts_of(rows: Iterable[ControlFact]) -> list[Fact]:
    """Rows as the pure function takes them."""
    return [
        Fact(
            response_id=row.response_id, kind=Kind(row.kind), issued_at=row.issued_at,
            version=row.version.number if row.version else 1, code=row.code, ground=row.ground,
            request=row.request.reference if row.request else "", amount=row.body.get("amount", ""),
            currency=row.body.get("currency", ""), amends=bool(row.request and row.request.kind == RequestKind.AMEND),
        )
        for row in rows
    ]  # fmt: skip


def recompute(declaration: Declaration) -> Standing:
    """The standing as it follows from all facts on record."""
    rows = declaration.facts.select_related("version", "request")
    return standing(facts_of(rows), since_version=declaration.since_version)


def _recompute(declaration: Declaration, fact: ControlFact, now: datetime, *, is_news: bool) -> None:
    found = recompute(declaration)
    before = declaration.legal
    plain = msgspec.to_builtins(found)
    Declaration.objects.filter(pk=declaration.pk).update(
        legal=found.legal, standing=plain, has_hold=bool(found.holds), updated_at=now
    )
    declaration.legal, declaration.standing, declaration.has_hold = found.legal, plain, bool(found.holds)
    settle(declaration=declaration, found=found, now=now)
    if found.legal == "CANCELLED" and declaration.filing == Filing.SUBMITTED:
        advance(declaration=declaration, act=Act.WITHDRAW, actor=SYSTEM, now=now)
    if not is_news:
        return
    telling.tell(declaration, fact, found, now)
    data = {"kind": fact.kind, "response": fact.response_id, "from": before, "to": found.legal, "code": fact.code}
    kind = f"customs.{fact.kind.lower()}"
    record(subject=declaration.reference, kind=kind, actor=SYSTEM, now=now, data=data)
    changes = [{"pointer": "/legal", "from": before, "to": found.legal}] if before != found.legal else []
    publish(
        organizations=parties_to(declaration), kind=kind, reference=declaration.reference, actor=SYSTEM, now=now,
        changes=changes,
    )  # fmt: skip


def park_failed(*, inbound: InboundMessage, reason: str, now: datetime) -> None:
    """The answer stands as FAILED with its reason, for an operator."""
    _park(inbound, State.FAILED, reason, now)


def _park(inbound: InboundMessage, state: str, reason: str, now: datetime, *, lrn: str = "") -> None:
    """Kept, shown, and where it may still find its declaration tried again later and later."""
    said = masked(reason)
    wait = min(UNMATCHED_LONGEST, UNMATCHED_WAIT * 2 ** min(inbound.tries, 10))
    InboundMessage.objects.filter(pk=inbound.pk, state__in=OPEN).update(
        state=state,
        reason=said[:500],
        tries=inbound.tries + 1,
        not_before=now + wait,
        local_reference=lrn[:40],
    )
    log.warning("answer not applied", inbound=inbound.reference, state=state, reason=said[:200])
