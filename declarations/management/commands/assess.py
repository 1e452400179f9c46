"""`assess [FILE or -]`: declaration JSON in, assessment JSON out.

One document, or NDJSON with one a line. Exit 0, 1 where something owed could not be computed (the reasons are
in the output), 2 where a document cannot be read.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from declarations.decoding import DocumentRefused, decode
from declarations.tariff.calculate import as_json, assess, entry_day
from declarations.tariff.selectors import NoEdition, current_view
from declarations.tariff.view import TariffView

DONE, INCOMPLETE, UNREADABLE = 0, 1, 2


class Command(BaseCommand):
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


def documents(name: str) -> Iterator[bytes]:
    """One document, or, where every line is an object of its own, one a line."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.", returncode=UNREADABLE) from error
    lines = [line for line in data.splitlines() if line.strip()]
    if len(lines) > 1 and not _is_one(data) and lines[0].lstrip().startswith(b"{") and lines[0].rstrip().endswith(b"}"):
        yield from lines
    else:
        yield data


def _is_one(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


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
