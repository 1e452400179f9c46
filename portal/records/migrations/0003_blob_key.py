from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0002_quick_compression")]

    operations = [
        migrations.AddField(
            model_name="blob",
            name="key_id",
            field=models.CharField(
                blank=True, default="", help_text="the key that sealed it; empty: kept in clear", max_length=60
            ),
            preserve_default=False,
        ),
    ]
