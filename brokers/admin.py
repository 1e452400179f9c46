"""The licensing officers' door to mandates: to be read when an agent has to show its authority."""

from django.contrib import admin

from brokers.models import Mandate
from brokers.wording import is_genuine
from portal.admin import ReadOnlyAdmin


@admin.register(Mandate)
class MandateAdmin(ReadOnlyAdmin):
    """Every mandate with its words and its signature; moved by the two sides alone."""

    view_action = "mandate.read_all"
    list_display = ("number", "principal", "agent", "state", "starts_on", "ends_on", "signed_at")
    list_filter = ("state", "party", "agent__kind")
    list_select_related = ("principal", "agent")
    search_fields = ("number", "principal__name", "agent__name", "principal__reference", "agent__reference")
    ordering = ("-pk",)
    fields = readonly_fields = (
        "number", "principal", "agent", "party", "form", "state", "actions", "document_types", "ports", "value_limit",
        "value_currency", "starts_on", "ends_on", "is_partnership", "partners", "offered_by", "asked_by", "created_at",
        "statement", "payment_notice", "payment_notice_on", "signed_name", "signed_title", "signed_at", "method",
        "digest", "genuine", "contact", "closed_at", "reason",
    )  # fmt: skip

    @admin.display(description="signature is true", boolean=True)
    def genuine(self, row: Mandate) -> bool:
        return is_genuine(row)
