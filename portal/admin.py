"""The officers' desk: Django's admin, with filed data read-only and one role table for all."""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from portal.credentials import has_second_factor
from portal.errors import DomainError

BUTTON = '<a class="button" href="{}">{}</a>'
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

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """As Django's, after the page of the second factor where officers have to have one and this one has not."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def outer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            is_asked = "officers" in settings.SECOND_FACTOR_FOR and self.has_permission(request)
            if is_asked and not has_second_factor(request.user):  # type: ignore[arg-type]  # our own: signed in
                return redirect("second_factor")
            return inner(request, *args, **kwargs)

        return outer

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The portal's sign-in, with its lock-out and its second factor."""
        return redirect("/accounts/login/?" + urlencode({REDIRECT_FIELD_NAME: request.get_full_path()}))


def may(request: HttpRequest, action: str) -> bool:
    """Asked of the role table, for the organization the officer acts in."""
    actor = getattr(request, "actor", None)
    return bool(request.user.is_superuser or (actor is not None and actor.may(action)))


class ReadOnlyAdmin(admin.ModelAdmin):
    """Base of everything filed: it can be looked at by those who may, and changed by nobody here."""

    view_action = "declaration.read_filed"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Asked of the role table, for the organization the officer acts in."""
        return may(request, self.view_action)

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


class Confirmed(NamedTuple):
    """One act: what its button says and the service behind it, with the row and `actor`, `now` and `reason`."""

    label: str
    service: Callable[..., object]
    title: str = ""  # of the page, where it is not the label
    done: str = ""  # said afterwards, with {row}


class ConfirmingAdmin(ReadOnlyAdmin):
    """Base: read-only, with acts that are confirmed on a page of their own."""

    acts: Mapping[str, Confirmed] = {}  # by the name in the address
    only_act = ""  # where there is but one it ends the address, and the address's name
    act_action = ""  # in the role table, where it is not the one for viewing
    act_page = "admin/confirm_act.html"
    asks_why = True

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view(self.confirm), self._address_name
        if self.only_act:
            own = [path(f"<path:pk>/{self.only_act}/", view, {"name": self.only_act}, name=name)]
        else:
            own = [path("<int:pk>/act/<slug:name>/", view, name=name)] if self.acts else []
        return own + super().get_urls()

    def may_act(self, request: HttpRequest) -> bool:
        """Asked of the role table."""
        return may(request, self.act_action or self.view_action)

    def label_of(self, row: Any, name: str) -> str:
        """What the button says."""
        return self.acts[name].label

    def also_shown(self, name: str) -> dict[str, Any]:
        """What the page shows beside the question."""
        return {}

    def confirm(self, request: HttpRequest, pk: int | str, name: str) -> HttpResponse:
        """Say what will happen, ask why, then call the service."""
        row = get_object_or_404(self.get_queryset(request), pk=_number(str(pk)))
        if not self.may_act(request) or name not in self.acts:
            return render(request, "403.html", status=403)
        act, label = self.acts[name], self.label_of(row, name)
        reason = request.POST.get("reason", "").strip()
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        if request.method == "POST" and (reason or not self.asks_why):
            said = {"actor": request.actor, "now": timezone.now()}  # type: ignore[attr-defined]  # the middleware sets it
            try:
                act.service(row, **said, **({"reason": reason} if self.asks_why else {}))
                messages.success(request, act.done.format(row=row) or f"{label}: done.")
            except DomainError as error:
                messages.error(request, str(error))
            return redirect(back)
        context = {
            **self.admin_site.each_context(request), "row": row, "label": label, "opts": self.opts, "back": back,
            "missing": request.method == "POST", "title": act.title or label, **self.also_shown(name),
        }  # fmt: skip
        return render(request, self.act_page, context)

    def button_for(self, row: Any, name: str) -> SafeString:
        """The button that leads to the page."""
        address = reverse(f"admin:{self._address_name}", kwargs={"pk": row.pk, "name": name})
        return format_html(BUTTON, address, self.label_of(row, name))

    @property
    def _address_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{self.only_act or 'act'}"


def _number(text: str) -> int:
    """A row number in an address; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


site: OfficerSite = admin.site  # type: ignore[assignment]  # the default site is ours: see portal/apps.py
