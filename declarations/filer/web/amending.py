"""Correct what customs has accepted: change answers, read the differences, sign, and ask customs."""

from typing import Any, NamedTuple

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from declarations import selectors
from declarations.decoding import DocumentRefused
from declarations.filer import route, saving
from declarations.filer.amendments import SHOWN, changes_shown
from declarations.filer.checking import place_words
from declarations.filer.correcting import Corrections
from declarations.filer.forms import Form
from declarations.filer.line_view import LineForm, SectionView
from declarations.filer.steps import BY_SLUG
from declarations.filer.web.shared import SIGN, ActingRequest, book_of, name_of, on_declaration, told
from declarations.flow import ActRefused, RequestState
from declarations.models import Declaration
from declarations.rules import message
from declarations.services import amending, filing
from declarations.services.comparing import differences_in_lines
from declarations.statements import statement_on, words_of
from declarations.tariff.selectors import current_view
from portal.credentials import TooManyFailures, is_password_of
from portal.forms import FieldError, FieldView, tidy_text
from portal.timezones import party_date

LONGEST_REASON = 400


class Problem(NamedTuple):
    """What must be mended: the words, the page for it, and the line and field where the words do not name them."""

    words: str
    href: str
    place: str = ""


class Looked(NamedTuple):
    """What the corrections come to: the amendment as it would be asked for, or why it cannot be."""

    proposal: amending.Proposal | None
    problems: list[Problem]


def can_be_amended(declaration: Declaration) -> bool:
    """True while customs would take an amendment, and decides on none."""
    asked = any(one.state == RequestState.OPEN for one in selectors.requests_of(declaration))
    return declaration.legal == "ACCEPTED" and not asked and amending.may_amend(declaration, now=timezone.now())


def _require(declaration: Declaration) -> None:
    if not can_be_amended(declaration):
        raise ActRefused(
            _("This can be corrected once customs has accepted it and while no request is open, until customs calls an "
              "examination or releases the goods.")
        )  # fmt: skip


