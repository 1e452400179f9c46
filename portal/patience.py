"""A database that hangs is told from one that is slow, so that a request ends in time.

A server that crashed resets its connections. One that hangs (stopped, swapped out, cut off without a word) leaves a
client waiting for ever: its own time-outs need it to run. So whoever has waited a while for an answer asks the server,
on a connection of its own, whether it talks at all. Where it does, the statement is slow, and its `statement_timeout`
is the server's business. Where it does not, the wait ends with an OperationalError, which doors answer with 503.
"""

import os
import select
import socket
import time
from typing import Any

import psycopg2
from psycopg2 import extensions

QUIET = 1.5  # seconds without an answer before the server is asked whether it talks
TO_CONNECT = 2.0  # seconds for a new connection to be made
TO_TALK = 1.0
CONNECTED = 0  # libpq's word for it
SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"  # the shortest question of the protocol; one byte is the answer
AWAITED = {extensions.POLL_READ: select.POLLIN, extensions.POLL_WRITE: select.POLLOUT}


class ServerHangs(psycopg2.OperationalError):
    """The database server takes connections and says nothing."""


def watch_connections() -> None:
    """From now on no connection of this process waits for a server that hangs."""
    extensions.set_wait_callback(wait)


def wait(connection: Any) -> None:
    """Wait for the server, as psycopg2 asks it to be done; it closes the connection where this raises ServerHangs."""
    began = time.monotonic()
    while (state := connection.poll()) != extensions.POLL_OK:
        waiting = select.poll()
        waiting.register(connection.fileno(), AWAITED[state])
        if connection.info.status != CONNECTED:
            left = began + TO_CONNECT - time.monotonic()
            if left <= 0 or not waiting.poll(left * 1000):
                raise ServerHangs(f"no connection within {TO_CONNECT} seconds")
        elif not waiting.poll(QUIET * 1000) and not talks(connection):
            raise ServerHangs(f"no answer for {QUIET} seconds, and none to a new connection")


def talks(connection: Any) -> bool:
    """True where the server of this connection answers a new one."""
    try:
        with socket.socket(fileno=os.dup(connection.fileno())) as ours:
            family, address = ours.family, ours.getpeername()
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(TO_TALK)
            probe.connect(address)
            probe.sendall(SSL_REQUEST)
            return probe.recv(1) != b""
    except OSError:
        return False
