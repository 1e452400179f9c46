"""One HTTP request as it comes in, byte by byte, until all of it is there.

The head is read by gunicorn's own parser, so that there is one reading of it. A body in chunks is put together and
given a length; what the sender wants to hear before it sends the body is said at once. A body beyond a megabyte lies
in a temporary file meanwhile.
"""

import re
import tempfile
from collections.abc import Iterator
from typing import Any

from gunicorn.http import get_parser
from gunicorn.http.body import ChunkedReader, LengthReader
from gunicorn.http.errors import NoMoreData, UnsupportedTransferCoding

HEAD_END = b"\r\n\r\n"
MOST_HEAD = 65_536
MOST_BODY = 110_000_000  # a little above what any address takes: each of them refuses in its own words
BATCHES = "/api/v1/batches"  # the one address for programs that takes more than the next
MOST_OF_PROGRAM = 10_000_000  # as the setting DATA_UPLOAD_MAX_MEMORY_SIZE; pages take files beyond it
TOO_LARGE = "The body of the request is too large."
IN_MEMORY = 1_000_000
PIECE = 65_536
HEAD_SECONDS = 10.0
LEAST_RATE = 2_000  # bytes a second, after HEAD_SECONDS
MOST_CHUNK_LINE = 256
MOST_TRAILER = 8_192
TOKEN = re.compile(rb"\r\nauthorization:[ \t]*([^\r\n]{1,400})", re.IGNORECASE)
CLOSES = re.compile(rb"\r\nconnection:[^\r\n]*\bclose\b", re.IGNORECASE)
SIZE = re.compile(rb"[0-9a-fA-F]{1,8}")
NOT_PASSED_ON = (b"transfer-encoding", b"trailer", b"expect", b"content-length")


