"""TrailEntry, the head of each chain, and signed checkpoints over all heads."""

from django.db import models

from portal.sealed import SealedTextField


class TrailHead(models.Model):
    """Last number and hash of a subject's chain; its row is the lock under which entries are numbered."""

    subject = models.CharField(max_length=40, unique=True)
    seq = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.subject}:{self.seq}"


class TrailEntry(models.Model):
    """One fact. `body` is the canonical text that was hashed; it is never written again."""

    subject = models.CharField(max_length=40)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    actor = models.CharField(max_length=60)
    body = SealedTextField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "seq"], name="trail_entry_once")]
        verbose_name_plural = "trail entries"

    def __str__(self) -> str:
        return f"{self.subject}:{self.seq} {self.kind}"


class Checkpoint(models.Model):
    """A signed digest over the heads of all chains at a moment, also written outside the database."""

    at = models.DateTimeField()
    heads = models.TextField(help_text="subject, number and hash, one a line, sorted")
    digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True)
    key_id = models.CharField(max_length=60)
    signature = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.digest[:12]}"
