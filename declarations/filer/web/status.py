"""The declaration after it was filed: where it stands, what customs said, and what can be done."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from declarations import selectors
from declarations.access import ActionNotAllowed
from declarations.filer import following
from declarations.filer.explained import explained, fees_of
from declarations.filer.web.amending import can_be_amended
from declarations.filer.web.drafts import task_page
from declarations.filer.web.filed import or_filed_versions
from declarations.filer.web.reading import reading_page
from declarations.filer.web.shared import (
    CANCEL,
    DRAFT,
    READ,
    ActingRequest,
    acting_on,
    can,
    name_of,
    on_declaration,
    refused,
    start_of,
    told,
)
from declarations.flow import ActRefused, Filing
from declarations.models import Declaration
from declarations.printing import render_entry_summary
from declarations.services import drafts, filing, requests, takeover
from declarations.services.acting import begin_for
from declarations.services.recomputing import views_of
from declarations.tariff.selectors import current_view
from portal.forms import FieldError, FieldView, tidy_text
from portal.records.services import read_bytes
from portal.timezones import party_date
from portal.xml import readable

UNCHANGED = 204


@or_filed_versions
@on_declaration(READ)
@require_GET
def declaration(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """The task list of a draft, or its answers for who only reads it; for anything else where it stands."""
    if declaration.filing == Filing.DRAFT:
        if can(request, declaration, DRAFT):
            return task_page(request, declaration)
        return reading_page(request, declaration)
    return render(request, "declarations/status.html", _now(request, declaration))


def _now(request: ActingRequest, declaration: Declaration) -> dict[str, Any]:
    context = following.now_of(declaration, selectors.messages_of(declaration)) | acting_on(request, declaration)
    context["may_cancel"] = context["may_cancel"] and can(request, declaration, CANCEL)
    context["may_amend"] = context["may_sign"] and can_be_amended(declaration)
    return context | {"name": name_of(declaration), "may_copy": request.actor.may(DRAFT)}


@on_declaration(READ)
@require_GET
def status_now(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """The changing part of the status page; nothing while nothing has changed."""
    context = _now(request, declaration)
    if request.GET.get("seen") == context["mark"]:
        return HttpResponse(status=UNCHANGED)
    return render(request, "declarations/parts/status_now.html", context | {"is_news": True})


@on_declaration(DRAFT)
@require_POST
def correct(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """A rejected declaration is a draft again; the entry number stays."""
    filing.return_to_draft(declaration=declaration, actor=request.actor, now=timezone.now())
    words = _("You can correct it now. The entry number stays the same.")
    wanted = request.POST.get("to", "")
    if wanted.startswith(reverse("declaration", args=[declaration.reference])):  # a field of this very declaration
        messages.success(request, words)
        return HttpResponseRedirect(wanted)
    return told(request, words, "declaration", declaration.reference)


@on_declaration(DRAFT)
@require_POST
def reopen(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """What was frozen or signed is void, and the declaration can be edited."""
    filing.reopen(declaration=declaration, actor=request.actor, now=timezone.now())
    return told(request, _("You can edit it again. What was frozen is void."), "declaration", declaration.reference)


@on_declaration(READ)
@require_http_methods(["GET", "HEAD", "POST"])
def take_over(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """Ask, then the importer carries on itself what its broker can no longer carry on."""
    now, filer = timezone.now(), declaration.filer.name
    takeover.refuse(declaration=declaration, actor=request.actor, on=party_date(now))
    if request.method == "POST":
        takeover.take_over(declaration=declaration, actor=request.actor, now=now)
        return told(request, _("You file it yourself from here on."), "declaration", declaration.reference)
    context = {
        "title": _("Carry on this declaration yourself?"), "words": name_of(declaration),
        "consequences": [
            _("The entry number, its state and all that was filed stay as they are; nothing is filed again."),
            _("You correct, cancel and continue it from here on, under your own name."),
            _("%(name)s can do nothing more with it, and is told.") % {"name": filer},
            _("Days that run go on running: they are yours to keep."),
        ],
        "confirm": _("Carry on yourself"), "action": request.path,
        "cancel": reverse("declaration", args=[declaration.reference]),
    }  # fmt: skip
    return render(request, "components/confirm_page.html", context)


@on_declaration(READ)
@require_POST
def copy(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """A new draft like this one, without what belongs to this shipment alone."""
    now = timezone.now()
    if not request.actor.may(DRAFT):
        raise ActionNotAllowed(_("Your role does not allow this."))
    begin_for(declaration.importer, request.actor, on=party_date(now))
    fresh = drafts.copy_declaration(declaration=declaration, actor=request.actor, now=now)
    words = _("This is a new draft like the earlier one. Reference, dates, bills and papers are yours to fill in.")
    return told(request, words, "declaration", fresh.reference)


@on_declaration(DRAFT, editing=True)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """Ask, then withdraw a draft that was never filed."""
    if request.method == "POST":
        drafts.discard(draft=declaration, actor=request.actor, now=timezone.now())
        return told(request, _("The draft is withdrawn."), "declaration_list")
    context = {
        "title": _("Withdraw this draft?"), "words": declaration.goods or declaration.reference,
        "consequences": [_("Nobody can edit or file it any more."), _("It stays in your list, with its trail."),
                         _("Nothing is sent to customs.")],
        "confirm": _("Withdraw the draft"), "danger": True, "action": request.path,
        "cancel": reverse("declaration", args=[declaration.reference]),
    }  # fmt: skip
    return render(request, "components/confirm_page.html", context)


@on_declaration(CANCEL)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """Ask customs to cancel: the reason first, then what will happen, then the act."""
    if not requests.may_cancel(declaration):
        raise ActRefused(_("This declaration can no longer be cancelled here."))
    code, typed, error = request.POST.get("reason_code", ""), request.POST.get("reason", ""), ""
    try:
        reason = tidy_text(typed, 400, multiline=True) or ""
    except FieldError as problem:
        reason, error = typed, str(problem)
    known = code in requests.CANCEL_REASONS
    if request.method != "POST" or not known or error:
        missing = _("Choose one of the reasons.") if request.method == "POST" and not known else ""
        return _cancel_form(request, declaration, code, reason, (missing, error))
    if request.POST.get("confirmed") != "yes":
        return _cancel_confirm(request, declaration, code, reason)
    requests.cancel(declaration=declaration, reason_code=code, reason=reason, actor=request.actor, now=timezone.now())
    return told(request, _("Customs is asked to cancel this declaration."), "declaration", declaration.reference)


def _cancel_form(
    request: ActingRequest, declaration: Declaration, code: str, reason: str, errors: tuple[str, str]
) -> HttpResponse:
    fields = [
        FieldView("reason_code", _("Why should it be cancelled?"), "", "radio", code, errors[0],
                  list(requests.CANCEL_REASONS.items())),
        FieldView("reason", _("What happened, in your words (optional)"), _("Customs reads this."), "textarea", reason,
                  errors[1]),
    ]  # fmt: skip
    context = {
        "title": _("Cancel this declaration"), "fields": fields, "errors": [one for one in fields if one.error],
        "words": _("Until the goods are released, customs can cancel an entry. Tell customs why."),
        "confirm": _("Continue"), "action": request.path,
        "cancel": reverse("declaration", args=[declaration.reference]),
    }  # fmt: skip
    return render(request, "components/confirm_page.html", context, status=422 if any(errors) else 200)


def _cancel_confirm(request: ActingRequest, declaration: Declaration, code: str, reason: str) -> HttpResponse:
    hidden = {"reason_code": code, "reason": reason, "confirmed": "yes"}
    fields = [FieldView(name, "", kind="hidden", value=value) for name, value in hidden.items()]
    context = {
        "title": _("Ask customs to cancel?"), "fields": fields, "words": requests.CANCEL_REASONS[code],
        "consequences": [
            _("A request goes to customs at once. Customs grants or refuses it."),
            _("If it is granted, the entry ends and its number is never used again."),
            _("Goods that have arrived still need an entry within 15 days of landing."),
            _("While customs decides, the declaration stays as it is."),
        ],
        "confirm": _("Ask customs to cancel"), "danger": True,
        "action": request.path, "cancel": reverse("declaration", args=[declaration.reference]),
    }  # fmt: skip
    return render(request, "components/confirm_page.html", context)


@on_declaration(READ)
@require_GET
def messages_page(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """All messages about the declaration, both ways, in order."""
    context = {
        "declaration": declaration, "name": name_of(declaration), "sent": selectors.messages_of(declaration),
        "heard": selectors.inbound_of(declaration),
    }  # fmt: skip
    return render(request, "declarations/messages.html", context)


@on_declaration(READ)
@require_GET
def message_page(request: ActingRequest, declaration: Declaration, message: str) -> HttpResponse:
    """One message as it went over the wire."""
    one, is_sent = _message(declaration, message)
    text = readable(read_bytes(one.sha256))
    context = {
        "declaration": declaration, "name": name_of(declaration), "message": one, "is_sent": is_sent, "text": text
    }  # fmt: skip
    return render(request, "declarations/message.html", context)


@on_declaration(READ)
@require_GET
def message_file(request: ActingRequest, declaration: Declaration, message: str) -> HttpResponse:
    """The very bytes of one message."""
    one, _is_sent = _message(declaration, message)
    answer = HttpResponse(read_bytes(one.sha256), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{one.reference}.xml"'
    return answer


def _message(declaration: Declaration, reference: str) -> tuple[Any, bool]:
    """A message of this declaration, and whether we sent it."""
    for rows, is_sent in ((selectors.messages_of(declaration), True), (selectors.inbound_of(declaration), False)):
        for one in rows:
            if one.reference == reference:
                return one, is_sent
    raise Http404


@on_declaration(READ)
@require_GET
def entry_summary(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """The printed entry summary of a frozen version: the live one, or `?version=` by its number."""
    wanted = request.GET.get("version", "")
    version = selectors.latest_version(declaration)
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= 6:
        version = declaration.versions.filter(number=int(wanted)).first()
    if version is None:
        return refused(request, declaration.reference, _("There is nothing to print yet. Check and freeze it first."))
    answer = HttpResponse(render_entry_summary(version, rehearsal=settings.REHEARSAL), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="entry-summary-{version.entry_number}-{version.number}.pdf"'
    return answer


@on_declaration(READ)
@require_GET
def working(request: ActingRequest, declaration: Declaration) -> HttpResponse:
    """The whole working of the duty, line by line, fifty lines a page."""
    version = declaration.live_version
    if version is not None:
        document, assessment = filing.contents_of(version)
    else:
        found = filing.review(declaration=declaration, now=timezone.now())
        document, assessment = found.document, found.assessment
    start = start_of(request)
    items = [one for one in assessment.items if one.sequence > start]
    views = views_of(version) if version is not None else current_view
    worked, quoted = explained(items[:50], document=document, assessment=assessment, views=views)
    context = {
        "declaration": declaration, "name": name_of(declaration), "assessment": assessment, "items": worked,
        "version": version, "quoted": quoted, "fees": fees_of(assessment),
        "following": str(items[49].sequence) if len(items) > 50 else "",
    }  # fmt: skip
    return render(request, "declarations/working.html", context)
