"""What was typed when the session had ended: kept on the server until its page is shown again to the same person."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from declarations.filer.web.shared import ActingRequest, is_htmx

View = Callable[..., HttpResponse]
KEPT = "typed"
MOST = 100_000  # bytes of one page that are kept


def keeping(view: View) -> View:
    """A page sent by somebody who is no longer signed in is kept; the sign-in leads back to it.

    The session of a visitor goes on after signing in. What a page sends by itself is answered with 401.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            if is_htmx(request):
                return HttpResponse(_("You are signed out."), status=401)
            _keep(request)
        return view(request, *args, **kwargs)

    return inner


def typed_before(request: ActingRequest) -> QueryDict | None:
    """What this person typed into this page before they were signed out, and has not saved since."""
    found = request.session.get(KEPT)
    if not found or found["path"] != request.path or found["who"] != request.user.reference:
        return None
    return QueryDict(found["data"])


def forget_typed(request: ActingRequest) -> None:
    """The page was saved, or what is saved was asked for instead."""
    if typed_before(request) is not None:
        del request.session[KEPT]


def _keep(request: HttpRequest) -> None:
    data = request.POST.copy()
    data.pop("csrfmiddlewaretoken", None)
    text = data.urlencode()
    if len(text) <= MOST:
        request.session[KEPT] = {"path": request.path, "who": data.get("who", ""), "data": text}
        messages.warning(request, _("You were signed out. What you typed is kept: sign in, and you can save it."))
