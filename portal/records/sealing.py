"""Files that are sealed piece by piece, so that none is ever whole in memory, and read from any place in them."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from portal import keys, personal

PIECE = 65_536
_ADDED = keys.NONCE_BYTES + 16  # of each piece: nonce and tag
_OVERLAP = 64  # longer than any number: one that lies across two pieces is seen


def file_holds_personal(path: Path) -> bool:
    """True where the file holds a personal number."""
    with path.open("rb") as handle:
        return stream_holds_personal(handle)


def stream_holds_personal(handle: IO[bytes]) -> bool:
    """True where what is still to be read holds a personal number."""
    tail = b""
    while piece := handle.read(PIECE):
        if personal.holds_personal(tail + piece):
            return True
        tail = piece[-_OVERLAP:]
    return False


def sealed_pieces(handle: IO[bytes], sha256: str) -> Iterator[tuple[str, bytes]]:
    """Key id and sealed bytes of each piece, bound to the whole's digest and to its place in it."""
    place = 0
    while piece := handle.read(PIECE):
        yield keys.seal_bytes(personal.PURPOSE, piece, place=_place(sha256, place))
        place += 1


class SealedFile(io.RawIOBase):
    """The bytes of a sealed file, opened a piece at a time."""

    def __init__(self, handle: IO[bytes], *, key_id: str, sha256: str, size: int) -> None:
        self._handle, self._key_id, self._sha256, self._size = handle, key_id, sha256, size
        self._at, self._held, self._piece = 0, -1, b""

    def readable(self) -> bool:
        """It is read only."""
        return True

    def seekable(self) -> bool:
        """It may be read from any place."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """The next byte is this one."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]  # what io gives it
        """Bytes of the piece in which the next one lies."""
        number, start = divmod(self._at, PIECE)
        if self._at >= self._size:
            return 0
        if number != self._held:
            self._handle.seek(number * (PIECE + _ADDED))
            raw = self._handle.read(PIECE + _ADDED)
            self._piece = keys.unseal_bytes(self._key_id, raw, place=_place(self._sha256, number))
            self._held = number
        found = self._piece[start : start + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def close(self) -> None:
        """Nothing is held any more."""
        self._handle.close()
        super().close()


def _place(sha256: str, number: int) -> bytes:
    return f"{sha256}/{number}".encode()
