"""Check the hash chains; exit 1 and the first bad entry of each chain named if anything was altered."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.trail.models import TrailEntry
from portal.trail.verification import verify


class Command(BaseCommand):
    help = "Check the hash chains of the trail, and the checkpoints kept outside the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--subject", default=None, help="only the chain of this reference")

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(verify(options["subject"]))
        for fault in faults:
            self.stdout.write(f"{fault.subject} entry {fault.seq}: {fault.reason}")
        if faults:
            raise SystemExit(1)
        entries = TrailEntry.objects.all()
        if options["subject"]:
            entries = entries.filter(subject=options["subject"])
        self.stdout.write(f"{entries.count()} entries, all sound.")
