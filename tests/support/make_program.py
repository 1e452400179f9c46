"""Make a broker with M clients, or one importer, and its program; prints credentials and importers as JSON.

`python tests/support/make_program.py CLIENTS`: 0 for the importer of the demonstration, who files for itself.
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.utils import timezone  # noqa: E402  (Django must be set up first)

from audits.demonstration.shipments import IMPORTER  # noqa: E402  (Django must be set up first)
from portal.accounts import roles  # noqa: E402  (Django must be set up first)
from portal.accounts.actors import SYSTEM  # noqa: E402  (Django must be set up first)
from portal.people.programs import make_program  # noqa: E402  (Django must be set up first)
from tests.makers import make_filing_agent, make_importer, make_mandate, make_user  # noqa: E402  (Django must be set up first)


def main(clients: int) -> None:
    now = timezone.now()
    importers = [make_importer() for _ in range(max(1, clients))]
    if clients:
        owner, role = make_filing_agent(), roles.LICENSED_INDIVIDUAL
        for one in importers:
            make_mandate(principal=one, agent=owner, now=now)
    else:
        owner, role = importers[0], roles.IMPORTER_USER
        owner.name, owner.importer_number, owner.address = IMPORTER["name"], IMPORTER["id"], IMPORTER["address"]
        owner.save()
    person = make_user(organization=owner, role=role)
    made = make_program(
        organization=owner, signatory=person, name="Program", scopes=["read", "draft", "file"], actor=SYSTEM, now=now
    )
    told = [{"id": one.importer_number, "name": one.name, "address": one.address} for one in importers]
    given = {"client_id": made.client.client_id, "client_secret": made.secret}
    print(json.dumps(given | {"importers": told, "files_for_others": clients > 0}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
