"""The officers' desk: Django's admin, with filed data read-only and one role table for all."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode

ROOMS = ("portal", "brokers", "aeo", "declarations", "audits")


class Waiting(NamedTuple):
    """Something that waits for an officer: what, how many, and where they are listed."""

    words: str
    number: int
    href: str


class OfficerSite(admin.AdminSite):
    """Officers and operators only: staff who hold a role in an authority. Sign-in is the portal's own.

    Only what belongs to the rooms is shown: tables of libraries (sign-in attempts, tokens) are not edited by hand.
    """

    site_header = "Officers' desk"
    site_title = "Officers' desk"
    index_title = "What needs you"
    enable_nav_sidebar = True

    def register(
        self, model_or_iterable: type[Model] | Iterable[type[Model]], admin_class: Any = None, **options: Any
    ) -> None:
        """Register models of the rooms; others are passed over."""
        listed = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        own = [one for one in listed if one.__module__.split(".")[0] in ROOMS]
        if own:
            super().register(own, admin_class, **options)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """First what waits, by the tables the officer may see; then the tables."""
        waiting: list[Waiting] = []
        for one in self._registry.values():
            if one.has_view_permission(request) and hasattr(one, "waiting"):
                waiting += [found for found in one.waiting(request) if found.number]
        return super().index(request, {**(extra_context or {}), "waiting": waiting})

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
