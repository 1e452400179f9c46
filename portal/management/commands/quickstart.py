"""Everything on one machine with one command: set up, demonstrate, and keep two children running.

The children are the web server (with worker and schedule as threads) and the rehearsal authority. A
child that ends is started again; the authority also ends when this process is gone. Requests are logged in
`var/portal.log`; the terminal shows errors only, so that the address and the sign-ins stay in sight.
"""

import contextlib
import io
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections

from portal import logs
from portal.management.plain import PORTS, UNREADABLE, PlainCommand, port

READY_SECONDS = 60
RESTART_PAUSE = 0.5
LOG_FILE = settings.LOGGING["file"] or str(settings.VAR / "portal.log")


class Child:
    """A process that is kept running."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.name = name
        self.command = command
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; its input is a pipe, so that it notices when this process is gone."""
        self.process = subprocess.Popen(
            self.command, env=self.environment, stdin=subprocess.PIPE, cwd=settings.BASE_DIR
        )

    def ended(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self.process.poll() if self.process else None

    def stop(self) -> None:
        """Ask it to end, and insist after a while."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(8)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


class Command(PlainCommand):
    help = "Set up and run everything on this machine; --once files one declaration, says what became of it, and stops."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=port, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--once", action="store_true", help="stop after the first declaration has come back")
        parser.add_argument("--no-browser", action="store_true", help="do not open a browser window")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        if not settings.SECRET_KEY:
            raise CommandError("DATABASE_URL is set, so SECRET_KEY must be set too: at least 40 random characters.")
        host, number = options["host"], _free_port(options["host"], options["port"], options["once"])
        logs.configure(settings.LOGGING | {"file": LOG_FILE})
        signal.signal(signal.SIGTERM, _interrupt)
        self._set_up(started)
        children = _children(host, number)
        try:
            with _running(children):
                self._first_declaration(host, number, started)
                if options["once"]:
                    return
                self._welcome(host, number, options["no_browser"])
                _supervise(children, self.stdout.write)
        except KeyboardInterrupt:
            self.stdout.write(f"\nStopped. Everything is kept in {settings.VAR}; the same command goes on from here.")

    def _set_up(self, started: float) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_starter", verbosity=0)
        call_command("load_interest_rates", verbosity=0, stdout=io.StringIO())
        call_command("demo")
        self.stdout.write(
            f"Set up after {time.monotonic() - started:.0f} s ({settings.DATABASES['default']['ENGINE']})."
        )
        connections.close_all()

    def _first_declaration(self, host: str, number: int, started: float) -> None:
        _wait_until_ready(f"http://{host}:{number}/healthz")
        self.stdout.write(f"Web server ready after {time.monotonic() - started:.0f} s.")
        self.stdout.flush()
        call_command("demo", file_one=True)
        connections.close_all()

    def _welcome(self, host: str, number: int, no_browser: bool) -> None:
        address = f"http://{host}:{number}/"
        call_command("demo", sign_ins=True)
        self.stdout.write(f"\nWhat happens is logged in {LOG_FILE}; errors are shown here too.")
        self.stdout.write(f"Open {address}  (this is a rehearsal: nothing reaches a real authority; Ctrl-C stops)")
        self.stdout.flush()
        if not no_browser and sys.stdout.isatty():
            webbrowser.open(address)


def _children(host: str, number: int) -> list[Child]:
    authority_port = _free_port(host, number + 1 if number < PORTS else 0, True)
    secrets_of_run = {
        "PORTAL_REHEARSAL_CLIENT_ID": "portal",
        "PORTAL_REHEARSAL_CLIENT_SECRET": settings.CHANNELS["rehearsal"]["client_secret"] or secrets.token_urlsafe(32),
        "PORTAL_REHEARSAL_ADMIN_TOKEN": os.environ.get("PORTAL_REHEARSAL_ADMIN_TOKEN") or secrets.token_urlsafe(32),
        "PORTAL_REHEARSAL_URL": f"http://{host}:{authority_port}",
        "PORTAL_VAR": str(settings.VAR),
        "PORTAL_LOG_FILE": LOG_FILE,
    }
    environment = os.environ | secrets_of_run
    manage = str(settings.BASE_DIR / "manage.py")
    web = [sys.executable, manage, "serve", "--host", host, "--port", str(number), "--worker"]
    authority = [
        sys.executable, "-m", "portal.rehearsal", "--host", host, "--port", str(authority_port), "--exit-with-stdin",
    ]  # fmt: skip
    return [Child("rehearsal authority", authority, environment), Child("web server", web, environment)]


@contextlib.contextmanager
def _running(children: list[Child]) -> Iterator[None]:
    try:
        for child in children:
            child.start()
        yield
    finally:
        for child in reversed(children):
            child.stop()


def _supervise(children: list[Child], say: Any) -> None:
    while True:
        time.sleep(RESTART_PAUSE)
        for child in children:
            code = child.ended()
            if code is not None:
                say(f"The {child.name} ended ({code}); starting it again.")
                child.start()


def _wait_until_ready(url: str) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310  (our own loopback address)
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
    raise CommandError(f"The web server did not answer within {READY_SECONDS} s.")


def _free_port(host: str, wanted: int, may_move: bool) -> int:
    """The wanted port, or, where we may move, any free one."""
    reason = ""
    for number in (wanted, 0) if may_move else (wanted,):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, number))
            except OSError as error:
                reason = error.strerror or str(error)
                continue
            return int(probe.getsockname()[1])
    words = f"Port {wanted} of {host} cannot be used: {reason}. Choose another one with --port."
    raise CommandError(words, returncode=UNREADABLE)


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt
