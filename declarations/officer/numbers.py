"""Filer codes, their ranges, and every number given: ranges are added and numbers voided, each with its trail."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from declarations.models import EntryNumber, FilerCode, NumberRange
from declarations.services import numbers
from portal.admin import ReadOnlyAdmin
from portal.errors import DomainError

MANAGE = "numbers.manage"


class NumbersAdmin(ReadOnlyAdmin):
    """Base: seen by those who see filed declarations, added to by operators."""

    def may_manage(self, request: HttpRequest) -> bool:
        """True for those who look after numbers."""
        actor = getattr(request, "actor", None)
        return bool(request.user.is_superuser or (actor is not None and actor.may(MANAGE)))


@admin.register(FilerCode)
class FilerCodeAdmin(NumbersAdmin):
    """Filer codes as customs gave them, and how many numbers are left."""

    list_display = ("code", "organization", "left", "check_digit_offset", "is_active")
    list_select_related = ("organization",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_manage(request)

    def save_model(self, request: HttpRequest, obj: FilerCode, form: Any, change: bool) -> None:
        """Through the service, with its trail."""
        made = numbers.add_filer_code(
            organization=obj.organization, code=obj.code, check_digit_offset=obj.check_digit_offset,
            actor=request.actor, now=timezone.now(),  # type: ignore[attr-defined]
        )  # fmt: skip
        obj.pk = made.pk

    @admin.display(description="numbers left")
    def left(self, row: FilerCode) -> str:
        left, whole = numbers.numbers_left(row.organization)
        return f"{left:,} of {whole:,}"


class RangeForm(forms.ModelForm):
    """First and last number of a range, as customs assigned it."""

    class Meta:
        model = NumberRange
        fields = ("filer_code", "first", "last")

    def clean(self) -> dict[str, Any]:
        """Refused as the service would refuse it."""
        found = super().clean() or {}
        if {"filer_code", "first", "last"} <= set(found):
            try:
                numbers.refuse_range(filer_code=found["filer_code"], first=found["first"], last=found["last"])
            except DomainError as error:
                raise forms.ValidationError(str(error)) from error
        return found


@admin.register(NumberRange)
class NumberRangeAdmin(NumbersAdmin):
    """Ranges: what was assigned and which number comes next."""

    form = RangeForm
    list_display = ("filer_code", "first", "last", "next_number")
    list_select_related = ("filer_code",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_manage(request)

    def save_model(self, request: HttpRequest, obj: NumberRange, form: Any, change: bool) -> None:
        """Through the service, with its trail."""
        made = numbers.add_range(
            filer_code=obj.filer_code, first=obj.first, last=obj.last, actor=request.actor, now=timezone.now()  # type: ignore[attr-defined]
        )  # fmt: skip
        obj.pk, obj.next_number = made.pk, made.next_number


@admin.register(EntryNumber)
class EntryNumberAdmin(NumbersAdmin):
    """Numbers given; one that was never sent to customs can be voided, with a reason."""

    list_display = ("number", "declaration", "allocated_at", "voided_at", "void_reason")
    list_select_related = ("declaration",)
    search_fields = ("number",)
    list_filter = (("voided_at", admin.EmptyFieldListFilter),)
    show_full_result_count = False
    fields = readonly_fields = ("number", "declaration", "allocated_at", "voided_at", "void_reason", "button")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.void)
        return [path("<int:pk>/void/", view, name="declarations_entrynumber_void"), *super().get_urls()]

    def void(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask why, then void."""
        row = get_object_or_404(EntryNumber, pk=pk)
        if not self.may_manage(request):
            return render(request, "403.html", status=403)
        reason = request.POST.get("reason", "").strip()
        back = reverse("admin:declarations_entrynumber_change", args=[pk])
        if request.method == "POST" and reason:
            try:
                numbers.void(number=row.number, reason=reason, actor=request.actor, now=timezone.now())  # type: ignore[attr-defined]
                messages.success(request, f"{row.number} is voided. It is never given again.")
            except DomainError as error:
                messages.error(request, str(error))
            return redirect(back)
        context = {
            **self.admin_site.each_context(request), "row": row, "label": "Void the number", "opts": self.opts,
            "missing": request.method == "POST", "back": back, "title": "Void an entry number",
        }  # fmt: skip
        return render(request, "admin/confirm_act.html", context)

    @admin.display(description="what you can do")
    def button(self, row: EntryNumber) -> SafeString | str:
        if numbers.may_void(row):
            address = reverse("admin:declarations_entrynumber_void", args=[row.pk])
            return format_html('<a class="button" href="{}">Void the number</a>', address)
        return "Nothing: it is voided." if row.voided_at else "Nothing: customs has it, or its declaration is in hand."
