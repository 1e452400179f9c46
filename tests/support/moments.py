"""Print, as one line of JSON, what the trail of some declarations says of time: rows by their number, with the moment."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from portal.trail.models import TrailEntry  # noqa: E402  (Django must be set up first)

rows = TrailEntry.objects.filter(subject__in=sys.argv[1:]).order_by("pk").values_list("subject", "seq", "at")
print(json.dumps([[subject, seq, at.timestamp()] for subject, seq, at in rows]))
