"""ApiTraffic: how often a program asked for what in an hour, and what it was answered. Never what was said."""

from django.db import models


class ApiTraffic(models.Model):
    """Requests of one program, hour, operation, answer and duration band, counted."""

    client = models.ForeignKey("accounts.Client", on_delete=models.CASCADE, related_name="traffic")
    hour = models.DateTimeField()
    operation = models.CharField(max_length=60, help_text="method and name of the operation")
    status = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60, blank=True, help_text="code of the problem; empty where there was none")
    band = models.PositiveIntegerField(help_text="took at most so many ms; 0 is longer than all bands")
    count = models.PositiveIntegerField()
    total_ms = models.PositiveBigIntegerField()
    max_ms = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "hour", "operation", "status", "code", "band"], name="api_traffic_once"
            )
        ]
        indexes = [models.Index(fields=["hour"], name="api_traffic_by_age")]

    def __str__(self) -> str:
        return f"{self.operation} {self.status}: {self.count}"
