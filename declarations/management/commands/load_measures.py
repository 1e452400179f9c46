"""`load_measures PATH`: additional duties with their dates and scopes, from a file or a folder of files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone

from declarations.management.loading import LoadingCommand
from declarations.tariff.load import FileNotUnderstood, LoadOverlap, load_measures


class Command(LoadingCommand):
    help = "Load additional-duty measures from a CSV file, or from every file of a folder that is understood."

    passed_over = (FileNotUnderstood, LoadOverlap)  # of two files of a family for one day the first is loaded

    def files_in(self, folder: Path) -> list[Path]:
        """Files of the folders within it first, the last of them those whose goods are in doubt, then its own."""
        within = sorted((one for one in folder.iterdir() if one.is_dir()), key=lambda one: (one.name == "suspect", one))
        return [file for one in within for file in super(Command, self).files_in(one)] + super().files_in(folder)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--name", default="", help="name of the set, such as 2026-10-09")

    def handle(self, *args: Any, **options: Any) -> None:
        self.load_all(options["path"], lambda path: _load(path, options["name"]), "measures that is known here")


def _load(path: Path, name: str) -> str:
    made, loaded = load_measures(path=path, name=name, now=timezone.now())
    if loaded:
        return f"Loaded {made.name}: {made.measures.count():,} measures."
    return f"{made.name} is loaded already; nothing changed."
