"""What was published for a month: written once, never changed."""

from django.db import models


class ParityMonth(models.Model):
    """A month whose figures are out. Answers that came later than `published_at` are not in them."""

    month = models.DateField(unique=True, help_text="its first day")
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class ParityFigure(models.Model):
    """One cell: the counts as they were counted, and which of them are not shown."""

    month = models.ForeignKey(ParityMonth, on_delete=models.PROTECT, related_name="figures")
    filer_type = models.CharField(max_length=10)
    port = models.CharField(max_length=10)
    lane = models.CharField(max_length=10)
    filed = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    examined = models.PositiveIntegerField()
    p50_seconds = models.PositiveIntegerField(null=True)
    p90_seconds = models.PositiveIntegerField(null=True)
    hidden = models.CharField(max_length=40, blank=True, help_text="parts that are not shown, with commas between")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "filer_type", "port", "lane"], name="parity_figure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.filer_type} {self.port} {self.lane}"
