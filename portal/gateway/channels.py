"""Ways to reach an authority. A channel sends bytes, asks by local reference, and fetches answers.

What counts as what: a refused connection means that nothing was sent; a 4xx is final; a time-out, a
reset or a 5xx after the body went out leaves the outcome unknown, and then the authority is asked
before anything is sent again.
"""

import threading
import time
from dataclasses import dataclass
from typing import Any

import httpx
import structlog
from django.conf import settings

log = structlog.get_logger(__name__)

DELIVERED = "DELIVERED"
REFUSED = "REFUSED"
UNKNOWN = "UNKNOWN"
RETRY = "RETRY"
FOUND = "FOUND"
NOT_FOUND = "NOT_FOUND"
NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
MAX_ANSWER_BYTES = 5_000_000


@dataclass(frozen=True)
class Receipt:
    """What came of one try: outcome, HTTP status, words, and how long it took."""

    outcome: str
    status_code: int | None = None
    text: str = ""
    conversation_id: str = ""
    retry_after_seconds: float | None = None
    duration_ms: int = 0


class ChannelDown(Exception):
    """The authority cannot be reached or does not answer as it should; in silence it does not answer at all."""

    is_silence = False


def _silence(words: str) -> ChannelDown:
    down = ChannelDown(words)
    down.is_silence = True
    return down


class NoClock(Exception):
    """The authority has no clock that we may move."""


class Channel:
    """HTTPS with client credentials, a pull queue and a question by local reference (docs/wire.md)."""

    def __init__(self, name: str, options: dict[str, Any]) -> None:
        self.name = name
        self.options = options
        self.authority: str = options["authority"]
        self.label: str = options.get("label", name)
        self.mode: str = options.get("mode", "pull")
        self.timeout: float = options.get("timeout_seconds", 30)
        self.lease: float = options.get("lease_seconds", 40)
        self.ask_interval: float = options.get("ask_interval_seconds", 120)
        self.rest: float = options.get("rest_seconds", self.ask_interval)  # after silence
        self.backoff_base: float = options.get("backoff_base_seconds", 1.0)
        self.backoff_max: float = options.get("backoff_max_seconds", 5.0 if name == "rehearsal" else 300.0)
        self.give_up_after: float = options.get("give_up_after_seconds", 24 * 3600)
        self._client: httpx.Client | None = None
        self._token = ""
        self._token_until = self._token_failed = 0.0
        self._lock = threading.Lock()

    def send(self, *, body: bytes, reference: str, correlation_id: str) -> Receipt:
        """Hand over one message. Never raises; the receipt says what is known."""
        headers = {
            "Content-Type": "application/xml", "X-Message-ID": reference, "X-Correlation-ID": correlation_id,
        }  # fmt: skip
        started = time.monotonic()
        try:
            answer = self._request("POST", "/declarations", content=body, headers=headers)
        except (*NOTHING_SENT, ChannelDown) as error:
            return Receipt(RETRY, text=_words(error), duration_ms=_since(started))
        except httpx.HTTPError as error:
            return Receipt(UNKNOWN, text=_words(error), duration_ms=_since(started))
        return _receipt(answer, _since(started))

    def ask(self, *, local_reference: str) -> Receipt:
        """Does the authority have the message with this local reference? FOUND, NOT_FOUND, or UNKNOWN."""
        started = time.monotonic()
        try:
            answer = self._request("GET", "/declarations", params={"lrn": local_reference})
        except (httpx.HTTPError, ChannelDown) as error:
            return Receipt(UNKNOWN, text=_words(error), duration_ms=_since(started))
        took = _since(started)
        if answer.status_code == 404:
            return Receipt(NOT_FOUND, 404, "no such message", duration_ms=took)
        try:
            conversation = str(answer.json().get("conversation_id", ""))[:64] if answer.status_code == 200 else ""
        except ValueError:
            conversation = ""
        if not conversation:
            return Receipt(UNKNOWN, answer.status_code, _excerpt(answer), duration_ms=took)
        return Receipt(FOUND, 200, "the authority has it", conversation, duration_ms=took)

    def list_waiting(self, limit: int = 100) -> list[str]:
        """Ids of answers waiting for us, oldest first. Raises ChannelDown."""
        answer = self._checked("GET", "/notifications/unpulled", params={"limit": limit})
        try:
            return [str(row["id"]) for row in answer.json()["notifications"]]
        except (ValueError, KeyError, TypeError) as error:
            raise ChannelDown(f"the list of answers cannot be read: {error}") from error

    def fetch(self, external_id: str) -> tuple[bytes, str] | None:
        """An answer's bytes and conversation id; None where the authority no longer has it. Raises ChannelDown."""
        answer = self._checked("GET", f"/notifications/{external_id}", allow=(404,))
        if answer.status_code == 404:
            return None
        return answer.content[: MAX_ANSWER_BYTES + 1], answer.headers.get("X-Conversation-ID", "")[:64]

    def confirm(self, external_id: str) -> None:
        """Tell the authority that the answer is stored on our side. Raises ChannelDown."""
        self._checked("PUT", f"/notifications/{external_id}/pulled", allow=(404,))

    def advance_clock(self, seconds: int) -> str:
        """The clock of a rehearsal authority is so many seconds ahead; gives its time. Raises NoClock, ChannelDown."""
        token = str(self.options.get("admin_token", ""))
        if not token:
            raise NoClock(f"nobody moves the clock of {self.label}")
        given, headers = {"advance_seconds": seconds}, {"X-Admin-Token": token}
        try:
            answer = self._http().post("/admin/clock", json=given, headers=headers)
            if answer.status_code == 200:
                return str(answer.json()["now"])
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise ChannelDown(_words(error)) from error
        raise ChannelDown(f"HTTP {answer.status_code}: {_excerpt(answer)}")

    def _checked(self, method: str, path: str, *, allow: tuple[int, ...] = (), **rest: Any) -> httpx.Response:
        try:
            answer = self._request(method, path, **rest)
        except httpx.HTTPError as error:
            raise _silence(_words(error)) from error
        if answer.status_code >= 300 and answer.status_code not in allow:
            raise ChannelDown(f"HTTP {answer.status_code}: {_excerpt(answer)}")
        return answer

    def _request(self, method: str, path: str, *, headers: dict[str, str] | None = None, **rest: Any) -> httpx.Response:
        """One request with our token; a 401 refreshes the token once."""
        for fresh in (False, True):
            bearer = {"Authorization": f"Bearer {self._token_now(fresh)}"}
            answer = self._http().request(method, path, headers={**(headers or {}), **bearer}, **rest)
            if answer.status_code != 401 or fresh:
                return answer
        return answer

    def _token_now(self, fresh: bool) -> str:
        """One caller refreshes, the others wait, and share its failure: each on its own would wait once more."""
        asked = time.monotonic()
        with self._lock:
            if self._token_failed > asked:
                raise _silence("no token: another try of the same moment failed")
            if fresh or time.monotonic() >= self._token_until:
                data = {
                    "grant_type": "client_credentials",
                    "client_id": self.options["client_id"],
                    "client_secret": self.options["client_secret"],
                }
                try:
                    answer = self._http().post("/oauth/token", data=data)
                except httpx.HTTPError as error:  # the message itself has not been sent yet
                    self._token_failed = time.monotonic()
                    raise _silence(_words(error)) from error
                if answer.status_code != 200:
                    raise ChannelDown(f"no token: HTTP {answer.status_code}")
                self._token = answer.json()["access_token"]
                self._token_until = time.monotonic() + 0.8 * float(answer.json().get("expires_in", 300))
            return self._token

    def _http(self) -> httpx.Client:
        if self._client is None:
            limits = httpx.Limits(max_connections=20, max_keepalive_connections=8, keepalive_expiry=2.0)
            self._client = httpx.Client(
                base_url=self.options["base_url"], timeout=self.timeout, limits=limits, follow_redirects=False
            )
        return self._client


