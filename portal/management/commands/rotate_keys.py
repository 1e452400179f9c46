"""A new key for a purpose. What older keys made stays readable and true; they stay in the ring."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from portal import keys, personal
from portal.management.plain import PlainCommand

PURPOSES = (
    "signature", "receipt", "checkpoint", "webhook", "authenticator", "mandate", personal.PURPOSE,
    personal.INDEX_PURPOSE,
)  # fmt: skip


class Command(PlainCommand):
    help = "Make a new key for a purpose; it is used from now on. Nothing has to be stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--purpose", required=True, choices=PURPOSES)

    def handle(self, *args: Any, **options: Any) -> None:
        key = keys.rotate(options["purpose"], timezone.now())
        self.stdout.write(f"{key.id} is used from now on. Back up the ring, and keep the older keys in it.")
        if key.purpose in (personal.PURPOSE, personal.INDEX_PURPOSE):
            self.stdout.write("Run seal_personal as the owner of the tables: it seals and indexes anew, in steps.")
