"""Resident memory that a process gains by holding the tariff: measured in a child that does nothing else.

The child reads the tariff of the first day of every edition held, of today, and the index of the look-up. A process
keeps only so many editions and views, so that a long list of days costs it no more than a short one.
"""

import gc
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from declarations.tariff.load import load_tariff
from declarations.tariff.models import TariffEdition
from declarations.tariff.selectors import current_view, look_up
from tests.bench.report import Row
from tests.makers import DAY, NOW

GROUP = "Resident memory of a process by the tariff it holds"
BAR = 200.0
ROOT = Path(__file__).resolve().parents[2]
LAST = date(2026, 6, 8)  # first day of the edition that the list of changes leads to
CHILD = "import sys, django; django.setup(); from tests.bench.resident import hold; hold(sys.argv[1:])"
COUNTERS = {"VmRSS:": "resident", "VmHWM:": "highest"}


def rows(*, full: bool) -> list[Row]:
    made = [_row("starter", "resident memory gained")]
    data = Path(settings.REFERENCE_DATA) / "data"
    if full and (data / "hts.csv.gz").exists():
        load_tariff(path=data / "hts.csv.gz", effective_from=LAST, now=NOW, name="2026-rev-10")
        quiet = {"stdout": sys.stderr, "verbosity": 0}
        call_command("load_revisions", data / "hts_revisions.csv", data / "hts_changes.csv.gz", **quiet)
        call_command("load_measures", data, **quiet)
        made.append(_row("everything published", "R12 resident memory gained"))
    return made


def _row(name: str, what: str) -> Row:
    days = sorted({DAY, *TariffEdition.objects.values_list("effective_from", flat=True)})
    command = [sys.executable, "-c", CHILD, *(one.isoformat() for one in days)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    told = json.loads(done.stdout)
    gained, peak = (told["after"][one] - told["before"]["resident"] for one in ("resident", "highest"))
    detail = f"{told['days']} editions and days, {told['lines']:,} numbers in the last, {told['measures']:,} measures"
    return Row(GROUP, f"{what}: {name}", gained, "MB", f"{detail}; at the peak {peak:.0f}", bar=BAR)


def resident() -> dict[str, float]:
    """Megabytes of this process as the kernel counts them, now and at the most."""
    lines = (one.split() for one in Path("/proc/self/status").read_text().splitlines())
    return {COUNTERS[one[0]]: int(one[1]) * 1024 / 1e6 for one in lines if one and one[0] in COUNTERS}


def hold(texts: list[str]) -> None:
    """What the child does: reads the tariff of these days, and prints what it is in memory before and after."""
    days = [date.fromisoformat(one) for one in texts]
    TariffEdition.objects.count()
    gc.collect()
    before = resident()
    views = [current_view(one) for one in days][-1:]
    look_up("electric bicycle battery", days[-1])
    gc.collect()
    told = {"lines": len(views[0].lines), "measures": len(views[0].all_measures), "days": len(days)}
    print(json.dumps({"before": before, "after": resident(), **told}))
