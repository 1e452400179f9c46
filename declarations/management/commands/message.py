"""A wire message to declaration JSON, its faults, and back."""

import json
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from declarations.decoding import DocumentRefused, decode
from declarations.document import to_plain
from declarations.management.reading import read_input
from declarations.messages import registry, wco_read, wco_response, wco_xml
from declarations.messages.envelope import MessageRefused, open_message
from declarations.services.filing import complete
from declarations.tariff.calculate import assess
from declarations.tariff.selectors import current_view
from portal.errors import DomainError
from portal.management.plain import UNREADABLE, PlainCommand
from portal.timezones import party_date
from portal.xml import MAX_BYTES

NO_ABI = "Messages in CBP's own 80-column records (ABI) cannot be written here. Use --format wco."


class Command(PlainCommand):
    help = "decode: message to JSON; check: its faults; encode: declaration JSON to a message (--format wco)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["decode", "check", "encode"])
        parser.add_argument("file")
        parser.add_argument("--format", choices=["wco", "abi"], default="wco")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["format"] == "abi":
            raise CommandError(NO_ABI, returncode=UNREADABLE)
        raw = read_input(options["file"])
        try:
            getattr(self, f"_{options['act']}")(raw)
        except (MessageRefused, DocumentRefused) as error:
            self.stdout.write(json.dumps({"readable": False, "violations": _faults(error)}, ensure_ascii=False))
            raise SystemExit(UNREADABLE) from None

    def _decode(self, raw: bytes) -> None:
        if wco_read.kind_of(raw) == "response":
            found: Any = [msgspec.to_builtins(one) for one in wco_response.decode(raw)]
        else:
            found = to_plain(wco_read.decode_declaration(raw))
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1, default=str))

    def _check(self, raw: bytes) -> None:
        kind = wco_read.kind_of(raw)
        faults = list(registry.validate(raw, "US", kind, datetime.now(UTC).date()))
        published = registry.published(settings.REFERENCE_DATA) if kind == "declaration" else None
        if published is not None:
            faults += published.faults(open_message(raw, max_bytes=MAX_BYTES))
        rows = [{"code": one.code, "pointer": one.pointer, "message": one.message} for one in faults]
        self.stdout.write(json.dumps({"readable": True, "kind": kind, "violations": rows}, ensure_ascii=False))
        raise SystemExit(1 if rows else 0)

    def _encode(self, raw: bytes) -> None:
        document = decode(raw)
        now = timezone.now()
        assessment = assess(document, tariff=current_view(party_date(now)), now=now)
        document = complete(document, assessment, None)
        lrn = document.functional_reference_id or "LRN"
        self.stdout.write(wco_xml.encode(document, assessment=assessment, lrn=lrn, version=1).decode())


def _faults(error: DomainError) -> list[dict[str, str]]:
    faults = getattr(error, "faults", ())
    return [{"code": one.code, "pointer": one.pointer, "message": one.message} for one in faults]
