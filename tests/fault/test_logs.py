"""O08: what all processes wrote down while a declaration was filed: everything needed, nothing secret."""

import contextlib
import json
import re
import sqlite3
from datetime import datetime, timedelta
from itertools import dropwhile
from typing import NamedTuple
from urllib.parse import quote, quote_plus

import pytest

from tests.fault.reckoning import all_at_the_end
from tests.support.pages import Clerk, Filed
from tests.support.stack import Stack

pytestmark = pytest.mark.fault
WRONG = "not my password, mistyped"
FORGED = '%0D%0A{"event": "forged"}'
SECRET_MEMBERS = ("secret", "client_secret", "admin_token", "push_key")
OURS = {"sqlite": ("web",), "postgresql": ("web", "worker", "beat")}


class Story(NamedTuple):
    """One declaration from sign-in to release, and everything that must stay unsaid about it."""

    stack: Stack
    filed: Filed
    submission: str
    secrets: set[str]
    personal: set[str]
    began: dict[str, int]

    def log(self, name):
        """What a process wrote while the story was told."""
        return self.stack.whole_log(name)[self.began[name] :]

    def records(self, name):
        """The same as records. What Celery prints before its first one is passed over; after that every line is one."""
        lines = [line for line in self.log(name).splitlines() if line.strip()]
        return [json.loads(line) for line in dropwhile(lambda line: not line.startswith("{"), lines)]


@pytest.fixture(scope="module")
def story(stack):
    """With a wrong password on the way, and an address that tries to begin a second line."""
    began = {name: len(stack.whole_log(name)) for name in stack.names()}
    made = stack.query("clerks", "1")
    clerk = Clerk(stack.address, email=made["emails"][0], password=made["password"])
    try:
        for password in (WRONG, clerk.password):
            shown = clerk.get("/accounts/login/")
            answer = clerk.send(shown, "/accounts/login/", double=False, login=clerk.email, password=password)
            assert (answer.status_code == 302) is (password != WRONG)
        assert clerk.get(f"/declarations/{FORGED}/").status_code == 404
        filed = clerk.file("LOGS0001")
    finally:
        clerk.http.close()
    all_at_the_end(stack, {filed.reference: filed.lrn})
    (submission,) = [one.correlation_id for one in clerk.asked if one.path.endswith("/submission/")]
    secrets = {WRONG, clerk.password, *clerk.tokens, *of_the_installation(stack)}
    personal = {clerk.email, made["importer_number"], made["importer_number"].replace("-", "")}
    return Story(stack, filed, submission, secrets, personal, began)


def of_the_installation(stack):
    """Its keys, and what it shows to the authority."""
    given = (stack.admin_token, stack.environment.get("SECRET_KEY"))
    found = {one for one in (*given, stack.environment["PORTAL_REHEARSAL_CLIENT_SECRET"]) if one}
    for path in (stack.folder / "keys").iterdir():
        kept = json.loads(path.read_text()) if path.suffix == ".json" else {"secret": path.read_text()}
        found |= {kept[name] for name in SECRET_MEMBERS if name in kept}
    return found


def shapes(secret):
    """As it stands, as an address or a form sends it, and as JSON writes it."""
    return {secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}


def test_logs_hold_no_secret_and_no_personal_number(story):
    assert len(story.secrets) > 8
    for name in story.stack.names():
        text = story.stack.whole_log(name)
        for unsaid in story.secrets | story.personal:
            assert len(unsaid) >= 8, "too short to be found by chance"
            assert not [one for one in shapes(unsaid) if one in text], f"the log of {name} holds {unsaid[:6]}…"
        assert not re.search(r"(?i)bearer [a-z0-9._-]{8}|basic [a-z0-9+/=]{12}|-----BEGIN", text)
    assert story.filed.reference in story.log("web"), "the log is that of this story"


def test_every_line_is_one_record_with_its_moment_in_utc(story):
    for name in OURS[story.stack.engine]:
        for one in story.records(name):
            assert {"event", "level", "timestamp"} <= set(one), one
            assert datetime.fromisoformat(one["timestamp"]).utcoffset() == timedelta(0)
    assert any("forged" in one.get("path", "") for one in story.records("web")), "it stands in the line of its request"


def test_one_id_leads_from_the_request_through_the_worker_to_the_message(story):
    def told(name):
        return [one for one in story.records(name) if one.get("correlation_id") == story.submission]

    (asked,) = [one for one in told("web") if one["event"] == "request"]
    assert (asked["method"], asked["status"]) == ("POST", 302)
    assert asked["path"] == f"/declarations/{story.filed.reference}/submission/"
    worker = "worker" if story.stack.engine == "postgresql" else "web"
    (settled,) = [one for one in told(worker) if one["event"] == "message settled"]
    assert settled["subject"] == story.filed.reference
    with contextlib.closing(sqlite3.connect(story.stack.folder / "authority.sqlite3")) as authority:
        arrived = authority.execute("SELECT message_id FROM received WHERE correlation_id = ?", [story.submission])
        assert arrived.fetchall() == [(settled["message"],)]
