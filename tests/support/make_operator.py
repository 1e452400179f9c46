"""Make an operator, and print as one line of JSON the address."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from portal.accounts import roles  # noqa: E402  (Django must be set up first)
from tests.makers import make_authority, make_user  # noqa: E402  (Django must be set up first)

print(json.dumps({"email": make_user(organization=make_authority(), role=roles.OPERATOR).email}))
