"""Amend a filed declaration before its goods are released: a version of its own, asked for under its own reference.

Nothing of the declaration changes until customs grants it (`settling`); the version before stays readable.
"""

from copy import copy
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from django.db import IntegrityError, transaction

from declarations import flow
from declarations.access import require_authority
from declarations.document import SCHEMA, Correction, Document
from declarations.flow import ActRefused, RequestKind
from declarations.freeze import freeze, split
from declarations.messages.wco_header import ADDITIONAL
from declarations.messages.wco_xml import encode
from declarations.models import Declaration, DeclarationVersion, Request
from declarations.paths import at, without_empty
from declarations.services.acting import worth_of
from declarations.services.acts import parties_to
from declarations.services.filed_shipments import keep_shipments
from declarations.services.filing import NotAllowedToSign
from declarations.services.filing_now import METHOD
from declarations.services.mirrors import mirror_header
from declarations.services.proofs import receipt_of, signature_over
from declarations.services.requests import PENDING, RequestPending
from declarations.services.responses import recompute
from declarations.services.reviewing import HasErrors, Review, complete, review
from declarations.services.rewriting import MOST_CHANGES, differences
from declarations.services.submitting_now import signatory_for
from declarations.services.telling import amendment_task
from declarations.services.versions import store_version
from portal.accounts.actors import Actor
from portal.desk.services import close_tasks, publish
from portal.errors import DomainError
from portal.gateway.services import enqueue
from portal.parameters.selectors import value_of
from portal.records.services import keep_bytes
from portal.timezones import party_date
from portal.trail.services import record

AMENDMENT = "amendment"  # what the document of such a version says of itself
FIXED = ("functional_reference_id", "parties/importer/id")  # beside the entry number and the acts
ACTIONS = ("declaration.draft", "declaration.sign", "declaration.transmit")


class NotAmendable(DomainError):
    """An amendment touches what can only be filed anew; every such member is named."""

    code = "NOT_AMENDABLE"
    status = 422

    def __init__(self, pointers: list[str]) -> None:
        super().__init__("An amendment cannot change this. Ask customs to cancel the declaration, and file it anew.")
        self.pointers = pointers

    def members(self) -> dict[str, object]:
        """The members, as violations."""
        words = "An amendment cannot change this."
        return {
            "violations": [
                {"code": self.code, "pointer": one, "message": words, "legal_basis": "", "severity": "error"}
                for one in self.pointers
            ]
        }  # fmt: skip


class NothingChanged(DomainError):
    """An amendment says what was filed already."""

    code = "NOTHING_CHANGED"
    status = 422


class Proposal(NamedTuple):
    """An amendment that nobody has asked for yet: what is in force, what would be, and every difference."""

    base: DeclarationVersion
    row_version: int
    before: dict[str, Any]
    after: dict[str, Any]
    review: Review
    changes: list[dict[str, Any]]


def may_amend(declaration: Declaration, *, now: datetime) -> bool:
    """True from the acceptance until customs calls an examination or releases the goods."""
    found = recompute(declaration)
    on = party_date(now, declaration.party)
    states = value_of(flow.AMENDABLE_PARAMETER, on, party=declaration.party).split(",")
    return flow.amendable(
        declaration.filing, found.legal, states=states, examined=found.examined, released=found.released
    )


def amend(
    *, declaration: Declaration, document: Document, reason_code: str, reason: str, statement: str | None,
    actor: Actor, now: datetime, method: str = METHOD,
) -> Request:  # fmt: skip
    """Customs is asked to put this document in the place of the one in force. Raises what both halves raise."""
    proposal = propose(declaration=declaration, document=document, actor=actor, now=now)
    return file_amendment(
        proposal=proposal, reason_code=reason_code, reason=reason, statement=statement, actor=actor, now=now,
        method=method,
    )  # fmt: skip


def propose(*, declaration: Declaration, document: Document, actor: Actor, now: datetime) -> Proposal:
    """The amendment as it would be filed, reviewed with the entry number kept. Writes nothing.

    Raises ActRefused, RequestPending, NotAmendable, NothingChanged, HasErrors, NotAllowedToSign, NoMandate.
    """
    base = declaration.live_version
    if not actor.may("declaration.sign"):
        raise NotAllowedToSign("Your role does not allow you to sign for the importer.")
    _require_window(declaration, now)
    if base is None:
        raise ActRefused("There is nothing in force to amend.")
    before, after = _as_typed(freeze(declaration)), _as_typed(document)
    if document.entry_number is not None and document.entry_number.compact == base.entry_number:
        after.pop("entry_number")  # said, and the same
        after |= {name: one for name, one in before.items() if name == "entry_number"}
    changes = list(differences(before, after, ""))
    if not changes:
        raise NothingChanged("This is what was filed already. Say what is to change.")
    probe = copy(declaration)
    probe.header = {name: one for name, one in after.items() if name != "items"}
    mirror_header(probe)
    whole = _document(declaration, after)
    found = review(declaration=probe, now=now, signatory=actor.signatory, document=whole)
    if touched := _fixed(base, before, after, found.document):
        raise NotAmendable(touched)
    for one in (declaration, probe):  # the mandate covers what is changed, and what it is changed to
        for action in ACTIONS:
            on = party_date(now, declaration.party)
            require_authority(actor, one, action, on=on, worth=lambda: worth_of(found.assessment))
    if found.errors:
        raise HasErrors(found)
    return Proposal(base, declaration.row_version, before, after, found, changes)


