from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("declarations", "0004_line_keys")]

    operations = [
        migrations.AddConstraint(
            model_name="goodsitem",
            constraint=models.UniqueConstraint(fields=("declaration", "key"), name="goods_item_key_once"),
        ),
    ]