class Refused(Exception):
    """The request is answered at once and its connection closed."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


class Intake:
    """A request that comes in. `feed` it until it is `whole`; then `pieces` are what an application is given."""

    def __init__(self, cfg: Any, client: Any, now: float) -> None:
        self._cfg, self._client = cfg, client
        self._began = now
        self._received = 0
        self._head = bytearray()
        self._body: tempfile.SpooledTemporaryFile[bytes] | None = None
        self._left = 0  # bytes of a body of known length
        self._chunks: Chunks | None = None
        self.whole = False
        self.wants_go_on = False  # the sender waits for "100 Continue"
        self.rest = b""  # what came behind the request

    @property
    def sender(self) -> str:
        """Whose program asks, as far as the head shows: its token. Blank where it is not the API that is asked."""
        first, _, fields = bytes(self._head).lstrip(b"\r\n").partition(b"\r\n")
        if b" /api/" not in first:
            return ""
        found = TOKEN.search(b"\r\n" + fields)
        return found[1].decode("latin-1") if found else "nobody"

    @property
    def keeps_open(self) -> bool:
        """Whether the sender wants to ask more over this connection."""
        first, _, fields = bytes(self._head).lstrip(b"\r\n").partition(b"\r\n")
        return first.endswith(b"HTTP/1.1") and not CLOSES.search(b"\r\n" + fields)

    @property
    def path(self) -> str:
        """What is asked for, without its query."""
        parts = bytes(self._head).lstrip(b"\r\n").split(b" ", 2)
        return parts[1].partition(b"?")[0].decode("latin-1") if len(parts) > 1 else ""

    @property
    def is_idle(self) -> bool:
        """Nothing has come yet."""
        return not self._received

    def is_late(self, now: float) -> bool:
        """True where the sender takes longer than anybody needs."""
        allowed = HEAD_SECONDS + (self._received / LEAST_RATE if self._body is not None else 0)
        return now > self._began + allowed

    def feed(self, data: bytes) -> None:
        """So many bytes more are here. Raises Refused and what gunicorn raises for a head that it cannot read."""
        self._received += len(data)
        if self._body is None:
            before = max(0, len(self._head) - len(HEAD_END))
            self._head += data
            end = self._head.find(HEAD_END, before)
            if end < 0:
                if len(self._head) > MOST_HEAD:
                    raise Refused(431, "The header of the request is too large.")
                return
            data = bytes(self._head[end + len(HEAD_END) :])
            del self._head[end + len(HEAD_END) :]
            self._read_head()
        self._take(data)

    def _read_head(self) -> None:
        try:
            request = next(get_parser(self._cfg, iter([bytes(self._head)]), self._client))
        except UnsupportedTransferCoding as error:
            raise Refused(400, "The transfer coding is unknown.") from error
        except (NoMoreData, StopIteration) as error:
            raise Refused(400, "The header of the request is cut off.") from error
        self._refuse_what_we_cannot(request)
        self._body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (closed by `close`)
        reader = request.body.reader
        if isinstance(reader, ChunkedReader):
            self._chunks = Chunks()
        elif isinstance(reader, LengthReader):
            self._left = reader.length
            if self._left > MOST_BODY:
                raise Refused(413, TOO_LARGE)
        expected = [value.strip().lower() for name, value in request.headers if name == "EXPECT"]
        self.wants_go_on = expected == ["100-continue"] and (self._chunks is not None or self._left > 0)
        is_program = request.path.startswith("/api/") and request.path != BATCHES
        if self.wants_go_on and is_program and self._left > MOST_OF_PROGRAM:
            raise Refused(413, TOO_LARGE)

    @staticmethod
    def _refuse_what_we_cannot(request: Any) -> None:
        """A body that is packed for the way stays packed here, and a host has to be named (RFC 9112, 3.2 and 6.1)."""
        named = [name for name, _ in request.headers]
        codings = ",".join(value for name, value in request.headers if name == "TRANSFER-ENCODING")
        if {one.strip().lower() for one in codings.split(",")} - {"", "chunked", "identity"}:
            raise Refused(501, "The only transfer coding taken here is chunked.")
        if request.version >= (1, 1) and "HOST" not in named:
            raise Refused(400, "The request does not name a host.")

    def _take(self, data: bytes) -> None:
        if self._body is None:
            raise RuntimeError("a body before its head")
        if self._chunks is not None:
            self._body.write(self._chunks.feed(data))
            if self._body.tell() > MOST_BODY:
                raise Refused(413, TOO_LARGE)
            self.whole, self.rest = self._chunks.done, self._chunks.rest
            return
        self._body.write(data[: self._left])
        self.rest = data[self._left :]
        self._left -= len(data) - len(self.rest)
        self.whole = self._left == 0

    def pieces(self) -> Iterator[bytes]:
        """Head and body, once the request is whole."""
        if self._body is None or not self.whole:
            raise RuntimeError("not all of the request is here")
        length = self._body.tell()
        self._body.seek(0)
        yield self._head_as_passed_on(length)
        while piece := self._body.read(PIECE):
            yield piece

    def _head_as_passed_on(self, length: int) -> bytes:
        """As it came, but for what is over by now: chunks have become a length, and the wish to go on is met."""
        if self._chunks is None and not self.wants_go_on:
            return bytes(self._head)
        first, *lines = bytes(self._head).removesuffix(HEAD_END).lstrip(b"\r\n").split(b"\r\n")
        kept = [line for line in lines if line.partition(b":")[0].lower() not in NOT_PASSED_ON]
        return b"\r\n".join([first, *kept, b"Content-Length: %d" % length]) + HEAD_END

    def close(self) -> None:
        """What was kept of the request is let go."""
        if self._body is not None:
            self._body.close()


class Chunks:
    """A body in chunks (RFC 9112, 7.1), put together."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._left = 0
        self._at_data_end = self._in_trailer = False
        self._trailer = 0
        self.done = False
        self.rest = b""

    def feed(self, data: bytes) -> bytes:
        """What these bytes add to the body. Raises Refused."""
        self._waiting += data
        found = bytearray()
        while not self.done:
            if self._left:
                piece = self._waiting[: self._left]
                if not piece:
                    break
                found += piece
                del self._waiting[: len(piece)]
                self._left -= len(piece)
                self._at_data_end = self._left == 0
                continue
            line = self._line()
            if line is None:
                break
            self._read_line(line)
        return bytes(found)

    def _line(self) -> bytes | None:
        end = self._waiting.find(b"\r\n", 0, MOST_CHUNK_LINE + 2)
        if end >= 0:
            line = bytes(self._waiting[:end])
            del self._waiting[: end + 2]
            return line
        if len(self._waiting) > MOST_CHUNK_LINE or (self._at_data_end and len(self._waiting) > 1):
            raise Refused(400, "The chunks of the body are damaged.")
        return None

    def _read_line(self, line: bytes) -> None:
        if self._at_data_end:
            self._at_data_end = False
            if line:
                raise Refused(400, "The chunks of the body are damaged.")
        elif self._in_trailer:
            self._trailer += len(line)
            if self._trailer > MOST_TRAILER:
                raise Refused(431, "The trailer of the body is too large.")
            if not line:
                self.done, self.rest = True, bytes(self._waiting)
        else:
            size = line.partition(b";")[0].strip(b" \t")
            if not SIZE.fullmatch(size):
                raise Refused(400, "The chunks of the body are damaged.")
            self._left = int(size, 16)
            self._in_trailer = self._left == 0
