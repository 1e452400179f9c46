"""Complaint: what a trader said, and what the ombudsman answered."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.complaints.flow import State
from portal.references import new_reference
from portal.sealed import SealedTextField


def _reference() -> str:
    return new_reference("complaint")


class Complaint(models.Model):
    """A complaint of an organization, with its clocks as Deadline rows of the same reference."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("Upheld")
        PARTLY = "partly", _("Upheld in part")
        NOT_UPHELD = "not_upheld", _("Not upheld")

    reference = models.CharField(max_length=22, unique=True, default=_reference, editable=False)
    organization = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="complaints")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=120)
    words = SealedTextField(max_length=4000)
    state = models.CharField(
        max_length=12, choices=[(one.value, one.value) for one in State], default=State.RECEIVED.value
    )
    received_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    decision = SealedTextField(max_length=4000, blank=True, help_text="to the trader who complained")
    published = models.TextField(max_length=1000, blank=True, help_text="the outcome for everybody, naming nobody")
    late_to_acknowledge = models.BooleanField(default=False)
    late_to_decide = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[one.value for one in State]), name="complaint_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="DECIDED") | (~models.Q(outcome="") & ~models.Q(published="")),
                name="complaint_decided_with_words",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="complaint_by_organization"),
            models.Index(fields=["state"], name="complaint_by_state"),
        ]

    def __str__(self) -> str:
        return self.subject
