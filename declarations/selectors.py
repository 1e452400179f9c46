"""What the pages read: lists, the state of one declaration in words, its time line."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from declarations.access import visible_to
from declarations.flow import Filing, RequestState
from declarations.models import (
    CUSTOMS_TO_DO,
    THEIRS_TO_DO,
    ControlFact,
    Declaration,
    DeclarationVersion,
    GoodsItem,
    Request,
    SavedView,
)
from declarations.standing import OF_REQUESTS, Kind, Legal
from declarations.tariff.lookup import Filed
from declarations.words import (
    ACT_WORDS,
    CUSTOMS,
    DOCUMENTS,
    DONE,
    DRAFTS,
    DUE,
    FACT_WORDS,
    FILING_WORDS,
    LEGAL_WORDS,
    MESSAGE_WORDS,
    QUEUES,
    REJECTED,
    REQUEST_WORDS,
    STATUS_WORDS,
    TO_SEND,
    TO_SIGN,
    YOURS,
    State,
)
from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.clocks.models import Deadline
from portal.gateway.models import InboundMessage, OutboundMessage
from portal.shown import money
from portal.trail.models import TrailEntry

PAGE = 25
FILINGS_READ, LINES_READ = 100, 1000  # for the numbers an importer filed before
CATALOGUE_READ = 5000
# One sandbox among the parties, and nothing of it reaches customs.
IS_TRIAL = Q(importer__sandbox_of__isnull=False) | Q(filer__sandbox_of__isnull=False)


class Step(NamedTuple):
    """One row of the time line. `source` is `filer`, `customs` or `portal`."""

    at: datetime
    what: str
    who: str
    source: str
    detail: str = ""
    message: str = ""


def list_declarations(
    actor: Actor, *, group: str = "", text: str = "", entry_type: str = "", client: str = "",
    until: date | None = None, after: str = "", limit: int = PAGE,
) -> tuple[list[Declaration], str]:  # fmt: skip
    """A page of declarations, newest first, and the cursor of the next one ("" at the end).

    `client` is the reference of an importer, `until` the day that the group of near days goes up to.
    """
    rows = of_client(visible_to(actor), client)
    rows = _filtered(rows, group, text.strip(), entry_type, until)
    if after.isascii() and after.isdigit() and len(after) <= 18:
        rows = rows.filter(pk__lt=int(after))
    limit = max(1, min(limit, 100))
    found = list(rows.order_by("-pk")[: limit + 1])
    return found[:limit], str(found[limit - 1].pk) if len(found) > limit else ""


def home_lists(actor: Actor, *, limit: int = 8) -> dict[str, list[Declaration]]:
    """The work list of the home page."""
    rows = visible_to(actor).order_by("-updated_at")
    return {group: list(_filtered(rows, group, "", "").order_by("-pk")[:limit]) for group in (YOURS, CUSTOMS, DONE)}


def queue_counts(actor: Actor, *, client: str = "", until: date | None = None) -> dict[str, int]:
    """How many declarations wait in each queue. One statement."""
    rows = of_client(visible_to(actor), client).order_by()
    return rows.aggregate(**{name: Count("pk", filter=in_group(name, until)) for name in QUEUES})


def queue_rows(
    actor: Actor, queue: str, *, client: str = "", until: date | None = None, limit: int = 5
) -> list[Declaration]:
    """What waits in a queue, the longest waiting first; of days that come near the nearest, as `due_on`."""
    rows = of_client(visible_to(actor), client).filter(in_group(queue, until))
    if queue == DUE:
        days = Deadline.objects.filter(subject=OuterRef("reference"), state=Deadline.State.OPEN).order_by("due_on")
        rows = rows.annotate(due_on=Subquery(days.values("due_on")[:1]))
        return list(rows.order_by("due_on", "pk")[:limit])
    return list(rows.order_by("updated_at", "pk")[:limit])


def views_of(actor: Actor) -> list[SavedView]:
    """The filters that the person keeps in this organization, by name."""
    return list(SavedView.objects.filter(user=actor.user, organization=actor.organization).order_by("name"))


def numbers_filed(actor: Actor | None, importer: Organization | None) -> list[Filed]:
    """Numbers that an importer filed lately, each with what the goods were called, of filings the actor may see."""
    if actor is None or importer is None:
        return []
    filings = visible_to(actor).filter(importer=importer, filing=Filing.SUBMITTED).order_by("-pk")
    ids = list(filings.values_list("pk", flat=True)[:FILINGS_READ])
    lines = GoodsItem.objects.filter(declaration__in=ids).exclude(hts_number="").order_by("-declaration", "sequence")
    rows = lines.values_list("hts_number", "description")[:LINES_READ]
    return [Filed(*one) for one in dict.fromkeys(rows)]


def catalogue_of(actor: Actor, importer: Organization) -> dict[str, list[str]]:
    """Numbers that an importer drafted or filed, of declarations the actor may see, each with its origins."""
    mine = visible_to(actor).filter(importer=importer).values("pk")
    lines = GoodsItem.objects.filter(declaration__in=mine).exclude(hts_number="")
    rows = lines.order_by("hts_number", "origin_country").values_list("hts_number", "origin_country").distinct()
    found: dict[str, list[str]] = {}
    for number, origin in rows[:CATALOGUE_READ]:
        found.setdefault(number, []).extend([origin] if origin else [])
    return found


def of_client(rows: QuerySet[Declaration], client: str) -> QuerySet[Declaration]:
    """Those of the importer with this reference; all where none is named."""
    return rows.filter(importer__reference=client) if client else rows


def in_group(group: str, until: date | None = None) -> Q:
    """What a group of the lists holds; everything for a group that is not known."""
    if group == DUE:
        days = Deadline.objects.filter(subject=OuterRef("reference"), state=Deadline.State.OPEN)
        return Q(Exists(days if until is None else days.filter(due_on__lte=until)))
    if group == DOCUMENTS:
        asked = ControlFact.objects.filter(
            declaration=OuterRef("pk"), kind__in=(Kind.DOCUMENTS.value, Kind.QUERY.value)
        )
        waits = Q(filing=Filing.SUBMITTED, has_hold=True, legal__in=("ACCEPTED", "RECEIVED", "RELEASED"))
        return waits & Q(Exists(asked))
    sent = Q(filing=Filing.SUBMITTED)
    rejected = sent & Q(legal="REJECTED")
    return {
        YOURS: THEIRS_TO_DO,
        CUSTOMS: CUSTOMS_TO_DO,
        DONE: Q(legal__in=("CLEARED", "CANCELLED")) | Q(filing__in=(Filing.WITHDRAWN, Filing.ABANDONED)),
        REJECTED: rejected,
        TO_SIGN: Q(filing=Filing.READY),
        TO_SEND: Q(filing=Filing.SIGNED),
        DRAFTS: Q(filing=Filing.DRAFT),
    }.get(group, Q())


def _filtered(
    rows: QuerySet[Declaration], group: str, text: str, entry_type: str, until: date | None = None
) -> QuerySet[Declaration]:
    rows = rows.filter(in_group(group, until))
    if entry_type:
        rows = rows.filter(entry_type=entry_type)
    if text:
        tight = text.replace("-", "").replace(" ", "").upper()
        exact = rows.filter(Q(entry_number=tight) | Q(reference=tight))
        if exact.exists():
            return exact
        rows = rows.filter(
            Q(entry_number=tight) | Q(reference=tight) | Q(functional_reference_id__iexact=text)
            | Q(functional_reference_id__istartswith=text) | Q(goods__icontains=text)
        )  # fmt: skip
    return rows


def state_of(declaration: Declaration, messages: list[OutboundMessage] | None = None) -> State:
    """Where the declaration is, in words."""
    if declaration.filing == Filing.WITHDRAWN and declaration.legal == Legal.CANCELLED:
        return LEGAL_WORDS[declaration.legal]
    if declaration.filing != Filing.SUBMITTED:
        return FILING_WORDS[declaration.filing]
    standing: Mapping[str, Any] = declaration.standing or {}
    if declaration.legal == "NONE" and messages:
        stuck = next((one for one in messages if one.state in MESSAGE_WORDS), None)
        if stuck is not None:
            return MESSAGE_WORDS[stuck.state]
    if standing.get("revoked"):
        return State(
            "Release suspended",
            "Customs suspended the release. Do not move the goods.",
            YOURS,
            "Keep the goods where they are and call customs.",
            "error",
        )
    if declaration.has_hold and declaration.legal in ("ACCEPTED", "RECEIVED", "RELEASED"):
        return _held(standing)
    if standing.get("payment_asked"):
        return State(
            "Payment asked", "Customs waits for the payment.", YOURS, "Pay, or put money on the account.", "warning"
        )
    return LEGAL_WORDS[declaration.legal]


def _held(standing: Mapping[str, Any]) -> State:
    kinds = {one["kind"] for one in standing.get("holds", [])}
    if kinds & {Kind.DOCUMENTS.value, Kind.QUERY.value}:
        return State(
            "Documents asked for",
            "Customs wants to see papers before it goes on.",
            YOURS,
            "Send what customs asks for.",
            "warning",
        )
    if Kind.HOLD.value in kinds:
        return State(
            "Held by an agency",
            "Another agency holds the goods.",
            CUSTOMS,
            "The agency lifts the hold or tells you what it needs.",
            "warning",
        )
    return State(
        "Being examined",
        "Customs examines the goods.",
        CUSTOMS,
        "Customs releases the goods right after the examination.",
        "warning",
    )


def timeline(declaration: Declaration) -> list[Step]:
    """What happened when and who did it: acts of the filer and facts of customs, newest first."""
    steps = _acts(declaration.reference)
    facts = declaration.facts.select_related("inbound", "request").order_by("issued_at", "pk")
    seen: set[tuple[str, str]] = set()
    for fact in facts:
        if (fact.response_id, fact.kind) not in seen:
            seen.add((fact.response_id, fact.kind))
            steps.append(_fact_step(fact))
    # Customs tells its times in whole seconds: within a second, what the filer did came before the answer to it.
    in_order = sorted(
        enumerate(steps),
        key=lambda pair: (pair[1].at.replace(microsecond=0), pair[1].source == "customs", pair[0]),
        reverse=True,
    )
    return [step for _, step in in_order]


def _acts(reference: str) -> list[Step]:
    import_kinds = [kind for kind in ACT_WORDS if kind != "declaration.edit"]
    entries = TrailEntry.objects.filter(subject=reference, kind__in=import_kinds).order_by("seq")[:200]
    return [Step(one.at, ACT_WORDS[one.kind], _label(one), "filer") for one in entries]


def _label(entry: TrailEntry) -> str:
    return str(json.loads(entry.body).get("actor_label", ""))


def _fact_step(fact: ControlFact) -> Step:
    word = FACT_WORDS.get(fact.kind, fact.kind)
    if fact.request is not None and fact.kind in OF_REQUESTS and fact.kind != Kind.DECISION:
        word = f"{REQUEST_WORDS.get(fact.request.kind, fact.request.kind)}: {word.lower()}"
    status = STATUS_WORDS.get(fact.code, "")
    detail = money(fact.body.get("amount"), fact.body.get("currency") or "USD")
    reference = fact.inbound.reference if fact.inbound else ""
    return Step(fact.issued_at, f"{word} ({status})" if status else word, "Customs", "customs", detail, reference)


def messages_of(declaration: Declaration) -> list[OutboundMessage]:
    """Messages sent about the declaration, in order."""
    return list(OutboundMessage.objects.filter(subject=declaration.reference).order_by("sequence"))


def inbound_of(declaration: Declaration) -> list[InboundMessage]:
    """Answers that belong to the declaration, in order of arrival."""
    ids = declaration.facts.exclude(inbound=None).values_list("inbound", flat=True)
    return list(InboundMessage.objects.filter(pk__in=set(ids)).order_by("received_at", "pk"))


def latest_version(declaration: Declaration) -> DeclarationVersion | None:
    """The live version, else the last one that was filed."""
    return declaration.live_version or last_filed(declaration)


def last_filed(declaration: Declaration) -> DeclarationVersion | None:
    """The version that was sent last, whatever became of it; an amendment only where customs granted it."""
    filed = declaration.versions.exclude(submitted_at=None).order_by("-number")
    return filed.filter(Q(asked_by=None) | Q(asked_by__state=RequestState.GRANTED.value)).first()


def versions_of(declaration: Declaration) -> list[DeclarationVersion]:
    """All versions, the latest first; none, without a look, while nothing was ever prepared."""
    if not declaration.entry_number:
        return []
    rows = declaration.versions.select_related("asked_by", "asked_by__version").prefetch_related("totals")
    return list(rows.order_by("-number"))


def requests_of(declaration: Declaration) -> list[Request]:
    """Requests to customs, the latest first; none, without a look, while nothing was ever prepared."""
    if not declaration.entry_number:
        return []
    rows = Request.objects.filter(version__declaration=declaration).select_related("version", "proposal")
    return list(rows.order_by("-pk"))


def asked_by(version: DeclarationVersion) -> Request | None:
    """The request that asks for this version, where it is an amendment."""
    return getattr(version, "asked_by", None)


def kind_of(version: DeclarationVersion) -> str:
    """What a version is: `original`, `amendment`, or by `customs`."""
    if version.source == "customs":
        return "customs"
    return "amendment" if asked_by(version) is not None else "original"


def errors_of(request: Request) -> list[dict[str, Any]]:
    """Why customs refused a request, as it said so; nothing for one that was not refused."""
    if request.state != RequestState.REFUSED:
        return []
    told = request.facts.filter(kind__in=(Kind.REJECTED.value, Kind.DECISION.value)).order_by("-issued_at", "-pk")
    bodies = list(told.values_list("body", flat=True))
    said = [
        {"code": one["code"], "description": one["text"], "pointers": []}
        for body in bodies for one in body.get("statements", ())
    ]  # fmt: skip
    return [*(one for body in bodies for one in body.get("errors", ())), *said]


def customs_errors(declaration: Declaration) -> list[dict[str, Any]]:
    """Errors of the latest rejection, as customs gave them, each with the version it speaks of."""
    fact = (
        declaration.facts.filter(kind=Kind.REJECTED.value, request=None)
        .select_related("version")
        .order_by("-issued_at", "-pk")
        .first()
    )
    if fact is None:
        return []
    return [{**one, "version": fact.version} for one in fact.body.get("errors", [])]
