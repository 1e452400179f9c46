"""Personal numbers that are kept: sealed and indexed with the current keys, while the portal is in use."""

from typing import Any

from portal.management.plain import PlainCommand
from portal.resealing import reseal


class Command(PlainCommand):
    help = "Seal what is kept in clear or under an older key, and index it anew; run it as the owner of the tables."

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        for table, count in reseal():
            total += count
            if count:
                self.stdout.write(f"{table}: {count:,}")
        self.stdout.write(f"{total:,} rows written; all personal numbers are under the current keys.")
