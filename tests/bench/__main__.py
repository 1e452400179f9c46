"""`python3 -m tests.bench`: measures the portal on a database of its own and prints a table; see docs/benchmarks.md."""

import argparse
import contextlib
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m tests.bench", description=__doc__)
    parser.add_argument("--sqlite", action="store_true", help="the embedded engine instead of an own PostgreSQL")
    parser.add_argument("--quick", action="store_true", help="one round and few rows: does it run, not how fast")
    parser.add_argument("--rounds", type=int, default=9, help="interleaved rounds (default 9)")
    parser.add_argument(
        "--only",
        default="",
        help="of filing,api,duty,pages,law,growth,tariff,memory,lookup,batches,load,flood,inbound,queues",
    )
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--profile", type=int, metavar="LINES", help="profile filing at this size instead")
    return parser.parse_args()


@contextlib.contextmanager
def environment(sqlite: bool) -> Iterator[None]:
    """Everything in a folder and a database that are gone afterwards."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-bench-"))
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {"PORTAL_VAR": folder, "PORTAL_LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "portal.settings"}
        if not sqlite:
            from tests.support.services import both, service_environment

            os.environ |= service_environment(*stack.enter_context(both()))
        import django

        django.setup()
        try:
            yield
        finally:
            django.db.connections.close_all()


def prepare_database() -> None:
    from django.conf import settings
    from django.core.management import call_command

    from declarations.tariff.starter import load_starter
    from portal.codes.starter_codes import load_starter_codes
    from portal.readying import settle_memory
    from tests.bench import bare
    from tests.makers import NOW

    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
    call_command("migrate", verbosity=0)
    load_starter_codes()
    load_starter(now=NOW)
    bare.make_tables()
    settle_memory()  # as every server process does


def measure(given: argparse.Namespace) -> list[Any]:
    from tests.bench import (
        api,
        batches,
        batches_served,
        duty,
        filings,
        flood,
        growth,
        inbound,
        law,
        load,
        lookup,
        pages,
        queues,
        resident,
        tariff,
    )

    rounds = 1 if given.quick else given.rounds
    repeats = {1: 1, 10: 1, 100: 1, 999: 1} if given.quick else {1: 5, 10: 5, 100: 2, 999: 1}
    sizes = (100, 1000) if given.quick else (10_000, 1_000_000)
    parts = {
        "filing": lambda: filings.rows(filings.measure(rounds=rounds, repeats=repeats)),
        "api": lambda: api.rows(rounds=rounds),
        "duty": lambda: duty.rows(rounds=rounds),
        "pages": lambda: pages.rows(rounds=rounds),
        "law": lambda: law.rows(filings=2 if given.quick else 40),
        "growth": lambda: growth.rows(sizes=sizes, rounds=rounds),
        "tariff": lambda: tariff.rows(full=not given.quick),
        "memory": lambda: resident.rows(full=not given.quick),
        "lookup": lambda: lookup.rows(full=not given.quick),
        "batches": lambda: [
            *batches.rows(full=not given.quick, rounds=rounds),
            *batches_served.rows(full=not given.quick, rounds=rounds),
        ],  # fmt: skip
        "queues": lambda: queues.rows(full=not given.quick),
        "inbound": lambda: inbound.rows(rounds=rounds),
        "load": lambda: load.rows(full=not given.quick),
        "flood": lambda: flood.rows(full=not given.quick),
    }
    wanted = [name for name in given.only.split(",") if name] or list(parts)
    found = []
    for name in wanted:
        started = time.monotonic()
        found += parts[name]()
        print(f"{name}: measured in {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return found


def about() -> dict[str, Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select version()" if connection.vendor == "postgresql" else "select sqlite_version()")
        version = cursor.fetchone()[0]
    return {
        "command": " ".join(["python3 -m tests.bench", *sys.argv[1:]]), "engine": connection.vendor, "version": version,
        "python": platform.python_version(), "cores": os.cpu_count(), "load": os.getloadavg(),
        "at": time.strftime("%Y-%m-%d %H:%M"),
    }  # fmt: skip


def main() -> None:
    given = arguments()
    with environment(given.sqlite):
        prepare_database()
        if given.profile:
            from tests.bench.profiled import profile

            profile(given.profile)
            return
        from tests.bench.report import as_json, as_text

        before = about()
        rows = measure(given)
        load = ", ".join(f"{one:.1f}" for one in (*before["load"], *os.getloadavg()))
        print(f"{before['command']}: {before['engine']} {before['version'][:20]}, Python {before['python']}, "
              f"{before['cores']} cores, load before and after {load}")  # fmt: skip
        print(as_text(rows))
        if given.json:
            given.json.write_text(as_json(rows, before | {"load_after": os.getloadavg()}))


if __name__ == "__main__":
    main()
