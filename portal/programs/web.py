"""Programs: what may use the API for an organization, for those who answer for it."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal import web
from portal.accounts.actors import Actor
from portal.accounts.models import Client, Organization
from portal.credentials import CredentialRefused, TooManyFailures, confirm, has_second_factor
from portal.errors import DomainError
from portal.limits import quota_now
from portal.programs import plots, services, traffic
from portal.programs.forms import (
    CredentialsForm,
    ProgramForm,
    RotationForm,
    WishForm,
    credential_fields,
    hours_field,
    place_fields,
    scope_choices,
    wish_fields,
)
from portal.programs.selectors import CLOSED, Traffic, find_program, listed, places_of, programs_of, traffic_of
from portal.programs.services import Wish
from portal.shown import moment
from portal.timezones import ZONES, party_date

managing = web.managing("programs.manage")
CONFIRM = "components/confirm_page.html"
FORM = ["GET", "HEAD", "POST"]
YEAR = timedelta(days=365)
FIELD_OF = {
    services.ProgramNameUnclear: "name", services.NoScope: "scopes", services.ScopeNotYours: "scopes",
    services.ExpiryUnfit: "last_day",
}  # fmt: skip


def owned(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page about one program of the organization; everybody else's does not exist."""

    @wraps(view)
    @managing
    def inner(request: HttpRequest, actor: Actor, organization: Organization, program: str) -> HttpResponse:
        found = find_program(organization, program)
        if found is None:
            raise Http404
        return view(request, actor, found)

    return inner


@require_GET
@managing
def programs(request: HttpRequest, actor: Actor, organization: Organization) -> HttpResponse:
    """All of them, and how each stands."""
    context = {"programs": programs_of(organization, timezone.now())}
    return render(request, "programs/list.html", context)


@require_http_methods(FORM)
@never_cache
@managing
def add(request: HttpRequest, actor: Actor, organization: Organization) -> HttpResponse:
    """Another program; its secret is shown this once."""
    now = timezone.now()
    choices = scope_choices(actor, organization)
    initial = {"last_day": (party_date(now, organization.party) + YEAR).isoformat(), "scopes": ["read"]}
    form = ProgramForm(request.POST or None, initial=initial, choices=choices, places=places_of(organization))

    def act(method: str) -> services.Registered:
        given = form.cleaned_data
        wish = Wish(tuple(given["scopes"]), given["last_day"])
        return services.add(
            organization=form.chosen, name=given["name"], wish=wish, method=method, actor=actor, now=now
        )

    if request.method == "POST" and (made := _done(form, actor, organization.reference, act)):
        return render(request, "programs/secret.html", {"made": made, "is_new": True})
    fields = [*place_fields(form), *wish_fields(form, choices), *_credentials(form, actor)]
    context = {"form": form, "fields": fields, "organization": organization}
    return render(request, "programs/add.html", context, status=_status(form))


@require_GET
@owned
def program(request: HttpRequest, actor: Actor, program: Client) -> HttpResponse:
    """How it stands, what can be done, and what it asked for in the last day."""
    now = timezone.now()
    traffic.flush()  # what this process has counted; other processes write theirs in a moment
    found = traffic_of(program, now)
    one = listed(program, now)
    context = {
        "one": one, "program": program, "is_open": one.state != CLOSED, "traffic": found, "plot": _plot(found),
        "quota": quota_now(program.organization, now=now) if program.organization else None,
    }  # fmt: skip
    return render(request, "programs/program.html", context)


@require_http_methods(FORM)
@owned
def change(request: HttpRequest, actor: Actor, program: Client) -> HttpResponse:
    """What it may do, and until when."""
    organization: Organization = actor.organization  # type: ignore[assignment]  # `managing` has seen to it
    choices = scope_choices(actor, organization, program.scopes)
    initial: dict[str, Any] = {"scopes": program.scopes.split()}
    if program.expires_at is not None:
        initial["last_day"] = party_date(program.expires_at - timedelta(seconds=1), organization.party).isoformat()
    form = WishForm(request.POST or None, initial=initial, choices=choices)

    def act(method: str) -> bool:
        given = form.cleaned_data
        wish = Wish(tuple(given["scopes"]), given["last_day"])
        services.change(program=program, wish=wish, method=method, actor=actor, now=timezone.now())
        return True

    if request.method == "POST" and _done(form, actor, _about(program), act):
        messages.success(request, _("Saved. It holds from now on."))
        return redirect("program", program=program.client_id)
    hint = _("Given again. Where you let the program do more, or for longer, you answer for it from now on.")
    fields = [*wish_fields(form, choices), *_credentials(form, actor, hint)]
    context = {"form": form, "fields": fields, "program": program}
    return render(request, "programs/change.html", context, status=_status(form))


