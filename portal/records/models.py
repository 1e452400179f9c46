"""Blob: bytes under their own digest."""

from django.db import models


class Blob(models.Model):
    """Kept bytes. The same bytes are one row; only disposal deletes it.

    Digest and size are those of the bytes. Where they hold a personal number they are sealed below it.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    data = models.BinaryField(null=True)
    file = models.CharField(max_length=200, blank=True, help_text="name in file storage, where it is large")
    key_id = models.CharField(max_length=60, blank=True, help_text="the key that sealed it; empty: kept in clear")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sha256[:12]} ({self.size} bytes)"
