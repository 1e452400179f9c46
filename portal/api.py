"""Errors of the API as `application/problem+json`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from portal.errors import DomainError


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """The problem document for an exception; None lets the framework make a 500 of what we do not know."""
    set_rollback()
    request = context.get("request")
    correlation_id = getattr(getattr(request, "_request", request), "correlation_id", "")
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, DomainError):
        number: int = status.HTTP_409_CONFLICT
        code, title, detail = error.code, "Refused", str(error)
    elif isinstance(error, exceptions.APIException):
        code = str(error.default_code).upper()
        title, number, detail = str(error.default_detail), error.status_code, str(error.detail)
    else:
        return None
    body = {
        "type": "about:blank", "title": title, "status": number, "detail": detail, "code": code,
        "correlation_id": correlation_id,
    }  # fmt: skip
    answer = Response(body, status=number, content_type="application/problem+json")
    challenge = getattr(error, "auth_header", None)
    if challenge:
        answer["WWW-Authenticate"] = challenge
    return answer