@on_declaration(SIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """What can be corrected, what is, and the signature under it."""
    _require(declaration)
    kept = Corrections(request.session, declaration)
    if request.POST.get("act") == "drop":
        kept.forget()
        return told(request, _("The corrections are dropped. What was filed stands."), "declaration",
                    declaration.reference)  # fmt: skip
    if request.method == "POST" and _move_line(request, kept):
        return HttpResponseRedirect(f"{request.path}#lines")
    found = _look(request, declaration, kept)
    if request.method == "POST" and found.proposal is not None:
        return _sign(request, declaration, kept, found)
    return _page(request, declaration, kept, found)


@on_declaration(SIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def amend_step(request: ActingRequest, declaration: Declaration, slug: str) -> HttpResponse:
    """The answers of one step, to be corrected."""
    step = BY_SLUG.get(slug)
    if step is None or slug == route.LINES:
        raise Http404
    _require(declaration)
    kept = Corrections(request.session, declaration)
    form = Form(step.parts, value=kept.corrected(), book=book_of(declaration), spare=request.GET.getlist("more")[:3],
                data=request.POST if request.method == "POST" else None)  # fmt: skip
    if request.method == "POST":
        _take_out(request, form)
        if form.is_valid:
            changes = form.changes(step.pointers)
            kept.put_header(changes | saving.following_from(slug, form.applied()))
            return _onward(request, declaration)
    sections = [SectionView("", "", "", form.blocks(), form.idle_groups())]
    return _form_page(request, declaration, step.title, sections, form)


@on_declaration(SIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def amend_line(request: ActingRequest, declaration: Declaration, line: str) -> HttpResponse:
    """One line, to be corrected or, with no number yet, to be added."""
    _require(declaration)
    kept = Corrections(request.session, declaration)
    number = int(line) if line.isdigit() else kept.next_number
    if number is None:
        return told(request, _("No more lines fit on one declaration."), "declaration_amend", declaration.reference)
    stored = kept.line(number) if line.isdigit() else {}
    if stored is None:
        raise Http404
    book = book_of(declaration)
    form = LineForm(
        header=kept.corrected(), stored=stored, tariff=current_view(book.on), book=book,
        spare=request.GET.getlist("more")[:3], data=request.POST if request.method == "POST" else None,
    )  # fmt: skip
    if request.method == "POST":
        _take_out(request, form.form)
        if form.form.is_valid:
            kept.put_line(number, form.content())
            here = reverse("declaration_amend_line", args=[declaration.reference, str(number)])
            return _onward(request, declaration, here)
    title = (_("Line %(n)s") if line.isdigit() else _("Line %(n)s, added")) % {"n": number}
    return _form_page(request, declaration, title, form.section_views(), form.form, ",".join(form.units))


def _take_out(request: ActingRequest, form: Form) -> None:
    group, _colon, row = request.POST.get("remove", "").partition(":")
    if row.isascii() and row.isdigit() and len(row) <= 3:
        form.clear_row(group, int(row))


def _move_line(request: ActingRequest, kept: Corrections) -> bool:
    """True where a line was to be taken out, or put back; it is done."""
    for name, act in (("take_out", kept.take_out), ("put_back", kept.put_back)):
        number = request.POST.get(name, "")
        if number.isascii() and number.isdigit() and len(number) <= 3:
            act(int(number))
            return True
    return False


def _onward(request: ActingRequest, declaration: Declaration, here: str = "") -> HttpResponse:
    """The same page with one row more or less, or back to all corrections."""
    here = here or request.path
    if more := request.POST.get("more", ""):
        known = more if more.replace("/", "").replace("_", "").isalnum() else ""
        return HttpResponseRedirect(f"{here}?more={known}")
    if request.POST.get("remove"):
        return HttpResponseRedirect(here)
    return redirect("declaration_amend", declaration.reference)


def _form_page(
    request: ActingRequest, declaration: Declaration, title: Any, sections: list[SectionView], form: Form,
    units: str = "",
) -> HttpResponse:  # fmt: skip
    context = {
        "declaration": declaration, "name": name_of(declaration), "title": title, "sections": sections, "units": units,
        "errors": [one for one in form.views() if form.errors.get(one.name)],
    }  # fmt: skip
    return render(request, "declarations/amend_form.html", context, status=422 if form.errors else 200)


def _look(request: ActingRequest, declaration: Declaration, kept: Corrections) -> Looked:
    if not kept:
        return Looked(None, [])
    try:
        return Looked(
            amending.propose(
                declaration=declaration, document=kept.document(), actor=request.actor, now=timezone.now()
            ), [],
        )  # fmt: skip
    except amending.NothingChanged:
        return Looked(None, [])
    except amending.NotAmendable as error:
        words = _("%(field)s cannot be corrected. Ask customs to cancel the declaration, and file it anew.")
        return Looked(None, [
            Problem(words % {"field": _place(one, kept)}, _mended_at(declaration, one, kept)) for one in error.pointers
        ])  # fmt: skip
    except filing.HasErrors as error:
        return Looked(None, [_problem(declaration, one.pointer, message(one), kept) for one in error.review.errors])
    except DocumentRefused as error:
        return Looked(None, [_problem(declaration, one.pointer, one.message, kept) for one in error.faults])


def _problem(declaration: Declaration, pointer: str, words: str, kept: Corrections) -> Problem:
    return Problem(words, _mended_at(declaration, pointer, kept), _place(pointer, kept))


def _place(pointer: str, kept: Corrections) -> str:
    """The field in words, its line by the number that it has on these pages."""
    parts = pointer.split("/")
    number = _line_number(parts[1:], kept)
    return place_words("/".join(["", "items", str(number - 1), *parts[3:]]) if number else pointer)


def _line_number(parts: list[str], kept: Corrections) -> int | None:
    """The number of the line that a pointer leads to, among those that there are to be."""
    if parts[0] == "items" and len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(kept.numbers):
        return kept.numbers[int(parts[1])]
    return None


def _mended_at(declaration: Declaration, pointer: str, kept: Corrections) -> str:
    """The page on which a problem of the corrections is mended."""
    parts = pointer.strip("/").split("/")
    if number := _line_number(parts, kept):
        return reverse("declaration_amend_line", args=[declaration.reference, str(number)])
    slug = route.slug_of(pointer)
    if slug == route.LINES or slug not in BY_SLUG:
        return reverse("declaration_amend", args=[declaration.reference]) + "#lines"
    return reverse("declaration_amend_step", args=[declaration.reference, slug])


def _sign(request: ActingRequest, declaration: Declaration, kept: Corrections, found: Looked) -> HttpResponse:
    """Customs is asked, or the page again with what is missing at its field."""
    now, typed, errors = timezone.now(), request.POST.get("reason", ""), {}
    if request.POST.get("mark") != kept.mark or found.proposal is None:
        words = _("The corrections have changed since you read them. Read them again, then sign.")
        return _page(request, declaration, kept, found, reason=typed, errors={"password": words}, status=409)
    try:
        reason = tidy_text(typed, LONGEST_REASON, multiline=True) or ""
    except FieldError as problem:
        reason, errors["reason"] = typed, str(problem)
    if not reason:
        errors["reason"] = _("Tell customs in your words why it is corrected.")
    status = 422
    try:
        is_own = is_password_of(
            user=request.user, password=request.POST.get("password", ""), about=declaration.reference,
            actor=request.actor, now=now,
        )  # fmt: skip
        if not is_own:
            errors["password"] = _("This is not your password. Write the one with which you signed in.")
    except TooManyFailures as error:
        errors["password"], status = str(error), 429
    if errors:
        return _page(request, declaration, kept, found, reason=typed, errors=errors, status=status)
    amending.file_amendment(
        proposal=found.proposal, reason_code="", reason=reason, statement=request.POST.get("statement"),
        actor=request.actor, now=now, method="password",
    )  # fmt: skip
    kept.forget()
    words = _("Customs is asked to correct it. What you filed holds until customs grants it.")
    return told(request, words, "declaration", declaration.reference)


def _page(
    request: ActingRequest, declaration: Declaration, kept: Corrections, found: Looked, *, reason: str = "",
    errors: dict[str, str] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    errors, header = errors or {}, kept.corrected()
    fields = [
        FieldView("reason", _("Why is it corrected?"), _("Customs reads this."), "textarea", reason,
                  errors.get("reason", ""), required=True),
        FieldView("password", _("Your password"), _("Given again, so that nobody else signs from your desk."),
                  "password", error=errors.get("password", ""), required=True, width="xl",
                  autocomplete="current-password"),
    ]  # fmt: skip
    context: dict[str, Any] = {
        "declaration": declaration, "name": name_of(declaration), "kept": bool(kept), "problems": found.problems,
        "steps": [one for one in route.needed_steps(header) if one.slug != route.LINES],
        "lines": kept.all_lines(), "gone": kept.gone, "may_add": kept.next_number is not None, "fields": fields,
        "errors": [one for one in fields if one.error],
        "mark": kept.mark, "signer": request.user,
    }  # fmt: skip
    if found.proposal is not None:
        context |= _signed_words(declaration, found.proposal)
    return render(request, "declarations/amend.html", context, status=status)


def _signed_words(declaration: Declaration, proposal: amending.Proposal) -> dict[str, Any]:
    """The differences, what is owed before and after, and the words that are signed."""
    chosen = proposal.review.document.declarant_statement
    statement = statement_on(party_date(timezone.now(), declaration.party))
    words = words_of(
        statement, capacity=chosen.capacity if chosen else None, obtained_by=chosen.obtained_by if chosen else None
    )
    changes = differences_in_lines(proposal.before, proposal.after)
    return {
        "changes": changes_shown(changes), "left_out": max(0, len(changes) - SHOWN),
        "statement": statement, "words": words, "warnings": [message(one) for one in proposal.review.warnings],
        "before": filing.contents_of(proposal.base)[1].totals.total,
        "after": proposal.review.assessment.totals.total,
    }  # fmt: skip
