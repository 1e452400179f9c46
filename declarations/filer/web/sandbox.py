"""The sandbox of an organization: what it is, how it is made, and how it can be made to answer."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from declarations.filer.stories import ANSWERS, LINES
from declarations.services import sandboxes
from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.errors import DomainError
from portal.programs.web import managing


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def sandbox(request: HttpRequest, actor: Actor, organization: Organization) -> HttpResponse:
    """What a sandbox is and how it answers; makes one."""
    errors = []
    if request.method == "POST":
        try:
            twin = sandboxes.make_sandbox(organization=organization, actor=actor, now=timezone.now())
        except DomainError as error:
            errors = [str(error)]
        else:
            messages.success(request, _("%(name)s is there. Add a program for it.") % {"name": twin.name})
            return redirect("program_add")
    twin_there = None if organization.sandbox_of_id else sandboxes.sandbox_of(organization)
    context = {
        "twin": twin_there, "is_twin": organization.sandbox_of_id is not None, "errors": errors,
        "answers": ANSWERS, "lines": LINES,
        "has_clock": bool(settings.CHANNELS[settings.SANDBOX_CHANNEL].get("admin_token")),
    }  # fmt: skip
    return render(request, "declarations/sandbox.html", context)
