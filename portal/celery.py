"""Workers. The broker only rings the bell; what there is to do stands in tables."""

import os
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

import structlog
from celery import Celery
from celery.beat import EmbeddedService, Scheduler
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun, worker_init
from celery.worker import state as worker_state
from django.conf import settings
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _keep_our_logging(**_: Any) -> None:
    """Celery leaves logging as settings made it."""


@worker_init.connect
def _make_ready(**_: Any) -> None:
    """A worker of its own process counts working days; those in a web process find them ready there."""
    import_string("portal.clocks.calendars.make_ready")()


@worker_init.connect
def _take_places(sender: Any = None, **_: Any) -> None:
    """Gateway work never holds all processes of this worker."""
    places = import_module("portal.gateway.places")
    count = sender.concurrency if isinstance(sender.concurrency, int) else os.cpu_count() or 1
    queues = list(sender.app.amqp.queues.consume_from)
    places.begin(places.make_pool(concurrency=count, queues=queues, own_queue=settings.GATEWAY_QUEUE))


@before_task_publish.connect
def _hand_over_correlation(headers: dict[str, Any] | None = None, **_: Any) -> None:
    context = structlog.contextvars.get_contextvars()
    if headers is not None and "correlation_id" in context:
        headers["correlation_id"] = context["correlation_id"]


@task_prerun.connect
def _take_correlation(task: Any = None, **_: Any) -> None:
    correlation = getattr(task.request, "correlation_id", None)
    headers = getattr(task.request, "headers", None) or {}
    structlog.contextvars.bind_contextvars(
        correlation_id=headers.get("correlation_id") or correlation, task=task.name.rsplit(".", 1)[-1]
    )


@task_postrun.connect
def _drop_correlation(**_: Any) -> None:
    structlog.contextvars.unbind_contextvars("correlation_id", "task")


def start_in_process(concurrency: int = 3) -> Callable[[], None]:
    """Worker and beat as threads of this process, with no broker to run. Gives the way to end them in order."""
    worker = app.WorkController(
        pool_cls="threads", concurrency=concurrency, without_heartbeat=True, without_mingle=True, without_gossip=True
    )
    thread = threading.Thread(target=worker.start, name="celery-worker", daemon=True)
    thread.start()
    beat = EmbeddedService(app, max_interval=0.5, thread=True, scheduler_cls=Scheduler)
    beat.daemon = True
    beat.start()

    def stop() -> None:
        beat.stop()
        worker_state.should_stop = 0  # the consumer's loop looks at it and leaves
        thread.join(3)

    return stop
