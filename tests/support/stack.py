"""The whole portal as processes that can be killed: web, worker, schedule, authority, on either engine."""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.support.services import Postgres, Redis, free_port, service_environment

ROOT = Path(__file__).resolve().parent.parent.parent
MANAGE = str(ROOT / "manage.py")


class Stack:
    """`engine` is "sqlite" (worker inside the web process) or "postgresql" (Redis, worker and schedule apart)."""

    def __init__(
        self, engine: str, folder: Path, *, scale: float = 0.1, mode: str = "pull", log_level: str = "WARNING"
    ) -> None:
        self.engine = engine
        self.folder = folder
        self.scale = scale
        self.web_port, self.authority_port = free_port(), free_port()
        self.admin_token = secrets.token_hex(8)
        self.authority_host = "127.0.0.1"
        self.further_ports: dict[str, int] = {}  # of web servers beside the first
        self.before: dict[str, list[str]] = {}  # what stands before the command of a process, by name
        self.postgres = self.redis = None
        self.processes: dict[str, subprocess.Popen] = {}
        self.environment = {
            **os.environ,
            "PORTAL_VAR": str(folder),
            "PORTAL_REHEARSAL_URL": f"http://127.0.0.1:{self.authority_port}",
            "PORTAL_REHEARSAL_CLIENT_ID": "portal",
            "PORTAL_REHEARSAL_CLIENT_SECRET": "for-tests-only",
            "PORTAL_REHEARSAL_ADMIN_TOKEN": self.admin_token,
            "PORTAL_REHEARSAL_MODE": mode,
            "PORTAL_TICK_SECONDS": "0.5",
            "PORTAL_BOOTSTRAPPED": "base",
            "PORTAL_LOG_LEVEL": log_level,
            "PORTAL_REHEARSAL_LOG_LEVEL": log_level,
            "PORTAL_LOG_JSON": "1",
            "PYTHONWARNINGS": "default",
        }
        if mode == "push":
            self.environment["PORTAL_REHEARSAL_PUSH_KEY"] = "push-key-for-tests"

    # ---- life ----------------------------------------------------------------------------------
    def __enter__(self) -> "Stack":
        try:
            if self.engine == "postgresql":
                self.postgres, self.redis = Postgres(), Redis()
                self.postgres.start()
                self.redis.start()
                self.environment |= service_environment(self.postgres, self.redis)
            self.manage("migrate", "-v0")
            self.manage("load_starter", "-v0")
            if self.postgres:
                self.go_on_as_application()
            for name in self.names():
                self.start(name)
            self.wait_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self.processes):
            self.kill(name)
        if self.redis:
            self.redis.stop()
        if self.postgres:
            self.postgres.stop()

    def go_on_as_application(self) -> None:
        """From here on everything connects with the role that owns nothing (docs/operations.md)."""
        self.environment["PORTAL_ROLE_PASSWORD"] = "for-tests-only"
        self.manage("grant_role", "portal_app", "--create")
        self.environment["DATABASE_URL"] = self.postgres.url.replace("portal@", "portal_app:for-tests-only@")

    def names(self) -> list[str]:
        return ["authority", "web", *(["worker", "beat"] if self.engine == "postgresql" else [])]

    def command(self, name: str) -> list[str]:
        """What runs a process. A figure after its name makes it a further one of its kind."""
        python = sys.executable
        celery = [python, "-m", "celery", "-A", "portal.celery"]
        commands = {
            "web": [python, MANAGE, "serve", "--port", str(self.port_of(name))]
            + (["--worker"] if self.engine == "sqlite" else ["--workers", "2"]),
            "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "warning", "--without-gossip"],
            "gateway": [*celery, "worker", "--concurrency", "2", "--loglevel", "warning", "-Q", "gateway"],
            "others": [*celery, "worker", "--concurrency", "2", "--loglevel", "warning", "-Q", "portal"],
            "beat": [*celery, "beat", "--loglevel", "warning", "--schedule", str(self.folder / f"{name}.schedule")],
            "authority": [
                python, "-m", "portal.rehearsal", "--host", self.authority_host, "--port", str(self.authority_port),
                "--data", str(self.folder / "authority.sqlite3"), "--scale", str(self.scale),
            ],
        }  # fmt: skip
        if self.environment["PORTAL_REHEARSAL_MODE"] == "push":
            callback = f"http://127.0.0.1:{self.web_port}/gateway/rehearsal/notifications"
            commands["authority"] += ["--callback", callback]
        return commands[name.rstrip("23456789")]

    def port_of(self, name: str) -> int:
        """Where a web server listens."""
        return self.web_port if name == "web" else self.further_ports.setdefault(name, free_port())

    def start(self, name: str, **other: str) -> None:
        """Start a process, with `other` settings if need be."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [*self.before.get(name, []), *self.command(name)], env=self.environment | other, cwd=ROOT, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def kill(self, name: str) -> None:
        """As a power cut: the process and all of its children, at once."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self, name: str, seconds: float = 10) -> float:
        """As a service manager stops it: the process is asked to end, and does within that time. Gives how long."""
        process, began = self.processes.pop(name), time.monotonic()
        process.terminate()
        process.wait(seconds)
        return time.monotonic() - began

    def kill_child(self, name: str) -> None:
        """One process that does the work, while the one that watches over it lives on."""
        pid = self.processes[name].pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children:
            os.kill(int(children[0]), signal.SIGKILL)

    def restart(self, name: str, **other: str) -> None:
        self.kill(name)
        self.start(name, **other)

    def strike(self, victim: str) -> None:
        """Kill it and start it again: a process, "redis", "database", or "web child", one of those that serve."""
        if victim == "redis":
            self.redis.kill()
            self.redis.start()  # empty: it keeps nothing
        elif victim == "database":
            self.postgres.kill()
            self.postgres.start()
        elif victim == "web child":
            self.kill_child("web")  # whoever watches over it starts another
        else:
            self.restart(victim)

    def wait_ready(self, seconds: float = 60) -> None:
        for host, port in (("127.0.0.1", self.web_port), (self.authority_host, self.authority_port)):
            until = time.monotonic() + seconds
            while True:
                try:
                    urllib.request.urlopen(f"http://{host}:{port}/healthz", timeout=2).close()
                    break
                except OSError:
                    assert time.monotonic() < until, self.log("web") + self.log("authority")
                    time.sleep(0.1)

    def log(self, name: str) -> str:
        return self.whole_log(name)[-3000:]

    def whole_log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text() if path.exists() else ""

    # ---- doing things --------------------------------------------------------------------------
    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, MANAGE, *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
        return done.stdout

    def script(self, name: str, *arguments: str) -> subprocess.Popen:
        """A script of tests/support in a process of its own, with the stack's settings."""
        return subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "support" / f"{name}.py"), *arguments],
            env={**self.environment, "PYTHONPATH": str(ROOT)}, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip

    def query(self, name: str, *arguments: str) -> object:
        """The JSON that a script prints."""
        process = self.script(name, *arguments)
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        return json.loads(out.splitlines()[-1])

    def authority(self, path: str, body: object = None) -> object:
        request = urllib.request.Request(
            f"http://{self.authority_host}:{self.authority_port}{path}", headers={"X-Admin-Token": self.admin_token},
            data=None if body is None else json.dumps(body).encode(),
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")
