"""Writing: drafts, dry runs, filing in one call or in two, requests to customs. Checks run before the transaction."""

from datetime import datetime

import msgspec
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from declarations import selectors
from declarations.document import Document
from declarations.filer.api import shapes
from declarations.filer.api.reading import detail_of, etag_of
from declarations.filer.api.shared import (
    BadCursor,
    links_of,
    one_of,
    page_asked,
    receipt_shape,
    request_shape,
    statement_now,
    summary_of,
    violations_of,
)
from declarations.filer.api.taking import DOCUMENT_KINDS, body_document, merged, patched, typed
from declarations.models import Declaration
from declarations.services import amending, drafts, filing, filing_now, requests, submitting_now
from declarations.services.acting import Parties, notes_on, parties_of
from declarations.services.approvals import refuse_change
from declarations.services.rewriting import rewrite
from portal.accounts.actors import Actor
from portal.accounts.api import DRAFT, FILE, READ
from portal.accounts.models import Organization
from portal.api import (
    JSON,
    PATCH,
    Op,
    Operation,
    Query,
    actor_of,
    asked_language,
    body_of,
    once,
    organization_of,
    respond,
    said_in,
    spoken,
)
from portal.errors import DomainError
from portal.idempotency.services import Answer
from portal.languages import say
from portal.timezones import party_date

CREATING, DRAFTING = "declaration.create", "declaration.draft"
SIGNING, TRANSMITTING = "declaration.sign", "declaration.transmit"
DECLARATION = "a-declaration"
GROUPS = ("yours", "customs", "done")
FILTERS = (
    Query("group", "Only those whose turn it is: yours, customs', or nobody's (done).",
          {"type": "string", "enum": ["", *GROUPS]}),
    Query("q", "Words of the goods, or the beginning of your own reference, or a reference or entry number."),
    Query("entry_type", "Only of this entry type.", {"type": "string", "maxLength": 2}),
)  # fmt: skip


class PreconditionMissing(DomainError):
    """A draft is changed with the mark of what was read, so that nobody's work is overwritten."""

    code = "PRECONDITION_REQUIRED"
    status = 428


class Filings(Operation):
    """Create, check, sign and submit in one call."""

    ops = {
        "post": Op("file", "Create, check, sign and submit a declaration in one call", FILE, {202: shapes.Filed},
                   takes=Document, problems=(400, 403, 409, 413, 415, 422), key="required", example=DECLARATION,
                   accepts=DOCUMENT_KINDS),
    }  # fmt: skip

    def post(self, request: Request) -> HttpResponse:
        """202 with the receipt; 422 with every violation and nothing kept."""
        now, language = timezone.now(), asked_language(request)

        def before() -> filing_now.Looked:
            looked = _looked(request, TRANSMITTING, now)
            if looked.review is None or looked.review.errors:
                raise filing.HasErrors(_review(looked))
            return looked

        def work(looked: filing_now.Looked) -> Answer:
            filed = filing_now.file_now(looked, actor=actor_of(request), now=now)
            return Answer(202, _filed(filed, _review(looked), language))

        return spoken(once(request, before, work, required=True), language)


class DryRuns(Operation):
    """What filing would do, with nothing kept."""

    ops = {
        "post": Op("dry_run", "All violations and the assessment of a declaration; nothing is kept", DRAFT,
                   {200: shapes.DryRun}, takes=Document, problems=(400, 403, 413, 415, 422), example=DECLARATION,
                   accepts=DOCUMENT_KINDS),
    }  # fmt: skip

    def post(self, request: Request) -> HttpResponse:
        """Runs the submit path in a transaction that is rolled back."""
        now, language = timezone.now(), asked_language(request)
        looked = _looked(request, CREATING, now)
        found, refusal = _review(looked), None
        if not found.errors and actor_of(request).may(SIGNING):
            try:
                filing_now.try_now(looked, actor=actor_of(request), now=now)
            except DomainError as error:
                refusal = {"code": error.code, "detail": said_in(error, language)}
        fine = not found.errors and refusal is None
        told = shapes.DryRun(
            fine, refusal, violations_of(found.violations, language), found.assessment,
            statement_now(looked.declaration.party, looked.document.declarant_statement),
            _notes(looked.document, looked.declaration, language),
        )  # fmt: skip
        return spoken(respond(told), language)


