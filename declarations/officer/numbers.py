"""Filer codes, their ranges, and every number given: ranges are added and numbers voided, each with its trail."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from declarations.models import EntryNumber, FilerCode, NumberRange
from declarations.services import numbers
from portal.admin import Confirmed, ConfirmingAdmin
from portal.errors import DomainError


class NumbersAdmin(ConfirmingAdmin):
    """Base: seen by those who see filed declarations, added to by operators."""

    act_action = "numbers.manage"


@admin.register(FilerCode)
class FilerCodeAdmin(NumbersAdmin):
    """Filer codes as customs gave them, and how many numbers are left."""

    list_display = ("code", "organization", "left", "check_digit_offset", "is_active")
    list_select_related = ("organization",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_act(request)

    def save_model(self, request: HttpRequest, obj: FilerCode, form: Any, change: bool) -> None:
        """Through the service, with its trail."""
        made = numbers.add_filer_code(
            organization=obj.organization, code=obj.code, check_digit_offset=obj.check_digit_offset,
            actor=request.actor, now=timezone.now(),  # type: ignore[attr-defined]  # the middleware sets it
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
        return self.may_act(request)

    def save_model(self, request: HttpRequest, obj: NumberRange, form: Any, change: bool) -> None:
        """Through the service, with its trail."""
        made = numbers.add_range(
            filer_code=obj.filer_code, first=obj.first, last=obj.last, actor=request.actor, now=timezone.now()  # type: ignore[attr-defined]  # the middleware sets it
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
    only_act = "void"
    acts = {
        "void": Confirmed(
            "Void the number", lambda row, **said: numbers.void(number=row.number, **said),
            title="Void an entry number", done="{row.number} is voided. It is never given again.",
        )
    }  # fmt: skip
    fields = readonly_fields = ("number", "declaration", "allocated_at", "voided_at", "void_reason", "button")

    @admin.display(description="what you can do")
    def button(self, row: EntryNumber) -> SafeString | str:
        if numbers.may_void(row):
            return self.button_for(row, "void")
        return "Nothing: it is voided." if row.voided_at else "Nothing: customs has it, or its declaration is in hand."
