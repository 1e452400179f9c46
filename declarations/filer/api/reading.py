"""Reading: lists, one declaration, its duty, history, messages, receipt and printed form."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from declarations import selectors
from declarations.assessment import Assessment
from declarations.filer.api import shapes
from declarations.filer.api.shared import (
    links_of,
    one_of,
    page_asked,
    receipt_shape,
    request_shape,
    stamp,
    statement_now,
    summary_of,
)
from declarations.freeze import freeze
from declarations.models import Declaration, DeclarationVersion, Receipt
from declarations.printing import render_entry_summary
from declarations.services import filing
from portal.accounts.api import READ
from portal.api import Op, Operation, actor_of, organization_of, respond
from portal.desk.selectors import events_of
from portal.errors import DomainError
from portal.gateway.models import InboundMessage, OutboundMessage
from portal.records.services import read_bytes

NOTHING_FILED = "Nothing has been filed yet."


class NothingFiled(DomainError):
    """What is asked for comes with the filing."""

    code = "NOTHING_FILED"
    status = 404


class PdfRenderer(BaseRenderer):
    """So that `Accept: application/pdf` is understood."""

    media_type = "application/pdf"
    format = "pdf"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        """Only problems come this way, which are JSON all the same."""
        return JSONRenderer().render(data)


def detail_of(one: Declaration) -> shapes.Detail:
    """A declaration in full: while it is a draft as it stands, afterwards as it was filed."""
    version = one.live_version
    document = freeze(one) if version is None else filing.contents_of(version)[0]
    state = selectors.state_of(one)
    told = {"word": state.word, "sentence": state.sentence, "turn": state.turn, "next": state.next}
    return shapes.Detail(
        summary=summary_of(one), declaration=document, row_version=one.row_version, standing=one.standing or {},
        status={name: str(text) for name, text in told.items()},
        statement=statement_now(one.party, document.declarant_statement),
        version=_version(version) if version else None, links=links_of(one.reference),
        versions=tuple(_in_short(row, version) for row in selectors.versions_of(one)),
        requests=tuple(map(request_shape, selectors.requests_of(one))),
    )  # fmt: skip


def etag_of(one: Declaration) -> str:
    """The mark of a draft as it stands, for `If-Match`."""
    return f'"{one.row_version}"'


class One(Operation):
    """GET /declarations/{reference}/assessment and the like share this."""

    def declaration(self, request: Request, reference: str) -> Declaration:
        """The declaration of the address. Raises Http404."""
        return one_of(actor_of(request), reference)


class AssessmentOf(One):
    """The duty of a declaration, with its working."""

    ops = {
        "get": Op("declaration_assessment", "What is owed, line by line, with the working", READ, {200: Assessment},
                  problems=(404,)),
    }  # fmt: skip

    def get(self, request: Request, reference: str) -> HttpResponse:
        """As it was filed, or as it would be now."""
        one = self.declaration(request, reference)
        if one.live_version is not None:
            return respond(filing.contents_of(one.live_version)[1])
        return respond(filing.review(declaration=one, now=timezone.now()).assessment)


class EventsOf(One):
    """The history of a declaration."""

    ops = {
        "get": Op("declaration_events", "History with field differences and who did it, newest first", READ,
                  {200: shapes.Page[shapes.Event]}, problems=(400, 404), query=("after", "limit")),
    }  # fmt: skip

    def get(self, request: Request, reference: str) -> HttpResponse:
        """A page of it."""
        one = self.declaration(request, reference)
        after, limit = page_asked(request.query_params)
        rows = events_of(one.reference, organization_of(request), limit=limit + 1, before=int(after) if after else None)
        found = list(rows)
        results = tuple(event_shape(row) for row in found[:limit])
        return respond(shapes.Page(results, str(found[limit - 1].seq) if len(found) > limit else None))


class MessagesOf(One):
    """The messages about a declaration, both ways."""

    ops = {
        "get": Op("declaration_messages", "Messages to and from customs, in order, with their bytes as text", READ,
                  {200: shapes.Page[shapes.Message]}, problems=(404,)),
    }  # fmt: skip

    def get(self, request: Request, reference: str) -> HttpResponse:
        """All of them: there are few."""
        return respond(shapes.Page(messages_about(self.declaration(request, reference)), None))


class ReceiptOf(One):
    """The receipt of the latest submission."""

    ops = {
        "get": Op(
            "declaration_receipt", "Proof of the latest submission", READ, {200: shapes.Receipt}, problems=(404,)
        ),
    }

    def get(self, request: Request, reference: str) -> HttpResponse:
        """The receipt, with whether it is genuine."""
        one = self.declaration(request, reference)
        given = (
            Receipt.objects.filter(version__declaration=one)
            .select_related("version", "version__declaration")
            .order_by("-version__number")
            .first()
        )
        if given is None:
            raise NothingFiled(NOTHING_FILED)
        return respond(receipt_shape(given))


class EntrySummaryOf(One):
    """The printed form."""

    renderer_classes = [PdfRenderer, JSONRenderer]
    ops = {
        "get": Op("declaration_entry_summary", "The entry summary as a PDF", READ, {200: bytes}, problems=(404,),
                  media="application/pdf"),
    }  # fmt: skip

    def get(self, request: Request, reference: str) -> HttpResponse:
        """The latest frozen version."""
        version = selectors.latest_version(self.declaration(request, reference))
        if version is None:
            raise NothingFiled("There is nothing to print yet. Submit the declaration first.")
        answer = HttpResponse(
            render_entry_summary(version, rehearsal=settings.REHEARSAL), content_type="application/pdf"
        )
        answer["Content-Disposition"] = f'inline; filename="entry-summary-{version.entry_number}-{version.number}.pdf"'
        return answer


def messages_about(one: Declaration) -> tuple[shapes.Message, ...]:
    """Messages both ways, in order, with their bytes as text."""
    sent = [_message(row, "out", row.created_at) for row in selectors.messages_of(one)]
    heard = [_message(row, "in", row.received_at) for row in selectors.inbound_of(one)]
    return tuple(sorted(sent + heard, key=lambda row: row.at))


def event_shape(row: Any) -> shapes.Event:
    """An event as the feed and webhooks give it."""
    return shapes.Event(
        seq=row.seq, at=stamp(row.at), kind=row.kind, reference=row.reference, actor=row.actor,
        changes=tuple(row.changes),
    )  # fmt: skip


def _version(version: DeclarationVersion) -> dict[str, Any]:
    return {
        "reference": version.reference, "number": version.number, "state": version.state, "lrn": version.lrn,
        "entry_number": version.entry_number, "digest": version.digest, "channel": version.channel,
        "created_at": stamp(version.created_at),
        "submitted_at": stamp(version.submitted_at) if version.submitted_at else None,
    }  # fmt: skip


def _in_short(version: DeclarationVersion, live: DeclarationVersion | None) -> shapes.Version:
    asked = selectors.asked_by(version)
    return shapes.Version(
        number=version.number, kind=selectors.kind_of(version), state=version.state,
        in_force=live is not None and version.pk == live.pk, lrn=version.lrn, digest=version.digest,
        total_due=next((f"{one.amount:.2f}" for one in version.totals.all() if one.kind == "total"), None),
        created_at=stamp(version.created_at),
        submitted_at=stamp(version.submitted_at) if version.submitted_at else None,
        request=asked.reference if asked else None,
    )  # fmt: skip


def _message(row: OutboundMessage | InboundMessage, direction: str, at: Any) -> shapes.Message:
    return shapes.Message(
        reference=row.reference, direction=direction, state=row.state, at=stamp(at),
        local_reference=getattr(row, "local_reference", None), sha256=row.sha256,
        body=read_bytes(row.sha256).decode("utf-8", "replace"),
    )  # fmt: skip
