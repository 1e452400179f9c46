"""The ombudsman's desk: complaints with their clocks; two buttons that call services, nothing typed over."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from portal.admin import ReadOnlyAdmin, Waiting
from portal.clocks.models import Deadline
from portal.complaints import services
from portal.complaints.flow import TABLE, Act, State
from portal.complaints.forms import DecisionForm
from portal.complaints.models import Complaint
from portal.complaints.selectors import clock_of
from portal.errors import DomainError
from portal.shown import day

WAITING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("late to be acknowledged", {"late_to_acknowledge__exact": 1, "state__exact": State.RECEIVED.value}),
    ("late to be decided", {"late_to_decide__exact": 1}),
    ("to acknowledge", {"state__exact": State.RECEIVED.value}),
    ("to decide", {"state__exact": State.ACKNOWLEDGED.value}),
)
LABELS = {Act.ACKNOWLEDGE: "Acknowledge", Act.DECIDE: "Decide"}


@admin.register(Complaint)
class ComplaintAdmin(ReadOnlyAdmin):
    """One complaint: what was said, the clock that runs, what the ombudsman can do."""

    view_action = services.MAY_DECIDE
    list_display = ("subject", "state", "due", "late", "firm", "received_at")
    list_filter = ("state", "outcome", "late_to_acknowledge", "late_to_decide")
    search_fields = ("reference", "subject", "organization__name")
    ordering = (F("decided_at").asc(nulls_first=True), "received_at", "pk")
    fields = readonly_fields = (
        "reference", "firm", "who", "subject", "words", "state", "due", "buttons", "late", "received_at",
        "acknowledged_at", "decided_at", "outcome", "decision", "published",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Complaint]:
        return super().get_queryset(request).select_related("organization", "person")

    def get_urls(self) -> list[URLPattern]:
        own = path("<int:pk>/act/<slug:name>/", self.admin_site.admin_view(self.act), name="complaints_complaint_act")
        return [own, *super().get_urls()]

    def act(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Say what will happen, take the words, then call the service."""
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        act = next((one for one in Act if one.value == name), None)
        if act is None or not self._may_act(request):
            return render(request, "403.html", status=403)
        form = DecisionForm(request.POST or None) if act is Act.DECIDE else None
        if request.method == "POST" and (form is None or form.is_valid()):
            try:
                self._do(request, row, act, form)
            except DomainError as error:
                messages.error(request, str(error))
            else:
                messages.success(request, f"{LABELS[act]}: done.")
                return redirect("admin:complaints_complaint_change", row.pk)
        context = {
            **self.admin_site.each_context(request), "row": row, "label": LABELS[act], "opts": self.opts,
            "title": LABELS[act], "form": form, "back": reverse("admin:complaints_complaint_change", args=[pk]),
        }  # fmt: skip
        return render(request, "admin/complaint_act.html", context)

    def _do(self, request: HttpRequest, row: Complaint, act: Act, form: DecisionForm | None) -> None:
        given: dict[str, Any] = {"complaint": row, "actor": request.actor, "now": timezone.now()}  # type: ignore[attr-defined]
        if act is Act.DECIDE and form is not None:
            services.decide(**given, **form.cleaned_data)
        else:
            services.acknowledge(**given)

    def _may_act(self, request: HttpRequest) -> bool:
        actor = getattr(request, "actor", None)
        return actor is not None and actor.may(services.MAY_DECIDE)

    def waiting(self, request: HttpRequest) -> list[Waiting]:
        """Late ones first, then those to acknowledge and to decide."""
        listed = reverse("admin:complaints_complaint_changelist")
        rows = Complaint.objects.exclude(state=State.DECIDED)
        return [
            Waiting(f"complaints {words}", rows.filter(**asked).count(), f"{listed}?{urlencode(asked)}")
            for words, asked in WAITING
        ]

    @admin.display(description="due")
    def due(self, row: Complaint) -> str:
        found = Deadline.objects.filter(subject=row.reference, kind=clock_of(row.state)).first()
        return day(found.due_on) if found else "–"

    @admin.display(description="organization", ordering="organization__name")
    def firm(self, row: Complaint) -> str:
        return str(row.organization)

    @admin.display(description="person")
    def who(self, row: Complaint) -> str:
        return str(row.person)

    @admin.display(description="late")
    def late(self, row: Complaint) -> str:
        names = [
            words
            for words, late in (("acknowledged", row.late_to_acknowledge), ("decided", row.late_to_decide)) if late
        ]  # fmt: skip
        return f"not {' or '.join(names)} in time" if names else "no"

    @admin.display(description="what you can do")
    def buttons(self, row: Complaint) -> SafeString | str:
        act = next((act for state, act in TABLE if state == row.state), None)
        if act is None:
            return "Nothing more."
        address = reverse("admin:complaints_complaint_act", args=[row.pk, act.value])
        return format_html('<a class="button" href="{}">{}</a>', address, LABELS[act])
