"""What the organization filed under its own name, also where the importer carries the declaration on itself."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from declarations.access import versions_filed_by
from declarations.filer.api.exports import exported
from declarations.filer.api.filed_versions import page_of_versions, printed, version_of
from declarations.filer.web.shared import ActingRequest
from declarations.selectors import PAGE
from declarations.services import filing
from portal.accounts.actors import Actor
from portal.web import acting


def or_filed_versions(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Who filed a declaration once and may see it no more comes to the versions that stay its own."""

    @wraps(view)
    def inner(request: HttpRequest, reference: str) -> HttpResponse:
        try:
            return view(request, reference)
        except Http404:
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None or not versions_filed_by(actor).filter(declaration__reference=reference).exists():
                raise
            messages.info(request, _("The importer carries this declaration on. What you filed stays yours to read."))
            return redirect("filed_versions")

    return inner


@acting
@require_GET
def filed_versions(request: ActingRequest) -> HttpResponse:
    """Filed versions, newest first, each with its proof and its printed form."""
    after = request.GET.get("after", "")
    known = after if after.isascii() and after.isdigit() and len(after) <= 18 else ""
    rows, following = page_of_versions(request.actor, after=known, limit=PAGE)
    own = request.actor.organization
    for one in rows:
        one.is_carried_on = own is not None and one.declaration.filer_id != own.pk  # type: ignore[attr-defined]  # a note for the page
    return render(request, "declarations/filed_versions.html", {"rows": rows, "following": following})


@acting
@require_GET
def export(request: ActingRequest) -> HttpResponse:
    """All filings of the organization as a file, those that brokers filed for it too."""
    return exported(request.actor)  # type: ignore[return-value]  # a stream is an answer too; pages are typed as plain ones


@acting
@require_GET
def filed_version(request: ActingRequest, reference: str) -> HttpResponse:
    """One version as it was filed, with its receipt. What became of the declaration afterwards is not told here."""
    version = version_of(request.actor, reference)
    document, assessment = filing.contents_of(version)
    receipt = getattr(version, "receipt", None)
    context = {
        "version": version, "receipt": receipt, "document": document, "assessment": assessment,
        "is_true": receipt is not None and filing.is_genuine(receipt),
    }  # fmt: skip
    return render(request, "declarations/filed_version.html", context)


@acting
@require_GET
def filed_summary(request: ActingRequest, reference: str) -> HttpResponse:
    """The printed entry summary of that version."""
    return printed(version_of(request.actor, reference))
