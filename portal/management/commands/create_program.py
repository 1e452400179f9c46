"""Credentials for a program that is to file over the API, printed once."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from portal.accounts.actors import SYSTEM
from portal.accounts.models import Organization, User
from portal.management.plain import UNREADABLE, PlainCommand, one_line
from portal.people.programs import make_program
from portal.programs.services import end_of


class Command(PlainCommand):
    help = "Make a program of an organization and print its id and secret: they are shown once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, help="its reference or its whole name")
        parser.add_argument("--signatory", required=True, help="address of the person who answers for it")
        parser.add_argument("--name", required=True, help="what people see in histories")
        parser.add_argument("--scopes", default="read draft file", help="some of: read draft file")
        parser.add_argument("--last-day", type=date.fromisoformat, help="such as 2027-06-30; without it, it never ends")

    def handle(self, *args: Any, **options: Any) -> None:
        signatory = User.objects.filter(email=options["signatory"].strip().lower()).first()
        if signatory is None:
            words = f"There is nobody with the address {one_line(options['signatory'])}."
            raise CommandError(words, returncode=UNREADABLE)
        now, organization, last_day = timezone.now(), _organization(options["organization"]), options["last_day"]
        made = make_program(
            organization=organization, signatory=signatory, name=one_line(options["name"])[:255],
            scopes=options["scopes"].split(), actor=SYSTEM, now=now,
            expires_at=end_of(last_day, organization, now) if last_day else None,
        )  # fmt: skip
        self.stdout.write(f"client_id={made.client.client_id}")
        self.stdout.write(f"client_secret={made.secret}")
        self.stderr.write("The secret is shown once; keep it where only the program can read it.")


def _organization(wanted: str) -> Organization:
    for field in ("reference", "name"):
        found = list(Organization.objects.filter(**{field: wanted})[:2])
        if len(found) == 1:
            return found[0]
    words = f"There is no organization, or more than one, with the reference or name {one_line(wanted)}."
    raise CommandError(words, returncode=UNREADABLE)
