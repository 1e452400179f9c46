"""`recompute`: every filed version again from its frozen document and its editions; the cents must be the same."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from declarations.models import DeclarationVersion
from declarations.services.recomputing import recompute
from declarations.tariff.selectors import NoEdition
from portal.records.services import BlobDamaged


class Command(BaseCommand):
    help = "Compute the duty of filed versions again and compare it with what was kept; exit 1 where one differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reference", help="one declaration only")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = DeclarationVersion.objects.select_related("declaration").order_by("pk")
        if options["reference"]:
            rows = rows.filter(declaration__reference=options["reference"])
        count = wrong = 0
        for version in rows.iterator(chunk_size=200):
            count += 1
            found = self._differences(version)
            if found:
                wrong += 1
                name = f"{version.declaration.reference} version {version.number}"
                self.stderr.write(f"{name}: {'; '.join(found)}")
        self.stdout.write(f"{count:,} versions computed again, {wrong:,} differ.")
        if wrong:
            raise CommandError("Not every version gives what was kept.", returncode=1)

    def _differences(self, version: DeclarationVersion) -> list[str]:
        try:
            return recompute(version).differences
        except (NoEdition, BlobDamaged) as error:
            return [str(error)]
