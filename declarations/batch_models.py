"""Many declarations sent at once: the batch with its progress, and what became of each of its rows."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from portal.references import new_reference
from portal.sealed import SealedJSONField, SealedTextField


def _batch_reference() -> str:
    return new_reference("batch")


class Batch(models.Model):
    """A file of declarations, sent by a program or a person. Its bytes are kept; the numbers are those of its rows."""

    class Mode(models.TextChoices):
        FILE = "file"
        DRY_RUN = "dry-run"
        DRAFT = "draft"

    class State(models.TextChoices):
        WAITING = "WAITING"
        WORKING = "WORKING"
        DONE = "DONE"

    reference = models.CharField(max_length=22, unique=True, default=_batch_reference, editable=False)
    organization = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey("accounts.Client", on_delete=models.PROTECT, related_name="+", null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    correlation_id = models.CharField(max_length=64, blank=True)
    mode = models.CharField(max_length=8, choices=Mode)
    format = models.CharField(max_length=8, help_text="ndjson, csv or xlsx")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    source_sha256 = models.CharField(max_length=64, help_text="what was sent")
    rows_sha256 = models.CharField(max_length=64, help_text="the same as one declaration in JSON a line")
    rows = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    unreadable = models.PositiveIntegerField(default=0)
    worked_at = models.DateTimeField(null=True, blank=True, help_text="so that batches take turns")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["WAITING", "WORKING", "DONE"]), name="batch_state_known"),
            models.CheckConstraint(condition=Q(mode__in=["file", "dry-run", "draft"]), name="batch_mode_known"),
            models.CheckConstraint(
                condition=Q(client__isnull=False, user=None) | Q(client=None, user__isnull=False),
                name="batch_sent_by_one",
            ),
            models.CheckConstraint(
                condition=Q(rows__gte=F("accepted") + F("refused") + F("unreadable")), name="batch_rows_counted_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="batch_by_organization"),
            models.Index(fields=["worked_at"], condition=~Q(state="DONE"), name="batch_to_do"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"


class BatchRow(models.Model):
    """One declaration of a batch: where it lies in the file and what became of it, not what it says."""

    class Outcome(models.TextChoices):
        WAITING = "WAITING"
        ACCEPTED = "ACCEPTED"
        REFUSED = "REFUSED"
        UNREADABLE = "UNREADABLE"

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(help_text="from 1, in the order of the file")
    line = models.PositiveIntegerField(help_text="of the file that was sent, where the declaration begins")
    offset = models.PositiveBigIntegerField()
    length = models.PositiveIntegerField()
    own_reference = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.WAITING)
    declaration = models.ForeignKey("Declaration", on_delete=models.PROTECT, null=True, related_name="+")
    total_due = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    code = models.CharField(max_length=40, blank=True)
    words = SealedTextField(blank=True)
    violations = SealedJSONField(default=list)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="batch_row_number_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["WAITING", "ACCEPTED", "REFUSED", "UNREADABLE"]),
                name="batch_row_outcome_known",
            ),
            models.UniqueConstraint(
                fields=["declaration"], condition=Q(declaration__isnull=False), name="batch_row_declaration_once"
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "number"], condition=Q(outcome="WAITING"), name="batch_row_to_do"),
            models.Index(fields=["batch", "own_reference"], name="batch_row_by_own"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.number} {self.outcome}"


# What a row is called that went well, by what was asked for.
DONE_WELL = {Batch.Mode.FILE: "filed", Batch.Mode.DRY_RUN: "passed", Batch.Mode.DRAFT: "kept"}
