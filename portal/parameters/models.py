"""Parameter: one row for each value and period; nothing is overwritten."""

from django.db import models


class Parameter(models.Model):
    """A value of a Party from a day on, with its legal source."""

    party = models.CharField(max_length=2)
    name = models.CharField(max_length=60)
    value = models.CharField(max_length=2000)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True, help_text="last day in force; empty while it lasts")
    source = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "name", "effective_from"], name="parameter_period_once"),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.name} from {self.effective_from}"
