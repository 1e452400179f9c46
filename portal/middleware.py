"""Correlation id, "please try again" instead of a trace when the database is away, and who acts."""

import sys
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from portal import metrics
from portal.accounts.actors import actor_for
from portal.accounts.services import organizations_of
from portal.outages import is_outage

log = structlog.get_logger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]
HEADER = "X-Correlation-ID"


class CorrelationMiddleware:
    """One id from the request through tasks to the message; it is in every log line and in the answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        correlation_id = given if 8 <= len(given) <= 64 and given.replace("-", "").isalnum() else uuid.uuid4().hex
        request.correlation_id = correlation_id  # type: ignore[attr-defined]  # set here
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=correlation_id)
        started = time.monotonic()
        answer = self.get_response(request)
        took = time.monotonic() - started
        answer[HEADER] = correlation_id
        match = request.resolver_match
        view = match.view_name if match and match.view_name else "none"
        metrics.REQUESTS.labels(request.method, view, str(answer.status_code)).observe(took)
        if not request.path.startswith(settings.STATIC_URL):
            log.info(
                "request", method=request.method, path=request.path, status=answer.status_code, ms=int(took * 1000)
            )
        return answer


def unavailable(
    request: HttpRequest,
    *,
    code: str = "UNAVAILABLE",
    detail: str = "Please try again in a moment. Nothing was changed.",
) -> HttpResponse:
    """503 with Retry-After: a problem document for programs, a page for people. Reads no table."""
    correlation_id = getattr(request, "correlation_id", "")
    if request.path.startswith("/api/"):
        body = {
            "type": "about:blank", "title": "Service unavailable", "status": 503, "code": code, "detail": detail,
            "correlation_id": correlation_id,
        }  # fmt: skip
        answer: HttpResponse = JsonResponse(body, status=503, content_type="application/problem+json")
    else:
        answer = render(None, "unavailable.html", {"correlation_id": correlation_id}, status=503)
    answer["Retry-After"] = "5"
    return answer


class UnavailableMiddleware:
    """503 with Retry-After while the database is away. Nothing acknowledged is lost by it.

    What a view raises comes here; what the middlewares within raise, the framework gives to `handler500`.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Catch the database going away inside a view, before the framework makes a 500 of it."""
        return unavailable_if_outage(request, exception)


def unavailable_if_outage(request: HttpRequest, error: BaseException | None = None) -> HttpResponse | None:
    """503 where the error, or the one that is being handled, means that the database was away; None otherwise."""
    error = error or sys.exc_info()[1]
    if not is_outage(error):
        return None
    log.error("database unavailable", error=type(error).__name__, detail=str(error)[:200])
    return unavailable(request)


class ActorMiddleware:
    """`request.actor`: the signed-in person in the organization they chose, or None."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]  # set here
        if request.path.startswith((settings.STATIC_URL, "/healthz", "/api/v1/")):
            return self.get_response(request)
        if request.user.is_authenticated:
            organizations = organizations_of(request.user)
            chosen = request.session.get("organization")
            current = next((one for one in organizations if one.reference == chosen), None)
            current = current or (organizations[0] if organizations else None)
            request.organizations = organizations  # type: ignore[attr-defined]  # set here
            request.actor = actor_for(  # type: ignore[attr-defined]  # set here
                request.user,
                current,
                correlation_id=request.correlation_id,  # type: ignore[attr-defined]  # the middleware sets it
            )
        answer = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in answer:
            answer["Cache-Control"] = "no-store"
        return answer
