from django.db import migrations, models

import declarations.models
from portal.references import new_reference

AT_ONCE = 500


def give_keys(apps, schema_editor):
    """The column begins with one key for all rows; each line gets its own."""
    items = apps.get_model("declarations", "GoodsItem").objects
    batch = []
    for row in items.only("pk").iterator(chunk_size=AT_ONCE):
        row.key = new_reference("line")
        batch.append(row)
        if len(batch) == AT_ONCE:
            items.bulk_update(batch, ["key"])
            batch = []
    items.bulk_update(batch, ["key"])


class Migration(migrations.Migration):
    dependencies = [("declarations", "0003_lrn_once_a_channel")]

    operations = [
        migrations.AddField(
            model_name="goodsitem",
            name="key",
            field=models.CharField(
                default=declarations.models._line_key,
                editable=False,
                help_text="stays with the line wherever it moves",
                max_length=13,
            ),
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
    ]
