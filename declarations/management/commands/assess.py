"""`assess [FILE or -]`: declaration JSON in, assessment JSON out.

One document, or NDJSON with one a line. Exit 0, 1 where something owed could not be computed (the reasons are
in the output), 2 where a document cannot be read.
"""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.utils import timezone

from declarations.decoding import DocumentRefused, decode
from declarations.management.reading import documents
from declarations.tariff.calculate import as_json, assess, entry_day
from declarations.tariff.selectors import NoEdition, current_view
from declarations.tariff.view import TariffView
from portal.management.plain import PlainCommand

DONE, INCOMPLETE, UNREADABLE = 0, 1, 2


class Command(PlainCommand):
    help = "Compute what is owed on a declaration (JSON, or NDJSON with one a line); nothing is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="-")

    def handle(self, *args: Any, **options: Any) -> None:
        worst = DONE
        now = timezone.now()
        for raw in documents(options["file"]):
            code, answer = assessed(raw, now)
            worst = max(worst, code)
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        raise SystemExit(worst)


def assessed(raw: bytes, now: datetime) -> tuple[int, dict[str, Any]]:
    """The exit code and the answer for one document."""
    try:
        document = decode(raw)
    except DocumentRefused as error:
        faults = [{"code": one.code, "pointer": one.pointer, "message": one.message} for one in error.faults]
        return UNREADABLE, {"readable": False, "violations": faults}
    try:
        tariff = current_view(entry_day(document, now=now).day)
    except NoEdition as error:
        reason = {"code": error.code, "pointer": "/dates", "reason": str(error)}
        return INCOMPLETE, {"currency": "USD", "items": [], "fees": [], "unassessed": [reason]}
    found = assess(document, tariff=tariff, now=now, at=_view_at)
    return INCOMPLETE if found.unassessed else DONE, as_json(found)


def _view_at(on: Any) -> TariffView | None:
    try:
        return current_view(on)
    except NoEdition:
        return None
