"""A line that breaks: a TCP proxy on loopback which can swallow what comes back, say nothing at all, or cut all connections."""

import contextlib
import select
import socket
import struct
import threading
import time

PIECE = 65_536
RESET = struct.pack("ii", 1, 0)  # SO_LINGER without time: closing sends RST
GLANCE = 0.02  # seconds between two looks at whether to cut


class Proxy:
    """Passes connections on to a port. Answers are lost while `swallow` is set; `cut` resets what is open.

    While `parted` is set nothing passes either way and nobody is told: no answer, no reset, no end.
    """

    def __init__(self, port):
        self.target = ("127.0.0.1", port)
        self.swallow, self.parted = threading.Event(), threading.Event()
        self.cuts = self.swallowed = self.era = 0
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed = True
        self.door.close()
        self.cut()

    def cut(self):
        """Every connection that is open now is reset, on both sides."""
        self.era += 1

    def _accept(self):
        while not self.closed:
            try:
                ours, _ = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(ours,), daemon=True).start()

    def _pass_on(self, ours):
        era = self.era
        while self.parted.is_set() and era == self.era:
            time.sleep(GLANCE)
        try:
            theirs = socket.create_connection(self.target, 5)
        except OSError:
            self._reset(ours)
            return
        while era == self.era:
            if self.parted.is_set():
                time.sleep(GLANCE)
                continue
            try:
                ready, _, _ = select.select([ours, theirs], [], [], GLANCE)
                for one in ready:
                    piece = one.recv(PIECE)
                    if not piece:
                        ours.close()
                        theirs.close()
                        return
                    if one is theirs and self.swallow.is_set():
                        self.swallowed += 1
                    else:
                        (ours if one is theirs else theirs).sendall(piece)
            except OSError:
                break
        else:
            self.cuts += 1
        self._reset(ours)
        self._reset(theirs)

    def _reset(self, end):
        with contextlib.suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        end.close()
