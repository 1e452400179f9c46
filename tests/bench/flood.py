"""One tenant sends far more than its quota: how much longer do the others wait?

`python3 -m tests.bench --only flood` on PostgreSQL. Both sides come from this machine, which the server shares with them.
"""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from tests.bench.load import Shots, serving, template_of
from tests.bench.report import Row
from tests.support.programs import Program

GROUP = "A neighbour that floods (filings of 10 lines over HTTP, two workers, PostgreSQL)"
QUOTA = 600  # a minute: what an organization of the standard tier may ask
PER_SECOND = QUOTA / 60
USUAL = 5.0  # filings a second of the one who keeps to it


def rows(*, full: bool) -> list[Row]:
    if connection.vendor != "postgresql":
        return []
    long = 30 if full else 2
    templates = [template_of(Program()) for _ in range(3)]
    made = []
    with serving("portal", "/api/v1/filings", templates, quota=QUOTA) as place, ThreadPoolExecutor(1) as aside:

        def usual() -> Shots:
            return place.shoot(seconds=long, connections=8, rate=USUAL, tenants=1)

        place.shoot(seconds=2, connections=4, rate=PER_SECOND, tenants=1)  # first use of everything
        alone = usual()
        made.append(Row(GROUP, "without a flood, p99", alone.at(0.99), "ms", f"p50 {alone.at(0.5):.0f}"))
        for tenant, times in ((1, 2), (2, 10)):
            rate = PER_SECOND * times
            flood = aside.submit(place.shoot, seconds=long, connections=32, rate=rate, tenants=1, skip=tenant)
            beside = usual()
            told = f"p50 {beside.at(0.5):.0f}, {beside.statuses}; the flood got {flood.result().statuses}"
            made += [
                Row(GROUP, f"beside {times} times the quota, p99", beside.at(0.99), "ms", told),
                Row(GROUP, f"A06 p99 beside {times} times the quota / without", beside.at(0.99) / alone.at(0.99), "x",
                    bar=1.5),
            ]  # fmt: skip
    return made
