"""Demonstration data: people, a declaration in every status, and one more filed the first time you watch."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from audits.demonstration.filings import make, make_filings
from audits.demonstration.people import PEOPLE, demonstration_password, make_people
from audits.demonstration.programs import credentials_file, make_programs
from declarations.models import Declaration
from declarations.selectors import state_of, timeline
from declarations.services.telling import display
from portal.accounts.actors import actor_for
from portal.accounts.models import Organization, User
from portal.management.plain import PlainCommand
from portal.timezones import party_date

WAIT_SECONDS = 60
LOOK_SECONDS = 5  # for one of an earlier start, which has mostly arrived
WATCHED = "QUICK"
SETTLED = ("CLEARED", "REJECTED", "CANCELLED")


class Command(PlainCommand):
    help = (
        "Make the demonstration data; --file-one files a declaration once and tells its state; --sign-ins prints them."
    )

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
            people = make_people(now=now)
            make_programs(people=people, now=now)
            made = make_filings(people=people, now=now)
            if made:
                self.stdout.write(f"Demonstration data made: {len(PEOPLE)} people, {len(made)} declarations.")

    def _file_one(self) -> None:
        user = User.objects.get(email="clerk@importer.example")
        organization = user.memberships.get().organization
        there = _watched(organization)
        declaration = there or _filed_now(user, organization)
        _wait(declaration, LOOK_SECONDS if there else WAIT_SECONDS)
        state = state_of(declaration)
        when = "filed on an earlier start" if there else "filed now"
        self.stdout.write(f"\nDeclaration {display(declaration)} ({declaration.reference}), {when}: {state.word}.")
        self.stdout.write(f"  duty and fees deposited: {declaration.total_due} US dollars")
        moment = "%Y-%m-%d %H:%M:%S" if there else "%H:%M:%S"
        for step in reversed(timeline(declaration)):
            self.stdout.write(f"  {step.at.strftime(moment)} UTC  {step.what}  ({step.who})")
        if not there and declaration.legal != "CLEARED":
            raise CommandError("Customs did not accept the summary within a minute; see the messages above.")

    def _sign_ins(self) -> None:
        self.stdout.write("\nSign in as (all with the same password):")
        for person in PEOPLE:
            self.stdout.write(f"  {person.email:<28} {person.what}")
        self.stdout.write(f"  password: {demonstration_password()}")
        self.stdout.write("\nFor programs (docs/api.md), credentials that only you can read:")
        self.stdout.write(f"  {credentials_file()}")


def _watched(organization: Organization) -> Declaration | None:
    """The declaration that an earlier start filed, the newest one if there are several."""
    rows = Declaration.objects.filter(importer=organization, functional_reference_id__startswith=WATCHED)
    return rows.filter(submitted_at__isnull=False).order_by("pk").last()


def _filed_now(user: User, organization: Organization) -> Declaration:
    now = timezone.now()
    actor = actor_for(user, organization, correlation_id="quickstart")
    count = Declaration.objects.filter(importer=organization).count()
    return make(actor, "S01", f"{WATCHED}{count}", day=party_date(now), serial=count, now=now)


def _wait(declaration: Declaration, seconds: int) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and declaration.legal not in SETTLED:
        time.sleep(0.2)
        declaration.refresh_from_db()
