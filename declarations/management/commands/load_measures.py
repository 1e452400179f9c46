"""`load_measures PATH`: additional duties with their dates and scopes, from a file or a folder of files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from declarations.tariff.load import FileNotUnderstood, load_measures
from portal.errors import DomainError


class Command(BaseCommand):
    help = "Load additional-duty measures from a CSV file, or from every file of a folder that is understood."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--name", default="", help="name of the set, such as 2026-10-09")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        if not path.is_dir():
            self._load(path, options["name"])
            return
        loaded = 0
        for one in sorted(one for one in path.iterdir() if one.is_file()):
            try:
                self._load(one, options["name"])
                loaded += 1
            except CommandError as error:
                if not isinstance(error.__cause__, FileNotUnderstood):
                    raise
                self.stderr.write(f"Passed over {one.name}: {error.__cause__}")
        if not loaded:
            raise CommandError(f"No file in {path} is in a layout of measures that is known here.", returncode=2)

    def _load(self, path: Path, name: str) -> None:
        try:
            made, loaded = load_measures(path=path, name=name, now=timezone.now())
        except DomainError as error:
            raise CommandError(f"{error.code}: {error}", returncode=2) from error
        if loaded:
            self.stdout.write(f"Loaded {made.name}: {made.measures.count():,} measures.")
        else:
            self.stdout.write(f"{made.name} is loaded already; nothing changed.")
