"""Personal numbers of organizations are sealed, and every number is found by its index."""

from typing import Any

from django.db import migrations, models

from portal import personal

AT_ONCE = 500


def rewrite(seals: bool) -> Any:
    """Each number is as it is kept from now on, or as it was kept before."""

    def run(apps: Any, editor: Any) -> None:
        rows = apps.get_model("accounts", "Organization").objects.using(editor.connection.alias)
        numbered = rows.exclude(importer_number="").only("pk", "importer_number")
        for one in numbered.iterator(chunk_size=AT_ONCE):
            number = personal.open_in(one.importer_number)
            kept = personal.seal_in(number) if seals else number
            rows.filter(pk=one.pk).update(
                importer_number=kept, **({"number_index": personal.index_of(number)} if seals else {})
            )

    return run


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_sandboxes")]

    operations = [
        migrations.RemoveConstraint(model_name="organization", name="organization_importer_number_once"),
        migrations.AlterField(
            model_name="organization",
            name="importer_number",
            field=models.CharField(blank=True, help_text="NN-NNNNNNNXX (19 CFR 24.5)", max_length=200),
        ),
        migrations.AddField(
            model_name="organization",
            name="number_index",
            field=models.CharField(blank=True, default="", editable=False, max_length=200),
            preserve_default=False,
        ),
        migrations.RunPython(rewrite(seals=True), rewrite(seals=False)),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("number_index", ""), _negated=True), ("sandbox_of", None)),
                fields=("party", "number_index"),
                name="organization_importer_number_once",
            ),
        ),
    ]
