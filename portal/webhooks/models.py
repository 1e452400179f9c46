"""Webhook and WebhookAttempt. The cursor is the last event that the receiver has taken."""

from django.db import models
from django.db.models import Q

from portal.references import new_reference


def _webhook_reference() -> str:
    return new_reference("webhook")


class Webhook(models.Model):
    """An address to which the feed of an organization is pushed.

    No secret is stored: it is derived from a key of the ring and a salt, so the table alone signs nothing.
    """

    class State(models.TextChoices):
        ACTIVE = "ACTIVE"
        PAUSED = "PAUSED"

    organization = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="webhooks")
    reference = models.CharField(max_length=22, unique=True, default=_webhook_reference, editable=False)
    url = models.CharField(max_length=500)
    kinds = models.JSONField(default=list, blank=True, help_text="kinds or groups like customs.*; none means all")
    state = models.CharField(max_length=6, choices=State, default=State.ACTIVE)
    cursor = models.PositiveBigIntegerField(help_text="number of the last event that was taken or passed over")
    key_id = models.CharField(max_length=80)
    salt = models.CharField(max_length=32)
    old_key_id = models.CharField(max_length=80, blank=True, help_text="signs too, until it is retired")
    old_salt = models.CharField(max_length=32, blank=True)
    not_before = models.DateTimeField()
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    claim = models.CharField(max_length=32, blank=True)
    claimed_by = models.CharField(max_length=120, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    created_by = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["not_before"], condition=Q(state="ACTIVE"), name="webhook_active")]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"


class WebhookAttempt(models.Model):
    """One POST: which events it carried, and what came of it. The latest ones of a webhook are kept."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="tries")
    first_seq = models.PositiveBigIntegerField()
    last_seq = models.PositiveBigIntegerField()
    events = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(help_text="1 for the first try, more after failures in a row")
    at = models.DateTimeField()
    is_taken = models.BooleanField()
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    why = models.CharField(max_length=500, blank=True)
    duration_ms = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["webhook", "-id"], name="webhook_latest_tries")]

    def __str__(self) -> str:
        return f"{self.first_seq}-{self.last_seq} try {self.number}"
