"""Who holds a message: a name that tells, on this host, whether its process still lives."""

import os
import socket
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=4)
def _own(pid: int) -> str:
    return f"{socket.gethostname()}/{pid}/{_started(pid)}"


def own_name() -> str:
    """Host, process id and its start, so that a reused process id is another claimant."""
    return _own(os.getpid())


def is_gone(claimant: str) -> bool:
    """True where the claimant was on this host and its process has ended. False where we cannot know."""
    host, _, rest = claimant.partition("/")
    pid, _, started = rest.partition("/")
    if host != socket.gethostname() or not pid.isdigit() or not started:
        return False
    return _started(int(pid)) != started


def _started(pid: int) -> str:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return "" if Path("/proc/self").exists() else "?"
    fields = text.rsplit(")", 1)[-1].split()
    return "" if fields[0] == "Z" else fields[19]
