"""The doors of the authority: HTTP on loopback, one short function for each call of the wire."""

import http.server
import logging
import re
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from portal.rehearsal.administration import BadRequestError, administer
from portal.rehearsal.authority import Authority
from portal.rehearsal.clock import SECOND, iso
from portal.rehearsal.office import Arrival, Receipt
from portal.rehearsal.reading import LARGEST
from portal.rehearsal.replies import Reply, error, json_reply

log = logging.getLogger("portal.rehearsal")
MOST_LISTED = 1000
DRAINED = 3 * LARGEST


class Server(http.server.ThreadingHTTPServer):
    """Listens for one authority."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        super().__init__((authority.settings.host, authority.settings.port), Handler)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"


@dataclass
class Call:
    """One request, read whole."""

    authority: Authority
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    client: str = ""
    found: tuple[str, ...] = field(default=())

    @property
    def token(self) -> str:
        """The bearer token that came with it."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else ""


def issue_token(call: Call) -> Reply:
    """A bearer token for client credentials."""
    form = parse_qs(call.body.decode("utf-8", "replace"))
    if form.get("grant_type") != ["client_credentials"]:
        return json_reply({"error": "unsupported_grant_type"}, HTTPStatus.BAD_REQUEST)
    client, secret = form.get("client_id", [""])[0], form.get("client_secret", [""])[0]
    token = call.authority.issue_token(client, secret)
    if token is None:
        return json_reply({"error": "invalid_client"}, HTTPStatus.UNAUTHORIZED)
    return json_reply({"access_token": token, "token_type": "Bearer", "expires_in": 3600})


