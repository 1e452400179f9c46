"""Many declarations at once: sent as a file, worked on in the background, each row with its own outcome."""

import tempfile
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from declarations.batch_models import DONE_WELL
from declarations.filer.api import batch_shapes as shapes
from declarations.filer.api.shapes import Page
from declarations.filer.api.shared import page_asked, stamp, violation_in
from declarations.filer.batches.receiving import FORMATS, MOST_BYTES, Received, receive
from declarations.models import Batch, BatchRow
from declarations.services import batches
from portal.accounts.api import FILE, READ
from portal.api import Op, Operation, actor_of, asked_language, key_of, kind_of, once, respond, spoken, stream_body
from portal.errors import DomainError
from portal.idempotency.services import Answer
from portal.languages import say

ADDRESS = "/api/v1/batches"


class BadMode(DomainError):
    """The batch is to be worked on in a way that there is none."""

    code = "BAD_MODE"
    status = 400


class Batches(Operation):
    """Batches of the organization."""

    ops = {
        "get": Op("list_batches", "Batches of the organization, newest first", READ, {200: Page}, problems=(400,),
                  query=("after", "limit")),
        "post": Op("send_batch", "File, try or keep up to 5,000 declarations: NDJSON, CSV or XLSX", FILE,
                   {202: shapes.Batch}, problems=(400, 403, 409, 413, 415, 422), query=("mode",), key="required",
                   takes=str, example="batch", accepts=tuple(FORMATS)),
    }  # fmt: skip

    def get(self, request: Request) -> HttpResponse:
        """A page of them."""
        after, limit = page_asked(request.query_params)
        rows, following = batches.list_batches(actor_of(request), after=int(after or 0), limit=limit)
        return respond(Page(tuple(map(batch_shape, rows)), str(following) if following else None))

    def post(self, request: Request) -> HttpResponse:
        """202 with its reference, as soon as the file is read and kept; 422 where it cannot be read as a whole."""
        now, actor = timezone.now(), actor_of(request)
        format, mode = FORMATS[kind_of(request, FORMATS)], request.query_params.get("mode", Batch.Mode.FILE)
        if mode not in Batch.Mode.values:
            raise BadMode(f"mode is one of {', '.join(Batch.Mode.values)}.")
        key_of(request, required=True)
        folder = Path(settings.MEDIA_ROOT) / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as own:
            path = Path(own) / "batch"
            with path.open("wb") as out:
                sha256 = stream_body(request, out, most=MOST_BYTES)

            def work(found: Received) -> Answer:
                batch = batches.take_batch(
                    rows=found.rows, source=found.source, lines=found.lines, mode=mode, format=format, actor=actor,
                    now=now,
                )  # fmt: skip
                return Answer(202, msgspec.json.encode(batch_shape(batch)))

            said = f"{format} {mode} {sha256}".encode()
            return once(request, lambda: receive(path, format=format, now=now), work, required=True, said=said)


class OneBatch(Operation):
    """How far a batch is."""

    ops = {
        "get": Op("get_batch", "A batch and its progress", READ, {200: shapes.Batch}, problems=(404,)),
    }  # fmt: skip

    def get(self, request: Request, reference: str) -> HttpResponse:
        """Its numbers as they stand now."""
        return respond(batch_shape(batches.batch_for(actor_of(request), reference)))


class BatchResults(Operation):
    """What became of the rows of a batch."""

    ops = {
        "get": Op("batch_results", "Outcomes of a batch in the order of its rows", READ, {200: Page},
                  problems=(400, 404), query=("after", "limit")),
    }  # fmt: skip

    def get(self, request: Request, reference: str) -> HttpResponse:
        """Rows that are done; `next` is null when all have been given and the batch is done."""
        after, limit = page_asked(request.query_params)
        batch = batches.batch_for(actor_of(request), reference)
        rows, following = batches.rows_of(batch, after=int(after or 0), limit=limit)
        language = asked_language(request)
        results = tuple(_row_shape(one, batch.mode, language) for one in rows)
        page = respond(Page(results, None if following is None else str(following)))
        return spoken(page, language)


def batch_shape(one: Batch) -> shapes.Batch:
    """A batch as the API gives it."""
    done = one.accepted + one.refused + one.unreadable
    numbers = dict.fromkeys(("filed", "passed", "kept"), 0) | {DONE_WELL[Batch.Mode(one.mode)]: one.accepted}
    until = one.finished_at or one.worked_at
    took = (until - one.started_at).total_seconds() if until and one.started_at else 0
    worked: Any = one.accepted + one.refused
    return shapes.Batch(
        reference=one.reference, state=one.state, mode=one.mode, format=one.format, sha256=one.source_sha256,
        rows=one.rows, refused=one.refused, unreadable=one.unreadable, waiting=one.rows - done,
        rows_per_second=f"{worked / took:.1f}" if took else None, created_at=stamp(one.created_at),
        started_at=stamp(one.started_at) if one.started_at else None,
        finished_at=stamp(one.finished_at) if one.finished_at else None,
        links={"self": f"{ADDRESS}/{one.reference}", "results": f"{ADDRESS}/{one.reference}/results"}, **numbers,
    )  # fmt: skip


def _row_shape(one: BatchRow, mode: str, language: str) -> shapes.BatchResult:
    kept, well = one.declaration, one.outcome == BatchRow.Outcome.ACCEPTED
    return shapes.BatchResult(
        row=one.number, line=one.line, own_reference=one.own_reference or None,
        outcome=DONE_WELL[Batch.Mode(mode)] if well else one.outcome.lower(),
        reference=kept.reference if kept else None, entry_number=(kept.entry_number or None) if kept else None,
        total_due=None if one.total_due is None else f"{one.total_due:.2f}", code=one.code or None,
        detail=say(one.words, language) or None,
        violations=tuple(violation_in(language, found) for found in one.violations),
    )  # fmt: skip
