"""A new draft: for the own organization, or for a client under a live mandate."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from brokers.authority import NoMandate
from declarations.access import may_do
from declarations.filer import clients
from declarations.filer.start import first_header, is_agent, may_start, why_not
from declarations.filer.steps import STEPS
from declarations.filer.web.shared import DRAFT, ActingRequest, not_covered, told
from declarations.services import drafts
from declarations.services.acting import begin_for
from portal.accounts.models import Organization
from portal.forms import FieldView, tidy_text
from portal.timezones import party_date
from portal.web import acting


@acting
@require_GET
def start(request: ActingRequest) -> HttpResponse:
    """Who acts for others says first for whom; an importer has nobody to choose."""
    own = request.actor.organization
    if own is None or not is_agent(own):
        return redirect("declaration_list")
    if not may_start(request.actor):
        return _not_this_role(request)
    on = party_date(timezone.now(), own.party)
    text = tidy_text(request.GET.get("q", "")[:100]) or ""
    found = clients.startable(own, on, text=text)
    find = FieldView("q", _("Find a client"), _("A part of the name, or the importer number."), value=text)
    context = {
        "rows": found[: clients.PAGE], "is_more": len(found) > clients.PAGE, "text": text, "find": find,
        "no_start": why_not(own, on), "is_provider": own.kind == Organization.Kind.PROVIDER, "own": own,
    }  # fmt: skip
    return render(request, "declarations/start.html", context)


@acting
@require_POST
def create(request: ActingRequest) -> HttpResponse:
    """A new draft, filled in as far as the portal knows, and its first step."""
    own, now = request.actor.organization, timezone.now()
    if own is None or not may_start(request.actor):
        return _not_this_role(request)
    on = party_date(now, own.party)
    wanted = request.POST.get("client", "")[:22]
    if is_agent(own) and not wanted:
        return redirect("declaration_start")
    if not is_agent(own) and (refusal := why_not(own, on)):
        return render(request, "declarations/not_allowed.html", {"words": refusal}, status=409)
    importer = _importer(own, wanted)
    try:
        parties = begin_for(importer, request.actor, on=on)
    except NoMandate as error:
        return not_covered(request, error)
    header = first_header(importer, request.user, on, filer=parties.filer)
    draft = drafts.create(
        importer=importer, filer=parties.filer, header=header, actor=request.actor, now=now,
        transmitter=None if importer == own else own,
    )  # fmt: skip
    if not may_do(request.actor, draft, DRAFT, on=on):
        words = _("The draft stands. %(name)s sees it at once and fills it in.") % {"name": importer.name}
        return told(request, words, "declaration", draft.reference)
    return redirect("declaration_step", draft.reference, STEPS[0].slug)


def _importer(own: Organization, wanted: str) -> Organization:
    """The organization itself, where it imports, or the client that it named. Raises Http404."""
    if not is_agent(own) or (wanted == own.reference and own.importer_number):
        return own
    found = clients.find_client(own, wanted)
    if found is None:
        raise Http404
    return found


def _not_this_role(request: ActingRequest) -> HttpResponse:
    words = _("Your role does not allow you to start a declaration.")
    return render(request, "declarations/not_allowed.html", {"words": words}, status=403)
