from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tariff", "0004_drop_words")]

    operations = [
        migrations.AddField("trademeasure", "content", models.CharField(blank=True, default="", max_length=60), preserve_default=False),
        migrations.AddField("trademeasure", "gives_way", models.JSONField(default=list)),
        migrations.AddField("trademeasure", "effective_at", models.DateTimeField(null=True)),
        migrations.AddField("trademeasure", "ends_at", models.DateTimeField(null=True)),
    ]
