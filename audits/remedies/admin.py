"""The officers' door to law changes: make one, preview it, run it, stop it, publish it."""

from decimal import Decimal
from operator import itemgetter
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from audits.remedies import services
from audits.remedies.flow import TABLE, Act, State
from audits.remedies.models import InterestRate, LawChange, LawChangeResult
from audits.remedies.selectors import in_force, known_authorities, known_headings, sums_of
from audits.remedies.sound import problems
from declarations.public.measures import name_of_authority
from portal.admin import Confirmed, ConfirmingAdmin, ReadOnlyAdmin
from portal.money import plain
from portal.tariff_numbers import dotted

OWN = "You made it: a second officer publishes it to the importers."
NAMES = {Act.START: "start", Act.STOP: "stop", Act.RESUME: "resume", Act.PUBLISH: "publish"}


class LawChangeForm(forms.ModelForm):
    """A law change as an officer states it."""

    authorities = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Every duty of these authorities. Leave empty to name headings instead.",
    )
    headings = forms.CharField(
        required=False, help_text="Headings of chapter 99, separated by blanks, such as 9903.01.24 9903.01.25."
    )

    rate = forms.DecimalField(
        required=False, label="Rate, percent of the value", max_digits=9, decimal_places=4,
        help_text="Only for a change to another rate: 25 for 25 %.",
    )  # fmt: skip

    class Meta:
        model = LawChange
        fields = ("title", "legal_basis", "effect", "authorities", "headings", "rate", "first", "last", "interest_to")
        widgets = {name: forms.DateInput(attrs={"type": "date"}) for name in ("first", "last", "interest_to")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("authorities")  # absent where the page only shows
        if isinstance(field, forms.MultipleChoiceField):
            named = {one: name_of_authority(one) for one in known_authorities()}
            field.choices = sorted(named.items(), key=itemgetter(1))

    def clean_headings(self) -> list[str]:
        """Eight digits each."""
        found = [one.replace(".", "") for one in self.cleaned_data["headings"].replace(",", " ").split()]
        wrong = [one for one in found if not (one.isascii() and one.isdigit() and len(one) == 8 and one[:2] == "99")]
        if wrong:
            raise forms.ValidationError(f"{', '.join(wrong)}: a heading of chapter 99 has eight digits.")
        return found

    def clean_rate(self) -> Decimal | None:
        """A share of the value, as it is kept."""
        percent: Decimal | None = self.cleaned_data["rate"]
        return None if percent is None else percent / 100

    def clean(self) -> dict[str, Any]:
        """Each problem at its field, once every field could be read."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        names = ("effect", "authorities", "headings", "rate", "first", "last", "interest_to")
        if all(name in found for name in names):
            given = {name: found[name] for name in names}
            for field, words in problems(**given, held=known_headings(found["headings"])):
                self.add_error(field, words)
        return found


class OwnDoor(ReadOnlyAdmin):
    """Seen by those who may manage law changes."""

    view_action = "law_change.manage"


@admin.register(LawChange)
class LawChangeAdmin(OwnDoor, ConfirmingAdmin):
    """One law change: what it says, how far it is, what it adds up to."""

    form = LawChangeForm
    acts = {
        "start": Confirmed("Compute", lambda row, **said: services.start(change=row, **said)),
        "stop": Confirmed("Stop", lambda row, **said: services.stop(change=row, **said)),
        "resume": Confirmed("Go on", lambda row, **said: services.resume(change=row, **said)),
        "publish": Confirmed("Publish to importers", lambda row, **said: services.publish(change=row, **said)),
    }
    act_page = "admin/law_change_act.html"
    asks_why = False
    list_display = ("title", "state", "effect", "first", "last", "progress", "created_by", "created_at")
    list_filter = ("state",)
    ordering = ("-pk",)
    fields = readonly_fields = (
        "reference", "title", "legal_basis", "effect", "authorities", "headings", "rate_in_percent", "first", "last",
        "interest_to", "state", "progress", "worth", "buttons", "created_by", "created_at", "started_at",
        "finished_at", "published_at",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Made through the service by those who may."""
        return self.has_view_permission(request)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> LawChange | None:
        """With the mark whether the officer made it."""
        row: LawChange | None = super().get_object(request, object_id, from_field)
        if row is not None:
            row.is_own = row.created_by_id == request.user.pk
        return row

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else LawChangeForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Through the service, never by the form itself."""
        given = {name: form.cleaned_data[name] for name in LawChangeForm.Meta.fields}
        for name in ("authorities", "headings"):
            given[name] = tuple(given[name])
        made = services.make(actor=request.actor, now=timezone.now(), **given)  # type: ignore[attr-defined]  # the middleware sets it
        obj.pk, obj.reference = made.pk, made.reference

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        try:
            return super().add_view(request, form_url, extra_context)
        except services.ChangeNotSound as error:
            messages.error(request, str(error))
            return redirect("admin:remedies_lawchange_add")

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The trail has it."""

    def also_shown(self, name: str) -> dict[str, Any]:
        return {"filed": in_force().count(), "act": name}

    @admin.display(description="rate")
    def rate_in_percent(self, row: LawChange) -> str:
        return "" if row.rate is None else f"{plain(row.rate * 100)} % of the value"

    @admin.display(description="progress")
    def progress(self, row: LawChange) -> str:
        if row.state == State.DRAFT:
            return "not computed yet"
        return f"{row.done:,} of {row.total:,} declarations looked at"

    @admin.display(description="what it adds up to")
    def worth(self, row: LawChange) -> SafeString:
        sums = sums_of(row)
        parts = [
            ("declarations that change", f"{sums.changed:,}"),
            ("refunds", f"{sums.refunds:,.2f} USD"), ("interest on refunds", f"{sums.interest_on_refunds:,.2f} USD"),
            ("bills", f"{sums.bills:,.2f} USD"), ("interest on bills", f"{sums.interest_on_bills:,.2f} USD"),
            ("cannot be computed", f"{sums.failed:,}"),
        ]  # fmt: skip
        items = format_html_join("", "<li>{}: <strong>{}</strong></li>", parts)
        results = reverse("admin:remedies_lawchangeresult_changelist")
        return format_html('<ul>{}</ul><a href="{}?change__id__exact={}">See them</a>', items, results, row.pk)

    @admin.display(description="what you can do")
    def buttons(self, row: LawChange) -> SafeString | str:
        names = [NAMES[act] for state, act in TABLE if state == row.state and act in NAMES]
        if row.is_own and "publish" in names:
            names.remove("publish")
            return format_html("{} {}", self._buttons(row, names), OWN)
        return self._buttons(row, names) or "Nothing more."

    def _buttons(self, row: LawChange, names: list[str]) -> SafeString:
        return format_html_join(" ", "{}", [(self.button_for(row, name),) for name in names])


@admin.register(LawChangeResult)
class LawChangeResultAdmin(OwnDoor):
    """What a change is worth for one declaration, line by line."""

    list_display = (
        "declaration",
        "importer",
        "outcome",
        "before",
        "after",
        "difference_owed",
        "interest_on_it",
        "change",
    )
    list_filter = ("outcome", "change")
    list_select_related = ("declaration", "importer", "change")
    search_fields = ("declaration__entry_number", "importer__name")
    show_full_result_count = False
    fields = readonly_fields = (
        "change", "declaration", "importer", "outcome", "before", "after", "difference_owed", "interest_on_it",
        "currency", "lines", "interest_working", "reason",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[LawChangeResult]:
        return super().get_queryset(request).order_by("-pk")

    @admin.display(description="difference in USD (+ bill, − refund)", ordering="difference")
    def difference_owed(self, row: LawChangeResult) -> Decimal | None:
        return row.difference

    @admin.display(description="interest on it in USD (+ on a bill, − on a refund)", ordering="interest")
    def interest_on_it(self, row: LawChangeResult) -> Decimal | None:
        return row.interest

    @admin.display(description="lines that change")
    def lines(self, row: LawChangeResult) -> SafeString:
        parts = [
            (one["item"], dotted(one["code"]), one["before"], one["after"], one["legal_basis"])
            for one in row.working.get("lines", [])
        ]
        rows = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", parts)
        names = [(one,) for one in ("line", "number", "before", "after", "law")]
        return format_html("<table><tr>{}</tr>{}</table>", format_html_join("", "<th>{}</th>", names), rows)

    @admin.display(description="how interest was computed")
    def interest_working(self, row: LawChangeResult) -> str:
        found = row.working.get("interest", {})
        note = "" if found.get("certain", True) else " (a rate was carried on from an earlier quarter)"
        return f"from {row.working.get('deposited', '')}: {found.get('working', '')}{note}"


@admin.register(InterestRate)
class InterestRateAdmin(OwnDoor):
    """Rates by the quarter. A new quarter is added; a row that was used is never changed."""

    list_display = ("kind", "rate", "effective_from", "effective_to", "certainty", "source")
    ordering = ("-effective_from", "kind")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)
