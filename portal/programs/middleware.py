"""Every answer to a program is counted, whatever it was."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.programs import traffic


class TrafficMiddleware:
    """Counts requests whose view has said which program asks, and for what; bodies are not looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        answer = self.get_response(request)
        client, operation = getattr(request, "asked_by", (None, ""))
        if client is not None:
            traffic.count(
                client=client, operation=f"{request.method} {operation}".strip(), status=answer.status_code,
                code=getattr(answer, "problem_code", ""), took_ms=int((time.monotonic() - started) * 1000),
                now=timezone.now(),
            )  # fmt: skip
        return answer
