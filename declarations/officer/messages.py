"""Outbox, inbound, dead letters and unmatched answers, with the operator's buttons."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from declarations.services import operating
from portal.admin import Confirmed, ConfirmingAdmin, Waiting
from portal.gateway.models import InboundMessage, OutboundMessage, TransmissionAttempt
from portal.personal import masked
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


class MessageAdmin(ConfirmingAdmin):
    """Base: raw text on the page, and one button with its own confirmation page and reason."""

    view_action = "message.read"
    act_states: tuple[str, ...] = ()  # in which somebody should act
    may_states: tuple[str, ...] = ()  # in which somebody may, and need not
    show_full_result_count = False
    ordering = ("-pk",)

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
        if row.state not in (*self.act_states, *self.may_states):
            return "Nothing: it goes on by itself."
        return self.button_for(row, self.only_act)

    @admin.display(description="raw text")
    def raw(self, row: Any) -> SafeString:
        return format_html('<pre class="portal-raw">{}</pre>', masked(readable(read_bytes(row.sha256)))[:PREVIEW])


@admin.register(OutboundMessage)
class OutboundAdmin(MessageAdmin):
    """The outbox; dead letters are the ones in state DEAD."""

    only_act, act_action = "retry", "message.retry"
    acts = {"retry": Confirmed("Send again", lambda row, **said: operating.retry(message=row, **said))}
    act_states, may_states = ("DEAD", "UNKNOWN"), ("DELIVERED",)
    list_display = ("reference", "state", "subject", "local_reference", "attempts", "created_at", "outcome_text")
    list_filter = ("state", "channel")
    search_fields = ("reference", "subject", "local_reference", "conversation_id")
    inlines = (AttemptInline,)
    fields = readonly_fields = (
        "reference", "state", "button", "subject", "sequence", "channel", "local_reference", "conversation_id",
        "attempts", "not_before", "created_at", "settled_at", "outcome_text", "correlation_id", "sha256", "raw",
    )  # fmt: skip

    def label_of(self, row: Any, name: str) -> str:
        return "Replay: send again what is through" if row.state == "DELIVERED" else super().label_of(row, name)


@admin.register(InboundMessage)
class InboundAdmin(MessageAdmin):
    """Answers; unmatched and failed ones wait for a person."""

    only_act, act_action = "adopt", "message.adopt"
    acts = {"adopt": Confirmed("Try again now", lambda row, **said: operating.adopt(message=row, **said))}
    act_states = ("UNMATCHED", "FAILED")
    list_display = ("reference", "state", "channel", "local_reference", "received_at", "conflict", "reason")
    list_filter = ("state", "conflict", "channel")
    search_fields = ("reference", "external_id", "local_reference", "conversation_id")
    fields = readonly_fields = (
        "reference", "state", "button", "channel", "external_id", "conversation_id", "local_reference", "conflict",
        "reason", "tries", "received_at", "applied_at", "sha256", "raw",
    )  # fmt: skip
