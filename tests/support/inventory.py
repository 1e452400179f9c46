"""Print, as one line of JSON, what the portal holds: filed declarations, messages, answers, faults of the trail."""

import json
import os
from collections import Counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from declarations.models import Declaration, Receipt  # noqa: E402  (Django must be set up first)
from portal.desk.models import Notice  # noqa: E402  (Django must be set up first)
from portal.gateway.models import InboundMessage, OutboundMessage  # noqa: E402  (Django must be set up first)
from portal.trail.verification import verify  # noqa: E402  (Django must be set up first)

rows = Declaration.objects.exclude(submitted_at=None).select_related("live_version").order_by("pk")
print(
    json.dumps(
        {
            "declarations": [
                {
                    "reference": row.reference,
                    "lrn": row.live_version.lrn if row.live_version else "",
                    "entry_numbers": list(row.numbers.values_list("number", flat=True)),
                    "receipts": Receipt.objects.filter(version__declaration=row).count(),
                    "filing": row.filing,
                    "legal": row.legal,
                    "money": (row.standing.get("money") or {}).get("amount"),
                    "notices": Notice.objects.filter(subject=row.reference).count(),
                }
                for row in rows
            ],
            "outbound": Counter(OutboundMessage.objects.values_list("state", flat=True)),
            "inbound": Counter(InboundMessage.objects.values_list("state", flat=True)),
            "trail": [list(map(str, fault)) for fault in verify()],
        }
    )
)
