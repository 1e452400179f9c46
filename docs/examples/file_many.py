"""File many declarations for many clients through the API, and follow what becomes of them.

    python3 file_many.py --url https://portal.example --credentials credentials.json \
        --declarations to_file.ndjson --journal journal.ndjson

Standard library only. `to_file.ndjson` holds a declaration a line, each with a `functional_reference_id` of your
own. Several are under way at once; what was taken is written to the journal as soon as it is answered, so the same
command goes on where it was stopped, and tries again what was refused. Each request carries a key made from your own
reference: sent again, it files nothing twice.
"""

import argparse
import hashlib
import http.client
import json
import os
import random
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

Json = dict[str, Any]
LONGEST_WAIT = 30.0
IN_FLIGHT = "IDEMPOTENCY_KEY_IN_FLIGHT"
SCOPE_MISSING = "SCOPE_MISSING"  # of no use for any declaration; every other refusal is about one
AT_REST = {"CLEARED", "REJECTED", "CANCELLED"}  # nothing more comes by itself


class Refused(Exception):
    """The portal understood the request and refuses it: sending it again as it stands is of no use."""

    def __init__(self, status: int, problem: Json) -> None:
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')}")
        self.status, self.problem = status, problem


class Portal:
    """Asks the API; waits and asks again where that can help, for at most `patience` seconds a request.

    Any number of threads may ask at once.
    """

    def __init__(self, url: str, client_id: str, client_secret: str, *, patience: float = 300) -> None:
        self.url, self.client_id, self.client_secret, self.patience = (
            url.rstrip("/"),
            client_id,
            client_secret,
            patience,
        )
        self.token, self.over_at, self.repeats = "", 0.0, 0
        self.lock = threading.Lock()

    def ask(self, method: str, path: str, body: Any = None, *, key: str = "") -> Json:
        """The answer as JSON. Raises Refused, and TimeoutError where the portal stays away."""
        until, tries = time.monotonic() + self.patience, 0
        while True:
            wait, reason = 0.0, ""
            try:
                return self._once(method, path, body, key)
            except urllib.error.HTTPError as error:
                problem = _problem(error)
                if error.code == 401:
                    self.over_at, reason = 0.0, "the token is over"
                elif error.code in (429, 502, 503, 504) or problem.get("code") == IN_FLIGHT:
                    wait, reason = float(error.headers.get("Retry-After") or 0), f"answered {error.code}"
                elif error.code == 500 and (key or method == "GET"):
                    reason = "answered 500"
                else:
                    raise Refused(error.code, problem) from None
            except (OSError, http.client.HTTPException, json.JSONDecodeError) as error:  # refused, reset, late, cut off
                reason = repr(error)
            if time.monotonic() > until:
                raise TimeoutError(f"{method} {path}: {reason}, for {self.patience:.0f} seconds")
            tries += 1
            with self.lock:
                self.repeats += 1
            time.sleep(max(wait, min(LONGEST_WAIT, 0.25 * 2 ** min(tries, 8)) * random.uniform(0.5, 1)))

    def _once(self, method: str, path: str, body: Any, key: str) -> Json:
        headers = {"Authorization": f"Bearer {self._token()}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        data = None if body is None else json.dumps(body).encode()
        return _read(urllib.request.Request(f"{self.url}/api/v1/{path}", data, headers, method=method))

    def _token(self) -> str:
        with self.lock:  # one thread asks for a new one, the others wait for it
            if time.monotonic() >= self.over_at:
                form = {
                    "grant_type": "client_credentials", "client_id": self.client_id,
                    "client_secret": self.client_secret,
                }  # fmt: skip
                data = urllib.parse.urlencode(form).encode()
                try:
                    given = _read(urllib.request.Request(f"{self.url}/oauth/token/", data))
                except urllib.error.HTTPError as error:
                    if error.code not in (400, 401):
                        raise
                    raise Refused(error.code, {"code": "TOKEN_REFUSED", "detail": _words(error)}) from None
                self.token, self.over_at = given["access_token"], time.monotonic() + given["expires_in"] - 60
            return self.token


def _read(request: urllib.request.Request) -> Json:
    with urllib.request.urlopen(request, timeout=30) as answer:
        raw = answer.read()
    return json.loads(raw) if raw else {}


def _problem(error: urllib.error.HTTPError) -> Json:
    try:
        return json.loads(error.read() or b"{}")
    except (OSError, http.client.HTTPException, json.JSONDecodeError):
        return {}


def _words(error: urllib.error.HTTPError) -> str:
    told = _problem(error)
    return str(told.get("error_description") or told.get("error") or "the client id or its secret is wrong")


class Journal:
    """What was done, a line each, on the disk before anything else is done."""

    def __init__(self, path: Path) -> None:
        self.taken: dict[str, Json] = {}  # by own reference: the answer of the portal, or the refusal
        self.cursor = 0
        self.states: dict[str, Json] = {}  # by reference: what the feed said last
        for line in _whole_lines(path):
            self._apply(line)
        self.file = path.open("a", encoding="utf-8")
        self.lock = threading.Lock()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def write(self, line: Json) -> None:
        """Keep a line."""
        with self.lock:
            self.file.write(json.dumps(line) + "\n")
            self.file.flush()
            os.fsync(self.file.fileno())
            self._apply(line)

    def _apply(self, line: Json) -> None:
        if "own" in line:
            self.taken[line["own"]] = line
        elif "cursor" in line:
            self.cursor = line["cursor"]
            for reference, state in line["states"].items():
                self.states[reference] = self.states.get(reference, {}) | state


def _whole_lines(path: Path) -> Iterator[Json]:
    """Lines of the journal; a last one that was cut off by a power cut is taken out."""
    raw = path.read_bytes() if path.exists() else b""
    kept = raw[: raw.rfind(b"\n") + 1]
    if kept != raw:
        path.write_bytes(kept)
    yield from map(json.loads, kept.splitlines())


def file_all(portal: Portal, journal: Journal, declarations: Iterator[Json], *, at_once: int = 4) -> None:
    """Each declaration is filed once, so many at the same time; those in the journal are passed over."""
    waiting, turn, stop = _not_yet_filed(journal, declarations), threading.Lock(), threading.Event()

    def work() -> None:
        while not stop.is_set():
            with turn:
                name, declaration = next(waiting, ("", {}))
            if not name:
                return
            try:
                file_one(portal, journal, name, declaration)
            except BaseException:
                stop.set()  # the others finish what they are at, and no more
                raise

    with ThreadPoolExecutor(at_once) as pool:
        hands = [pool.submit(work) for _ in range(at_once)]
        try:
            for one in hands:
                one.result()
        finally:
            stop.set()


def _not_yet_filed(journal: Journal, declarations: Iterator[Json]) -> Iterator[tuple[str, Json]]:
    begun = {own for own, one in journal.taken.items() if "reference" in one}
    for declaration in declarations:
        importer = declaration["parties"]["importer"].get("id", "")
        name = f"{importer}/{declaration['functional_reference_id']}"  # own references are unique for each client
        if name not in begun:
            begun.add(name)
            yield name, declaration


def file_one(portal: Portal, journal: Journal, name: str, declaration: Json) -> None:
    """The declaration is filed, or refused with reasons; the journal says which."""
    # The body is in the key: a mended declaration is another request, the same one sent again is not.
    said = json.dumps(declaration, sort_keys=True).encode()
    key = f"file-{hashlib.sha256(name.encode() + said).hexdigest()[:48]}"
    try:
        answer = portal.ask("POST", "filings", declaration, key=key)
    except Refused as refused:
        if refused.status not in (400, 403, 409, 413, 422) or refused.problem.get("code") == SCOPE_MISSING:
            raise
        journal.write({"own": name, "refused": refused.problem})
    else:
        journal.write({"own": name, "reference": answer["reference"], "total": answer["assessment"]["totals"]["total"]})


def follow(portal: Portal, journal: Journal, *, seconds: float) -> None:
    """Read the feed from the cursor and keep what it says of each declaration, until all are at rest."""
    until = time.monotonic() + seconds
    while True:
        part = portal.ask("GET", f"events?after={journal.cursor}&limit=100")
        states: dict[str, Json] = {}
        for event in part["results"]:
            for change in event["changes"]:
                if change["pointer"] in ("/filing", "/legal"):
                    states.setdefault(event["reference"], {})[change["pointer"][1:]] = change["to"]
        if part["next"] != journal.cursor:
            journal.write({"cursor": part["next"], "states": states})
        elif not open_ones(journal) or time.monotonic() > until:
            return
        else:
            time.sleep(0.5)


def open_ones(journal: Journal) -> list[str]:
    """References of what was filed and is not at rest."""
    filed = [one["reference"] for one in journal.taken.values() if "reference" in one]
    return [one for one in filed if journal.states.get(one, {}).get("legal") not in AT_REST]


def summary(portal: Portal, journal: Journal) -> Json:
    """What became of all of it."""
    filed = {own: one for own, one in journal.taken.items() if "reference" in one}
    refused = {own: one["refused"].get("code") for own, one in journal.taken.items() if "refused" in one}
    legal = Counter(journal.states.get(one["reference"], {}).get("legal", "NONE") for one in filed.values())
    return {
        "filed": len(filed), "refused": refused, "legal": dict(legal), "open": len(open_ones(journal)),
        "clients": len({own.split("/")[0] for own in filed}), "sent_again": portal.repeats, "cursor": journal.cursor,
    }  # fmt: skip


def main(arguments: list[str]) -> int:
    """Exit 0: all was filed and is at rest; 1: something was refused or is open; 2: nothing can go on."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--credentials", type=Path, required=True, help='JSON: {"client_id": …, "client_secret": …}')
    parser.add_argument("--declarations", type=Path, required=True)
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--at-once", type=int, default=4, help="how many are sent at the same time")
    parser.add_argument("--wait", type=float, default=120, help="seconds to follow the feed")
    given = parser.parse_args(arguments)
    credentials = json.loads(given.credentials.read_text())
    portal = Portal(given.url, credentials["client_id"], credentials["client_secret"])
    with Journal(given.journal) as journal, given.declarations.open(encoding="utf-8") as lines:
        try:
            file_all(portal, journal, (json.loads(line) for line in lines if line.strip()), at_once=given.at_once)
            follow(portal, journal, seconds=given.wait)
        except Refused as refused:
            print(f"Stopped: {refused}", file=sys.stderr)
            return 2
        told = summary(portal, journal)
    print(json.dumps(told, indent=2))
    return 0 if not told["refused"] and not told["open"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
