"""Filling in: new draft, task list, the page of a step, saving by itself."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from declarations.filer import route, saving
from declarations.filer.codebook import CodeBook
from declarations.filer.following import returned_errors
from declarations.filer.forms import Form
from declarations.filer.questions import Group, Step
from declarations.filer.steps import BY_SLUG
from declarations.filer.web.kept import forget_typed, keeping, typed_before
from declarations.filer.web.shared import (
    DRAFT,
    ActingRequest,
    book_of,
    draft_frame,
    mending,
    on_declaration,
    page_marks,
    panel_of,
    review_of,
    told,
)
from declarations.models import Declaration
from declarations.rules import message
from declarations.services.drafts import StaleDraft
from portal.timezones import party_date
from portal.web import acting

MOST_OPTIONS = 20


def task_page(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    """The task list of a draft."""
    context = draft_frame(request, declaration)
    rows = route.task_rows(
        reference=declaration.reference, header=declaration.header, visited=declaration.visited,
        violations=context["review"].violations, items=declaration.item_count,
    )  # fmt: skip
    sections: list[tuple[Any, list[dict[str, Any]]]] = []
    for row in rows:
        if not sections or sections[-1][0] != row.step.section:
            sections.append((row.step.section, []))
        sections[-1][1].append({"label": row.step.title, "href": row.href, "state": row.state, "hint": _task_hint(row)})
    left_out = [row for row in rows if row.state in route.LEFT_OUT]
    done = sum(row.state == route.DONE for row in rows)
    following = next((row for row in rows if row.href and row.state not in (route.DONE, *route.LEFT_OUT)), None)
    context |= {
        "sections": sections, "done": done, "all": len(rows), "left_out": len(left_out), "following": following,
        "customs_errors": returned_errors(declaration),
    }  # fmt: skip
    return render(request, "declarations/task_list.html", context)


def _task_hint(row: route.Row) -> str:
    if row.state == route.PROBLEMS:
        return _("%(n)d to mend") % {"n": row.problems}
    if row.state == route.TO_CHECK:
        return _("Filled in already: look it over and continue.")
    if row.state == route.BLOCKED:
        return _("It depends on how the goods come: say that first.")
    return ""


@keeping
@on_declaration(DRAFT, editing=True)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: ActingRequest, declaration: Declaration, slug: str) -> HttpResponse:
    """The page of a step: one decision, saved and on to the next."""
    found = _step_named(slug)
    if found.slug == route.LINES:
        return redirect("declaration_lines", declaration.reference)
    if request.method != "POST":
        return _shown(request, declaration, found)
    forget_typed(request)
    form = _form(request, declaration, found, request.POST)
    _before_saving(request, form)
    try:
        declaration = _save(request, declaration, found, form, visited=form.is_valid)
    except StaleDraft:
        declaration.refresh_from_db()
        fresh = _form(request, declaration, found, request.POST)
        return _page(request, declaration, found, fresh, conflict=saving.differences(fresh), status=409)
    if not form.is_valid:
        fresh = _form(request, declaration, found, request.POST)
        _before_saving(request, fresh)
        return _page(request, declaration, found, fresh, status=422)
    return _onward(request, declaration, found)


def _shown(request: ActingRequest, declaration: Declaration, found: Step) -> HttpResponse:
    """The page as it is opened; after a session that ended with what was typed in it."""
    if "saved" in request.GET:
        forget_typed(request)
    typed = typed_before(request)
    form = _form(request, declaration, found, typed)
    if typed is None:
        _note_problems(request, declaration, found, form)
    return _page(request, declaration, found, form, typed=typed)


@keeping
@on_declaration(DRAFT, editing=True)
@require_POST
def autosave(request: ActingRequest, declaration: Declaration, slug: str) -> HttpResponse:
    """What can be read is saved while the page is being filled in."""
    found = _step_named(slug)
    form = _form(request, declaration, found, request.POST)
    context: dict[str, Any] = {"waiting": len(form.errors)}
    try:
        declaration = _save(request, declaration, found, form, visited=False)
    except StaleDraft:
        return render(request, "declarations/parts/saved.html", {"stale": True})
    fresh = _form(request, declaration, found, request.POST)
    _note_problems(request, declaration, found, fresh)
    context |= {"saved_at": timezone.now(), "base": saving.base_for(found, declaration.header)}
    context |= {"panel": panel_of(review_of(request, declaration).assessment), "declaration": declaration}
    context["mending"] = mending(fresh, request.POST)
    return render(request, "declarations/parts/saved.html", context)


@acting
@require_GET
def codes(request: ActingRequest, list_name: str) -> HttpResponse:
    """Options of a field with look-up, for what was typed so far."""
    typed = request.GET.get("q") or next(iter(request.GET.values()), "")  # without our script the field's own name
    text = str(typed)[:60].strip()
    hits = CodeBook(party_date(timezone.now())).matches(list_name, text)
    return render(request, "declarations/parts/options.html", {"options": hits[:MOST_OPTIONS]})


def _step_named(slug: str) -> Step:
    found = BY_SLUG.get(slug)
    if found is None:
        raise Http404
    return found


def _form(request: HttpRequest, declaration: Declaration, found: Step, data: QueryDict | None) -> Form:
    spare = request.GET.getlist("more")[:3]
    return Form(found.parts, value=declaration.header, book=book_of(declaration), data=data, spare=spare)


def _before_saving(request: HttpRequest, form: Form) -> None:
    """Choices after a conflict, and rows to take out."""
    saving.take_choices(form, request.POST)
    group, _colon, row = request.POST.get("remove", "").partition(":")
    if row.isascii() and row.isdigit() and len(row) <= 3:
        form.clear_row(group, int(row))


def _save(request: ActingRequest, declaration: Declaration, found: Step, form: Form, *, visited: bool) -> Declaration:
    base = request.POST.get("base") or None
    return saving.save_step(
        draft=declaration, step=found, form=form, base=base, actor=request.actor, now=timezone.now(), visited=visited,
        page=saving.page_in(request.POST),
    )  # fmt: skip


def _onward(request: HttpRequest, declaration: Declaration, found: Step) -> HttpResponse:
    """The same page with another row, the task list, or the next step."""
    here = route.href_of(declaration.reference, found.slug)
    more = request.POST.get("more", "")
    group = next((one for one in found.parts if isinstance(one, Group) and one.pointer == more), None)
    if group is not None:
        return HttpResponseRedirect(f"{here}?more={more}#id_{group.next_field(declaration.header)}")
    if request.POST.get("remove"):
        return told(request, _("Taken out."), "declaration_step", declaration.reference, found.slug)
    following = route.step_after(found, declaration.header)
    if request.POST.get("act") == "list" or following is None:
        return redirect("declaration", declaration.reference)
    return HttpResponseRedirect(route.href_of(declaration.reference, following.slug))


def _note_problems(request: HttpRequest, declaration: Declaration, found: Step, form: Form) -> None:
    """On a step that was saved before, what the check found stands at its field."""
    if found.slug not in declaration.visited:
        return
    for one in review_of(request, declaration).errors:
        if route.slug_of(one.pointer) == found.slug:
            form.notes.setdefault(route.field_of(one.pointer), message(one))


def _page(
    request: ActingRequest, declaration: Declaration, found: Step, form: Form, *,
    conflict: list[saving.Difference] | None = None, typed: QueryDict | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = draft_frame(request, declaration) | page_marks(form)
    before, following = (go(found, declaration.header) for go in (route.step_before, route.step_after))
    visited = found.slug in declaration.visited
    advice = [
        message(one) for one in context["review"].warnings if visited and route.slug_of(one.pointer) == found.slug
    ]
    context |= {
        "step": found, "form": form, "blocks": form.blocks(), "base": saving.base_for(found, declaration.header),
        "back": route.href_of(declaration.reference, before.slug) if before else "", "back_to": before,
        "following": following, "conflict": conflict, "advice": advice,
        "editor": saving.last_editor(declaration.reference, {"step": found.slug}) if conflict is not None else None,
        "is_kept": typed is not None,
    }  # fmt: skip
    if typed is not None and "base" in typed:
        context["base"] = typed["base"]
    return render(request, "declarations/step.html", context, status=status)
