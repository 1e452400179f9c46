"""Where the time of filing goes, function by function."""

import cProfile
import pstats

from tests.bench.filings import keep, payload, prepare, sign, submit
from tests.makers import make_actor

TIMES = {1: 40, 10: 40, 100: 10, 999: 2}


def profile(lines: int) -> None:
    """Profiles of prepare, sign and submit, by own and by cumulated time, in ms for one declaration."""
    actor = make_actor()
    times = TIMES.get(lines, 5)
    warm = keep(actor, payload(actor, lines))
    version = prepare(actor, warm)
    sign(actor, version)
    submit(actor, version)
    profiles = {name: cProfile.Profile() for name in ("prepare", "sign", "submit")}
    for _ in range(times):
        fresh = make_actor()
        draft = keep(fresh, payload(fresh, lines))
        version = profiles["prepare"].runcall(prepare, fresh, draft)
        profiles["sign"].runcall(sign, fresh, version)
        profiles["submit"].runcall(submit, fresh, version)
    for name, one in profiles.items():
        print(f"== {name}, {lines} lines, {times} times (totals over all of them, seconds)")
        stats = pstats.Stats(one)
        stats.sort_stats("cumulative").print_stats(45)
        stats.sort_stats("tottime").print_stats(25)
