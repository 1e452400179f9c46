"""What every page shares: the frame around it, the home work list, health, errors."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_GET, require_POST
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.api import problem_answer
from portal.desk import selectors as desk
from portal.health import readiness, refresh_gauges
from portal.middleware import unavailable_if_outage
from portal.timezones import party_date

View = Callable[..., HttpResponse]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the page frame: who is signed in, for which organization, how many tasks wait."""
    actor: Actor | None = getattr(request, "actor", None)
    context: dict[str, Any] = {
        "actor": actor,
        "organizations": getattr(request, "organizations", []),
        "rehearsal": settings.REHEARSAL,
        "has_uswds": settings.USWDS.exists(),
        "correlation_id": getattr(request, "correlation_id", ""),
    }
    if actor is not None and actor.organization is not None:
        context["open_tasks"] = desk.count_open_tasks(actor.organization)
        context["in_sandbox"] = actor.organization.sandbox_of_id is not None
        context["manages_people"] = actor.may("organization.manage")
        context["manages_programs"] = actor.may("programs.manage")
    return context


def acting(view: View) -> View:
    """A page for people who act in a trader's organization: `request.actor` is there, or they sign in first.

    Officers are sent to their own desk: what a trader types is not theirs to read.
    """

    @wraps(view)
    @login_required
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor is None or request.actor.organization is None:  # type: ignore[attr-defined]  # the middleware sets it
            return render(request, "no_organization.html", status=403)
        if request.actor.organization.kind == Organization.Kind.AUTHORITY:  # type: ignore[attr-defined]  # the middleware sets it
            return redirect("admin:index") if request.method in ("GET", "HEAD") else forbidden(request)
        return view(request, *args, **kwargs)

    return inner


def allowed(action: str) -> Callable[[View], View]:
    """A page for people whose roles may do this; it is given the actor."""

    def wrap(view: View) -> View:
        @wraps(view)
        @acting
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
            return view(request, actor, *args, **kwargs) if actor.may(action) else forbidden(request)

        return inner

    return wrap


def managing(action: str) -> Callable[[View], View]:
    """The same, for what belongs to the organization that the actor acts for: it is given that too."""

    def wrap(view: View) -> View:
        @wraps(view)
        @allowed(action)
        def inner(request: HttpRequest, actor: Actor, *args: Any, **kwargs: Any) -> HttpResponse:
            return view(request, actor, actor.organization, *args, **kwargs)

        return inner

    return wrap


@require_POST
@login_required
def switch_organization(request: HttpRequest) -> HttpResponse:
    """Act in another of one's organizations from now on."""
    wanted = request.POST.get("organization", "")
    if wanted not in {one.reference for one in request.organizations}:  # type: ignore[attr-defined]  # the middleware sets it
        raise Http404
    request.session["organization"] = wanted
    return redirect(_safe_next(request))


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """The portal can work: database, broker, write-once triggers; ages of the oldest waiting work."""
    found = readiness(now=timezone.now())
    return JsonResponse(found, status=200 if found["ready"] else 503)


@require_GET
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Prometheus text."""
    refresh_gauges(now=timezone.now())
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@require_GET
def status(request: HttpRequest) -> HttpResponse:
    """The public status page: can declarations be filed now, and is the authority answering?"""
    return render(request, "status.html", {"readiness": readiness(now=timezone.now())})


@acting
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """The task inbox and the latest notices."""
    organization = request.actor.organization  # type: ignore[attr-defined]  # the middleware sets it
    context = {"tasks": desk.open_tasks(organization), "notices": desk.latest_notices(organization)}
    return render(request, "desk/inbox.html", context)


def soon(days: int = 14) -> tuple[Any, Any]:
    """Today and the last day of the deadlines shown at home, where the Party counts its days."""
    today = party_date(timezone.now(), settings.PARTY)
    return today, today + timedelta(days=days)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same words for what is not there and for what belongs to somebody else."""
    if asks_api(request):
        return _problem(request, 404, "Not found", "NOT_FOUND", "There is nothing here under this address for you.")
    return render(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, also for a form whose protection token is missing."""
    return render(request, "403.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: too large, or not understood."""
    if asks_api(request):
        return _problem(request, 400, "Not understood", "BAD_REQUEST", "The request could not be understood.")
    return render(request, "400.html", status=400)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500: what happened, what was kept, the id to quote, and a way on. Needs no database."""
    away = unavailable_if_outage(request)
    connection.close_if_unusable_or_obsolete()
    if away is not None:
        return away
    if asks_api(request):
        words = "A mistake of ours. Quote the correlation id; send it again with the same key, nothing is done twice."
        return _problem(request, 500, "Something went wrong", "SERVER_ERROR", words)
    return render(None, "500.html", {"correlation_id": getattr(request, "correlation_id", "")}, status=500)


def asks_api(request: HttpRequest) -> bool:
    """True where a program asks, which is answered with problems and not with pages."""
    return request.path.startswith("/api/") and not request.path.startswith("/api/docs/")


def _problem(request: HttpRequest, number: int, title: str, code: str, detail: str) -> HttpResponse:
    return problem_answer(number, title, detail, code, getattr(request, "correlation_id", ""))


def _safe_next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "/")
    ok = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if ok else "/"
