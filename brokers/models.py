"""Mandate: who may do what for whom, from when to when."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from brokers.flow import WAITING, State
from brokers.terms import ACTIONS
from portal.references import new_reference


def _number() -> str:
    return new_reference("mandate")


class Mandate(models.Model):
    """The leave of an importer for a broker or a service provider to act for it before customs."""

    number = models.CharField(max_length=22, unique=True, default=_number, editable=False)
    principal = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="mandates_given")
    agent = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="mandates_held")
    party = models.CharField(max_length=2)
    form = models.CharField(max_length=40, help_text="id of the dated form in brokers/terms.py")
    actions = models.JSONField(default=list)
    document_types = models.JSONField(default=list, blank=True, help_text="entry types; empty is all")
    ports = models.JSONField(default=list, blank=True, help_text="empty is all")
    value_limit = models.DecimalField(max_digits=15, decimal_places=2, null=True, blank=True, help_text="per filing")
    value_currency = models.CharField(max_length=3, default="USD")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="last day; empty while it is not limited")
    is_partnership = models.BooleanField(default=False)
    partners = models.JSONField(default=list, blank=True, help_text="names of all partners")
    state = models.CharField(max_length=8, choices=[(one.value, one.value) for one in State])
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    # The signature: the words themselves, and a code over them with the key named beside it.
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signed_name = models.CharField(max_length=310, blank=True)
    signed_title = models.CharField(max_length=80, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    statement = models.TextField(blank=True)
    payment_notice = models.TextField(blank=True, help_text="the words on payment that were accepted")
    digest = models.CharField(max_length=64, blank=True)
    method = models.CharField(max_length=20, blank=True)
    key_id = models.CharField(max_length=60, blank=True)
    signature_code = models.CharField(max_length=64, blank=True)
    contact = models.JSONField(default=dict, blank=True, help_text="whom the agent speaks to at the importer")
    payment_notice_on = models.DateField(null=True, blank=True, help_text="the words on payment were last given")
    closed_at = models.DateTimeField(null=True, blank=True, help_text="when it was revoked, ended or declined")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[one.value for one in State]), name="mandate_state_known"),
            models.CheckConstraint(condition=~Q(principal=F("agent")), name="mandate_between_two"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="mandate_period_sound"
            ),
            models.CheckConstraint(condition=Q(value_limit=None) | Q(value_limit__gt=0), name="mandate_limit_positive"),
            models.CheckConstraint(
                condition=~Q(state=State.LIVE.value) | (Q(signed_at__isnull=False) & ~Q(signature_code="")),
                name="mandate_live_is_signed",
            ),
            models.UniqueConstraint(
                fields=["principal", "agent"],
                condition=Q(state__in=[one.value for one in WAITING]),
                name="mandate_one_waiting",
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "principal", "state"], name="mandate_by_pair"),
            models.Index(fields=["principal", "state"], name="mandate_by_principal"),
            models.Index(fields=["state", "ends_on"], name="mandate_by_end"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def action_words(self) -> list[str]:
        """The actions in words, in the order of the table."""
        return [words for name, words in ACTIONS.items() if name in self.actions]

    def is_live(self, on: date) -> bool:
        """True where it is signed, neither revoked nor ended, and the day is within its dates."""
        return self.state == State.LIVE and self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)
