"""`load_reference PATH`: fees, programs, exchange rates; code lists go to their own loader."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from declarations.tariff.load import CodesNotLoadedHere, FileNotUnderstood, load_reference
from portal.errors import DomainError


class Command(BaseCommand):
    help = "Load fees, preference programs or exchange rates from a CSV file, plain or .gz, or a folder of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        if not path.is_dir():
            self._load(path)
            return
        loaded = 0
        for one in sorted(one for one in path.iterdir() if one.is_file()):
            try:
                self._load(one)
                loaded += 1
            except CommandError as error:
                if not isinstance(error.__cause__, FileNotUnderstood | CodesNotLoadedHere):
                    raise
                self.stderr.write(f"Passed over {one.name}: {error.__cause__}")
        if not loaded:
            raise CommandError(f"No file in {path} is in a layout of reference data known here.", returncode=2)

    def _load(self, path: Path) -> None:
        try:
            made, loaded = load_reference(path=path, now=timezone.now())
        except DomainError as error:
            raise CommandError(f"{error.code}: {error}", returncode=2) from error
        if made is None:
            self.stdout.write(f"Loaded the code list {path.name}.")
        elif loaded:
            self.stdout.write(f"Loaded {made.name} ({made.kind}).")
        else:
            self.stdout.write(f"{made.name} is loaded already; nothing changed.")
