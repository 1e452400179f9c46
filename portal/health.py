"""Is the portal able to work, and how old is the oldest work that waits?"""

from datetime import datetime
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Min

from portal import metrics
from portal.database_role import owns_tables
from portal.desk.models import Task
from portal.gateway.models import ChannelState, InboundMessage, OutboundMessage
from portal.trail.protection import is_protected

UNLISTED = "UNLISTED:"  # how tasks for answers with an unknown code are called
OPEN_OUT = ("PENDING", "IN_FLIGHT", "UNKNOWN")
OPEN_IN = ("RECEIVED", "UNMATCHED")


def readiness(*, now: datetime) -> dict[str, Any]:
    """Findings by name; `ready` is False where a declaration could not be accepted."""
    found: dict[str, Any] = {"ready": False, "database": False, "broker": _broker(), "at": now.isoformat()}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found["database"] = True
        found["write_once"] = is_protected()
        found["own_role"] = not owns_tables()
        found["oldest_unsent_seconds"] = _age(OutboundMessage, OPEN_OUT, "created_at", now)
        found["oldest_unapplied_seconds"] = _age(InboundMessage, OPEN_IN, "received_at", now)
        found["dead_messages"] = OutboundMessage.objects.filter(state="DEAD").count()
        found["channels"] = _channels()
    except DatabaseError:
        return found
    found["ready"] = bool(found["database"] and found["write_once"])
    return found


def refresh_gauges(*, now: datetime) -> None:
    """Gauges that are read from tables are true at the moment of asking."""
    for gauge, model in ((metrics.OUTBOX, OutboundMessage), (metrics.INBOUND, InboundMessage)):
        counts = dict(model.objects.values_list("state").annotate(n=Count("pk")))
        for state in model.State.values:
            gauge.labels(state).set(counts.get(state, 0))
    metrics.CONFLICTS.set(InboundMessage.objects.filter(conflict=True).count())
    metrics.TO_READ.set(Task.objects.filter(state=Task.State.OPEN, kind__startswith=UNLISTED).count())
    metrics.OLDEST_UNSENT.set(_age(OutboundMessage, OPEN_OUT, "created_at", now) or 0)


def _age(model: Any, states: tuple[str, ...], column: str, now: datetime) -> int | None:
    oldest = model.objects.filter(state__in=states).aggregate(at=Min(column))["at"]
    return int((now - oldest).total_seconds()) if oldest else None


def _channels() -> list[dict[str, Any]]:
    rows = {one.channel: one for one in ChannelState.objects.all()}
    found = []
    for name, options in settings.CHANNELS.items():
        row = rows.get(name)
        heard = row.last_heard_at if row else None
        failed = row.last_failure_at if row else None
        found.append(
            {
                "name": name,
                "label": options.get("label", name),
                "answers": bool(heard and (failed is None or heard > failed)),
                "last_heard_at": heard.isoformat() if heard else None,
            }
        )
    return found


def _broker() -> bool:
    """A broker that is down makes work slower, not impossible: the schedule finds what the bell did not tell."""
    if settings.CELERY_WORKER_IN_PROCESS:
        return True
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=0, timeout=0.5)
    except Exception:  # any failure of any transport means the same
        return False
    return True
