"""Bills of what was filed get rows of their own, with an index; those of the last year are read off the headers."""

import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

YEAR = timedelta(days=365)
AT_ONCE = 500


def bills_of(header: Any) -> Iterator[str]:
    """Issuer and number of the lowest bill of each chain, compact."""
    transport = header.get("transport") if isinstance(header, dict) else None
    for chain in (transport or {}).get("bills") or []:
        bill = next((chain[one] for one in ("sub_house", "house", "master") if (chain.get(one) or {}).get("number")), {})
        if bill:
            yield re.sub(r"[\s.-]", "", f"{bill.get('issuer') or ''}{bill['number']}").upper()


def value_of(lines: Any) -> Decimal:
    """What the lines say they are worth, as far as they say it."""
    total = Decimal(0)
    for content in lines:
        try:
            total += Decimal(str((content.get("valuation") or {}).get("entered_value") or 0))
        except InvalidOperation:
            continue
    return min(total, Decimal(10) ** 13 - 1)


def fill(apps: Any, _editor: Any) -> None:
    """Rows for what was filed within a year and stands."""
    declarations = apps.get_model("declarations", "Declaration")
    lines = apps.get_model("declarations", "GoodsItem")
    shipments = apps.get_model("declarations", "FiledShipment")
    filed = declarations.objects.filter(submitted_at__gte=timezone.now() - YEAR, live_version__isnull=False)
    rows: list[Any] = []
    for one in filed.iterator(chunk_size=AT_ONCE):
        informal = one.entry_type in ("11", "12")
        contents = lines.objects.filter(declaration=one).values_list("content", flat=True) if informal else ()
        value = value_of(contents)
        keys = {hashlib.sha256(text.encode()).hexdigest() for text in bills_of(one.header)}
        rows += [
            shipments(
                importer_id=one.importer_id, version_id=one.live_version_id, bill_sha256=key, entry_type=one.entry_type,
                arrives_on=one.arrives_on, entered_value=value,
            )
            for key in sorted(keys) or [""]
        ]  # fmt: skip
        if len(rows) >= AT_ONCE:
            shipments.objects.bulk_create(rows)
            rows = []
    shipments.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_numbers_sealed"), ("declarations", "0012_request_reason")]

    operations = [
        migrations.CreateModel(
            name="FiledShipment",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "bill_sha256",
                    models.CharField(blank=True, help_text="SHA-256 over issuer and number, compact", max_length=64),
                ),
                ("entry_type", models.CharField(blank=True, max_length=2)),
                ("arrives_on", models.DateField(null=True)),
                (
                    "entered_value",
                    models.DecimalField(decimal_places=2, help_text="of all lines, US dollars", max_digits=15),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="declarations.declarationversion",
                    ),
                ),
                (
                    "importer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["importer", "bill_sha256"], name="filed_shipment_by_bill"),
                    models.Index(
                        condition=models.Q(("entry_type__in", ["11", "12"])),
                        fields=["importer", "arrives_on"],
                        name="filed_shipment_informal",
                    ),
                ]
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
