"""Demonstration data: people, twenty declarations, and one more filed while you watch."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audits.demonstration.filings import make, make_filings
from audits.demonstration.people import PEOPLE, demonstration_password, make_people
from declarations.models import Declaration
from declarations.selectors import state_of, timeline
from declarations.services.telling import display
from portal.accounts.actors import actor_for
from portal.accounts.models import User
from portal.timezones import party_date

WAIT_SECONDS = 60


class Command(BaseCommand):
    help = "Make the demonstration data; --file-one files a declaration and waits for customs; --sign-ins prints them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file-one", action="store_true")
        parser.add_argument("--sign-ins", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file_one"]:
            self._file_one()
        elif options["sign_ins"]:
            self._sign_ins()
        else:
            now = timezone.now()
            made = make_filings(people=make_people(now=now), now=now)
            if made:
                self.stdout.write(f"Demonstration data made: {len(PEOPLE)} people, {len(made)} declarations.")

    def _file_one(self) -> None:
        now = timezone.now()
        user = User.objects.get(email="clerk@importer.example")
        organization = user.memberships.get().organization
        count = Declaration.objects.filter(importer=organization).count()
        declaration = make(
            actor_for(user, organization, correlation_id="quickstart"),
            "S01",
            f"QUICK{count}",
            day=party_date(now),
            until="submitted",
            now=now,
        )
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until and declaration.legal not in ("CLEARED", "REJECTED", "CANCELLED"):
            time.sleep(0.2)
            declaration.refresh_from_db()
        state = state_of(declaration)
        self.stdout.write(f"\nDeclaration {display(declaration)} ({declaration.reference}): {state.word}.")
        self.stdout.write(f"  duty and fees deposited: {declaration.total_due} US dollars")
        for step in reversed(timeline(declaration)):
            self.stdout.write(f"  {step.at:%H:%M:%S} UTC  {step.what}  ({step.who})")
        if declaration.legal != "CLEARED":
            raise CommandError("Customs did not accept the summary within a minute; see the messages above.")

    def _sign_ins(self) -> None:
        self.stdout.write("\nSign in as (all with the same password):")
        for person in PEOPLE:
            self.stdout.write(f"  {person.email:<28} {person.what}")
        self.stdout.write(f"  password: {demonstration_password()}")
