"""The token address: client credentials, guarded; every refusal in the shape of RFC 6749 (`error`, with words)."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.views import TokenView

from portal.accounts.api import credentials_in
from portal.programs import guard

GRANT = "client_credentials"
WORDS = {
    "invalid_client": "The client id or the secret is wrong, or the program may no longer use the API.",
    "invalid_scope": "The program was not given this scope. Ask for fewer, or for none to get all that it has.",
    "invalid_request": "Send a form with grant_type, and client id and secret in it or in a Basic header.",
    "unsupported_grant_type": f"Only grant_type={GRANT} is served here.",
    "temporarily_unavailable": "There were too many wrong secrets. Wait before the next try.",
}


@method_decorator(csrf_exempt, name="dispatch")  # programs have no session
class ProgramTokenView(TokenView):
    """Gives tokens to programs that prove themselves; wrong secrets are counted and refused after too many."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Other methods are refused in the same shape."""
        if request.method != "POST":
            answer = refusal("invalid_request", 405, "Use POST.")
            answer["Allow"] = "POST"
            return answer
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A token, or why there is none."""
        grant = request.POST.get("grant_type", "")
        if grant != GRANT:
            return refusal("unsupported_grant_type" if grant else "invalid_request", 400)
        now = timezone.now()
        tried = guard.Try(_client_id(request), guard.address_of(request))
        wait = guard.seconds_to_wait(tried, now=now)
        if wait:
            answer = refusal("temporarily_unavailable", 429)
            answer["Retry-After"] = str(wait)
            return answer
        given = self.authorization_flow_token_response(request, *args, **kwargs)
        if given.status_code == 200:
            guard.note_success(tried)
            return given
        if given.status_code == 401:
            guard.note_failure(tried, now=now)
        return _shaped(given)


def refusal(error: str, status: int, words: str = "") -> HttpResponse:
    """A refusal as RFC 6749 (5.2) has it; nobody keeps it."""
    answer = JsonResponse({"error": error, "error_description": words or WORDS[error]}, status=status)
    answer["Cache-Control"], answer["Pragma"] = "no-store", "no-cache"
    return answer


def _shaped(given: HttpResponse) -> HttpResponse:
    """The refusal with words that say how to mend it, and the same headers."""
    try:
        said = json.loads(given.content)
    except ValueError:
        said = {}
    error = str(said.get("error", "invalid_request"))
    answer = refusal(error, given.status_code, WORDS.get(error) or str(said.get("error_description", error)))
    if "WWW-Authenticate" in given:
        answer["WWW-Authenticate"] = given["WWW-Authenticate"]
    return answer


def _client_id(request: HttpRequest) -> str:
    kind, _, basic = request.headers.get("Authorization", "").partition(" ")
    posted = request.POST.get("client_id"), request.POST.get("client_secret")
    return credentials_in(basic if kind == "Basic" else None, *posted)[0]
