"""`load_tariff FILE --effective DATE`: an edition of the schedule, as published."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from declarations.tariff.load import load_tariff
from portal.errors import DomainError


class Command(BaseCommand):
    help = "Load an edition of the tariff schedule: the official JSON or CSV export, plain or .gz. Repeatable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--effective", required=True, type=date.fromisoformat, help="first day, as 2026-06-08")
        parser.add_argument("--name", default="", help="name of the edition, such as 2026-rev-10")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            edition, loaded = load_tariff(
                path=options["file"], effective_from=options["effective"], name=options["name"], now=timezone.now()
            )
        except DomainError as error:
            raise CommandError(f"{error.code}: {error}", returncode=2) from error
        if loaded:
            count = edition.lines.count()
            self.stdout.write(f"Loaded {edition.name}: {count:,} rows, in force from {edition.effective_from}.")
        else:
            self.stdout.write(f"{edition.name} is loaded already; nothing changed.")