@require_http_methods(FORM)
@never_cache
@owned
def rotate(request: HttpRequest, actor: Actor, program: Client) -> HttpResponse:
    """Say what will happen, then show the new secret once."""
    form = RotationForm(request.POST or None, initial={"hours": 24})

    def act(method: str) -> services.Registered:
        return services.rotate_secret(
            program=program, hours=form.cleaned_data["hours"], method=method, actor=actor, now=timezone.now()
        )

    if request.method == "POST" and (made := _done(form, actor, _about(program), act)):
        return render(request, "programs/secret.html", {"made": made, "is_new": False})
    words = {
        "title": _("Make a new secret?"),
        "words": _("%(program)s gets a new secret. You choose how long the earlier one holds beside it.")
        % {"program": program.name},
        "consequences": [
            _("The new secret is shown once, on the next page."),
            _("Whoever takes the secret answers for the program: that is you from now on."),
        ],
        "confirm": _("Make a new secret"), "cancel": "../",
        "fields": [hours_field(form), *_credentials(form, actor)], "errors": _errors(form),
    }  # fmt: skip
    return render(request, CONFIRM, words, status=_status(form))


@require_http_methods(FORM)
@owned
def end_secret(request: HttpRequest, actor: Actor, program: Client) -> HttpResponse:
    """The earlier secret holds no more."""
    words = {
        "title": _("End the earlier secret now?"),
        "words": _("From now on %(program)s proves itself with the newest secret only.") % {"program": program.name},
        "consequences": [
            _("Tokens end too, since some may have been asked for with the earlier secret."),
            _("The program asks for a new token with the newest secret and goes on."),
        ],
        "confirm": _("End the earlier secret"), "danger": True,
        "done": _("The earlier secret has ended; only the newest one holds."),
    }  # fmt: skip
    return _confirmed(request, actor, program, services.end_old_secret, words)


@require_http_methods(FORM)
@owned
def close(request: HttpRequest, actor: Actor, program: Client) -> HttpResponse:
    """Say what will happen, then close it."""
    words = {
        "title": _("Close this program?"),
        "words": _("%(program)s does nothing any more, from this moment on.") % {"program": program.name},
        "consequences": [
            _("Its secrets and tokens end at once; what it has filed stays, and goes on with customs."),
            _("It cannot be opened again. Add a new program where you need one."),
        ],
        "confirm": _("Close the program"), "danger": True,
        "done": _("The program is closed; its tokens open nothing any more."),
    }  # fmt: skip
    return _confirmed(request, actor, program, services.close, words)


def _status(form: CredentialsForm) -> int:
    """429 where nothing is tried for a while."""
    return 429 if form.has_error("password", TooManyFailures.code) else 200


def _done(form: CredentialsForm, actor: Actor, about: str, act: Callable[[str], Any]) -> Any:
    """What the act gives, once the form is whole and the person has given their credentials; None with errors."""
    if not form.is_valid() or actor.user is None:
        return None
    given = form.cleaned_data
    try:
        method = confirm(
            user=actor.user, password=given["password"], code=given["code"], about=about, actor=actor,
            now=timezone.now(),
        )  # fmt: skip
        return act(method)
    except CredentialRefused as error:
        form.add_error(str(error.params["field"]), str(error))
    except TooManyFailures as error:
        form.add_error("password", ValidationError(str(error), code=error.code))
    except DomainError as error:
        field = FIELD_OF.get(type(error))
        form.add_error(field if field in form.fields else None, str(error))
    return None


def _credentials(form: CredentialsForm, actor: Actor, hint: str = "") -> list[Any]:
    has_second = actor.user is not None and has_second_factor(actor.user)
    return credential_fields(form, has_second, hint)


def _errors(form: CredentialsForm) -> list[Any]:
    found: list[Any] = [("", words) for words in form.non_field_errors()]
    return found + [(bound.html_name, " ".join(map(str, bound.errors))) for bound in form if bound.errors]


def _confirmed(
    request: HttpRequest, actor: Actor, program: Client, act: Callable[..., None], words: dict[str, Any]
) -> HttpResponse:
    errors = []
    if request.method == "POST":
        try:
            act(program=program, actor=actor, now=timezone.now())
        except DomainError as error:
            errors = [str(error)]
        else:
            messages.success(request, words["done"])
            return redirect("program", program=program.client_id)
    return render(request, CONFIRM, {"cancel": "../", **words, "errors": errors})


def _plot(found: Traffic) -> str:
    zone = ZONES["US"]
    rows = [
        plots.Bar(f"{one.at.astimezone(zone):%H}" if place % 3 == 2 else "", one.answered, one.refused)
        for place, one in enumerate(found.hours)
    ]
    description = _("%(count)s requests since %(since)s, %(refused)s of them refused.") % {
        "count": found.times.total, "since": moment(found.hours[0].at), "refused": found.refused,
    }  # fmt: skip
    title, axis = _("Requests by the hour, last 24 hours"), _("Requests an hour; hours begin as written, in %(zone)s")
    axis %= {"zone": found.hours[-1].at.astimezone(zone).tzname()}
    return mark_safe(plots.bars("traffic", title, description, axis, rows))  # noqa: S308  (all words are escaped there)


def _about(program: Client) -> str:
    return program.client_id[:40]
