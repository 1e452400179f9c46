"""Calls to addresses that customers give us: one POST to a checked address, and no way into our own network.

A name is looked up when the connection is made, every address it has is checked, and the connection goes to
one of those very addresses: a name that says something else a moment later (DNS rebinding) gains nothing.
Nothing is followed, little is read, and all of it together has a time limit.
"""

import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpcore
import httpx
from django.conf import settings

from portal.errors import DomainError

TIMEOUT = 5.0
ALTOGETHER = 15.0
MAX_ANSWER_BYTES = 64 * 1024
MAX_URL = 500
HTTPS_PORT = 443
FIRST_FREE_PORT = 1024  # below stand the well-known services, which are not ours to talk to
LAST_PORT = 65_535
HOST = re.compile(rb"[A-Za-z0-9._:-]+")
# Networks that count as global and lead inside all the same: translations of IPv4, and a cloud's own services.
ALSO_INSIDE = tuple(
    ipaddress.ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "168.63.129.16/32")
)
FAILURES = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError)


class AddressRefused(DomainError):
    """The portal does not call this address: its form, its name or where the name leads is not allowed."""

    code = "ADDRESS_REFUSED"
    status = 422


@dataclass(frozen=True)
class Answer:
    """What came of one call: the status where there was one, words where it failed, and how long it took."""

    status: int | None = None
    why: str = ""
    duration_ms: int = 0
    retry_after: float | None = None

    @property
    def is_taken(self) -> bool:
        """The receiver has it."""
        return self.status is not None and 200 <= self.status < 300


def check(text: str) -> str:
    """The address as we keep it, where we would call it now. Looks its name up. Raises AddressRefused."""
    url = _read(text)
    _resolve(url.raw_host.decode("ascii"), url.port or HTTPS_PORT)
    return str(url)


def post(address: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send once. Never raises; what happened is in the answer. Call it outside of any transaction."""
    started = time.monotonic()
    try:
        status, text, wait = _send(_read(address), body, headers, started + ALTOGETHER)
    except AddressRefused as error:
        return Answer(None, str(error), _since(started))
    except FAILURES as error:
        return Answer(None, f"{type(error).__name__}: {error}"[:300], _since(started))
    why = "" if 200 <= status < 300 else _words(status, text)
    return Answer(status, why, _since(started), wait)


def _read(text: str) -> httpx.URL:
    """The address taken apart once, by the reader that the call uses too."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise AddressRefused("This is not an address. Write it like https://example.com/hook.") from error
    if url.scheme != "https" and not (url.scheme == "http" and settings.WEBHOOKS_ALLOW_PRIVATE):
        raise AddressRefused("Give an address that begins with https://.")
    if len(str(url)) > MAX_URL or not url.host or url.fragment:
        raise AddressRefused("Write the address like https://example.com/hook, without a # part.")
    if not HOST.fullmatch(url.raw_host) or (url.port or 0) > LAST_PORT:
        raise AddressRefused("The name in this address cannot be right. Write it like https://example.com/hook.")
    if url.userinfo:
        raise AddressRefused("Leave user name and password out of the address.")
    allowed = url.port in (None, HTTPS_PORT) or (url.port or 0) >= FIRST_FREE_PORT
    if not allowed and not settings.WEBHOOKS_ALLOW_PRIVATE:
        raise AddressRefused("Use port 443, or one from 1024 up.")
    return url


def _resolve(host: str, port: int) -> list[str]:
    """The addresses of the name, all of them allowed. Raises AddressRefused."""
    found: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found.put(_look_up(host, port))
        except (OSError, UnicodeError) as error:
            found.put(error)

    threading.Thread(target=ask, daemon=True).start()  # a look-up has no time limit of its own
    try:
        answer = found.get(timeout=TIMEOUT)
    except queue.Empty as error:
        raise AddressRefused(f"The name {host} could not be looked up in time.") from error
    if isinstance(answer, Exception) or not answer:
        raise AddressRefused(f"The name {host} is not known.")
    if not all(_is_outside(one) for one in answer):
        raise AddressRefused(f"{host} leads to an address that is not public. The portal calls public addresses only.")
    return answer


def _look_up(host: str, port: int) -> list[str]:
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


def _is_outside(text: str) -> bool:
    """A public address; with WEBHOOKS_ALLOW_PRIVATE one of this machine or its network too."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if address.is_multicast or address.is_unspecified or address.is_link_local:
        return False
    if settings.WEBHOOKS_ALLOW_PRIVATE:
        return True
    if isinstance(address, ipaddress.IPv6Address) and (address.ipv4_mapped or address.teredo or address.is_site_local):
        return False
    return address.is_global and not address.is_reserved and not any(address in one for one in ALSO_INSIDE)


class _Checked(httpcore.NetworkBackend):
    """Connects to what the name is found to be, after the check, and never beyond the time limit."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._real = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        last: Exception = httpcore.ConnectError("no address")
        for address in _resolve(host, port):
            try:
                stream = self._real.connect_tcp(address, port, _left(self._deadline), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
            else:
                return _Timed(stream, self._deadline)
        raise last

    def sleep(self, seconds: float) -> None:
        self._real.sleep(seconds)


class _Timed(httpcore.NetworkStream):
    """A connection whose every step has at most the time that is left."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline))
        return _Timed(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("all together took too long")
    return min(TIMEOUT, left)


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _send(url: httpx.URL, body: bytes, headers: Mapping[str, str], deadline: float) -> tuple[int, bytes, float | None]:
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    sent = [(b"Host", url.netloc), *((name.encode(), value.encode()) for name, value in headers.items())]
    with (
        httpcore.ConnectionPool(ssl_context=_certificates(), network_backend=_Checked(deadline)) as pool,
        pool.stream("POST", target, headers=sent, content=body) as answer,
    ):
        text = bytearray()
        if 200 <= answer.status < 300:  # taken; what else is said does not matter
            return answer.status, b"", None
        for part in answer.iter_stream():
            text += part
            if len(text) >= MAX_ANSWER_BYTES:
                break
        return answer.status, bytes(text[:MAX_ANSWER_BYTES]), _retry_after(answer.headers)


def _retry_after(headers: Iterable[tuple[bytes, bytes]]) -> float | None:
    for name, value in headers:
        if name.lower() == b"retry-after" and value.isdigit():
            return float(min(int(value[:9]), 3600))
    return None


def _words(status: int, text: bytes) -> str:
    """The status and the beginning of what was answered, in characters that can be shown and stored."""
    said = "".join(one if one.isprintable() else " " for one in text[:1000].decode("utf-8", "replace"))
    moved = " Redirects are not followed." if 300 <= status < 400 else ""
    return f"HTTP {status}.{moved} {' '.join(said.split())[:200]}".strip()


def _since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)
