"""A server with two workers under load: CPU of a request beside the bare insert, times at half load, what it sheds.

`python3 -m tests.bench --only load` on PostgreSQL. The requests come from a process of their own over loopback, which
shares the machine's cores with the server: rates are this machine's, ratios are what to quote.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection, connections

from tests.bench import bare, filings
from tests.bench.report import Row
from tests.support.programs import Program
from tests.support.services import free_port

ROOT = Path(__file__).resolve().parents[2]
GROUP = "Filing 10 lines over HTTP, two workers, PostgreSQL (CPU ms = web and database processes)"
TICK = os.sysconf("SC_CLK_TCK")
TENANTS = 32


class Shots(NamedTuple):
    """What came of a run: ms of each answer that was good, how many of each status, seconds, CPU ms a request.

    `late` is the p99 of how many ms after its moment a request left: the sender's fault, not the server's.
    """

    times: list[float]
    statuses: dict[int, int]
    seconds: float
    cpu: float
    late: float

    @property
    def good(self) -> float:
        return len(self.times) / self.seconds

    def at(self, part: float) -> float:
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * part))]


class Range:
    """A server and what is sent to it; no reference and no key is used twice."""

    def __init__(self, port: int, server: subprocess.Popen, path: str, templates: list[dict[str, str]]) -> None:
        self.port, self.server, self.path, self.templates = port, server, path, templates
        self.next = 1

    def shoot(
        self, *, seconds: float, connections: int, rate: float = 0, most: int = 6000, tenants: int = 0, skip: int = 0
    ) -> Shots:
        """`rate` a second in an open loop, or as fast as the answers come; of so many tenants, after so many others."""
        count = min(most, int(rate * seconds * 1.3) + 10) if rate else most
        order = {
            "port": self.port, "path": self.path, "templates": self.templates[skip:][: tenants or None], "first": self.next,
            "count": count, "seconds": seconds, "connections": connections, "rate": rate,
        }  # fmt: skip
        self.next += count
        before = cpu_of(self.server.pid)
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.shooter"], input=json.dumps(order), capture_output=True, text=True,
            check=True, cwd=ROOT,
        )  # fmt: skip
        spent, told = cpu_of(self.server.pid) - before, json.loads(done.stdout)
        statuses: dict[int, int] = {}
        for _, status in told["results"]:
            statuses[status] = statuses.get(status, 0) + 1
        good = [took for took, status in told["results"] if status in (201, 202)]
        if not good:
            raise RuntimeError(f"nothing was filed: {statuses}")
        return Shots(good, statuses, told["seconds"], spent / len(good), told["late"])


def rows(*, full: bool) -> list[Row]:
    if connection.vendor != "postgresql":
        return []
    long = 20 if full else 2
    templates = [template_of(Program()) for _ in range(TENANTS)]
    with serving("bare", "/bare/", [{"token": "none", "body": bare.body(10).decode()}]) as place:
        place.templates[0]["body"] = place.templates[0]["body"].replace(*reference_in(place.templates[0]["body"]))
        place.shoot(seconds=1, connections=8)
        plain = place.shoot(seconds=long / 2, connections=8)
    with serving("portal", "/api/v1/filings", templates) as place:
        place.shoot(seconds=3 if full else 1, connections=8)  # first use of everything
        alone = place.shoot(seconds=long / 4, connections=1)
        full_load = place.shoot(seconds=long / 2, connections=8)
        single = place.shoot(seconds=long / 2, connections=8, tenants=1)
        half = place.shoot(seconds=long, connections=64, rate=full_load.good / 2)
        over = place.shoot(seconds=long, connections=400, rate=full_load.good * 1.5)
        after = place.shoot(seconds=long / 4, connections=1)
    return [
        Row(GROUP, "POST filings", full_load.cpu, "ms CPU", f"{full_load.good:.0f}/s with 8 connections"),
        Row(GROUP, "bare DRF insert", plain.cpu, "ms CPU", f"{plain.good:.0f}/s with 8 connections"),
        Row(GROUP, "R1 POST filings / bare DRF insert", full_load.cpu / plain.cpu, "x", bar=2.0),
        Row(GROUP, "alone, p50", alone.at(0.5), "ms", f"p99 {alone.at(0.99):.0f}"),
        Row(GROUP, "at half of saturation, p99", half.at(0.99), "ms",
            f"p50 {half.at(0.5):.0f}, {half.good:.0f}/s, {half.statuses}, sender late by {half.late:.0f} ms (p99)"),
        Row(GROUP, "R4 p99 at half load / p50 alone", half.at(0.99) / alone.at(0.5), "x", bar=10),
        Row(GROUP, "L05 goodput at 1.5 x saturation", over.good / full_load.good, "x", f"{over.statuses}", bar=0.8,
            at_least=True),
        Row(GROUP, "L05 p99 of what is accepted then", over.at(0.99) / 1000, "s",
            f"the sender itself was late by {over.late / 1000:.1f} s (p99)", bar=5),
        Row(GROUP, "alone again afterwards, p50", after.at(0.5), "ms"),
        Row(GROUP, "R13 one tenant / 32 tenants", single.good / full_load.good, "x", bar=0.5, at_least=True),
    ]  # fmt: skip


def template_of(program: Program, lines: int = 10) -> dict[str, str]:
    """A declaration of so many lines whose own reference, and bill, is to be filled in."""
    value = json.loads(filings.payload(program, lines))
    value["functional_reference_id"] = "@OWN@"
    value["transport"]["bills"][0]["house"] = {"issuer": "DEMO", "number": "@OWN@"}
    return {"token": program.token, "body": json.dumps(value)}


def reference_in(body: str) -> tuple[str, str]:
    return json.loads(body)["reference"], "@OWN@"


@contextlib.contextmanager
def serving(what: str, path: str, templates: list[dict[str, str]], *, quota: int = 6_000_000) -> Iterator[Range]:
    """A server with two workers on a free port, on the benchmark's database; each tenant may ask so often a minute."""
    port = free_port()
    own: dict[str, Any] = {"PORTAL_API_QUOTAS": json.dumps({"standard": quota}), "PORTAL_BOOTSTRAPPED": "dev"}
    commands = {
        "portal": [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(port), "--workers", "2"],
        "bare": [
            sys.executable, "-m", "gunicorn", "tests.bench.bare_site:application", "--bind", f"127.0.0.1:{port}",
            "--workers", "2", "--threads", "8", "--worker-class", "gthread", "--log-level", "warning",
        ],
    }  # fmt: skip
    connections.close_all()
    server = subprocess.Popen(commands[what], env=os.environ | own, cwd=ROOT)
    try:
        wait_for(port, server)
        yield Range(port, server, path, templates)
    finally:
        server.terminate()
        server.wait(30)


def wait_for(port: int, server: subprocess.Popen) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
        except urllib.error.HTTPError:
            break
        except OSError:
            time.sleep(0.1)
            continue
        break
    else:
        raise RuntimeError("the server did not start")
    time.sleep(3)  # what is made ready a second after the start is ready


def cpu_of(pid: int) -> float:
    """Milliseconds of CPU of the server's processes and of its database's, so far."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        postmaster = _stat(cursor.fetchone()[0])[1]
    found = 0.0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                spent, parent, of_children = _stat(int(entry.name))
                if pid in (parent, int(entry.name)) or postmaster in (parent, int(entry.name)):
                    found += spent + (of_children if int(entry.name) == postmaster else 0)
    return found


def _stat(pid: int) -> tuple[float, int, float]:
    """CPU in ms, parent, and CPU of children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own, ended = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
    return own * 1000 / TICK, int(fields[1]), ended * 1000 / TICK
