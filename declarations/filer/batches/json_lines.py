"""NDJSON: one declaration a line. Only where each lies is noted here; it is read when it is worked on."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from declarations.decoding import MAX_BYTES, Fault
from declarations.filer.batches.refusing import BatchRefused, too_many
from declarations.services.batch_rows import fault_json
from declarations.services.batches import Row

MOST_LINES = 50_000
MARK = b"\xef\xbb\xbf"


class _Own(msgspec.Struct):
    functional_reference_id: object = None


def rows_of(path: Path) -> Iterator[Row]:
    """Where the declarations lie. Raises BatchRefused, TooManyDeclarations."""
    count, has_object = 0, False
    with path.open("rb") as source:
        start = source.read(4)
        if start.startswith(b"PK\x03\x04") or start[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise BatchRefused("This is not JSON in UTF-8, one declaration a line.")
        offset = len(MARK) if start.startswith(MARK) else 0
        source.seek(offset)
        line = 0
        while raw := source.readline(MAX_BYTES + 2):
            line, begin = line + 1, offset
            offset += len(raw)
            if line > MOST_LINES:
                raise BatchRefused(f"The file has more than {MOST_LINES:,} lines, empty ones included.")
            while not raw.endswith(b"\n") and (more := source.readline(MAX_BYTES)):
                offset += len(more)
                raw = raw[:1] + more[-1:]  # too long to be kept
            if raw.strip():
                count += 1
                too_many(count)
                has_object = has_object or raw.lstrip()[:1] == b"{"
                yield _row(raw, line, begin, offset - begin)
    if count and not has_object:
        raise BatchRefused("This is not JSON, one declaration a line: no line begins with {.")


def _row(raw: bytes, line: int, offset: int, length: int) -> Row:
    if length > MAX_BYTES + 2:
        fault = Fault("DOC-SIZE", "", f"The declaration is larger than {MAX_BYTES:,} bytes.")
        return Row(line, offset, length, "", (fault_json(fault),))
    try:
        own = msgspec.json.decode(raw, type=_Own).functional_reference_id
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        own = None
    return Row(line, offset, length, own if isinstance(own, str) else "")
