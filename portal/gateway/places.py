"""Never all processes of a worker wait for an authority: others have work too.

A worker has one place for sending and one for fetching; one with few processes has a single place for both. Whoever
finds it taken goes away at once: the one within sees to everything that is due, and the schedule comes again. A place
is a lock on a file, so a process that dies gives it back.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import util
from pathlib import Path

SEND, FETCH = "send", "fetch"
SHARED = "both"


@dataclass(frozen=True)
class Pool:
    """The processes (or threads) of one worker."""

    folder: Path
    apart: bool  # one place to send and one to fetch, and a process is left for other work

    @contextmanager
    def place(self, kind: str) -> Iterator[bool]:
        """Whether the place was free; it is the caller's until the end of the block."""
        with (self.folder / (kind if self.apart else SHARED)).open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
            else:
                yield True  # closing the file gives the place back


_pool: Pool | None = None


def make_pool(*, concurrency: int, queues: Iterable[str], own_queue: str) -> Pool:
    """The places of a worker that begins; one that serves our queue alone needs no process for other work."""
    alone = set(queues) == {own_queue}
    folder = Path(tempfile.mkdtemp(prefix="portal-places-"))
    util.Finalize(None, _remove, args=(folder, os.getpid()), exitpriority=0)
    return Pool(folder, apart=concurrency >= (2 if alone else 3))


def begin(pool: Pool | None) -> None:
    """What this process and those that it starts from here on do is done in places of this pool."""
    global _pool
    _pool = pool


@contextmanager
def place(kind: str) -> Iterator[bool]:
    """Whether the place was free. Outside of a worker there is always one."""
    if _pool is None:
        yield True
        return
    with _pool.place(kind) as free:
        yield free


def is_shared() -> bool:
    """True where whoever sends must fetch too, since there is one place for both."""
    return _pool is not None and not _pool.apart


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
