"""Print, as one line of JSON, the moments of all checkpoints, the periods taken for them, and the lines of the file."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.conf import settings  # noqa: E402  (Django must be set up first)

from portal.clocks.models import JobRun  # noqa: E402  (Django must be set up first)
from portal.trail.models import Checkpoint  # noqa: E402  (Django must be set up first)

kept = settings.CHECKPOINT_FILE
told = {
    "written": [one.at.timestamp() for one in Checkpoint.objects.order_by("pk")],
    "periods": [one.period_start.timestamp() for one in JobRun.objects.filter(name="trail.checkpoint").order_by("pk")],
    "lines": len(kept.read_text().splitlines()) if kept.exists() else 0,
}
print(json.dumps(told))
