"""The operators' door to organizations, people and memberships: through services with trail, never passwords."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.accounts.models import Membership, Organization, User, known_by
from portal.admin import BUTTON, Confirmed, ConfirmingAdmin
from portal.credentials import has_second_factor
from portal.errors import DomainError
from portal.people import links, services
from portal.people.forms import OfficersInvitationForm, OrganizationForm
from portal.personal import is_personal, mask
from portal.second_factor import services as second_factor


class OperatorsOwn(ConfirmingAdmin):
    """Base: seen and worked with by those who look after accounts; each act asks why."""

    view_action = "accounts.manage"

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The trail has it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The trail has it."""

    def label_of(self, row: Any, name: str) -> str:
        """What the button says."""
        if name != "switch":
            return super().label_of(row, name)
        return "Switch off" if row.is_active else "Switch on again"


@admin.register(Organization)
class OrganizationAdmin(OperatorsOwn):
    """Importers, brokers, providers and authorities: added, corrected, switched off and on."""

    form = OrganizationForm
    acts = {
        "switch": Confirmed(
            "Switch", lambda row, **said: services.switch_organization(organization=row, on=not row.is_active, **said)
        )
    }  # fmt: skip
    list_display = ("name", "kind", "number", "is_active", "created_at")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "number_index", "reference")
    ordering = ("name", "pk")
    given = (
        (None, {"fields": OrganizationForm.COLUMNS}),
        ("Address, as on CBP Form 5106", {"fields": OrganizationForm.ADDRESS}),
        ("Contact", {"fields": tuple(f"contact_{name}" for name in OrganizationForm.CONTACT)}),
    )
    shown = ("reference", "is_active", "created_at", "people", "buttons")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.given if obj is None else ((None, {"fields": self.shown}), *self.given)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else (*self.shown, "kind")

    def save_model(self, request: HttpRequest, obj: Organization, form: Any, change: bool) -> None:
        """Through the service, with its trail."""
        known: dict[str, Any] = {"facts": form.facts, "actor": request.actor, "now": timezone.now()}  # type: ignore[attr-defined]  # the middleware sets it
        if change:
            services.correct_organization(organization=obj, **known)
        else:
            made = services.add_organization(**known)
            obj.pk, obj.reference = made.pk, made.reference

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """A personal number is found where it is given whole."""
        if is_personal(search_term.strip()):
            return queryset.filter(known_by(search_term.strip())), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description="importer number", ordering="number_index")
    def number(self, row: Organization) -> str:
        return mask(row.importer_number) if is_personal(row.importer_number) else row.importer_number

    @admin.display(description="people")
    def people(self, row: Organization) -> SafeString | str:
        rows = row.memberships.select_related("user").order_by("user__last_name", "pk")
        return _list_of(rows, lambda one: (one.user, _in_words(one)), "admin:accounts_user_change", "user_id")

    @admin.display(description="what you can do")
    def buttons(self, row: Organization) -> SafeString:
        invite = f"{reverse('admin:accounts_user_add')}?organization={row.pk}"
        asked = format_html(BUTTON, invite, "Invite somebody") if row.is_active else ""
        return format_html("{} {}", asked, self.button_for(row, "switch"))