class Declarations(Operation):
    """Drafts and what became of them."""

    ops = {
        "get": Op("list_declarations", "Declarations of the organization, newest first", READ,
                  {200: shapes.Page[shapes.Summary]}, problems=(400,), query=("after", "limit", *FILTERS)),
        "post": Op("create_draft", "Keep a declaration as a draft, complete or not", DRAFT, {201: shapes.Detail},
                   takes=Document, problems=(400, 403, 409, 413, 415, 422), key="optional", example=DECLARATION,
                   accepts=DOCUMENT_KINDS, etag=True, location=True),
    }  # fmt: skip

    def get(self, request: Request) -> HttpResponse:
        """A page of them, filtered by group (yours, customs, done), words and entry type."""
        after, limit = page_asked(request.query_params)
        asked = {name: request.query_params.get(name, "") for name in ("group", "q", "entry_type")}
        if asked["group"] not in ("", *GROUPS) or len(asked["entry_type"]) > 2:
            raise BadCursor(f"group is one of {', '.join(GROUPS)}; entry_type has two characters.")
        rows, following = selectors.list_declarations(
            actor_of(request),
            group=asked["group"],
            text=asked["q"][:80],
            entry_type=asked["entry_type"],
            after=after,
            limit=limit,
        )
        return respond(shapes.Page(tuple(map(summary_of, rows)), following or None))

    def post(self, request: Request) -> HttpResponse:
        """201 with the draft and its mark."""
        now = timezone.now()

        def work(looked: filing_now.Looked) -> Answer:
            draft = filing_now.keep_draft(looked, actor=actor_of(request), now=now)
            return Answer(201, msgspec.json.encode(detail_of(draft)))

        answer = once(request, lambda: _looked(request, CREATING, now, check=False), work)
        made = msgspec.json.decode(answer.content, type=_Made)  # a kept answer too
        answer["ETag"], answer["Location"] = f'"{made.row_version}"', made.links["self"]
        return answer


class _Made(msgspec.Struct):
    row_version: int
    links: dict[str, str]


class OneDeclaration(Operation):
    """A draft to change, or what became of it."""

    ops = {
        "get": Op("get_declaration", "A declaration as it stands or was filed", READ, {200: shapes.Detail},
                  problems=(404,), etag=True),
        "patch": Op("change_draft", "Change a draft: a JSON merge patch of the declaration (RFC 7386)", DRAFT,
                    {200: shapes.Detail}, takes=Document, problems=(400, 403, 404, 409, 412, 413, 415, 422, 428),
                    if_match=True, example="patch", accepts=(PATCH, JSON), etag=True),
        "delete": Op("discard_draft", "Withdraw a draft that was never filed", DRAFT, {204: None},
                     problems=(403, 404, 409)),
    }  # fmt: skip

    def get(self, request: Request, reference: str) -> HttpResponse:
        """With its mark as `ETag`."""
        one = one_of(actor_of(request), reference)
        return respond(detail_of(one), ETag=etag_of(one))

    def patch(self, request: Request, reference: str) -> HttpResponse:
        """The draft has the members that the patch names; what was prepared or signed is void."""
        if organization_of(request).kind == Organization.Kind.PROVIDER:
            one = one_of(actor_of(request), reference)
            raise refuse_change(declaration=one, actor=actor_of(request), now=timezone.now())
        one = one_of(actor_of(request), reference, DRAFTING)
        mark = request.headers.get("If-Match", "").strip()
        if not mark:
            raise PreconditionMissing("Send the ETag that you read as If-Match.")
        document = merged(one, body_of(request, PATCH, JSON))
        rewrite(
            draft=one, document=document, row_version=None if mark == "*" else mark.removeprefix("W/").strip('"'),
            actor=actor_of(request), now=timezone.now(),
        )  # fmt: skip
        fresh = one_of(actor_of(request), reference)
        return respond(detail_of(fresh), ETag=etag_of(fresh))

    def delete(self, request: Request, reference: str) -> HttpResponse:
        """204; a number that was taken is voided."""
        one = one_of(actor_of(request), reference, DRAFTING)
        drafts.discard(draft=one, actor=actor_of(request), now=timezone.now())
        return HttpResponse(status=204)


