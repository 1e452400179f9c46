"""Code lists that a fresh installation has: our own tables, and countries, currencies and states from pycountry."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pycountry
from django.db import transaction

from portal.codes.models import Code

FOLDER = Path(__file__).parent / "starter"
SINCE = date(2000, 1, 1)
EMBARGOED = {"CU": "31 CFR 515", "KP": "31 CFR 510"}
Row = tuple[str, str, str, dict[str, Any]]


@transaction.atomic
def load_starter_codes() -> int:
    """The starter lists are in the table; rows that are there already stay as they are. Gives how many are new."""
    known = set(Code.objects.filter(effective_from=SINCE).values_list("list_name", "code"))
    rows = [
        Code(list_name=list_name, code=code, name=name, data=data, effective_from=SINCE, source="starter")
        for list_name, code, name, data in _rows()
        if (list_name, code) not in known
    ]
    Code.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _rows() -> Iterator[Row]:
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                yield path.stem, row.pop("code"), row.pop("name"), members_of(row)
    for country in pycountry.countries:
        data = {"embargoed": EMBARGOED[country.alpha_2]} if country.alpha_2 in EMBARGOED else {}
        yield "countries", country.alpha_2, getattr(country, "common_name", country.name), data
    for currency in pycountry.currencies:
        yield "currencies", currency.alpha_3, currency.name, {}
    for state in pycountry.subdivisions.get(country_code="US"):
        yield "states", state.code.removeprefix("US-"), state.name, {}


def members_of(row: dict[str, str]) -> dict[str, Any]:
    """Flags become true or false; an empty one is not known and left out."""
    flags = ("harbor_fee", "can_file")
    found: dict[str, Any] = {name: row[name] == "1" for name in flags if row.get(name)}
    return found | {name: value for name, value in row.items() if name not in flags and value}
