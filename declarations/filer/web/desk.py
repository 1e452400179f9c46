"""The desk of who files for others: what needs doing for which client, whose mandate ends, and the list of clients."""

from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from declarations import selectors
from declarations.filer import clients
from declarations.filer.start import is_agent, may_start
from declarations.filer.web import home
from declarations.filer.web.home import GROUPS, ListRow, client_field, list_rows, near_days, starting, view_links
from declarations.filer.web.shared import ActingRequest, told
from declarations.services.views import ViewRefused, remove_view, save_view
from declarations.words import DUE, QUEUES
from portal.accounts.models import Organization
from portal.desk import selectors as inbox
from portal.forms import FieldView, Words, tidy_text
from portal.timezones import party_date
from portal.web import acting, forbidden

SHOWN = 5


class Queue(NamedTuple):
    """A part of the desk: how many wait, and those that have waited longest."""

    name: str
    title: Words
    waiting: int
    rows: list[ListRow]


@acting
@require_GET
def front(request: ActingRequest) -> HttpResponse:
    """Home: the desk for who files for others, the work list for everybody else."""
    own = request.actor.organization
    if own is None or not is_agent(own) or not request.actor.may("declaration.read"):
        return home.home(request)
    today, until = near_days(own)
    client = request.GET.get("client", "")[:22]
    queues = _queues(request, own, client, until)
    context: dict[str, Any] = {
        "queues": queues, "is_quiet": not any(one.waiting for one in queues), "field": client_field(own, client),
        "client": client,
        "ending": clients.ending(own, today), "tasks": list(inbox.open_tasks(own, 8)), "today": today,
        "views": view_links(request, {}), **starting(request),
    }  # fmt: skip
    return render(request, "declarations/desk.html", context)


def _queues(request: ActingRequest, own: Organization, client: str, until: Any) -> list[Queue]:
    counts = selectors.queue_counts(request.actor, client=client, until=until)
    found = {
        name: selectors.queue_rows(request.actor, name, client=client, until=until, limit=SHOWN) for name in QUEUES
    }
    each = {one.pk: one for rows in (*found.values(), found[DUE]) for one in rows}  # the last knows its day
    shown = {one.declaration.pk: one for one in list_rows(each.values(), own)}
    return [Queue(name, GROUPS[name], counts[name], [shown[one.pk] for one in found[name]]) for name in QUEUES]


@acting
@require_GET
def client_list(request: ActingRequest) -> HttpResponse:
    """All clients with the state of their mandates and how much stands where."""
    own = request.actor.organization
    if own is None or not is_agent(own) or not request.actor.may("declaration.read"):
        return forbidden(request)
    text = tidy_text(request.GET.get("q", "")[:100]) or ""
    on = party_date(timezone.now(), own.party)
    rows, following = clients.clients_of(request.actor, on, text=text, after=request.GET.get("after", "")[:22])
    if not may_start(request.actor):
        rows = [one._replace(may_start=False) for one in rows]
    find = FieldView("q", _("Find a client"), _("A part of the name, or the importer number."), value=text)
    context = {"rows": rows, "following": following, "find": find, "text": text, "is_start": "after" not in request.GET}
    return render(request, "declarations/clients.html", context)


@acting
@require_POST
def keep_view(request: ActingRequest) -> HttpResponse:
    """The filter that is shown is kept under a name."""
    filters = {name: request.POST.get(name, "") for name in ("client", "group", "type", "q")}
    try:
        saved = save_view(
            name=tidy_text(request.POST.get("name", "")[:60]) or "", filters=filters, actor=request.actor,
            now=timezone.now(),
        )  # fmt: skip
    except ViewRefused as error:
        return render(request, "declarations/not_allowed.html", {"words": str(error)}, status=422)
    return told(request, _("Kept as “%(name)s”.") % {"name": saved.name}, "declaration_list")


@acting
@require_POST
def drop_view(request: ActingRequest, view: str) -> HttpResponse:
    """The person's view is taken out; nobody else's is touched."""
    if remove_view(reference=view, actor=request.actor, now=timezone.now()):
        return told(request, _("The view is taken out."), "declaration_list")
    return redirect("declaration_list")
