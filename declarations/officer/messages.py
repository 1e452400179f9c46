"""Outbox, inbound, dead letters and unmatched answers, with the operator's buttons."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from declarations.services import operating
from portal.admin import ReadOnlyAdmin, Waiting
from portal.errors import DomainError
from portal.gateway.models import InboundMessage, OutboundMessage, TransmissionAttempt
from portal.records.services import read_bytes
from portal.xml import readable

PREVIEW = 20_000


class AttemptInline(admin.TabularInline):
    """Every try and every question."""

    model = TransmissionAttempt
    extra = 0
    can_delete = False
    fields = readonly_fields = ("at", "verb", "outcome", "status_code", "duration_ms", "text")
    ordering = ("pk",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


def _number(text: str) -> int:
    """A row number in an address; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


class MessageAdmin(ReadOnlyAdmin):
    """Base: raw text on the page, and one button with its own confirmation page and reason."""

    view_action = "message.read"
    act = ""  # the service in `operating`, also the last part of the address
    act_label = ""
    act_action = ""  # in the role table
    act_states: tuple[str, ...] = ()
    show_full_result_count = False
    ordering = ("-pk",)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_{self.act}"
        own = [path(f"<path:object_id>/{self.act}/", self.admin_site.admin_view(self.confirm), name=name)]
        return own + super().get_urls()

    def confirm(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say what will happen, ask why, then call the service."""
        row = get_object_or_404(self.get_queryset(request), pk=_number(object_id))
        allowed = request.user.is_superuser or request.actor.may(self.act_action)  # type: ignore[attr-defined]
        if not allowed:
            return render(request, "403.html", status=403)
        reason = request.POST.get("reason", "").strip()
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        if request.method == "POST" and reason:
            service: Callable[..., None] = getattr(operating, self.act)
            try:
                service(message=row, reason=reason, actor=request.actor, now=timezone.now())  # type: ignore[attr-defined]
                messages.success(request, f"{self.act_label}: done.")
            except DomainError as error:
                messages.error(request, str(error))
            return redirect(back)
        context = {
            **self.admin_site.each_context(request), "row": row, "label": self.act_label, "opts": self.opts,
            "missing": request.method == "POST", "back": back, "title": self.act_label,
        }  # fmt: skip
        return render(request, "admin/confirm_act.html", context)

    def waiting(self, request: HttpRequest) -> list[Waiting]:
        """Messages that a person must look at, by state."""
        listed = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        rows = self.get_queryset(request)
        return [
            Waiting(f"{self.opts.verbose_name_plural}: {state.lower()}", rows.filter(state=state).count(),
                    f"{listed}?state__exact={state}")
            for state in self.act_states
        ]  # fmt: skip

    @admin.display(description="what you can do")
    def button(self, row: Any) -> SafeString | str:
        if row.state not in self.act_states:
            return "Nothing: it goes on by itself."
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{self.act}", args=[row.pk])
        return format_html('<a class="button" href="{}">{}</a>', address, self.act_label)

    @admin.display(description="raw text")
    def raw(self, row: Any) -> SafeString:
        return format_html('<pre class="portal-raw">{}</pre>', readable(read_bytes(row.sha256))[:PREVIEW])


@admin.register(OutboundMessage)
class OutboundAdmin(MessageAdmin):
    """The outbox; dead letters are the ones in state DEAD."""

    act, act_label, act_action = "retry", "Send again", "message.retry"
    act_states = ("DEAD", "UNKNOWN")
    list_display = ("reference", "state", "subject", "local_reference", "attempts", "created_at", "outcome_text")
    list_filter = ("state", "channel")
    search_fields = ("reference", "subject", "local_reference", "conversation_id")
    inlines = (AttemptInline,)
    fields = readonly_fields = (
        "reference", "state", "button", "subject", "sequence", "channel", "local_reference", "conversation_id",
        "attempts", "not_before", "created_at", "settled_at", "outcome_text", "correlation_id", "sha256", "raw",
    )  # fmt: skip


@admin.register(InboundMessage)
class InboundAdmin(MessageAdmin):
    """Answers; unmatched and failed ones wait for a person."""

    act, act_label, act_action = "adopt", "Try again now", "message.adopt"
    act_states = ("UNMATCHED", "FAILED")
    list_display = ("reference", "state", "channel", "local_reference", "received_at", "conflict", "reason")
    list_filter = ("state", "conflict", "channel")
    search_fields = ("reference", "external_id", "local_reference", "conversation_id")
    fields = readonly_fields = (
        "reference", "state", "button", "channel", "external_id", "conversation_id", "local_reference", "conflict",
        "reason", "tries", "received_at", "applied_at", "sha256", "raw",
    )  # fmt: skip
