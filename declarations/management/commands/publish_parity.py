"""`publish_parity`: the parity figures of a month are out; `--check` counts published ones again."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from declarations.parity.selectors import find_month, last_month, month_of
from declarations.parity.services import differences, publish_month
from portal.accounts.actors import SYSTEM
from portal.management.plain import UNREADABLE, PlainCommand


def month(text: str) -> date:
    """A month written as 2026-10."""
    found = month_of(text)
    if found is None:
        raise ArgumentTypeError(f"“{text}” is not a month. Write it as 2026-10 (year, month).")
    return found


class Command(PlainCommand):
    help = "Publish the parity figures of a month that is over. A published month stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", type=month, help="as 2026-10; the last one that is over where it is left out")
        parser.add_argument("--check", action="store_true", help="count again and compare, publish nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        wanted: date = options["month"] or last_month(now)
        if options["check"]:
            self._check(wanted)
            return
        was_out = find_month(wanted) is not None
        row = publish_month(month=wanted, actor=SYSTEM, now=now)
        words = "were published already" if was_out else "are published"
        self.stdout.write(f"{row.figures.count()} figures of {wanted:%Y-%m} {words}.")

    def _check(self, wanted: date) -> None:
        row = find_month(wanted)
        if row is None:
            raise CommandError(f"Nothing is published for {wanted:%Y-%m}.", returncode=UNREADABLE)
        found = differences(row)
        for one in found:
            self.stderr.write(f"published {one.published}, counted {one.counted}")
        if found:
            raise CommandError(f"{len(found)} figures differ from the filings.", returncode=1)
        self.stdout.write(f"{row.figures.count()} figures of {wanted:%Y-%m} agree with the filings.")
