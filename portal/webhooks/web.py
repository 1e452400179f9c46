"""Webhooks: where an organization's feed is pushed to, for those who look after its accounts."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.desk.selectors import head_of
from portal.errors import DomainError
from portal.gateway.outside import AddressRefused
from portal.people.web import managing
from portal.webhooks import services
from portal.webhooks.forms import ReplayForm, WebhookForm
from portal.webhooks.models import Webhook
from portal.webhooks.selectors import find_webhook, latest_tries, webhooks_of

CONFIRM = "components/confirm_page.html"


def owned(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page about one webhook of the organization; everybody else's does not exist."""

    @wraps(view)
    @managing
    def inner(request: HttpRequest, actor: Actor, organization: Organization, webhook: str) -> HttpResponse:
        found = find_webhook(organization, webhook)
        if found is None:
            raise Http404
        return view(request, actor, found)

    return inner


@require_GET
@managing
def webhooks(request: HttpRequest, actor: Actor, organization: Organization) -> HttpResponse:
    """All of them, and how far each has got."""
    context = {"webhooks": webhooks_of(organization), "head": head_of(organization), "most": services.MOST}
    return render(request, "webhooks/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@managing
def add(request: HttpRequest, actor: Actor, organization: Organization) -> HttpResponse:
    """Another address; its secret is shown this once."""
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.register(
                organization=organization, url=form.cleaned_data["url"], kinds=form.cleaned_data["kinds"], actor=actor,
                now=timezone.now(),
            )  # fmt: skip
        except AddressRefused as error:
            form.add_error("url", str(error))
        except services.KindUnclear as error:
            form.add_error("kinds", str(error))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return render(request, "webhooks/secret.html", {"made": made, "is_new": True})
    return render(request, "webhooks/add.html", {"form": form})


@require_GET
@owned
def webhook(request: HttpRequest, actor: Actor, webhook: Webhook) -> HttpResponse:
    """How it stands, its last attempts, and what can be done."""
    return _page(request, webhook, ReplayForm(initial={"seq": webhook.cursor + 1}))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@owned
def rotate(request: HttpRequest, actor: Actor, webhook: Webhook) -> HttpResponse:
    """Say what will happen, then show the new secret once."""
    errors = []
    if request.method == "POST":
        try:
            made = services.rotate_secret(webhook=webhook, actor=actor, now=timezone.now())
        except DomainError as error:
            errors = [str(error)]
        else:
            return render(request, "webhooks/secret.html", {"made": made, "is_new": False})
    words = {
        "title": _("Make a new secret?"),
        "words": _("Until you retire the secret you have now, every message is signed with both."),
        "consequences": [
            _("The new secret is shown once, on the next page."),
            _("Your receiver goes on with the old one; give it the new one when it suits you."),
            _("When it uses the new one, come back and retire the old one."),
        ],
        "confirm": _("Make a new secret"), "cancel": "../", "errors": errors,
    }  # fmt: skip
    return render(request, CONFIRM, words)


@require_http_methods(["GET", "HEAD", "POST"])
@owned
def retire(request: HttpRequest, actor: Actor, webhook: Webhook) -> HttpResponse:
    """The earlier secret signs no more."""
    words = {
        "title": _("Retire the old secret?"),
        "words": _("From now on only the newest secret signs."),
        "consequences": [_("A receiver that still checks with the old secret will refuse what it is sent.")],
        "confirm": _("Retire the old secret"), "danger": True,
    }  # fmt: skip
    return _confirmed(request, actor, webhook, services.retire_old_secret, words)


@require_http_methods(["GET", "HEAD", "POST"])
@owned
def switch(request: HttpRequest, actor: Actor, webhook: Webhook) -> HttpResponse:
    """Pause it, or let it go on."""
    if webhook.state == Webhook.State.ACTIVE:
        words: dict[str, Any] = {
            "title": _("Pause this webhook?"),
            "words": _("Nothing is sent to %(url)s until you resume it.") % {"url": webhook.url},
            "consequences": [_("Nothing is lost: what happens meanwhile is sent when you resume it.")],
            "confirm": _("Pause"),
        }
        return _confirmed(request, actor, webhook, services.pause, words)
    words = {
        "title": _("Resume this webhook?"),
        "words": _("It goes on with event %(seq)s.") % {"seq": webhook.cursor + 1},
        "consequences": [_("Everything that has happened since comes in order, up to 100 events a message.")],
        "confirm": _("Resume"),
    }
    return _confirmed(request, actor, webhook, services.resume, words)


@require_POST
@owned
def replay(request: HttpRequest, actor: Actor, webhook: Webhook) -> HttpResponse:
    """Send again from an event on."""
    form = ReplayForm(request.POST)
    if form.is_valid():
        seq = form.cleaned_data["seq"]
        try:
            services.replay_from(webhook=webhook, seq=seq, actor=actor, now=timezone.now())
        except DomainError as error:
            form.add_error("seq", str(error))
        else:
            messages.success(request, _("Event %(seq)s and all after it are sent again.") % {"seq": seq})
            return redirect("webhook", webhook=webhook.reference)
    return _page(request, webhook, form)


@require_POST
@owned
def send_test(request: HttpRequest, actor: Actor, webhook: Webhook) -> HttpResponse:
    """A test event, the way that all events go."""
    try:
        services.send_test(webhook=webhook, actor=actor, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("A test event is on its way. Load this page again to see what came of it."))
    return redirect("webhook", webhook=webhook.reference)


@require_http_methods(["GET", "HEAD", "POST"])
@owned
def remove(request: HttpRequest, actor: Actor, webhook: Webhook) -> HttpResponse:
    """Say what will happen, then remove it."""
    words = {
        "title": _("Remove this webhook?"),
        "words": _("Nothing is sent to %(url)s any more.") % {"url": webhook.url},
        "consequences": [
            _("Its secret and its list of attempts are gone."),
            _("The events themselves stay: add a webhook again and replay from any of them."),
        ],
        "confirm": _("Remove"), "danger": True,
    }  # fmt: skip
    return _confirmed(request, actor, webhook, services.remove, words, is_there=False)


def _confirmed(
    request: HttpRequest, actor: Actor, webhook: Webhook, act: Callable[..., None], words: dict[str, Any],
    is_there: bool = True,
) -> HttpResponse:  # fmt: skip
    errors = []
    if request.method == "POST":
        try:
            act(webhook=webhook, actor=actor, now=timezone.now())
        except DomainError as error:
            errors = [str(error)]
        else:
            messages.success(request, _("Done."))
            return redirect("webhook", webhook=webhook.reference) if is_there else redirect("webhooks")
    return render(request, CONFIRM, {"cancel": "../", **words, "errors": errors})


def _page(request: HttpRequest, webhook: Webhook, form: ReplayForm) -> HttpResponse:
    head = head_of(webhook.organization)
    context = {
        "webhook": webhook, "head": head, "waiting": max(0, head - webhook.cursor), "tries": latest_tries(webhook),
        "form": form,
    }  # fmt: skip
    return render(request, "webhooks/webhook.html", context)
