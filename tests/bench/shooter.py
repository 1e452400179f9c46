"""Sends requests to a server and says how each went: `python -m tests.bench.shooter` with its order on standard input.

A process of its own, so that its work is not counted as the server's. Closed loop: so many connections, each sends when
its answer is there. Open loop: requests leave at random moments at a mean rate, whether or not answers come; their
time runs from the moment they were to leave.
"""

import json
import random
import socket
import sys
import threading
import time
from itertools import accumulate
from queue import SimpleQueue


class Connection:
    """A kept connection; one that was closed is opened again."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), 30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def ask(self, request: bytes) -> int:
        """The status; 0 where there was none."""
        try:
            return self.answer(request)
        except OSError:
            try:
                self.open()
                return self.answer(request)
            except OSError:
                return 0

    def answer(self, request: bytes) -> int:
        self.socket.sendall(request)
        first = self.file.readline()
        if not first:
            raise OSError("closed")
        length, keep = 0, True
        while line := self.file.readline().strip().lower():
            if line.startswith(b"content-length:"):
                length = int(line[15:])
            keep = keep and line != b"connection: close"
        self.file.read(length)
        if not keep:
            self.open()
        return int(first.split()[1])


def requests_of(order: dict) -> list[bytes]:
    """One request for each number, from the templates of the tenants in turn."""
    found = []
    for count in range(order["first"], order["first"] + order["count"]):
        one = order["templates"][count % len(order["templates"])]
        body = one["body"].replace("@OWN@", f"L{count:09d}").encode()
        found.append(
            f"POST {order['path']} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {one['token']}\r\nIdempotency-Key: load-{count}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
    return found


def shoot(order: dict) -> dict:
    """Times in ms and statuses of what was sent within the seconds of the order."""
    waiting: SimpleQueue = SimpleQueue()
    results: list[tuple[float, int]] = []
    late: list[float] = []  # ms after its moment that a request left: the sender's own fault
    requests = requests_of(order)
    start = time.monotonic() + 0.2
    if order["rate"]:
        chance = random.Random(7)
        gaps = (chance.expovariate(order["rate"]) for _ in requests)
        moments = [start + one for one in accumulate(gaps) if one < order["seconds"]]
    else:
        moments = [0.0] * len(requests)
    for moment, request in zip(moments, requests, strict=False):
        waiting.put((moment, request))
    end = start + order["seconds"]

    def work() -> None:
        connection = Connection(order["port"])
        while not waiting.empty():
            moment, request = waiting.get()
            now = time.monotonic()
            if not moment and now >= end:
                return
            if moment > now:
                time.sleep(moment - now)
            left = time.monotonic()
            began = moment or left
            late.append((left - began) * 1000)
            status = connection.ask(request)
            results.append(((time.monotonic() - began) * 1000, status))

    threads = [threading.Thread(target=work, daemon=True) for _ in range(order["connections"])]
    time.sleep(max(0.0, start - time.monotonic()))
    for one in threads:
        one.start()
    for one in threads:
        one.join(order["seconds"] + 60)
    took = time.monotonic() - start
    return {"results": results, "seconds": took, "late": sorted(late)[int(len(late) * 0.99)] if late else 0.0}


if __name__ == "__main__":
    json.dump(shoot(json.load(sys.stdin)), sys.stdout)