@admin.register(User)
class UserAdmin(OperatorsOwn):
    """People: invited into an organization, switched off and on. Passwords are theirs alone."""

    acts = {
        "switch": Confirmed(
            "Switch", lambda row, **said: services.switch_user(user=row, on=not row.is_active, **said)
        ),
        "second_factor": Confirmed(
            "Remove the second factor", lambda row, **said: second_factor.take_away(user=row, **said),
            title="Remove the second factor of somebody who has lost it? Make sure that it is them.",
        ),
    }  # fmt: skip
    list_display = ("email", "name", "title", "is_active", "last_login")
    list_filter = ("is_active", "memberships__role")
    search_fields = ("email", "first_name", "last_name", "reference")
    ordering = ("email",)
    fields = readonly_fields = (
        "reference", "email", "first_name", "last_name", "title", "works", "last_login", "date_joined", "roles",
        "password_chosen", "buttons",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.link)
        return [path("<int:pk>/link/", view, name="accounts_user_link"), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Invite: no user is added by a form of its own."""
        if not self.has_add_permission(request):
            return render(request, "403.html", status=403)
        form = OfficersInvitationForm(request.POST or None, initial={"organization": request.GET.get("organization")})
        if request.method == "POST" and form.is_valid():
            place = form.cleaned_data["organization"]
            try:
                user, _new = services.invite(
                    organization=place, person=form.person, role=form.cleaned_data["role"], actor=request.actor,  # type: ignore[attr-defined]  # the middleware sets it
                    now=timezone.now(),
                )  # fmt: skip
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                return self._told(request, links.send(user=user, organization=place))
        context = {
            **self.admin_site.each_context(request), "form": form, "opts": self.opts, "title": "Invite somebody",
        }  # fmt: skip
        return render(request, "admin/invite.html", context)

    def link(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Another link for somebody who has not chosen a password yet."""
        row = get_object_or_404(User, pk=pk)
        place = Organization.objects.filter(memberships__user=row, memberships__is_active=True).order_by("pk").first()
        if not self.has_view_permission(request) or request.method != "POST":
            return render(request, "403.html", status=403)
        if place is None or row.has_usable_password():
            messages.error(request, "Only for somebody who was invited and has not chosen a password yet.")
            return redirect("admin:accounts_user_change", pk)
        services.record_link(user=row, organization=place, actor=request.actor, now=timezone.now())  # type: ignore[attr-defined]  # the middleware sets it
        return self._told(request, links.send(user=row, organization=place))

    def _told(self, request: HttpRequest, invitation: links.Invitation) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request), "invitation": invitation, "opts": self.opts, "title": "Invited",
        }  # fmt: skip
        return render(request, "admin/invited.html", context)

    @admin.display(description="roles")
    def roles(self, row: User) -> SafeString | str:
        rows = row.memberships.select_related("organization").order_by("organization__name", "pk")
        return _list_of(rows, lambda one: (one.organization, _in_words(one)), "admin:accounts_membership_change", "pk")

    @admin.display(description="name", ordering="last_name")
    def name(self, row: User) -> str:
        return row.get_full_name()

    @admin.display(description="account is switched on", boolean=True)
    def works(self, row: User) -> bool:
        return row.is_active

    @admin.display(description="password chosen", boolean=True)
    def password_chosen(self, row: User) -> bool:
        return row.has_usable_password()

    @admin.display(description="what you can do")
    def buttons(self, row: User) -> SafeString:
        lost = self.button_for(row, "second_factor") if has_second_factor(row) else ""
        return format_html("{} {}", self.button_for(row, "switch"), lost)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = User.objects.filter(pk=object_id).first() if object_id.isdigit() else None
        waits = row is not None and row.is_active and not row.has_usable_password()
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "waits": waits})

    change_form_template = "admin/person.html"


@admin.register(Membership)
class MembershipAdmin(OperatorsOwn):
    """Who may do what where; switched off and on for the whole organization, with a reason."""

    acts = {
        "switch": Confirmed(
            "Switch", lambda row, **said: services.switch_membership(
                user=row.user, organization=row.organization, on=not row.is_active, **said
            ),
        )
    }  # fmt: skip
    list_display = ("user", "organization", "role", "is_active", "created_at")
    list_filter = ("role", "is_active", "organization__kind")
    list_select_related = ("user", "organization")
    search_fields = ("user__email", "user__last_name", "organization__name")
    fields = readonly_fields = ("user", "organization", "role", "is_active", "created_at", "buttons")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).order_by("organization__name", "user__last_name", "pk")

    @admin.display(description="what you can do")
    def buttons(self, row: Membership) -> SafeString:
        return self.button_for(row, "switch")


def _in_words(row: Membership) -> str:
    return row.get_role_display() + ("" if row.is_active else " (switched off)")


def _list_of(
    rows: QuerySet[Membership], words: Callable[[Membership], tuple[Any, str]], page: str, key: str
) -> SafeString | str:
    parts = [(reverse(page, args=[getattr(one, key)]), *words(one)) for one in rows]
    items = format_html_join("", '<li><a href="{}">{}</a>: {}</li>', parts)
    return format_html("<ul>{}</ul>", items) if parts else "Nobody yet."
