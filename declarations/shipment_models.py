"""FiledShipment: what filings said of their shipments, so that one that is filed twice or in parts is noticed."""

from django.db import models
from django.db.models import Q


class FiledShipment(models.Model):
    """One bill of a version that was filed; a version without bills has one row with none. Written once.

    It counts while the version is the live one of its declaration.
    """

    importer = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey("declarations.DeclarationVersion", on_delete=models.PROTECT, related_name="+")
    bill_sha256 = models.CharField(max_length=64, blank=True, help_text="SHA-256 over issuer and number, compact")
    entry_type = models.CharField(max_length=2, blank=True)
    arrives_on = models.DateField(null=True)
    entered_value = models.DecimalField(max_digits=15, decimal_places=2, help_text="of all lines, US dollars")

    class Meta:
        indexes = [
            models.Index(fields=["importer", "bill_sha256"], name="filed_shipment_by_bill"),
            models.Index(
                fields=["importer", "arrives_on"],
                condition=Q(entry_type__in=["11", "12"]),
                name="filed_shipment_informal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.bill_sha256[:12]}"
