"""The officers' desk: Django's admin, with filed data read-only and one role table for all."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode


class OfficerSite(admin.AdminSite):
    """Officers and operators only: staff who hold a role in an authority. Sign-in is the portal's own."""

    site_header = "Officers' desk"
    site_title = "Officers' desk"
    index_title = "What needs you"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Active staff."""
        return bool(request.user.is_active and request.user.is_staff)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The portal's sign-in, with its lock-out and, later, its second factor."""
        return redirect("/accounts/login/?" + urlencode({REDIRECT_FIELD_NAME: request.get_full_path()}))


class ReadOnlyAdmin(admin.ModelAdmin):
    """Base of everything filed: it can be looked at by those who may, and changed by nobody here."""

    view_action = "declaration.read_filed"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Asked of the role table, for the organization the officer acts in."""
        actor = getattr(request, "actor", None)
        return bool(request.user.is_superuser or (actor is not None and actor.may(self.view_action)))

    def has_module_permission(self, request: HttpRequest) -> bool:
        """As for viewing."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is added by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted by hand."""
        return False


site: OfficerSite = admin.site  # type: ignore[assignment]
