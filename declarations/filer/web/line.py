"""The page of one line, and the look-up of its tariff number."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from declarations.document import MAX_ITEMS, tidy
from declarations.filer import derived, line_forms, line_steps, saving
from declarations.filer.line_table import line_of
from declarations.filer.line_view import LineForm, SectionView, facts_of, of_line
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
)
from declarations.models import Declaration, GoodsItem
from declarations.rules import message
from declarations.selectors import numbers_filed
from declarations.services import drafts
from declarations.services.drafts import LineGone, StaleDraft, TooManyLines, base_of
from declarations.services.filing import Review
from declarations.tariff.chapters import SECTIONS
from declarations.tariff.guide import step_of
from declarations.tariff.selectors import current_view, search
from declarations.tariff.view import TariffView
from portal.forms import FieldError, tidy_hts, tidy_text
from portal.references import is_reference, new_reference

NEW = "new"
HITS = 30


@keeping
@on_declaration(DRAFT, editing=True)
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: ActingRequest, declaration: Declaration, line: str) -> HttpResponse:
    """One line: what it is, where it comes from, what it is worth."""
    if request.method != "POST":
        return _shown(request, declaration, line)
    forget_typed(request)
    item = _item(declaration, line, request.POST)
    if item is None and line != NEW:
        return _gone(request, declaration, request.POST)
    form = _form(request, declaration, item, request.POST)
    form.before_saving(request.POST)
    try:
        saved = _save(request, declaration, line, item, form)
    except (StaleDraft, LineGone):
        return _conflict(request, declaration, line)
    except TooManyLines as error:
        messages.error(request, str(error))
        return _page(request, declaration, item, form, status=409)
    declaration.refresh_from_db()
    if form.form.errors:
        return _page(request, declaration, saved, _form(request, declaration, saved, request.POST), status=422)
    return _onward(request, declaration, saved, form)


def _shown(request: ActingRequest, declaration: Declaration, line: str) -> HttpResponse:
    """The page as it is opened; after a session that ended with what was typed in it."""
    if "saved" in request.GET:
        forget_typed(request)
    typed = typed_before(request)
    item = _item(declaration, line, typed or {})
    if typed is not None and item is None and line != NEW:
        return _gone(request, declaration, typed)
    if item is None and declaration.item_count >= MAX_ITEMS:
        messages.error(request, _("A declaration has at most %(n)d lines.") % {"n": MAX_ITEMS})
        return redirect("declaration_lines", declaration.reference)
    return _page(request, declaration, item, _form(request, declaration, item, typed), typed=typed)


def _conflict(request: ActingRequest, declaration: Declaration, line: str) -> HttpResponse:
    """Somebody else saved the line meanwhile, or took it out: nothing is written."""
    item = _item(declaration, line, request.POST)
    if item is None:
        return _gone(request, declaration, request.POST)
    fresh = _form(request, declaration, item, request.POST)
    return _page(request, declaration, item, fresh, conflict=saving.differences(fresh.form), status=409)


def _gone(request: ActingRequest, declaration: Declaration, data: QueryDict) -> HttpResponse:
    """Somebody took the line out: the page has what was typed, and saving it makes it a new line."""
    key = data.get("key", "")
    removed = saving.removed_line(declaration.reference, key)
    form = _form(request, declaration, None, data, again=removed)
    return _page(request, declaration, None, form, again=key, removed=removed, status=409)


@keeping
@on_declaration(DRAFT, editing=True)
@require_POST
def autosave(request: ActingRequest, declaration: Declaration, line: str) -> HttpResponse:
    """What can be read of a line that stands already is saved while the page is being filled in."""
    item = _item(declaration, line, request.POST)
    form = _form(request, declaration, item, request.POST)
    context: dict[str, Any] = {"waiting": len(form.form.errors)}
    if item is None and line == NEW:
        return render(request, "declarations/parts/saved.html", {"unsaved": True})
    try:
        if item is None:
            raise LineGone
        item = _save(request, declaration, line, item, form)
    except StaleDraft:
        return render(request, "declarations/parts/saved.html", {"stale": True})
    except LineGone:
        removed = saving.removed_line(declaration.reference, request.POST.get("key", ""))
        return render(request, "declarations/parts/saved.html", {"gone": True, "removed": removed})
    declaration.refresh_from_db()
    review = review_of(request, declaration)
    fresh = _form(request, declaration, item, request.POST)
    _note_problems(review, item, fresh)
    context |= {"saved_at": timezone.now(), "base": base_of(item.content), "panel": panel_of(review.assessment),
                "own": of_line(review.assessment, item.sequence) if declaration.item_count > 1 else None,
                "item": item, "line": str(item.sequence), "declaration": declaration,
                "moved": str(item.sequence) != line, "mending": mending(fresh.form, request.POST)}  # fmt: skip
    return render(request, "declarations/parts/saved.html", context)


@on_declaration(DRAFT, editing=True)
@require_POST
def number(request: ActingRequest, declaration: Declaration, line: str) -> HttpResponse:
    """For htmx: the number with what the tariff says of it, the quantities it asks for, and the programs that fit."""
    item = _item(declaration, line, request.POST)
    form = _form(request, declaration, item, request.POST)
    given = request.POST.get("number") or request.POST.get("tariffs_0_hts_number", "")
    try:
        chosen = tidy_hts(given) or ""
    except FieldError:
        chosen = ""
    content = line_forms.from_form(form.form.applied(), form.units)
    shown = _with_number(content, chosen) if chosen else content
    fresh = LineForm(header=declaration.header, stored=form.stored, tariff=form.tariff, book=form.book, shown=shown)
    context = {
        "declaration": declaration, "line": line, "form": fresh, "facts": facts_of(form.tariff, chosen, form.book),
        "number_field": (fresh if chosen else form).field("tariffs_0_hts_number"),
        "quantities": _section(fresh, "quantities"),
        "program_field": fresh.field("preference_program"), "units": ",".join(fresh.units), "on": form.tariff.on,
    }  # fmt: skip
    return render(request, "declarations/parts/number.html", context)


@on_declaration(DRAFT, editing=True)
@require_GET
def tariff_search(request: ActingRequest, declaration: Declaration, line: str) -> HttpResponse:
    """Numbers for words or digits. With htmx in the page of the line; without scripts a page of its own."""
    if request.htmx and "box" in request.GET:
        return render(request, "declarations/parts/search_box.html", {"declaration": declaration, "line": line})
    tariff, book = _tariff(declaration), book_of(declaration)
    text = tidy_text(request.GET.get("q", "")[:200]) or ""
    under = "".join(ch for ch in request.GET.get("under", "")[:13] if ch in "0123456789")
    filed = numbers_filed(request.actor, declaration.importer) if text else []
    hits = []
    for hit in search(text, tariff.on, limit=HITS, filed=filed) if text else ():
        row = tariff.line(hit.number)
        units = [book.name("units", unit) or unit for unit in (row.units if row else ())]
        hits.append({"hit": hit, "line": row, "units": units})
    context = {"declaration": declaration, "line": line, "q": text, "hits": hits, "on": tariff.on, "most": HITS,
               "step": step_of(under, tariff.on) if len(under) > 1 else None, "sections": SECTIONS}  # fmt: skip
    if request.htmx:
        part = "hits" if text else "guide" if "under" in request.GET else "hits"
        return render(request, f"declarations/parts/{part}.html", context)
    return render(request, "declarations/tariff_search.html", draft_frame(request, declaration) | context)


def _item(declaration: Declaration, line: str, data: Mapping[str, str]) -> GoodsItem | None:
    """The line that a page is about: by its key, wherever it stands now; a page that has none yet by its number.

    None for a new one, and for one that is gone.
    """
    key = _key_in(data)
    if key:
        return GoodsItem.objects.filter(declaration=declaration, key=key).first()
    if line == NEW:
        return None
    item = GoodsItem.objects.filter(declaration=declaration, sequence=int(line)).first()
    if item is None:
        raise Http404
    return item


def _tariff(declaration: Declaration) -> TariffView:
    return current_view(book_of(declaration).on)


def _form(
    request: HttpRequest, declaration: Declaration, item: GoodsItem | None, data: QueryDict | None, *,
    again: saving.Removed | None = None,
) -> LineForm:  # fmt: skip
    """The form of a line; `again` is one that was taken out and may be added once more."""
    if item is None and data is not None and again is None:
        again = saving.removed_line(declaration.reference, data.get("again", ""))
    stored: Mapping[str, Any] = item.content if item else again.content if again else {}
    shown = None if data is not None else _begun_with(request, declaration, item)
    spare = [] if data is not None else [
        *request.GET.getlist("more")[:3], *_groups_asked_for(request, declaration, item)
    ]  # fmt: skip
    return LineForm(
        header=declaration.header, stored=stored, tariff=_tariff(declaration), book=book_of(declaration),
        data=data, shown=shown, spare=spare,
    )  # fmt: skip


def _groups_asked_for(request: HttpRequest, declaration: Declaration, item: GoodsItem | None) -> list[str]:
    """Lists that the check misses on this line: an empty row is shown, so that the problem has a field."""
    if item is None:
        return []
    review = review_of(request, declaration)
    return [
        group for one in review.violations if line_of(one.pointer) == item.sequence
        and (group := line_steps.group_of("/".join(one.pointer.split("/")[3:]), review.document, item.sequence - 1))
    ]  # fmt: skip


def _begun_with(request: HttpRequest, declaration: Declaration, item: GoodsItem | None) -> dict[str, Any] | None:
    """What a page shows before anything is typed: a copy of another line, a number that was looked up."""
    content: dict[str, Any] | None = dict(item.content) if item else None
    like = request.GET.get("like", "")
    if like.isascii() and like.isdigit() and len(like) <= 3:
        other = GoodsItem.objects.filter(declaration=declaration, sequence=int(like)).first()
        content = dict(other.content) if other else content
    if content is None:
        content = line_forms.new_line(declaration.header)
    try:
        chosen = tidy_hts(request.GET.get("number", "")[:20])
    except FieldError:
        chosen = None
    return _with_number(content, chosen) if chosen else content


def _with_number(content: dict[str, Any], number: str) -> dict[str, Any]:
    """The line with another number that classifies it."""
    numbers = [dict(one) for one in content.get("tariffs") or []]
    place = line_forms.main_place(numbers)
    if place is None:
        numbers.append({"hts_number": number, "role": line_forms.CLASSIFICATION})
    else:
        numbers[place]["hts_number"] = number
    return {**content, "tariffs": numbers}


def _save(
    request: ActingRequest, declaration: Declaration, line: str, item: GoodsItem | None, form: LineForm
) -> GoodsItem:
    """The line stands with what could be read. Raises StaleDraft, LineGone, TooManyLines."""
    content, page, key = form.content(), saving.page_in(request.POST), _key_in(request.POST)
    base = request.POST.get("base") or ("" if line == NEW else None)
    if item is not None:
        key = item.key
        if tidy(content) == tidy(item.content):
            return item  # nothing new: what was prepared stays prepared
        if base != base_of(item.content) and saving.saved_by_itself(declaration.reference, {"key": key}, page):
            base = base_of(item.content)
    return drafts.put_line(
        draft=declaration, key=key, content=content, base=base, actor=request.actor, now=timezone.now(),
        is_new=item is None, page=page,
    )  # fmt: skip


def _key_in(data: Mapping[str, str]) -> str | None:
    """The key of the line that a page is about; the page of a new line has given it one."""
    given = data.get("key", "")
    return given if is_reference(given, "line") else None


def _onward(request: HttpRequest, declaration: Declaration, item: GoodsItem, form: LineForm) -> HttpResponse:
    """The next line, the look-up, the same page, or back to all lines."""
    act = request.POST.get("act", "")
    here = reverse("declaration_line", args=[declaration.reference, str(item.sequence)])
    more = request.POST.get("more", "")
    if more in line_steps.GROUPS:
        anchor = line_steps.GROUPS[more].next_field(line_forms.to_form(item.content))
        return HttpResponseRedirect(f"{here}?more={more}#id_{anchor}")
    if request.POST.get("remove"):
        return HttpResponseRedirect(here)
    if act == "find":
        words = str(item.content.get("description") or "").split()[:3]
        url = reverse("declaration_tariff_search", args=[declaration.reference, str(item.sequence)])
        return HttpResponseRedirect(f"{url}?{urlencode({'q': ' '.join(words)})}")
    missing = _quantities_missing(form, item)
    if missing:
        messages.info(request, _("The number is counted in %(units)s: give the quantities.") % {"units": missing})
        return HttpResponseRedirect(f"{here}#quantities")
    messages.success(request, _("Line %(n)d is saved.") % {"n": item.sequence})
    if act == "next":
        return redirect("declaration_line", declaration.reference, NEW)
    return redirect("declaration_lines", declaration.reference)


def _quantities_missing(form: LineForm, item: GoodsItem) -> str:
    """Units that the saved number asks for and that the page had no field for."""
    wanted = line_forms.units_of(form.tariff, line_forms.main_number(item.content))
    missing = [unit for unit in wanted if unit not in form.units]
    return ", ".join(form.book.name("units", unit) or unit for unit in missing)


def _section(form: LineForm, slug: str) -> SectionView | None:
    return next((one for one in form.section_views() if one.slug == slug), None)


def _page(
    request: ActingRequest, declaration: Declaration, item: GoodsItem | None, form: LineForm, *,
    conflict: list[saving.Difference] | None = None, again: str = "", removed: saving.Removed | None = None,
    typed: QueryDict | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = draft_frame(request, declaration)
    advice = _note_problems(context["review"], item, form)
    content = item.content if item else {}
    slug = str(item.sequence) if item else NEW
    own = of_line(context["assessment"], item.sequence) if item else None
    is_only = declaration.item_count == 1
    place = {"key": item.key} if item else {}
    context |= {
        "item": item, "line": slug, "form": form, "sections": form.section_views(),
        "base": base_of(content) if item else "", "key": _key_of(request, item, again), "again": again,
        "removed": removed, "is_kept": typed is not None,
        "units": ",".join(form.units), "facts": facts_of(form.tariff, form.asked, form.book), "on": form.tariff.on,
        "own": None if is_only else own, "advice": advice, "conflict": conflict,
        "stack": own.items[0].tariffs if own and own.items else (),
        "value": derived.entered_value(content, declaration.header, form.tariff) if item else None,
        "editor": saving.last_editor(declaration.reference, place) if conflict is not None else None,
        "previous": _above(declaration, item),
        "following": item.sequence + 1 if item and item.sequence < declaration.item_count else 0,
    }  # fmt: skip
    if typed is not None and "base" in typed:
        context["base"] = typed["base"]
    return render(request, "declarations/line.html", context | page_marks(form.form), status=status)


def _key_of(request: ActingRequest, item: GoodsItem | None, again: str) -> str:
    """The key that the page carries: of its line, or one for the line that it will make."""
    if item is not None:
        return item.key
    sent = None if again else _key_in(request.POST)
    return sent or new_reference("line")


def _above(declaration: Declaration, item: GoodsItem | None) -> int:
    """The number of the line above, 0 where there is none."""
    return item.sequence - 1 if item else declaration.item_count


def _note_problems(review: Review, item: GoodsItem | None, form: LineForm) -> list[dict[str, str]]:
    """What the check found stands at its field; warnings are given back, each with the field it is about."""
    advice = []
    for one in review.violations if item else ():
        if item is None or line_of(one.pointer) != item.sequence:
            continue
        name = line_steps.field_of("/".join(one.pointer.split("/")[3:]), review.document, item.sequence - 1)
        if one.severity == "error":
            form.form.notes.setdefault(name, message(one))
        else:
            advice.append({"words": message(one), "href": f"#id_{name}", "severity": one.severity})
    return advice
