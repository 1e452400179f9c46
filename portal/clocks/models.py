"""Deadlines and the record of periodic jobs."""

from django.db import models


class Deadline(models.Model):
    """A day by which something is due. The row is the clock; there is never a task with a far-off time."""

    class State(models.TextChoices):
        OPEN = "OPEN"
        MET = "MET"
        MISSED = "MISSED"
        CANCELLED = "CANCELLED"

    subject = models.CharField(max_length=22, help_text="reference of what it is about")
    kind = models.CharField(max_length=40)
    party = models.CharField(max_length=2, default="US")
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    law = models.CharField(max_length=120)
    words = models.CharField(max_length=200)
    organization = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="+")
    reminded_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "kind"], name="deadline_kind_once")]
        indexes = [
            models.Index(fields=["organization", "due_on"], name="deadline_by_organization"),
            models.Index(fields=["due_on"], condition=models.Q(state="OPEN"), name="deadline_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"


class JobRun(models.Model):
    """A period of a periodic job that somebody has taken: a second scheduler finds it taken."""

    name = models.CharField(max_length=60)
    period_start = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "period_start"], name="job_run_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.period_start}"
