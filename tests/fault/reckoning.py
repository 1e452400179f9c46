"""What must hold in the end, whatever was killed on the way."""

import time

END = ("CLEARED",)

# On SQLite the worker is part of the web process, and there is no broker or database process to kill.
VICTIMS = {"sqlite": ("web", "authority"), "postgresql": ("web", "worker", "authority", "redis", "database")}


def all_at_the_end(stack, acknowledged, seconds=60):
    """Wait until everything acknowledged is at its end; gives what the portal holds."""
    until = time.monotonic() + seconds
    while True:
        held = stack.query("inventory")
        states = {row["reference"]: row["legal"] for row in held["declarations"]}
        open_ones = [ref for ref in acknowledged if states.get(ref) not in END]
        if not open_ones:
            return held
        assert time.monotonic() < until, (len(open_ones), held["outbound"], held["inbound"], stack.log("web"))
        time.sleep(1)


def nothing_lost_nothing_twice(stack, acknowledged, held):
    references = [row["reference"] for row in held["declarations"]]
    assert len(references) == len(set(references))
    assert set(acknowledged) <= set(references)
    at_authority = stack.authority("/admin/declarations")
    wanted = set(acknowledged.values())
    filed = [row["lrn"] for row in at_authority if row["function"] == "9" and row["lrn"] in wanted]
    assert sorted(filed) == sorted(wanted)
    assert all(row["effects"] == 1 for row in at_authority)
    bodies = {}
    for row in stack.authority("/admin/received"):
        if row["lrn"]:
            bodies.setdefault(row["lrn"], set()).add(row["sha256"])
    assert all(len(digests) == 1 for digests in bodies.values()), "a repeat has the same bytes"
    assert set(held["outbound"]) == {"DELIVERED"}
    assert held["trail"] == []
