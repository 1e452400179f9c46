"""Serve the portal with gunicorn; on the embedded default the worker and its schedule run as threads beside it."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections
from gunicorn.app.base import BaseApplication

from portal.celery import start_in_process
from portal.management.plain import port
from portal.readying import make_ready_soon
from portal.serving import WholeRequestWorker
from portal.wsgi import application


class PortalServer(BaseApplication):
    """gunicorn with our options; a replaced web process starts its worker threads again."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take over the options."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The WSGI application."""
        return application


class Command(BaseCommand):
    help = "Serve the portal. --worker runs the background worker in the same process (embedded default)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=port, default=8000)
        parser.add_argument("--workers", type=int, default=1)
        parser.add_argument("--threads", type=int, default=16)
        parser.add_argument("--worker", action="store_true", default=settings.CELERY_WORKER_IN_PROCESS)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["worker"] and options["workers"] != 1:
            self.stderr.write("With --worker there is exactly one web process.")
            raise SystemExit(2)

        stops: list[Callable[[], None]] = []

        def after_fork(_worker: Any) -> None:
            make_ready_soon()
            if options["worker"]:
                stops.append(start_in_process())

        def before_exit(_arbiter: Any, _worker: Any) -> None:
            for stop in stops:
                stop()

        connections.close_all()
        PortalServer(
            {
                "bind": f"{options['host']}:{options['port']}",
                "workers": options["workers"],
                "threads": options["threads"],
                "worker_class": WholeRequestWorker,
                "timeout": 120,
                "graceful_timeout": 5,
                "keepalive": 5,
                "loglevel": "warning",
                "post_worker_init": after_fork,
                "worker_exit": before_exit,
                "control_socket_disable": True,
                "limit_request_line": 8190,
            }
        ).run()
