"""A declaration for whoever may read it and not change it: its answers, the frozen document, what changed when."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brokers.authority import NoMandate
from declarations import selectors
from declarations.access import ActionNotAllowed, require_authority
from declarations.filer import checking
from declarations.filer.history import changes_of
from declarations.filer.line_table import line_page
from declarations.filer.line_words import LineWords
from declarations.filer.web.shared import (
    DRAFT,
    READ,
    ActingRequest,
    acting_on,
    book_of,
    draft_frame,
    name_of,
    on_declaration,
    refused,
    start_of,
)
from declarations.models import Declaration
from portal.records.services import read_bytes
from portal.timezones import party_date


def reading_page(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """A draft of somebody else as it stands now, with nothing to change."""
    context = draft_frame(request, declaration)
    review, book = context["review"], book_of(declaration)
    answers = checking.sections(
        reference=declaration.reference, header=declaration.header, violations=(), book=book, filed=None
    )
    plain = [(one.step.title, [each._replace(href="") for each in one.answers]) for one in answers]
    context |= {
        "sections": plain, "page": line_page(review, after=start_of(request), said=LineWords(book).of),
        "why": _why_reading(request, declaration), **acting_on(request, declaration),
    }  # fmt: skip
    return render(request, "declarations/reading.html", context)


def _why_reading(request: ActingRequest, declaration: Declaration) -> str:
    """Why whoever looks only reads it."""
    if not request.actor.may(DRAFT):
        return _("Your role lets you read it; others fill it in.")
    try:
        require_authority(request.actor, declaration, DRAFT, on=party_date(timezone.now()))
    except (ActionNotAllowed, NoMandate) as error:
        return str(error)
    return ""


@on_declaration(READ)
@require_GET
def document_file(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """The very bytes of the document that was frozen: the live version's, or `?version=` by its number."""
    wanted = request.GET.get("version", "")
    version = selectors.latest_version(declaration)
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= 6:
        version = declaration.versions.filter(number=int(wanted)).first()
    if version is None:
        return refused(request, declaration.reference, _("Nothing is frozen yet, so there is no document to export."))
    answer = HttpResponse(read_bytes(version.content_sha256), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{version.entry_number}-{version.number}.json"'
    return answer


@on_declaration(READ)
@require_GET
def changes(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """Every change, newest first: who made it, when, and what each answer was and is."""
    rows, following = changes_of(declaration, before=request.GET.get("after", ""))
    context = {"declaration": declaration, "name": name_of(declaration), "rows": rows, "following": following}
    return render(request, "declarations/changes.html", context)
