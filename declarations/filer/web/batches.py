"""Many declarations in one file: send it, see how far it is, and what became of each row."""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods

from declarations.filer.batches.receiving import MOST_BYTES, receive
from declarations.filer.batches.refusing import MOST_DECLARATIONS, BatchRefused
from declarations.filer.web.shared import DRAFT, ActingRequest, told
from declarations.models import Batch, BatchRow
from declarations.selectors import PAGE
from declarations.services import batches
from portal.errors import DomainError
from portal.web import acting

ENDINGS = {".csv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".ndjson": "ndjson", ".jsonl": "ndjson"}
MODES = {
    Batch.Mode.DRY_RUN.value: lazy("Try them out: see the problems and the duty, nothing is kept"),
    Batch.Mode.DRAFT.value: lazy("Keep them as drafts: you read, sign and send them in the list"),
}
DONE = {
    Batch.Mode.FILE.value: lazy("Filed"), Batch.Mode.DRY_RUN.value: lazy("Could be filed"),
    Batch.Mode.DRAFT.value: lazy("Kept as draft"),
}  # fmt: skip
OUTCOMES = {
    BatchRow.Outcome.REFUSED.value: lazy("Refused"), BatchRow.Outcome.UNREADABLE.value: lazy("Cannot be read"),
    BatchRow.Outcome.WAITING.value: lazy("Waiting"),
}  # fmt: skip
PURPOSES = {
    Batch.Mode.FILE.value: lazy("To be filed"), Batch.Mode.DRY_RUN.value: lazy("To try out"),
    Batch.Mode.DRAFT.value: lazy("To keep as drafts"),
}  # fmt: skip
SAME_FOR = timedelta(days=1)


@acting
@require_http_methods(["GET", "HEAD", "POST"])
def batch_list(request: ActingRequest) -> HttpResponse:
    """Files that were sent, newest first, and the form that sends one."""
    if request.method != "POST":
        return _list(request)
    if not request.actor.may(DRAFT):
        words = _("Your role does not allow this.")
        return render(request, "declarations/not_allowed.html", {"words": words}, status=403)
    file: UploadedFile | None = request.FILES.get("file")
    mode = request.POST.get("mode", "")
    format = ENDINGS.get(Path(file.name or "").suffix.lower()) if file is not None else None
    if file is None or format is None:
        return _list(request, faults=[_("Choose a file that ends with .csv, .xlsx or .ndjson.")])
    if mode not in MODES:
        return _list(request, faults=[_("Say what is to be done with the declarations.")])
    if (file.size or 0) > MOST_BYTES:
        return _list(request, faults=[_("The file is too large: at most 100 MB.")])
    try:
        batch, is_new = _taken(request, file, format, mode)
    except BatchRefused as error:
        return _list(request, faults=list(error.words))
    except DomainError as error:
        return _list(request, faults=[str(error)])
    words = (
        _("The file is read. Its rows are worked on now.") if is_new else _("You sent this file before: here it is.")
    )
    return told(request, words, "batch", batch.reference)


def _taken(request: ActingRequest, file: UploadedFile, format: str, mode: str) -> tuple[Batch, bool]:
    """The batch of the file, and whether it is new: sent twice within a day it is one. Raises DomainError."""
    now, folder = timezone.now(), Path(settings.MEDIA_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as own:
        path = Path(own) / "batch"
        with path.open("wb") as out:
            shutil.copyfileobj(file, out)
        found = receive(path, format=format, now=now)
    return batches.take_once(
        since=now - SAME_FOR, rows=found.rows, source=found.source, lines=found.lines, mode=mode, format=format,
        actor=request.actor, now=now,
    )  # fmt: skip


def _list(request: ActingRequest, *, faults: list[str] | None = None) -> HttpResponse:
    rows, following = batches.list_batches(request.actor, after=_after(request), limit=PAGE)
    context = {
        "rows": [
            _in_words(one) | {"purpose": PURPOSES[one.mode], "sender": one.client or one.user} for one in rows
        ], "following": str(following or ""), "faults": faults or [],
        "modes": MODES, "mode": request.POST.get("mode", Batch.Mode.DRY_RUN.value), "most": MOST_DECLARATIONS,
        "may_send": request.actor.may(DRAFT),
    }  # fmt: skip
    return render(request, "declarations/batches.html", context, status=422 if faults else 200)


@acting
@require_GET
def batch(request: ActingRequest, batch: str) -> HttpResponse:
    """How far a file is, and what became of its rows as far as they are done."""
    found = batches.batch_for(request.actor, batch)
    rows, following = batches.rows_of(found, after=_after(request), limit=PAGE)
    is_done = found.state == Batch.State.DONE
    context = _in_words(found) | {
        "outcomes": [_row_in_words(one, found.mode) for one in rows], "is_done": is_done,
        "following": str(following) if following and len(rows) == PAGE else "", "is_start": not _after(request),
    }  # fmt: skip
    return render(request, "declarations/batch.html", context)


def _after(request: ActingRequest) -> int:
    after = request.GET.get("after", "")
    return int(after) if after.isascii() and after.isdigit() and len(after) <= 18 else 0


def _in_words(one: Batch) -> dict[str, Any]:
    return {
        "batch": one, "well": DONE[one.mode], "done": one.accepted + one.refused + one.unreadable,
        "bad": one.refused + one.unreadable,
    }  # fmt: skip


def _row_in_words(one: BatchRow, mode: str) -> dict[str, Any]:
    is_well = one.outcome == BatchRow.Outcome.ACCEPTED
    is_unread = one.outcome == BatchRow.Outcome.UNREADABLE  # its words are in its violations, each with its place
    return {
        "row": one, "word": DONE[mode] if is_well else OUTCOMES[one.outcome], "is_well": is_well,
        "problems": [each for each in one.violations if each.get("severity") == "error"],
        "words": "" if is_well or (is_unread and one.violations) else one.words,
    }  # fmt: skip
