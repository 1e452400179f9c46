"""Check the hash chains: exit 1 and the first bad entry of each chain if anything was altered, 2 for an unknown one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from portal.management.plain import UNREADABLE, PlainCommand
from portal.trail.models import TrailEntry
from portal.trail.verification import verify


class Command(PlainCommand):
    help = "Check the hash chains of the trail, and the checkpoints kept outside the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--subject", default=None, help="only the chain of this reference")

    def handle(self, *args: Any, **options: Any) -> None:
        subject = options["subject"]
        entries = TrailEntry.objects.all() if subject is None else TrailEntry.objects.filter(subject=subject)
        faults = list(verify(subject))
        for fault in faults:
            self.stdout.write(f"{fault.subject} entry {fault.seq}: {fault.reason}")
        if faults:
            raise SystemExit(1)
        count = entries.count()
        if subject is not None and not count:
            raise CommandError(f"There is no chain of “{subject}”; nothing was checked.", returncode=UNREADABLE)
        self.stdout.write(f"{count:,} {'entry' if count == 1 else 'entries'}, all sound.")
