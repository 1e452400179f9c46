"""The tariff in memory: how long a view takes to build, and how much room it needs."""

import tracemalloc
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from declarations.tariff.load import load_tariff
from declarations.tariff.models import HtsLine
from declarations.tariff.selectors import current_view, editions_on, forget_views
from tests.bench.meter import spent_on
from tests.bench.report import Row
from tests.makers import DAY, NOW

GROUP = "Tariff view"
FULL_FROM = DAY + timedelta(days=30)


def rows(*, full: bool) -> list[Row]:
    made = _view("starter", DAY)
    path = Path(settings.REFERENCE_DATA) / "data" / "hts.csv.gz"
    if full and path.exists():
        spent, _ = spent_on(lambda: load_tariff(path=path, effective_from=FULL_FROM, now=NOW, name="full"))
        made.append(
            Row(
                GROUP,
                "full schedule: from the file into the tables",
                spent.wall / 1000,
                "s",
                f"{spent.cpu / 1000:.1f} s CPU",
            )
        )
        made += _view("full schedule", FULL_FROM)
    return made


def _view(name: str, on: date) -> list[Row]:
    forget_views()
    spent, _ = spent_on(lambda: current_view(on))
    again, _ = spent_on(lambda: current_view(on), times=20)
    forget_views()
    tracemalloc.start()
    current_view(on)
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    count = HtsLine.objects.filter(edition_id=editions_on(on).tariff.pk).count()
    return [
        Row(
            GROUP,
            f"{name}: build the view",
            spent.wall,
            "ms",
            f"{spent.cpu:.0f} ms CPU; {count:,} rows of the schedule",
        ),
        Row(GROUP, f"{name}: the view once it is held", again.cpu, "ms CPU", "one query for the editions of the day"),
        Row(GROUP, f"{name}: memory", held / 1e6, "MB", f"peak while building {peak / 1e6:.0f} MB"),
    ]
