"""Mandates: who acts for whom. Written by either side, signed by the importer, looked up by anybody with a number."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from brokers import services
from brokers.flow import OVER, Act, MandateActRefused, may
from brokers.forms import MandateForm, TalkForm
from brokers.models import Mandate
from brokers.selectors import find_live, find_mandate, history_of, mandates_of
from brokers.shown import acts_of, cover_of, row_of
from brokers.talks import KIND, MEANS, TalkRefused, note_talk, talks_of
from brokers.wording import is_genuine, wording_of
from portal.accounts.actors import Actor
from portal.credentials import CredentialRefused, TooManyFailures, confirm, has_second_factor
from portal.errors import DomainError
from portal.forms import FieldView
from portal.references import tidy_reference
from portal.timezones import party_date
from portal.web import allowed, forbidden

READ, OFFER, ASK = "mandate.read", "mandate.offer", "mandate.ask"
PAGE = 50
CLOSERS = {"decline": services.decline, "revoke": services.revoke, "end": services.end}
View = Callable[..., HttpResponse]


def on_mandate(view: View) -> View:
    """A page of one mandate: the two sides of it see it, nobody else knows that it exists."""

    @wraps(view)
    @allowed(READ)
    def inner(request: HttpRequest, actor: Actor, mandate: str, **kwargs: Any) -> HttpResponse:
        found = find_mandate(actor, mandate)
        if found is None:
            raise Http404
        return view(request, actor, found, **kwargs)

    return inner


@require_GET
@allowed(READ)
def mandates(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All that the organization has given or holds."""
    rows = mandates_of(_own(actor))
    after = rows.filter(number=request.GET.get("after", "")[:22]).first()
    found = list((rows.filter(pk__lt=after.pk) if after else rows)[: PAGE + 1])
    on = _today()
    context = {
        "rows": [row_of(one, actor, on) for one in found[:PAGE]],
        "following": found[PAGE - 1].number if len(found) > PAGE else "",
        "is_importer": _own(actor).kind == "importer", "may_offer": actor.may(OFFER), "may_ask": actor.may(ASK),
    }  # fmt: skip
    return render(request, "brokers/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(OFFER)
def offer(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The importer writes a mandate for an agent; the next page is the one to sign."""
    return _write(request, actor, is_offer=True)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(ASK)
def ask(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The agent asks an importer for a mandate."""
    return _write(request, actor, is_offer=False)


def _write(request: HttpRequest, actor: Actor, *, is_offer: bool) -> HttpResponse:
    own = _own(actor)
    form = MandateForm(request.POST or None, own=own, on=_today())
    if request.method == "POST" and form.is_valid():
        other = form.cleaned_data["other"]
        principal, agent = (own, other) if is_offer else (other, own)
        act = services.offer if is_offer else services.ask
        try:
            made = act(principal=principal, agent=agent, scope=form.scope, actor=actor, now=timezone.now())
        except DomainError as error:
            form.add_error(str(error.params.get("field", "other")), str(error))
        else:
            if is_offer:
                return redirect("mandate_sign", made.number)
            messages.success(request, _("Asked. It holds once the importer has signed it."))
            return redirect("mandate", made.number)
    return render(request, "brokers/write.html", {"form": form, "is_offer": is_offer})


@require_GET
@on_mandate
def mandate(request: HttpRequest, actor: Actor, mandate: Mandate) -> HttpResponse:
    """One mandate: what it covers, its words with the signature, what happened to it, and what can be done."""
    context = {
        "row": row_of(mandate, actor, _today()), "mandate": mandate, "cover": cover_of(mandate, mandate.ends_on),
        "acts": acts_of(mandate, actor), "history": history_of(mandate),
        "is_genuine": mandate.signed_at is not None and is_genuine(mandate),
        "talks": [(one, MEANS[one.means]) for one in talks_of(mandate)],
        "may_note": actor.may(KIND) and mandate.state not in OVER,
    }  # fmt: skip
    return render(request, "brokers/mandate.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@on_mandate
def sign(request: HttpRequest, actor: Actor, mandate: Mandate) -> HttpResponse:
    """The words in full, those on payment to be accepted, and the credentials again."""
    if not actor.may("mandate.sign"):
        return forbidden(request)
    side = services.side_of(actor, mandate)
    if side is None or not may(mandate.state, Act.SIGN, side):
        return redirect("mandate", mandate.number)
    return _sign(request, actor, mandate) if request.method == "POST" else _sign_page(request, actor, mandate)


def _sign(request: HttpRequest, actor: Actor, mandate: Mandate) -> HttpResponse:
    now, said = timezone.now(), request.POST
    accepts = said.get("payment") == "true"
    if wording_of(mandate, party_date(now, mandate.party)).notice and not accepts:
        words = _("Read the words on payment and tick that you have; without that the mandate cannot hold.")
        return _sign_page(request, actor, mandate, {"payment": words}, status=422)
    try:
        method = confirm(
            user=actor.user, password=said.get("password", ""), code=said.get("code", "")[:20],  # type: ignore[arg-type]
            about=mandate.number, actor=actor, now=now,
        )  # fmt: skip
        services.sign(
            mandate=mandate, digest=said.get("digest", ""), accepts_payment_notice=accepts, method=method, actor=actor,
            now=now,
        )  # fmt: skip
    except CredentialRefused as error:
        return _sign_page(
            request, actor, mandate, {str(error.params["field"]): str(error)}, accepts=accepts, status=422
        )
    except TooManyFailures as error:
        return _sign_page(request, actor, mandate, {"password": str(error)}, accepts=accepts, status=429)
    except MandateActRefused as error:
        messages.error(request, str(error))
        return redirect("mandate", mandate.number)
    except DomainError as error:
        where = reverse("second_factor_add") if isinstance(error, services.SecondFactorNeeded) else ""
        return _sign_page(request, actor, mandate, {where: str(error)}, accepts=accepts, status=422)
    messages.success(request, _("Signed. It holds; you can revoke it at any moment."))
    return redirect("mandate", mandate.number)


def _sign_page(
    request: HttpRequest, actor: Actor, mandate: Mandate, errors: dict[str, str] | None = None, *,
    accepts: bool = False, status: int = 200,
) -> HttpResponse:  # fmt: skip
    errors = errors or {}
    password = FieldView(
        "password", _("Your password"), _("Given again, so that nobody else signs from your desk."), "password",
        error=errors.get("password", ""), required=True, width="xl", autocomplete="current-password",
    )  # fmt: skip
    code = FieldView(
        "code", _("Code of your authenticator"), _("A recovery code does not serve here."),
        error=errors.get("code", ""), required=True, width="small",
        autocomplete="one-time-code", inputmode="numeric",
    )  # fmt: skip
    payment = FieldView(
        "payment", _("I have read this, and accept it"), kind="checkbox", value=accepts, required=True,
        error=errors.get("payment", ""),
    )  # fmt: skip
    has_code = actor.user is not None and has_second_factor(actor.user)
    wording = wording_of(mandate, party_date(timezone.now(), mandate.party))
    context = {
        "mandate": mandate, "wording": wording, "cover": cover_of(mandate, wording.ends_on), "signer": actor.user,
        "errors": errors, "password": password, "payment": payment,
        "code": code if has_code else None,
        "lacks_authenticator": not has_code and "mandates" in settings.SECOND_FACTOR_FOR,
    }  # fmt: skip
    return render(request, "brokers/sign.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@on_mandate
def talk(request: HttpRequest, actor: Actor, mandate: Mandate) -> HttpResponse:
    """Note that the two sides spoke: when, how, with whom, about what."""
    if not actor.may(KIND):
        return forbidden(request)
    form = TalkForm(request.POST or None, on=_today())
    if request.method == "POST" and form.is_valid():
        try:
            note_talk(mandate=mandate, **form.cleaned_data, actor=actor, now=timezone.now())
        except TalkRefused as error:
            form.add_error(str(error.params["field"]), str(error))
        except MandateActRefused as error:
            messages.error(request, str(error))
            return redirect("mandate", mandate.number)
        else:
            messages.success(request, _("Noted. Both sides read it here."))
            return redirect("mandate", mandate.number)
    context = {"form": form, "mandate": mandate, "other": row_of(mandate, actor, _today()).other}
    return render(request, "brokers/talk.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@on_mandate
def close(request: HttpRequest, actor: Actor, mandate: Mandate, act: str) -> HttpResponse:
    """Say what will happen, ask why, then decline, revoke or end it."""
    if act not in CLOSERS:
        raise Http404
    if act not in acts_of(mandate, actor):
        side = services.side_of(actor, mandate)
        if side is not None and may(mandate.state, Act(act.upper()), side):
            return forbidden(request)
        messages.error(request, _("This cannot be done with the mandate any more."))
        return redirect("mandate", mandate.number)
    reason = FieldView("reason", _("Why"), _("The other side reads it."), "textarea", required=True)
    reason.value = request.POST.get("reason", "")
    if request.method == "POST":
        try:
            CLOSERS[act](mandate=mandate, reason=reason.value, actor=actor, now=timezone.now())
        except services.ReasonMissing as error:
            reason.error = str(error)
        except MandateActRefused as error:
            messages.error(request, str(error))
            return redirect("mandate", mandate.number)
        else:
            messages.success(request, _closed_words(act))
            return redirect("mandate", mandate.number)
    context = {**_close_words(act, mandate), "fields": [reason], "errors": [reason] if reason.error else []}
    return render(request, "components/confirm_page.html", context, status=422 if reason.error else 200)


def _closed_words(act: str) -> str:
    if act == "decline":
        return _("The mandate is declined; it will not be signed.")
    if act == "revoke":
        return _("The mandate is revoked; it holds no more.")
    return _("The mandate is given up; it holds no more.")


def _close_words(act: str, mandate: Mandate) -> dict[str, Any]:
    names = {"number": mandate.number, "agent": mandate.agent, "principal": mandate.principal}
    if act == "decline":
        title, words = _("Decline this mandate?"), _("It will not be signed. Another can be written at any time.")
        consequences, confirm_words = [_("The other side reads your reason.")], _("Decline")
    elif act == "revoke":
        title = _("Revoke this mandate?")
        words = _("From this moment %(agent)s can do nothing more for %(principal)s under it.") % names
        consequences = [
            _("What was filed under it stays filed, and stays yours."),
            _("Drafts and filings in hand go on with you; nothing is lost."),
            _("This is not undone: to go on, write a new mandate."),
        ]
        confirm_words = _("Revoke")
    else:
        title = _("Give up this mandate?")
        words = _("From this moment you can do nothing more for %(principal)s under it.") % names
        consequences, confirm_words = [_("This is not undone: to go on, ask for a new one.")], _("Give it up")
    return {
        "title": title, "words": words, "consequences": consequences, "confirm": confirm_words, "danger": True,
        "cancel": "../",
    }  # fmt: skip


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """For everybody: does a mandate with this number hold today, between whom and for what? Nothing else is told."""
    asked = request.GET.get("number", "")[:40]
    on = _today()
    found = find_live(tidy_reference(asked), on) if asked else None
    view = FieldView("number", _("Number of the mandate"), _("A letter and twelve signs, like W1234…"), value=asked)
    view.width = "xl"
    context = {
        "asked": asked,
        "found": found,
        "cover": cover_of(found, found.ends_on)[:6] if found else [],
        "on": on,
        "field": view,
    }
    answer = render(request, "brokers/check.html", context)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _own(actor: Actor) -> Any:
    """The organization acted for; the frame of these pages has made sure that there is one."""
    return actor.organization


def _today() -> Any:
    return party_date(timezone.now(), settings.PARTY)
