"""Web processes that take requests whole: a thread works on nothing but what is all there.

gunicorn's threads read a body as it comes, so two hundred senders of a byte a second held every thread. Here the loop
that accepts connections also receives, without waiting for anybody; a request goes to a thread once its last byte is
there. Who is too slow is told 408; who sends nothing is let go; beyond so many at once the one that has been
sending the longest goes. Connections end without the loop waiting for the other side, too.
"""

import contextlib
import json
import socket
import struct
import time
import uuid
from functools import partial
from http import HTTPStatus
from selectors import EVENT_READ
from typing import Any

from gunicorn.http import get_parser
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from portal.intake import PIECE, Intake, Refused
from portal.shedding import Backlog, note_shed, told_overloaded

GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
MOST_INCOMING = 600  # of the worker's thousand connections
WAITING_FOR_A_THREAD = 8  # requests of programs that are handed over though no thread is free yet
LOOK_EVERY = 0.25  # seconds between two looks for those that are late
LINGER = 2.0  # seconds for the other side to read the last answer
SEND_SECONDS = 20  # in which somebody who is answered must take at least a byte


class WholeRequestWorker(ThreadWorker):
    """gunicorn's threaded worker, but for how requests come in and how connections end."""

    def init_process(self) -> None:
        """As a process begins."""
        self.incoming: dict[TConn, Intake] = {}
        self.lingering: dict[TConn, float] = {}
        self._looked_at = 0.0
        self.backlog = Backlog(self.cfg.threads + WAITING_FOR_A_THREAD)
        super().init_process()

    # ---- in ------------------------------------------------------------------------------------
    def accept(self, listener: Any) -> None:
        """A connection is made; nothing of a request is here yet."""
        try:
            ours, client = listener.accept()
        except OSError:
            return  # another process has it, or it is gone already
        self.nr_conns += 1
        with contextlib.suppress(OSError):
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_SECONDS, 0))
        conn = TConn(self.cfg, ours, client, listener.getsockname())
        conn.initialized = True  # its parser is made anew for each request that is whole
        self._receive(conn)

    def _receive(self, conn: TConn, early: bytes = b"") -> None:
        """The next request of a connection begins, perhaps with what came behind the last one."""
        conn.sock.setblocking(False)
        self.incoming[conn] = Intake(self.cfg, conn.client, time.monotonic())
        self.poller.register(conn.sock, EVENT_READ, partial(self._on_bytes, conn))
        if early:
            self._take(conn, early)
        if len(self.incoming) > MOST_INCOMING:
            self._give_up(next(iter(self.incoming)))

    def _on_bytes(self, conn: TConn, _sock: Any) -> None:
        if conn not in self.incoming:
            return  # it went in the same round of events
        try:
            data = conn.sock.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._take(conn, data)
        else:
            self._forget(conn)
            self._end(conn)

    def _take(self, conn: TConn, data: bytes) -> None:
        intake = self.incoming[conn]
        try:
            waited = intake.wants_go_on
            intake.feed(data)
            if intake.whole:
                self._hand_over(conn, intake)
            elif intake.wants_go_on and not waited:
                conn.sock.send(GO_ON)
        except Refused as refused:
            self._refuse(conn, refused)
        except Exception as error:
            self._forget(conn)
            self.handle_error(None, conn.sock, conn.client, error)
            self._say_goodbye(conn)

    def _hand_over(self, conn: TConn, intake: Intake) -> None:
        """The request is whole: a thread works on it, or it is told at once that there is too much."""
        self.poller.unregister(conn.sock)
        del self.incoming[conn]
        conn.sender = intake.sender
        if conn.sender and not self.backlog.takes(conn.sender):
            self._shed(conn, intake)
            return
        conn.intake, conn.parser = intake, get_parser(self.cfg, intake.pieces(), conn.client)
        self.enqueue_req(conn)

    def on_client_socket_readable(self, conn: TConn, client: Any) -> None:
        """A connection that was kept has the next request, or its end."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._receive(conn)

    def _shed(self, conn: TConn, intake: Intake) -> None:
        """503, as the application would say it. The connection goes on where nothing came behind the request."""
        note_shed(intake.path)
        keeps = intake.keeps_open and not intake.rest and self.alive
        headers, body = told_overloaded(uuid.uuid4().hex)
        fields = {**headers, "Content-Length": str(len(body)), "Connection": "keep-alive" if keeps else "close"}
        head = "\r\n".join(["HTTP/1.1 503 Service Unavailable", *(f"{one}: {fields[one]}" for one in fields), "", ""])
        intake.close()
        answer, sent = head.encode() + body, 0
        with contextlib.suppress(OSError):
            sent = conn.sock.send(answer)
        if keeps and sent == len(answer):
            self._keep(conn)
        else:
            self._say_goodbye(conn)

    # ---- out -----------------------------------------------------------------------------------
    def finish_request(self, conn: TConn, fs: Any) -> None:
        """A thread is done with a request: the connection is kept for the next one, or ends."""
        if conn.sender:
            self.backlog.done(conn.sender)
        rest = conn.intake.rest
        conn.intake.close()
        conn.parser = None
        try:
            keep = not fs.cancelled() and bool(fs.result())
        except Exception:
            keep = False
        if not keep:
            self._say_goodbye(conn)
        elif rest:
            self._receive(conn, rest)
        else:
            self._keep(conn)

    def _keep(self, conn: TConn) -> None:
        conn.sock.setblocking(False)
        conn.set_timeout()
        if not self.alive:
            conn.timeout = min(conn.timeout, time.monotonic() + STOP_KEEPALIVE_LINGER)
        self.keepalived_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_client_socket_readable, conn))

    def _give_up(self, conn: TConn) -> None:
        if self.incoming[conn].is_idle:
            self._forget(conn)
            self._end(conn)
        else:
            self._refuse(conn, Refused(408, "The request did not come in time."))

    def _refuse(self, conn: TConn, refused: Refused) -> None:
        """Answered by the server itself; what else is sent is not read."""
        self._forget(conn)
        phrase = HTTPStatus(refused.status).phrase
        said = {"type": "about:blank", "title": phrase, "status": refused.status, "detail": refused.words}
        body = json.dumps(said).encode()
        head = (
            f"HTTP/1.1 {refused.status} {phrase}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        with contextlib.suppress(OSError):
            conn.sock.send(head.encode() + body)
        self._say_goodbye(conn)

    def _forget(self, conn: TConn) -> None:
        """What came of its request is let go."""
        self.incoming.pop(conn).close()
        self.poller.unregister(conn.sock)

    def _say_goodbye(self, conn: TConn) -> None:
        """Nothing more is sent. The other side has a moment to read; closing at once could lose the last answer."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, EVENT_READ, partial(self._on_last_bytes, conn))
        except (OSError, ValueError, KeyError):
            self._end(conn)
        else:
            self.lingering[conn] = time.monotonic() + LINGER

    def _on_last_bytes(self, conn: TConn, _sock: Any) -> None:
        try:
            if conn in self.lingering and conn.sock.recv(PIECE):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._end_lingering(conn)

    def _end_lingering(self, conn: TConn) -> None:
        if self.lingering.pop(conn, None) is not None:
            self.poller.unregister(conn.sock)
            self._end(conn)

    def _end(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Whoever is late is told so, or let go where nothing was sent. Called again and again by the loop."""
        now = time.monotonic()
        if now - self._looked_at < LOOK_EVERY:
            return
        self._looked_at = now
        for conn, intake in list(self.incoming.items()):
            if intake.is_late(now) or (intake.is_idle and not self.alive):
                self._give_up(conn)
        for conn, until in list(self.lingering.items()):
            if now > until:
                self._end_lingering(conn)
