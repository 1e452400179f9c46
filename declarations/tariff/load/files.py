"""Opening a published file: plain or gzip, its digest, its text, its rows."""

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from portal.errors import DomainError

MAX_BYTES = 300_000_000
GZIP = b"\x1f\x8b"


class FileNotUnderstood(DomainError):
    """The file is absent, damaged, or in none of the layouts that are known here."""

    code = "TARIFF_FILE_NOT_UNDERSTOOD"


class Source(NamedTuple):
    """A file as read: its name, the digest of its content, its text, and the folder where files beside it are."""

    name: str
    sha256: str
    text: str
    folder: Path | None = None


def read_source(path: Path) -> Source:
    """The content of a file, unpacked if it is gzip. Raises FileNotUnderstood."""
    try:
        raw = _unpacked(path)
    except (OSError, EOFError, zlib.error) as error:
        raise FileNotUnderstood(f"{path.name} cannot be read: {error}", file=path.name) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    return Source(path.name, hashlib.sha256(raw).hexdigest(), text, path.parent)


def _unpacked(path: Path) -> bytes:
    with path.open("rb") as handle:
        raw = handle.read(MAX_BYTES + 1)
    if raw.startswith(GZIP):
        with gzip.open(io.BytesIO(raw), "rb") as unpacked:
            raw = unpacked.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise FileNotUnderstood(f"{path.name} is larger than {MAX_BYTES:,} bytes.", file=path.name)
    return raw


def csv_rows(source: Source) -> Iterator[dict[str, str]]:
    """Rows of a CSV file with a header row; comment lines before the header are passed over."""
    lines = source.text.lstrip("\ufeff").split("\n")
    start = next((place for place, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines))
    reader = csv.DictReader(io.StringIO("\n".join(lines[start:])))
    for row in reader:
        yield {(name or "").strip(): (value or "").strip() for name, value in row.items() if isinstance(value, str)}


def csv_header(source: Source) -> tuple[str, ...]:
    """The column names of a CSV file."""
    for line in source.text.lstrip("\ufeff").split("\n"):
        if line.strip() and not line.startswith("#"):
            return tuple(one.strip() for one in next(csv.reader([line.strip("\r")])))
    return ()
