"""Full-text search: an FTS5 table on SQLite where it is built in, a GIN index on PostgreSQL."""

from django.db import migrations

TABLE = "tariff_hts_words"
INDEX = "tariff_line_words"


def add_words(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
            if cursor.fetchone()[0]:
                cursor.execute(
                    f"CREATE VIRTUAL TABLE {TABLE} USING fts5"
                    "(edition_id UNINDEXED, line_row UNINDEXED, words, tokenize = 'porter unicode61')"
                )
    elif connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE INDEX {INDEX} ON tariff_htsline USING gin "
            "(to_tsvector('english', COALESCE(description, '') || ' ' || COALESCE(path, '')))"
        )


def drop_words(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TABLE IF EXISTS {TABLE}")
    elif schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("tariff", "0001_initial")]

    operations = [migrations.RunPython(add_words, drop_words, elidable=False)]
