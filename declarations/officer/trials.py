"""Filings of sandboxes are no filings: officers' lists and counts leave them out unless they are asked for."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from declarations.models import Declaration
from declarations.selectors import IS_TRIAL

ONLY, BOTH = "only", "both"


class TrialFilter(admin.SimpleListFilter):
    """Real filings unless asked otherwise."""

    title = _("sandboxes")
    parameter_name = "sandboxes"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What can be asked for beside real filings."""
        return [(ONLY, _("Sandboxes only")), (BOTH, _("Both"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Declaration]) -> QuerySet[Declaration]:
        """Those asked for."""
        if self.value() == BOTH:
            return queryset
        return queryset.filter(IS_TRIAL) if self.value() == ONLY else queryset.exclude(IS_TRIAL)

    def choices(self, changelist: Any) -> Iterator[Any]:
        """The first choice is what is shown when nothing is asked."""
        for place, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": _("Real filings")} if place == 0 else choice