def file_message(call: Call) -> Reply:
    """A message is taken, or the door says why not."""
    if call.authority.over_limit(call.client):
        return _turned_away(HTTPStatus.TOO_MANY_REQUESTS, 1)
    arrival = Arrival(
        client=call.client,
        message_id=call.headers.get("x-message-id", "")[:100],
        correlation_id=call.headers.get("x-correlation-id", "")[:100],
        content_type=call.headers.get("content-type", ""),
        body=call.body,
    )
    if call.headers.get("content-encoding", "identity") != "identity":
        return error(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", "The body must not be compressed.")
    receipt = call.authority.office.take(arrival)
    wait = call.authority.faults.slow_milliseconds() + (call.authority.settings.slow if receipt.turn.slow else 0)
    time.sleep(wait / SECOND)
    return _say(call, receipt)


def ask(call: Call) -> Reply:
    """Whether a message with this local reference is here."""
    row = call.authority.office.ask(call.client, call.query.get("lrn", [""])[0])
    if row is None:
        return error(HTTPStatus.NOT_FOUND, "NOT_FOUND", "No message with this local reference is here.")
    return json_reply(
        {
            "lrn": row["lrn"],
            "conversation_id": row["conversation_id"],
            "mrn": row["number"],
            "received_at": iso(row["received_at"]),
            "sha256": row["sha256"],
        }
    )


def list_unpulled(call: Call) -> Reply:
    """The answers that wait for the client."""
    limit = call.query.get("limit", ["100"])[0]
    count = min(int(limit), MOST_LISTED) if re.fullmatch(r"[1-9]\d{0,5}", limit) else 100
    rows = call.authority.outbox.unpulled(call.client, count)
    return json_reply({"notifications": [{"id": row["id"], "conversation_id": row["conversation_id"]} for row in rows]})


def read_notification(call: Call) -> Reply:
    """One answer."""
    row = call.authority.outbox.given(call.client, call.found[0])
    if row is None:
        return error(HTTPStatus.NOT_FOUND, "NOT_FOUND", "No such notification.")
    headers = {"X-Conversation-ID": row["conversation_id"], "X-Notification-ID": row["id"]}
    return Reply(HTTPStatus.OK, row["body"], headers=headers)


def mark_pulled(call: Call) -> Reply:
    """The client has stored the answer."""
    if call.authority.outbox.pulled(call.client, call.found[0]):
        return Reply(HTTPStatus.NO_CONTENT)
    return error(HTTPStatus.NOT_FOUND, "NOT_FOUND", "No such notification.")


ROUTES: tuple[tuple[str, re.Pattern[str], Callable[[Call], Reply], bool], ...] = (
    ("POST", re.compile(r"/oauth/token"), issue_token, False),
    ("POST", re.compile(r"/declarations"), file_message, True),
    ("GET", re.compile(r"/declarations"), ask, True),
    ("GET", re.compile(r"/notifications/unpulled"), list_unpulled, True),
    ("GET", re.compile(r"/notifications/([0-9a-f]{32})"), read_notification, True),
    ("PUT", re.compile(r"/notifications/([0-9a-f]{32})/pulled"), mark_pulled, True),
    ("GET", re.compile(r"/healthz"), lambda _: json_reply({"status": "up"}), False),
)


def answer(call: Call) -> Reply:
    """The reply to any request."""
    if call.path.startswith("/admin/"):
        try:
            return administer(call.authority, call.method, call.path, call.headers, call.body)
        except BadRequestError as problem:
            return json_reply({"error": str(problem)}, HTTPStatus.BAD_REQUEST)
    known = [
        (method, found, door, closed) for method, form, door, closed in ROUTES if (found := form.fullmatch(call.path))
    ]
    if not known:
        return error(HTTPStatus.NOT_FOUND, "NOT_FOUND", "No such address.")
    for method, found, door, closed in known:
        if method == call.method:
            call.found = found.groups()
            call.client = (call.authority.client_of(call.token) or "") if closed else ""
            if closed and not call.client:
                return _unauthorized()
            return door(call)
    return error(HTTPStatus.METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "This address does not know the method.")


def _say(call: Call, receipt: Receipt) -> Reply:
    turn = receipt.turn
    if receipt.findings:
        return error(HTTPStatus.BAD_REQUEST, "BAD_REQUEST", "The message has a wrong structure.", receipt.findings)
    if turn.dropped:
        return Reply(HTTPStatus.OK, dropped=True)
    if turn.token_ends:
        call.authority.end_token(call.token)
        return _unauthorized()
    if turn.page:
        return Reply(HTTPStatus(turn.status), turn.page.encode(), "text/html; charset=utf-8")
    if turn.status != HTTPStatus.ACCEPTED:
        return _turned_away(HTTPStatus(turn.status), turn.retry_after)
    named = {"X-Conversation-ID": receipt.conversation_id} if turn.names_conversation else {}
    return Reply(HTTPStatus.ACCEPTED, headers=named)


def _turned_away(status: HTTPStatus, retry_after: int) -> Reply:
    reply = error(status, status.name, status.phrase)
    if retry_after:
        reply.headers["Retry-After"] = str(retry_after)
    return reply


def _unauthorized() -> Reply:
    reply = error(HTTPStatus.UNAUTHORIZED, "UNAUTHORIZED", "A valid bearer token is needed.")
    reply.headers["WWW-Authenticate"] = "Bearer"
    return reply


class Handler(http.server.BaseHTTPRequestHandler):
    """Reads one request whole, answers it, and writes a log line without secrets."""

    protocol_version = "HTTP/1.1"
    server_version = "RehearsalAuthority"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = 60
    server: Server

    def do_GET(self) -> None:
        """Any GET."""
        self._answer()

    do_POST = do_PUT = do_DELETE = do_GET

    def _answer(self) -> None:
        reply = self._read_length()
        if reply is None:
            address = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = parse_qs(address.query)
            reply = self._reply_to(Call(self.server.authority, self.command, address.path, query, headers, body))
        self._write(reply)

    def _reply_to(self, call: Call) -> Reply:
        try:
            return answer(call)
        except Exception:
            log.exception("%s %s failed", call.method, call.path)
            return error(HTTPStatus.INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", "The authority failed.")

    def _read_length(self) -> Reply | None:
        """None where the body may be read; otherwise the refusal, after which the connection closes."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not re.fullmatch(r"\d{1,12}", length):
            self.close_connection = True
            return error(HTTPStatus.LENGTH_REQUIRED, "LENGTH_REQUIRED", "Content-Length is needed.")
        if int(length) > LARGEST:
            self._drain(min(int(length), DRAINED))
            self.close_connection = True
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            return error(status, "PAYLOAD_TOO_LARGE", "The body is over 20 MB.")
        return None

    def _drain(self, length: int) -> None:
        while length > 0 and (chunk := self.rfile.read(min(length, 1 << 16))):
            length -= len(chunk)

    def _write(self, reply: Reply) -> None:
        log.info("%s %s %s", self.command, self.path, "dropped" if reply.dropped else int(reply.status))
        if reply.dropped:
            self._drop()
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(reply.body)

    def _drop(self) -> None:
        """The connection is reset: the client learns nothing."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """The line above says it."""
