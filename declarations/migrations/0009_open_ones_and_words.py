"""What makes lists quick among millions: the open ones by whose they are, and words inside of what goods are called."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError, migrations, models, transaction

Q = models.Q
THEIRS_TO_DO = Q(filing__in=["DRAFT", "READY", "SIGNED"]) | Q(filing="SUBMITTED", legal="REJECTED")
CUSTOMS_TO_DO = Q(filing="SUBMITTED") & ~Q(legal__in=["REJECTED", "CLEARED", "CANCELLED"])
TABLE = "declarations_declaration"
MAKE = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    f"CREATE INDEX declaration_goods_words ON {TABLE} USING gin (UPPER(goods::text) gin_trgm_ops)",
)
OWN = f"CREATE INDEX declaration_own_start ON {TABLE} (UPPER(functional_reference_id::text) text_pattern_ops)"


def make(_apps: Any, editor: Any) -> None:
    """On PostgreSQL, whose role may add a trusted extension; where it may not, words are looked for row by row."""
    if editor.connection.vendor != "postgresql":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute(OWN)
    try:
        with transaction.atomic(using=editor.connection.alias), editor.connection.cursor() as cursor:
            for one in MAKE:
                cursor.execute(one)
    except DatabaseError:
        return


def drop(_apps: Any, editor: Any) -> None:
    """The extension stays: others may use it."""
    if editor.connection.vendor != "postgresql":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS declaration_goods_words")
        cursor.execute("DROP INDEX IF EXISTS declaration_own_start")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_sandboxes"),
        ("declarations", "0008_saved_view"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            migrations.AddIndex(
                model_name="declaration",
                index=models.Index(condition=turn, fields=[whose, "-id"], name=f"declaration_{name}_{whose}"),
            )
            for name, turn in (("ours", THEIRS_TO_DO), ("waits", CUSTOMS_TO_DO))
            for whose in ("importer", "filer", "transmitter")
        ),
        migrations.RunPython(make, drop, elidable=False),
    ]
