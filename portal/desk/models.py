"""Task, Notice, Event. Rooms write rows; home, header and feeds read them."""

from django.db import models

from portal.references import new_reference
from portal.sealed import SealedJSONField


def _task_reference() -> str:
    return new_reference("task")


class Task(models.Model):
    """Something that somebody of an organization has to do."""

    class State(models.TextChoices):
        OPEN = "OPEN"
        DONE = "DONE"

    reference = models.CharField(max_length=22, unique=True, default=_task_reference, editable=False)
    organization = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="tasks")
    subject = models.CharField(max_length=22)
    kind = models.CharField(max_length=40)
    words = models.CharField(max_length=300)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "kind"], name="task_kind_once")]
        indexes = [models.Index(fields=["organization", "state", "due_on"], name="task_by_organization")]

    def __str__(self) -> str:
        return self.words


class Notice(models.Model):
    """Something that happened and that an organization should know; once for each cause."""

    organization = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="notices")
    subject = models.CharField(max_length=22)
    cause = models.CharField(max_length=120, help_text="what it is told once for")
    words = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "subject", "cause"], name="notice_cause_once"),
        ]
        indexes = [models.Index(fields=["organization", "-created_at"], name="notice_by_organization")]

    def __str__(self) -> str:
        return self.words


class FeedHead(models.Model):
    """Last number of an organization's feed; its row is the lock under which events are numbered."""

    organization = models.OneToOneField("accounts.Organization", on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.organization}: {self.seq}"


class Event(models.Model):
    """One step of the feed of an organization, in order and without gaps."""

    organization = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    reference = models.CharField(max_length=22)
    actor = models.CharField(max_length=200)
    changes = SealedJSONField(default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "seq"], name="event_seq_once")]
        indexes = [models.Index(fields=["reference", "organization", "seq"], name="event_by_reference")]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind} {self.reference}"
