"""Code: one row for each code of a list and period."""

from django.db import models


class Code(models.Model):
    """A code of a list, with its name and what else is known of it."""

    list_name = models.CharField(max_length=24)
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=200)
    data = models.JSONField(default=dict, blank=True)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list_name", "code", "effective_from"], name="code_period_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
