"""A reason may hold a personal number, and its seal is longer than the number: the column has no limit of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("declarations", "0011_one_index_less")]

    operations = [migrations.AlterField(model_name="request", name="reason", field=models.TextField())]
