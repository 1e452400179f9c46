"""A trader's door to the ombudsman: complain, and see what became of one's own complaints."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from portal.accounts.actors import Actor
from portal.clocks.models import Deadline
from portal.complaints import services
from portal.complaints.forms import ComplaintForm
from portal.complaints.models import Complaint
from portal.complaints.selectors import clock_of, complaints_of
from portal.errors import DomainError
from portal.web import acting


@require_GET
@acting
def complaints(request: HttpRequest) -> HttpResponse:
    """The organization's own complaints, what was answered, and by when an answer is due."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    rows = complaints_of(actor.organization) if actor.organization else Complaint.objects.none()
    return render(request, "complaints/list.html", {"complaints": _with_due_days(rows)})


def _with_due_days(rows: QuerySet[Complaint]) -> list[dict[str, object]]:
    found = list(rows)
    clocks = Deadline.objects.filter(subject__in=[one.reference for one in found])
    due = {(one.subject, one.kind): one.due_on for one in clocks}
    return [{"row": one, "due_on": due.get((one.reference, clock_of(one.state)))} for one in found]


@require_http_methods(["GET", "HEAD", "POST"])
@acting
def complain(request: HttpRequest) -> HttpResponse:
    """Say what was not equal; the ombudsman gets it at once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    form = ComplaintForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and actor.organization is not None:
        try:
            services.lodge(organization=actor.organization, actor=actor, now=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The ombudsman has your complaint."))
            return redirect("complaints")
    return render(request, "complaints/new.html", {"form": form})
