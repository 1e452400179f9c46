"""`load_reference PATH`: ports, countries, currencies and rates, fees, programs, units."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from declarations.management.loading import LoadingCommand
from declarations.tariff.load import load_codes, load_reference, reference_layouts
from declarations.tariff.load.codes import CodesLoaded
from portal.management.plain import day
from portal.timezones import party_date

SHOWN = 8


class Command(LoadingCommand):
    help = (
        "Load ports, countries, currencies, units, fees, preference programs or exchange rates from a CSV file, plain "
        "or .gz, or from every file of a folder that is understood. Repeatable; nothing is overwritten."
    )
    layouts = f"Understood are CSV files, plain or .gz, with the columns of: {'; '.join(reference_layouts())}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--effective", type=day, help="first day of code lists, as 2026-06-08; today if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        first: date = options["effective"] or party_date(now)

        def load(path: Path) -> str:
            codes = load_codes(path=path, effective_from=first)
            if codes is not None:
                return _told(path, codes, first)
            made, loaded = load_reference(path=path, now=now)
            return (
                f"Loaded {made.name} ({made.kind})." if loaded else f"{made.name} is loaded already; nothing changed."
            )

        self.load_all(options["path"], load, "reference data that is known here")


def _told(path: Path, codes: CodesLoaded, first: date) -> str:
    added = codes.added
    if added.new or added.extended:
        counts = f"{added.new:,} new from {first}, {added.extended:,} say more from then, {added.unchanged:,} unchanged"
        words = f"Loaded {path.name} ({codes.list_name}): {counts}."
    else:
        words = f"{path.name} ({codes.list_name}) is loaded already; nothing changed."
    if codes.without_code:
        shown = ", ".join(f"“{one}”" for one in codes.without_code[:SHOWN])
        more = ", …" if len(codes.without_code) > SHOWN else ""
        words += f" Printed units without a code here ({len(codes.without_code):,}): {shown}{more}."
    return words
