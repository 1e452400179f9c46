"""OutboundMessage, TransmissionAttempt, InboundMessage, and what we know of each channel."""

from django.db import models
from django.db.models import Q

from portal.references import new_reference


def _message_reference() -> str:
    return new_reference("message")


def _inbound_reference() -> str:
    return new_reference("inbound")


class OutboundMessage(models.Model):
    """What we must say, written in the transaction of the act it tells of."""

    class State(models.TextChoices):
        PENDING = "PENDING"
        IN_FLIGHT = "IN_FLIGHT"
        UNKNOWN = "UNKNOWN"
        DELIVERED = "DELIVERED"
        REFUSED = "REFUSED"
        DEAD = "DEAD"

    reference = models.CharField(max_length=22, unique=True, default=_message_reference, editable=False)
    subject = models.CharField(max_length=22, help_text="reference; messages of one subject go in order")
    sequence = models.PositiveIntegerField()
    channel = models.CharField(max_length=40)
    purpose = models.CharField(max_length=24, help_text="which room it belongs to")
    local_reference = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64, help_text="the body, kept as a blob")
    correlation_id = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_by = models.CharField(max_length=120, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    not_found = models.PositiveSmallIntegerField(default=0, help_text="times the authority said it has no such message")
    conversation_id = models.CharField(max_length=64, blank=True)
    outcome_text = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "sequence"], name="outbound_subject_sequence"),
            models.UniqueConstraint(fields=["channel", "local_reference"], name="outbound_local_reference_once"),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state__in=["PENDING", "IN_FLIGHT", "UNKNOWN"]),
                name="outbound_open",
            ),
            models.Index(fields=["conversation_id"], name="outbound_conversation"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"


class TransmissionAttempt(models.Model):
    """One try, or one question whether the authority has the message."""

    class Verb(models.TextChoices):
        SEND = "send"
        ASK = "ask"

    message = models.ForeignKey(OutboundMessage, on_delete=models.PROTECT, related_name="tries")
    verb = models.CharField(max_length=4, choices=Verb)
    at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField(default=0)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=12)
    text = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.verb} {self.outcome}"


class InboundMessage(models.Model):
    """What we were told, raw. Stored first, applied later."""

    class State(models.TextChoices):
        RECEIVED = "RECEIVED"
        APPLIED = "APPLIED"
        UNMATCHED = "UNMATCHED"
        FAILED = "FAILED"

    reference = models.CharField(max_length=22, unique=True, default=_inbound_reference, editable=False)
    channel = models.CharField(max_length=40)
    external_id = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    purpose = models.CharField(max_length=24, default="declarations")
    conversation_id = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    conflict = models.BooleanField(default=False, help_text="the same id came before with other bytes")
    local_reference = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    tries = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_id", "sha256"], name="inbound_once"),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"], condition=Q(state__in=["RECEIVED", "UNMATCHED"]), name="inbound_open"
            ),
            models.Index(fields=["local_reference"], name="inbound_local_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"


class ChannelState(models.Model):
    """When a channel was last heard, and who is fetching from it now."""

    channel = models.CharField(max_length=40, unique=True)
    polling_until = models.DateTimeField(null=True, blank=True)
    last_heard_at = models.DateTimeField(null=True, blank=True)
    last_failure_at = models.DateTimeField(null=True, blank=True)
    last_failure = models.CharField(max_length=300, blank=True)
    silences = models.PositiveIntegerField(
        default=0, db_default=0, help_text="times in a row that nothing at all was heard"
    )
    rest_until = models.DateTimeField(null=True, blank=True, help_text="left alone until then")

    def __str__(self) -> str:
        return self.channel
