"""Whoever works on rows of a batch locks just them, so nobody has the whole of it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("declarations", "0013_filed_shipments")]

    operations = [
        migrations.RemoveField(model_name="batch", name="lease_owner"),
        migrations.RemoveField(model_name="batch", name="leased_until"),
    ]
