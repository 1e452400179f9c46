"""Prepare and sign N declarations, then submit them one by one; prints a line for each that was acknowledged.

`python tests/support/file_many.py N PREFIX [PAUSE]`: waits for a line on standard input before submitting.
A submit that fails because the database is away is tried again, as a person would press the button again.
"""

import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.db import InterfaceError, OperationalError, connection  # noqa: E402  (Django must be set up first)
from django.utils import timezone  # noqa: E402  (Django must be set up first)

from declarations.models import DeclarationVersion  # noqa: E402  (Django must be set up first)
from declarations.services import filing  # noqa: E402  (Django must be set up first)
from tests.makers import make_actor, make_declaration  # noqa: E402  (Django must be set up first)


def say(*words: object) -> None:
    print(*words, flush=True)


def main(count: int, prefix: str, pause: float) -> None:
    actor = make_actor()
    ready = [
        make_declaration("S10", actor=actor, until="signed", own=f"{prefix}{n:05d}").live_version_id
        for n in range(count)
    ]
    say("READY", len(ready))
    sys.stdin.readline()
    for pk in ready:
        version = submit(pk, actor)
        say("ACK", version.declaration.reference, version.lrn)
        time.sleep(pause)
    say("DONE")


def submit(pk: int, actor: object) -> DeclarationVersion:
    until = time.monotonic() + 60
    while True:
        try:
            version = DeclarationVersion.objects.select_related("declaration").get(pk=pk)
            filing.submit(version=version, actor=actor, now=timezone.now())
            return version
        except (OperationalError, InterfaceError):
            if time.monotonic() > until:
                raise
            connection.close()
            time.sleep(0.2)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 0.0)
