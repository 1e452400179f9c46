"""The table of lines: add, copy, move, take out, and many at once from a file."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from declarations.document import MAX_ITEMS
from declarations.filer import saving
from declarations.filer.line_table import line_keys, line_page
from declarations.filer.route import href_of, step_after, step_before
from declarations.filer.steps import BY_SLUG
from declarations.filer.upload import MAX_BYTES, Fault, UploadRefused, read_lines, template
from declarations.filer.upload_columns import COLUMNS, NEEDED
from declarations.filer.web.shared import (
    DRAFT,
    ActingRequest,
    book_of,
    draft_frame,
    on_declaration,
    start_of,
    told,
)
from declarations.models import Declaration, GoodsItem
from declarations.services import drafts
from declarations.services.drafts import LineGone, StaleDraft, TooManyLines, base_of
from portal.forms import FieldView
from portal.references import is_reference
from portal.shown import moment

ADD, REPLACE, NEW = "add", "replace", "new"


@on_declaration(DRAFT, editing=True)
@require_http_methods(["GET", "HEAD", "POST"])
def lines(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """All lines, a hundred a page; the buttons beside a line come back here."""
    if request.method == "POST":
        return _act(request, declaration)
    context = draft_frame(request, declaration)
    only_problems = request.GET.get("show") == "problems"
    keys = line_keys(declaration)
    if keys is None:
        return HttpResponseRedirect(request.get_full_path())
    page = line_page(context["review"], keys=keys, after=start_of(request), only_problems=only_problems)
    step = BY_SLUG["lines"]
    before, following = step_before(step, declaration.header), step_after(step, declaration.header)
    context |= {
        "page": page, "only_problems": only_problems, "most": MAX_ITEMS, "step": step,
        "back": href_of(declaration.reference, before.slug) if before else "", "back_to": before,
        "onward": href_of(declaration.reference, following.slug) if following else "", "following": following,
        "whole_problems": [one for one in context["review"].errors if one.pointer == "/items"],
    }  # fmt: skip
    return render(request, "declarations/lines.html", context)


def _act(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """Copy a line, or move it up or down."""
    now, actor = timezone.now(), request.actor
    act = next((one for one in ("up", "down", "copy") if request.POST.get(one)), "")
    key = request.POST.get(act, "") if act else ""
    if not is_reference(key, "line"):
        return _to_lines(declaration, request, 0)
    try:
        if act != "copy":
            by = -1 if act == "up" else 1
            place = drafts.move_line(draft=declaration, key=key, by=by, actor=actor, now=now)
            return _to_lines(declaration, request, place)
        item = drafts.copy_line(draft=declaration, key=key, actor=actor, now=now)
    except LineGone:
        messages.warning(request, _gone_words(declaration, key))
        return _to_lines(declaration, request, 0)
    except TooManyLines as error:
        messages.error(request, str(error))
        return _to_lines(declaration, request, 0)
    words = _("Line %(n)d is a copy of an earlier line.") % {"n": item.sequence}
    return told(request, words, "declaration_line", declaration.reference, str(item.sequence))


def _gone_words(declaration: Declaration, key: str) -> str:
    """Who took a line out, as far as it is known."""
    removed = saving.removed_line(declaration.reference, key)
    if removed is None:
        return _("This line is gone already.")
    return _("%(who)s took this line out already, %(at)s.") % {"who": removed.who, "at": moment(removed.at)}


def _to_lines(declaration: Declaration, request: ActingRequest, number: int) -> HttpResponse:
    query = request.GET.urlencode()
    anchor = f"#line-{number}" if number else ""
    url = reverse("declaration_lines", args=[declaration.reference])
    return HttpResponseRedirect(f"{url}{'?' + query if query else ''}{anchor}")


@on_declaration(DRAFT, editing=True)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: ActingRequest, declaration: Declaration, line: str) -> HttpResponse:
    """Ask, then take the line out: the one that was asked about, wherever it stands by then."""
    key = (request.POST if request.method == "POST" else request.GET).get("key", "")
    is_known = is_reference(key, "line")
    place = {"key": key} if is_known else {"sequence": 0 if line == NEW else int(line)}
    item = GoodsItem.objects.filter(declaration=declaration, **place).first()
    if item is None:
        if is_known:
            messages.warning(request, _gone_words(declaration, key))
        return redirect("declaration_lines", declaration.reference)
    if request.method != "POST" or not is_known:
        return _asked(request, item)
    try:
        number = drafts.remove_line(
            draft=declaration, key=key, base=request.POST.get("base") or None, actor=request.actor, now=timezone.now()
        )
    except LineGone:
        messages.warning(request, _gone_words(declaration, key))
        return redirect("declaration_lines", declaration.reference)
    except StaleDraft:
        item.refresh_from_db()
        return _asked(request, item, status=409)
    return told(request, _("Line %(n)d is taken out.") % {"n": number}, "declaration_lines", declaration.reference)


def _asked(request: ActingRequest, item: GoodsItem, status: int = 200) -> HttpResponse:
    """The question, with the line as it is now."""
    consequences = [
        _("The line and all that was filled in for it is gone."), _("The lines after it move up by one."),
    ]  # fmt: skip
    if status != 200:
        consequences.insert(0, _("Somebody changed this line after you were asked: look at it again."))
    hidden = {"key": item.key, "base": base_of(item.content)}
    context = {
        "title": _("Take out line %(n)d?") % {"n": item.sequence},
        "words": item.description or _("This line has no description yet."),
        "fields": [FieldView(name, "", kind="hidden", value=value) for name, value in hidden.items()],
        "consequences": consequences, "confirm": _("Take the line out"), "danger": True,
        "action": request.path, "cancel": reverse("declaration_lines", args=[item.declaration.reference]),
    }  # fmt: skip
    return render(request, "components/confirm_page.html", context, status=status)


@on_declaration(DRAFT, editing=True)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """Many lines at once; nothing is taken over while anything cannot be read."""
    if request.method != "POST":
        return _upload_page(request, declaration, [])
    try:
        count = _take_over(request, declaration)
    except UploadRefused as error:
        return _upload_page(request, declaration, error.faults, status=422)
    words = ngettext("%(n)d line was read.", "%(n)d lines were read.", count) % {"n": count}
    return told(request, words, "declaration_lines", declaration.reference)


def _take_over(request: ActingRequest, declaration: Declaration) -> int:
    """Read the file or the pasted rows, and store them; gives how many there were."""
    contents = read_lines(_raw(request), book_of(declaration))
    after = request.POST.get("how") == ADD
    kept = declaration.items.count() if after else 0
    if kept + len(contents) > MAX_ITEMS:
        words = _("A declaration has at most %(most)d lines: there are %(old)d, and the file has %(new)d more.")
        raise UploadRefused([Fault(1, "", words % {"most": MAX_ITEMS, "old": kept, "new": len(contents)})])
    drafts.replace_lines(draft=declaration, contents=contents, after=after, actor=request.actor, now=timezone.now())
    return len(contents)


def _raw(request: ActingRequest) -> bytes:
    file: UploadedFile | None = request.FILES.get("file")
    if file is None:
        return request.POST.get("rows", "").encode("utf-8", "surrogatepass")
    if file.size is not None and file.size > MAX_BYTES:
        raise UploadRefused([Fault(1, "", _("The file is larger than 8 MB. Leave out what is not a line of goods."))])
    return file.read()


def _upload_page(
    request: ActingRequest, declaration: Declaration, faults: list[Fault], status: int = 200
) -> HttpResponse:
    context = draft_frame(request, declaration) | {
        "faults": faults, "columns": COLUMNS, "needed": NEEDED, "most": MAX_ITEMS,
        "rows_typed": request.POST.get("rows", ""),
        "how": request.POST.get("how", ADD if declaration.item_count else REPLACE),
    }  # fmt: skip
    return render(request, "declarations/upload.html", context, status=status)


@on_declaration(DRAFT)
@require_GET
def upload_example(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """The headings of the table with one row, to begin with."""
    answer = HttpResponse(template(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="lines.csv"'
    return answer
