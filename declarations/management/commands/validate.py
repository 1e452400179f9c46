"""Declaration JSON in, violations JSON out. Exit 0 clean, 1 violations, 2 unreadable."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from declarations.decoding import DocumentRefused, decode
from declarations.services.checking import check_document, violation_json

CLEAN, VIOLATIONS, UNREADABLE = 0, 1, 2


class Command(BaseCommand):
    help = "Check a declaration (JSON, or NDJSON with one a line) against the rule book; nothing is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="-")

    def handle(self, *args: Any, **options: Any) -> None:
        worst = CLEAN
        for raw in documents(options["file"]):
            code, answer = self._one(raw)
            worst = max(worst, code)
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        raise SystemExit(worst)

    def _one(self, raw: bytes) -> tuple[int, dict[str, Any]]:
        try:
            document = decode(raw)
        except DocumentRefused as error:
            faults = [{"code": f.code, "pointer": f.pointer, "message": f.message} for f in error.faults]
            return UNREADABLE, {"readable": False, "violations": faults}
        found = check_document(document, now=timezone.now())
        stops = any(one.severity == "error" for one in found)
        return (VIOLATIONS if stops else CLEAN), {
            "readable": True,
            "violations": [violation_json(one) for one in found],
        }


def documents(name: str) -> Iterator[bytes]:
    """One document, or, where every line is an object of its own, one a line."""
    data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    lines = [line for line in data.splitlines() if line.strip()]
    if len(lines) > 1 and all(line.lstrip().startswith(b"{") and line.rstrip().endswith(b"}") for line in lines):
        yield from lines
    else:
        yield data
