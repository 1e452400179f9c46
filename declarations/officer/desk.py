"""Filed declarations as officers see them: nothing here can be changed by hand."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode

from declarations.models import Declaration
from declarations.officer.filed import page_of
from declarations.officer.trials import TrialFilter
from declarations.printing import render_entry_summary
from declarations.selectors import IS_TRIAL, last_filed, state_of
from declarations.services.telling import display
from portal.admin import ReadOnlyAdmin, Waiting

STUCK_WORDS = "sent and not answered by customs"


@admin.register(Declaration)
class DeclarationAdmin(ReadOnlyAdmin):
    """The case on one screen: what was filed with its duty, what customs said, messages both ways."""

    list_display = ("number", "state", "importer", "total", "arrives_on", "goods", "entry_type", "port_of_entry")
    list_filter = (TrialFilter, "legal", "has_hold", "entry_type", "port_of_entry")
    search_fields = ("entry_number", "reference", "functional_reference_id", "importer__name")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-pk",)
    fields = readonly_fields = ("number",)
    change_form_template = "admin/filed_declaration.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Declaration]:
        """Officers see what was filed; drafts, and what is typed after a rejection, are the filer's own."""
        rows = super().get_queryset(request).select_related("importer", "filer", "live_version")
        return rows.exclude(submitted_at=None)

    def get_urls(self) -> list[URLPattern]:
        printed = self.admin_site.admin_view(self.printed)
        return [path("<int:pk>/entry-summary.pdf", printed, name="filed_entry_summary"), *super().get_urls()]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        row = self.get_object(request, object_id) if object_id else None
        if row is not None and self.has_view_permission(request, row):
            after = request.GET.get("after", "")
            start = int(after) if after.isascii() and after.isdigit() and len(after) < 4 else 0
            extra_context = {**(extra_context or {}), **page_of(row, start), "title": display(row)}
        return super().changeform_view(request, object_id, form_url, extra_context)

    def printed(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The entry summary of the version that was filed last."""
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        version = last_filed(row)
        if version is None or not self.has_view_permission(request, row):
            raise Http404
        body = render_entry_summary(version, rehearsal=settings.REHEARSAL)
        answer = HttpResponse(body, content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="entry-summary-{version.entry_number}-{version.number}.pdf"'
        return answer

    def waiting(self, request: HttpRequest) -> list[Waiting]:
        """What an officer should look at first, sandboxes aside."""
        rows = self.get_queryset(request).exclude(IS_TRIAL)
        listed = reverse("admin:declarations_declaration_changelist")
        return [
            Waiting("held or under examination", rows.filter(has_hold=True).count(),
                    f"{listed}?{urlencode({'has_hold__exact': 1})}"),
            Waiting(STUCK_WORDS, rows.filter(filing="SUBMITTED", legal="NONE").count(),
                    f"{listed}?{urlencode({'legal__exact': 'NONE'})}"),
        ]  # fmt: skip

    @admin.display(description="entry number", ordering="entry_number")
    def number(self, row: Declaration) -> str:
        return display(row)

    @admin.display(description="state")
    def state(self, row: Declaration) -> str:
        return state_of(row).word

    @admin.display(description="total, USD", ordering="total_due")
    def total(self, row: Declaration) -> str:
        return "" if row.total_due is None else f"{row.total_due:,.2f}"
