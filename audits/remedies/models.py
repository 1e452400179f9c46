"""Law changes, and for each declaration what the change is worth."""

from decimal import Decimal

from django.conf import settings
from django.db import models

from audits.remedies.change import ANNUL, AS_HELD, RATE
from audits.remedies.flow import State
from portal.money import ZERO
from portal.references import new_reference


def _reference() -> str:
    return new_reference("law_change")


class InterestRate(models.Model):
    """The yearly rate of interest on customs duties for a span of days (19 USC 1505(c), 26 USC 6621)."""

    kind = models.CharField(max_length=12)  # overpayment, underpayment
    rate = models.DecimalField(max_digits=6, decimal_places=4)
    effective_from = models.DateField()
    effective_to = models.DateField()
    source = models.CharField(max_length=200)
    certainty = models.CharField(max_length=120, blank=True, help_text="empty where it was read in the notice")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "effective_from"], name="interest_rate_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.rate} from {self.effective_from}"


class LawChange(models.Model):
    """A measure that never was, or had another rate, in a period; and how far its recomputation has come."""

    class Effect(models.TextChoices):
        ANNULLED = ANNUL, "The duty is not owed"
        RATE = RATE, "The rate was another"
        AS_HELD = AS_HELD, "Compute again with the measures held now"

    reference = models.CharField(max_length=22, unique=True, default=_reference, editable=False)
    title = models.CharField(max_length=120)
    legal_basis = models.CharField(max_length=300)
    effect = models.CharField(max_length=10, choices=Effect)
    authorities = models.JSONField(default=list, blank=True)
    headings = models.JSONField(default=list, blank=True)
    rate = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True, help_text="share of the value")
    first = models.DateField(help_text="first rate date that the change covers")
    last = models.DateField(help_text="last rate date that it covers")
    interest_to = models.DateField(help_text="day to which interest is computed")
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in State], default=State.DRAFT)
    cursor = models.BigIntegerField(default=0, help_text="the last version looked at")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    is_own = False  # whether the officer who looks at it made it

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="law_change_period_sound"),
            models.CheckConstraint(
                condition=models.Q(state__in=[one.value for one in State]), name="law_change_state_known"
            ),
        ]
        indexes = [models.Index(fields=["state"], name="law_change_by_state")]

    def __str__(self) -> str:
        return self.title


class LawChangeResult(models.Model):
    """One filed version under the changed law: duty before and after, by line, with interest. Written once."""

    class Outcome(models.TextChoices):
        CHANGED = "CHANGED"
        FAILED = "FAILED"

    change = models.ForeignKey(LawChange, on_delete=models.PROTECT, related_name="results")
    version = models.ForeignKey("declarations.DeclarationVersion", on_delete=models.PROTECT, related_name="+")
    declaration = models.ForeignKey("declarations.Declaration", on_delete=models.PROTECT, related_name="+")
    importer = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome)
    before = models.DecimalField(max_digits=15, decimal_places=2)
    after = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    difference = models.DecimalField(max_digits=15, decimal_places=2, null=True, help_text="negative: a refund")
    interest = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, default="USD")
    working = models.JSONField(default=dict, help_text="the lines that differ, fees, and how interest was computed")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "version"], name="law_change_result_once")]
        indexes = [models.Index(fields=["importer", "-id"], name="law_change_by_importer")]

    def __str__(self) -> str:
        return f"{self.declaration.entry_number}: {self.difference}"

    @property
    def refund(self) -> bool:
        """True where the importer gets money back."""
        return self.difference is not None and self.difference < 0

    @property
    def owed(self) -> Decimal:
        """The difference without its sign."""
        return abs(self.difference or ZERO)

    @property
    def interest_owed(self) -> Decimal | None:
        """The interest without its sign; None where it could not be computed."""
        return None if self.interest is None else abs(self.interest)
