"""The authority behind a line that can be parted: packets vanish, and nobody is told.

Where the machine lets us (root, network namespaces) the authority runs in a namespace of its own and its link is
taken down; elsewhere a proxy stops passing bytes both ways. `way` says which of the two it is.
"""

import contextlib
import os
import subprocess
from collections.abc import Iterator

from tests.support.proxy import Proxy
from tests.support.stack import Stack

NAMESPACE, PROXY = "namespace", "proxy"


class Partition:
    """Put the authority of a stack behind such a line, with `open_partition`."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.own = f"portal{os.getpid()}"
        self.outer, self.inner = f"po{os.getpid() % 100000}", f"pi{os.getpid() % 100000}"
        self.proxy: Proxy | None = None
        self.way = NAMESPACE if self._make_namespace() else PROXY

    def _make_namespace(self) -> bool:
        steps = (
            ["netns", "add", self.own],
            ["link", "add", self.outer, "type", "veth", "peer", "name", self.inner],
            ["link", "set", self.inner, "netns", self.own],
            ["addr", "add", "169.254.213.1/30", "dev", self.outer],
            ["link", "set", self.outer, "up"],
            ["-n", self.own, "addr", "add", "169.254.213.2/30", "dev", self.inner],
            ["-n", self.own, "link", "set", self.inner, "up"],
        )
        made = all(_ip(*step) for step in steps)
        if not made:
            self.remove()
        return made

    def place(self) -> str:
        """The authority stands behind the line; gives the address under which the worker reaches it."""
        if self.way == PROXY:
            self.proxy = Proxy(self.stack.authority_port)
            return f"http://127.0.0.1:{self.proxy.port}"
        self.stack.kill("authority")
        self.stack.authority_host = "169.254.213.2"
        self.stack.before["authority"] = ["ip", "netns", "exec", self.own]
        self.stack.start("authority")
        self.stack.wait_ready()
        return f"http://169.254.213.2:{self.stack.authority_port}"

    def part(self) -> None:
        """From now on nothing passes."""
        if self.proxy:
            self.proxy.parted.set()
        else:
            assert _ip("-n", self.own, "link", "set", self.inner, "down")

    def join(self) -> None:
        """The line is whole again; what was open before may go on or find out."""
        if self.proxy:
            self.proxy.parted.clear()
        else:
            assert _ip("-n", self.own, "link", "set", self.inner, "up")

    def remove(self) -> None:
        """The authority stands where it did before, and nothing is left over."""
        if self.proxy:
            self.proxy.__exit__()
        if self.stack.before.pop("authority", None):
            self.stack.kill("authority")
            self.stack.authority_host = "127.0.0.1"
            self.stack.start("authority")
            self.stack.wait_ready()
        _ip("link", "del", self.outer)
        _ip("netns", "del", self.own)


def _ip(*words: str) -> bool:
    try:
        return subprocess.run(["ip", *words], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def open_partition(stack: Stack) -> Iterator[Partition]:
    """A line for the length of the block."""
    line = Partition(stack)
    try:
        yield line
    finally:
        line.remove()
