"""Print, as one line of JSON, how many entries of each kind the trail of these declarations has, for each of them."""

import json
import os
import sys
from collections import Counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from portal.trail.models import TrailEntry  # noqa: E402  (Django must be set up first)

rows = TrailEntry.objects.filter(subject__in=sys.argv[1:]).values_list("subject", "kind")
found: dict[str, Counter[str]] = {one: Counter() for one in sys.argv[1:]}
for subject, kind in rows:
    found[subject][kind] += 1
print(json.dumps(found))
