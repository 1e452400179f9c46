"""Print, as one line of JSON, every answer that the portal holds, and what became of those with an unknown code."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from declarations.models import ControlFact  # noqa: E402  (Django must be set up first)
from portal.desk.models import Task  # noqa: E402  (Django must be set up first)
from portal.gateway.models import InboundMessage  # noqa: E402  (Django must be set up first)

unlisted = ControlFact.objects.filter(kind="UNLISTED").select_related("declaration", "inbound")
told = {
    "held": {row.external_id: [row.state, row.reason] for row in InboundMessage.objects.all()},
    "unlisted": {row.inbound.external_id: row.declaration.reference for row in unlisted},
    "tasks": [[one.subject, one.state] for one in Task.objects.filter(kind__startswith="UNLISTED:")],
}
print(json.dumps(told))
