"""What the engine knows of a table after a load."""

from django.db import connection


def gather_statistics() -> None:
    """PostgreSQL has counted the rows, so that the first reads go by the indexes; SQLite needs no count."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE tariff_htsline")
