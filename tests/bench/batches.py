"""A batch beside filings one by one: declarations a second, and the memory of a process that works on one.

`python3 -m tests.bench --only batches --sqlite`. One by one means POST filings with a test client in this process;
the batch is worked on in this process by what the worker calls. Memory is measured in a child that does nothing else.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from declarations.models import Batch
from declarations.services import batch_work
from tests.bench.meter import median, spread
from tests.bench.report import Row
from tests.bench.resident import resident
from tests.support.programs import Program, own_document
from tests.support.tables import NDJSON, as_ndjson

GROUP = "Batches beside filings one by one"
ROOT = Path(__file__).resolve().parents[2]
CHILD = "import sys, django; django.setup(); from tests.bench.batches import child; child(int(sys.argv[1]))"
BAR = 3.0


def rows(*, full: bool, rounds: int) -> list[Row]:
    settings.API_QUOTA_BY_TIER = '{"standard": 6000000}'
    count = 200 if full else 20
    made = []
    for lines in (1, 10) if full else (1,):
        singles, batches, cpu = [], [], []
        for _ in range(rounds):
            one, one_cpu = _timed(count, _one_by_one(count, lines))
            all_, all_cpu = _timed(count, _batch(count, lines))
            singles.append(one)
            batches.append(all_)
            cpu.append(one_cpu / all_cpu)
        what = f"declarations of {lines} lines"
        ratios = [many / one for one, many in zip(singles, batches, strict=True)]
        made += [
            Row(GROUP, f"POST filings, {what}", median(singles), "/s", f"rounds {spread(singles)}"),
            Row(GROUP, f"batch, {what}", median(batches), "/s", f"rounds {spread(batches)}"),
            Row(
                GROUP,
                f"R5 batch / POST filings, {what}",
                median(ratios),
                "x",
                f"of CPU {median(cpu):.2f}",
                bar=BAR,
                at_least=True,
            ),
        ]
    sizes = (500, 2000) if full else (20, 40)
    for size in sizes:
        _send(size, 1)
    few, many = (_child(size) for size in sizes)
    made += [
        Row(GROUP, f"highest memory while working on {size}", told["highest"], "MB", f"at rest {told['before']:.0f}")
        for size, told in zip(sizes, (few, many), strict=True)
    ]
    made.append(
        Row(GROUP, f"memory, {sizes[1]} / {sizes[0]} declarations", many["highest"] / few["highest"], "x", bar=1.05)
    )
    return made


def _timed(count: int, ready: Callable[[], None]) -> tuple[float, float]:
    """Declarations a second by the clock, and CPU seconds; what was made ready before is not counted."""
    begin, cpu = time.perf_counter(), time.process_time()
    ready()
    return count / (time.perf_counter() - begin), time.process_time() - cpu


def _documents(program: Program, count: int, lines: int) -> list[dict]:
    tag = program.organization.reference[1:6]
    made = [own_document(program, "S01", own=f"{tag}{place:06d}", lines=lines) for place in range(count)]
    for one in made:  # each its own shipment
        one["transport"]["bills"][0]["house"] = {"issuer": "DEMO", "number": one["functional_reference_id"]}
    return made


def _one_by_one(count: int, lines: int) -> Callable[[], None]:
    program = Program()
    bodies = [json.dumps(one).encode() for one in _documents(program, count, lines)]

    def work() -> None:
        for body in bodies:
            answer = program.file(body)
            if answer.status_code != 202:
                raise RuntimeError(answer.content)

    return work


def _send(count: int, lines: int) -> str:
    program = Program()
    body = as_ndjson(_documents(program, count, lines))
    return str(program.ask("POST", "batches", body, key="bench", media=NDJSON).json()["reference"])


def _batch(count: int, lines: int) -> Callable[[], None]:
    reference = _send(count, lines)

    def work() -> None:
        run(reference)

    return work


def run(reference: str) -> None:
    """What the worker does, until the batch is done."""
    held = batch_work.claim(now=timezone.now())
    if held is None or held.batch.reference != reference:
        raise RuntimeError("another batch waits")
    while batch_work.work(held, now=timezone.now()):
        pass
    held.lines.close()
    done = Batch.objects.get(reference=reference)
    if done.accepted != done.rows:
        raise RuntimeError(f"{done.refused} of {done.rows} were refused")


def _child(size: int) -> dict[str, float]:
    command = [sys.executable, "-c", CHILD, str(size)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def child(size: int) -> None:
    """Works on the batch of this size that waits, and prints its memory before and at the most."""
    reference = Batch.objects.exclude(state="DONE").get(rows=size).reference
    Batch.objects.exclude(reference=reference).update(worked_at=timezone.now())
    before = resident()["resident"]
    run(reference)
    print(json.dumps({"before": before, **resident()}))