class Submissions(Operation):
    """Sign and submit a draft, or what a person has signed."""

    ops = {
        "post": Op("submit_declaration", "Sign and submit", FILE, {202: shapes.Filed}, takes=shapes.Submission,
                   problems=(400, 403, 404, 409, 413, 415, 422), key="required", example="submission"),
    }  # fmt: skip

    def post(self, request: Request, reference: str) -> HttpResponse:
        """202 with the receipt; the same receipt for what was submitted already."""
        now = timezone.now()
        given = typed(request, shapes.Submission)

        def work(one: Declaration) -> Answer:
            filed = submitting_now.submit_now(
                declaration=one, statement=given.statement, digest=given.digest, actor=actor_of(request), now=now
            )
            return Answer(202, _filed(filed, None, asked_language(request)))

        return once(request, lambda: one_of(actor_of(request), reference, TRANSMITTING), work, required=True)


class Amendments(Operation):
    """Ask customs to amend."""

    ops = {
        "post": Op("amend_declaration", "Ask customs to amend an accepted declaration before the goods are released",
                   FILE, {202: shapes.Amending}, takes=shapes.Amendment,
                   problems=(400, 403, 404, 409, 413, 415, 422), key="required", example="amendment"),
    }  # fmt: skip

    def post(self, request: Request, reference: str) -> HttpResponse:
        """202 with the request; what was filed stays in force until customs grants it. 422 with every violation."""
        given, now, language = typed(request, shapes.Amendment), timezone.now(), asked_language(request)

        def before() -> amending.Proposal:
            one = one_of(actor_of(request), reference, TRANSMITTING)
            if organization_of(request).kind == Organization.Kind.PROVIDER:
                raise refuse_change(declaration=one, actor=actor_of(request), now=now)
            document = patched(one, given.changes)
            return amending.propose(declaration=one, document=document, actor=actor_of(request), now=now)

        def work(proposal: amending.Proposal) -> Answer:
            made = amending.file_amendment(
                proposal=proposal, reason_code=given.reason_code, reason=given.reason, statement=given.statement,
                actor=actor_of(request), now=now,
            )  # fmt: skip
            said = violations_of(proposal.review.violations, language)
            shape = shapes.Amending(**msgspec.structs.asdict(request_shape(made)), violations=said)
            return Answer(202, msgspec.json.encode(shape))

        return spoken(once(request, before, work, required=True), language)


class Cancellations(Operation):
    """Ask customs to cancel."""

    ops = {
        "post": Op("cancel_declaration", "Ask customs to cancel a filed declaration", FILE, {202: shapes.Requested},
                   takes=shapes.Cancellation, problems=(400, 403, 404, 409, 413, 415, 422), key="optional",
                   example="cancellation"),
    }  # fmt: skip

    def post(self, request: Request, reference: str) -> HttpResponse:
        """202 with the request; customs grants or refuses it."""
        given = typed(request, shapes.Cancellation)

        def work(one: Declaration) -> Answer:
            made = requests.cancel(
                declaration=one, reason_code=given.reason_code, reason=given.reason, actor=actor_of(request),
                now=timezone.now(),
            )  # fmt: skip
            return Answer(202, msgspec.json.encode(request_shape(made)))

        return once(request, lambda: one_of(actor_of(request), reference, "declaration.cancel"), work)


def _looked(request: Request, action: str, now: datetime, *, check: bool = True) -> filing_now.Looked:
    """The declaration in the body, reviewed where it is to be filed."""
    actor: Actor = actor_of(request)
    document = body_document(request)
    parties = parties_of(document, actor, action, on=party_date(now))
    return filing_now.look(
        document=document, importer=parties.importer, filer=parties.filer, actor=actor, now=now, check=check
    )


def _review(looked: filing_now.Looked) -> filing.Review:
    if looked.review is None:
        raise RuntimeError("a declaration that is to be filed was not looked at")
    return looked.review


def _filed(filed: filing_now.Filed, found: filing.Review | None, language: str) -> bytes:
    """What stands after filing; `found` is what was thought of it, where it was looked at just now."""
    version, one = filed.version, filed.declaration
    assessment = found.assessment if found is not None else filing.contents_of(version)[1]
    return msgspec.json.encode(
        shapes.Filed(
            reference=one.reference, entry_number=version.entry_number, lrn=version.lrn, version=version.number,
            digest=version.digest, receipt=receipt_shape(filed.receipt), assessment=assessment,
            violations=violations_of(found.violations if found is not None else (), language),
            notes=_notes(found.document, one, language) if found is not None else (), links=links_of(one.reference),
        )
    )  # fmt: skip


def _notes(document: Document, one: Declaration, language: str) -> tuple[dict[str, str], ...]:
    found = notes_on(document, Parties(one.importer, one.filer))
    return tuple({**note, "message": say(note["message"], language)} for note in found)
