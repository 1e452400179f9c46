"""Filed declarations as officers see them: nothing here can be changed by hand."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from declarations.models import ControlFact, Declaration, DeclarationVersion, EntryNumber, FilerCode, NumberRange
from declarations.selectors import state_of, timeline
from declarations.services.telling import display
from portal.admin import ReadOnlyAdmin


class VersionInline(admin.TabularInline):
    """Filed versions."""

    model = DeclarationVersion
    fk_name = "declaration"
    extra = 0
    can_delete = False
    fields = readonly_fields = ("number", "state", "acts", "lrn", "digest", "submitted_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class FactInline(admin.TabularInline):
    """What customs said."""

    model = ControlFact
    extra = 0
    can_delete = False
    fields = readonly_fields = ("issued_at", "kind", "code", "ground", "response_id")
    ordering = ("issued_at", "pk")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


@admin.register(Declaration)
class DeclarationAdmin(ReadOnlyAdmin):
    """The case on one screen: facts, versions, time line."""

    list_display = ("number", "importer", "entry_type", "port_of_entry", "arrives_on", "state", "total_due", "goods")
    list_filter = ("legal", "has_hold", "entry_type", "port_of_entry")
    search_fields = ("entry_number", "reference", "functional_reference_id", "importer__name")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-pk",)
    inlines = (VersionInline, FactInline)
    fields = readonly_fields = (
        "number", "state", "importer", "filer", "entry_type", "port_of_entry", "arrives_on", "goods", "item_count",
        "total_due", "submitted_at", "time_line",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Declaration]:
        """Officers see what was filed; drafts are the filer's own."""
        rows = super().get_queryset(request).select_related("importer", "filer", "live_version")
        return rows.exclude(submitted_at=None)

    @admin.display(description="entry number", ordering="entry_number")
    def number(self, row: Declaration) -> str:
        return display(row)

    @admin.display(description="state")
    def state(self, row: Declaration) -> str:
        return state_of(row).word

    @admin.display(description="time line")
    def time_line(self, row: Declaration) -> SafeString:
        steps = [(one.at.strftime("%d %b %Y %H:%M:%S UTC"), one.what, one.who) for one in timeline(row)]
        return format_html("<ol>{}</ol>", format_html_join("", "<li>{}: {} ({})</li>", steps))


@admin.register(FilerCode)
class FilerCodeAdmin(ReadOnlyAdmin):
    """Filer codes and how many numbers are left."""

    list_display = ("code", "organization", "check_digit_offset", "is_active")


@admin.register(NumberRange)
class NumberRangeAdmin(ReadOnlyAdmin):
    """Ranges."""

    list_display = ("filer_code", "first", "last", "next_number")


@admin.register(EntryNumber)
class EntryNumberAdmin(ReadOnlyAdmin):
    """Numbers given, and voided ones with their reason."""

    list_display = ("number", "declaration", "allocated_at", "voided_at", "void_reason")
    search_fields = ("number",)
    list_filter = (("voided_at", admin.EmptyFieldListFilter),)
    show_full_result_count = False