@transaction.atomic
def file_amendment(
    *, proposal: Proposal, reason_code: str, reason: str, statement: str | None, actor: Actor, now: datetime,
    method: str = METHOD,
) -> Request:  # fmt: skip
    """Version, signature, receipt, request, message, trail and events stand together; the declaration is as it was.

    Raises ActRefused, RequestPending, StatementNeeded, StatementChanged, NotAllowedToSign.
    """
    words = " ".join(reason.split())[:512]
    if not words:
        raise ActRefused("Tell customs in your words why the declaration is amended.")
    row = Declaration.objects.select_for_update(of=("self",)).get(pk=proposal.base.declaration_id)
    _require_window(row, now)
    if row.live_version_id != proposal.base.pk or row.row_version != proposal.row_version:
        raise ActRefused("Somebody else has just changed this declaration. Please look at it again.")
    signatory = signatory_for(row, statement, actor, now)
    document = _amended(proposal, reason_code, words)
    state = DeclarationVersion.State.SUBMITTED
    version, plain = store_version(row, document, proposal.review, proposal.base.entry_number, now, state=state)
    signature = signature_over(
        version, chosen=document.declarant_statement, party=row.party, signatory=signatory, method=method, now=now
    )
    signature.save(force_insert=True)
    receipt_of(version, actor, now).save(force_insert=True)
    keep_shipments(row.importer, version, document)
    request = _ask(proposal, version, reason_code, words, actor, now)
    body = encode(
        document, assessment=proposal.review.assessment, lrn=version.lrn, version=version.number, function=ADDITIONAL,
        plain=plain,
    )  # fmt: skip
    enqueue(
        subject=row.reference, channel=version.channel, purpose="declarations", local_reference=version.lrn, body=body,
        correlation_id=actor.correlation_id, now=now,
    )  # fmt: skip
    told = {"statement": signature.statement_id, "signatory": signatory.reference, "method": method}
    _remember(row, request, proposal, told, actor, now)
    return request


def _require_window(declaration: Declaration, now: datetime) -> None:
    if not may_amend(declaration, now=now):
        raise ActRefused(
            "A declaration can be amended once customs has accepted it, until customs calls an examination or "
            "releases the goods."
        )
    if Request.objects.filter(version__declaration=declaration, state=flow.RequestState.OPEN.value).exists():
        raise RequestPending(PENDING)


def _as_typed(document: Document) -> dict[str, Any]:
    """What the filer says, as the tables keep it."""
    header, items = split(document)
    return {**without_empty(header), "items": [without_empty(one) for one in items]}


def _document(declaration: Declaration, typed: dict[str, Any]) -> Document:
    items = [{**one, "sequence": number} for number, one in enumerate(typed["items"], start=1)]
    fixed = {"profile": declaration.party, "schema": SCHEMA, "function": "original"}
    return msgspec.convert({**fixed, **typed, "items": items}, Document)


def _fixed(base: DeclarationVersion, before: dict[str, Any], after: dict[str, Any], completed: Document) -> list[str]:
    """Pointers of what stays as it was filed, and was to be changed."""
    found = [f"/{path}" for path in FIXED if at(before, path) != at(after, path)]
    if before.get("entry_number") != after.get("entry_number"):
        found.append("/entry_number")
    if completed.filing is None or set(completed.filing.acts) != set(base.acts.split(",")):
        found.append("/filing/acts")
    return found


def _amended(proposal: Proposal, reason_code: str, reason: str) -> Document:
    """The document that is signed: complete, and saying of itself that it amends and why."""
    found = proposal.review
    document = complete(found.document, found.assessment, proposal.base.entry_number)
    why = Correction(header_reasons=(reason_code,) if reason_code else (), explanation=reason)
    return msgspec.structs.replace(document, function=AMENDMENT, correction=why)


def _ask(
    proposal: Proposal, version: DeclarationVersion, reason_code: str, reason: str, actor: Actor, now: datetime
) -> Request:
    contents = [msgspec.json.encode(one, order="sorted") for one in (proposal.before, proposal.after)]
    before, after = keep_bytes(contents, now=now)
    try:
        with transaction.atomic():
            return Request.objects.create(
                version=proposal.base, kind=RequestKind.AMEND.value, proposal=version, lrn=version.lrn,
                reason_code=reason_code, reason=reason, before_sha256=before, after_sha256=after,
                created_by=actor.signatory, created_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise RequestPending(PENDING) from None


def _remember(
    row: Declaration, request: Request, proposal: Proposal, told: dict[str, str], actor: Actor, now: datetime
) -> None:
    """Trail and feeds, last in the transaction: they take locks."""
    version, changes = request.proposal, proposal.changes
    if version is None:
        raise RuntimeError("an amendment has its version")
    refused = Request.objects.filter(version=proposal.base, state=flow.RequestState.REFUSED.value)
    close_tasks(subject=row.reference, kinds=[amendment_task(one) for one in refused], now=now)
    data: dict[str, Any] = {
        "request": request.reference, "lrn": request.lrn, "version": version.number, "of": proposal.base.number,
        "digest": version.digest, "reason_code": request.reason_code, "reason": request.reason, **told,
        "changes": changes[:MOST_CHANGES],
    }  # fmt: skip
    if len(changes) > MOST_CHANGES:
        data["left_out"] = len(changes) - MOST_CHANGES
    record(subject=row.reference, kind="request.amend", actor=actor, now=now, data=data)
    publish(
        organizations=parties_to(row), kind="request.amend", reference=row.reference, actor=actor, now=now,
        changes=changes[:MOST_CHANGES],
    )  # fmt: skip
