"""A program of the demonstration importer and one of the broker, with credentials in a file of this installation."""

import json
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

from portal.accounts.actors import SYSTEM
from portal.accounts.models import Client, Organization, User
from portal.people.programs import make_program

SIGNATORIES = {"importer": "clerk@importer.example", "broker": "desk@broker.example"}
NAME = "Demonstration program"
SCOPES = ["read", "draft", "file"]


def make_programs(*, people: dict[str, Organization], now: datetime) -> None:
    """Both exist and the file holds their credentials; where it is gone, they are replaced by new ones."""
    path = credentials_file()
    if path.exists():
        return
    told = {}
    for key, email in SIGNATORIES.items():
        organization = people[key]
        Client.objects.filter(organization=organization, name=NAME, closed_at=None).update(closed_at=now)
        made = make_program(
            organization=organization, signatory=User.objects.get(email=email), name=NAME, scopes=SCOPES,
            actor=SYSTEM, now=now,
        )  # fmt: skip
        told[key] = {
            "organization": organization.name, "client_id": made.client.client_id, "client_secret": made.secret,
        }  # fmt: skip
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(told, file, indent=2)


def credentials_file() -> Path:
    """Where they are kept, readable by the owner of this installation only."""
    path = settings.VAR / "keys" / "demonstration_programs.json"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Path(path)