_channels: dict[str, Channel] = {}
_channels_lock = threading.Lock()


def channel(name: str) -> Channel:
    """The channel of this name, one a process. Raises KeyError for a name that settings do not have."""
    with _channels_lock:
        options = settings.CHANNELS[name]
        known = _channels.get(name)
        if known is None or known.options != options:
            known = _channels[name] = Channel(name, dict(options))
        return known


def _receipt(answer: httpx.Response, took: int) -> Receipt:
    status = answer.status_code
    if status == 202:
        conversation = answer.headers.get("X-Conversation-ID", "")[:64]
        return Receipt(DELIVERED, status, "taken over", conversation, duration_ms=took)
    wait = _retry_after(answer)
    if status == 429 or (status == 503 and wait is not None) or status == 401:
        return Receipt(RETRY, status, _excerpt(answer), retry_after_seconds=wait, duration_ms=took)
    if 400 <= status < 500:
        return Receipt(REFUSED, status, _excerpt(answer), duration_ms=took)
    return Receipt(UNKNOWN, status, _excerpt(answer), duration_ms=took)


def _retry_after(answer: httpx.Response) -> float | None:
    try:
        return max(0.0, min(3600.0, float(answer.headers["Retry-After"])))
    except (KeyError, ValueError):
        return None


def _excerpt(answer: httpx.Response) -> str:
    return " ".join(answer.text[:2000].split())[:400]


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:400]


def _since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)
