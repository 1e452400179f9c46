"""Kept bytes are packed by LZ4 where the server has it: less work than its own method, for a little more room."""

from typing import Any

from django.db import DatabaseError, migrations, transaction


def use(method: str) -> Any:
    """What is written from now on is packed so; what is there stays as it is."""

    def run(_apps: Any, editor: Any) -> None:
        if editor.connection.vendor != "postgresql":
            return
        try:
            with transaction.atomic(using=editor.connection.alias), editor.connection.cursor() as cursor:
                cursor.execute(f"ALTER TABLE records_blob ALTER COLUMN data SET COMPRESSION {method}")
        except DatabaseError:  # before version 14, or built without LZ4: the server's own method stays
            return

    return run


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [migrations.RunPython(use("lz4"), use("pglz"), elidable=False)]
