"""A batch beside a sender who waits for each answer, as a broker has them: web server and worker of two processes each.

`python3 -m tests.bench --only batches` on PostgreSQL. The worker serves the queue of the rooms alone, so nothing is
sent to customs meanwhile in either case.
"""

import contextlib
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

from django.db import connection

from tests.bench.load import ROOT, Range, serving, template_of
from tests.bench.meter import median, spread
from tests.bench.report import Row
from tests.support.programs import Program

GROUP = "Batches beside filings one by one, over HTTP (web server and worker of two processes each)"
BAR = 3.0
PATIENCE = 300.0
AT_ONCE = 8  # connections of a sender who does not wait


def rows(*, full: bool, rounds: int) -> list[Row]:
    if connection.vendor != "postgresql":
        return []
    made = []
    for lines in (1, 10) if full else (1,):
        singles, several, batches = _measured(lines, count=1000 if full else 30, rounds=rounds if full else 1)
        ratios = [many / one for one, many in zip(singles, batches, strict=True)]
        what = f"declarations of {lines} lines"
        made += [
            Row(GROUP, f"POST filings, one after the other, {what}", median(singles), "/s", f"rounds {spread(singles)}"),
            Row(GROUP, f"POST filings, {AT_ONCE} at once, {what}", median(several), "/s", f"rounds {spread(several)}"),
            Row(GROUP, f"batch, from its arrival to its end, {what}", median(batches), "/s",
                f"rounds {spread(batches)}"),
            Row(GROUP, f"R5 batch / one after the other, {what}", median(ratios), "x", bar=BAR, at_least=True),
        ]  # fmt: skip
    return made


def _measured(lines: int, *, count: int, rounds: int) -> tuple[list[float], list[float], list[float]]:
    """Declarations a second of each round: one after the other, several at once, in a batch."""
    template = template_of(Program(), lines)
    singles, several, batches = [], [], []
    with serving("portal", "/api/v1/filings", [template]) as place, _worker():
        place.shoot(seconds=1, connections=2)  # first use of everything
        _batch(place, template, 60)
        for _ in range(rounds):
            singles.append(place.shoot(seconds=5 if count > 100 else 1, connections=1).good)
            several.append(place.shoot(seconds=5 if count > 100 else 1, connections=AT_ONCE).good)
            batches.append(_batch(place, template, count))
    return singles, several, batches


def _batch(place: Range, template: dict[str, str], count: int) -> float:
    bodies = [template["body"].replace("@OWN@", f"B{place.next + one:08d}") for one in range(count)]
    place.next += count
    began = time.perf_counter()
    made = _ask(place, template, "POST", "batches?mode=file", "\n".join(bodies).encode(), key=f"batch-{place.next}")
    while time.perf_counter() - began < PATIENCE:
        told = _ask(place, template, "GET", f"batches/{made['reference']}")
        if told["state"] == "DONE":
            if told["filed"] != count:
                raise RuntimeError(f"not all were filed: {told}")
            return count / (time.perf_counter() - began)
        time.sleep(0.05)
    raise RuntimeError("the batch does not end")


def _ask(
    place: Range, template: dict[str, str], method: str, path: str, body: bytes | None = None, key: str = ""
) -> dict:
    headers = {
        "Authorization": f"Bearer {template['token']}", "Content-Type": "application/x-ndjson", "Idempotency-Key": key
    }  # fmt: skip
    request = urllib.request.Request(f"http://127.0.0.1:{place.port}/api/v1/{path}", body, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        told: dict = json.loads(answer.read())
    return told


@contextlib.contextmanager
def _worker() -> Iterator[None]:
    command = [
        sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "-Q", "portal", "--concurrency", "2",
        "--loglevel", "error", "--without-gossip", "--without-mingle",
    ]  # fmt: skip
    worker = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        time.sleep(5)
        yield
    finally:
        worker.terminate()
        worker.wait(30)
