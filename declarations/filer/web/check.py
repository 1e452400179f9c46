"""Check your answers, and freeze them for signing."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from declarations.document import to_plain
from declarations.filer import checking
from declarations.filer.line_table import line_page
from declarations.filer.line_words import LineWords
from declarations.filer.questions import Header
from declarations.filer.web.shared import (
    DRAFT,
    SIGN,
    ActingRequest,
    book_of,
    draft_frame,
    on_declaration,
    start_of,
)
from declarations.flow import Filing
from declarations.models import Declaration
from declarations.selectors import last_filed
from declarations.services import filing
from declarations.services.filing import HasErrors
from declarations.services.foreseeing import foresee
from declarations.statements import statement_on, words_of
from portal.timezones import party_date


@on_declaration(DRAFT, editing=True)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """Everything on one page, with every problem; the button freezes it and goes on to signing."""
    status = 200
    if request.method == "POST":
        if declaration.filing in (Filing.READY, Filing.SIGNED):
            return redirect("declaration_sign", declaration.reference)
        try:
            filing.prepare(declaration=declaration, actor=request.actor, now=timezone.now())
            return redirect("declaration_sign", declaration.reference)
        except HasErrors:
            status = 422
    return _page(request, declaration, status)


def _page(request: ActingRequest, declaration: Declaration, status: int) -> HttpResponse:
    context = draft_frame(request, declaration)
    review, reference, now = context["review"], declaration.reference, timezone.now()
    book = book_of(declaration)
    foreseen = foresee(declaration, review, now=now)
    violations = (*review.violations, *foreseen.certain)
    chosen = review.document.declarant_statement
    statement = statement_on(party_date(now, declaration.party))
    found = checking.problems(reference=reference, violations=violations, document=review.document)
    context |= {
        "sections": checking.sections(
            reference=reference, header=declaration.header, violations=violations, book=book,
            filed=_last_filed(declaration),
        ),
        "problems": [one for one in found if one.severity == "error"],
        "advice": [one for one in found if one.severity != "error"],
        "page": line_page(review, after=start_of(request), said=LineWords(book).of),
        "count": len(review.errors) + len(foreseen.certain),
        "waiting": checking.waiting(reference=reference, foreseen=foreseen),
        "may_sign": request.actor.may(SIGN),
        "statement": statement, "words": words_of(
            statement, capacity=chosen.capacity if chosen else None, obtained_by=chosen.obtained_by if chosen else None
        ),
    }  # fmt: skip
    return render(request, "declarations/check.html", context, status=status)


def _last_filed(declaration: Declaration) -> Header | None:
    """The header of the version that was filed last, where there is one."""
    version = last_filed(declaration)
    if version is None:
        return None
    document, _assessment = filing.contents_of(version)
    return {name: one for name, one in to_plain(document).items() if name != "items"}
