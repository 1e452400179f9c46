"""F09: an authority that answers with codes nobody knows, with garbage and with 5xx: nothing is dropped in silence."""

import contextlib
import json
import re
import sqlite3

import httpx
import pytest

from tests.fault.reckoning import all_at_the_end, nothing_lost_nothing_twice
from tests.fault.test_kills import Filer

pytestmark = pytest.mark.fault
FAULTS = {"unknown": 0.2, "garbage": 0.2, "error_5xx": 0.3, "seed": 5}
COUNT = 30


def given_by(stack, prefix):
    """What the authority gave out about these filings: by id, which layout, and which function codes."""
    with contextlib.closing(sqlite3.connect(stack.folder / "authority.sqlite3")) as authority:
        rows = authority.execute(
            "SELECT id, layout, parts FROM answers WHERE state = 'given' AND pulled_at IS NOT NULL AND lrn LIKE ?",
            [f"{prefix}%"],
        ).fetchall()
    return {row[0]: (row[1], {one["part"]["function"] for one in json.loads(row[2])}) for row in rows}


def measured(stack, name):
    """A figure of the metrics page."""
    text = httpx.get(f"{stack.address}/metrics", timeout=10).text
    return float(re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)[1])


def test_rubbish_is_kept_with_its_reason_and_all_filings_reach_their_end(stack):
    worker = "worker" if stack.engine == "postgresql" else "web"
    before = len(stack.whole_log(worker))
    stack.authority("/admin/faults", FAULTS)
    filer = Filer(stack, count=COUNT, prefix="RUBB", pause=0)
    filer.go()
    filer.finish()
    held = all_at_the_end(stack, filer.acknowledged, seconds=90)
    nothing_lost_nothing_twice(stack, filer.acknowledged, held)

    stack.authority("/admin/faults", {})
    given, found = given_by(stack, "RUBB"), stack.query("answers")
    garbage = {one for one, (layout, _) in given.items() if layout == "garbage"}
    unknown = {one for one, (_, codes) in given.items() if "77" in codes}
    assert garbage and unknown, "the faults struck"
    assert any(row["outcome"].startswith("turned away") for row in stack.authority("/admin/received"))
    assert set(given) <= set(found["held"]), "every answer that was fetched is kept"
    assert {found["held"][one][0] for one in garbage} == {"FAILED"}
    assert all(found["held"][one][1] for one in garbage), "with a reason"
    assert {found["held"][one][0] for one in set(given) - garbage} == {"APPLIED"}
    assert unknown <= set(found["unlisted"])
    asked = {subject for subject, _ in found["tasks"]}
    assert {found["unlisted"][one] for one in unknown} <= asked, "a person is asked to read each"

    failed = sum(state == "FAILED" for state, _ in found["held"].values())
    assert measured(stack, 'portal_inbound_messages{state="FAILED"}') == failed >= len(garbage)
    still_open = sum(state == "OPEN" for _, state in found["tasks"])
    assert measured(stack, "portal_answers_to_read") == still_open
    assert "Traceback" not in stack.whole_log(worker)[before:], "no task failed"
