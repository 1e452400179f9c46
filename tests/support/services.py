"""A PostgreSQL cluster and a Redis server of our own: free port, temporary folder, unprivileged user.

Tests that kill a service use these, never one that was running already. As a command it runs
another command with both started: `python -m tests.support.services -- command ...`.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def unprivileged() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise RuntimeError("no unprivileged user to run PostgreSQL as")


def postgres_binaries() -> Path:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: float(one.parts[4]))
    if not found:
        raise RuntimeError("PostgreSQL server programs are not installed (Debian: postgresql)")
    return found[-1].parent


class Postgres:
    """A cluster that can be killed and started again; what it acknowledged is on disk."""

    def __init__(self) -> None:
        self.user = unprivileged()
        self.folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
        if self.user:
            shutil.chown(self.folder, self.user)
        self.port = free_port()
        self.process: subprocess.Popen | None = None
        self._run("initdb", "-D", str(self.data), "-U", "portal", "-A", "trust", "-E", "UTF8", "--no-sync")

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        return f"postgres://portal@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = {
            "listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.folder,
            "max_connections": 100, "shared_buffers": "64MB", "log_min_messages": "fatal",
        }  # fmt: skip
        command = [str(postgres_binaries() / "postgres"), "-D", str(self.data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, user=self.user, start_new_session=True)
        self.wait()

    def wait(self, seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        command = [str(postgres_binaries() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(command, check=False).returncode != 0:
            if time.monotonic() > until or self.process.poll() is not None:
                raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """As a power cut: the postmaster and all of its children at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def freeze(self) -> None:
        """As a machine that is swapped out: the server still exists and does nothing. `thaw` wakes it."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, number: int) -> None:
        pid = self.process.pid
        os.kill(pid, number)
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), number)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(postgres_binaries() / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, user=self.user, cwd="/", check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {done.stderr}")


class Redis:
    """A server without persistence: what it forgets must not matter."""

    def __init__(self) -> None:
        self.port = free_port()
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        if not program:
            raise RuntimeError("redis-server is not installed")
        command = [program, "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.5):
                return
            time.sleep(0.05)
        raise RuntimeError("redis-server did not start")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(5)


@contextlib.contextmanager
def both() -> Iterator[tuple[Postgres, Redis]]:
    postgres, redis = Postgres(), Redis()
    try:
        postgres.start()
        redis.start()
        yield postgres, redis
    finally:
        redis.stop()
        postgres.stop()


def service_environment(postgres: Postgres, redis: Redis) -> dict[str, str]:
    """The settings of a service: a database, a broker, a long key."""
    return {
        "DATABASE_URL": postgres.url,
        "CELERY_BROKER_URL": redis.url,
        "SECRET_KEY": "for-tests-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
        "PORTAL_REHEARSAL_CLIENT_SECRET": "for-tests-only",
    }


if __name__ == "__main__":
    command = sys.argv[sys.argv.index("--") + 1 :]
    with both() as (own_postgres, own_redis):
        raise SystemExit(
            subprocess.run(
                command, env=os.environ | service_environment(own_postgres, own_redis), check=False
            ).returncode
        )
