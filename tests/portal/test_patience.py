"""Waiting for a database: a slow one is waited for, one that hangs is not."""

import select
import socket
import threading
import time
from contextlib import closing
from types import SimpleNamespace

import psycopg2
import pytest
from psycopg2 import extensions

from portal import patience


class Server:
    """Listens; answers the question whether it talks, or says nothing at all."""

    def __init__(self, *, talks):
        self.door = socket.create_server(("127.0.0.1", 0))
        self.asked = []
        self.thread = threading.Thread(target=self.answer, daemon=True)
        if talks:
            self.thread.start()

    def answer(self):
        waiting = []  # connections that ask nothing stay open
        while True:
            ours, _ = self.door.accept()
            if select.select([ours], [], [], 0.05)[0]:
                with ours:
                    if (question := ours.recv(8)) == b"end":
                        break
                    self.asked.append(question)
                    ours.sendall(b"N")
            else:
                waiting.append(ours)
        for one in waiting:
            one.close()

    def close(self):
        if self.thread.is_alive():
            with socket.create_connection(self.door.getsockname()) as last:
                last.sendall(b"end")
                self.thread.join(5)
        self.door.close()


class Connection:
    """What psycopg2 hands over while a statement is at work: ready once the answer is there."""

    info = SimpleNamespace(status=patience.CONNECTED)

    def __init__(self, server, after=None):
        self.socket = socket.create_connection(server.door.getsockname())
        self.ready = time.monotonic() + after if after else None

    def fileno(self):
        return self.socket.fileno()

    def poll(self):
        over = self.ready is not None and time.monotonic() >= self.ready
        return extensions.POLL_OK if over else extensions.POLL_READ

    def close(self):
        self.socket.close()


@pytest.fixture(autouse=True)
def _hurry(monkeypatch):
    for name in ("QUIET", "TO_CONNECT", "TO_TALK"):
        monkeypatch.setattr(patience, name, 0.1)


@pytest.fixture
def watched():
    before = extensions.get_wait_callback()
    patience.watch_connections()
    yield
    extensions.set_wait_callback(before)


def test_a_slow_answer_of_a_server_that_talks_is_waited_for():
    with closing(Server(talks=True)) as server, closing(Connection(server, after=0.5)) as connection:
        patience.wait(connection)
        assert time.monotonic() >= connection.ready
        assert len(server.asked) >= 2 and set(server.asked) == {patience.SSL_REQUEST}


def test_a_server_that_says_nothing_is_not_waited_for():
    with closing(Server(talks=False)) as server, closing(Connection(server)) as connection:
        began = time.monotonic()
        with pytest.raises(patience.ServerHangs):
            patience.wait(connection)
        assert 0.1 < time.monotonic() - began < 2


def test_a_connection_that_is_never_made_ends_as_an_error_of_the_database(watched):
    with closing(Server(talks=False)) as server:
        began, (_, port) = time.monotonic(), server.door.getsockname()
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(host="127.0.0.1", port=port, dbname="none", user="nobody", connect_timeout=30)
        assert time.monotonic() - began < 2
