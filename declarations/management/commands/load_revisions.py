"""`load_revisions REVISIONS CHANGES`: the editions before one that is loaded, from the changes that led to it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone

from declarations.management.loading import LoadingCommand, in_words
from declarations.tariff.load.revisions import load_revisions
from portal.management.plain import present


class Command(LoadingCommand):
    help = "Load earlier editions of the schedule from a list of revisions and a list of changes. Repeatable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("revisions", type=Path, help="CSV: seq, revision, hts_effective_date")
        parser.add_argument("changes", type=Path, help="CSV: revision, hts_number, change, column, old")

    def handle(self, *args: Any, **options: Any) -> None:
        revisions, changes = present(options["revisions"]), present(options["changes"])
        with in_words(changes):
            made = load_revisions(revisions=revisions, changes=changes, now=timezone.now())
        if not made:
            self.stdout.write("All editions of the list are loaded already; nothing changed.")
        for one in reversed(made):
            self.stdout.write(
                f"{one.name} from {one.effective_from}: {one.lines.count():,} lines differ from the last."
            )
