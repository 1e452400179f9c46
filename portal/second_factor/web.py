"""Pages of one's own second factor, for traders and officers alike: every person has their own and nobody else's."""

from collections.abc import Callable, Mapping
from functools import wraps

from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.accounts.actors import Actor
from portal.accounts.models import User
from portal.credentials import CredentialRefused, TooManyFailures
from portal.forms import FieldView
from portal.second_factor import services
from portal.second_factor.drawing import address_of, drawn, in_groups
from portal.second_factor.services import standing_of

FORM = ["GET", "HEAD", "POST"]
CONFIRM = "components/confirm_page.html"
Errors = dict[str, str]


def own(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for whoever is signed in, whatever their organization; what it shows is kept by no browser."""

    @wraps(view)
    @never_cache
    @login_required
    def inner(request: HttpRequest) -> HttpResponse:
        user: User = request.user  # type: ignore[assignment]  # login_required has seen to it
        actor: Actor = getattr(request, "actor", None) or Actor(user=user)
        return view(request, user, actor)

    return inner


@require_GET
@own
def second_factor(request: HttpRequest, user: User, actor: Actor) -> HttpResponse:
    """Whether there is an authenticator, and what can be done."""
    return render(request, "second_factor/index.html", {"standing": standing_of(user)})


@require_http_methods(FORM)
@own
def add(request: HttpRequest, user: User, actor: Actor) -> HttpResponse:
    """The secret as a picture and as text; with the code that the authenticator shows, it holds."""
    if standing_of(user) is not None:
        messages.info(request, _("You have an authenticator. Remove it before you set up another."))
        return redirect("second_factor")
    secret: str = request.session.setdefault(SECRET_SESSION_KEY, generate_totp_secret())
    said, errors, status = request.POST, Errors(), 200
    if request.method == "POST":
        try:
            codes = services.enrol(
                user=user, secret=secret, password=said.get("password", ""), code=said.get("code", "")[:20],
                actor=actor, now=timezone.now(),
            )  # fmt: skip
        except (CredentialRefused, TooManyFailures) as error:
            status = _noted(errors, error)
        except services.AlreadyEnrolled as error:
            messages.info(request, str(error))
            return redirect("second_factor")
        else:
            del request.session[SECRET_SESSION_KEY]
            return render(request, "second_factor/codes.html", {"codes": codes, "is_new": True})
    label = _("The secret as a picture for the camera of your authenticator; the same stands below as text.")
    context = {
        "picture": drawn(address_of(user.email, secret), label), "secret": in_groups(secret),
        "fields": _fields(errors, _("The six digits that it shows now.")), "errors": list(errors.items()),
    }  # fmt: skip
    return render(request, "second_factor/add.html", context, status=status)


@require_http_methods(FORM)
@own
def codes(request: HttpRequest, user: User, actor: Actor) -> HttpResponse:
    """New recovery codes, shown once."""

    def act(password: str, code: str) -> HttpResponse:
        made = services.renew_codes(user=user, password=password, code=code, actor=actor, now=timezone.now())
        return render(request, "second_factor/codes.html", {"codes": made, "is_new": False})

    words = {
        "title": _("Make new recovery codes?"),
        "words": _("You get ten new codes. Each serves once, to sign in or to remove the authenticator."),
        "consequences": [_("The earlier codes open nothing any more."), _("The new ones are shown once.")],
        "confirm": _("Make new codes"),
    }  # fmt: skip
    hint = _("The six digits that your authenticator shows now. A recovery code does not serve here.")
    return _confirmed(request, words, hint, act)


@require_http_methods(FORM)
@own
def remove(request: HttpRequest, user: User, actor: Actor) -> HttpResponse:
    """Say what will happen, then remove it."""

    def act(password: str, code: str) -> HttpResponse:
        services.remove(user=user, password=password, code=code, actor=actor, now=timezone.now())
        messages.success(request, _("The authenticator is removed. You sign in with your password alone."))
        return redirect("second_factor")

    words = {
        "title": _("Remove your authenticator?"),
        "words": _("From now on whoever knows your password can sign in as you."),
        "consequences": [
            _("Your recovery codes open nothing any more."),
            _("You are told by e-mail, and it stands in your trail."),
        ],
        "confirm": _("Remove it"), "danger": True,
    }  # fmt: skip
    hint = _("The six digits that your authenticator shows now, or one of your recovery codes.")
    return _confirmed(request, words, hint, act)


def _confirmed(
    request: HttpRequest, words: Mapping[str, object], hint: str, act: Callable[[str, str], HttpResponse]
) -> HttpResponse:
    errors, status = Errors(), 200
    if request.method == "POST":
        try:
            return act(request.POST.get("password", ""), request.POST.get("code", "")[:20])
        except (CredentialRefused, TooManyFailures) as error:
            status = _noted(errors, error)
        except services.NotEnrolled as error:
            messages.info(request, str(error))
            return redirect("second_factor")
    context = {**words, "cancel": "../", "fields": _fields(errors, hint), "errors": list(errors.items())}
    return render(request, CONFIRM, context, status=status)


def _noted(errors: Errors, error: CredentialRefused | TooManyFailures) -> int:
    """The refusal stands at its field; gives the status of the answer."""
    errors[str(error.params.get("field", "password"))] = str(error)
    return 429 if isinstance(error, TooManyFailures) else 422


def _fields(errors: Errors, hint: str) -> list[FieldView]:
    password = FieldView(
        "password", _("Your password"), _("Given again, so that nobody else changes this from your desk."), "password",
        error=errors.get("password", ""), required=True, width="xl", autocomplete="current-password",
    )  # fmt: skip
    code = FieldView(
        "code", _("Code"), hint, error=errors.get("code", ""), required=True, width="small",
        autocomplete="one-time-code", inputmode="numeric",
    )  # fmt: skip
    return [password, code]
