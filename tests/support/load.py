"""Filings over HTTP at a steady rate, whatever the portal answers: sent again with their keys until acknowledged."""

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import NamedTuple

import httpx

from portal.timezones import party_date
from tests.makers import make_document

PATIENCE = 90.0  # seconds for one declaration
AGAIN = (409, 429, 503)


class Heard(NamedTuple):
    """One answer, or what broke instead of it: status 0, the kind of error as its code, its words as its media."""

    at: float
    took: float
    status: int
    code: str
    media: str


class Sender:
    """A program with its token; any number of threads send through it."""

    def __init__(self, address, given, *, connections=100):
        # as many kept as opened: beyond what is kept, a pool closes connections that it has just given to a thread
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        self.http = httpx.Client(base_url=address, timeout=30, limits=limits)
        self.given = given
        form = {key: given[key] for key in ("client_id", "client_secret")} | {"grant_type": "client_credentials"}
        answer = self.http.post("/oauth/token/", data=form)
        self.headers = {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.http.close()

    def document(self, own, **more):
        """A declaration of the program's first client, or of itself."""
        value = make_document("S01", own=own, day=party_date(datetime.now(UTC)), **more)
        value["parties"]["importer"] = self.given["importers"][0]
        if self.given["files_for_others"]:
            value["declarant_statement"]["capacity"] = "agent"
        return value

    def warm(self, count):
        """So many requests at the same moment, which change nothing."""
        with ThreadPoolExecutor(count) as pool:
            asked = [pool.submit(self.http.get, "/api/v1/declarations", headers=self.headers) for _ in range(count)]
        assert {one.result().status_code for one in asked} <= {200, 503}  # 503: more than are taken at once

    def post(self, body, key):
        return self.http.post("/api/v1/filings", json=body, headers={**self.headers, "Idempotency-Key": key})


class OpenLoop:
    """`count` declarations, `rate` a second; some are sent by two threads at the same moment.

    A request that is not acknowledged is sent again with its key: after a broken connection, 409 in flight, 429, 503.
    """

    def __init__(self, sender, *, prefix, count, rate, twice=0.1, seed=1):
        self.sender, self.prefix, self.count, self.rate = sender, prefix, count, rate
        self.heard: list[Heard] = []
        self.references: dict[str, set[str]] = {}  # by own reference, from every 202
        self.first_times: Counter[str] = Counter()  # by own reference: 202 that are no replay
        self.failed: list[str] = []
        luck = random.Random(seed)
        self.twice = {n for n in range(count) if luck.random() < twice}
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.began = time.monotonic()
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.wait()

    def _run(self):
        hands = []
        for n in range(self.count):
            time.sleep(max(0.0, self.began + n / self.rate - time.monotonic()))
            own = f"{self.prefix}{n:04d}"
            body = self.sender.document(own)
            for _ in range(2 if n in self.twice else 1):
                hands.append(threading.Thread(target=self._file, args=(own, body), daemon=True))
                hands[-1].start()
        for one in hands:
            one.join()

    def _file(self, own, body):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            started = time.monotonic()
            try:
                answer = self.sender.post(body, f"key-{own}")
            except httpx.HTTPError as error:
                self._note(Heard(started, time.monotonic() - started, 0, type(error).__name__, str(error)))
                time.sleep(0.2)
                continue
            told = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
            with self.lock:
                if answer.status_code == 202:
                    self.references.setdefault(own, set()).add(told["reference"])
                    self.first_times[own] += "Idempotent-Replayed" not in answer.headers
            media = answer.headers.get("Content-Type", "")
            self._note(Heard(started, time.monotonic() - started, answer.status_code, str(told.get("code", "")), media))
            if answer.status_code == 202:
                return
            if answer.status_code not in AGAIN:
                break
            time.sleep(0.2)
        with self.lock:
            self.failed.append(own)

    def _note(self, heard):
        with self.lock:
            self.heard.append(heard)

    def wait(self):
        self.thread.join(PATIENCE + self.count / self.rate)

    # ---- afterwards ------------------------------------------------------------------------------
    def answers(self):
        """How often each status came; 0 is a broken connection."""
        return Counter(one.status for one in self.heard)

    def longest_gap(self):
        """Seconds between two acknowledgements while there was something to acknowledge."""
        moments = sorted(one.at + one.took for one in self.heard if one.status == 202)
        return max((after - before for before, after in zip(moments, moments[1:], strict=False)), default=0.0)

    def acknowledged(self):
        """Own reference by reference, after the look that each was acknowledged with one reference and no more."""
        assert not self.thread.is_alive()
        assert self.failed == [], self.answers()
        assert set(self.references) == {f"{self.prefix}{n:04d}" for n in range(self.count)}
        assert {own: found for own, found in self.references.items() if len(found) != 1} == {}
        assert max(self.first_times.values()) == 1, "done twice for one key"
        found = {reference: own for own, (reference,) in self.references.items()}
        assert len(found) == self.count
        return found
