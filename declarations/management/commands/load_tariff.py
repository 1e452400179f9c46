"""`load_tariff FILE --effective DATE`: an edition of the schedule, as published."""

from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from declarations.management.loading import LoadingCommand
from declarations.tariff.load import load_tariff
from declarations.tariff.load.hts_rows import OFFICIAL, OWN
from declarations.tariff.models import TariffEdition
from portal.management.plain import UNREADABLE, day, present
from portal.timezones import party_date

MOST_AHEAD = timedelta(days=731)
FEWEST_ROWS = 1000  # the whole schedule has more than thirty thousand


class Command(LoadingCommand):
    layouts = (
        "Understood is the schedule as the USITC exports it, JSON (with htsno, indent, description, general) or CSV "
        f"({', '.join(OFFICIAL)}), or CSV with the columns {', '.join(OWN)}; plain or .gz."
    )
    help = "Load an edition of the tariff schedule: the official JSON or CSV export, plain or .gz. Repeatable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--effective", required=True, type=day, help="first day, as 2026-06-08")
        parser.add_argument("--name", default="", help="name of the edition, such as 2026-rev-10")
        parser.add_argument(
            "--force",
            action="store_true",
            help=f"take a file of fewer than {FEWEST_ROWS:,} rows, or a day more than two years ahead",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path, effective_from, now = present(options["file"]), options["effective"], timezone.now()
        if not options["force"]:
            _refuse_far(effective_from, party_date(now))

        def load(path: Path) -> str:
            with transaction.atomic():
                edition, loaded = load_tariff(path=path, effective_from=effective_from, name=options["name"], now=now)
                count = edition.lines.count()
                if loaded and not options["force"]:
                    _refuse_part(edition, count)
            if loaded:
                return f"Loaded {edition.name}: {count:,} rows, in force from {edition.effective_from}."
            return f"{edition.name} is loaded already; nothing changed."

        self.load_one(path, load)


def _refuse_far(effective_from: date, today: date) -> None:
    if effective_from - today > MOST_AHEAD:
        words = f"{effective_from} is more than two years ahead. Is the day right? If it is, add --force."
        raise CommandError(words, returncode=UNREADABLE)


def _refuse_part(edition: TariffEdition, count: int) -> None:
    """A part of the schedule would take the place of the whole: every number that it lacks would be unknown."""
    if count < FEWEST_ROWS:
        words = (
            f"{edition.name} has {count:,} rows only; an official schedule has more than thirty thousand, and this one "
            f"would stand in its place from {edition.effective_from}. Nothing was loaded. If it is right, add --force."
        )
        raise CommandError(words, returncode=UNREADABLE)
