"""Make N clerks of one importer, and print as one line of JSON how they sign in."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from tests.makers import PASSWORD, make_importer, make_user  # noqa: E402  (Django must be set up first)

importer = make_importer()
people = [make_user(organization=importer) for _ in range(int(sys.argv[1]))]
told = {
    "password": PASSWORD,
    "emails": [one.email for one in people],
    "importer_number": importer.importer_number,
}
print(json.dumps(told))
