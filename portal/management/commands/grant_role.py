"""Give the portal's own database role exactly what it needs. Run as the owner, after each migration."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import connection

from portal import database_role
from portal.management.plain import UNREADABLE, PlainCommand

PASSWORD = "PORTAL_ROLE_PASSWORD"  # noqa: S105  (the name of a variable, not a password)


class Command(PlainCommand):
    help = "Give a database role, which owns nothing, exactly what the portal needs: see docs/operations.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role")
        parser.add_argument(
            "--create", action="store_true", help=f"make the role, or give it the password in {PASSWORD}"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("SQLite has no roles: set DATABASE_URL to the owner's.", returncode=UNREADABLE)
        role = options["role"]
        if options["create"]:
            password = os.environ.get(PASSWORD, "")
            if not password:
                raise CommandError(f"Put the password of the role into {PASSWORD}.", returncode=UNREADABLE)
            database_role.create(role, password)
        tables = database_role.grant(role)
        self.stdout.write(f"{role} may use {tables} tables, each as far as the portal needs it.")
