"""What a fresh installation knows: a small tariff, its measures, fees, programs, and exchange rates, as facts.

Loaded through the same loaders as any other file. The schedule holds more than five hundred numbers that
can be declared, with the rates of the schedule of 2026, revision 10; `measures.csv` says where its lists end.
"""

from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from declarations.tariff.load import load_measures, load_reference, load_tariff, read_source

FOLDER = Path(__file__).resolve().parent
SCHEDULE = "2026-rev-10"
SCHEDULE_FROM = date(2026, 2, 1)  # its numbers and rates hold from here: revision 2 split 8507.60.00
MEASURES = "2026-10-09"
MEASURES_FROM = date(2018, 1, 1)  # every row carries its own dates
REFERENCES = ("fees.csv", "programs.csv", "origins.csv", "exchange.csv", "retired.csv", "note_rates.csv")


def load_starter(*, now: datetime) -> bool:
    """The starter tariff is there; True if this call loaded any of it. Running it again changes nothing."""
    with transaction.atomic():
        schedule, measures = FOLDER / "hts.csv", FOLDER / "measures.csv"
        made = [
            load_tariff(path=schedule, effective_from=SCHEDULE_FROM, now=now, name=SCHEDULE, source=_source(schedule))[
                1
            ],
            load_measures(
                path=measures, now=now, name=MEASURES, source=_source(measures), effective_from=MEASURES_FROM
            )[1],
            *(load_reference(path=FOLDER / one, now=now, source="starter")[1] for one in REFERENCES),
        ]
    return any(made)


def _source(path: Path) -> str:
    """A family of its own for each content, so that a release may bring a new starter for the same days."""
    return f"starter {read_source(path).sha256[:12]}"
