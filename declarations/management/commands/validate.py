"""Declaration JSON in, violations JSON out. Exit 0 clean, 1 violations, 2 unreadable."""

import json
from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from declarations.decoding import DocumentRefused, decode
from declarations.management.reading import documents
from declarations.services.checking import check_document
from declarations.services.reviewing import violation_json
from declarations.tariff.selectors import NoEdition
from portal.management.plain import PlainCommand

CLEAN, VIOLATIONS, UNREADABLE = 0, 1, 2


class Command(PlainCommand):
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
        try:
            found = check_document(document, now=timezone.now())
        except NoEdition as error:
            reason = {"code": error.code, "pointer": "/dates", "message": str(error), "severity": "error"}
            return VIOLATIONS, {"readable": True, "violations": [reason]}
        stops = any(one.severity == "error" for one in found)
        return (VIOLATIONS if stops else CLEAN), {
            "readable": True,
            "violations": [violation_json(one) for one in found],
        }
