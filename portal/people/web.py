"""People: who acts for the organization, for those who look after its accounts."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal import web
from portal.accounts.actors import Actor
from portal.accounts.models import Organization
from portal.accounts.roles import RolesIncompatible
from portal.errors import DomainError
from portal.forms import FieldView
from portal.people import links, services
from portal.people.forms import InvitationForm, role_choices
from portal.people.selectors import Member, find_member, members_of

managing = web.managing("organization.manage")


def at_home(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page about people: a sandbox has none of its own, they are those of the organization it belongs to."""

    @wraps(view)
    @managing
    def inner(
        request: HttpRequest, actor: Actor, organization: Organization, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if organization.sandbox_of_id is not None:
            raise Http404
        return view(request, actor, organization, *args, **kwargs)

    return inner


@require_GET
@at_home
def people(request: HttpRequest, actor: Actor, organization: Organization) -> HttpResponse:
    """Everybody with a role here."""
    return render(request, "people/list.html", {"members": members_of(organization)})


@require_http_methods(["GET", "HEAD", "POST"])
@at_home
def invite(request: HttpRequest, actor: Actor, organization: Organization) -> HttpResponse:
    """Somebody gets a role here, and an account where they have none."""
    form = InvitationForm(request.POST or None, kind=organization.kind)
    if request.method == "POST" and form.is_valid():
        try:
            role = form.cleaned_data["role"]
            user = _invited(organization, form, role, actor)
        except RolesIncompatible:
            form.add_error("email", _("This person cannot have this role here. Ask whoever runs the portal."))
        except DomainError as error:
            form.add_error("email", str(error))
        else:
            return _told(request, links.send(user=user, organization=organization))
    return render(request, "people/invite.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@at_home
def person(request: HttpRequest, actor: Actor, organization: Organization, person: str) -> HttpResponse:
    """One member: what they may do here, and how to change it."""
    member = _member(organization, person)
    field = _roles_field(member, organization)
    if request.method == "POST" and member.is_active:
        field.value = request.POST.getlist("roles")
        try:
            services.set_roles(
                user=member.user, organization=organization, wanted=frozenset(field.value), actor=actor,
                now=timezone.now(),
            )  # fmt: skip
        except DomainError as error:
            field.error = str(error)
        else:
            messages.success(request, _("Saved. It holds from now on."))
            return redirect(_after(member, actor, organization))
    context = {"member": member, "field": field, "errors": [field]}
    return render(request, "people/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_home
def switch(request: HttpRequest, actor: Actor, organization: Organization, person: str) -> HttpResponse:
    """Say what will happen, then switch the membership off or on again."""
    member = _member(organization, person)
    errors = []
    if request.method == "POST":
        try:
            services.switch_membership(
                user=member.user, organization=organization, on=not member.is_active, actor=actor, now=timezone.now()
            )
        except RolesIncompatible:
            errors = [_("This person cannot have this role here. Ask whoever runs the portal.")]
        except DomainError as error:
            errors = [str(error)]
        else:
            messages.success(request, _("Done. It holds from now on."))
            return redirect(_after(member, actor, organization))
    return render(request, "components/confirm_page.html", {**_switch_words(member, organization), "errors": errors})


@require_POST
@at_home
def link(request: HttpRequest, actor: Actor, organization: Organization, person: str) -> HttpResponse:
    """Another link for somebody who has not chosen a password yet; the earlier one still works until it is used."""
    member = _member(organization, person)
    if not member.is_waiting or not member.is_active:
        raise Http404
    services.record_link(user=member.user, organization=organization, actor=actor, now=timezone.now())
    return _told(request, links.send(user=member.user, organization=organization))


def _invited(organization: Organization, form: InvitationForm, role: str, actor: Actor) -> Any:
    there = find_member(organization, email=form.person.email)
    if there is not None:
        raise services.AlreadyMember(
            _("%(name)s is among your people already. Change their roles there.") % {"name": there.user}
        )
    user, _new = services.invite(
        organization=organization, person=form.person, role=role, actor=actor, now=timezone.now()
    )
    return user


def _told(request: HttpRequest, invitation: links.Invitation) -> HttpResponse:
    return render(request, "people/invited.html", {"invitation": invitation})


def _member(organization: Organization, reference: str) -> Member:
    found = find_member(organization, reference=reference)
    if found is None:
        raise Http404
    return found


def _roles_field(member: Member, organization: Organization) -> FieldView:
    return FieldView(
        "roles",
        _("What they may do"),
        kind="checkbox",
        value=sorted(member.roles),
        choices=role_choices(organization.kind),
    )


def _after(member: Member, actor: Actor, organization: Organization) -> str:
    """Back to the list; home for those who have just given up looking after it."""
    if member.user != actor.user:
        return "people"
    there = find_member(organization, reference=member.user.reference)
    return "people" if there and there.is_active and "importer_admin" in there.roles else "home"


def _switch_words(member: Member, organization: Organization) -> dict[str, Any]:
    names = {"name": member.user, "organization": organization}
    if member.is_active:
        return {
            "title": _("Switch off %(name)s?") % names,
            "words": _("From now on %(name)s cannot act for %(organization)s.") % names,
            "consequences": [
                _("What they have prepared, signed and sent stays."),
                _("You can switch them on again, with the same roles."),
            ],
            "confirm": _("Switch off"), "danger": True, "cancel": "../",
        }  # fmt: skip
    return {
        "title": _("Switch on %(name)s again?") % names,
        "words": _("%(name)s can act for %(organization)s again.") % names,
        "consequences": [_("They have the roles they had: %(roles)s.") % {"roles": ", ".join(member.role_names)}],
        "confirm": _("Switch on"), "cancel": "../",
    }  # fmt: skip
