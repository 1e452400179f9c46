"""The table of lines: add, copy, move, take out, and many at once from a file."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from declarations.document import MAX_ITEMS
from declarations.filer.line_table import line_page
from declarations.filer.route import href_of, step_after, step_before
from declarations.filer.steps import BY_SLUG
from declarations.filer.upload import MAX_BYTES, Fault, UploadRefused, read_lines, template
from declarations.filer.upload_columns import COLUMNS, NEEDED
from declarations.filer.web.shared import DRAFT, ActingRequest, book_of, draft_frame, on_declaration, told
from declarations.models import Declaration, GoodsItem
from declarations.services import drafts

ADD, REPLACE = "add", "replace"


@on_declaration(DRAFT, editing=True)
@require_http_methods(["GET", "HEAD", "POST"])
def lines(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """All lines, a hundred a page; the buttons beside a line come back here."""
    if request.method == "POST":
        return _act(request, declaration)
    context = draft_frame(request, declaration)
    after = request.GET.get("after", "")
    start = int(after) if after.isascii() and after.isdigit() and len(after) <= 4 else 0
    only_problems = request.GET.get("show") == "problems"
    page = line_page(declaration, context["review"], after=start, only_problems=only_problems)
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
    for act, delta in (("up", -1), ("down", 1)):
        number = _number(request.POST.get(act, ""))
        if 0 < number <= declaration.item_count:
            drafts.move_line(draft=declaration, sequence=number, to=number + delta, actor=actor, now=now)
            return _to_lines(declaration, request, number + delta)
    number = _number(request.POST.get("copy", ""))
    if 0 < number <= declaration.item_count:
        item = drafts.copy_line(draft=declaration, sequence=number, actor=actor, now=now)
        words = _("Line %(n)d is a copy of line %(old)d.") % {"n": item.sequence, "old": number}
        return told(request, words, "declaration_line", declaration.reference, str(item.sequence))
    return _to_lines(declaration, request, 0)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0


def _to_lines(declaration: Declaration, request: ActingRequest, number: int) -> HttpResponse:
    query = request.GET.urlencode()
    anchor = f"#line-{number}" if number else ""
    url = reverse("declaration_lines", args=[declaration.reference])
    return HttpResponseRedirect(f"{url}{'?' + query if query else ''}{anchor}")


@on_declaration(DRAFT, editing=True)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: ActingRequest, declaration: Declaration, line: str) -> HttpResponse:
    """Ask, then take the line out."""
    item = GoodsItem.objects.filter(declaration=declaration, sequence=_number(line)).first()
    if item is None:
        return redirect("declaration_lines", declaration.reference)
    if request.method == "POST":
        drafts.remove_line(draft=declaration, sequence=item.sequence, actor=request.actor, now=timezone.now())
        words = _("Line %(n)d is taken out.") % {"n": item.sequence}
        return told(request, words, "declaration_lines", declaration.reference)
    context = {
        "title": _("Take out line %(n)d?") % {"n": item.sequence},
        "words": item.description or _("This line has no description yet."),
        "consequences": [
            _("The line and all that was filled in for it is gone."), _("The lines after it move up by one."),
        ],
        "confirm": _("Take the line out"), "danger": True,
        "action": request.path, "cancel": reverse("declaration_lines", args=[declaration.reference]),
    }  # fmt: skip
    return render(request, "components/confirm_page.html", context)


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
    kept: list[dict[str, Any]] = []
    if request.POST.get("how") == ADD:
        kept = list(declaration.items.order_by("sequence").values_list("content", flat=True))
    if len(kept) + len(contents) > MAX_ITEMS:
        words = _("A declaration has at most %(most)d lines: there are %(old)d, and the file has %(new)d more.")
        numbers = {"most": MAX_ITEMS, "old": len(kept), "new": len(contents)}
        raise UploadRefused([Fault(1, "", words % numbers)])
    drafts.replace_lines(draft=declaration, contents=kept + contents, actor=request.actor, now=timezone.now())
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
