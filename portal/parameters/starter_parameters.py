"""Parameters that a fresh installation has. A value that was changed since stays as it is."""

import csv
from pathlib import Path

from django.db import transaction

from portal.parameters.models import Parameter

FILE = Path(__file__).with_name("starter.csv")


@transaction.atomic
def load_starter_parameters() -> int:
    """Every starter parameter has a value; names that have one already are left alone. Gives how many are new."""
    known = set(Parameter.objects.values_list("party", "name"))
    with FILE.open(encoding="utf-8", newline="") as handle:
        rows = [Parameter(**row) for row in csv.DictReader(handle) if (row["party"], row["name"]) not in known]
    Parameter.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
